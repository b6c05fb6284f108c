"""DIG: a question about all of the video gets uniform frames, one about a part gets the parts that answer it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import F64, I64, rule
from sestina.select.uniform import ends_included

PROMINENCE = 0.1
"""How far a peak of 1 - cosine stands above its surroundings to end a segment."""
GLOBAL_BELOW = 0.05
"""Range of relevance below which no part answers the question more than another."""


@selectors.register(
    "dig",
    card=Card(
        summary="Uniform for a question about the whole; else the segments that answer best, widened, sampled evenly.",
        source="DIG: divide, then ground, Li et al. 2025, its repository",
        deviations="whether the question is about the whole is read off the range of relevance, not asked of a model; "
        "segments are scored by cosine, not by a model",
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
    near = sorted({k for j in answering(worth) for k in range(j - widen, j + widen + 1) if 0 <= k < len(middles)})
    inside = [i for k in near for i in range(edges[k], edges[k + 1])]
    return [inside[j] for j in ends_included(len(inside), count)]


def answering(worth: F64) -> I64:
    """Return which segments answer, [K]: above half of the best, or what is left of subtracting means, if that is less.

    Worth is taken above the least. The mean is subtracted, what falls below 0 becoming 0, until nothing more does.
    """
    worth = worth - worth.min()
    active = np.flatnonzero(worth > 0)
    left = worth[active]
    while True:
        lower = np.maximum(0.0, left - left.mean())
        done = np.count_nonzero(lower) == np.count_nonzero(left)
        left = lower
        if done:
            break
    above = worth[active] > worth.max() / 2
    by_means = left > 0
    fewer = 0 < np.count_nonzero(by_means) <= np.count_nonzero(above)
    return np.asarray(active[by_means if fewer else above], np.int64)
