"""Borders round the picture: bars of one colour, and borders filled with a blurred copy of the picture itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from sestina.core.card import Card
from sestina.core.frames import F32, U8, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track
from sestina.signals._sampling import Sampler

RATE_HZ = 3.0
BAR_LEVELS = 10
"""Grey levels by which a pixel of a bar may differ from the bar: compression and rounding ripple by 5."""
BAR_LINE_MIN = 0.5
"""Share of a line's pixels in the bar's colour from which the line belongs to the bar; the rest may be lettering."""
OUTER_LINE_MIN = 0.97
"""The same share of the outermost line, where a bar is plain."""
FULL_MIN = 0.6
"""Share of pixels unlike the bar in the first lines inside: a picture begins all at once, a dark sky does not."""
BARE_SHARE = 0.9
"""Share of lines of one colour from which a frame is plain and shows no border, such as black before a title."""
CHROMA_LEVEL = 4.0
SHARP_RATIO_MAX = 0.22
"""Fine detail of a blurred border over that of the picture inside."""
FILL_MATCH_MIN = 0.5
"""Least correlation of a blurred border with the enlarged picture inside it."""
INSET_MIN = 0.06
"""Least share of the side that a filled border takes up on each end."""
NAMES = (
    "left", "top", "right", "bottom", "left_edge", "top_edge", "right_edge", "bottom_edge",
    "level", "chroma", "lettering",
    "fill_left", "fill_top", "fill_match", "fill_sharpness",
)  # fmt: skip


@signals.register(
    "borders",
    input="frames",
    tracks=tuple(f"borders.{name}" for name in NAMES),
    card=Card(
        summary="Width of one-coloured bars at each side, and of a border that is the picture enlarged and blurred.",
        source="own",
        cost="0.5 ms a sample, 3 samples a second",
        deviations="A plain frame gives no value: black before a title is no letterbox.",
    ),
)
@dataclass
class Borders:
    """Measures `borders.*`: shares of width (left, right) and height (top, bottom), three times a second.

    `left_edge` and the like are 1 where the picture begins all at once there and 0 where a margin passes into it.
    `level` and `chroma` are the luma 0..1 and the chroma 0..1 of the bars, `lettering` the share of their pixels that
    has another colour; `fill_left` and `fill_top` the width of a
    filled border (the same at the other end), `fill_match` and `fill_sharpness` what speaks for it.
    """

    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _times: list[F64] = field(default_factory=list)

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rows, self._times, self._sampler = [], [], Sampler(RATE_HZ)

    def feed(self, batch: FrameBatch) -> None:
        """Measure the sampled frames of the batch."""
        which = self._sampler.pick(batch.times_s)
        if not len(which):
            return
        sampled = batch.at(which)
        self._times.append(sampled.times_s)
        for luma, cb, cr in zip(sampled.half, sampled.cb, sampled.cr, strict=True):
            self._rows.append((*bars(luma, cb, cr), *filled(luma)))

    def finish(self) -> Measurement:
        """Return the tracks."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        values = np.array(self._rows, np.float64).reshape(-1, len(NAMES)).T
        return Measurement(
            tracks=tuple(
                Track(name=f"borders.{name}", unit="share", times_s=times, values=column, kind="sampled")
                for name, column in zip(NAMES, values, strict=True)
            )
        )


def bars(luma: U8, cb: U8, cr: U8) -> tuple[float, ...]:
    """Return left, top, right, bottom, their four edges, and luma, chroma and lettering of the bars of one frame.

    All NaN when the frame is plain; the last three when there is no bar.
    """
    sides = [bar(lines) for lines in (luma.T, luma, luma.T[::-1], luma[::-1])]
    insets, edges = tuple(inset for inset, _ in sides), tuple(edge for _, edge in sides)
    if insets[0] + insets[2] >= BARE_SHARE or insets[1] + insets[3] >= BARE_SHARE:
        return (float("nan"),) * 11
    rim = _rim(luma, insets)
    if not len(rim):
        return (*insets, *edges, float("nan"), float("nan"), float("nan"))
    level = float(np.median(rim))
    tint = [np.median(np.abs(_rim(plane, insets).astype(np.float64) - 128)) for plane in (cb, cr)]
    other = float((np.abs(rim.astype(np.int16) - level) > BAR_LEVELS).mean())
    return (*insets, *edges, level / 255, float(max(tint) / 128), other)


def bar(lines: U8) -> tuple[float, float]:
    """Return the share of `lines` [n,m], from the first on, that is a bar, and 1 if it ends as bars do: at once."""
    level = int(np.median(lines[0]))
    unlike = np.abs(lines[:, :: max(1, lines.shape[1] // 160)].astype(np.int16) - level) > BAR_LEVELS
    other = unlike.mean(axis=1)
    if other[0] > 1 - OUTER_LINE_MIN:
        return 0.0, 1.0
    inside = np.flatnonzero(other > 1 - BAR_LINE_MIN)
    if not len(inside):
        return 1.0, 0.0
    first = int(inside[0])
    return first / len(lines), float(other[first : first + 4].max() >= FULL_MIN)


def _rim(plane: U8, insets: tuple[float, ...]) -> U8:
    """Return the pixels outside left, top, right and bottom `insets`, shares of the plane [h,w]."""
    height, width = plane.shape
    mask = np.ones(plane.shape, bool)
    left, top, right, bottom = insets
    rows = slice(round(top * height), height - round(bottom * height))
    mask[rows, round(left * width) : width - round(right * width)] = False
    return plane[mask]


def filled(luma: U8) -> tuple[float, float, float, float]:
    """Return left and top width of a border filled with the enlarged picture, how well it matches, and its sharpness.

    The sides of the picture inside are where fine detail ends: the border is blurred. NaN when nothing fits.
    """
    if min(luma.shape) < 32:
        return (float("nan"),) * 4
    detail = np.abs(cv2.Laplacian(luma, cv2.CV_16S)).astype(np.float32)
    best = (float("nan"),) * 4
    for axis in (0, 1):
        inset = blurred_inset(detail.mean(axis=1 - axis))
        if inset is None:
            continue
        match, ratio = fill_match(luma, detail, inset, axis)
        if match >= FILL_MATCH_MIN and ratio <= SHARP_RATIO_MAX:
            best = (inset if axis else 0.0, 0.0 if axis else inset, match, ratio)
    return best


def blurred_inset(profile: F32) -> float | None:
    """Return the share at both ends of a profile of fine detail [n] that is blurred alike, or None."""
    count = len(profile)
    half = count // 2
    folded = np.minimum(profile[:half], profile[::-1][:half])
    worst = np.maximum(profile[:half], profile[::-1][:half])
    level = float(np.median(profile[count // 2 - count // 10 : count // 2 + count // 10 + 1]))
    if level < 0.5:
        return None
    sharp = np.flatnonzero((folded > 0.4 * level) | (worst > 1.2 * level))
    inset = float((sharp[0] if len(sharp) else 0) / count)
    return inset if inset >= INSET_MIN else None


def fill_match(luma: U8, detail: F32, inset: float, axis: int) -> tuple[float, float]:
    """Return the correlation of the border with the enlarged inner picture, and its share of the inner detail.

    Args:
        luma: uint8 [h,w].
        detail: absolute Laplacian [h,w].
        inset: width of the border at both ends along `axis` (0: above and below), a share.
        axis: 0 or 1.
    """
    picture, fine = (luma, detail) if axis == 0 else (luma.T, detail.T)
    height, width = picture.shape
    edge = round(inset * height)
    inner = picture[edge + 1 : height - edge - 1]
    scale = height / max(1, inner.shape[0])
    enlarged = cv2.resize(inner, (max(1, round(width * scale)), height), interpolation=cv2.INTER_AREA)
    start = (enlarged.shape[1] - width) // 2
    cropped = cv2.blur(enlarged[:, max(0, start) : max(0, start) + width], (9, 9))
    rows = [*range(max(1, edge - 2)), *range(min(height - 1, height - edge + 2), height)]
    one = cv2.blur(picture, (9, 9))[rows].astype(np.float64).ravel()
    other = cropped[rows].astype(np.float64).ravel()
    if len(one) != len(other) or one.std() < 1 or other.std() < 1:
        return 0.0, 1.0
    match = float(np.corrcoef(one, other)[0, 1])
    middle = fine[edge + 2 : height - edge - 2]
    return match, float(fine[rows].mean() / max(float(middle.mean()), 1e-3))
