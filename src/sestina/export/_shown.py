"""What is written on the screen: each text with its stretch and place, and which texts show together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sestina.core.evidence import Region
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._cues import milliseconds
from sestina.export._wrap import clean

FACET = "diss.overlay.text"
SAME_PLACE = 0.5
"""Boxes whose intersection over union is larger hold the same text."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One text on the screen, its lines joined by line feeds; `unit` is None for a text read but not yet a unit."""

    text: str
    span: Span
    region: Region | None
    unit: Unit | None
    id: str

    @property
    def line(self) -> str:
        """The text on one line."""
        return self.text.replace("\n", " ")


def shown(board: Storyboard) -> tuple[Shown, ...]:
    """Return the texts on the screen: units of `diss.overlay.text`, and what was read where no unit says it."""
    units = [unit for unit in board.units(facet=FACET) if unit.text is not None]
    found = [Shown(text=unit.text or "", span=unit.span, region=unit.region, unit=unit, id=unit.id) for unit in units]
    if all(unit.status == "human" for unit in units):  # the parser that makes units of every text has not run
        found += [
            Shown(text=text.text, span=text.span, region=text.region, unit=None, id=text.id)
            for text in board.transcript.screen
            if not any(_replaces(unit, text.span, text.region) for unit in units)
        ]
    lines = [(one, "\n".join(clean(one.text))) for one in found]
    kept = [
        Shown(text=text, span=one.span, region=one.region, unit=one.unit, id=one.id) for one, text in lines if text
    ]
    return tuple(sorted(kept, key=lambda one: (one.span.start_s, one.span.end_s, _place(one), one.id)))


def _replaces(unit: Unit, span: Span, region: Region) -> bool:
    return unit.span.overlaps(span) and (unit.region is None or unit.region.box.iou(region.box) > SAME_PLACE)


def _place(one: Shown) -> tuple[float, float]:
    return (one.region.box.y, one.region.box.x) if one.region is not None else (1.0, 0.0)


def stretch_ms(span: Span) -> tuple[int, int]:
    """Return a span in whole milliseconds, rounded down, at least one long."""
    start = milliseconds(span.start_s)
    return start, max(start + 1, milliseconds(span.end_s))


def together(texts: Sequence[Shown]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield (start, end) in milliseconds and the numbers of the texts that show there, from top to bottom.

    The stretches follow one another without overlap; a new one begins whenever a text comes or goes.
    """
    changes: dict[int, tuple[set[int], set[int]]] = {}
    for number, one in enumerate(texts):
        for side, time_ms in enumerate(stretch_ms(one.span)):
            changes.setdefault(time_ms, (set(), set()))[side].add(number)
    active: set[int] = set()
    since = 0
    for time_ms in sorted(changes):
        if active:
            yield since, time_ms, tuple(sorted(active, key=lambda number: (*_place(texts[number]), number)))
        come, go = changes[time_ms]
        active = (active - go) | come
        since = time_ms
