"""One-shot clip retrieval: one pass of relevance both cuts the video into chunks and ranks them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._parts import parts_at
from sestina.select._rule import F64, evenly, ranked, rule, shares, tells


@selectors.register(
    "oneclip",
    card=Card(
        summary="Cuts the video in the valleys between peaks of relevance; the best chunks share the budget.",
        source="OneClip-RAG: one-shot clip retrieval, Chen et al. 2025, its repository",
        deviations="the length of chunks falls in short videos, so that at least twice as many are made as kept; no "
        "trained embedder; unasked: evenly spaced",
    ),
)
@rule
def oneclip(
    candidates: Candidates, count: int, rng: np.random.Generator, *, chunk_s: float = 10.0, frames: int = 4
) -> Iterable[int]:
    """Choose `frames` a chunk from the chunks with the highest peaks, a chunk lasting about `chunk_s`.

    Where no frame is more relevant than another there is nothing to cut or rank by: evenly spaced frames.
    """
    worth, times = candidates.relevance(), candidates.times_s
    if not tells(worth):
        return evenly(0, len(worth), count)
    kept = math.ceil(count / frames)
    number = max(2 * kept, math.ceil((times[-1] - times[0]) / chunk_s))
    heights = peak_heights(worth)
    order = ranked(heights)[:number]
    peaks = np.sort(order[heights[order] > 0])
    valleys = [int(a) + int(np.argmin(worth[a + 1 : b])) + 1 if b - a > 1 else int(a) for a, b in pairwise(peaks)]
    chunks = parts_at(np.array(valleys, np.int64) + 1, len(worth))
    best = [chunks[k] for k in ranked(np.array([worth[first:after].max() for first, after in chunks]))[:kept]]
    numbers = shares(np.ones(len(best)), count)
    return [i for (a, b), n in zip(best, numbers, strict=True) for i in evenly(a, b, int(n))]


def peak_heights(worth: F64) -> F64:
    """Return how far each value lies above where it falls to on the left, plus the same on the right, [N]."""
    return _rises(worth) + _rises(worth[::-1])[::-1]


def _rises(worth: F64) -> F64:
    """Return each value less the one at which its climb began."""
    foot = worth.copy()
    for i in range(1, len(worth)):
        if worth[i - 1] <= worth[i]:
            foot[i] = foot[i - 1]
    return worth - foot
