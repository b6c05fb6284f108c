"""Disclosure: something is sold, and nothing on screen says that it is advertising."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.storyboard import Unit
from sestina.report.lint.case import Case, quoted
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

FACET, KIND, TARGET = "diss.safety.disclosure", "diss.overlay.kind", "diss.cta.target"
TELLING = ("ad_disclosure", "paid_partnership")
OFFERS = ("price_tag", "discount", "offer_code")
BUYING = ("shop_buy", "use_code", "sign_up", "download", "visit_store")
"""Requests that somebody may be paid for; a request to follow or to comment is nobody's sale."""
SOURCE = "FTC 16 CFR Part 255 (2023) and Directive 2005/29/EC ask for it where a post is paid for"
HINT = "if anybody pays for this, write it on the picture and switch on the platform's own label"


@rules.register(
    "disclosure",
    card=Card(
        summary="A price, an offer or a request to buy, and no word of advertising.",
        source=SOURCE,
        deviations="whether anybody pays cannot be seen",
    ),
)
class Disclosure:
    """Finds sales without a disclosure; where no text was read and none was found, says that nobody knows."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        if _told(case) or any(unit.label == "missing_when_sponsored" for unit in case.said(FACET)):
            return
        sales = [unit for unit in case.said(KIND) if unit.label in OFFERS]
        sales += [unit for unit in case.said(TARGET) if unit.label in BUYING]
        if sales and case.examined("ocr", KIND):
            first = min(sales, key=lambda unit: (unit.span.start_s, unit.id))
            rest = [unit for unit in sales if unit is not first]
            what = quoted(first) if first.text else f"a request ({str(first.label).replace('_', ' ')})"
            brands = case.said("diss.brand.total_on_screen_s", "diss.brand.mentions")
            name = next((str(unit.attributes["name"]) for unit in brands if "name" in unit.attributes), "")
            by = f" beside the name “{name}”" if name else ""
            yield case.finding(f"{what}{by}, and no word of advertising or partnership", HINT, first, *rest, *brands)
        elif not case.examined("ocr", KIND):
            yield case.unjudged(
                "whether advertising is disclosed; no text was read", "analyze the video without skipping ocr",
                FACET, stages=("ocr",), units=sales,
            )  # fmt: skip


@rules.register(
    "disclosure-missing",
    card=Card(
        summary="The post is known to be paid for, and nothing says so.",
        source=SOURCE,
    ),
)
class Missing:
    """Passes on what a person or a model found: sponsored, and not disclosed."""

    severity: Severity = "error"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield what was found."""
        for unit in case.said(FACET):
            if unit.label == "missing_when_sponsored":
                yield case.finding("the post is sponsored and does not say so", HINT, unit, span=case.whole)


def _told(case: Case) -> list[Unit]:
    """Return the units that disclose."""
    written = [unit for unit in case.said(KIND) if unit.label in TELLING]
    return written + [unit for unit in case.said(FACET) if unit.label == "present"]
