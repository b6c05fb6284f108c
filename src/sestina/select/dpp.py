"""Determinantal point process: the set whose pictures span the most, relevance being their length."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import rule, unit_range

LEAST_GAIN = 1e-10


@selectors.register(
    "dpp",
    card=Card(
        summary="The set of frames of the largest determinant, found greedily; relevance weighs each frame.",
        source="Fast greedy MAP inference for determinantal point processes, Chen et al. 2018",
        deviations="relevance is scaled to 0..1 over the video",
    ),
)
@rule
def dpp(candidates: Candidates, count: int, rng: np.random.Generator, *, sharpness: float = 1.0) -> Iterable[int]:
    """Choose greedily by the gain in log-determinant of diag(q) S diag(q), q = exp(sharpness * relevance in 0..1)."""
    features = np.asarray(candidates.features, np.float64)
    quality = np.exp(sharpness * unit_range(candidates.relevance()))
    gain = quality**2 * (features * features).sum(axis=1)
    rows = np.zeros((count, len(features)))
    chosen: list[int] = []
    for step in range(count):
        best = int(np.argmax(gain))
        if gain[best] < LEAST_GAIN:
            break
        chosen.append(best)
        like = quality[best] * quality * (features @ features[best])
        rows[step] = (like - rows[:step, best] @ rows[:step]) / np.sqrt(gain[best])
        gain = gain - rows[step] ** 2
        gain[chosen] = -np.inf
    return chosen
