"""Pictures and videos that the user brings: as a background, a whole shot, or something that stands in the scene."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.errors import EmptyError, OpenError
from sestina.core.frames import Picture
from sestina.media.pictures import pictures
from sestina.media.probe import probe
from sestina.render.parts.stage import Source

U8 = npt.NDArray[np.uint8]

AHEAD = 240
"""Times that are asked for at once; a clip longer than its part asks again."""


def still(path: str) -> U8:
    """Return a picture file as uint8 RGB [H,W,3], or RGBA [H,W,4] where it has an alpha channel.

    Raises OpenError when it cannot be read.
    """
    raw = np.frombuffer(Path(path).read_bytes(), np.uint8) if Path(path).is_file() else np.zeros(0, np.uint8)
    picture = cv2.imdecode(raw, cv2.IMREAD_UNCHANGED) if len(raw) else None
    if picture is None:
        raise OpenError(f"cannot read the picture {path!r}", hint="give a PNG or JPEG file")
    if picture.dtype == np.uint16:
        picture = np.asarray(picture // 256, np.uint8)
    if picture.ndim == 2:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), np.uint8)
    code = cv2.COLOR_BGRA2RGBA if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(picture, code), np.uint8)


@lru_cache(maxsize=32)
def cut_out(path: str, height: int) -> U8:
    """Return a picture file as uint8 RGBA of so many rows, whole where it has no alpha channel. Raises OpenError."""
    picture = still(path)
    if picture.shape[2] == 3:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA), np.uint8)
    size = (max(1, round(picture.shape[1] * height / picture.shape[0])), height)
    shrinks = height < picture.shape[0]
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    edge = cv2.copyMakeBorder(scaled, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    edge[[0, -1], :, 3] = 0
    edge[:, [0, -1], 3] = 0
    return np.asarray(edge, np.uint8)


class Footage:
    """A part of a video file, trimmed, then looped or frozen.

    Args:
        source: of kind `clip`.
        fit: makes a picture of the size that the scene wants.

    Raises MediaError when the file cannot be opened or holds no video, ValueError when its part lies outside it.
    """

    def __init__(self, source: Source, fit: Callable[[U8], U8]) -> None:
        self._source, self._fit = source, fit
        self._info = probe(source.name)
        if self._info.video is None:
            raise EmptyError(f"{source.name!r} has no video", hint="give a video file")
        whole_s = self._info.span.duration_s
        end_s = whole_s if source.clip_end_s is None else min(whole_s, source.clip_end_s)
        self.part_s = end_s - source.clip_start_s
        if self.part_s <= 0:
            raise ValueError(f"{source.name!r} is {whole_s:g} s long, its part starts at {source.clip_start_s:g} s")
        self._rate = float(self._info.video.frame_rate or 30)
        self._next = 0
        self._frames: Iterator[Picture] = iter(())
        self._held: tuple[int, U8] | None = None

    def at(self, time_s: float) -> tuple[int, U8]:
        """Return the picture at a time since the part began, and the number of its frame in the part."""
        time_s = max(0.0, time_s)
        last_s = self.part_s - 0.5 / self._rate
        time_s = min(time_s, last_s) if self._source.clip_end == "freeze" else time_s % self.part_s
        number = int(time_s * self._rate + 1e-6)
        if self._held is None or self._held[0] != number:
            self._held = (number, self._fit(self._read(number)))
        return self._held

    def _read(self, number: int) -> U8:
        if number < self._next or number > self._next + AHEAD:
            self._frames, self._next = iter(()), number
        while True:
            for picture in self._frames:
                self._next += 1
                if self._next > number:
                    return picture.rgb
            first = self._info.span.start_s + self._source.clip_start_s
            times = [first + (k + 0.25) / self._rate for k in range(self._next, self._next + AHEAD)]
            self._frames = pictures(self._source.name, self._info, times)
