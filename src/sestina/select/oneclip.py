"""One-shot clip retrieval: one pass of relevance both cuts the video into chunks and ranks them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._parts import changed_parts, parts_at
from sestina.select._rule import evenly, ranked, rule, shares


@selectors.register(
    "oneclip",
    card=Card(
        summary="Cuts the video where the relevance turns, and spends the budget on the best chunks.",
        source="OneClip-RAG: one-shot clip retrieval for long video understanding, 2025",
        deviations="chunks end where smoothed relevance crosses its mean; read from the abstract",
    ),
)
@rule
def oneclip(
    candidates: Candidates, count: int, rng: np.random.Generator, *, smooth: int = 3
) -> Iterable[int]:
    """Choose evenly inside the chunks of the highest mean relevance, as few of them as hold the budget."""
    worth = candidates.relevance()
    if float(np.ptp(worth)) < 1e-12:
        chunks = changed_parts(candidates, count)
    else:
        course = np.convolve(np.pad(worth, smooth // 2, mode="edge"), np.ones(smooth) / smooth, mode="valid")
        above = course >= course.mean()
        chunks = parts_at(np.flatnonzero(above[1:] != above[:-1]) + 1, len(worth))
    means = np.array([worth[first:after].mean() for first, after in chunks])
    order = ranked(means)
    sizes = np.array([chunks[k][1] - chunks[k][0] for k in order], np.float64)
    enough = 1 + int(np.searchsorted(np.cumsum(sizes), count))
    best, sizes = order[:enough], sizes[:enough]
    numbers = np.minimum(shares(sizes, count), sizes.astype(np.int64))
    return [i for k, n in zip(best, numbers, strict=True) for i in evenly(chunks[k][0], chunks[k][1], int(n))]
