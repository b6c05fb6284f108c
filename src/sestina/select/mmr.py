"""Maximal marginal relevance: relevant frames that are unlike those already chosen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import rule, unit_range


@selectors.register(
    "mmr",
    card=Card(
        summary="One by one the frame that is most relevant and least like those chosen.",
        source="Maximal marginal relevance, Carbonell and Goldstein 1998",
        deviations="relevance is scaled to 0..1 over the video, so that both terms weigh alike",
    ),
)
@rule
def mmr(
    candidates: Candidates, count: int, rng: np.random.Generator, *, relevant: float = 0.5
) -> Iterable[int]:
    """Choose greedily by `relevant` times relevance less the rest times the greatest cosine to what is chosen."""
    features = candidates.features
    worth = unit_range(candidates.relevance())
    chosen = [int(np.argmax(worth))]
    like = np.asarray(features @ features[chosen[0]], np.float64)
    while len(chosen) < count:
        gain = relevant * worth - (1 - relevant) * like
        gain[chosen] = -np.inf
        chosen.append(int(np.argmax(gain)))
        like = np.maximum(like, features @ features[chosen[-1]])
    return chosen
