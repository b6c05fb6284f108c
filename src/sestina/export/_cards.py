"""What a storyboard sheet says, a card a shot: time code, the edit that begins it, and labels by dimension."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sestina.core import vocabulary
from sestina.core.storyboard import DIMENSIONS, Storyboard, Unit
from sestina.core.time import Span
from sestina.export._conform import Conformed
from sestina.export._pieces import BEATS, Piece

SHOWN_ELSEWHERE = ("edit.shot", "edit.transition", BEATS)
Labels = list[tuple[str, str]]


@dataclass(kw_only=True)
class Card:
    """What stands on one card.

    Args:
        title: number and time code of the first frame.
        length: how long it lasts.
        edit: the edit that begins it, "" where none was recognised.
        labels: dimension and what it says, in the order of the dimensions.
    """

    title: str
    length: str = ""
    edit: str = ""
    labels: Labels = field(default_factory=list)


def cards(board: Storyboard, parts: Sequence[Piece], conformed: Conformed) -> list[Card]:
    """Return the cards of a board's parts, which are in order and apart.

    A label stands on every part that it shares at least half of its time with, or half of the part's. Numbers,
    instants and what is not so (`false`) are left out: a card has room for what describes it.
    """
    starts, ends = [part.span.start_s for part in parts], [part.span.end_s for part in parts]
    found = [
        Card(title=f"{n}  {conformed.code(conformed.frame(part.span.start_s))}", length=f"{part.span.duration_s:.2f} s")
        for n, part in enumerate(parts, 1)
    ]
    said: list[dict[str, list[Unit]]] = [{} for _ in parts]
    for unit in board.items:
        if unit.status == "abstain" or unit.level == "video":
            continue
        if unit.facet == "edit.transition":
            number = bisect_left(starts, unit.span.start_s)
            if number < len(starts) and starts[number] <= unit.span.end_s:
                found[number].edit = _edit(unit)
        elif unit.facet not in SHOWN_ELSEWHERE and _describes(unit):
            last = bisect_right(starts, unit.span.end_s)
            for number in range(bisect_left(ends, unit.span.start_s), last):
                if _shares(unit.span, parts[number].span):
                    said[number].setdefault(unit.dimension, []).append(unit)
    order = {facet.id: n for n, facet in enumerate(vocabulary.facets())}
    for card, units in zip(found, said, strict=True):
        card.labels = [(dimension, _said(units[dimension], order)) for dimension in DIMENSIONS if dimension in units]
    return found


def _describes(unit: Unit) -> bool:
    return not unit.span.is_instant and unit.label != "false" and (unit.label or unit.text) is not None


def _shares(unit: Span, part: Span) -> bool:
    if not unit.overlaps(part):
        return False
    return unit.overlap_s(part) * 2 >= min(unit.duration_s, part.duration_s)


def _edit(unit: Unit) -> str:
    lasts = "" if unit.span.is_instant else f", {unit.span.duration_s:.2f} s"
    return f"{unit.claim.replace('_', ' ')}{lasts}"


def _said(units: Sequence[Unit], order: Mapping[str, int]) -> str:
    """Return what units of one dimension say, each once, in the order of the vocabulary."""
    ranked = sorted(units, key=lambda unit: (order.get(unit.facet, len(order)), unit.span.start_s))
    return " · ".join(dict.fromkeys(map(_claim, ranked)))


def _claim(unit: Unit) -> str:
    name = unit.facet.partition(".")[2].replace("_", " ").replace(".", " ")
    if unit.label is None:
        return f"“{unit.text}”"
    return name if unit.label == "true" else f"{name}: {unit.label.replace('_', ' ')}"
