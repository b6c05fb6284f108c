"""Readability: what stands on the screen and cannot be read in the time, at the size, before that background."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.evidence import MetricEvidence
from sestina.core.storyboard import Unit
from sestina.report.lint.case import Case, quoted
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

SOURCE = "`diss.readability.issues`: WCAG 2.2 for contrast, subtitle guidelines for pace and length"
HARD = {
    "too_small": "make the letters larger",
    "low_contrast": "darken what lies behind, or give the letters an outline or a box",
    "too_fast": "let it stand longer, or say less",
    "clipped_at_edge": "move it away from the edge",
    "covers_face": "move it off the face",
    "covers_product": "move it off the product",
    "overlapping_text": "let one text go before the other comes, or move it",
    "flashing": "let it stand still",
}
"""Issues that keep a viewer from reading, or from seeing what matters, and what to do about each."""
SOFT = {
    "too_long": "break it into shorter lines",
    "busy_background": "give the letters a box, or blur what lies behind",
    "moving_text": "let it stand still while it is read",
    "out_of_sync": "bring it on with the words it repeats",
    "typo_mismatch": "compare it with what is said",
}


class _Issues:
    """Finds overlays with an issue of a table."""

    table: dict[str, str]

    def found(self, case: Case) -> Iterator[Finding]:
        """Yield one finding an issue and overlay."""
        quotes = {_place(unit): unit for unit in case.said("diss.overlay.text", "diss.overlay.kind") if unit.text}
        for unit in case.said("diss.readability.issues"):
            if unit.label in self.table:
                name, numbers = quotes.get(_place(unit)), "; ".join(_numbers(unit))
                what = f"{quoted(name) if name else 'a text'} is {unit.label.replace('_', ' ')}"
                message = what.replace(" is covers ", " covers ") + (f": {numbers}" if numbers else "")
                yield case.finding(message, self.table[unit.label], unit)


@rules.register(
    "readability",
    card=Card(
        summary="A text is too small, too faint, too brief, cut off or in the way.",
        source=SOURCE,
    ),
)
class Hard(_Issues):
    """Finds texts that cannot be read, and overlays whose legibility nobody measured."""

    severity: Severity = "warning"
    table = HARD

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield the issues, then what was not measured."""
        yield from self.found(case)
        if case.board.media.video is not None and not case.examined("ocr", "diss.overlay"):
            yield case.unjudged(
                "whether the texts can be read; none was read", "analyze the video without skipping ocr",
                "diss.overlay", stages=("ocr",),
            )  # fmt: skip
        measured = {_place(unit) for unit in case.said("diss.readability", "diss.readability.issues", *NUMBERS)}
        written = [unit for unit in case.said("diss.overlay") if unit.label == "overlay_text"]
        missed = [unit for unit in written if _place(unit) not in measured]
        if missed:
            yield case.unjudged(
                f"whether {len(missed)} of {len(written)} texts can be read; their legibility was not measured",
                "analyze the video with the parser dissemination.readability", units=missed,
            )  # fmt: skip


@rules.register(
    "readability-minor",
    card=Card(
        summary="A text is long, busy behind, moving, late or misspelt.",
        source=SOURCE,
    ),
)
class Soft(_Issues):
    """Finds texts that are harder to read than they need be."""

    severity: Severity = "note"
    table = SOFT

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield the issues; `readability` says what was not measured."""
        yield from self.found(case)


NUMBERS = tuple(f"diss.readability.{name}" for name in ("cap_height", "contrast", "chars_per_s", "line_chars"))


def _place(unit: Unit) -> tuple[object, ...]:
    return unit.span.start_s, unit.span.end_s, unit.region and unit.region.box


def _numbers(unit: Unit) -> Iterator[str]:
    """Yield the measured numbers with the limits that they break."""
    for item in unit.evidence:
        if isinstance(item, MetricEvidence):
            limit = "at least" if item.op in ("<", "<=") else "at most"
            name = item.signal.rpartition(".")[2].replace("_", " ")
            yield f"{name} {item.value:.3g} {item.unit}".rstrip() + f", {limit} {item.threshold:g}"
