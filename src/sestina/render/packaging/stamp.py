"""Laying pictures onto frames: prepared once, then one multiplication and one addition a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sestina.render.packaging.art import U8, U16


@dataclass(frozen=True, eq=False)
class Stamp:
    """An RGBA picture ready to be laid: cut to what shows, its colours weighted (plus half, for rounding).

    Args:
        x, y: where its left top lies, from that of the picture it was cut from.
        weighted: colour times alpha + 127, uint16 [H,W,3].
        rest: 255 - alpha for each channel, uint16 [H,W,3]; None where all is opaque, when `weighted` is not used.
        solid: the colours, uint8 [H,W,3].
    """

    x: int
    y: int
    weighted: U16
    rest: U16 | None
    solid: U8

    @classmethod
    def of(cls, picture: U8) -> Stamp:
        """Prepare an RGBA picture."""
        seen = picture[..., 3] > 0
        rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        if not len(rows):
            rows = columns = np.zeros(1, np.intp)
        x, y = int(columns[0]), int(rows[0])
        cut = picture[y : int(rows[-1]) + 1, x : int(columns[-1]) + 1]
        solid = np.ascontiguousarray(cut[..., :3])
        if cut[..., 3].min() == 255:
            return cls(x, y, np.zeros((0, 0, 3), np.uint16), None, solid)
        alpha = np.repeat(cut[..., 3:].astype(np.uint16), 3, axis=2)
        return cls(x, y, solid * alpha + np.uint16(127), 255 - alpha, solid)

    def lay(self, frame: U8, x: int, y: int) -> None:
        """Lay it over an RGB frame in place, the uncut picture's left top at x, y; cut at the border.

        The result is round-half-down of (colour * alpha + frame * (255 - alpha)) / 255.
        """
        x, y = x + self.x, y + self.y
        top, left = max(0, y), max(0, x)
        bottom = min(frame.shape[0], y + self.solid.shape[0])
        right = min(frame.shape[1], x + self.solid.shape[1])
        if top >= bottom or left >= right:
            return
        part = np.s_[top - y : bottom - y, left - x : right - x]
        target = frame[top:bottom, left:right]
        if self.rest is None:
            target[:] = self.solid[part]
            return
        mixed = np.multiply(target, self.rest[part], dtype=np.uint16)
        mixed += self.weighted[part]
        mixed //= np.uint16(255)
        target[:] = mixed
