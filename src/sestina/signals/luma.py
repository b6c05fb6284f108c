"""How bright every frame is: mean, percentiles, spread, and the share of pixels at either end."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track
from sestina.signals._bars import Bars

BINS = 128
"""Bins of the histogram kept of every frame: 256 bytes each, 27 MB an hour at 30 frames a second."""
DARK, CLIP_HIGH, CLIP_LOW = 0.20, 0.98, 0.02
"""Luma below which a pixel is dark, from which it is burnt out, up to which it is drowned (vocabulary of light)."""
SHARES = {"p01": 0.01, "p05": 0.05, "p50": 0.50, "p95": 0.95, "p99": 0.99}
NAMES = ("mean", "std", *SHARES, "range", "dark_share", "clipped_high", "clipped_low", "bimodality")


@signals.register(
    "luma",
    input="frames",
    tracks=tuple(f"luma.{name}" for name in NAMES),
    card=Card(
        summary="Luma of every frame: mean, percentiles, spread, dark and clipped shares, and how two-humped it is.",
        source="own; two humps: Otsu's criterion (Otsu 1979)",
        cost="0.03 ms a frame at 480x270",
        deviations="Luma is averaged over 4x4 pixels first; bars that are black all through are left out.",
    ),
)
@dataclass
class Luma:
    """Measures `luma.*`, one value a frame, 0 black to 1 white."""

    _counts: list[npt.NDArray[np.uint32]] = field(default_factory=list)
    _times: list[F64] = field(default_factory=list)
    _bars: Bars = field(default_factory=Bars)

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._counts, self._times, self._bars = [], [], Bars()

    def feed(self, batch: FrameBatch) -> None:
        """Count the grey levels of every frame."""
        planes = batch.quarter
        rows = [cv2.calcHist([plane], [0], None, [BINS], [0, 256]).ravel() for plane in planes]
        self._counts.append(np.array(rows, np.uint32))
        self._times.append(batch.times_s)
        self._bars.feed(planes)

    def finish(self) -> Measurement:
        """Return the tracks."""
        counts = np.concatenate(self._counts) if self._counts else np.zeros((0, BINS), np.uint32)
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        found = [statistics(part, self._bars.share) for part in np.array_split(counts, max(1, len(counts) // 4096))]
        values = {name: np.concatenate([part[name] for part in found]) for name in NAMES}
        return Measurement(
            tracks=tuple(Track(name=f"luma.{name}", unit="", times_s=times, values=values[name]) for name in NAMES)
        )


def statistics(counts: npt.NDArray[np.uint32], bars: float = 0.0) -> dict[str, F64]:
    """Return every value of `NAMES`, [N] each, of histograms [N,BINS]; the darkest share `bars` is left out."""
    shares = without_darkest(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), bars)
    levels = (np.arange(BINS) + 0.5) / BINS
    mean = shares @ levels
    variance = shares @ levels**2 - mean**2
    below = np.concatenate([np.zeros((len(shares), 1)), np.cumsum(shares, axis=1)], axis=1)
    values = {name: _percentile(below, share) for name, share in SHARES.items()}
    return values | {
        "mean": mean,
        "std": np.sqrt(np.maximum(variance, 0)),
        "range": values["p95"] - values["p05"],
        "dark_share": _share_below(below, DARK),
        "clipped_high": 1 - _share_below(below, CLIP_HIGH),
        "clipped_low": _share_below(below, CLIP_LOW),
        "bimodality": bimodality(shares),
    }


def without_darkest(shares: F64, bars: float) -> F64:
    """Return histograms [N,B] (rows sum to 1) without the darkest share `bars`, scaled to sum to 1 again."""
    if bars <= 0 or bars >= 1:
        return shares
    rest = np.maximum(np.cumsum(shares, axis=1) - bars, 0)
    return np.diff(rest, axis=1, prepend=0.0) / (1 - bars)


def _percentile(below: F64, share: float) -> F64:
    """Return the level 0..1 below which `share` of the pixels lie, [N]; linear within a bin."""
    rows = np.arange(len(below))
    after = np.clip((below >= share - 1e-12).argmax(axis=1), 1, BINS)
    low, high = below[rows, after - 1], below[rows, after]
    part = np.where(high > low, (share - low) / np.maximum(high - low, 1e-12), 0.5)
    return np.asarray(np.clip((after - 1 + part) / BINS, 0, 1))


def _share_below(below: F64, level: float) -> F64:
    """Return the share of pixels darker than `level`, [N]; a bin cut by the level counts in part."""
    whole = int(level * BINS)
    part = level * BINS - whole
    return np.asarray(below[:, whole] * (1 - part) + below[:, min(whole + 1, BINS)] * part)


def bimodality(shares: F64) -> F64:
    """Return Otsu's criterion of each histogram [N,B]: between-class over total variance at the best split, [N].

    0.64 for one bell, 0.75 for an even spread, towards 1 for two separate humps. It is scaled down where the smaller
    hump holds less than a tenth of the pixels, because a few bright dots are no second hump.
    """
    levels = (np.arange(shares.shape[1]) + 0.5) / shares.shape[1]
    weight = np.cumsum(shares, axis=1)
    moment = np.cumsum(shares * levels, axis=1)
    mean = moment[:, -1:]
    spread = shares @ levels**2 - mean[:, 0] ** 2
    room = np.maximum(weight * (1 - weight), 1e-9)
    between = (mean * weight - moment) ** 2 / room
    best = between.argmax(axis=1)
    rows = np.arange(len(shares))
    smaller = np.minimum(weight[rows, best], 1 - weight[rows, best])
    # A flat picture has no humps: 1e-3 is a spread of 3 % of the range.
    criterion = between[rows, best] / np.maximum(spread, 1e-3)
    return np.asarray(np.clip(criterion, 0, 1) * np.clip(smaller / 0.1, 0, 1))
