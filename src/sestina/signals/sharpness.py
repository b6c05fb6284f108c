"""How sharp the picture is, where it is sharpest, and along which axis detail is lost; sampled in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import F32, U8, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track
from sestina.signals._sampling import RATE_HZ, Sampler

CELLS = (8, 6)
"""Columns and rows of the map of sharpness."""
TAPS = 9
"""Length of the blur that the picture is compared with (Crete et al. 2007)."""
LEAST_STEP = 0.7
"""Mean grey step between neighbours below which a picture, or a cell, is too plain to be called sharp or not."""
CELLS_MIN = 4
"""Cells that must not be plain for saying where it is sharp."""
FALLOFF_PATCH = 0.16
"""Share of the side that a corner patch takes up."""
DARK_LEVEL = 12.0
NAMES = (
    "laplacian", "blur", "blur_h", "blur_v", "anisotropy", "contrast", "x", "y", "best", "subject_ratio",
    "falloff", "falloff_range",
)  # fmt: skip


@signals.register(
    "sharpness",
    input="frames",
    tracks=(*(f"sharpness.{name}" for name in NAMES), "sharpness.cells"),
    card=Card(
        summary="Perceptual blur along each axis, a map of local sharpness, and luma falling off to the corners.",
        source="the blur effect (Crete et al. 2007); variance of the Laplacian (Pech-Pacheco et al. 2000)",
        cost="0.7 ms a sample at 480x270, 6 samples a second",
        deviations="Measured at analysis size: blur of less than two pixels there does not show.",
    ),
)
@dataclass
class Sharpness:
    """Measures `sharpness.*`, six times a second.

    `blur` is 0 (sharp) to 1 (blurred), NaN where the picture is plain; `laplacian` the variance in grey levels squared;
    `x`, `y` the centre of fine detail; `best` the sharpness 0..1 of the sharpest tenth of cells and `subject_ratio` its
    ratio to that of the duller half; `falloff` how much darker the corners are than the middle, 0..1, and
    `falloff_range` how unlike the four corners are. Vector track `cells`: sharpness of each cell [6,8], NaN if plain.
    """

    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _cells: list[F32] = field(default_factory=list)
    _times: list[F64] = field(default_factory=list)

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rows, self._cells, self._times, self._sampler = [], [], [], Sampler(RATE_HZ)

    def feed(self, batch: FrameBatch) -> None:
        """Measure the sampled frames of the batch."""
        which = self._sampler.pick(batch.times_s)
        if not len(which):
            return
        sampled = batch.at(which)
        self._times.append(sampled.times_s)
        for luma in sampled.luma:
            across, down = Steps.of(luma, 1), Steps.of(luma, 0)
            cells = sharpness_map(across, down)
            self._cells.append(cells)
            self._rows.append((*blur_values(luma, across, down), *centre_of(cells), *falloff(luma)))

    def finish(self) -> Measurement:
        """Return the tracks."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        values = np.array(self._rows, np.float64).reshape(-1, len(NAMES)).T
        cells = np.array(self._cells, np.float32).reshape(-1, CELLS[1], CELLS[0])
        tracks = [_track(name, times, column) for name, column in zip(NAMES, values, strict=True)]
        tracks.append(Track(name="sharpness.cells", unit="", times_s=times, values=cells, kind="sampled"))
        return Measurement(tracks=tracks)


def _track(name: str, times: F64, values: F64) -> Track:
    unit = {"laplacian": "grey_levels2", "contrast": "grey_levels"}.get(name, "share")
    return Track(name=f"sharpness.{name}", unit=unit, times_s=times, values=values, kind="sampled")


@dataclass(frozen=True)
class Steps:
    """Steps between neighbours along one axis, by cell of the map: their mean, and the mean lost to one more blur.

    Each float32 [CELLS[1], CELLS[0]], grey levels.
    """

    total: F32
    lost: F32

    @classmethod
    def of(cls, luma: U8, axis: int) -> Steps:
        """Return the steps along the rows (axis 1) or columns (axis 0) of luma [h,w]; all zero when it is too small."""
        if min(luma.shape) < 2 * TAPS:
            none = np.zeros((CELLS[1], CELLS[0]), np.float32)
            return cls(none, none)
        blurred = cv2.blur(luma, (TAPS, 1) if axis else (1, TAPS))
        before, after = ((..., slice(1, None)), (..., slice(-1))) if axis else (slice(1, None), slice(-1))
        steps = cv2.absdiff(luma[before], luma[after])
        lost = cv2.subtract(steps, cv2.absdiff(blurred[before], blurred[after]))
        return cls(_cell_means(np.asarray(steps)), _cell_means(np.asarray(lost)))


def _cell_means(plane: npt.NDArray[Any]) -> F32:
    """Return the mean of each cell of a plane [h,w], by its integral."""
    sums = cv2.integral(plane)
    rows = np.linspace(0, plane.shape[0], CELLS[1] + 1).round().astype(np.intp)
    columns = np.linspace(0, plane.shape[1], CELLS[0] + 1).round().astype(np.intp)
    corners = np.asarray(sums)[np.ix_(rows, columns)].astype(np.float64)
    area = np.diff(rows)[:, None] * np.diff(columns)[None]
    return np.asarray(np.diff(np.diff(corners, axis=0), axis=1) / area, np.float32)


def blur_values(luma: U8, across: Steps, down: Steps) -> tuple[float, ...]:
    """Return Laplacian variance, blur, blur across, blur down, their difference, and mean step of luma [h,w].

    A sharp picture loses much of its steps between neighbours to one more blur, a blurred one hardly any.
    """
    laplacian = float(cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_16S))[1][0, 0] ** 2) if min(luma.shape) > 2 else 0.0
    step_x, step_y = float(across.total.mean()), float(down.total.mean())
    if max(step_x, step_y) < LEAST_STEP:
        return (laplacian, *(float("nan"),) * 4, max(step_x, step_y))
    blur_h, blur_v = (1 - float(s.lost.mean()) / max(float(s.total.mean()), 1e-6) for s in (across, down))
    return (laplacian, max(blur_h, blur_v), blur_h, blur_v, blur_h - blur_v, max(step_x, step_y))


def sharpness_map(across: Steps, down: Steps) -> F32:
    """Return the sharpness of each cell, float32 [6,8], 0..1: the share of steps that blur takes; NaN where plain."""
    total = across.total + down.total
    plain = total < 2 * LEAST_STEP
    return np.where(plain, np.nan, (across.lost + down.lost) / np.maximum(total, 1e-6)).astype(np.float32)


def centre_of(cells: F32) -> tuple[float, ...]:
    """Return x and y of the centre of sharpness, the sharpest cells, and their ratio to the duller half."""
    known = ~np.isnan(cells)
    if known.sum() < CELLS_MIN:
        return (float("nan"),) * 4
    values = cells[known].astype(np.float64)
    weight = np.where(known, np.nan_to_num(cells), 0).astype(np.float64) ** 4
    weight /= max(float(weight.sum()), 1e-12)
    xs, ys = (np.arange(CELLS[0]) + 0.5) / CELLS[0], (np.arange(CELLS[1]) + 0.5) / CELLS[1]
    x, y = float(weight.sum(axis=0) @ xs), float(weight.sum(axis=1) @ ys)
    dull = values[values <= np.median(values)]
    best = float(np.percentile(values, 90))
    return x, y, best, best / max(float(dull.mean()), 1e-6)


def falloff(luma: U8) -> tuple[float, float]:
    """Return how much darker the corners of luma [h,w] are than its middle, 0..1, and how far the corners differ."""
    height, width = luma.shape
    tall, wide = max(1, round(FALLOFF_PATCH * height)), max(1, round(FALLOFF_PATCH * width))
    ends = ((slice(0, tall), slice(height - tall, height)), (slice(0, wide), slice(width - wide, width)))
    corners = [float(cv2.mean(luma[rows, columns])[0]) for rows in ends[0] for columns in ends[1]]
    top, left = (height - 2 * tall) // 2, (width - 2 * wide) // 2
    middle = float(cv2.mean(luma[top : top + 2 * tall, left : left + 2 * wide])[0])
    if middle < DARK_LEVEL:
        return 0.0, 0.0
    darker = [1 - corner / middle for corner in corners]
    return float(np.clip(min(darker), -1, 1)), float(np.clip(max(darker) - min(darker), 0, 2))
