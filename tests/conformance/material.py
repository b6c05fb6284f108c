"""Material every component is tried on: small moving pictures and sounds made here, whose content is known."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from sestina.core.frames import AudioBlock, FrameBatch
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.time import Span

RATE = Fraction(25)
AUDIO_RATE = 48_000


def planes(frames: int, height: int = 96, width: int = 160, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return luma and chroma [N,h,w] of a drifting texture that cuts to another, darker one at two thirds."""
    rng = np.random.default_rng(seed)
    coarse = [rng.integers(30, 220, (height // 4 + 2, (width + 2 * frames) // 4 + 2)) for _ in range(2)]
    canvases = [np.kron(canvas, np.ones((4, 4))).astype(np.uint8) for canvas in coarse]
    luma = np.empty((frames, height, width), np.uint8)
    for i in range(frames):
        second = i >= frames * 2 // 3
        view = canvases[int(second)][:height, 2 * i : 2 * i + width]
        luma[i] = view // 2 if second else view
    chroma = np.full((2, frames, max(1, height // 2), max(1, width // 2)), 128, np.uint8)
    chroma[0, frames * 2 // 3 :] = 96
    return luma, chroma[0], chroma[1]


def batches(frames: int, size: int, height: int = 96, width: int = 160) -> Iterator[FrameBatch]:
    """Yield the moving picture in batches of `size` frames."""
    luma, cb, cr = planes(frames, height, width)
    for i in range(0, frames, size):
        part = slice(i, min(i + size, frames))
        pts = np.arange(part.start, part.stop, dtype=np.int64)
        yield FrameBatch(luma=luma[part], cb=cb[part], cr=cr[part], pts=pts, time_base=1 / RATE, index=i)


def sound(duration_s: float) -> np.ndarray:
    """Return float32 [2, n]: a beat of decaying tones twice a second over quiet noise, silent in the last quarter."""
    n = round(duration_s * AUDIO_RATE)
    t = np.arange(n) / AUDIO_RATE
    beat = np.sin(2 * np.pi * 220 * t) * np.exp(-6 * (t % 0.5))
    noise = np.random.default_rng(2).normal(0, 0.01, n)
    wave = (0.4 * beat + noise) * (t < 0.75 * duration_s)
    return np.stack([wave, 0.8 * wave]).astype(np.float32)


def blocks(duration_s: float, size: int) -> Iterator[AudioBlock]:
    """Yield the sound in blocks of `size` samples."""
    samples = sound(duration_s)
    for i in range(0, samples.shape[1], size):
        yield AudioBlock(samples=samples[:, i : i + size], rate_hz=AUDIO_RATE, start_s=i / AUDIO_RATE)


def info(frames: int, height: int = 96, width: int = 160, *, audio: bool = True) -> MediaInfo:
    """Return the facts of the moving picture and its sound."""
    video = VideoInfo(
        codec="rawvideo",
        pixel_format="yuv420p",
        width=width,
        height=height,
        display_width=width,
        display_height=height,
        frame_rate=RATE,
        time_base=1 / RATE,
        frame_count_from_content=frames,
    )
    heard = AudioInfo(
        codec="pcm_f32le", rate_hz=AUDIO_RATE, channels=2, layout="stereo", duration_s=float(frames / RATE)
    )
    return MediaInfo(
        path="material.nut",
        sha256="0" * 64,
        size_bytes=1,
        container="nut",
        span=Span.of(0, frames / RATE),
        video=video,
        audio=heard if audio else None,
    )
