"""Sounds with known truth, and a listener that plays them to a signal in blocks of any length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sestina.core.frames import AudioBlock
from sestina.core.media_info import AudioInfo, MediaInfo
from sestina.core.roles import AudioSignal, Measurement
from sestina.core.time import Span
from sestina.core.track import Track

RATE = 48_000
F32 = npt.NDArray[np.float32]


def info(duration_s: float = 10.0, channels: int = 2, start_s: float = 0.0) -> MediaInfo:
    audio = AudioInfo(codec="pcm_s16le", rate_hz=RATE, channels=channels, start_s=start_s, duration_s=duration_s)
    span = Span.of(start_s, start_s + duration_s)
    return MediaInfo(path="sound.wav", sha256="0" * 64, size_bytes=1, container="wav", span=span, audio=audio)


def hear(signal: AudioSignal, samples: F32, *, blocks: Sequence[int] = (1024,), start_s: float = 0.0) -> Measurement:
    """Play mono [n] or stereo [2,n] to a signal, in blocks whose lengths go round `blocks`."""
    both = np.stack([samples, samples]) if samples.ndim == 1 else samples
    signal.start(info(both.shape[1] / RATE, start_s=start_s))
    at, turn = 0, 0
    while at < both.shape[1]:
        size = blocks[turn % len(blocks)]
        run = np.ascontiguousarray(both[:, at : at + size], np.float32)
        signal.feed(AudioBlock(samples=run, rate_hz=RATE, start_s=start_s + at / RATE))
        at, turn = at + size, turn + 1
    return signal.finish()


def tracks(measurement: Measurement) -> Mapping[str, Track]:
    return {track.name: track for track in measurement.tracks}


def heard(signal: Any, samples: F32, **how: Any) -> Mapping[str, Track]:
    return tracks(hear(signal, samples, **how))


def seconds(duration_s: float) -> npt.NDArray[np.float64]:
    return np.arange(round(duration_s * RATE)) / RATE


def sine(hz: float, duration_s: float, dbfs: float = -20.0) -> F32:
    """A sine whose peak lies at `dbfs`."""
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * seconds(duration_s))
    return wave.astype(np.float32)


def noise(duration_s: float, dbfs: float = -20.0, seed: int = 0) -> F32:
    """White noise whose RMS lies at `dbfs`."""
    wave = np.random.default_rng(seed).normal(0, 10 ** (dbfs / 20), round(duration_s * RATE))
    return wave.astype(np.float32)


def silence(duration_s: float) -> F32:
    return np.zeros(round(duration_s * RATE), np.float32)


def clicks(times_s: Sequence[float] | npt.NDArray[np.float64], duration_s: float, seed: int = 0) -> F32:
    """Short bursts of decaying noise, like a hand clap, that begin exactly at `times_s`."""
    rng, wave = np.random.default_rng(seed), np.zeros(round(duration_s * RATE))
    length = round(0.05 * RATE)
    envelope = np.exp(-np.arange(length) / (0.008 * RATE))
    for time_s in times_s:
        first = round(time_s * RATE)
        last = min(first + length, len(wave))
        wave[first:last] += 0.4 * rng.normal(size=length)[: last - first] * envelope[: last - first]
    return wave.astype(np.float32)


def chord(notes_hz: Sequence[float], duration_s: float, dbfs: float = -20.0) -> F32:
    """A held chord, each note with five partials, faded in and out over 20 ms."""
    time = seconds(duration_s)
    wave = sum(np.sin(2 * np.pi * hz * k * time) / k for hz in notes_hz for k in range(1, 6))
    fade = np.clip(np.minimum(time, time[-1] - time) / 0.02, 0, 1)
    wave = np.asarray(wave * fade)
    return np.asarray(wave * 10 ** (dbfs / 20) / max(1e-9, float(np.sqrt(np.mean(wave**2)))), np.float32)


def tune(bpm: float, duration_s: float, dbfs: float = -20.0, seed: int = 0) -> F32:
    """Music of a kind: a chord a bar of four, a clap on every beat."""
    beat_s = 60 / bpm
    roots = (220.0, 174.61, 130.81 * 2, 196.0)
    bars = [chord((root, root * 1.25, root * 1.5), 4 * beat_s) for root in roots]
    count = int(np.ceil(duration_s / (4 * beat_s)))
    wave: F32 = np.concatenate([bars[i % 4] for i in range(count)])[: round(duration_s * RATE)]
    claps = clicks(np.arange(0, duration_s, beat_s), duration_s, seed)
    wave = wave[: len(claps)] + claps[: len(wave)] * 0.8
    return np.asarray(wave * 10 ** (dbfs / 20) / np.sqrt(np.mean(wave**2)), np.float32)
