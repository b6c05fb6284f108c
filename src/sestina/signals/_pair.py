"""Measures between two neighbouring frames, on small luma planes."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.frames import F32, U8

SHORT_SIDE = 64
"""Pixels on the short side of the picture that flow is measured on; 128 finds no more cuts."""
TINY = (32, 18)
"""Width and height of the picture kept of every frame: 864 bytes with its chroma, 93 MB an hour at 30 fps."""
BLOCK = 4
LIGHT_CORRELATION, GAIN_MAX = 0.6, 2.5
"""Correlation from which two pictures may be one in another light, and the largest change of contrast light makes."""
TEXTURE = 60.0
"""Variance, grey levels squared, from which a block shows something rather than plain ground."""


def small(quarter: U8) -> U8:
    """Return luma [h,w] shrunk to `SHORT_SIDE` on its short side (at least 16 pixels, which flow needs)."""
    height, width = quarter.shape
    scale = SHORT_SIDE / min(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    return np.asarray(cv2.resize(quarter, size, interpolation=cv2.INTER_AREA), np.uint8)


def tiny(luma: U8, cb: U8, cr: U8) -> U8:
    """Return the small picture as one row: luma, then both chroma planes at half its size, uint8 [864]."""
    half = (TINY[0] // 2, TINY[1] // 2)
    planes = [cv2.resize(p, s, interpolation=cv2.INTER_AREA) for p, s in ((luma, TINY), (cb, half), (cr, half))]
    return np.concatenate([plane.ravel() for plane in planes]).astype(np.uint8)


def blocks(plane: U8) -> tuple[int, int]:
    """Return how many blocks lie across and along a plane [h,w]."""
    return max(1, plane.shape[1] // BLOCK), max(1, plane.shape[0] // BLOCK)


def textured(luma: U8) -> npt.NDArray[np.bool_]:
    """Return which blocks of luma [h,w] show something, bool [h//4,w//4]."""
    size = blocks(luma)
    mean = cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    square = cv2.resize(cv2.multiply(luma, luma, dtype=cv2.CV_32F), size, interpolation=cv2.INTER_AREA)
    return np.asarray(square - mean * mean > TEXTURE, bool)


def explained(warped: U8, new: U8) -> tuple[float, float]:
    """Return what `warped` [h,w] leaves of `new` [h,w]: grey levels of mean residual, and share of contrast.

    A change of light moves and scales all grey levels alike, so where both planes correlate the residual is the
    smaller of those before and after such a fit. The share of contrast is sqrt(1 - r^2) for their correlation r,
    1 when they do not correlate.
    """
    residual = float(cv2.absdiff(new, warped).mean())
    a, b = warped.astype(np.float32), new.astype(np.float32)
    a -= a.mean()
    b -= b.mean()
    power_a, power_b = float(np.vdot(a, a)), float(np.vdot(b, b))
    r = float(np.vdot(a, b)) / math.sqrt(power_a * power_b + 1e4)
    if r > LIGHT_CORRELATION:
        gain = min(max(math.sqrt(power_b / max(power_a, 1.0)), 1 / GAIN_MAX), GAIN_MAX)
        residual = min(residual, float(np.abs(b - gain * a).mean()))
    return residual, math.sqrt(max(0.0, 1 - r * r)) if r > 0 else 1.0


def histogram(luma: U8, cb: U8, cr: U8) -> npt.NDArray[np.float64]:
    """Return shares of 32 luma bins and of 16x16 joint chroma bins, [288]; each part sums to one."""
    grey = cv2.calcHist([luma], [0], None, [32], [0, 256]).ravel() / luma.size
    colour = cv2.calcHist([cb, cr], [0, 1], None, [16, 16], [0, 256, 0, 256]).ravel() / cb.size
    return np.concatenate([grey, colour]).astype(np.float64)


@lru_cache(maxsize=4)
def grid(height: int, width: int) -> tuple[F32, F32]:
    """Return the column and the row of every pixel, [h,w] each."""
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.asarray(columns, np.float32), np.asarray(rows, np.float32)
