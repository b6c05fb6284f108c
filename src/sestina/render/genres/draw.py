"""Chance with a memory for nothing: short words for drawing from pools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Draw:
    """Draws from pools; the same `key` draws the same."""

    def __init__(self, *key: int) -> None:
        self._rng = np.random.default_rng(list(key))

    def pick(self, pool: Sequence[T]) -> T:
        """Return one of `pool`."""
        return pool[int(self._rng.integers(len(pool)))]

    def some(self, pool: Sequence[T], count: int) -> list[T]:
        """Return `count` different ones of `pool`, shuffled (all of them when there are fewer)."""
        order = self._rng.permutation(len(pool))[:count]
        return [pool[int(k)] for k in order]

    def chance(self, share: float) -> bool:
        """Return True with probability `share`."""
        return bool(self._rng.random() < share)

    def between(self, low: float, high: float) -> float:
        """Return a number in low..high, rounded to thousandths, so that scripts read well."""
        return round(float(self._rng.uniform(low, high)), 3)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number in low..high, both included."""
        return int(self._rng.integers(low, high + 1))

    def seed(self) -> int:
        """Return a fresh seed."""
        return int(self._rng.integers(1 << 20))
