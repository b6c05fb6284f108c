"""Flat pictures in space, and how a camera sees them: by homographies, cut to what is before it.

A picture with holes is stored as RGBC, uint8 [H,W,4]: its colours multiplied by their alpha, and `clear`, 255 less
alpha, so that laying it over another one is one product and one sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sestina.render.camera import Pose

U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

NEAR_CLIP = 0.05
"""Depth nearer than which nothing is drawn."""

AFFINE_BELOW_PX = 0.01
"""Change of scale over the picture, in pixels, below which a homography is drawn as the affine map it then is."""

LEAST_SIGMA_PX = 0.4
"""Blur below this cannot be seen."""


@dataclass(frozen=True)
class Plane:
    """Where a picture hangs: the place of its first pixel, and the steps to the next right and down, float64 [3]."""

    origin: F64
    across: F64
    down: F64

    @classmethod
    def facing(cls, middle: F64, step: float, size: tuple[int, int], yaw: float = 0.0) -> Plane:
        """Return an upright plane around `middle` for `size` (width, height) pixels of `step`, turned by `yaw`."""
        across = step * np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
        down = np.array([0.0, step, 0.0])
        return cls(middle - across * (size[0] - 1) / 2 - down * (size[1] - 1) / 2, across, down)

    def point(self, x: float, y: float) -> F64:
        """Return the place of a pixel [3]."""
        return np.asarray(self.origin + x * self.across + y * self.down)


def homography(at: Pose, plane: Plane, frame: tuple[int, int]) -> F64:
    """Return the map from a picture's pixels to the frame's [3,3], both homogeneous; the third row gives the depth."""
    width, height = frame
    focal = at.focal * width
    lens = np.array([
        [focal, 0, (width - 1) / 2 - at.shift_x * width],
        [0, focal, (height - 1) / 2 - at.shift_y * width],
        [0, 0, 1],
    ])  # fmt: skip
    basis = np.stack([plane.across, plane.down, plane.origin - at.place], axis=1)
    return np.asarray(lens @ at.turn.T @ basis)


def bounds(matrix: F64, size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom of what the frame shows of a picture of `size`, pixels; None for nothing.

    Args:
        matrix: as `homography` returns.
        size: width and height of the picture.
        frame: width and height of the frame.
    """
    corners = np.array([[-1, -1], [size[0], -1], [size[0], size[1]], [-1, size[1]]], np.float64)
    seen = _clipped(np.hstack([corners, np.ones((4, 1))]) @ matrix.T)
    if len(seen) < 3:
        return None
    x, y = seen[:, 0] / seen[:, 2], seen[:, 1] / seen[:, 2]
    left, top = max(0, math.floor(x.min())), max(0, math.floor(y.min()))
    right, bottom = min(frame[0], math.ceil(x.max()) + 1), min(frame[1], math.ceil(y.max()) + 1)
    return None if left >= right or top >= bottom else (left, top, right, bottom)


def _clipped(points: F64) -> F64:
    """Return the part of a polygon of homogeneous points [N,3] before the camera (Sutherland and Hodgman, 1974)."""
    kept = []
    for one, other in zip(points, np.roll(points, -1, axis=0), strict=True):
        inside, next_inside = one[2] >= NEAR_CLIP, other[2] >= NEAR_CLIP
        if inside:
            kept.append(one)
        if inside != next_inside:
            share = (NEAR_CLIP - one[2]) / (other[2] - one[2])
            kept.append(one + share * (other - one))
    return np.array(kept).reshape(-1, 3)


def warped(picture: U8, matrix: F64, size: tuple[int, int], *, endless: bool) -> U8:
    """Return what the map `matrix` makes of a picture, of `size` (width, height); outside it is mirrored or clear."""
    inverse = np.linalg.inv(matrix)
    inverse /= inverse[2, 2]
    border = cv2.BORDER_REFLECT_101 if endless else cv2.BORDER_CONSTANT
    outside = (0, 0, 0, 255)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    bend = abs(inverse[2, 0]) * size[0] ** 2 + abs(inverse[2, 1]) * size[1] ** 2
    if bend < AFFINE_BELOW_PX:
        out = cv2.warpAffine(picture, inverse[:2], size, flags=flags, borderMode=border, borderValue=outside)
    else:
        out = cv2.warpPerspective(picture, inverse, size, flags=flags, borderMode=border, borderValue=outside)
    return np.asarray(out, np.uint8)


def draw(sight: U8, picture: U8, matrix: F64, *, endless: bool = False, sigma_px: float = 0.0) -> None:
    """Draw a picture into the frame `sight`, uint8 RGB [H,W,3], in place, touching only the pixels it may cover.

    Args:
        sight: the frame.
        picture: uint8 RGB, or RGBC with holes.
        matrix: as `homography` returns.
        endless: whether the picture goes on mirrored beyond its edges.
        sigma_px: blur, for what is out of focus.
    """
    height, width = sight.shape[:2]
    found = bounds(matrix, (picture.shape[1], picture.shape[0]), (width, height))
    if endless:
        found = (0, 0, width, height)
    if found is None:
        return
    margin = math.ceil(3 * sigma_px) if sigma_px >= LEAST_SIGMA_PX else 0
    left, top = max(0, found[0] - margin), max(0, found[1] - margin)
    right, bottom = min(width, found[2] + margin), min(height, found[3] + margin)
    moved = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ matrix
    patch = blurred(warped(picture, moved, (right - left, bottom - top), endless=endless), sigma_px)
    lay(sight[top:bottom, left:right], patch)


def lay(target: U8, patch: U8) -> None:
    """Lay an RGB or RGBC picture over an RGB one of the same size, in place."""
    if patch.shape[2] == 3:
        target[...] = patch
        return
    clear = cv2.cvtColor(cv2.extractChannel(patch, 3), cv2.COLOR_GRAY2RGB)
    colour = cv2.cvtColor(patch, cv2.COLOR_RGBA2RGB)
    target[...] = cv2.add(cv2.multiply(target, clear, scale=1 / 255), colour)


def blurred(picture: U8, sigma_px: float) -> U8:
    """Return a picture blurred by a Gaussian; unchanged where that cannot be seen."""
    if sigma_px < LEAST_SIGMA_PX:
        return picture
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px, borderType=cv2.BORDER_REPLICATE), np.uint8)


def rgbc(picture: U8) -> U8:
    """Return an RGBA picture as RGBC."""
    alpha = picture[..., 3:]
    colour = cv2.multiply(np.ascontiguousarray(picture[..., :3]), np.repeat(alpha, 3, 2), scale=1 / 255)
    return np.concatenate([np.asarray(colour, np.uint8), 255 - alpha], axis=2)


def panel(picture: U8, shade: float = 1.0) -> U8:
    """Return an RGB picture as RGBC, its brightness times `shade`, with a clear border that softens its edges."""
    shaded = np.asarray(cv2.convertScaleAbs(picture, alpha=shade), np.uint8)
    solid = np.concatenate([shaded, np.zeros_like(shaded[..., :1])], axis=2)
    clear = (0, 0, 0, 255)
    return np.asarray(cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=clear), np.uint8)
