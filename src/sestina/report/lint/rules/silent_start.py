"""Silent start: the first sound comes late, or none comes at all."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.time import Span
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

FACET = "diss.silent_start"
LATEST_S = 0.5
"""A choice, not a measurement: half a second of silence is heard as a pause, less as an attack."""


@rules.register(
    "silent_start",
    card=Card(
        summary="Nothing is heard in the first half second, or at all.",
        source="own; `diss.silent_start`",
    ),
)
class SilentStart:
    """Compares the time of the first sound with what passes unnoticed."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        hint, whole = "let sound begin with the picture", case.whole
        unit, silent = case.value(FACET), [unit for unit in case.said("diss.sound") if unit.label == "silent"]
        if case.board.media.audio is None:
            yield case.finding("the video has no sound", "add speech or music", *silent, span=whole)
        elif silent:
            yield case.finding("nothing is heard in the whole video", hint, *silent, span=whole)
        elif unit is None or unit.value is None:
            again = "analyze the video with the parser dissemination.sound"
            yield case.unjudged("when the first sound comes", again, FACET, stages=("loudness",))
        elif unit.value > LATEST_S:
            before = Span.of(whole.start_s, min(whole.end_s, whole.start_s + unit.value))
            yield case.finding(f"the first sound comes after {unit.value:.2f} s of silence", hint, unit, span=before)
