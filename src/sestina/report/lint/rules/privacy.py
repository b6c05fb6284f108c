"""Privacy: a telephone number, an address or a plate that can be read."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

FACET = "diss.safety.pii_visible"


@rules.register(
    "privacy",
    card=Card(
        summary="A personal datum can be read on screen.",
        source="own; `diss.safety.pii_visible`",
    ),
)
class Privacy:
    """Passes on every personal datum that was read; the message does not repeat it."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield every one, or that no text was read."""
        for unit in case.said(FACET):
            yield case.finding(f"a personal datum ({unit.label}) can be read", "blur it if it is not meant", unit)
        if case.board.media.video is not None and not case.examined("ocr", FACET, "diss.overlay"):
            again = "analyze the video without skipping ocr"
            yield case.unjudged("whether personal data can be read; no text was read", again, FACET, stages=("ocr",))
