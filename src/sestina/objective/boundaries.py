"""Counting boundaries against truth: hits, misses and false alarms, frame by frame.

Positions are frames counted from 0 in order of presentation, or seconds throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MARGIN = 2
"""Frames around a stretch that is not judged in which nothing is judged either."""
ROUNDING = 1e-9
"""Slack for positions that are no whole numbers: 0.3 - 0.2 is more than 0.1."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is true of one clip.

    Args:
        cuts: first frames of new shots.
        gradual: first and last frame of gradual transitions.
        unjudged: first and last frame of stretches that two people could read differently.
        margin: how far beside such stretches nothing is judged.
    """

    cuts: tuple[float, ...] = ()
    gradual: tuple[tuple[float, float], ...] = ()
    unjudged: tuple[tuple[float, float], ...] = ()
    margin: float = MARGIN

    def is_judged(self, frame: float) -> bool:
        """Return whether a cut at `frame` would count as false: not in or beside a stretch without a hard truth."""
        stretches = (*self.gradual, *self.unjudged)
        return not any(first - self.margin <= frame <= last + self.margin for first, last in stretches)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Frames found, missed and falsely called, of one clip or of several together."""

    hits: int = 0
    missed: tuple[float, ...] = ()
    false: tuple[float, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            hits=self.hits + other.hits, missed=self.missed + other.missed, false=self.false + other.false
        )

    @property
    def precision(self) -> float:
        """Share of calls that are right; 1 where nothing was called."""
        return self.hits / called if (called := self.hits + len(self.false)) else 1.0

    @property
    def recall(self) -> float:
        """Share of the truth that was called; 1 where nothing is true."""
        return self.hits / true if (true := self.hits + len(self.missed)) else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return f1(self.hits, len(self.missed), len(self.false))


def f1(hits: float, missed: float, false: float) -> float:
    """Return the harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
    wrong = missed + false
    return 2 * hits / (2 * hits + wrong) if hits or wrong else 1.0


def pooled(tallies: Iterable[Tally]) -> Tally:
    """Return all tallies as one: every cut weighs the same, whichever clip it is in."""
    return sum(tallies, Tally())


def scored(truth: Truth, called: Sequence[float], tolerance: float) -> Tally:
    """Return the tally of cuts called at `called`: pairs one to one, at most `tolerance` apart.

    Calls without a partner count only where something is judged.
    """
    true = [frame for frame in sorted(truth.cuts) if not _within(frame, truth.unjudged)]
    calls = sorted(set(called))
    found = paired(true, calls, tolerance)
    hit, right = {i for i, _ in found}, {j for _, j in found}
    missed = tuple(frame for i, frame in enumerate(true) if i not in hit)
    false = tuple(frame for j, frame in enumerate(calls) if j not in right and truth.is_judged(frame))
    return Tally(hits=len(found), missed=missed, false=false)


def paired(true: Sequence[float], called: Sequence[float], tolerance: float) -> list[tuple[int, int]]:
    """Return the most one-to-one pairs (index in `true`, index in `called`) that lie at most `tolerance` apart.

    Both ascend. Walking them in order and pairing as early as possible makes the most pairs, since all tolerances
    are equal.
    """
    pairs, j = [], 0
    for i, frame in enumerate(true):
        while j < len(called) and called[j] < frame - tolerance - ROUNDING:
            j += 1
        if j < len(called) and called[j] <= frame + tolerance + ROUNDING:
            pairs.append((i, j))
            j += 1
    return pairs


def _within(frame: float, stretches: Iterable[tuple[float, float]]) -> bool:
    return any(first <= frame <= last for first, last in stretches)
