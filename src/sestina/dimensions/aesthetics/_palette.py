"""The few colours a run of pictures is made of: Lloyd's k-means in CIE Lab from a fixed start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sestina.core.track import F64

PIXELS_MAX = 2400
"""Pixels clustered at most; more change no swatch by a visible amount."""
ROUNDS = 12
MERGE_BELOW_DE = 12.0
"""Swatches nearer than this are one colour to the eye in a palette (dE76 of 2.3 is just noticeable side by side)."""
SHARE_MIN = 0.03
"""Share of the pixels that a swatch holds at least."""


@dataclass(frozen=True)
class Swatch:
    """One colour of a palette: its CIE Lab values and its share of the pixels."""

    lab: tuple[float, float, float]
    share: float

    @property
    def hex(self) -> str:
        """The colour in sRGB, `#rrggbb`."""
        return "#" + "".join(f"{round(255 * value):02x}" for value in srgb(self.lab))


def palette(pixels: npt.NDArray[np.floating], most: int = 6) -> list[Swatch]:
    """Return up to `most` swatches of Lab pixels [N,3], the largest share first; the same for the same pixels."""
    step = max(1, -(-len(pixels) // PIXELS_MAX))
    points = pixels[::step].astype(np.float64)
    if not len(points):
        return []
    centres = farthest(points, most)
    for _ in range(ROUNDS):
        nearest = _nearest(points, centres)
        centres = np.array([points[nearest == i].mean(axis=0) for i in range(len(centres)) if (nearest == i).any()])
    return _swatches(points, centres)


def farthest(points: F64, most: int) -> F64:
    """Return up to `most` starting points [K,3]: the mean's nearest point, then always the farthest from those so far.

    Few points lie far out, so the distance is taken to the power one half and the 98th percentile is chosen.
    """
    centres = [points[np.argmin(np.linalg.norm(points - points.mean(axis=0), axis=1))]]
    while len(centres) < most:
        distance = np.min([np.linalg.norm(points - centre, axis=1) for centre in centres], axis=0)
        order = np.argsort(distance, kind="stable")
        index = order[int(0.98 * (len(order) - 1))]
        if distance[index] < MERGE_BELOW_DE:
            break
        centres.append(points[index])
    return np.array(centres)


def _nearest(points: F64, centres: F64) -> npt.NDArray[np.intp]:
    return np.asarray(np.linalg.norm(points[:, None] - centres[None], axis=2).argmin(axis=1), np.intp)


def _swatches(points: F64, centres: F64) -> list[Swatch]:
    nearest = _nearest(points, centres)
    groups = [points[nearest == i] for i in range(len(centres))]
    merged: list[npt.NDArray[np.float64]] = []
    for group in sorted(groups, key=len, reverse=True):
        near = [i for i, other in enumerate(merged) if _apart(group, other) < MERGE_BELOW_DE] if len(group) else []
        if near:
            merged[near[0]] = np.concatenate([merged[near[0]], group])
        elif len(group):
            merged.append(group)
    found = [Swatch(_rounded(group.mean(axis=0)), len(group) / len(points)) for group in merged]
    return sorted((s for s in found if s.share >= SHARE_MIN), key=lambda s: (-s.share, s.lab))


def _apart(one: F64, other: F64) -> float:
    return float(np.linalg.norm(one.mean(axis=0) - other.mean(axis=0)))


def _rounded(lab: F64) -> tuple[float, float, float]:
    light, a, b = (round(float(value), 2) for value in lab)
    return light, a, b


def srgb(lab: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the sRGB values 0..1 of a colour in CIE Lab (D65), clipped to the gamut (IEC 61966-2-1)."""
    level = (lab[0] + 16) / 116
    parts = np.array([level + lab[1] / 500, level, level - lab[2] / 200])
    cubes = np.where(parts > 6 / 29, parts**3, 3 * (6 / 29) ** 2 * (parts - 4 / 29))
    xyz = cubes * (0.95047, 1.0, 1.08883)
    linear = np.clip(np.array(TO_LINEAR) @ xyz, 0, 1)
    red, green, blue = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return float(red), float(green), float(blue)


TO_LINEAR = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
"""CIE XYZ to linear sRGB."""
