"""Colour schemes: which arrangement of hues round the circle fits a picture's hues best.

After the hue templates of Matsuda (1995) as used by Cohen-Or et al., "Color Harmonization" (2006): a template is a few
sectors in a fixed arrangement that may turn as a whole. Cost is how far the colour lies outside its sectors, plus a
price for each further sector, because more sectors always fit better.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from sestina.core.track import F64

STEP_DEG = 5
TEMPLATES: dict[str, tuple[tuple[float, ...], float]] = {
    "monochromatic": ((0.0,), 15.0),
    "analogous": ((0.0,), 40.0),
    "complementary": ((0.0, 180.0), 20.0),
    "split_complementary": ((0.0, 150.0, 210.0), 15.0),
    "triadic": ((0.0, 120.0, 240.0), 18.0),
    "tetradic": ((0.0, 90.0, 180.0, 270.0), 15.0),
}
"""Name to centres of its sectors, degrees, and their half width."""
PRICE = {
    "monochromatic": 0.0, "analogous": 0.06, "complementary": 0.08, "split_complementary": 0.16, "triadic": 0.16,
    "tetradic": 0.24,
}  # fmt: skip
"""Added to the cost of a template for its freedom (found on pictures of known schemes)."""
FULL_COST_DEG = 45.0
"""Mean distance outside the sectors at which a template does not fit at all."""
ARM_SHARE_MIN = 0.06
"""Share of the colour that each sector must hold: a template with an empty sector is another one."""
DISCORDANT_COST = 0.40
"""Cost from which no template fits."""


@dataclass(frozen=True)
class Fit:
    """How well one template fits: its name, cost (0 is perfect) and turn in degrees."""

    name: str
    cost: float
    turn_deg: float


def best_fits(histogram: F64) -> list[Fit]:
    """Return every template that the hue histogram [B] fills, the best first; `discordant` when none fits."""
    total = float(histogram.sum())
    if total <= 0:
        return []
    weights = histogram / total
    fits = [fit for name in TEMPLATES if (fit := _fit(name, weights)) is not None]
    fits.append(Fit("discordant", DISCORDANT_COST, 0.0))
    return sorted(fits, key=lambda fit: fit.cost)


def _fit(name: str, weights: F64) -> Fit | None:
    """Return the best turn of template `name` whose every sector holds colour, or None."""
    outside, arms = _tables(name, len(weights))
    cost = outside @ weights / FULL_COST_DEG + PRICE[name]
    filled = (arms @ weights).min(axis=1) >= ARM_SHARE_MIN
    if not filled.any():
        return None
    cost = np.where(filled, cost, np.inf)
    turn = int(cost.argmin())
    return Fit(name, float(cost[turn]), float(turn * STEP_DEG))


@cache
def _tables(name: str, bins: int) -> tuple[F64, F64]:
    """Return degrees outside the nearest sector [T,B], and which bin lies in which sector [T,A,B], for every turn."""
    centres, half = TEMPLATES[name]
    hues = (np.arange(bins) + 0.5) * 360.0 / bins
    turns = np.arange(0, 360, STEP_DEG)
    middles = turns[:, None] + np.array(centres)[None]
    apart = np.abs((hues[None, None] - middles[..., None] + 180.0) % 360.0 - 180.0)
    outside = np.maximum(apart - half, 0).min(axis=1)
    return outside, (apart <= half + 10.0).astype(np.float64)
