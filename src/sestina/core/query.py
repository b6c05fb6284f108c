"""Where an expression over labels holds in a storyboard: exact spans, and the units that show it.

    query(board, "camera.scale<='MCU' and narr.beat=='hook'")

An expression is about moments. A facet, alone or compared, holds while one of its units says so; `and`, `or` and `not`
combine moments. Units that abstain say nothing. The language is in `expression.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from sestina.core.expression import Every, Node, Not, Units, parse
from sestina.core.intervals import Times, part_of
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span


@dataclass(frozen=True, kw_only=True)
class Match:
    """A longest stretch, or an instant, in which an expression holds throughout.

    Args:
        span: seconds; ends where the expression stops to hold, not where a unit ends.
        units: those that make it hold at some moment of the span, in canonical order; empty where only `not` does.
    """

    span: Span
    units: tuple[Unit, ...] = ()


def query(board: Storyboard, text: str | Node) -> tuple[Match, ...]:
    """Return where an expression holds in the board's video, in order of time; nothing where it never does.

    Args:
        board: the storyboard.
        text: the expression, or what `expression.parse` made of it, to ask many boards the same.

    Raises QueryError, with the column and the nearest names, for an expression that cannot be read.
    """
    tree = parse(text) if isinstance(text, str) else text
    reader = _Reader(board)
    held = reader.times(tree)
    pieces = list(held.pieces())
    ends = [part[1] for _, part in pieces]
    grounds: list[dict[str, Unit]] = [{} for _ in pieces]
    for unit, times in reader.grounds(tree, held):
        for start, end in times.parts:
            number = bisect_right(ends, start)
            while number < len(pieces) and pieces[number][1][0] < end:
                grounds[number][unit.id] = unit
                number += 1
    return tuple(
        Match(span=span, units=tuple(sorted(found.values(), key=lambda unit: unit.order)))
        for (span, _), found in zip(pieces, grounds, strict=True)
    )


class _Reader:
    """Evaluates the parts of an expression over one board, each once."""

    def __init__(self, board: Storyboard) -> None:
        self._board = board
        self._video = Times.of([board.media.span])
        self._known: dict[int, Times] = {}
        self._units: dict[int, list[Unit]] = {}

    def times(self, node: Node) -> Times:
        """Return the moments of the video at which `node` holds."""
        if id(node) not in self._known:
            self._known[id(node)] = self._times(node)
        return self._known[id(node)]

    def grounds(self, node: Node, held: Times) -> Iterator[tuple[Unit, Times]]:
        """Yield the units by which `node` holds, each with the moments among `held` at which it does."""
        here = held & self.times(node)
        if not here:
            return
        if isinstance(node, Units):
            for unit in self._chosen(node):
                yield unit, Times((part_of(unit.span),)) & here
        elif not isinstance(node, Not):
            for part in node.parts:
                yield from self.grounds(part, here)

    def _times(self, node: Node) -> Times:
        if isinstance(node, Units):
            return Times.of(unit.span for unit in self._chosen(node)) & self._video
        if isinstance(node, Not):
            return ~self.times(node.part) & self._video
        found = self.times(node.parts[0])
        for part in node.parts[1:]:
            found = found & self.times(part) if isinstance(node, Every) else found | self.times(part)
        return found

    def _chosen(self, node: Units) -> list[Unit]:
        if id(node) not in self._units:
            of_facet = self._board.units(facet=node.facet)
            decided = (unit for unit in of_facet if unit.status != "abstain")
            self._units[id(node)] = [unit for unit in decided if all(test(unit) for test in node.tests)]
        return self._units[id(node)]
