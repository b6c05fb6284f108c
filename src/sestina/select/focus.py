"""FOCUS: clips are the arms of a bandit; few frames of each are scored, and the budget goes where it may pay most."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import F64, evenly, ranked, rule


@selectors.register(
    "focus",
    card=Card(
        summary="Scores a few frames of every clip, then the clips whose upper bound is highest densely.",
        source="FOCUS: efficient keyframe selection for long video understanding, 2025",
        deviations="arms are equal stretches of candidates; the least gap is half the even spacing in the top arms",
    ),
)
@rule
def focus(
    candidates: Candidates,
    count: int,
    rng: np.random.Generator,
    *,
    probes: int = 2,
    top: float = 0.25,
    best: float = 0.5,
) -> Iterable[int]:
    """Choose the best frames of the top arms, then spread the rest over those arms.

    An arm's bound is mean + sqrt(2 ln N variance / n) + 3 ln N / n over its `probes` scored frames (Bernstein).
    """
    total = len(candidates)
    arms = max(1, min(total // 2, 2 * count))
    edges = np.linspace(0, total, arms + 1).astype(np.int64)
    probed = [_probe(int(a), int(b), probes, rng) for a, b in pairwise(edges)]
    bounds = np.array([_bound(candidates.relevance(np.array(arm)), arms * probes) for arm in probed])
    kept = sorted(int(k) for k in ranked(bounds)[: max(1, round(top * arms))])
    inside = np.array([i for k in kept for i in range(int(edges[k]), int(edges[k + 1]))])
    worth = candidates.relevance(inside)
    gap = len(inside) / (2 * count)
    chosen: list[int] = []
    for i in inside[ranked(worth)]:
        if len(chosen) >= max(1, round(best * count)):
            break
        if all(abs(int(i) - j) >= gap for j in chosen):
            chosen.append(int(i))
    rest = [int(inside[j]) for j in evenly(0, len(inside), count - len(chosen))]
    return list(dict.fromkeys([*chosen, *rest]))[:count]


def _probe(first: int, after: int, probes: int, rng: np.random.Generator) -> list[int]:
    """Return the middle of an arm and random further ones."""
    middle = (first + after - 1) // 2
    others = [i for i in range(first, after) if i != middle]
    drawn = rng.choice(others, size=min(probes - 1, len(others)), replace=False).tolist() if others else []
    return [middle, *(int(i) for i in drawn)]


def _bound(scores: F64, total: int) -> float:
    number, spread = len(scores), float(np.var(scores))
    width = np.log(max(2, total))
    return float(np.mean(scores) + np.sqrt(2 * width * spread / number) + 3 * width / number)
