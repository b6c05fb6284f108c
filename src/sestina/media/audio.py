"""Sound as float blocks of one rate and channel count, each knowing when it plays.

The first sample plays at `AudioInfo.start_s`. Where the stream leaves out more than `TOLERANCE_S`, silence is put in;
where it repeats as much, the repetition is left out; smaller disagreements are rounding of time stamps.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from sestina.core.frames import AudioBlock
from sestina.core.media_info import AudioInfo, MediaInfo
from sestina.core.time import seconds
from sestina.media.source import Source, open_container, resolve
from sestina.media.streams import RATES_HZ, READ_ERRORS, decoder_of, frames_of, stream_at
from sestina.media.timeline import Problems

F32 = npt.NDArray[np.float32]

TOLERANCE_S = 0.015
"""Shorter than the shortest usual codec frame (20 ms), longer than the rounding of any container (1 ms)."""

MIXED_CHANNELS = 8
"""Up to 7.1 there is a rule for mixing down; of more channels the mean is taken."""

LONGEST_GAP_S = 3600.0
"""A longer gap is a broken time stamp, not silence."""


def audio_blocks(
    path: str | Path | Source,
    info: MediaInfo,
    *,
    rate_hz: int = 48_000,
    channels: int = 2,
    block_s: float = 1.0,
    problems: Problems | None = None,
) -> Iterator[AudioBlock]:
    """Yield the sound of a file in blocks of `block_s` seconds, the last one shorter.

    Args:
        path: the file that `info` describes.
        info: from `probe`.
        rate_hz: samples a second wanted.
        channels: 1 or 2. Mono becomes two equal channels; more than two are mixed down by ITU-R BS.775, whose sum may
            exceed 1; one channel is the mean of two.
        block_s: seconds a block.
        problems: where damage is counted.

    Raises ValueError when `info` has no sound or an argument is out of range, OpenError when the file is gone.
    Damage does not raise: what can be decoded is yielded, at its time.
    """
    if info.audio is None:
        raise ValueError(f"{info.name} has no sound")
    if channels not in (1, 2) or rate_hz < 1 or block_s * rate_hz < 1:
        raise ValueError(f"cannot give {channels} channels at {rate_hz} Hz in blocks of {block_s} s")
    found = problems if problems is not None else Problems()
    yield from _blocks(_resampled(resolve(path), info.audio, rate_hz, channels, found), info.audio, rate_hz, block_s)


def _blocks(runs: Iterator[F32], audio: AudioInfo, rate_hz: int, block_s: float) -> Iterator[AudioBlock]:
    """Cut runs of samples into blocks of equal length."""
    size = round(block_s * rate_hz)
    kept: list[F32] = []
    held, done = 0, 0
    for run in runs:
        kept.append(run)
        held += run.shape[1]
        if held < size:
            continue
        joined = np.concatenate(kept, axis=1)
        for start in range(0, held - size + 1, size):
            yield _block(joined[:, start : start + size], audio, rate_hz, done)
            done += size
        rest = joined[:, held - held % size :]
        kept, held = [rest], rest.shape[1]
    if held:
        yield _block(np.concatenate(kept, axis=1), audio, rate_hz, done)


def _block(samples: F32, audio: AudioInfo, rate_hz: int, done: int) -> AudioBlock:
    start_s = seconds(audio.start_s + Fraction(done, rate_hz))
    return AudioBlock(samples=np.ascontiguousarray(samples), rate_hz=rate_hz, start_s=start_s)


def _resampled(
    source: Source, audio: AudioInfo, rate_hz: int, channels: int, problems: Problems
) -> Iterator[F32]:
    """Yield runs of resampled samples [channels, n] that follow each other without gap."""
    with open_container(source) as container:
        stream = stream_at(container, audio.stream_index, "audio")
        line = _Line(audio, rate_hz, channels, problems)
        for frame in frames_of(container, stream, decoder_of(stream, threads=1), problems):
            try:
                yield from line.take(frame)
            except READ_ERRORS:
                problems.note("sound that cannot be converted")
        try:
            yield from line.flush()
        except READ_ERRORS:
            problems.note("sound that cannot be converted")


class _Line:
    """Puts decoded frames end to end on the time line, then resamples.

    Frames first become one or two channels of floats at their own rate. Besides being easier to cut, that is needed:
    PyAV reads past the end of its list of planes for frames of eight and more planar channels.
    A change of rate, format or layout on the way starts anew.
    """

    def __init__(self, audio: AudioInfo, rate_hz: int, channels: int, problems: Problems) -> None:
        self._start_s = Fraction(audio.start_s)
        self._rate_hz, self._channels, self._problems = rate_hz, channels, problems
        self._mixer: Any = None
        self._resampler: Any = None
        self._kind: tuple[str, str, int] | None = None
        self._fed_s = Fraction(0)

    def take(self, frame: Any) -> Iterator[F32]:
        """Yield what `frame` completes."""
        if frame.samples < 1 or frame.sample_rate not in RATES_HZ:
            return
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.flush()
            self._kind = kind
            self._mixer = _mixer(frame)
        time_s = None if frame.pts is None or not frame.time_base else frame.pts * frame.time_base
        yield from self._place(_mixed(self._mixer, frame), time_s, frame.sample_rate)

    def flush(self) -> Iterator[F32]:
        """Yield what the resampler holds back."""
        if self._resampler is not None:
            yield from self._out(self._resampler.resample(None))
            self._resampler = None

    def _place(self, samples: F32, time_s: Fraction | None, rate_hz: int) -> Iterator[F32]:
        """Put silence before samples that come late, cut the head off those that come early, and feed them."""
        now_s = self._start_s + self._fed_s
        late_s = Fraction(0) if time_s is None else time_s - now_s
        count = round(late_s * rate_hz)
        if abs(late_s) > LONGEST_GAP_S:
            self._problems.note("time stamps of the sound jump; the pieces are joined")
            self._start_s += late_s
        elif late_s > TOLERANCE_S:
            self._problems.note("gap in the sound, filled with silence", float(now_s))
            for at in range(0, count, rate_hz):
                yield from self._feed(np.zeros((len(samples), min(rate_hz, count - at)), np.float32), rate_hz)
        elif late_s < -TOLERANCE_S:
            self._problems.note("sound that overlaps, cut", float(now_s))
            samples = samples[:, -count:]
        yield from self._feed(samples, rate_hz)

    def _feed(self, samples: F32, rate_hz: int) -> Iterator[F32]:
        if samples.shape[1] == 0:
            return
        layout = "mono" if len(samples) == 1 else "stereo"
        if self._resampler is None:
            self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=self._rate_hz)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        frame.sample_rate = rate_hz
        self._fed_s += Fraction(samples.shape[1], rate_hz)
        yield from self._out(self._resampler.resample(frame))

    def _out(self, frames: list[Any]) -> Iterator[F32]:
        for frame in frames:
            samples = np.asarray(frame.to_ndarray(), np.float32)
            if len(samples) > self._channels:
                samples = samples.mean(axis=0, keepdims=True, dtype=np.float32)
            if len(samples) < self._channels:
                samples = np.repeat(samples, self._channels, axis=0)
            if samples.shape[1]:
                yield samples


def _mixer(frame: Any) -> Any:
    """Return what turns frames like this into floats at the same rate: mono, stereo, or, packed, too many channels."""
    count = len(frame.layout.channels)
    if count > MIXED_CHANNELS:
        return av.AudioResampler(format="flt", layout=frame.layout, rate=frame.sample_rate)
    return av.AudioResampler(format="fltp", layout="mono" if count == 1 else "stereo", rate=frame.sample_rate)


def _mixed(mixer: Any, frame: Any) -> F32:
    """Return a frame's samples as finite float32 [1 or 2, n]."""
    width = len(frame.layout.channels)
    frame.pts = None  # a mixer that knew the time would put in gaps of its own
    runs = [np.asarray(part.to_ndarray(), np.float32) for part in mixer.resample(frame)]
    if not runs:
        return np.zeros((1 if width == 1 else 2, 0), np.float32)
    samples = np.concatenate(runs, axis=1)
    if width > MIXED_CHANNELS:
        samples = samples.reshape(-1, width).mean(axis=1, dtype=np.float32)[None]
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
