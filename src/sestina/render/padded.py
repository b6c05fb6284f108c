"""The picture inside a frame of another shape: where it lies and what fills the rest."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np

from sestina.core.evidence import Box
from sestina.render.mixing import U8
from sestina.render.parts.edit import BAR_LEAST, Padding

DIM = 0.8
"""Brightness of a blurred fill, so that the picture stands out from it."""


class Padded:
    """Lays pictures into frames.

    Args:
        padding: what to fill with; None: pictures are frames.
        width, height: of the frame, pixels.

    Raises ValueError when the padding would leave no bars, or bars on other sides than its name says.
    """

    def __init__(self, padding: Padding | None, width: int, height: int) -> None:
        self.padding = padding
        self.frame = (width, height)
        self.size = (width, height) if padding is None else _inside(padding, width, height)
        self.at = ((width - self.size[0]) // 2, (height - self.size[1]) // 2)
        if padding is not None:
            _check(padding, self.at, self.frame)

    @property
    def box(self) -> Box:
        """The picture inside the frame, as fractions."""
        (x, y), (w, h), (width, height) = self.at, self.size, self.frame
        return Box.of(x / width, y / height, w / width, h / height)

    def drawn(self, picture: U8) -> U8:
        """Return the frame [H,W,3] that shows `picture`, uint8 RGB of `size`."""
        if self.padding is None:
            return picture
        width, height = self.frame
        if self.padding.kind == "blurred_fill":
            out = _blurred(picture, width, height)
        else:
            out = np.zeros((height, width, 3), np.uint8)
            if self.padding.kind == "solid_fill":
                out[...] = self.padding.colour
        (x, y), (w, h) = self.at, self.size
        out[y : y + h, x : x + w] = picture
        return out


def _inside(padding: Padding, width: int, height: int) -> tuple[int, int]:
    """Return the largest even size of the wanted shape, times `scale`."""
    shape = min(Fraction(width), height * padding.aspect) * Fraction(padding.scale).limit_denominator(1000)
    return 2 * round(shape / 2), 2 * round(shape / padding.aspect / 2)


def _check(padding: Padding, at: tuple[int, int], frame: tuple[int, int]) -> None:
    bars = [bool(inset >= BAR_LEAST * side) for inset, side in zip(at, frame, strict=True)]
    wanted = {"letterbox": [False, True], "pillarbox": [True, False], "windowbox": [True, True]}.get(padding.kind)
    if not any(bars) or (wanted is not None and bars != wanted):
        raise ValueError(f"a picture of {padding.aspect} in a frame of {frame[0]}x{frame[1]} leaves no {padding.kind}")


def _blurred(picture: U8, width: int, height: int) -> U8:
    """Return the picture enlarged until it covers the frame, blurred and dimmed."""
    tall, wide = picture.shape[:2]
    scale = max(width / wide, height / tall)
    w, h = round(width / scale), round(height / scale)
    x, y = (wide - w) // 2, (tall - h) // 2
    small = (max(8, width // 12), max(8, height // 12))
    little = cv2.resize(picture[y : y + h, x : x + w], small, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(cv2.convertScaleAbs(little, alpha=DIM), (0, 0), 1.6)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
