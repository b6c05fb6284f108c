"""Pictures drawn here, measured by real signals and read by real parsers: what a video of them would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.frames import FrameBatch, Picture
from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.core.reading import Reading
from sestina.core.registry import parsers, signals
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.pipeline.parse import parse, reading_of
from sestina.pipeline.sweep import Gathered

U8 = npt.NDArray[np.uint8]


def flat(colour: Sequence[float], height: int = 180, width: int = 320) -> U8:
    """Return a picture of one sRGB colour."""
    return np.full((height, width, 3), np.array(colour, np.uint8), np.uint8)


def texture(height: int = 180, width: int = 320, *, low: int = 20, high: int = 235, seed: int = 0, cell: int = 6) -> U8:
    """Return a grey picture of smooth random blobs about `cell` pixels wide."""
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(low, high, (height // cell + 2, width // cell + 2)).astype(np.float32)
    grey = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def still(picture: U8, frames: int = 25) -> list[U8]:
    """Return `frames` frames of one picture."""
    return [picture] * frames


def drifting(picture: U8, frames: int, step: int = 2) -> list[U8]:
    """Return frames of `picture` moving left by `step` pixels a frame, wrapped round."""
    return [np.roll(picture, -step * i, axis=1) for i in range(frames)]


def planes(rgb: U8) -> tuple[U8, U8, U8]:
    """Return full-range BT.709 luma [h,w] and chroma [h//2,w//2] of an RGB picture."""
    red, green, blue = (rgb[..., i].astype(np.float32) for i in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    cb, cr = (blue - luma) / 1.8556 + 128, (red - luma) / 1.5748 + 128
    size = (max(1, rgb.shape[1] // 2), max(1, rgb.shape[0] // 2))
    small = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (cb, cr)]
    y, u, v = (np.clip(np.round(plane), 0, 255).astype(np.uint8) for plane in (luma, *small))
    return y, u, v


def batches(frames: Sequence[U8], fps: int = 25, size: int = 16) -> Iterator[FrameBatch]:
    """Yield RGB frames as batches of `size`."""
    for first in range(0, len(frames), size):
        run = [planes(frame) for frame in frames[first : first + size]]
        luma, cb, cr = (np.stack(plane) for plane in zip(*run, strict=True))
        pts = np.arange(first, first + len(run), dtype=np.int64)
        yield FrameBatch(luma=luma, cb=cb, cr=cr, pts=pts, time_base=Fraction(1, fps), index=first)


def info(frames: int, fps: int = 25, height: int = 180, width: int = 320, **facts: Any) -> MediaInfo:
    """Return the facts of a video of that many frames."""
    video = VideoInfo(
        codec="rawvideo",
        pixel_format="yuv420p",
        width=width,
        height=height,
        display_width=width,
        display_height=height,
        frame_rate=Fraction(fps),
        time_base=Fraction(1, fps),
        frame_count_from_content=frames,
    ).model_copy(update=facts)
    span = Span.of(0, Fraction(frames, fps))
    return MediaInfo(path="drawn.nut", sha256="0" * 64, size_bytes=1, container="nut", span=span, video=video)


def measured(frames: Sequence[U8], stems: Sequence[str], fps: int = 25, size: int = 16, **facts: Any) -> Gathered:
    """Return what the frame signals `stems` measure on RGB frames."""
    height, width = frames[0].shape[:2]
    found = Gathered(media=info(len(frames), fps, height, width, **facts))
    running = {stem: signals.get(stem).make() for stem in stems if signals.get(stem).input == "frames"}
    for signal in running.values():
        signal.start(found.media)
    for batch in batches(frames, fps, size):
        for signal in running.values():
            signal.feed(batch)
    for stem, signal in running.items():
        found.add(stem, signal.finish())
    return found


def shots(reading: Reading, cuts_s: Sequence[float] = ()) -> list[Unit]:
    """Return shots that tile the video with hard cuts at `cuts_s`."""
    edges = [reading.span.start_s, *cuts_s, reading.span.end_s]
    units = [
        reading.unit("edit.shot", label="shot", span=Span.of(a, b), evidence=[reading.frame(a)])
        for a, b in pairwise(edges)
    ]
    cuts = [
        reading.unit("edit.transition", label="hard_cut", span=Span.at(t), evidence=[reading.frame(t)]) for t in cuts_s
    ]
    return [*units, *cuts]


def looked_at(frames: Sequence[U8], found: Gathered, units: Sequence[Unit], stems: Sequence[str]) -> None:
    """Show the stills signals `stems` the pictures they choose and add what they find to `found`."""
    reading = reading_of(found, units)
    table = reading.frames
    for stem in stems:
        signal = signals.get(stem).make()
        for index in sorted({table.index_at(at) for at in signal.choose(reading)}):
            signal.feed(Picture(rgb=frames[index], pts=int(table.pts[index]), time_base=table.time_base))
        found.add(stem, signal.finish())


def parsed(
    frames: Sequence[U8],
    names: Sequence[str],
    stems: Sequence[str],
    *,
    fps: int = 25,
    cuts_s: Sequence[float] = (),
    **facts: Any,
) -> list[Unit]:
    """Return the units that parsers `names` draw from `frames` by signals `stems`, shots and cuts left out."""
    found = measured(frames, stems, fps, **facts)
    given = shots(reading_of(found), cuts_s)
    looked_at(frames, found, given, [stem for stem in stems if signals.get(stem).input == "stills"])
    return parse(found, [parsers.get(name) for name in names], given)[len(given) :]


def labels(units: Sequence[Unit], facet: str) -> list[str | None]:
    """Return the labels of the units of `facet`, in order of time; None for an abstention."""
    return [unit.label for unit in sorted(units, key=lambda unit: unit.order) if unit.facet == facet]


def one(units: Sequence[Unit], facet: str) -> Unit:
    """Return the only unit of `facet`."""
    found = [unit for unit in units if unit.facet == facet]
    assert len(found) == 1, f"{len(found)} units of {facet}"
    return found[0]
