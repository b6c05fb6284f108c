"""How overlays come and go: the picture, and how far it is off its place, at a share of the way."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from sestina.render.packaging.art import U8

LIFT = 0.06
"""How far a sliding overlay comes from, of the frame's height."""


def moved(picture: U8, how: str, share: float, height: int) -> tuple[U8, int, int]:
    """Return an RGBA picture on its way, and its offset in pixels right and down.

    Args:
        picture: at rest.
        how: label of `diss.overlay.animation`.
        share: 0 for gone, 1 for at rest; what goes, goes through the same from 1 to 0.
        height: of the frame, pixels.
    """
    rest = 1 - share
    if share >= 1 or how in ("none", "typewriter"):
        return picture, 0, 0
    if how == "fade":
        return faded(picture, share), 0, 0
    if how == "pop":
        return faded(scaled(picture, 0.6 + 0.4 * _overshot(share)), 2 * share), 0, 0
    if how == "slide":
        return faded(picture, 2 * share), 0, round(rest**2 * height * LIFT)
    if how == "bounce":
        return faded(picture, 4 * share), 0, -round(abs(math.cos(2.5 * math.pi * share)) * rest * height * LIFT)
    if how == "shake":
        return picture, round(math.sin(8 * math.pi * share) * rest * height * 0.02), 0
    raise ValueError(f"unknown animation {how!r}")


def _overshot(share: float) -> float:
    """Return progress 0..1 that runs past 1 and comes back (back ease-out, Penner 2001)."""
    back = 1.7
    rest = share - 1
    return 1 + (back + 1) * rest**3 + back * rest**2


def faded(picture: U8, share: float) -> U8:
    """Return an RGBA picture with its alpha multiplied by `share`, at most 1."""
    out = picture.copy()
    out[..., 3] = (picture[..., 3] * min(1.0, share)).astype(np.uint8)
    return out


def scaled(picture: U8, scale: float) -> U8:
    """Return the picture scaled about its middle, on a canvas of its own size."""
    height, width = picture.shape[:2]
    return warped(picture, cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0, scale), (width, height))


def turning(width: int, height: int, degrees: float) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """Return the matrix [2,3] that turns a picture clockwise, and the size of the canvas that holds the result."""
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos)
    matrix[:, 2] += size[0] / 2 - width / 2, size[1] / 2 - height / 2
    return np.asarray(matrix), size


def warped(picture: U8, matrix: object, size: tuple[int, int]) -> U8:
    """Return an RGBA picture after an affine map; colours are weighted by alpha, so that edges keep theirs."""
    solid = np.asarray(cv2.merge([picture[..., 3]] * 3), np.uint16)
    weighted = ((picture[..., :3] * solid + np.uint16(127)) // np.uint16(255)).astype(np.uint8)
    affine = np.asarray(matrix)
    colour = np.asarray(cv2.warpAffine(weighted, affine, size), np.uint16)
    alpha = np.asarray(cv2.warpAffine(np.ascontiguousarray(picture[..., 3]), affine, size), np.uint8)
    index = np.asarray(cv2.merge([alpha] * 3), np.uint16) * np.uint16(256) + colour
    return np.asarray(cv2.merge([*cv2.split(_unweighted().take(index)), alpha]), np.uint8)


@lru_cache(maxsize=1)
def _unweighted() -> U8:
    """Return, for alpha * 256 + weighted colour, the colour itself, [65536]."""
    alpha = np.maximum(np.arange(256), 1)[:, None]
    table = np.minimum(255, (np.arange(256)[None] * 255 + alpha // 2) // alpha)
    return np.asarray(table.ravel(), np.uint8)
