"""Sets of times: what remains of spans and instants under and, or and not, exactly.

A set is a row of parts between edges. An edge lies just before a time, `(t, 0)`, or just after it, `(t, 1)`: the
half-open span from a to b is `(a, 0) .. (b, 0)`, the instant t is `(t, 0) .. (t, 1)`. Such sets are closed under union,
intersection and complement, so nothing is rounded on the way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sestina.core.time import Span

Edge = tuple[float, int]
Part = tuple[Edge, Edge]


@dataclass(frozen=True)
class Times:
    """A set of times, seconds; `parts` are in order, apart from one another and not empty."""

    parts: tuple[Part, ...] = ()

    @staticmethod
    def of(spans: Iterable[Span]) -> Times:
        """Return the times that lie in any of the spans."""
        return Times(_merged(sorted(part_of(span) for span in spans)))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __contains__(self, time_s: float) -> bool:
        at = (time_s, 0)
        number = bisect_right(self.parts, at, key=_end)
        return number < len(self.parts) and self.parts[number][0] <= at

    def __or__(self, other: Times) -> Times:
        return Times(_merged(sorted((*self.parts, *other.parts))))

    def __and__(self, other: Times) -> Times:
        return Times(tuple(_shared(self.parts, other.parts)))

    def __invert__(self) -> Times:
        """Return every other time; intersect it with a span to have an end."""
        edges = [edge for part in self.parts for edge in part]
        bounds = [(float("-inf"), 0), *edges, (float("inf"), 0)]
        pairs = zip(bounds[::2], bounds[1::2], strict=True)
        return Times(tuple((start, end) for start, end in pairs if start < end))

    def pieces(self) -> Iterator[tuple[Span, Part]]:
        """Yield the set as spans and instants, in order, each with its part of the set.

        A span that keeps its last moment becomes a half-open span and an instant. Where an instant was taken out, two
        spans meet: half-open spans have no other way to say it.
        """
        for start, end in self.parts:
            if start[0] < end[0]:
                yield Span.of(start[0], end[0]), (start, (end[0], 0))
            if end[1] and start < (end[0], 1):
                yield Span.at(end[0]), (max(start, (end[0], 0)), end)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The set as spans and instants; see `pieces`."""
        return tuple(span for span, _ in self.pieces())


def part_of(span: Span) -> Part:
    """Return the edges of a span or an instant."""
    return (span.start_s, 0), (span.end_s, int(span.is_instant))


def _end(part: Part) -> Edge:
    return part[1]


def _merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Join sorted parts that overlap or touch."""
    joined: list[Part] = []
    for start, end in parts:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _shared(ours: tuple[Part, ...], theirs: tuple[Part, ...]) -> Iterator[Part]:
    if not ours or not theirs:
        return
    i, j = (bisect_right(a, b[0][0], key=_end) for a, b in ((ours, theirs), (theirs, ours)))
    while i < len(ours) and j < len(theirs):
        start, end = max(ours[i][0], theirs[j][0]), min(ours[i][1], theirs[j][1])
        if start < end:
            yield start, end
        if ours[i][1] < theirs[j][1]:
            i += 1
        else:
            j += 1
