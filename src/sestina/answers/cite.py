"""Citations, each opened again: is the unit there, is the quote said or shown then, is there such a frame or place?

A citation is verified when it names something and everything it names is there and agrees about the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from sestina.core.exchange import Citation
from sestina.core.invariants import normalised
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span

SLACK_S = 0.25
"""How far a cited time may reach beyond the true one, seconds."""
REACH_S = 60.0
"""How far around a cited time its quote is looked for, seconds."""
LEAST_IOU = 0.5
"""Intersection over union from which on two stretches are one and the same."""


def verified(citation: Citation, board: Storyboard) -> Citation:
    """Return the citation with `verified` and `why` as the storyboard bears it out."""
    named = [check for name, check in CHECKS.items() if getattr(citation, name) is not None]
    if not named:
        return replace(citation, verified=False, why="it names nothing")
    found = [check(citation, board) for check in named]
    wrong = [why for holds, why in found if not holds]
    return replace(citation, verified=not wrong, why="; ".join(wrong or [why for _, why in found]))


Verdict = tuple[bool, str]


def _unit(citation: Citation, board: Storyboard) -> Verdict:
    try:
        unit = board[citation.unit or ""]
    except KeyError:
        return False, f"there is no unit {citation.unit!r}"
    if unit.status == "abstain":
        return False, f"{unit.id} makes no decision"
    if citation.span is not None and not _agrees(citation.span, unit.span):
        return False, f"{unit.id} holds {unit.span.start_s:g}..{unit.span.end_s:g} s, not then"
    if citation.frame_s is not None and not _agrees(Span.at(citation.frame_s), unit.span):
        return False, f"{unit.id} holds {unit.span.start_s:g}..{unit.span.end_s:g} s, not at that frame"
    return True, f"{unit.id} says {unit.facet} {unit.claim}"


def _span(citation: Citation, board: Storyboard) -> Verdict:
    span, whole = citation.span, board.media.span
    if span is not None and whole.covers(span):
        return True, "inside the video"
    return False, f"outside the video, which spans {whole.start_s:g}..{whole.end_s:g} s"


def _frame(citation: Citation, board: Storyboard) -> Verdict:
    table, at_s = board.media.frame_table(), citation.frame_s
    if table is None or at_s is None or not math.isfinite(at_s) or not board.media.span.contains(at_s):
        return False, "there is no frame at that time"
    return True, f"frame {table.index_at(at_s)}"


def _quote(citation: Citation, board: Storyboard) -> Verdict:
    quote = normalised(citation.quote or "")
    if not quote:
        return False, "the quote has no words"
    near = citation.span if citation.span is not None else None
    if citation.source in ("speech", "") and _spoken(quote, board, near):
        return True, "said"
    if citation.source in ("screen", "") and _shown(quote, board, near):
        return True, "on screen"
    where = {"speech": "said", "screen": "shown"}.get(citation.source, "said or shown")
    return False, f"not {where}{' then' if near is not None else ''}: {citation.quote!r}"


def _spoken(quote: str, board: Storyboard, near: Span | None) -> bool:
    wanted = quote.split()
    words = board.transcript.words
    if near is not None:
        words = tuple(word for word in words if abs(word.start_s - near.middle_s) <= near.duration_s / 2 + REACH_S)
    flat = [(part, word) for word in words for part in normalised(word.text).split()]
    for first in range(len(flat) - len(wanted) + 1):
        part = flat[first : first + len(wanted)]
        said = Span.of(part[0][1].start_s, max(part[0][1].start_s, part[-1][1].end_s))
        if [text for text, _ in part] == wanted and (near is None or _inside(said, near) or _agrees(near, said)):
            return True
    return False


def _shown(quote: str, board: Storyboard, near: Span | None) -> bool:
    texts = (one for one in board.transcript.screen if f" {quote} " in f" {normalised(one.text)} ")
    return any(near is None or _agrees(near, one.span) for one in texts)


def _agrees(cited: Span, true: Span) -> bool:
    """Return whether a cited time is part of the true one, or nearly the same; all of a video cites nothing."""
    return _inside(cited, true) or cited.iou(true) >= LEAST_IOU


def _inside(part: Span, whole: Span) -> bool:
    return whole.start_s - SLACK_S <= part.start_s and part.end_s <= whole.end_s + SLACK_S


def _box(citation: Citation, board: Storyboard) -> Verdict:
    box = citation.box
    inside = box is not None and box.x >= 0 and box.y >= 0 and box.x + box.w <= 1.00002 and box.y + box.h <= 1.00002
    return inside, "inside the picture" if inside else "outside the picture"


CHECKS: dict[str, Callable[[Citation, Storyboard], Verdict]] = {
    "unit": _unit, "span": _span, "frame_s": _frame, "quote": _quote, "box": _box,
}  # fmt: skip
"""What a citation may name to the check of it."""
