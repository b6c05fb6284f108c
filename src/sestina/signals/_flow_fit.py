"""Fits one camera motion to a grid of flow vectors, whatever moves in front of the camera.

All lengths are in frame widths (fw), positions measured from the middle of the picture, x to the right and y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

SCALES = (4.0, 2.0, 1.0, 0.7, 0.7)
"""How far from the model a vector still counts while fitting, in tolerances; narrowing finds the largest group."""
TOLERANCE_PX = 0.25
"""Error of a flow vector on the working plane that leaves it an inlier (DIS: 0.1 px median, 0.3 px at the 90th).
A wider one lets a slow subject pull the camera along: 0.35 doubled the drift of tripod clips."""
TOLERANCE_SHARE = 0.08
"""Further tolerance as a share of the vector's length: perspective and blur grow with the motion."""

STILL_FAVOUR, STILL_PX = 2.0, 1.0
"""How much more support a motion needs against one that moves at most so many pixels of the working plane."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Where the flow is sampled.

    Args:
        x: float64 [C] from the middle, frame widths.
        y: float64 [C].
        border: float64 [C], how much a cell's place speaks for the background: subjects stand in the middle.
        pixel: one pixel of the working plane in frame widths.
    """

    x: F64
    y: F64
    border: F64
    pixel: float

    def __repr__(self) -> str:
        return f"Grid(cells={self.x.shape}, pixel={self.pixel:.5f})"

    @classmethod
    def of(cls, width: int, height: int, columns: int, rows: int) -> Grid:
        """Return the grid of `columns` x `rows` cells on a plane of `width` x `height` pixels."""
        xs = (np.arange(columns) + 0.5) / columns - 0.5
        ys = ((np.arange(rows) + 0.5) / rows - 0.5) * height / width
        x, y = np.meshgrid(xs, ys)
        reach = np.maximum(np.abs(x) * 2, np.abs(y) * 2 * width / height)
        return cls(x=x.ravel(), y=y.ravel(), border=(0.6 + 0.9 * reach.ravel() ** 2), pixel=1 / width)


@dataclass(frozen=True, kw_only=True)
class Similarity:
    """Motion of the picture's content from one frame to the next: `u = tx + a x - b y`, `v = ty + b x + a y`.

    Args:
        tx: float64 [B] to the right, frame widths.
        ty: float64 [B] downwards, frame widths.
        a: float64 [B], growth of the picture less one (times cos of the angle).
        b: float64 [B], sine of the clockwise turn times the growth.
    """

    tx: F64
    ty: F64
    a: F64
    b: F64

    def __repr__(self) -> str:
        return f"Similarity(tx={self.tx.shape})"

    @property
    def log_scale(self) -> F64:
        """Natural logarithm of the content's growth [B]."""
        grown: F64 = 0.5 * np.log((1 + self.a) ** 2 + self.b**2)
        return grown

    @property
    def turn_rad(self) -> F64:
        """Clockwise turn of the content in radians [B]."""
        turned: F64 = np.arctan2(self.b, 1 + self.a)
        return turned

    def flow(self, grid: Grid) -> tuple[F64, F64]:
        """Return the flow (u, v) [B,C] that the motion gives at every cell."""
        a, b = self.a[:, None], self.b[:, None]
        u = self.tx[:, None] + a * grid.x - b * grid.y
        v = self.ty[:, None] + b * grid.x + a * grid.y
        return u, v


def still(count: int) -> Similarity:
    """Return `count` motions that leave everything in its place."""
    zero = np.zeros(count)
    return Similarity(tx=zero, ty=zero, a=zero, b=zero)


def least_squares(grid: Grid, u: F64, v: F64, weights: F64) -> Similarity:
    """Return the similarity [B] that fits flow `u`, `v` [B,C] best under `weights` [B,C] (closed form)."""
    total = weights.sum(axis=1) + 1e-12
    mean_x, mean_y = (weights * grid.x).sum(axis=1) / total, (weights * grid.y).sum(axis=1) / total
    mean_u, mean_v = (weights * u).sum(axis=1) / total, (weights * v).sum(axis=1) / total
    wx, wy = weights * (grid.x - mean_x[:, None]), weights * (grid.y - mean_y[:, None])
    spread = (wx * grid.x + wy * grid.y).sum(axis=1)
    spread = spread + 1e-3 * total  # a cluster of cells in one place says little of scale and turn
    a = (wx * u + wy * v).sum(axis=1) / spread
    b = (wx * v - wy * u).sum(axis=1) / spread
    return Similarity(tx=mean_u - a * mean_x + b * mean_y, ty=mean_v - b * mean_x - a * mean_y, a=a, b=b)


def error(grid: Grid, motion: Similarity, u: F64, v: F64) -> tuple[F64, F64]:
    """Return (squared distance of every vector from the motion [B,C] in fw^2, its squared tolerance [B,C])."""
    model_u, model_v = motion.flow(grid)
    limit = TOLERANCE_PX * grid.pixel + TOLERANCE_SHARE * np.hypot(model_u, model_v)
    return (u - model_u) ** 2 + (v - model_v) ** 2, limit**2


def refined(grid: Grid, start: Similarity, u: F64, v: F64, weights: F64) -> tuple[Similarity, F64]:
    """Return the motion [B] reached from `start` by reweighting, and the share of `weights` that supports it [B].

    Iteratively reweighted least squares with the kernel of Geman and McClure (1987), its width narrowed as in
    graduated non-convexity (Blake and Zisserman, 1987).
    """
    motion = start
    for scale in SCALES:
        distance, limit = error(grid, motion, u, v)
        kernel = scale * scale * limit
        motion = least_squares(grid, u, v, weights * (kernel / (kernel + distance)) ** 2)
    distance, limit = error(grid, motion, u, v)
    support = (weights * (limit / (limit + distance)) ** 2).sum(axis=1)
    return motion, support / (weights.sum(axis=1) + 1e-12)


def dominant(grid: Grid, u: F64, v: F64, weights: F64) -> tuple[Similarity, F64]:
    """Return the motion [B] that most of the picture follows, and its support in 0..1 [B].

    Tries standing still, the median of all cells and the median of the outer cells as starts: a subject that fills the
    middle must not pass for the camera. Standing (nearly) still is believed with less support than moving: a large
    subject before a still background is common, structure that stands still in a moving picture is rare.
    """
    outer = weights * (grid.border > 1.0)
    starts = [still(len(u)), _median(u, v, weights), _median(u, v, outer)]
    ends = [refined(grid, start, u, v, weights) for start in starts]
    support = np.stack([s for _, s in ends])
    rests = np.hypot(ends[0][0].tx, ends[0][0].ty) <= STILL_PX * grid.pixel
    support[0] *= np.where(rests, STILL_FAVOUR, 1.0)
    best = support.argmax(axis=0)
    rows = np.arange(len(u))

    def pick(name: str) -> F64:
        chosen: F64 = np.stack([getattr(motion, name) for motion, _ in ends])[best, rows]
        return chosen

    motion = Similarity(tx=pick("tx"), ty=pick("ty"), a=pick("a"), b=pick("b"))
    return motion, np.stack([s for _, s in ends])[best, rows]


def _median(u: F64, v: F64, weights: F64) -> Similarity:
    zero = np.zeros(len(u))
    return Similarity(tx=weighted_median(u, weights), ty=weighted_median(v, weights), a=zero, b=zero)


def weighted_median(values: F64, weights: F64) -> F64:
    """Return the weighted median of every row of `values` [B,C], [B]."""
    order = np.argsort(values, axis=1, kind="stable")
    running = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    middle = (running < running[:, -1:] / 2).sum(axis=1).clip(max=values.shape[1] - 1)
    return np.take_along_axis(values, np.take_along_axis(order, middle[:, None], axis=1), axis=1)[:, 0]
