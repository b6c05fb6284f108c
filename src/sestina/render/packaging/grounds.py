"""What lies behind lettering: contrast against the actual picture, looked at while a clip is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box
from sestina.render.packaging.art import U8

LOOKS_PER_S = 4
PARTS = 12
"""A text is cut into this many columns; each has a contrast of its own."""


class HasBox(Protocol):
    """Anything with a box, fractions of the frame."""

    @property
    def box(self) -> Box:
        """Where it is."""
        ...


class Grounds:
    """Mean colours behind texts, a few times a second, in columns.

    Args:
        rate: frames a second.
    """

    def __init__(self, rate: Fraction) -> None:
        self._step = max(1, round(rate / LOOKS_PER_S))
        self._seen: dict[int, dict[int, npt.NDArray[np.float64]]] = {}

    def look(self, picture: U8, number: int, frame: int, first: int, texts: Sequence[HasBox]) -> None:
        """Look behind the texts of overlay `number` before it is laid at `frame`; `first` is its first frame."""
        if texts and (frame - first) % self._step == 0:
            found = [column for text in texts for column in _columns(picture, text.box)]
            self._seen.setdefault(number, {})[frame] = np.asarray(found, np.float64)

    def contrasts(self, number: int, colour: tuple[int, int, int]) -> npt.NDArray[np.float64]:
        """Return the contrast of `colour` against every column at every look, [N]; empty where nobody looked."""
        seen = self._seen.get(number, {})
        return np.concatenate([contrast(colour, seen[frame]) for frame in sorted(seen)]) if seen else np.zeros(0)


def _columns(picture: U8, box: Box) -> Iterable[npt.NDArray[np.float64]]:
    height, width = picture.shape[:2]
    top, bottom = round(box.y * height), max(round(box.y * height) + 1, round((box.y + box.h) * height))
    left, right = round(box.x * width), max(round(box.x * width) + 1, round((box.x + box.w) * width))
    part = picture[top:bottom, left:right]
    if part.size:
        means = part.mean(axis=0)
        for columns in np.array_split(means, min(PARTS, len(means))):
            yield columns.mean(axis=0)


def luminance(rgb: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the relative luminance, 0..1, of sRGB colours [...,3], 0..255 (WCAG 2.2)."""
    share = np.asarray(rgb, np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: npt.ArrayLike, two: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the contrast ratio, 1..21, of sRGB colours [...,3] (WCAG 2.2)."""
    a, b = luminance(one), luminance(two)
    return np.asarray((np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05))
