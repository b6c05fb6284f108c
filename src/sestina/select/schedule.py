"""Where attention is scheduled: the storyboard itself says which moments were made to be seen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.core.storyboard import Storyboard
from sestina.select._parts import shot_parts
from sestina.select._rule import F64, rule, unit_range

HOOK_S = 3.0
"""Length of the opening that hooks are measured in, seconds."""
HOOK, MIDDLE, OVERLAY, INSTANT = 2.0, 1.0, 1.5, 1.0
"""Worth of the opening's frames, of a shot's middle, of the first clear frame of an overlay, of an event."""
INSTANTS = ("narr.hook.", "narr.beat", "diss.cta", "narr.tension.", "diss.retention", "diss.brand")
"""Facets, or prefixes ending in a dot, whose starts are moments to look at."""


@selectors.register(
    "schedule",
    card=Card(
        summary="The opening, the middle of every shot, where overlays and calls to act appear and where beats begin.",
        deviations="without a storyboard the shots are where the picture changes and the rest is unknown",
    ),
)
@rule
def schedule(candidates: Candidates, count: int, rng: np.random.Generator, *, relevant: float = 1.0) -> Iterable[int]:
    """Choose greedily by the worth of a moment plus `relevant` times its relevance, less what lies near in time."""
    worth = _moments(candidates) + relevant * unit_range(candidates.relevance())
    times = candidates.times_s
    width_s = max(1e-6, float(times[-1] - times[0]) / (2 * count))
    chosen: list[int] = []
    while len(chosen) < count:
        best = int(np.argmax(worth))
        chosen.append(best)
        worth = worth * (1 - np.exp(-(((times - times[best]) / width_s) ** 2)))
        worth[chosen] = -1.0
    return chosen


def _moments(candidates: Candidates) -> F64:
    """Return how much each candidate was made to be seen, [N]."""
    times = candidates.times_s
    worth = np.full(len(times), 0.1)
    for first, after in shot_parts(candidates):
        worth[(first + after) // 2] += MIDDLE
    worth[times < times[0] + HOOK_S] += HOOK * 0.25
    if candidates.storyboard is not None:
        _mark(worth, times, candidates.storyboard)
    return worth


def _mark(worth: F64, times: F64, board: Storyboard) -> None:
    """Add the storyboard's own moments, in place."""
    for unit in board:
        if unit.facet == "diss.overlay":
            at = int(np.searchsorted(times, unit.span.start_s + 0.25 * unit.span.duration_s))
            worth[min(at, len(times) - 1)] += OVERLAY
        elif any(unit.facet == name or (name.endswith(".") and unit.facet.startswith(name)) for name in INSTANTS):
            worth[min(int(np.searchsorted(times, unit.span.start_s)), len(times) - 1)] += INSTANT
