"""A set objective: relevance and coverage less redundancy, solved greedily."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import evenly, rule, unit_range

SEEN = 1024
"""Frames of the video, evenly spaced, at which coverage is measured; all of a shorter one."""


@selectors.register(
    "hfs",
    card=Card(
        summary="The set that is relevant, resembles all of the video and does not repeat itself, found greedily.",
        source="HFS: holistic query-aware frame selection, Yang and Lam 2025; greedy bound, Nemhauser et al. 1978",
        deviations="its set objective only: no trained query vectors, no Gumbel-softmax; read from the abstract, so "
        "the terms and their weights are ours",
    ),
)
@rule
def hfs(
    candidates: Candidates, count: int, rng: np.random.Generator, *, coverage: float = 1.0, redundancy: float = 0.5
) -> Iterable[int]:
    """Choose greedily by relevance + coverage (mean over the video of the best cosine to the set) - redundancy."""
    features = np.asarray(candidates.features, np.float32)
    likeness = np.maximum(0, features @ features[evenly(0, len(features), SEEN)].T)
    worth = unit_range(candidates.relevance()) / count
    covered, like = np.zeros(likeness.shape[1], np.float32), np.zeros(len(features))
    chosen: list[int] = []
    for _ in range(count):
        gained = np.maximum(likeness, covered[None, :]).mean(axis=1, dtype=np.float64) - covered.mean(dtype=np.float64)
        gain = worth + coverage * gained - redundancy * like / count
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        covered, like = np.maximum(covered, likeness[best]), np.maximum(like, features @ features[best])
    return chosen
