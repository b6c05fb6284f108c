"""Pictures in the making: smooth shapes and lettering put together, with the place of every text kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
Tone = tuple[int, int, int]
Point = tuple[float, float]
PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom, pixels; right and bottom are the first beyond."""

SHIFT = 4
"""Fractional bits of the coordinates that OpenCV draws with."""


@dataclass(frozen=True)
class Moment:
    """What moves inside an overlay: the share of its time that has passed, its beat, the letters typed (None: all)."""

    share: float = 1.0
    beat: int = 0
    shown: int | None = None


@dataclass(frozen=True)
class Written:
    """One text of a picture: as given, its lines as drawn, the box of its ink, the height of its capitals in pixels."""

    text: str
    lines: tuple[str, ...]
    box: PixelBox
    cap_px: int

    def moved(self, x: int, y: int) -> Written:
        """Return it `x`, `y` pixels further right and down."""
        left, top, right, bottom = self.box
        return replace(self, box=(left + x, top + y, right + x, bottom + y))


@dataclass(frozen=True, eq=False)
class Art:
    """A picture to lay over the frame, uint8 RGBA [H,W,4], and what is written in it."""

    picture: U8
    written: tuple[Written, ...] = ()

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.picture.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.picture.shape[0])


class Pad:
    """A transparent picture that shapes and other pictures are laid on; lengths in pixels, x right, y down."""

    def __init__(self, width: float, height: float) -> None:
        self.picture: U8 = np.zeros((max(1, round(height)), max(1, round(width)), 4), np.uint8)
        self._written: list[Written] = []

    @property
    def art(self) -> Art:
        """What was laid so far."""
        return Art(self.picture, tuple(self._written))

    def polygon(self, points: Sequence[Point], tone: Tone, alpha: int = 255) -> None:
        """Fill a polygon."""
        mask = self._mask()
        cv2.fillPoly(mask, [_fine(points)], alpha, cv2.LINE_AA, SHIFT)
        self._fill(mask, tone)

    def block(
        self, left: float, top: float, width: float, height: float, tone: Tone, radius: float = 0, alpha: int = 255
    ) -> None:
        """Fill a rectangle, its corners rounded."""
        mask = np.zeros(self.picture.shape[:2], np.uint8)
        x, y, w, h = round(left), round(top), round(width), round(height)
        place = mask[max(0, y) : y + h, max(0, x) : x + w]
        if place.size:
            place[:] = rounded(w, h, round(radius))[max(0, -y) :, max(0, -x) :][: place.shape[0], : place.shape[1]]
            self._fill((mask.astype(np.uint16) * alpha // 255).astype(np.uint8), tone)

    def ellipse(self, at: Point, radii: Point, tone: Tone, alpha: int = 255, line: float = 0, turn: float = 0) -> None:
        """Fill an ellipse turned by `turn` degrees, or draw its outline `line` pixels wide."""
        mask, scale = self._mask(), 1 << SHIFT
        middle = (round(at[0] * scale), round(at[1] * scale))
        axes = (round(radii[0] * scale), round(radii[1] * scale))
        thick = max(1, round(line)) if line else -1
        cv2.ellipse(mask, middle, axes, turn, 0, 360, alpha, thick, cv2.LINE_AA, SHIFT)
        self._fill(mask, tone)

    def disc(self, at: Point, radius: float, tone: Tone, alpha: int = 255) -> None:
        """Fill a circle."""
        self.ellipse(at, (radius, radius), tone, alpha)

    def stroke(self, points: Sequence[Point], width: float, tone: Tone, closed: bool = False) -> None:
        """Draw a line along points."""
        mask = self._mask()
        cv2.polylines(mask, [_fine(points)], closed, 255, max(1, round(width)), cv2.LINE_AA, SHIFT)
        self._fill(mask, tone)

    def put(self, art: Art, x: float, y: float) -> None:
        """Lay another picture with its left top at x, y; what goes beyond the edge is lost."""
        left, top = round(x), round(y)
        over(self.picture, art.picture, left, top)
        self._written += [text.moved(left, top) for text in art.written]

    def put_middle(self, art: Art, x: float, y: float) -> None:
        """Lay another picture with the middle of its ink at x, y."""
        left, top, right, bottom = ink_box(art.picture)
        self.put(art, x - (left + right) / 2, y - (top + bottom) / 2)

    def put_left(self, art: Art, x: float, y: float) -> None:
        """Lay another picture with the left of its ink at x and the middle of its ink's height at y."""
        left, top, _, bottom = ink_box(art.picture)
        self.put(art, x - left, y - (top + bottom) / 2)

    def _mask(self) -> U8:
        return np.zeros(self.picture.shape[:2], np.uint8)

    def _fill(self, mask: U8, tone: Tone) -> None:
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        if not len(rows):
            return
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        shape = np.empty((bottom - top, right - left, 4), np.uint8)
        shape[..., :3], shape[..., 3] = tone, mask[top:bottom, left:right]
        over(self.picture, shape, int(left), int(top))


def _fine(points: Sequence[Point]) -> npt.NDArray[np.int32]:
    return np.rint(np.asarray(points, np.float64) * (1 << SHIFT)).astype(np.int32)


def rounded(width: int, height: int, radius: int) -> U8:
    """Return the alpha of a rounded rectangle that fills its picture, uint8 [height, width]."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", (width * 4, height * 4), 0)
    radius = max(0, min(radius, width // 2, height // 2))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius * 4, fill=255)
    return np.asarray(mask.resize((width, height), Image.Resampling.BOX), np.uint8)


def over(canvas: U8, picture: U8, x: int, y: int) -> None:
    """Lay an RGBA picture over an RGBA canvas in place, its left top at x, y, cut at the border (Porter, Duff 1984)."""
    top, left = max(0, y), max(0, x)
    bottom, right = min(canvas.shape[0], y + picture.shape[0]), min(canvas.shape[1], x + picture.shape[1])
    if top >= bottom or left >= right:
        return
    part = picture[top - y : bottom - y, left - x : right - x]
    canvas[top:bottom, left:right] = composed(part, canvas[top:bottom, left:right])


def composed(upper: U8, lower: U8) -> U8:
    """Return one RGBA picture over another of the same size."""
    high = upper[..., 3:].astype(np.float32) / 255
    low = lower[..., 3:].astype(np.float32) / 255 * (1 - high)
    whole = np.maximum(high + low, 1e-6)
    colour = (upper[..., :3] * high + lower[..., :3] * low) / whole
    return np.concatenate([colour, 255 * (high + low)], axis=2).round().astype(np.uint8)


def toned(alpha: U8, tone: Tone) -> U8:
    """Return a plain colour of the given alpha [H,W] as an RGBA picture."""
    out = np.empty((*alpha.shape, 4), np.uint8)
    out[..., :3], out[..., 3] = tone, alpha
    return out


def ink_box(picture: U8, threshold: int = 128) -> PixelBox:
    """Return the box of what is opaque in an RGBA picture; all of it when nothing is."""
    opaque = picture[..., 3] >= threshold
    rows, columns = np.flatnonzero(opaque.any(1)), np.flatnonzero(opaque.any(0))
    if not len(rows):
        return 0, 0, picture.shape[1], picture.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def bounds(boxes: Sequence[PixelBox]) -> PixelBox:
    """Return the smallest box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def mixed(one: Tone, two: Tone, share: float) -> Tone:
    """Return the colour `share` of the way from one to another."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue
