"""What every audio signal stands on: sound in runs of one fixed length, and its short-time spectrum.

Blocks arrive cut anywhere. `Chunks` cuts them anew on a grid that begins at the first sample, so that each
signal does the same arithmetic on the same arrays whatever the decoder's packets were, and nothing longer
than a chunk is kept.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from sestina.core.frames import F32, AudioBlock
from sestina.core.media_info import MediaInfo
from sestina.core.roles import Measurement
from sestina.core.track import Track
from sestina.signals._filters import Strided, lowpass

F64 = npt.NDArray[np.float64]

RATE_HZ = 48_000
"""Samples a second that audio signals are fed."""

FLOOR_DB = -120.0
"""Level written for silence, whose logarithm would be minus infinity."""

JOIN_TOLERANCE_S = 0.05
"""How far a block's own start may lie from where the last one ended before it counts as a gap: packets of
lossy codecs carry time stamps rounded to a millisecond and priming samples of about 20 ms."""

LOUDEST = 8.0
"""Samples are held to this range: float files may carry any number, and squares must not overflow."""


def db(power: npt.NDArray[np.floating] | float) -> F64:
    """Return power ratios in decibels, not below `FLOOR_DB`."""
    return np.asarray(10 * np.log10(np.maximum(np.asarray(power, np.float64), 10 ** (FLOOR_DB / 10))))


def stereo(samples: F32) -> F32:
    """Return samples [c,n] as clean stereo [2,n]: no NaN, no infinity; one channel is split at equal
    power."""
    clean = np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -LOUDEST, LOUDEST).astype(np.float32)
    if len(clean) == 1:
        return np.repeat(clean * np.float32(np.sqrt(0.5)), 2, axis=0)
    return clean[:2]


class Chunks:
    """Cuts sound into runs of exactly `size` samples, and fills holes between blocks with silence.

    Args:
        size: samples in a run.

    `start_s` is the presentation time of the first sample, 0 before any came.
    """

    def __init__(self, size: int) -> None:
        self.start_s = 0.0
        self._size = size
        self._parts: list[F32] = []
        self._waiting = 0
        self._received = 0

    def feed(self, block: AudioBlock) -> Iterator[F32]:
        """Yield every full run [2,size] that `block` completes. Raises ValueError for another sample rate."""
        if block.rate_hz != RATE_HZ:
            raise ValueError(f"audio signals are fed {RATE_HZ} Hz, got {block.rate_hz}")
        samples = stereo(block.samples)
        if not self._received:
            self.start_s = block.start_s
        late = round((block.start_s - self.start_s) * RATE_HZ) - self._received
        if abs(late) <= JOIN_TOLERANCE_S * RATE_HZ:
            late = 0
        while late > 0:  # a hole, however long, passes through as silent runs
            step = min(late, self._size)
            yield from self._push(np.zeros((2, step), np.float32))
            late -= step
        yield from self._push(samples[:, -late:] if late < 0 else samples)

    def rest(self) -> F32:
        """Return the samples [2,n] that did not fill a run."""
        return np.concatenate(self._parts, axis=1) if self._parts else np.zeros((2, 0), np.float32)

    def _push(self, samples: F32) -> Iterator[F32]:
        self._received += samples.shape[1]
        self._parts.append(samples)
        self._waiting += samples.shape[1]
        if self._waiting < self._size:
            return
        joined = self.rest()
        whole = self._waiting - self._waiting % self._size
        self._parts = [joined[:, whole:].copy()]
        self._waiting -= whole
        for first in range(0, whole, self._size):
            yield joined[:, first : first + self._size]


class ChunkedSignal(ABC):
    """An audio signal that is handed runs of `chunk` samples and the shorter rest, in order."""

    chunk = RATE_HZ

    def start(self, info: MediaInfo) -> None:
        """Get ready for one video."""
        self._chunks = Chunks(self.chunk)
        self.begin(info)

    def feed(self, block: AudioBlock) -> None:
        """Take the next run of sound."""
        for samples in self._chunks.feed(block):
            self.take(samples)

    def finish(self) -> Measurement:
        """Return what was measured; nothing when there was no sound."""
        rest = self._chunks.rest()
        if rest.shape[1]:
            self.take(rest)
        return Measurement(tracks=tuple(track for track in self.tracks(self._chunks.start_s) if len(track)))

    @abstractmethod
    def begin(self, info: MediaInfo) -> None:
        """Forget everything heard before."""

    @abstractmethod
    def take(self, samples: F32) -> None:
        """Hear the next run [2,n]."""

    @abstractmethod
    def tracks(self, start_s: float) -> Sequence[Track]:
        """Return the tracks of everything heard, which began at `start_s`."""


class Decimator:
    """Lowers the sample rate by a whole factor, run by run, as if the sound were one piece.

    Args:
        factor: of which every run's length but the last is a multiple.
    """

    def __init__(self, factor: int) -> None:
        self._filter = Strided(lowpass(16 * factor + 1, 0.9 / factor)[None], 1, factor)

    def feed(self, mono: F32) -> F32:
        """Return `mono` [n] at the lower rate, [ceil(n / factor)], a few samples late."""
        return np.ascontiguousarray(self._filter.feed(mono[None])[0, :, 0])


class Spectra:
    """Short-time magnitude spectra of mono sound, frame by frame, in bounded memory.

    Frame k is centred on sample k * hop; before and after the sound there is silence.

    Args:
        window: samples under the Hann window, even.
        hop: samples from frame to frame.
    """

    def __init__(self, window: int, hop: int) -> None:
        self.window, self.hop = window, hop
        shape = np.hanning(window + 1)[:-1].astype(np.float32)
        self._shape = shape * np.float32(2 / shape.sum())  # a full-scale sine has magnitude 1
        self._tail = np.zeros(window // 2, np.float32)

    def feed(self, mono: F32) -> F32:
        """Return magnitudes [k, window//2+1] of the frames that `mono` [n] completes."""
        samples = np.concatenate([self._tail, mono])
        count = max(0, (len(samples) - self.window) // self.hop + 1)
        self._tail = samples[count * self.hop :]
        if not count:
            return np.zeros((0, self.window // 2 + 1), np.float32)
        frames = np.lib.stride_tricks.sliding_window_view(samples, self.window)[:: self.hop][:count]
        return np.abs(np.fft.rfft(frames * self._shape, axis=1)).astype(np.float32)

    def flush(self) -> F32:
        """Return the last frames, whose centre still lies inside the sound."""
        return self.feed(np.zeros(self.window // 2, np.float32))


def sampled(name: str, unit: str, values: Sequence[float] | F32 | F64, start_s: float, step_s: float) -> Track:
    """Return the `sampled` track whose value i holds at `start_s + i * step_s`."""
    array = np.asarray(values, np.float32)
    times = np.round(start_s + np.arange(len(array), dtype=np.float64) * step_s, 6)
    return Track(name=name, unit=unit, times_s=times, values=array, kind="sampled")


def events(name: str, unit: str, times_s: Sequence[float] | F64, values: Sequence[float] | F64) -> Track:
    """Return the `event` track with one value an event."""
    times: F64 = np.round(np.asarray(times_s, np.float64), 6).astype(np.float64)
    return Track(name=name, unit=unit, times_s=times, values=np.asarray(values, np.float32), kind="event")
