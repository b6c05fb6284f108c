"""How much each frame differs from the one before it, told apart by cause.

A cut is a change that no motion explains, that stands out from its neighbours and that does not come back.
So each frame is compared with the last frame that was not a repeat of it: as it is, and after dense optical
flow has taken out the motion; blocks say how much of the picture changed, histograms whether its colours did.
"""

from __future__ import annotations

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
from sestina.signals._edits import EDITS, FITS, edits
from sestina.signals._pair import TINY, blocks, explained, grid, histogram, small, textured, tiny
from sestina.signals._second_look import Similarity, reduced, second_look

REPEAT_MEAN, REPEAT_BLOCK = 0.3, 2.0
"""Grey levels of mean and of largest block difference below which a frame repeats the one before it."""
CHANGED_LEVELS = 4.0
"""Grey levels by which a block must differ to count as changed: re-encoding a still picture does less."""

UNITS = {
    "luma": "grey_levels", "compensated": "grey_levels", "changed": "share", "histogram": "share",
    "structure": "share", "textured": "share", "exact": "share",
}  # fmt: skip
MEASURES = tuple(UNITS)
LOOKS = ("scale", "inliers", "kept")
AROUND = ("ratio", "returns")
LOOK_LEVELS, LOOK_RATIO = 4.0, 1.6
"""Grey levels of plain difference, and ratio to those before, from which two frames get a second look."""


@dataclass
class _Last:
    """The last frame that was not a repeat."""

    luma: U8
    half: U8
    histogram: npt.NDArray[np.float64]
    textured: npt.NDArray[np.bool_]


@signals.register(
    "difference",
    input="frames",
    tracks=tuple(f"difference.{name}" for name in (*MEASURES, *LOOKS, *AROUND, *FITS, *EDITS)),
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
    _looks: dict[int, Similarity] = field(default_factory=dict)
    _last: _Last | None = None
    _tall: float = 1.0

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rows, self._tiny, self._times, self._looks, self._last = [], [], [], {}, None
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._flow.setFinestScale(1)

    def feed(self, batch: FrameBatch) -> None:
        """Compare every frame of the batch with the one before it."""
        self._tall = round(batch.size[1] / batch.size[0], 3)
        for half, quarter, ycc in zip(batch.half, batch.quarter, batch.tiny_ycc, strict=True):
            luma = small(quarter)
            cb, cr = (np.ascontiguousarray(ycc[..., channel]) for channel in (1, 2))
            self._tiny.append(tiny(luma, cb, cr))
            self._rows.append(self._compare(_Last(luma, half, histogram(luma, cb, cr), textured(luma))))
        self._times.append(batch.times_s)

    def _compare(self, new: _Last) -> tuple[float, ...]:
        """Return the values of `MEASURES` of one frame; it becomes the one to compare with unless it is a repeat."""
        old, self._last = self._last, new
        if old is None:
            return (0.0,) * len(MEASURES)
        plain = np.asarray(cv2.absdiff(old.luma, new.luma), np.uint8)
        apart = cv2.resize(plain, blocks(plain), interpolation=cv2.INTER_AREA)
        mean = float(plain.mean())
        if mean < REPEAT_MEAN and apart.max() < REPEAT_BLOCK:
            self._last = old
            return (0.0,) * len(MEASURES)
        if self._stands_out(mean):
            self._looks[len(self._rows)] = second_look(reduced(old.half), reduced(new.half))
        residual, structure = explained(self._warped(old.luma, new.luma), new.luma)
        here, before = (row[: TINY[0] * TINY[1]] for row in (self._tiny[-1], self._tiny[-2]))
        values = {
            "luma": mean,
            "compensated": residual,
            "changed": float((apart > CHANGED_LEVELS).mean()),
            "histogram": float(np.abs(new.histogram - old.histogram).sum()) / 4,
            "structure": structure,
            "textured": float((new.textured | old.textured).mean()),
            "exact": float((cv2.absdiff(here, before) <= 1).mean()),
        }
        return tuple(values[name] for name in MEASURES)

    def _stands_out(self, mean: float) -> bool:
        """Return whether a plain difference stands out from those of the last frames."""
        past = sorted(row[0] for row in self._rows[-4:])
        return mean > LOOK_LEVELS and mean > LOOK_RATIO * (LOOK_LEVELS / 2 + past[len(past) // 2])

    def _warped(self, old: U8, new: U8) -> U8:
        """Return `old` moved to where `new` shows the same things."""
        height, width = new.shape
        flow = self._flow.calc(new, old, np.zeros((height, width, 2), np.float32))
        columns, rows = grid(height, width)
        where = (columns + flow[..., 0], rows + flow[..., 1])
        return np.asarray(cv2.remap(old, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def finish(self) -> Measurement:
        """Return the tracks; those about cuts and gradual edits look at the frames around each one."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        values = np.array(self._rows, np.float64).reshape(-1, len(MEASURES))
        measured = dict(zip(MEASURES, values.T, strict=True))
        pictures = np.array(self._tiny, np.uint8).reshape(len(times), TINY[0] * TINY[1] * 3 // 2)
        found = CutFeatures.of(measured, pictures)
        tracks = [_track(name, UNITS[name], times, measured[name]) for name in MEASURES]
        tracks += [_track("ratio", "", times, found.ratio), _track("returns", "share", times, found.returns)]
        tracks += [_track(name, "", times, self._looked(name)) for name in LOOKS]
        luma = pictures[:, : TINY[0] * TINY[1]].reshape(-1, TINY[1], TINY[0])
        tracks += edits(times, luma, pictures[:, TINY[0] * TINY[1] :], cut_scores(found), self._tall)
        return Measurement(tracks=tracks)

    def _looked(self, name: str) -> F64:
        """Return one number of the second looks, [N], NaN for frames that had none."""
        out = np.full(len(self._rows), np.nan)
        for frame, look in self._looks.items():
            out[frame] = getattr(look, name)
        return out


def _track(name: str, unit: str, times: F64, values: F64) -> Track:
    return Track(name=f"difference.{name}", unit=unit, times_s=times, values=values)
