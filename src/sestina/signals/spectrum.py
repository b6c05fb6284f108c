"""The shape of the spectrum: mains hum, brightness, and how much the sound changes its colour.

Hum stands as narrow peaks at 50 or 60 Hz and their multiples all the time; a muffled recording lacks what
lies above 5 kHz; where a sound is cut to another, the spectra before and after differ (novelty after Foote,
ICME 2000).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sestina.core.card import Card
from sestina.core.frames import F32
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.track import Track
from sestina.signals._audio import F64, RATE_HZ, ChunkedSignal, Spectra, db, sampled

STEP = RATE_HZ // 10
STEP_S = 0.1
WINDOW = 4096
MAINS_HZ = (50, 60)
HARMONICS = 4
NEAR_HZ, FAR_HZ = 3, 9
"""A mains peak is compared with the median from NEAR_HZ to FAR_HZ on either side of it."""

LOUD_DB = -45.0
"""Level below which brightness says nothing."""

LOWEST_HZ, HIGHEST_HZ, BANDS = 60.0, 14_000.0, 24
CHANGE_STEPS = 5
"""Change compares the half second before with the half second after."""

FLOOR = -75.0
"""Band levels below this are one: dither and codec noise are no sound."""


def hum_db(second: F32) -> float:
    """Return how far the weakest but one of the mains' multiples stands out in one second of mono sound,
    dB."""
    level = db(np.abs(np.fft.rfft(second * np.hanning(len(second)))) ** 2 / len(second))
    best = 0.0
    for mains in MAINS_HZ:
        stand = []
        for at in range(mains, mains * (HARMONICS + 1), mains):
            beside = np.concatenate([level[at - FAR_HZ : at - NEAR_HZ + 1], level[at + NEAR_HZ : at + FAR_HZ + 1]])
            stand.append(float(level[at - 1 : at + 2].max() - np.median(beside)))
        best = max(best, sorted(stand)[1])
    return best


def band_edges() -> list[int]:
    """Return the bins between the bands, BANDS + 1 of them, evenly spaced in pitch."""
    edges = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1) * WINDOW / RATE_HZ
    return [int(edge) for edge in np.maximum.accumulate(np.round(edges) + np.arange(BANDS + 1) * 1e-9)]


def change(levels: F64) -> F64:
    """Return, for band levels [n,bands] in dB, the RMS difference of the means before and after each step,
    [n]."""
    result = np.zeros(len(levels))
    if len(levels) < 2:
        return result
    sums = np.concatenate([np.zeros((1, levels.shape[1])), np.cumsum(levels, axis=0)])
    index = np.arange(1, len(levels))
    first, last = np.maximum(index - CHANGE_STEPS, 0), np.minimum(index + CHANGE_STEPS, len(levels))
    before = (sums[index] - sums[first]) / (index - first)[:, None]
    after = (sums[last] - sums[index]) / (last - index)[:, None]
    result[1:] = np.sqrt(((after - before) ** 2).mean(axis=1))
    return result


@signals.register(
    "spectrum",
    input="audio",
    tracks=("spectrum.hum", "spectrum.treble", "spectrum.change"),
    card=Card(
        summary="Mains hum, brightness, and how much the sound changes its colour.",
        source="Foote, Automatic Audio Segmentation Using a Measure of Audio Novelty, ICME 2000 (change)",
        cost="about 1.5 ms CPU a second of sound",
    ),
)
class Spectrum(ChunkedSignal):
    """Hum in dB every second, treble (5 to 12 kHz against 300 Hz to 3 kHz, dB) and change (dB) every 100
    ms."""

    def begin(self, info: MediaInfo) -> None:
        """Forget everything heard before."""
        self._spectra = Spectra(WINDOW, STEP // 2)
        self._edges = band_edges()
        self._hum: list[float] = []
        self._bands: list[F64] = []
        self._treble: list[F64] = []

    def take(self, samples: F32) -> None:
        """Hear the next run [2,n]."""
        mono = samples.mean(axis=0, dtype=np.float32)
        if len(mono) == RATE_HZ:
            self._hum.append(hum_db(mono))
        self._add(self._spectra.feed(mono))

    def _add(self, magnitudes: F32) -> None:
        power = magnitudes.astype(np.float64) ** 2
        self._bands.append(np.add.reduceat(power, self._edges, axis=1)[:, :BANDS])
        low, high = (_between(power, *hz) for hz in ((300, 3000), (5000, 12_000)))
        self._treble.append(np.where(db(low + high) > LOUD_DB, db(high) - db(low), np.nan))

    def tracks(self, start_s: float) -> Sequence[Track]:
        """Return the tracks of everything heard, which began at `start_s`."""
        self._add(self._spectra.flush())
        power, treble = np.concatenate(self._bands), np.concatenate(self._treble)
        pairs = len(power) // 2 * 2
        levels = np.maximum(db(power[:pairs].reshape(-1, 2, BANDS).mean(axis=1)), FLOOR)
        return (
            sampled("spectrum.hum", "dB", self._hum, start_s + 0.5, 1.0),
            sampled("spectrum.treble", "dB", treble[::2], start_s, STEP_S),
            sampled("spectrum.change", "dB", change(levels), start_s, STEP_S),
        )


def _between(power: F64, low_hz: float, high_hz: float) -> F64:
    first, last = (round(hz * WINDOW / RATE_HZ) for hz in (low_hz, high_hz))
    return np.asarray(power[:, first:last].sum(axis=1))
