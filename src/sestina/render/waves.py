"""What sounds are made of: placing pieces in a mix, times of samples, filters by the spectrum."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sestina.render.speech import SAMPLE_RATE_HZ

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]


def add(mix: F32, piece: F32, at_s: float) -> None:
    """Add a [2, m] or [m] piece to the mix from a time on, cut at both ends."""
    start = round(at_s * SAMPLE_RATE_HZ)
    piece = piece[..., max(0, -start) :]
    start = max(0, start)
    length = min(piece.shape[-1], mix.shape[1] - start)
    if length > 0:
        mix[:, start : start + length] += piece[..., :length]


def times(length_s: float) -> F64:
    """Return the times of the samples of so many seconds."""
    return np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ


def shaped(wave: F64, low_hz: float, high_hz: float, soft: float = 0.3) -> F64:
    """Return `wave` [..., n] with what lies outside `low_hz`..`high_hz` taken out, over `soft` octaves at both ends."""
    n = wave.shape[-1]
    size = 1 << (n - 1).bit_length()
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    octaves = np.log2(np.maximum(hz, 1e-3))
    rise = np.clip((octaves - np.log2(max(low_hz, 1e-3))) / soft + 1, 0, 1)
    fall = np.clip((np.log2(high_hz) - octaves) / soft + 1, 0, 1)
    return np.asarray(np.fft.irfft(np.fft.rfft(wave, size) * rise * fall, size)[..., :n], np.float64)
