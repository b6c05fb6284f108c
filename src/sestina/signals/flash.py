"""Flashes that may hurt photosensitive viewers: how often large parts of the picture go bright and dark again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.frames import F32, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track

GRID = (12, 8)
"""Columns and rows of cells; each is about a fiftieth of the quarter of the picture that matters."""
STEP = 0.10
"""Change of relative luminance, as a share of full white, that counts (WCAG 2.3.1, ITU-R BT.1702)."""
DARKER_MAX = 0.80
"""The darker of the two pictures lies below this relative luminance, else nothing is a flash."""
RED_STEP = 20 / 320
"""Change of (R - G - B), negative ones set to zero, that counts for saturated red (WCAG 2.3.1: 20 of 320)."""
RED_SHARE_MIN = 0.80
"""R / (R + G + B) of one of the two pictures of a red flash."""
WINDOW_S = 1.0
FACET = "diss.safety.photosensitive_flash"


@dataclass
class _Swings:
    """Counts, in every cell, changes of direction that are large enough: two opposing ones are one flash.

    Every cell is taken to be rising at first, so that a first rise is not counted and a first fall is.

    Args:
        step: least change that counts.
    """

    step: float
    _extreme: F32 | None = None
    _direction: F32 | None = None

    def feed(self, level: F32, allowed: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.bool_] | None:
        """Take the next level of every cell [C]; return which cells have just completed a change, None for none."""
        if self._extreme is None or self._direction is None:
            self._extreme, self._direction = level.copy(), np.ones(level.shape, np.float32)
            return None
        ahead = (level - self._extreme) * self._direction
        np.copyto(self._extreme, level, where=ahead > 0)
        if float(ahead.min()) > -self.step:
            return None
        done = ahead <= -self.step
        if allowed is not None:
            done &= allowed
        self._direction[done] *= -1
        self._extreme[done] = level[done]
        return done


@dataclass
class _Rate:
    """Flashes a second that at least the asked share of cells shows, over the last second."""

    share: float
    _recent: deque[tuple[float, npt.NDArray[np.bool_]]] = field(default_factory=deque)
    _count: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(GRID[0] * GRID[1], np.int32))
    _rate: float = 0.0

    def feed(self, time_s: float, done: npt.NDArray[np.bool_] | None) -> float:
        """Take the changes completed at `time_s`, None for none; return the rate."""
        changed = done is not None
        while self._recent and self._recent[0][0] <= time_s - WINDOW_S + 1e-6:
            self._count -= self._recent.popleft()[1]
            changed = True
        if done is not None:
            self._recent.append((time_s, done))
            self._count += done
        if changed:
            # More than the share: of 96 cells and a quarter, the 25th largest count.
            place = int(np.floor(self.share * len(self._count))) + 1
            self._rate = float(np.partition(self._count, -place)[-place]) / 2
        return self._rate


@signals.register(
    "flash",
    input="frames",
    tracks=("flash.rate", "flash.red_rate"),
    card=Card(
        summary="Flashes in the last second that more than a quarter of the picture shows, general and red.",
        source="WCAG 2.2 success criterion 2.3.1; ITU-R BT.1702-3 (2023)",
        cost="0.06 ms a frame",
        deviations="Counts on a grid of 12 by 8 cells; area is that of the picture, not of the field of view.",
    ),
)
@dataclass
class Flash:
    """Measures `flash.*`, one value a frame."""

    _rates: list[tuple[float, float]] = field(default_factory=list)
    _times: list[F64] = field(default_factory=list)

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rates, self._times = [], []
        share = vocabulary.threshold(FACET, "area_share_min")
        self._bright, self._red = _Swings(STEP), _Swings(RED_STEP)
        self._general_rate, self._red_rate = _Rate(share), _Rate(share)
        self._saturated = np.zeros(GRID[0] * GRID[1], bool)

    def feed(self, batch: FrameBatch) -> None:
        """Follow every cell from frame to frame."""
        self._times.append(batch.times_s)
        reds, greens, blues = linear(batch)
        lights = np.minimum(0.2126 * reds + 0.7152 * greens + 0.0722 * blues, DARKER_MAX + STEP)
        excess = np.maximum(reds - greens - blues, 0)
        saturated = reds >= RED_SHARE_MIN * np.maximum(reds + greens + blues, 1e-3)
        for i, time_s in enumerate(batch.times_s.tolist()):
            bright = self._general_rate.feed(time_s, self._bright.feed(lights[i]))
            done = self._red.feed(excess[i], saturated[i] | self._saturated)
            self._saturated = saturated[i]
            self._rates.append((bright, self._red_rate.feed(time_s, done)))

    def finish(self) -> Measurement:
        """Return the tracks."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        values = np.array(self._rates, np.float64).reshape(-1, 2)
        general, red = values.T
        return Measurement(
            tracks=(
                Track(name="flash.rate", unit="1/s", times_s=times, values=general),
                Track(name="flash.red_rate", unit="1/s", times_s=times, values=red),
            )
        )


GAMMA = ((np.arange(256) / 255) ** 2.4).astype(np.float32)
"""Full-range 8-bit code value to linear light: BT.1886, the display that BT.709 pictures are made for."""


def linear(batch: FrameBatch) -> tuple[F32, F32, F32]:
    """Return linear red, green and blue of every cell of the grid of every frame, 0..1, [N,C] each."""
    # Every fourth pixel of chroma is enough for the mean of a cell.
    planes = (batch.quarter, *(np.ascontiguousarray(p[:, ::4, ::4]) for p in (batch.cb, batch.cr)))
    small = [np.array([cv2.resize(p, GRID, interpolation=cv2.INTER_AREA) for p in plane]) for plane in planes]
    y, u, v = (plane.reshape(len(batch), -1).astype(np.float32) for plane in small)
    red = y + 1.5748 * (v - 128)
    green = y - 0.1873 * (u - 128) - 0.4681 * (v - 128)
    blue = y + 1.8556 * (u - 128)
    light = [GAMMA[np.clip(channel, 0, 255).astype(np.uint8)] for channel in (red, green, blue)]
    return light[0], light[1], light[2]
