"""What transitions are drawn with: mixes, masks, moved and warped pictures; uint8 RGB [H,W,3] all."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
"""Direction -> steps right and down."""


def mix(old: U8, new: U8, share: float) -> U8:
    """Return the linear mix with `share` of `new`."""
    return np.asarray(cv2.addWeighted(old, 1 - share, new, share, 0), np.uint8)


def plain(like: U8, colour: tuple[int, int, int]) -> U8:
    """Return a picture of one colour, of the size of `like`."""
    out = np.empty_like(like)
    out[...] = colour
    return out


def smooth(share: float) -> float:
    """Return `share` 0..1 eased at both ends."""
    return share * share * (3 - 2 * share)


def masked(old: U8, new: U8, mask: F32) -> U8:
    """Show `new` where the mask [H,W], 0..1, is 1."""
    weight = cv2.cvtColor((mask * 255 + 0.5).astype(np.uint8), cv2.COLOR_GRAY2RGB)
    shown = cv2.multiply(new, weight, scale=1 / 255)
    return np.asarray(cv2.add(cv2.multiply(old, 255 - weight, scale=1 / 255), shown), np.uint8)


@lru_cache(maxsize=16)
def grid(height: int, width: int) -> tuple[F32, F32]:
    """Return x and y of every pixel's middle as shares of width and height, [H,W] both."""
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None].repeat(height, 0)
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None].repeat(width, 1)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def edge(field: F32, share: float, soft: float) -> F32:
    """Return the mask of a wipe: 1 where `field` (0..1) lies below the travelling edge of width `soft`."""
    soft = max(soft, 1e-3)
    return np.asarray(np.clip((share * (1 + soft) - field) / soft, 0, 1), np.float32)


def stamp(out: U8, picture: U8, x: int, y: int) -> None:
    """Copy `picture` into `out`, moved by whole pixels, cut at the border."""
    height, width = out.shape[:2]
    left, right, top, bottom = max(0, x), min(width, width + x), max(0, y), min(height, height + y)
    if left < right and top < bottom:
        out[top:bottom, left:right] = picture[top - y : bottom - y, left - x : right - x]


def warped(picture: U8, scale: float, angle: float, shift: tuple[float, float]) -> U8:
    """Return `picture` scaled and turned (radians) about its middle, then shifted by pixels; mirrored beyond."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), math.degrees(angle), scale)
    matrix[:, 2] += np.asarray(shift)
    mirrored = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(mirrored, np.uint8)


@lru_cache(maxsize=8)
def clouds(height: int, width: int, cells: int, seed: int) -> F32:
    """Return a smooth random field [H,W], evenly spread over 0..1; `cells` blobs fit along the longer side."""
    rows, columns = (max(2, round(cells * side / max(height, width)) + 1) for side in (height, width))
    rough = np.random.default_rng([seed, 41]).integers(0, 256, (rows, columns)).astype(np.float32)
    field = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    levels = np.clip((field - field.min()) / (np.ptp(field) + 1e-6) * 255, 0, 255).astype(np.uint8)
    # Through its own distribution, so that a wipe over it uncovers the same area in every frame.
    share = np.cumsum(np.bincount(levels.ravel(), minlength=256)) / levels.size
    return np.asarray(share[levels], np.float32)
