"""Straight seams along the axes that keep their place, what moves on either side, and how much is flat colour."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import F32, U8, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track
from sestina.signals._inset import Inset, InsetFinder
from sestina.signals._sampling import RATE_HZ, Sampler

STEP_LEVELS = 9
"""Grey levels by which two neighbouring pixels must differ to lie on both sides of a seam."""
FLAT_LEVELS = 1
"""Grey levels by which neighbours in a flat area may differ: drawn areas do not, filmed ones do."""
COARSE = 120
"""Places along each axis that coverage is kept for: a hundredth of the picture is near enough for a layout."""
STRIPS = 12
"""Strips along each axis whose motion is kept apart."""
MARGIN = 0.06
"""Share of the side at each end in which an edge is a border and no seam."""
NAMES = ("x", "y", "flat", "axis_edges", "change")


@signals.register(
    "seams",
    input="frames",
    tracks=(
        *(f"seams.{name}" for name in NAMES),
        "seams.columns", "seams.rows", "seams.motion_x", "seams.motion_y",
        *(f"seams.inset_{name}" for name in Inset.NAMES),
    ),
    card=Card(
        summary="Seams along the axes, rectangles that stay, change in strips, flat colour, edges bound to the axes.",
        source="own",
        cost="0.3 ms a sample at 480x270, 6 samples a second",
    ),
)  # fmt: skip
@dataclass
class Seams:
    """Measures `seams.*`, six times a second.

    `x` is the largest share of the height along which an upright line of steps runs, `y` of the width for a level one,
    away from the rim; `flat` the share of neighbours with one colour; `axis_edges` the share of edges that run along
    an axis; `change` the mean change since the last sample, grey levels. Vector tracks: coverage by place (`columns`,
    `rows`) and change by strip (`motion_x` from left to right, `motion_y` from top to bottom).
    """

    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _vectors: list[tuple[F32, F32, F32, F32]] = field(default_factory=list)
    _insets: list[Inset] = field(default_factory=list)
    _times: list[F64] = field(default_factory=list)
    _last: U8 | None = None

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rows, self._vectors, self._insets, self._times, self._last = [], [], [], [], None
        self._sampler, self._finder = Sampler(RATE_HZ), InsetFinder()

    def feed(self, batch: FrameBatch) -> None:
        """Measure the sampled frames of the batch."""
        which = self._sampler.pick(batch.times_s)
        if not len(which):
            return
        sampled = batch.at(which)
        self._times.append(sampled.times_s)
        for luma, half in zip(sampled.luma, sampled.half, strict=True):
            across, down = steps_of(luma), steps_of(np.ascontiguousarray(luma.T))
            columns, rows = coverage(across), coverage(down)
            moved = change(self._last, half)
            self._insets.append(self._finder.feed(half, moved))
            self._last = half.copy()
            plain = (share_up_to(across, FLAT_LEVELS) + share_up_to(down, FLAT_LEVELS)) / 2
            alone = axis_edges(across, down)
            self._rows.append((largest(columns), largest(rows), plain, alone, float(moved.mean())))
            self._vectors.append((columns, rows, strips(moved, 0), strips(moved, 1)))

    def finish(self) -> Measurement:
        """Return the tracks."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        plain = np.array(self._rows, np.float64).reshape(-1, len(NAMES)).T
        tracks = [_track(name, times, values) for name, values in zip(NAMES, plain, strict=True)]
        for i, (name, size) in enumerate(
            (("columns", COARSE), ("rows", COARSE), ("motion_x", STRIPS), ("motion_y", STRIPS))
        ):
            vectors = np.array([v[i] for v in self._vectors], np.float16).reshape(-1, size)
            tracks.append(_track(name, times, vectors))
        insets = np.array([inset.values for inset in self._insets], np.float64).reshape(-1, len(Inset.NAMES)).T
        tracks += [_track(f"inset_{name}", times, v) for name, v in zip(Inset.NAMES, insets, strict=True)]
        return Measurement(tracks=tracks)


def _track(name: str, times: F64, values: npt.NDArray[np.floating]) -> Track:
    levels = name in ("change", "motion_x", "motion_y", "inset_inside", "inset_outside")
    unit = "grey_levels" if levels else "share"
    return Track(name=f"seams.{name}", unit=unit, times_s=times, values=values, kind="sampled")


def steps_of(luma: U8) -> U8:
    """Return the absolute differences of neighbours in each row of luma [h,w]: [h,w-1]."""
    if luma.shape[1] < 2:
        return np.zeros((luma.shape[0], 0), np.uint8)
    return np.asarray(cv2.absdiff(luma[:, 1:], luma[:, :-1]), np.uint8)


def share_up_to(steps: U8, levels: int) -> float:
    """Return the share of steps of at most `levels`; 1 when there are none."""
    return float((steps <= levels).mean()) if steps.size else 1.0


def coverage(steps: U8) -> F32:
    """Return the share of each line down the columns of steps [h,w-1] that is a step, the largest a place: [COARSE]."""
    out = np.zeros(COARSE, np.float32)
    if steps.size:
        marks = cv2.threshold(steps, STEP_LEVELS - 1, 255, cv2.THRESH_BINARY)[1]
        share = cv2.reduce(marks, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
        line = np.asarray(share, np.float32).ravel() / 255
        # The step between pixels i and i + 1 lies at the edge (i + 1) of n + 1 pixels.
        places = ((np.arange(len(line)) + 1) * COARSE // (len(line) + 1)).clip(0, COARSE - 1)
        np.maximum.at(out, places, line)
    return out


def largest(line: F32) -> float:
    """Return the largest coverage [COARSE] away from the rim."""
    edge = round(MARGIN * COARSE)
    return float(line[edge : COARSE - edge].max())


def change(last: U8 | None, plane: U8) -> F32:
    """Return how far each pixel [h,w] differs from the last sample, grey levels; zero for the first."""
    if last is None or last.shape != plane.shape:
        return np.zeros(plane.shape, np.float32)
    return np.asarray(cv2.absdiff(plane, last), np.float32)


def strips(moved: F32, axis: int) -> F32:
    """Return the mean change of each of `STRIPS` strips of a plane [h,w], side by side (axis 0) or stacked (axis 1)."""
    line = moved.mean(axis=axis).reshape(1, -1)
    return np.asarray(cv2.resize(line, (STRIPS, 1), interpolation=cv2.INTER_AREA), np.float32).ravel()


def axis_edges(across: U8, down: U8) -> float:
    """Return the share of edge pixels whose step runs along one axis alone, 0..1; 0 where there are few edges.

    Args:
        across: steps along the rows of a picture, [h,w-1].
        down: steps along the rows of the picture turned, [w,h-1].
    """
    if min(across.shape) < 3 or min(down.shape) < 3:
        return 0.0
    x, y = across[:-1], np.ascontiguousarray(down.T)[:, :-1]
    steep_x, steep_y = (cv2.threshold(steps, 2 * STEP_LEVELS - 1, 255, cv2.THRESH_BINARY)[1] for steps in (x, y))
    low_x, low_y = (cv2.threshold(steps, 2, 255, cv2.THRESH_BINARY_INV)[1] for steps in (x, y))
    either = cv2.countNonZero(cv2.bitwise_or(steep_x, steep_y))
    if either < 0.003 * x.size:
        return 0.0
    alone = cv2.bitwise_or(cv2.bitwise_and(steep_x, low_y), cv2.bitwise_and(steep_y, low_x))
    return cv2.countNonZero(alone) / either
