"""Frames to clips: relevant and different anchor frames, each grown into a short clip."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import rule
from sestina.select.mmr import mmr


@selectors.register(
    "f2c",
    card=Card(
        summary="Anchors that are relevant and unlike each other, each with its neighbours as a clip.",
        source="F2C: from frames to clips, Sun et al. 2025",
        deviations="the number of frames is the budget, so clips are not traded against resolution; anchors by "
        "marginal relevance; overlaps give way; read from the abstract",
    ),
)
@rule
def f2c(candidates: Candidates, count: int, rng: np.random.Generator, *, length: int = 3) -> Iterable[int]:
    """Choose `count / length` anchors by marginal relevance, then grow each by the more relevant of its two sides."""
    anchors = mmr.__wrapped__(candidates, max(1, count // length), rng)
    chosen = set(anchors)
    for anchor in anchors:
        low = high = int(anchor)
        for _ in range(length - 1):
            sides = [i for i in (low - 1, high + 1) if 0 <= i < len(candidates) and i not in chosen]
            if not sides or len(chosen) >= count:
                break
            worth = candidates.relevance(np.array(sides))
            taken = sides[int(np.argmax(worth))]
            chosen.add(taken)
            low, high = min(low, taken), max(high, taken)
    return sorted(chosen)
