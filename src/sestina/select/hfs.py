"""A set objective: relevance and coverage less redundancy, solved greedily."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import F64, I64, rule, unit_range

BLOCK = 256
"""Candidates compared with all others at a time; more would only cost memory."""


@selectors.register(
    "hfs",
    card=Card(
        summary="The set that is relevant, resembles all of the video and does not repeat itself, found greedily.",
        source="HFS: holistic query-aware frame selection, Yang and Lam 2025; lazy greedy, Minoux 1978",
        deviations="its set objective only: no trained query vectors, no Gumbel-softmax; read from the abstract, so "
        "the terms and their weights are ours",
    ),
)
@rule
def hfs(
    candidates: Candidates, count: int, rng: np.random.Generator, *, coverage: float = 1.0, redundancy: float = 0.5
) -> Iterable[int]:
    """Choose greedily by relevance + coverage (mean over the video of the best cosine to the set) - redundancy.

    What a frame adds to coverage never grows, so an old figure is a bound: only the best are computed again.
    """
    features = np.asarray(candidates.features, np.float32)
    worth = unit_range(candidates.relevance()) / count
    covered, like = np.zeros(len(features), np.float32), np.zeros(len(features))
    gained, at = np.full(len(features), np.inf), np.full(len(features), -1)
    chosen: list[int] = []
    for step in range(count):
        while True:
            total = worth + coverage * gained - redundancy * like / count
            total[chosen] = -np.inf
            best = int(np.argmax(total))
            if at[best] == step:
                break
            stale = np.flatnonzero(at < step)
            stale = stale[np.argsort(-total[stale], kind="stable")[:BLOCK]]
            gained[stale], at[stale] = _gains(features, stale, covered), step
        chosen.append(best)
        row = np.maximum(0, features @ features[best])
        covered, like = np.maximum(covered, row), np.maximum(like, row)
    return chosen


def _gains(features: np.ndarray, some: I64, covered: np.ndarray) -> F64:
    """Return by how much each of `some` would raise the mean over the video of the best cosine to the set."""
    likeness = features[some] @ features.T
    return np.asarray(np.maximum(0, likeness - covered[None, :]).mean(axis=1, dtype=np.float64), np.float64)
