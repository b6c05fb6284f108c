"""Onsets: where new sounds begin.

Strength is the spectral flux of a logarithmic filter bank with a maximum filter over neighbouring bands, so
that vibrato is no onset (SuperFlux, Boeck & Widmer, DAFx 2013); peaks are picked as in Boeck, Krebs &
Schedl, ISMIR 2012.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import F32
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.track import Track
from sestina.signals._audio import F64, RATE_HZ, ChunkedSignal, Spectra, events, sampled

STEP_S = 0.01
WINDOW, HOP = 2048, RATE_HZ // 100
LOWEST_HZ, HIGHEST_HZ, BANDS_AN_OCTAVE = 30.0, 17_000.0, 12
COMPRESSION = 1000.0
"""Strength compares log10(1 + COMPRESSION * magnitude): sounds under about -60 dBFS hardly count."""

LAG = 2
"""Frames back that a frame is compared with; 20 ms is when half of the window is new."""

BEFORE_MAX_S, AFTER_MAX_S, BEFORE_MEAN_S, AFTER_MEAN_S, APART_S = 0.03, 0.03, 0.10, 0.07, 0.03
THRESHOLD = 4.0
"""An onset is the maximum of its surroundings and stands THRESHOLD above their mean. The number is the sum
over 110 bands of log10 steps; applause and rain stay under it, a spoken syllable reaches 10, a drum 30 and
more."""


def filterbank() -> F32:
    """Return the triangular filters [WINDOW//2+1, bands], each with sum 1, at least one bin wide."""
    octaves = np.log2(HIGHEST_HZ / LOWEST_HZ)
    centres = LOWEST_HZ * 2 ** (np.arange(octaves * BANDS_AN_OCTAVE) / BANDS_AN_OCTAVE)
    bins = np.unique(np.round(centres * WINDOW / RATE_HZ).astype(int))
    bank = np.zeros((WINDOW // 2 + 1, len(bins) - 2), np.float32)
    for band, (low, middle, high) in enumerate(zip(bins, bins[1:], bins[2:], strict=False)):
        bank[low : middle + 1, band] = np.linspace(0, 1, middle - low + 1)
        bank[middle : high + 1, band] = np.linspace(1, 0, high - middle + 1)
    return np.asarray(bank / bank.sum(axis=0), np.float32)


class Envelope:
    """Onset strength of mono sound, one value every 10 ms, the first at the first sample."""

    def __init__(self) -> None:
        self._spectra = Spectra(WINDOW, HOP)
        self._bank = filterbank()
        self._last = np.zeros((LAG, self._bank.shape[1]), np.float32)
        self._found: list[F32] = []

    def feed(self, mono: F32) -> None:
        """Take the next samples [n]."""
        self._add(self._spectra.feed(mono))

    def finish(self) -> F32:
        """Return the strength of everything heard, [frames].

        It is 0 in the last frames, whose window reaches past the end: a sound cut off is broad there, and
        begins nothing.
        """
        last = self._spectra.flush()
        return np.concatenate([*self._found, np.zeros(len(last), np.float32)])

    def _add(self, magnitudes: F32) -> None:
        if not len(magnitudes):
            return
        bands = np.log10(1 + COMPRESSION * (magnitudes @ self._bank))
        rows = np.concatenate([self._last, bands])
        self._last = rows[-LAG:]
        past = rows[:-LAG]
        wide = np.pad(past, ((0, 0), (1, 1)), mode="edge")
        past = np.maximum(np.maximum(wide[:, :-2], wide[:, 2:]), past)
        self._found.append(np.maximum(bands - past, 0).sum(axis=1))


def pick(strength: F32 | F64) -> npt.NDArray[np.int64]:
    """Return the indices of the onsets in `strength` [n], 10 ms a value."""
    from scipy.ndimage import maximum_filter1d

    if not len(strength):
        return np.zeros(0, np.int64)
    before, after = round(BEFORE_MAX_S / STEP_S), round(AFTER_MAX_S / STEP_S)
    highest = maximum_filter1d(strength, before + after + 1, mode="constant")
    peaks = np.flatnonzero((strength >= highest) & (strength >= _mean_around(strength) + THRESHOLD))
    kept: list[int] = []
    for peak in peaks.tolist():
        if not kept or (peak - kept[-1]) * STEP_S > APART_S:
            kept.append(peak)
    return np.asarray(kept, np.int64)


def _mean_around(strength: F32 | F64) -> F64:
    before, after = round(BEFORE_MEAN_S / STEP_S), round(AFTER_MEAN_S / STEP_S)
    padded = np.pad(np.asarray(strength, np.float64), (before, after), mode="edge")
    size = before + after + 1
    return np.convolve(padded, np.full(size, 1 / size), mode="valid")


@signals.register(
    "onsets",
    input="audio",
    tracks=("onsets.strength", "onsets.onset"),
    card=Card(
        summary="Where new sounds begin, and how strongly.",
        source="Boeck & Widmer, SuperFlux, DAFx 2013",
        deviations="12 bands an octave at 48 kHz; 100 frames a second.",
        cost="about 1.5 ms CPU a second of sound",
    ),
)
class Onsets(ChunkedSignal):
    """Onset strength every 10 ms, and one event an onset whose value is its strength."""

    def begin(self, info: MediaInfo) -> None:
        """Forget everything heard before."""
        self._envelope = Envelope()

    def take(self, samples: F32) -> None:
        """Hear the next run [2,n]."""
        self._envelope.feed(samples.mean(axis=0, dtype=np.float32))

    def tracks(self, start_s: float) -> Sequence[Track]:
        """Return the tracks of everything heard, which began at `start_s`."""
        strength = self._envelope.finish()
        onsets = pick(strength)
        times = start_s + onsets.astype(np.float64) * STEP_S
        return (
            sampled("onsets.strength", "", strength, start_s, STEP_S),
            events("onsets.onset", "", times, strength[onsets].astype(np.float64)),
        )
