"""Splits a camera path into where it goes and how it trembles."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

HALF_POWER = 1.4826
"""Angular frequency w times sigma at which `kernel` halves the power: exp(-s) (1 + s) = 0.707 at s = (w sigma)² / 2."""


def kernel(cutoff_hz: float, rate_hz: float) -> F64:
    """Return a symmetric low-pass kernel of unit sum that leaves straight lines and parabolas as they are.

    A Gaussian with its second-order term taken out (Wand and Schucany, 1990): an eased camera move is a parabola at
    both ends, and must not pass for trembling.
    """
    sigma = HALF_POWER / (2 * math.pi * cutoff_hz) * rate_hz
    reach = max(1, math.ceil(4 * sigma))
    x = np.arange(-reach, reach + 1) / sigma
    weights = (1.5 - 0.5 * x * x) * np.exp(-0.5 * x * x)
    return np.asarray(weights / weights.sum(), np.float64)


def smooth(values: F64, cutoff_hz: float, rate_hz: float) -> F64:
    """Return `values` [N] without what is faster than `cutoff_hz`, ends continued by point reflection."""
    weights = kernel(cutoff_hz, rate_hz)
    reach = min(len(weights) // 2, len(values) - 1)
    if reach < 1:
        return values.copy()
    weights = weights[len(weights) // 2 - reach : len(weights) // 2 + reach + 1]
    before = 2 * values[0] - values[reach:0:-1]
    after = 2 * values[-1] - values[-2 : -reach - 2 : -1]
    return np.convolve(np.concatenate([before, values, after]), weights / weights.sum(), mode="valid")


def runs(valid: npt.NDArray[np.bool_], most_missing: int = 2) -> list[slice]:
    """Return the stretches of `valid` [N], gaps of up to `most_missing` values bridged."""
    found: list[slice] = []
    for index in np.flatnonzero(valid):
        i = int(index)
        if found and i - found[-1].stop <= most_missing:
            found[-1] = slice(found[-1].start, i + 1)
        else:
            found.append(slice(i, i + 1))
    return found


def split(velocity: F64, times_s: F64, cutoff_hz: float) -> tuple[F64, F64]:
    """Return (smooth velocity [N], trembling [N]) of a velocity [N] in units/s.

    The trembling is the path (summed velocity, units) less its part slower than `cutoff_hz`. Each stretch of measured
    values is taken by itself, so that nothing leaks over a cut; both results are NaN where `velocity` is.
    """
    calm, tremble = np.full(len(velocity), np.nan), np.full(len(velocity), np.nan)
    for run in runs(~np.isnan(velocity)):
        times = times_s[run]
        if len(times) < 3:
            calm[run], tremble[run] = velocity[run], np.where(np.isnan(velocity[run]), np.nan, 0.0)
            continue
        gaps = np.diff(times, prepend=2 * times[0] - times[1])
        known = np.nan_to_num(velocity[run])
        path = np.concatenate([[0.0], np.cumsum(known * gaps)])
        slow = smooth(path, cutoff_hz, 1 / float(np.median(gaps)))
        calm[run] = np.diff(slow) / gaps
        tremble[run] = (path - slow)[1:]
    missing = np.isnan(velocity)
    calm[missing], tremble[missing] = np.nan, np.nan
    return calm, tremble
