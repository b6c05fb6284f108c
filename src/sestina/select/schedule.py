"""Where attention is scheduled: the storyboard itself says which stretches were made to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._parts import shot_parts
from sestina.select._rule import F64, rule, tells, unit_range

WORTH = {
    "narr.hook": 2.0, "diss.cta": 1.5, "diss.overlay": 1.0, "narr.beat": 1.0, "edit.transition": 0.5, "diss.brand": 1.0,
}  # fmt: skip
"""Facets whose stretches are worth a frame, and how much; a shot is worth 1."""
LONGEST_SHARE = 0.5
"""Share of the video beyond which a stretch is seen anyway."""
MIDDLE, AWAY = 0.01, 0.02
"""Worth of lying in the middle of a stretch and far from what is chosen: they decide between frames of equal worth."""


@selectors.register(
    "schedule",
    card=Card(
        summary="As many as can be of the shots, hooks, overlays, requests, beats and gradual edits with few frames.",
        source="own; greedy maximum coverage, Nemhauser et al. 1978",
        deviations="without a storyboard the shots are where the picture changes, and the rest is unknown",
    ),
)
@rule
def schedule(candidates: Candidates, count: int, rng: np.random.Generator, *, relevant: float = 0.5) -> Iterable[int]:
    """Choose greedily the frame inside the most worth of stretches not yet seen, plus `relevant` times its relevance.

    Of equal frames one in the middle of its stretch and far in time from those chosen is taken.
    """
    total = len(candidates)
    stretches = [(first, after, 1.0) for first, after in shot_parts(candidates)] + list(_told(candidates))
    firsts, afters = (np.array([stretch[k] for stretch in stretches], np.int64) for k in (0, 1))
    left = np.array([stretch[2] for stretch in stretches])
    middle = MIDDLE * _middles(stretches, total)
    asked = candidates.relevance()
    relevance = relevant * unit_range(asked) if tells(asked) else np.zeros(total)
    away = np.ones(total)
    chosen: list[int] = []
    while len(chosen) < count and (left.any() or relevance.any()):  # after that, what is left is spread over time
        gain = _worth_at(firsts, afters, left, total) + relevance + middle + AWAY * away
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        away = np.minimum(away, np.abs(np.arange(total) - best) / total)
        left[(firsts <= best) & (best < afters)] = 0
        relevance[max(0, best - total // (2 * count)) : best + total // (2 * count) + 1] = 0
    return chosen


def _worth_at(firsts: np.ndarray, afters: np.ndarray, worth: F64, total: int) -> F64:
    """Return the summed worth of the stretches that each candidate lies in, [N]; rounded, so that equals stay equal."""
    steps = np.bincount(firsts, worth, total + 1) - np.bincount(afters, worth, total + 1)
    return np.asarray(np.round(np.cumsum(steps)[:total], 9), np.float64)


def _middles(stretches: list[tuple[int, int, float]], total: int) -> F64:
    """Return how near to the middle of one of its stretches each candidate lies, 0.5 at the edge to 1, [N]."""
    middle = np.zeros(total)
    for first, after, _ in stretches:
        away = np.abs(np.arange(first, after) - (first + after - 1) / 2) / (after - first)
        middle[first:after] = np.maximum(middle[first:after], 1 - away)
    return middle


def _told(candidates: Candidates) -> Iterator[tuple[int, int, float]]:
    """Yield the stretches that the storyboard names, as candidates."""
    board, times = candidates.storyboard, candidates.times_s
    if board is None:
        return
    longest_s = LONGEST_SHARE * board.media.duration_s
    for unit in board.items:
        if unit.facet in WORTH and unit.status != "abstain" and 0 < unit.span.duration_s <= longest_s:
            first = int(np.searchsorted(times, unit.span.start_s))
            after = int(np.searchsorted(times, unit.span.end_s))
            if after > first:
                yield first, after, WORTH[unit.facet]
