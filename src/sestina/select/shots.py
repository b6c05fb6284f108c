"""Frames by shot: every shot gets its share of the budget."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._parts import shot_parts
from sestina.select._rule import evenly, rule, shares


@selectors.register(
    "shots", card=Card(summary="Every shot its share of frames by its length, at least one where the budget allows.")
)
@rule
def shots(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose evenly inside each shot; with more shots than frames, the middles of shots, evenly many shots apart."""
    parts = shot_parts(candidates)
    if len(parts) > count:
        return [(parts[k][0] + parts[k][1]) // 2 for k in evenly(0, len(parts), count)]
    lengths = np.array([after - first for first, after in parts], np.float64)
    numbers = 1 + shares(lengths - 1, count - len(parts))
    return [i for (first, after), n in zip(parts, numbers, strict=True) for i in evenly(first, after, int(n))]
