"""DIG: a question about all of the video gets uniform frames, one about a part gets the parts that answer it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import F64, evenly, rule
from sestina.select.uniform import ends_included

PROMINENCE = 0.1
"""How far a peak of 1 - cosine stands above its surroundings to end a segment."""
STEPS = 10
GLOBAL_BELOW = 0.05
"""Range of relevance below which no part answers the question more than another."""


@selectors.register(
    "dig",
    card=Card(
        summary="Uniform for a question about the whole; else the segments above a threshold, widened.",
        source="DIG: frame selection by query type, 2025",
        deviations="whether the question is about the whole is read off the range of relevance, not asked of a model",
    ),
)
@rule
def dig(candidates: Candidates, count: int, rng: np.random.Generator, *, widen: int = 2) -> Iterable[int]:
    """Choose evenly from the segments whose middle frame is relevant enough, `widen` neighbours on each side too."""
    from scipy.signal import find_peaks

    peaks, _ = find_peaks(np.maximum(0.0, 1 - candidates.likeness), prominence=PROMINENCE)
    edges = [0, *(int(peak) + 1 for peak in peaks), len(candidates)]
    middles = np.array([(a + b - 1) // 2 for a, b in pairwise(edges)])
    worth = candidates.relevance(middles)
    if float(np.ptp(worth)) < GLOBAL_BELOW:
        return ends_included(len(candidates), count)
    kept = [int(j) for j in np.flatnonzero(worth >= _threshold(worth))]
    near = sorted({k for j in kept for k in range(max(0, j - widen), min(len(middles), j + widen + 1))})
    inside = [i for k in near for i in range(edges[k], edges[k + 1])]
    return [inside[j] for j in evenly(0, len(inside), count)]


def _threshold(worth: F64) -> float:
    """Return the higher, and so sparser, of half the maximum and the mean that is left after subtracting means."""
    left = worth - worth.min()
    for _ in range(STEPS):
        above = left[left > 0]
        if len(above) < 2 or float(np.ptp(above)) < 1e-9:
            break
        lowered = np.maximum(0.0, left - above.mean())
        if not np.any(lowered > 0) or np.count_nonzero(lowered) == np.count_nonzero(left):
            break
        left = lowered
        if np.count_nonzero(left) <= max(1, len(worth) // 4):
            break
    sparse = float(worth[left > 0].min()) if np.any(left > 0) else float(worth.max())
    half = float(worth.min() + (worth.max() - worth.min()) / 2)
    return max(sparse, half)
