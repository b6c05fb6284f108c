"""Pixels and samples on their way from the decoder to the signals.

A `FrameBatch` carries a run of frames as small planes (about 256 to 511 pixels on the short side), a `Picture` one
frame at full size, an `AudioBlock` a run of sound. Time travels with every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sestina.core.time import seconds

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]


def times_of(pts: npt.NDArray[np.int64], time_base: Fraction) -> npt.NDArray[np.float64]:
    """Return `pts` [N] in seconds, rounded to the microsecond, [N]."""
    return np.round(pts.astype(np.float64) * time_base.numerator / time_base.denominator, 6)


@dataclass(frozen=True, kw_only=True)
class FrameBatch:
    """Consecutive frames as small full-range planes, upright and with square pixels.

    Args:
        luma: uint8 [N,h,w], Y' scaled to 0 (black) .. 255 (white) whatever the source's range.
        cb: uint8 [N,h2,w2], blue difference, 128 neutral, full range; about half of luma's size.
        cr: uint8 [N,h2,w2], red difference.
        pts: int64 [N] ticks of `time_base`.
        time_base: seconds a tick.
        index: number of the first frame in the stream, from 0.

    The derived views below are computed once a batch, however many signals ask.
    """

    luma: U8
    cb: U8
    cr: U8
    pts: npt.NDArray[np.int64]
    time_base: Fraction
    index: int

    def __post_init__(self) -> None:
        if self.luma.ndim != 3 or self.cb.ndim != 3 or self.cb.shape != self.cr.shape:
            raise ValueError(f"planes must be [N,h,w]: {self.luma.shape = }, {self.cb.shape = }, {self.cr.shape = }")
        if not len(self.luma) == len(self.cb) == len(self.pts):
            raise ValueError(f"{len(self.luma)} luma planes, {len(self.cb)} chroma planes, {len(self.pts)} pts")

    def __len__(self) -> int:
        return len(self.pts)

    def __repr__(self) -> str:
        return f"FrameBatch(luma={self.luma.shape}, chroma={self.cb.shape}, index={self.index})"

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the luma planes in pixels."""
        return self.luma.shape[2], self.luma.shape[1]

    @cached_property
    def times_s(self) -> npt.NDArray[np.float64]:
        """Each frame's own time, seconds [N]."""
        return times_of(self.pts, self.time_base)

    @cached_property
    def half(self) -> U8:
        """Luma averaged over 2x2 pixels, uint8 [N,h//2,w//2] (at least 1x1)."""
        return shrink(self.luma, 2)

    @cached_property
    def quarter(self) -> U8:
        """Luma averaged over 4x4 pixels, uint8 [N,h//4,w//4] (at least 1x1)."""
        return shrink(self.half, 2)

    @cached_property
    def _parts(self) -> dict[bytes, FrameBatch]:
        return {}

    def at(self, which: npt.NDArray[np.intp]) -> FrameBatch:
        """Return the batch of the frames numbered `which` [M] alone, so that views are computed for no other.

        Asked twice it returns the same object: signals that sample the same frames share their views.
        """
        if len(which) == len(self):
            return self
        known = self._parts.get(which.tobytes())
        if known is None:
            known = FrameBatch(
                luma=self.luma[which],
                cb=self.cb[which],
                cr=self.cr[which],
                pts=self.pts[which],
                time_base=self.time_base,
                index=self.index + int(which[0]) if len(which) else self.index,
            )
            self._parts[which.tobytes()] = known
        return known

    @cached_property
    def lab(self) -> F32:
        """CIE L*a*b* (D65, L 0..100) of a small picture, float32 [N,hs,ws,3], hs x ws about 30 x 54 for 16:9."""
        return lab_of(self.tiny_ycc)

    @cached_property
    def tiny_ycc(self) -> U8:
        """Y'CbCr of a small picture, uint8 [N,hs,ws,3]: chroma planes and luma shrunk to about 40 on the short side."""
        import cv2

        height, width = self.cb.shape[1:]
        scale = min(1.0, 40 / min(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        planes = (self.quarter, self.cb, self.cr)
        small = [np.stack([cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in plane]) for plane in planes]
        return np.stack(small, axis=-1).astype(np.uint8)


def shrink(planes: U8, factor: int) -> U8:
    """Return planes [N,h,w] averaged over `factor` x `factor` pixels, uint8 [N,h//factor,w//factor], at least 1x1."""
    import cv2

    size = (max(1, planes.shape[2] // factor), max(1, planes.shape[1] // factor))
    out = np.empty((len(planes), size[1], size[0]), np.uint8)
    for source, target in zip(planes, out, strict=True):
        cv2.resize(source, size, dst=target, interpolation=cv2.INTER_AREA)
    return out


def lab_of(ycc: U8) -> F32:
    """Return CIE L*a*b* (D65) of full-range BT.709 Y'CbCr pixels uint8 [...,3]: float32 [...,3], L in 0..100."""
    import cv2

    y, cb, cr = (ycc[..., i].astype(np.float32) for i in range(3))
    red = y + 1.5748 * (cr - 128)
    green = y - 0.1873 * (cb - 128) - 0.4681 * (cr - 128)
    blue = y + 1.8556 * (cb - 128)
    rgb = np.clip(np.stack((red, green, blue), axis=-1) / 255, 0, 1).astype(np.float32)
    flat = cv2.cvtColor(rgb.reshape(1, -1, 3), cv2.COLOR_RGB2LAB)
    return np.asarray(flat, np.float32).reshape(ycc.shape)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One frame at display size.

    Args:
        rgb: uint8 [H,W,3], upright, square pixels.
        pts: tick of `time_base`.
        time_base: seconds a tick.
    """

    rgb: U8
    pts: int
    time_base: Fraction

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3:
            raise ValueError(f"a picture is [H,W,3], got {self.rgb.shape}")

    def __repr__(self) -> str:
        return f"Picture(rgb={self.rgb.shape}, time_s={self.time_s})"

    @property
    def time_s(self) -> float:
        """The frame's own time in seconds."""
        return seconds(self.pts * self.time_base)


@dataclass(frozen=True, kw_only=True)
class AudioBlock:
    """A run of sound.

    Args:
        samples: float32 [channels, n] in -1..1.
        rate_hz: samples a second.
        start_s: presentation time of the first sample.
    """

    samples: F32
    rate_hz: int
    start_s: float

    def __post_init__(self) -> None:
        if self.samples.ndim != 2:
            raise ValueError(f"samples must be [channels, n], got {self.samples.shape}")

    def __repr__(self) -> str:
        return f"AudioBlock(samples={self.samples.shape}, rate_hz={self.rate_hz}, start_s={self.start_s})"

    @property
    def mono(self) -> F32:
        """Mean over channels, float32 [n]."""
        return np.asarray(self.samples.mean(axis=0), np.float32)
