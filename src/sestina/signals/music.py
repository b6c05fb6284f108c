"""Tones that last: what tells music from speech, noise and knocks.

A note keeps its partials in place for a tenth of a second and more; the partials of a voice glide, and noise
has none. So the share of spectral peaks that have lasted is high in music only (Hawley 1993; Minami et al.
1998; the peaks are followed as in McAulay & Quatieri 1986).
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
from sestina.signals._audio import RATE_HZ, ChunkedSignal, Spectra, sampled

WINDOW, HOP = 4096, 960
STEP_S = HOP / RATE_HZ
LOW_BIN, HIGH_BIN = round(80 * WINDOW / RATE_HZ), round(6000 * WINDOW / RATE_HZ)
AROUND = 20
"""Bins on either side that a peak is compared with, about 230 Hz."""

STAND_OUT_DB = 8.0
QUIET = 10 ** (-80 / 20)
"""Amplitude below which nothing is a peak."""

LASTING = 8
"""Frames a peak must have lasted, 160 ms: nearly twice the window, which alone holds a click for 85 ms."""


class Followed:
    """Spectral peaks followed from frame to frame; a peak may move by one bin a frame."""

    def __init__(self) -> None:
        self._age = np.zeros(HIGH_BIN - LOW_BIN, np.int32)

    def feed(self, magnitudes: F32) -> tuple[F32, F32]:
        """Return (share of peaks that have lasted, share of energy in them), each [k], of frames [k,bins].

        Frames with fewer than two peaks count as nothing lasting.
        """
        band = magnitudes[:, LOW_BIN:HIGH_BIN]
        peaks = _peaks(band)
        lasted, energy = np.zeros(len(band), np.float32), np.zeros(len(band), np.float32)
        power = _three_bins(band**2)
        for row, here in enumerate(peaks):
            wide = np.pad(self._age, 1)
            before = np.maximum(np.maximum(wide[:-2], wide[2:]), self._age)
            self._age = np.where(here, before + 1, 0).astype(np.int32)
            long = self._age >= LASTING
            count = int(here.sum())
            lasted[row] = long.sum() / count if count >= 2 else 0.0
            energy[row] = power[row][long].sum()
        total = np.maximum((band**2).sum(axis=1), 1e-12)
        return lasted, np.minimum(energy / total, 1).astype(np.float32)


def _peaks(band: F32) -> npt.NDArray[np.bool_]:
    """Return where [k,bins] a bin is the highest of five and stands out from its surroundings."""
    from scipy.ndimage import uniform_filter1d

    level = 20 * np.log10(np.maximum(band, QUIET / 10))
    wide = np.pad(level, ((0, 0), (2, 2)), mode="edge")
    beside = np.maximum(np.maximum(wide[:, 1:-3], wide[:, 3:-1]), np.maximum(wide[:, :-4], wide[:, 4:]))
    surroundings = uniform_filter1d(level, 2 * AROUND + 1, axis=1, mode="nearest")
    return np.asarray((level > beside) & (level > surroundings + STAND_OUT_DB) & (band > QUIET))


def _three_bins(power: F32) -> F32:
    wide = np.pad(power, ((0, 0), (1, 1)))
    return np.asarray(wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:], np.float32)


@signals.register(
    "music",
    input="audio",
    tracks=("music.lasting", "music.tonal"),
    card=Card(
        summary="How much of the sound is tones that last, as notes do.",
        source="McAulay & Quatieri 1986 (peaks followed); Minami et al. 1998 (lasting peaks tell music)",
        cost="about 1.5 ms CPU a second of sound",
    ),
)
class Music(ChunkedSignal):
    """Every 20 ms: share of spectral peaks that have lasted 160 ms, and share of energy (80 to 6000 Hz) in
    them."""

    def begin(self, info: MediaInfo) -> None:
        """Forget everything heard before."""
        self._spectra, self._followed = Spectra(WINDOW, HOP), Followed()
        self._lasting: list[F32] = []
        self._tonal: list[F32] = []

    def take(self, samples: F32) -> None:
        """Hear the next run [2,n]."""
        self._add(self._spectra.feed(samples.mean(axis=0, dtype=np.float32)))

    def _add(self, magnitudes: F32) -> None:
        lasting, tonal = self._followed.feed(magnitudes)
        self._lasting.append(lasting)
        self._tonal.append(tonal)

    def tracks(self, start_s: float) -> Sequence[Track]:
        """Return the tracks of everything heard, which began at `start_s`."""
        self._add(self._spectra.flush())
        return (
            sampled("music.lasting", "", np.concatenate(self._lasting), start_s, STEP_S),
            sampled("music.tonal", "", np.concatenate(self._tonal), start_s, STEP_S),
        )
