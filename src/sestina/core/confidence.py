"""How sure a threshold makes us: one scale for every rule that compares a number with a limit."""

from __future__ import annotations

import math
from collections.abc import Sequence

UNDECIDED = 0.55
"""Confidence below which a threshold decided next to nothing, so that a rule abstains or names the parent."""
STEEPNESS = 2.0
"""Logistic steepness: one `scale` beyond the limit gives 0.88, two give 0.98."""


def margin_confidence(value: float, threshold: float, scale: float, *, above: bool = True) -> float:
    """Return how sure it is that `value` lies on its side of `threshold`, in (0, 1); 0.5 at the threshold itself.

    Args:
        value: what was measured.
        threshold: the limit it is compared with, in the same unit.
        scale: distance from the limit that is clearly beyond it; positive. Raises ValueError otherwise.
        above: whether the claim is `value >= threshold`; else `value <= threshold`.
    """
    if scale <= 0:
        raise ValueError(f"scale must be positive, got {scale}")
    signed = (value - threshold) / scale * (1 if above else -1)
    return 1 / (1 + math.exp(-min(max(STEEPNESS * signed, -60.0), 60.0)))


def band_of(value: float, edges: Sequence[float]) -> int:
    """Return which band `value` falls into: 0 below the first edge, `len(edges)` at or above the last."""
    return sum(value >= edge for edge in edges)


def band_confidence(value: float, edges: Sequence[float], scale: float) -> float:
    """Return how sure it is that `value` belongs to its band: the margin to the nearest of `edges`."""
    return min((margin_confidence(abs(value - edge), 0.0, scale) for edge in edges), default=1.0)
