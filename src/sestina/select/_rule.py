"""What all selectors share: the budget is kept, short videos are taken whole, what is left of a budget is spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sestina.core.exchange import Budget, Candidates, Selection

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]


class Rule(Protocol):
    """The method itself: at most `count` of more than `count` candidates."""

    def __call__(self, candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
        """Return indices, in any order."""


def rule(pick: Callable[..., Iterable[int]]) -> Callable[..., Selection]:
    """Turn a method into a selector; what it leaves of the budget goes into the largest gaps of time.

    The method may have keyword-only options; the selector hands them on.
    """

    @wraps(pick)
    def select(candidates: Candidates, budget: Budget, *, seed: int = 0, **options: Any) -> Selection:
        if len(candidates) <= budget.frames:
            return Selection.of(range(len(candidates)))
        asked: set[int] = set()
        watched = _watched(candidates, asked)
        found = pick(watched, budget.frames, np.random.default_rng(seed), **options)
        chosen = list(dict.fromkeys(int(i) for i in found))
        if len(chosen) > budget.frames:
            raise ValueError(f"{pick.__name__} chose {len(chosen)} frames of a budget of {budget.frames}")
        return Selection.of(spread(candidates.times_s, chosen, budget.frames), looked=len(asked))

    return select


def _watched(candidates: Candidates, asked: set[int]) -> Candidates:
    """Return the same candidates, noting in `asked` whose relevance is asked for."""
    if candidates.score is None and candidates.query is None:
        return candidates

    def score(indices: I64) -> npt.NDArray[np.float32]:
        asked.update(indices.tolist())
        return np.asarray(candidates.relevance(indices), np.float32)

    return replace(candidates, score=score)


def spread(times_s: F64, chosen: Iterable[int], count: int) -> list[int]:
    """Return `chosen` and, up to `count`, further candidates, each the one farthest in time from all before it."""
    found = list(chosen)
    if not found:
        found = [len(times_s) // 2]
    far = np.min(np.abs(times_s[:, None] - times_s[found][None, :]), axis=1)
    while len(found) < min(count, len(times_s)):
        far[found] = -1.0
        best = int(np.argmax(far))
        found.append(best)
        far = np.minimum(far, np.abs(times_s - times_s[best]))
    return found


def ranked(values: F64) -> I64:
    """Return indices by falling value, earlier ones first where equal."""
    return np.argsort(-np.asarray(values), kind="stable")


def tells(worth: F64) -> bool:
    """Return whether relevance tells frames apart; it does not where nothing was asked, or nothing is known of it."""
    return bool(np.ptp(worth) > 1e-9)


def unit_range(values: F64) -> F64:
    """Return values moved and scaled to 0..1; all 1 where they are equal."""
    low, high = float(np.min(values)), float(np.max(values))
    return np.ones(len(values)) if high - low < 1e-12 else (values - low) / (high - low)


def shares(weights: F64, count: int) -> I64:
    """Return how many of `count` each weight gets, in proportion, by largest remainders (Hamilton, 1792), int64 [N]."""
    total = float(weights.sum())
    exact = count * (weights / total if total > 0 else np.full(len(weights), 1 / len(weights)))
    whole = np.floor(exact).astype(np.int64)
    whole[ranked(exact - whole)[: count - int(whole.sum())]] += 1
    return whole


def evenly(first: int, after: int, count: int) -> list[int]:
    """Return the middles of `count` equal parts of the indices `first` up to `after`; all of fewer."""
    width = max(0, after - first)
    count = min(count, width)
    return [first + (2 * k + 1) * width // (2 * count) for k in range(count)]
