"""Length: shorter or longer than the platform takes."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules


@rules.register(
    "length",
    card=Card(
        summary="The video is shorter or longer than the platform takes.",
        source="`length_s` of the profile",
    ),
)
class Length:
    """Compares the video's length with the profile's limits."""

    severity: Severity = "error"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        length_s, limit = case.board.media.duration_s, case.profile.length_s
        units = case.said("diss.duration_class")
        if length_s <= 0:
            yield case.unjudged("the length; the file does not say it", "analyze the video again", units=units)
        elif length_s < limit.min:
            yield case.finding(
                f"the video lasts {length_s:.3g} s, at least {limit.min:g} s are asked for",
                "add to it, or slow it down", *units, span=case.whole,
            )  # fmt: skip
        elif length_s > limit.max:
            yield case.finding(
                f"the video lasts {length_s:.5g} s, at most {limit.max:g} s are taken", "cut it, or post it in parts",
                *units, span=case.whole,
            )  # fmt: skip
