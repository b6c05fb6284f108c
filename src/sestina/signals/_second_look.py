"""A second, dearer look at two neighbouring frames: does one similarity transform carry the old into the new?

A punch-in is one picture enlarged; in a jump cut the background stays and the subject has moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.frames import U8

SHORT_SIDE = 128
"""Pixels on the short side of the pictures that features are found on."""
FEATURES = 300
MATCHES_MIN = 16
"""Matches below which a transform is not trusted."""
SMALLEST = 48
"""Pixels on the short side below which features have no room: they look at patches of 31."""
DISTINCT = 0.8
"""Distance of the best match over that of the second best (Lowe 2004)."""
REACH_PX = 2.0
BLOCK = 8
SAME_LEVELS = 10.0
"""Mean grey levels of difference up to which a block shows the same."""
TEXTURE = 25.0
"""Variance from which a block shows something."""


@dataclass(frozen=True, kw_only=True)
class Similarity:
    """How one picture goes over into another.

    Args:
        scale: enlargement of the similarity transform, 1 when there is none to trust.
        inliers: share of feature matches that agree with it.
        kept: share of textured blocks that show the same, in place or after the transform.
    """

    scale: float
    inliers: float
    kept: float


def second_look(old: U8, new: U8) -> Similarity:
    """Return how `old` goes over into `new`, two luma planes [h,w] of one size."""
    in_place = kept_share(old, new)
    matrix, inliers = similarity(old, new)
    if matrix is None:
        return Similarity(scale=1.0, inliers=0.0, kept=in_place)
    scale = math.hypot(matrix[0, 0], matrix[1, 0])
    if in_place >= 0.9:
        return Similarity(scale=1.0, inliers=inliers, kept=in_place)
    size = (old.shape[1], old.shape[0])
    moved = np.asarray(cv2.warpAffine(old, matrix, size, borderMode=cv2.BORDER_CONSTANT), np.uint8)
    seen = cv2.warpAffine(np.full_like(old, 255), matrix, size, borderMode=cv2.BORDER_CONSTANT)
    carried = kept_share(moved, new, np.asarray(seen, np.uint8))
    return Similarity(scale=scale, inliers=inliers, kept=max(in_place, carried))


def similarity(old: U8, new: U8) -> tuple[npt.NDArray[np.float64] | None, float]:
    """Return the 2x3 similarity matrix that carries `old` into `new`, or None, and its share of inliers.

    ORB features (Rublee et al. 2011), ratio test, RANSAC; the seed is fixed, so results repeat.
    """
    finder = cv2.ORB.create(FEATURES, fastThreshold=12)
    if min(old.shape) < SMALLEST:
        return None, 0.0
    anywhere = np.full_like(old, 255)
    (points, one), (others, two) = (finder.detectAndCompute(plane, anywhere) for plane in (old, new))
    if min(len(points), len(others)) < MATCHES_MIN:
        return None, 0.0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(one, two, k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < DISTINCT * p[1].distance]
    if len(good) < MATCHES_MIN:
        return None, 0.0
    source = np.array([points[m.queryIdx].pt for m in good], np.float32)
    target = np.array([others[m.trainIdx].pt for m in good], np.float32)
    cv2.setRNGSeed(1)
    matrix, inside = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=REACH_PX)
    if matrix is None:
        return None, 0.0
    return np.asarray(matrix, np.float64), float(inside.mean())


def kept_share(old: U8, new: U8, seen: U8 | None = None) -> float:
    """Return the share of textured blocks that differ little, of those `seen` (255) marks when given; 0 without any."""
    size = (max(1, new.shape[1] // BLOCK), max(1, new.shape[0] // BLOCK))
    apart = cv2.resize(cv2.absdiff(old, new), size, interpolation=cv2.INTER_AREA)
    mean = cv2.resize(new, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    square = cv2.resize(cv2.multiply(new, new, dtype=cv2.CV_32F), size, interpolation=cv2.INTER_AREA)
    counted = square - mean * mean > TEXTURE
    if seen is not None:
        counted &= cv2.resize(seen, size, interpolation=cv2.INTER_AREA) == 255
    total = int(np.count_nonzero(counted))
    return float(np.count_nonzero(counted & (apart <= SAME_LEVELS)) / total) if total else 0.0


def reduced(half: U8) -> U8:
    """Return luma [h,w] shrunk to `SHORT_SIDE` pixels on its short side, never enlarged."""
    height, width = half.shape
    scale = min(1.0, SHORT_SIDE / min(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(half, size, interpolation=cv2.INTER_AREA), np.uint8)
