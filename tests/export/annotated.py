"""A storyboard with everything annotation tools carry: tracks, texts, numbers, and facts of the whole video."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from tests.export.boards import CUTS, HOSTILE, board, unit

KEYS = (10, 20, 40)
"""Frames in which the walking person of `annotated` was seen, of 48 that the shot lasts."""
BOXES = (Box(x=0.1, y=0.2, w=0.2, h=0.5), Box(x=0.3, y=0.2, w=0.2, h=0.5), Box(x=0.5, y=0.3, w=0.1, h=0.25))
TITLE = Box(x=0.12345, y=0.05432, w=0.33333, h=0.11111)


def annotated(rate: Fraction = Fraction(30), *, text: str = HOSTILE, **facts: Any) -> Storyboard:
    """Return `board` with a person who walks, a title, a topic, what is heard, and facts of the whole video."""
    one = board(rate, **facts)
    info = one.media
    at = [info.frame_table().time_s(frame) for frame in range(CUTS[-1])]  # type: ignore[union-attr]  # it has video
    track = tuple(BoxAt(at_s=at[frame], box=box) for frame, box in zip(KEYS, BOXES, strict=True))
    outer = BOXES[0].union(BOXES[1]).union(BOXES[2])
    shot = Span.of(at[0], at[48])
    more = [
        unit("p0", "subject.kind", shot, label="person", level="shot", region=Region(box=outer, track=track)),
        unit("x0/7f#a", "diss.overlay.text", Span.of(at[50], at[90]), text=text, level="overlay",
             region=Region(box=TITLE)),
        unit("c0", "narr.claim", Span.of(at[100], at[120]), text=text),
        unit("v0", "aes.light.key", Span.of(at[48], at[97]), label="mid", level="shot", value=0.1 + 0.2),
        unit("h0", "diss.context.hashtags", info.span, text="#one", level="video"),
        unit("h1", "diss.context.hashtags", info.span, text="#two", level="video"),
        unit("w0", "diss.resolution.width", info.span, value=1280.0, level="video"),
        unit("q0", "edit.audio", Span.of(at[60] + 0.0071, at[70] + 0.0093), status="abstain",
             evidence=(), reason="not heard"),
        unit("e0", "narr.persuasion", Span.of(at[60] + 0.0071, at[70] + 0.0093), label="scarcity"),
    ]  # fmt: skip
    return one.model_copy(update={"items": (*one.items, *more)}).canonical()
