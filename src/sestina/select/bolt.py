"""Inverse-transform sampling: evenly spaced in the sum of relevance rather than in time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import rule, unit_range


@selectors.register(
    "bolt",
    card=Card(
        summary="Frames at even steps of the summed relevance, sharpened by a power.",
        source="BOLT: boost large vision-language model without training, Liu et al. 2025",
        deviations="frames that coincide are replaced by the ones farthest in time; one and two frames are taken at "
        "the middles of equal shares, where the published rule has one place",
    ),
)
@rule
def bolt(candidates: Candidates, count: int, rng: np.random.Generator, *, power: float = 3.0) -> Iterable[int]:
    """Choose where the cumulated relevance (0..1, to the power) passes `count` even steps from 1/n to 1 - 1/n."""
    weight = unit_range(candidates.relevance()) ** power
    summed = np.cumsum(weight) / weight.sum()
    ends = 1 / count if count > 2 else 0.5 / count
    return [int(i) for i in np.searchsorted(summed, np.linspace(ends, 1 - ends, count))]
