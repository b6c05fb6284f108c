"""Black start: the first frame, which stands in the feed before the video plays, is black."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

BLACK, DEVICE = "aes.tech.black", "narr.hook.visual_device"


@rules.register(
    "black_start",
    card=Card(
        summary="The first frame is black.",
        source="own; `aes.tech.black`",
    ),
)
class BlackStart:
    """Finds black from the first frame on."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        if case.board.media.video is None:
            return
        dark = [unit for unit in case.said(BLACK) if unit.label == "true"]
        dark += [unit for unit in case.said(DEVICE) if unit.label == "black_start"]
        first = [unit for unit in dark if unit.span.start_s <= case.whole.start_s]
        if first:
            longest = max(first, key=lambda unit: (unit.span.end_s, unit.id))
            yield case.finding(
                f"the video begins with {longest.span.duration_s:.2f} s of black", "begin with a picture",
                longest, *first,
            )  # fmt: skip
        elif not case.examined("luma", "aesthetics.technical", BLACK):
            hint = "analyze the video with the parser aesthetics.technical"
            yield case.unjudged("whether the first frame is black", hint, BLACK, stages=("luma",))
