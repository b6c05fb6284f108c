"""Loudness and peaks of sound at 48 kHz (ITU-R BS.1770-4), and bringing sound to a wanted loudness.

Written on its own, beside the meter that analyses videos, so that one can be checked against the other.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

SAMPLE_RATE_HZ = 48_000
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""Coefficients (b, a) of the two stages of K-weighting at 48 kHz, BS.1770-4 tables 1 and 2."""
OFFSET_LU, ABSOLUTE_LUFS, RELATIVE_LU = -0.691, -70.0, -10.0
STEP = SAMPLE_RATE_HZ // 10
"""Samples between the starts of neighbouring windows, 0.1 s."""
LIMIT_BLOCK = 96
"""Samples in which a limiter's gain stays, 2 ms."""


def momentary(samples: F32) -> F64:
    """Return the loudness of windows of 0.4 s, every 0.1 s, LUFS [M]; -inf for digital silence; empty below 0.4 s.

    Args:
        samples: float32 [2, n] at 48 kHz.
    """
    power = _windows(samples, 4)
    with np.errstate(divide="ignore"):
        return np.asarray(OFFSET_LU + 10 * np.log10(power), np.float64)


def _windows(samples: F32, steps: int) -> F64:
    """Return the K-weighted power, summed over both channels, of windows of `steps` tenths of a second."""
    from scipy.signal import lfilter

    weighted = lfilter(*HIGH_PASS, lfilter(*SHELF, samples.astype(np.float64), axis=1), axis=1)
    count = samples.shape[1] // STEP
    tenths = (weighted[:, : count * STEP] ** 2).reshape(2, count, STEP).mean(axis=2).sum(axis=0)
    sums = np.concatenate([[0.0], np.cumsum(tenths)])
    return np.asarray((sums[steps:] - sums[:-steps]) / steps if count >= steps else np.zeros(0), np.float64)


def integrated(samples: F32) -> float | None:
    """Return the gated loudness of the whole, LUFS; None when no window passes the absolute gate."""
    power = _windows(samples, 4)
    floor = 10 ** ((ABSOLUTE_LUFS - OFFSET_LU) / 10)
    loud = power[power > floor]
    if not len(loud):
        return None
    kept = loud[loud > loud.mean() * 10 ** (RELATIVE_LU / 10)]
    return OFFSET_LU + 10 * math.log10(float(kept.mean()))


def loudness_range(samples: F32) -> float | None:
    """Return the spread of short-term loudness, LU (EBU Tech 3342); None when nothing passes the gate."""
    power = _windows(samples, 30)
    loud = power[power > 10 ** ((ABSOLUTE_LUFS - OFFSET_LU) / 10)]
    if not len(loud):
        return None
    kept = loud[loud > loud.mean() * 10 ** (-20 / 10)]
    low, high = np.percentile(10 * np.log10(kept), (10, 95))
    return float(high - low)


def true_peak(samples: F32) -> float | None:
    """Return the largest peak of the signal oversampled four times, dBTP; None for digital silence."""
    from scipy.signal import resample_poly

    largest = max((float(np.abs(resample_poly(channel, 4, 1)).max()) for channel in samples if len(channel)), default=0)
    return 20 * math.log10(largest) if largest > 0 else None


def brought_to(samples: F32, wanted_lufs: float, peak_dbtp: float) -> F32:
    """Return the sound at a loudness, its peaks limited; digital silence stays as it is.

    Raises ValueError when the peaks leave no room for that loudness.
    """
    out = samples
    for _ in range(6):
        now = integrated(out)
        if now is None:
            return samples
        if abs(now - wanted_lufs) < 0.05 and (true_peak(out) or -math.inf) <= peak_dbtp + 0.2:
            return out
        out = limited((out * np.float32(10 ** ((wanted_lufs - now) / 20))).astype(np.float32), peak_dbtp)
    reached = integrated(out)
    if reached is None or abs(reached - wanted_lufs) > 0.3:
        raise ValueError(f"{wanted_lufs} LUFS leave no room below {peak_dbtp} dBTP: the sound has too high peaks")
    return out


def limited(samples: F32, peak_dbtp: float) -> F32:
    """Return the sound with its gain taken back softly where it would exceed a peak (look-ahead of 6 ms)."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    ceiling = 10 ** ((peak_dbtp - 0.3) / 20)
    count = -(-samples.shape[1] // LIMIT_BLOCK)
    padded = np.pad(np.abs(samples).max(axis=0), (0, count * LIMIT_BLOCK - samples.shape[1]))
    peaks = padded.reshape(count, LIMIT_BLOCK).max(axis=1)
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    soft = uniform_filter1d(minimum_filter1d(needed, 9, mode="nearest"), 5, mode="nearest")
    gain = np.interp(np.arange(samples.shape[1]), (np.arange(count) + 0.5) * LIMIT_BLOCK, soft)
    return np.asarray(samples * gain, np.float32)
