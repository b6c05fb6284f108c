"""How much each frame differs from the one before it, told apart by cause.

A cut is a change that no motion explains, that stands out from its neighbours and that does not come back.
So each frame is compared with the last frame that was not a repeat of it: as it is, and after dense optical
flow has taken out the motion; blocks say how much of the picture changed, histograms whether its colours did.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import U8, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track
from sestina.signals._cuts import CutFeatures, cut_scores

SHORT_SIDE = 64
"""Pixels on the short side of the picture that flow is measured on; 128 finds no more cuts."""
TINY = (32, 18)
"""Width and height of the picture kept of every frame: 864 bytes with its chroma, 93 MB an hour at 30 fps."""
REPEAT_MEAN, REPEAT_BLOCK = 0.3, 2.0
"""Grey levels of mean and of largest block difference below which a frame repeats the one before it."""
BLOCK = 4
CHANGED_LEVELS = 4.0
"""Grey levels by which a block must differ to count as changed: re-encoding a still picture does less."""

LIGHT_CORRELATION, GAIN_MAX = 0.6, 2.5
"""Correlation from which two pictures may be one in another light, and the largest change of contrast light makes."""
TEXTURE = 60.0
"""Variance, grey levels squared, from which a block shows something rather than plain ground."""

UNITS = {
    "luma": "grey_levels", "compensated": "grey_levels", "changed": "share", "histogram": "share",
    "structure": "share", "textured": "share", "exact": "share",
}  # fmt: skip
MEASURES = tuple(UNITS)


@dataclass
class _Last:
    """The last frame that was not a repeat."""

    luma: U8
    histogram: npt.NDArray[np.float64]
    textured: npt.NDArray[np.bool_]


@signals.register(
    "difference",
    input="frames",
    tracks=(*(f"difference.{name}" for name in (*MEASURES, "ratio", "returns", "cut")),),
    card=Card(
        summary="Difference of each frame from the one before: plain, motion-compensated, blocks, histogram.",
        source="own; flow: DIS (Kroeger et al. 2016); adaptive ratio as in PySceneDetect's adaptive detector",
        cost="0.4 ms a frame at 480x270, one thread",
    ),
)
@dataclass
class Difference:
    """Measures `difference.*`, one value a frame; the first frame and repeated frames have 0."""

    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _tiny: list[U8] = field(default_factory=list)
    _times: list[npt.NDArray[np.float64]] = field(default_factory=list)
    _last: _Last | None = None

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rows, self._tiny, self._times, self._last = [], [], [], None
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._flow.setFinestScale(1)

    def feed(self, batch: FrameBatch) -> None:
        """Compare every frame of the batch with the one before it."""
        for half, cb, cr in zip(batch.half, batch.cb, batch.cr, strict=True):
            luma = _small(half)
            self._tiny.append(_tiny(luma, cb, cr))
            self._rows.append(self._compare(_Last(luma, histogram(luma, cb, cr), textured(luma))))
        self._times.append(batch.times_s)

    def _compare(self, new: _Last) -> tuple[float, ...]:
        """Return the values of `MEASURES` of one frame; it becomes the one to compare with unless it is a repeat."""
        old, self._last = self._last, new
        if old is None:
            return (0.0,) * len(MEASURES)
        plain = np.asarray(cv2.absdiff(old.luma, new.luma), np.uint8)
        blocks = cv2.resize(plain, _blocks(plain), interpolation=cv2.INTER_AREA)
        mean = float(plain.mean())
        if mean < REPEAT_MEAN and blocks.max() < REPEAT_BLOCK:
            self._last = old
            return (0.0,) * len(MEASURES)
        residual, structure = explained(self._warped(old.luma, new.luma), new.luma)
        here, before = (tiny[: TINY[0] * TINY[1]] for tiny in (self._tiny[-1], self._tiny[-2]))
        values = {
            "luma": mean,
            "compensated": residual,
            "changed": float((blocks > CHANGED_LEVELS).mean()),
            "histogram": float(np.abs(new.histogram - old.histogram).sum()) / 4,
            "structure": structure,
            "textured": float((new.textured | old.textured).mean()),
            "exact": float((cv2.absdiff(here, before) <= 1).mean()),
        }
        return tuple(values[name] for name in MEASURES)

    def _warped(self, old: U8, new: U8) -> U8:
        """Return `old` moved to where `new` shows the same things."""
        height, width = new.shape
        flow = self._flow.calc(new, old, np.zeros((height, width, 2), np.float32))
        columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        where = (columns + flow[..., 0], rows + flow[..., 1])
        return np.asarray(cv2.remap(old, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def finish(self) -> Measurement:
        """Return the tracks; ratio, return and cut score look at the frames around each one."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        values = np.array(self._rows, np.float64).reshape(-1, len(MEASURES))
        measured = dict(zip(MEASURES, values.T, strict=True))
        tiny = np.array(self._tiny, np.uint8).reshape(len(times), -1)
        found = CutFeatures.of(measured, tiny)
        tracks = [_track(name, UNITS[name], times, measured[name]) for name in MEASURES]
        tracks += [_track("ratio", "", times, found.ratio), _track("returns", "share", times, found.returns)]
        return Measurement(tracks=(*tracks, _track("cut", "", times, cut_scores(found))))


def _track(name: str, unit: str, times: F64, values: F64) -> Track:
    return Track(name=f"difference.{name}", unit=unit, times_s=times, values=values)


def _small(half: U8) -> U8:
    """Return luma [h,w] shrunk to `SHORT_SIDE` on its short side (at least 16 pixels, which flow needs)."""
    height, width = half.shape
    scale = SHORT_SIDE / min(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    return np.asarray(cv2.resize(half, size, interpolation=cv2.INTER_AREA), np.uint8)


def _tiny(luma: U8, cb: U8, cr: U8) -> U8:
    """Return the small picture as one row: luma, then both chroma planes at half its size, uint8 [864]."""
    half = (TINY[0] // 2, TINY[1] // 2)
    planes = [cv2.resize(p, s, interpolation=cv2.INTER_AREA) for p, s in ((luma, TINY), (cb, half), (cr, half))]
    return np.concatenate([plane.ravel() for plane in planes]).astype(np.uint8)


def _blocks(plane: U8) -> tuple[int, int]:
    return max(1, plane.shape[1] // BLOCK), max(1, plane.shape[0] // BLOCK)


def textured(luma: U8) -> npt.NDArray[np.bool_]:
    """Return which blocks of luma [h,w] show something, bool [h//4,w//4]."""
    size = _blocks(luma)
    mean = cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    square = cv2.resize(cv2.multiply(luma, luma, dtype=cv2.CV_32F), size, interpolation=cv2.INTER_AREA)
    return np.asarray(square - mean * mean > TEXTURE, bool)


def explained(warped: U8, new: U8) -> tuple[float, float]:
    """Return what `warped` [h,w] leaves of `new` [h,w]: grey levels of mean residual, and share of contrast.

    A change of light moves and scales all grey levels alike, so where both planes correlate the residual is the
    smaller of those before and after such a fit. The share of contrast is sqrt(1 - r^2) for their correlation r,
    1 when they do not correlate.
    """
    residual = float(cv2.absdiff(new, warped).mean())
    a, b = warped.astype(np.float32), new.astype(np.float32)
    a -= a.mean()
    b -= b.mean()
    power_a, power_b = float(np.vdot(a, a)), float(np.vdot(b, b))
    r = float(np.vdot(a, b)) / math.sqrt(power_a * power_b + 1e4)
    if r > LIGHT_CORRELATION:
        gain = min(max(math.sqrt(power_b / max(power_a, 1.0)), 1 / GAIN_MAX), GAIN_MAX)
        residual = min(residual, float(np.abs(b - gain * a).mean()))
    return residual, math.sqrt(max(0.0, 1 - r * r)) if r > 0 else 1.0


def histogram(luma: U8, cb: U8, cr: U8) -> npt.NDArray[np.float64]:
    """Return shares of 32 luma bins and of 16x16 joint chroma bins, [288]; each part sums to one."""
    small = [cv2.resize(p, TINY, interpolation=cv2.INTER_AREA) for p in (cb, cr)]
    grey = cv2.calcHist([luma], [0], None, [32], [0, 256]).ravel() / luma.size
    colour = cv2.calcHist(small, [0, 1], None, [16, 16], [0, 256, 0, 256]).ravel() / small[0].size
    return np.concatenate([grey, colour]).astype(np.float64)
