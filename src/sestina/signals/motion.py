"""The camera's motion from frame to frame, and what moves in front of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import Track
from sestina.signals._flow_fit import F64, Grid, Similarity, dominant
from sestina.signals._path import split

U8 = npt.NDArray[np.uint8]

PLANE_PIXELS = 240 * 135
"""Flow is computed on planes of about this many pixels: finer ones cost in proportion and gain nothing here."""
FINEST_SCALE, PATCH_STRIDE = 1, 5
"""Flow is solved down to half the working plane's size, patches 5 pixels apart. A coarser scale costs half and lets
slow subjects pull the camera; a stride of 4 costs a third more and gains nothing on the tuning sets."""
CELL = 8
"""Side of a cell of the sampling grid, in pixels of the working plane."""
CHUNK = 32
"""Pairs fitted at a time. Fixed, so that results do not depend on how frames arrive."""
SHORTEST_STEP_S = 0.035
"""Frames closer than this to the last used one are skipped, which halves the work from 30 frames a second on; parent
labels of the tuning sets stay the same."""
REPEAT_MEAN, REPEAT_CELL = 0.15, 1.5
"""Mean and largest cell difference (levels of 255) up to which a frame repeats the one before."""
LONGEST_REPEAT_S = 0.18
"""Repeats for at most this long are a slower rate in a faster stream; longer ones are a picture at rest."""
TEXTURE_HALF = 2.0
"""Gradient (levels per pixel) across the weaker direction at which a cell counts half."""
LEAST_TEXTURE = 0.03
"""Mean weight of the cells below which a picture has too little structure to tell motion."""
LEAST_INLIERS = 0.2
"""Share of the texture that must follow one motion; below, the pair is a cut, a flash or chaos."""
SMALLEST_SIDE = 24
"""Planes with a shorter side, pixels, are not measured."""
LEAST_MOVE_PX = 0.4
"""Motion of the working plane below which nothing can be said of what happens along it (parallax, blur)."""
PATH_INLIERS = 0.35
"""Share of the structure from which one value is trusted by itself: a single wrong one would shake the whole path."""
BAR_RANGE = 14
"""A row or column of pixels that spans no more levels than this, next to the edge, is a bar and not picture."""
CUTOFF_HZ = 2.0
"""The camera's path above this frequency is trembling (the vocabulary's `camera.steadiness`)."""

UNITS = {
    "dx": "frame_widths/s", "dy": "frame_widths/s", "log_scale_rate": "1/s", "rotation": "deg/s",
    "speed": "frame_widths/s", "inliers": "", "residual": "frame_widths/s", "parallax": "", "texture": "", "blur": "",
    "repeat": "", "drift": "frame_widths/s", "jitter": "% of diagonal",
}  # fmt: skip
"""Tracks and their units."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one frame gives to the pairs it belongs to.

    Args:
        index: number of the frame.
        time_s: its own time.
        plane: uint8 [h,w], the working plane.
        texture: float64 [C] in 0..1, how well motion can be told in each cell.
        energy: mean gradient energies xx, yy, xy.
    """

    index: int
    time_s: float
    plane: U8
    texture: F64
    energy: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Flow between two frames, waiting to be fitted.

    Args:
        u: float64 [C] to the right, frame widths.
        v: float64 [C] downwards, frame widths.
        texture: float64 [C].
        energy: gradient energies of the later frame.
        gap_s: time between the two.
        frames: numbers of the frames that take the result, first and one past the last.
        repeat: whether the later frame repeats the earlier one.
    """

    u: F64
    v: F64
    texture: F64
    energy: tuple[float, float, float]
    gap_s: float
    frames: tuple[int, int]
    repeat: bool


@signals.register(
    "motion",
    input="frames",
    tracks=tuple(f"motion.{name}" for name in UNITS),
    card=Card(
        summary="Dense flow on a small plane, one robust similarity a frame, and what is left over.",
        source="DIS flow (Kroeger et al., 2016) with own reweighted similarity fit (Geman and McClure, 1987)",
        cost="about 1 ms of CPU a frame",
    ),
)
class Motion:
    """Signal `motion`: see `UNITS` for its tracks.

    Directions are the camera's: `dx` to the right, `dy` upwards, `log_scale_rate` inward (content grows), `rotation`
    clockwise. The value at a frame is the motion since the frame before; NaN at the first frame, over cuts and flashes,
    and where the picture has too little structure (`parallax` and `blur` also where the camera rests). `speed` is the
    root mean square of the camera's flow over the picture, `residual` the mean flow left after it (subjects),
    `parallax` the left-over flow along the camera's motion as a share of it, `inliers` the share of the structure that
    follows the camera, `texture` how much structure there is, `blur` gradient energy along the motion over that across
    it, `repeat` 1 where a frame repeats the last one, `drift` and `jitter` the camera's path below 2 Hz (its speed) and
    above (its displacement), NaN also where the inliers are few. Speeds under half a pixel of the working plane a frame
    read up to 14 % too fast.
    """

    def start(self, info: MediaInfo) -> None:
        """Get ready for one video."""
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._flow.setFinestScale(FINEST_SCALE)
        self._flow.setPatchStride(PATCH_STRIDE)
        self._times: list[float] = []
        self._values: dict[str, list[float]] = {name: [] for name in UNITS}
        self._pairs: list[Pair] = []
        self._grid: Grid | None = None
        self._shape = (1, 1)
        self._last: Look | None = None
        self._changed: Look | None = None
        self._skipped: tuple[U8, int] | None = None

    def feed(self, batch: FrameBatch) -> None:
        """Take the next frames."""
        for plane, time_s in zip(batch.half, batch.times_s, strict=True):
            self._times.append(float(time_s))
            for values in self._values.values():
                values.append(math.nan)
            small, index = working_plane(plane), len(self._times) - 1
            self._skipped = None
            if self._last is None or time_s - self._last.time_s >= SHORTEST_STEP_S:
                self._look(small, index)
            else:
                self._skipped = (small, index)

    def finish(self) -> Measurement:
        """Return what was measured."""
        if self._skipped is not None:
            self._look(*self._skipped)
        self._fit()
        times = np.asarray(self._times)
        values = {name: np.asarray(found, np.float64) for name, found in self._values.items()}
        values |= path_tracks(values, times, self._shape[0] / self._shape[1])
        tracks = (
            Track(name=f"motion.{name}", unit=unit, times_s=times, values=values[name]) for name, unit in UNITS.items()
        )
        return Measurement(tracks=tuple(tracks))

    def _look(self, plane: U8, index: int) -> None:
        if min(plane.shape) < SMALLEST_SIDE:
            return
        if self._grid is None or plane.shape != self._shape:
            self._shape = plane.shape
            self._grid = Grid.of(plane.shape[1], plane.shape[0], *grid_size(plane))
            self._last = None
        texture, energy = structure(plane)
        look = Look(index=index, time_s=self._times[index], plane=plane, texture=texture, energy=energy)
        if self._last is None or self._changed is None:
            self._last = self._changed = look
            return
        pair = self._pair(self._last, self._changed, look)
        self._pairs.append(pair)
        self._last = look
        if not pair.repeat:
            self._changed = look
        if len(self._pairs) == CHUNK:
            self._fit()

    def _pair(self, last: Look, changed: Look, look: Look) -> Pair:
        repeat = repeats(last.plane, look.plane)
        columns, rows = grid_size(look.plane)
        flow = np.zeros((rows, columns, 2), np.float32)
        if not repeat:
            dense = self._flow.calc(last.plane, look.plane, None)  # type: ignore[call-overload]  # stubs want an array
            flow = cv2.resize(dense, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
        # A frame shown twice in a faster stream: the next step covers the time of both.
        since = changed if not repeat and look.time_s - changed.time_s <= LONGEST_REPEAT_S else last
        return Pair(
            u=flow[..., 0].ravel().astype(np.float64) / look.plane.shape[1],
            v=flow[..., 1].ravel().astype(np.float64) / look.plane.shape[1],
            texture=np.minimum(last.texture, look.texture),
            energy=look.energy,
            gap_s=look.time_s - since.time_s,
            frames=(since.index + 1, look.index + 1),
            repeat=repeat,
        )

    def _fit(self) -> None:
        """Fit the waiting pairs and write their values to the frames they cover."""
        if self._grid is None or not self._pairs:
            return
        found = measured(self._grid, self._pairs, self._shape)
        for row, pair in enumerate(self._pairs):
            if math.isnan(found["dx"][row]) and pair.frames[1] - pair.frames[0] > 1:
                continue
            for name, values in found.items():
                self._values[name][slice(*pair.frames)] = [float(values[row])] * (pair.frames[1] - pair.frames[0])
        self._pairs.clear()


def working_plane(plane: U8) -> U8:
    """Return `plane` [H,W] shrunk to about `PLANE_PIXELS` pixels, as it is when it is not much larger."""
    factor = math.sqrt(PLANE_PIXELS / plane.size)
    if factor > 0.85:
        return plane
    size = (max(1, round(plane.shape[1] * factor)), max(1, round(plane.shape[0] * factor)))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)


def grid_size(plane: U8) -> tuple[int, int]:
    """Return (columns, rows) of the sampling grid."""
    return max(2, round(plane.shape[1] / CELL)), max(2, round(plane.shape[0] / CELL))


def repeats(one: U8, two: U8) -> bool:
    """Return whether plane `two` [h,w] shows the same picture as `one`, compression apart."""
    change = cv2.absdiff(one, two)
    if cv2.mean(change)[0] > REPEAT_MEAN:
        return False
    return float(cv2.resize(change, grid_size(two), interpolation=cv2.INTER_AREA).max()) <= REPEAT_CELL


def structure(plane: U8) -> tuple[F64, tuple[float, float, float]]:
    """Return (how well motion can be told in each cell, 0..1 [C]; mean gradient energies xx, yy, xy) of `plane` [h,w].

    A cell counts by the smaller eigenvalue of its structure tensor (Shi and Tomasi, 1994): along a bare edge motion
    cannot be seen. Cells in or beside black bars count nothing.
    """
    small = cv2.resize(plane, (plane.shape[1] // 2, plane.shape[0] // 2), interpolation=cv2.INTER_AREA)
    gx = cv2.Sobel(small, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    gy = cv2.Sobel(small, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    columns, rows = grid_size(plane)
    products = [cv2.multiply(one, two) for one, two in ((gx, gx), (gy, gy), (gx, gy))]
    cells = [cv2.blur(cv2.resize(p, (columns, rows), interpolation=cv2.INTER_AREA), (3, 3)) for p in products]
    xx, yy, xy = (cell.astype(np.float64) for cell in cells)
    smaller = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    weights = smaller / (smaller + TEXTURE_HALF**2)
    weights *= inside_bars(small, columns, rows)
    return np.maximum(weights, 0).ravel(), (float(xx.mean()), float(yy.mean()), float(xy.mean()))


def inside_bars(plane: npt.NDArray[np.generic], columns: int, rows: int) -> F64:
    """Return 1 for grid cells of the picture and 0 for those in or at the edge of bars, [rows,columns]."""
    mask = np.ones((rows, columns))
    for axis, cells in ((1, rows), (0, columns)):
        spread = np.ptp(plane, axis=axis) > BAR_RANGE
        filled = np.flatnonzero(spread)
        if len(filled) == 0:
            return np.zeros((rows, columns))
        size = len(spread) / cells
        first, last = filled[0] / size, (filled[-1] + 1) / size
        place = np.arange(cells)
        keep = (place + 0.2 >= (first if filled[0] else -1)) & (place + 0.8 <= (last if last < cells else cells + 1))
        mask *= keep[:, None] if axis == 1 else keep[None, :]
    return mask


def measured(grid: Grid, pairs: list[Pair], shape: tuple[int, int]) -> dict[str, F64]:
    """Return the values of every track of one pair each [B], NaN where the camera's motion cannot be told."""
    u, v = np.stack([p.u for p in pairs]), np.stack([p.v for p in pairs])
    texture = np.stack([p.texture for p in pairs])
    rate = 1 / np.array([p.gap_s for p in pairs])
    motion, inliers = dominant(grid, u, v, texture * grid.border)
    amount = texture.mean(axis=1)
    camera = camera_rates(motion, rate, shape[0] / shape[1])
    lost = (inliers < LEAST_INLIERS) | (amount < LEAST_TEXTURE)
    residual, parallax = left_over(grid, motion, u, v, texture)
    moves = camera["speed"] / rate >= LEAST_MOVE_PX * grid.pixel
    along = {"parallax": np.where(moves, parallax, np.nan), "blur": np.where(moves, blur(pairs, motion), np.nan)}
    values = camera | {"residual": residual * rate} | along
    known = {name: np.where(lost, np.nan, value) for name, value in values.items()}
    repeat = np.array([float(p.repeat) for p in pairs])
    return known | {"inliers": np.minimum(inliers, 1.0), "texture": amount, "repeat": repeat}


def camera_rates(motion: Similarity, rate: F64, aspect: float) -> dict[str, F64]:
    """Return the camera's rates [B] from the content's motion: the content moves the other way."""
    dx, dy, scale = -motion.tx * rate, motion.ty * rate, motion.log_scale * rate
    turn = motion.turn_rad * rate
    speed = np.sqrt(dx**2 + dy**2 + (scale**2 + turn**2) * reach_squared(aspect))
    return {"dx": dx, "dy": dy, "log_scale_rate": scale, "rotation": -np.degrees(turn), "speed": speed}


def left_over(grid: Grid, motion: Similarity, u: F64, v: F64, texture: F64) -> tuple[F64, F64]:
    """Return (mean length of the flow less the camera's motion [B], fw; its part along that motion as a share [B]).

    Depth moves cells further or less far along the camera's own flow, never across it; what subjects and noise add goes
    both ways alike and is taken off.
    """
    model_u, model_v = motion.flow(grid)
    rest_u, rest_v = u - model_u, v - model_v
    total = texture.sum(axis=1) + 1e-12
    residual = (texture * np.hypot(rest_u, rest_v)).sum(axis=1) / total
    square = model_u**2 + model_v**2 + 1e-12
    along = (rest_u * model_u + rest_v * model_v) ** 2 / square
    across = (rest_u * model_v - rest_v * model_u) ** 2 / square
    excess = (texture * (along - across)).sum(axis=1) / total
    size = (texture * square).sum(axis=1) / total + 1e-15
    return residual, np.sqrt(np.maximum(excess, 0) / size)


def blur(pairs: list[Pair], motion: Similarity) -> F64:
    """Return gradient energy along the camera's motion over that across it [B]; blur makes it small."""
    xx, yy, xy = np.array([p.energy for p in pairs]).T + 1e-6
    length = np.hypot(motion.tx, motion.ty) + 1e-12
    x, y = motion.tx / length, motion.ty / length
    along = x * x * xx + 2 * x * y * xy + y * y * yy
    across = y * y * xx - 2 * x * y * xy + x * x * yy
    ratio: F64 = np.maximum(along, 1e-6) / np.maximum(across, 1e-6)
    return ratio


def path_tracks(values: dict[str, F64], times_s: F64, aspect: float) -> dict[str, F64]:
    """Return `drift` (speed of the smooth path, fw/s) and `jitter` (distance from it, % of the diagonal), each [N]."""
    names = ("dx", "dy", "log_scale_rate", "rotation")
    sure = values["inliers"] >= PATH_INLIERS
    paths = {name: split(np.where(sure, values[name], np.nan), times_s, CUTOFF_HZ) for name in names}
    calm_x, calm_y, calm_scale, calm_turn = (paths[name][0] for name in names)
    jitter = np.hypot(paths["dx"][1], paths["dy"][1]) * 100 / math.hypot(1, aspect)
    around = (calm_scale**2 + np.radians(calm_turn) ** 2) * reach_squared(aspect)
    return {"drift": np.sqrt(calm_x**2 + calm_y**2 + around), "jitter": jitter}


def reach_squared(aspect: float) -> float:
    """Return the mean square distance from the middle of a picture `aspect` as high as wide, frame widths squared."""
    return (1 + aspect**2) / 12
