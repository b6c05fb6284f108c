"""Small real videos for the exports that show or cut them: every frame carries its number, every second a click."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.media.decode import audio_blocks, pictures
from sestina.media.probe import probe
from tests.export.boards import unit
from tests.media import make

RATE_HZ = 48_000


def bits(number: int, width: int = 96, height: int = 64) -> make.U8:
    """Return a picture that spells a number in eight stripes, black and white, lowest bit left."""
    picture = np.full((height, width, 3), 16, np.uint8)
    for bit in range(8):
        if number >> bit & 1:
            picture[:, bit * width // 8 : (bit + 1) * width // 8] = 235
    return picture


def number_in(rgb: make.U8) -> int:
    """Return the number that `bits` spelled."""
    width = rgb.shape[1]
    stripes = [rgb[:, bit * width // 8 : (bit + 1) * width // 8].mean() for bit in range(8)]
    return sum(1 << bit for bit, level in enumerate(stripes) if level > 127)


def clicks(times_s: Sequence[float], length_s: float, channels: int = 2) -> make.F32:
    """Return silence with a 4 ms burst of 2 kHz at every time, float32 [channels, n]."""
    sound = np.zeros((channels, round(length_s * RATE_HZ)), np.float32)
    burst = 0.8 * np.sin(2 * np.pi * 2000 * np.arange(192) / RATE_HZ)
    for time_s in times_s:
        at = round(time_s * RATE_HZ)
        sound[:, at : at + len(burst)] = burst[: sound.shape[1] - at]
    return sound


def film(path: Path, count: int, rate: Fraction, *, pts: Sequence[int] | None = None, size: tuple[int, int] = (96, 64),
         sound: bool = True, **facts: Any) -> Path:  # fmt: skip
    """Write `count` numbered frames, a click at the time of every tenth, and return the path."""
    base = facts.get("time_base", 1 / rate)
    ticks = list(pts) if pts is not None else list(range(count))
    step = 1 / (rate * base)
    end_s = float((ticks[-1] + step) * base)
    heard = clicks([float(ticks[n] * base) for n in range(0, count, 10)], end_s) if sound else None
    return make.video(
        path, [bits(n, *size) for n in range(count)], rate=rate, pts=pts, sound=heard, **facts
    )


def board(path: Path, cuts: Sequence[int], *more: Unit) -> Storyboard:
    """Return a storyboard of a file with shots that begin at these frames, the first being 0."""
    info = probe(path)
    table = info.frame_table()
    assert table is not None
    times = [table.time_s(n) for n in (*cuts, len(table))]
    shots = [
        unit(f"s{n}", "edit.shot", Span.of(times[n], times[n + 1]), label="shot", level="shot")
        for n in range(len(cuts))
    ]
    return Storyboard(media=info, items=(*shots, *more)).canonical()


def numbers(path: Path) -> list[int]:
    """Return the number that every frame of a file spells, in order."""
    info = probe(path)
    table = info.frame_table()
    assert table is not None
    return [number_in(picture.rgb) for picture in pictures(path, info, list(table.times_s))]


def heard(path: Path) -> list[float]:
    """Return when clicks begin in a file, seconds on the time line of its picture."""
    info = probe(path)
    blocks = list(audio_blocks(path, info, channels=1, rate_hz=RATE_HZ))
    samples = np.concatenate([block.samples for block in blocks], axis=1)[0]
    loud = np.flatnonzero(np.abs(samples) > 0.25)
    firsts = loud[np.diff(loud, prepend=-RATE_HZ) > RATE_HZ // 50]
    return [blocks[0].start_s + int(at) / RATE_HZ for at in firsts]
