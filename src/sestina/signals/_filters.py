"""Small filters in numpy: importing `scipy.signal` for them takes half a second, as long as hearing a minute
of sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sestina.core.frames import F32

F64 = npt.NDArray[np.float64]
Biquad = tuple[float, float, float, float, float, float]
"""Second-order section (b0 b1 b2 a0 a1 a2)."""


def lowpass(taps: int, cutoff: float, beta: float = 6.0) -> F32:
    """Return a linear-phase low-pass of `taps` (odd) coefficients with sum 1 (Kaiser's windowed sinc).

    Args:
        taps: length.
        cutoff: half-power point as a share of half the sample rate.
        beta: shape of the Kaiser window.
    """
    at = np.arange(taps) - (taps - 1) / 2
    response = cutoff * np.sinc(cutoff * at) * np.kaiser(taps, beta)
    return np.asarray(response / response.sum(), np.float32)


def response(sections: tuple[Biquad, ...], length: int) -> F64:
    """Return the impulse response [length] of second-order sections in a row."""
    wave = np.zeros(length)
    wave[0] = 1.0
    for b0, b1, b2, a0, a1, a2 in sections:
        out, one, two = np.empty(length), 0.0, 0.0
        for i, given in enumerate(wave.tolist()):
            now = (b0 * given + one) / a0
            one, two = b1 * given - a1 * now + two, b2 * given - a2 * now
            out[i] = now
        wave = out
    return wave


class Convolver:
    """Filters of finite length running over sound run by run, all on one transform (overlap-save).

    Args:
        responses: impulse responses [filters, length].
        channels: channels of the sound.
        size: most samples in a run.
    """

    def __init__(self, responses: F64, channels: int, size: int) -> None:
        self._keep = responses.shape[1] - 1
        self._size = 1 << (size + self._keep - 1).bit_length()
        self._spectra = np.fft.rfft(responses.astype(np.float32), self._size, axis=1)
        self._before = np.zeros((channels, self._keep), np.float32)

    def feed(self, samples: F32) -> F32:
        """Return the filtered run [filters, channels, n] of `samples` [channels, n]."""
        longer = np.concatenate([self._before, samples], axis=1)
        self._before = longer[:, longer.shape[1] - self._keep :].copy()
        spectrum = np.fft.rfft(longer, self._size, axis=1)
        waves = np.fft.irfft(self._spectra[:, None] * spectrum[None], self._size, axis=2)
        return np.asarray(waves[..., self._keep : longer.shape[1]], np.float32)


class Strided:
    """A short filter running over sound run by run, computed only where its output is wanted.

    Args:
        kernels: coefficients [filters, length].
        channels: channels of the sound.
        step: samples from one output to the next; every run but the last is a multiple of it.
    """

    def __init__(self, kernels: F32, channels: int, step: int = 1) -> None:
        self._kernels = np.ascontiguousarray(kernels[:, ::-1].T, np.float32)
        self._step = step
        self._before = np.zeros((channels, kernels.shape[1] - 1), np.float32)

    def feed(self, samples: F32) -> F32:
        """Return the outputs [channels, ceil(n / step), filters] for `samples` [channels, n]."""
        longer = np.concatenate([self._before, samples], axis=1)
        self._before = longer[:, samples.shape[1] :].copy()
        views = np.lib.stride_tricks.sliding_window_view(longer, len(self._kernels), axis=1)[:, :: self._step]
        return np.asarray(views @ self._kernels, np.float32)
