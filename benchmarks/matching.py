"""Counting boundaries against truth: hits, misses and false alarms, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MARGIN = 2
"""Frames around a stretch that is not judged in which nothing is judged either."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is true of one clip, in frames counted from 0 in order of presentation.

    Args:
        cuts: first frames of new shots.
        gradual: first and last frame of gradual transitions.
        unjudged: first and last frame of stretches that two people could read differently.
    """

    cuts: tuple[int, ...] = ()
    gradual: tuple[tuple[int, int], ...] = ()
    unjudged: tuple[tuple[int, int], ...] = ()

    def is_judged(self, frame: int) -> bool:
        """Return whether a cut at `frame` would count as false: not in or beside a stretch without a hard truth."""
        stretches = (*self.gradual, *self.unjudged)
        return not any(first - MARGIN <= frame <= last + MARGIN for first, last in stretches)


@dataclass(frozen=True, kw_only=True)
class Score:
    """Frames found, missed and falsely called, of one clip or of several together."""

    hits: int = 0
    missed: tuple[int, ...] = ()
    false: tuple[int, ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(
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
        wrong = len(self.missed) + len(self.false)
        return 2 * self.hits / (2 * self.hits + wrong) if self.hits or wrong else 1.0


def pooled(scores: Iterable[Score]) -> Score:
    """Return all scores as one: every cut weighs the same, whichever clip it is in."""
    return sum(scores, Score())


def scored(truth: Truth, called: Sequence[int], tolerance: int) -> Score:
    """Return the score of cuts called at frames `called`: pairs one to one, at most `tolerance` frames apart.

    Walking both lists in order and pairing as early as possible makes the most pairs, since all tolerances are equal.
    Calls without a partner count only where something is judged.
    """
    true = [frame for frame in sorted(truth.cuts) if not _within(frame, truth.unjudged)]
    left, missed, alone = sorted(set(called)), [], []
    for frame in true:
        while left and left[0] < frame - tolerance:
            alone.append(left.pop(0))
        if left and left[0] <= frame + tolerance:
            left.pop(0)
        else:
            missed.append(frame)
    false = tuple(frame for frame in (*alone, *left) if truth.is_judged(frame))
    return Score(hits=len(true) - len(missed), missed=tuple(missed), false=false)


def _within(frame: int, stretches: Iterable[tuple[int, int]]) -> bool:
    return any(first <= frame <= last for first, last in stretches)
