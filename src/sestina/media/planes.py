"""One decoded frame to small luma and chroma planes, without ever making an RGB picture.

Planes of the common formats are read where the decoder left them and averaged over whole blocks of pixels (the one
resize that is both exact and cheap), then range, rotation and bit depth are put right on the small result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.media_info import VideoInfo

U8 = npt.NDArray[np.uint8]
Plane = npt.NDArray[Any]

SHORT_SIDE = 256
"""Short side of the small planes: at least this and less than twice this, except for videos smaller still."""

MOST_PIXELS = 1 << 21
"""A plane never has more, whatever the picture's shape: memory stays bounded for a damaged header too."""

FULL = 2
"""Full range in FFmpeg's numbering of AVColorRange."""

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True)
class _Layout:
    """How a pixel format keeps its planes: luma, two of chroma (none: grey), alpha; bits a sample."""

    bits: int
    chroma: bool
    interleaved: bool
    alpha: int | None


@cache
def _layout(name: str) -> _Layout | None:
    """Return how to read format `name` in place, or None when it has to be converted first."""
    from av.video.format import VideoFormat

    if name in ("nv12", "nv21"):
        return _Layout(bits=8, chroma=True, interleaved=True, alpha=None)
    form = VideoFormat(name, 16, 16)
    parts = form.components
    planes = [part.plane for part in parts]
    odd = form.is_rgb or form.has_palette or form.is_bayer or form.is_bit_stream or form.is_big_endian
    unusual = not name.startswith(("yuv", "gray")) or name.startswith("grayf") or "msb" in name
    if odd or unusual or len(set(planes)) < len(planes):
        return None
    bits = {part.bits for part in parts}
    if len(bits) != 1 or not 8 <= min(bits) <= 16:
        return None
    alpha = next((part.plane for part in parts if part.is_alpha), None)
    return _Layout(bits=bits.pop(), chroma=len(parts) >= 3, interleaved=False, alpha=alpha)


@cache
def _range_table(bits: int, full: bool, chroma: bool) -> U8:
    """Return the 8-bit full-range value of every sample value, uint8 [2**bits] (ITU-T H.273, section 8.3)."""
    unit = 1 << (bits - 8)
    values = np.arange(1 << bits, dtype=np.float64)
    if full:
        out = values * 255 / ((1 << bits) - 1)
        if chroma:
            out = (values - 128 * unit) * 255 / ((1 << bits) - 1) + 128
    elif chroma:
        out = (values / unit - 128) * 255 / 224 + 128
    else:
        out = (values / unit - 16) * 255 / 219
    return np.clip(np.rint(out), 0, 255).astype(np.uint8)


def _factor(width: int, height: int) -> int:
    """Return the whole factor that brings the short side to 256..511 pixels, more for very long strips.

    Even above 3, since halving is the fast way.
    """
    factor = max(1, min(width, height) // SHORT_SIDE)
    factor = factor - 1 if factor > 3 and factor % 2 else factor
    return max(factor, math.ceil(math.sqrt(width * height / MOST_PIXELS)))


class Shrinker:
    """Writes frames of one video into small planes; upright, square pixels, full range, alpha over black.

    Args:
        video: facts of the stream; frames of another size are stretched to this one's.
    """

    def __init__(self, video: VideoInfo) -> None:
        turned = video.rotation_deg in (90, 270)
        width, height = video.display_width, video.display_height
        factor = _factor(width, height)
        luma = max(1, width // factor), max(1, height // factor)
        chroma = max(1, luma[0] // 2), max(1, luma[1] // 2)
        self.luma_size, self.chroma_size = luma, chroma
        self._turn = TURNS.get(video.rotation_deg)
        self._stored_luma = luma[::-1] if turned else luma
        self._stored_chroma = chroma[::-1] if turned else chroma
        self._full = video.full_range

    def buffers(self, count: int) -> tuple[U8, U8, U8]:
        """Return room for `count` frames: luma uint8 [count,h,w], cb and cr uint8 [count,h2,w2]."""
        (width, height), (width2, height2) = self.luma_size, self.chroma_size
        luma = np.empty((count, height, width), np.uint8)
        return luma, np.empty((count, height2, width2), np.uint8), np.empty((count, height2, width2), np.uint8)

    def into(self, frame: Any, luma: U8, cb: U8, cr: U8) -> None:
        """Fill one frame's planes, uint8 [h,w] and twice [h2,w2]; raises ValueError or av.FFmpegError on damage."""
        frame, layout = _readable(frame)
        full = _is_full(frame, self._full)
        planes = _planes(frame, layout)
        if layout.alpha is not None:
            planes = _over_black(planes, _array(frame, layout.alpha, layout.bits), layout.bits, full)
        self._plane(planes[0], luma, self._stored_luma, _range_table(layout.bits, full, False))
        if not layout.chroma:
            cb.fill(128)
            cr.fill(128)
            return
        table = _range_table(layout.bits, full, True)
        self._plane(planes[1], cb, self._stored_chroma, table)
        self._plane(planes[2], cr, self._stored_chroma, table)

    def _plane(self, plane: Plane, out: U8, size: tuple[int, int], table: U8) -> None:
        """Shrink, map to 8 bits and turn one plane into `out`."""
        if self._turn is None and plane.dtype == np.uint8:
            cv2.LUT(area(plane, size, out), table, dst=out)
            return
        small = area(plane, size)
        mapped = cv2.LUT(small, table) if small.dtype == np.uint8 else table[small]
        if self._turn is None:
            out[...] = mapped
        else:
            cv2.rotate(mapped, self._turn, dst=out)


def _is_full(frame: Any, otherwise: bool) -> bool:
    """Frames say their range themselves; where they do not, the format's name or the stream decides."""
    if frame.format.name.startswith("yuvj"):
        return True
    if frame.color_range in (1, FULL):
        return bool(frame.color_range == FULL)
    return otherwise or frame.format.name.startswith("gray")


def _readable(frame: Any) -> tuple[Any, _Layout]:
    """Return the frame, converted where its planes cannot be read in place, and its layout."""
    layout = _layout(frame.format.name)
    upside_down = any(plane.line_size <= 0 for plane in frame.planes)
    if layout is not None and not upside_down:
        return frame, layout
    alpha = any(part.is_alpha for part in frame.format.components)
    target = "yuva420p" if alpha else "yuv422p" if frame.format.name == "yuv420p" else "yuv420p"
    if frame.format.is_rgb or frame.format.has_palette:
        frame = frame.reformat(format=target, dst_colorspace=1, dst_color_range=FULL)
        frame.color_range = FULL
    else:
        frame = frame.reformat(format=target)
    found = _layout(target)
    if found is None:
        raise ValueError(f"no way to read {target}")
    return frame, found


def _planes(frame: Any, layout: _Layout) -> list[Plane]:
    luma = _array(frame, 0, layout.bits)
    if not layout.chroma:
        return [luma]
    if not layout.interleaved:
        return [luma, _array(frame, 1, layout.bits), _array(frame, 2, layout.bits)]
    plane = frame.planes[1]
    pairs = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width * 2]
    first, second = pairs[:, 0::2], pairs[:, 1::2]
    return [luma, first, second] if frame.format.name == "nv12" else [luma, second, first]


def _array(frame: Any, index: int, bits: int) -> Plane:
    """Return plane `index` as it lies in the decoder's memory, uint8 or uint16 [h,w]."""
    plane = frame.planes[index]
    kind = np.dtype(np.uint8) if bits == 8 else np.dtype("<u2")
    rows = np.frombuffer(plane, kind).reshape(-1, plane.line_size // kind.itemsize)
    return rows[: plane.height, : plane.width]


def _over_black(planes: list[Plane], alpha: Plane, bits: int, full: bool) -> list[Plane]:
    """Return planes composited over black: luma towards black, chroma towards neutral, by straight alpha."""
    unit, top = 1 << (bits - 8), (1 << bits) - 1
    black = 0 if full else 16 * unit
    out = []
    for plane, rest in zip(planes, (black, 128 * unit, 128 * unit), strict=False):
        share = alpha if plane.shape == alpha.shape else area(alpha, (plane.shape[1], plane.shape[0]))
        mixed = rest + (plane.astype(np.float32) - rest) * (share.astype(np.float32) / top)
        out.append(np.rint(mixed).astype(plane.dtype))
    return out


def area(plane: Plane, size: tuple[int, int], out: Plane | None = None) -> Plane:
    """Return `plane` [h,w] averaged down to `size` (width, height).

    Where a whole number of pixels fits each way, blocks are averaged and up to a block's rest at the right and bottom
    edge is cut off; otherwise areas are weighted. Enlarging (one row of a tiny video, anamorphic pixels) is linear.
    """
    width, height = size
    across, down = plane.shape[1] // width, plane.shape[0] // height
    if across >= 1 and down >= 1 and plane.shape[1] - across * width < across and plane.shape[0] - down * height < down:
        plane = plane[: down * height, : across * width]
        # Halving is vectorised, other factors are not: two halvings take an eighth of the time of one quartering.
        while across % 2 == 0 and down % 2 == 0 and across > 2:
            across, down = across // 2, down // 2
            plane = cv2.resize(plane, (width * across, height * down), interpolation=cv2.INTER_AREA)
    enlarges = plane.shape[1] < width or plane.shape[0] < height
    if plane.shape == (height, width) and out is None:
        return plane
    mode = cv2.INTER_LINEAR if enlarges else cv2.INTER_AREA
    return cv2.resize(plane, size, dst=out, interpolation=mode)
