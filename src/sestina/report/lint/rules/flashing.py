"""Flashing: what may set off a seizure in a photosensitive viewer."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

FACET = "diss.safety.photosensitive_flash"


@rules.register(
    "flashing",
    card=Card(
        summary="More than three flashes a second over a quarter of the picture.",
        source="WCAG 2.2 success criterion 2.3.1; ITU-R BT.1702-3 (2023)",
    ),
)
class Flashing:
    """Passes on every run of dangerous flashing."""

    severity: Severity = "error"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield every run, or that nobody measured."""
        for unit in case.said(FACET):
            colour = "red " if unit.label == "red" else ""
            yield case.finding(
                f"the picture flashes {colour}more than three times a second for {unit.span.duration_s:.1f} s",
                "slow the flashes down, shrink them, or lower their contrast", unit,
            )  # fmt: skip
        if case.board.media.video is not None and not case.examined("flash", "dissemination.flash", FACET):
            hint = "analyze the video with the parser dissemination.flash"
            yield case.unjudged("whether the picture flashes", hint, FACET, stages=("flash",))
