"""A sheet to paint illustrations on: soft-edged shapes with gradients, shadows and glows.

Coordinates have their origin in the middle of the sheet and the sheet's height as unit, x to the right, y down.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]
Tone = tuple[int, int, int]
Point = tuple[float, float]

SHIFT = 4
"""Fractional bits of the coordinates that OpenCV draws with."""


class Sheet:
    """A picture in the making, float32 RGB [H,W,3] in `picture`.

    Args:
        width, height: pixels.
        top, bottom: colours of the ground's vertical gradient.
    """

    def __init__(self, width: int, height: int, top: Tone, bottom: Tone) -> None:
        self.width, self.height = width, height
        ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        column = (1 - ramp) * np.asarray(top, np.float32) + ramp * np.asarray(bottom, np.float32)
        self.picture: F32 = np.ascontiguousarray(np.broadcast_to(column, (height, width, 3)))

    def polygon(
        self, points: list[Point], tone: Tone, *, to: Tone | None = None, alpha: float = 1.0, blur: float = 0.0
    ) -> None:
        """Fill a polygon with `tone`, or with a gradient down to `to`; `blur` softens it, a share of the height."""
        mask = np.zeros((self.height, self.width), np.uint8)
        corners = np.array([self._pixels(point) for point in points], np.int32)
        cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, SHIFT)
        self._fill(mask, tone, to, alpha, blur)

    def ellipse(
        self, at: Point, radii: Point, tone: Tone, *, to: Tone | None = None, alpha: float = 1.0, blur: float = 0.0,
        angle: float = 0.0,
    ) -> None:  # fmt: skip
        """Fill an ellipse turned by `angle` degrees."""
        mask = np.zeros((self.height, self.width), np.uint8)
        scale = self.height * (1 << SHIFT)
        axes = (round(radii[0] * scale), round(radii[1] * scale))
        cv2.ellipse(mask, self._pixels(at), axes, angle, 0, 360, 255, -1, cv2.LINE_AA, SHIFT)
        self._fill(mask, tone, to, alpha, blur)

    def block(
        self, at: Point, size: Point, tone: Tone, *, to: Tone | None = None, radius: float = 0.0, alpha: float = 1.0,
        blur: float = 0.0,
    ) -> None:  # fmt: skip
        """Fill a rectangle of a size around `at`, its corners rounded."""
        self.polygon(_rounded(at, size, radius), tone, to=to, alpha=alpha, blur=blur)

    def line(self, points: list[Point], width: float, tone: Tone, *, alpha: float = 1.0, blur: float = 0.0) -> None:
        """Draw a stroke with round ends along points."""
        mask = np.zeros((self.height, self.width), np.uint8)
        corners = np.array([self._pixels(point) for point in points], np.int32)
        thick = max(1, round(width * self.height))
        cv2.polylines(mask, [corners], False, 255, thick, cv2.LINE_AA, SHIFT)
        self._fill(mask, tone, None, alpha, blur)

    def glow(self, at: Point, radius: float, tone: Tone, strength: float = 1.0) -> None:
        """Add light that falls off from `at`."""
        x = (np.arange(self.width, dtype=np.float32) - self.width / 2) / self.height - at[0]
        y = (np.arange(self.height, dtype=np.float32) - self.height / 2) / self.height - at[1]
        fall = strength * np.exp(-(x[None] ** 2 + y[:, None] ** 2) / (2 * (radius / 2) ** 2))[..., None]
        self.picture += fall * (np.asarray(tone, np.float32) - 0.6 * self.picture)

    def ridge(self, rng: np.random.Generator, y: float, rough: float, tone: Tone, to: Tone) -> list[Point]:
        """Paint a hill line across the sheet and everything below it; return the line."""
        half = self.width / self.height / 2
        x = np.linspace(-half, half, 160)
        line = np.full_like(x, y)
        for waves, weight in ((1.1, 1.0), (2.3, 0.55), (4.7, 0.28), (9.1, 0.12), (19.0, 0.05)):
            line += rough * weight * np.sin(2 * np.pi * waves * x / (2 * half) + rng.uniform(0, 6.3))
        points = [(float(a), float(b)) for a, b in zip(x, line, strict=True)]
        self.polygon([*points, (half, 0.51), (-half, 0.51)], tone, to=to)
        return points

    def finished(self, rng: np.random.Generator, grain: float = 2.5) -> U8:
        """Return the picture as uint8 with a little paper grain."""
        paper = grain * rng.standard_normal((self.height, self.width, 1), np.float32)
        return np.asarray(np.clip(self.picture + paper, 0, 255), np.uint8)

    def _pixels(self, point: Point) -> tuple[int, int]:
        scale = 1 << SHIFT
        x = (point[0] * self.height + self.width / 2) * scale
        return round(x), round((point[1] + 0.5) * self.height * scale)

    def _fill(self, mask: U8, tone: Tone, to: Tone | None, alpha: float, blur: float) -> None:
        """Lay a colour or a gradient over the ground where the mask is, in the mask's own rows and columns only."""
        if blur > 0:
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), blur * self.height), np.uint8)
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        if not len(rows):
            return
        place = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        weight = mask[place][..., None].astype(np.float32) * (alpha / 255)
        ramp = np.linspace(0, 1, len(weight), dtype=np.float32)[:, None, None]
        fill = np.asarray(tone, np.float32) * (1 - ramp) + np.asarray(to or tone, np.float32) * ramp
        self.picture[place] += weight * (fill - self.picture[place])


def _rounded(at: Point, size: Point, radius: float) -> list[Point]:
    """Return the outline of a rectangle with rounded corners."""
    half_w, half_h = size[0] / 2, size[1] / 2
    radius = min(radius, half_w, half_h)
    points = []
    for corner, (sx, sy) in enumerate(((1, -1), (1, 1), (-1, 1), (-1, -1))):
        for step in range(9 if radius > 0 else 1):
            turn = np.pi / 2 * (corner - 1 + step / 8)
            x = at[0] + sx * (half_w - radius) + radius * float(np.cos(turn))
            points.append((x, at[1] + sy * (half_h - radius) + radius * float(np.sin(turn))))
    return points
