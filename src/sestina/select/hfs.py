"""A set objective: relevance and coverage less redundancy, solved greedily."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import rule, unit_range


@selectors.register(
    "hfs",
    card=Card(
        summary="The set that is relevant, resembles all of the video and does not repeat itself, found greedily.",
        source="HFS: holistic query-aware frame selection, 2025; greedy bound, Nemhauser et al. 1978",
        deviations="its set objective only: no trained query vectors, no Gumbel-softmax; read from the abstract",
    ),
)
@rule
def hfs(
    candidates: Candidates, count: int, rng: np.random.Generator, *, coverage: float = 1.0, redundancy: float = 0.5
) -> Iterable[int]:
    """Choose greedily by relevance + coverage (mean over the video of the best cosine to the set) - redundancy."""
    features = np.asarray(candidates.features, np.float64)
    likeness = np.maximum(0.0, features @ features.T)
    worth = unit_range(candidates.relevance()) / count
    covered, like = np.zeros(len(features)), np.zeros(len(features))
    chosen: list[int] = []
    for _ in range(count):
        gained = np.maximum(likeness, covered[None, :]).mean(axis=1) - covered.mean()
        gain = worth + coverage * gained - redundancy * like / count
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        covered, like = np.maximum(covered, likeness[best]), np.maximum(like, likeness[best])
    return chosen
