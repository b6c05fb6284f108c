"""Telling a cut from everything else that makes one frame differ from the next.

Nine features, each one way only (more of it never makes a cut less likely, or never more), are weighed by a logistic
function. Its weights are data: `cuts.json` says how they were learned.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from sestina.core.track import F64

NEIGHBOURS = 5
"""Distinct frames on either side that a change is compared with."""
NEAR_FRAMES = 16
"""Frames beyond which a distinct frame is no neighbour: between two slides there are none."""
SIDE = 4
"""Distinct frames on one side whose usual change is compared with."""
STILL_WINDOW = 12
"""Frames on either side, repeats included, that say whether the picture is still around a change."""
FLOOR = 2.0
"""Grey levels added to the neighbours' change, so that noise in a still picture is not divided by nothing."""
LOOK_BACK = 5
"""Frames within which a flash has gone again."""
RETURN_MAX = 0.5
"""Share of a change that may remain when the picture is said to have come back."""
FLASH_RETURN_MAX = 0.2
"""Share of a change that remains after a flash at most: whatever else speaks for a cut, this is none."""
STAND_OUT = 0.5
"""Ratio from which a change is worth asking whether it comes back."""

SIGNS = {
    "side": 1, "structure": 1, "returned": -1, "still": -1, "still_kept": -1, "textured": 1, "unchanged": -1,
    "lasting": 1, "plain": 1,
}  # fmt: skip
"""Features of the score, and whether more of one makes a cut more likely or less."""


@dataclass(frozen=True, kw_only=True)
class CutFeatures:
    """What a cut is judged by.

    Args:
        kept: numbers of the frames that repeat nothing, [K]; only they can begin a shot.
        ratio: change that motion does not explain over that of its neighbours, [N].
        returns: how near the pictures come back across the change: 0 wholly, 1 or more not at all, [N].
        columns: features of `SIGNS`, float64 [N, 9].
    """

    kept: npt.NDArray[np.intp]
    ratio: F64
    returns: F64
    columns: F64

    @classmethod
    def of(cls, measured: Mapping[str, F64], tiny: npt.NDArray[np.uint8]) -> CutFeatures:
        """Return the features of measured changes ([N] each) and all small pictures ([N,D])."""
        kept = np.flatnonzero(measured["luma"] > 0)
        plain, change, structure = measured["luma"], measured["compensated"], measured["structure"]
        ratio = change / (FLOOR + second_largest(change, kept))
        returns = returning(tiny, kept, ratio)
        quiet = np.exp(-around(change, STILL_WINDOW, 60) / 0.5)
        columns = {
            "side": _log(change / (FLOOR + usual(change, kept)) + 0.05),
            "structure": _log(structure / (0.05 + second_largest(structure, kept)) + 0.05),
            "returned": (returns < RETURN_MAX).astype(np.float64),
            "still": quiet * (1 - measured["changed"]),
            "still_kept": quiet * measured["exact"],
            "textured": measured["textured"],
            "unchanged": np.maximum(0.0, 0.35 - measured["changed"]),
            "plain": _log(plain / (FLOOR + second_largest(plain, kept)) + 0.05),
            "lasting": _log(change / (1.5 + around(change, STILL_WINDOW, 50)) + 0.05),
        }
        return cls(kept=kept, ratio=ratio, returns=returns, columns=np.stack([columns[n] for n in SIGNS], axis=-1))


def _log(values: F64) -> F64:
    return np.asarray(np.log(np.maximum(values, 1e-3)), np.float64)


def neighbours(values: F64, before: int, after: int) -> F64:
    """Return for each value those `before` and `after` it, itself left out, NaN beyond the ends: [N, before+after]."""
    if not len(values):
        return np.zeros((0, before + after))
    padded = np.concatenate([np.full(before, np.nan), values, np.full(after, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, before + after + 1)
    return np.asarray(np.delete(windows, before, axis=1), np.float64)


def _percentile(windows: F64, share: float) -> F64:
    """Return the nearest-rank percentile of each row without its NaN, 0 where nothing is left, [N]."""
    ordered = np.sort(windows, axis=1)
    count = np.count_nonzero(~np.isnan(ordered), axis=1)
    place = np.clip(np.round((count - 1) * share / 100), 0, None).astype(np.intp)
    return np.where(count > 0, np.nan_to_num(np.take_along_axis(ordered, place[:, None], axis=1)[:, 0]), 0.0)


def near(values: F64, kept: npt.NDArray[np.intp], before: int, after: int) -> F64:
    """Return for each kept frame the values of kept frames beside it, NaN where they lie too far: [K, before+after]."""
    far = np.abs(neighbours(kept.astype(np.float64), before, after) - kept[:, None]) > NEAR_FRAMES
    return np.where(far, np.nan, neighbours(values[kept], before, after))


def second_largest(values: F64, kept: npt.NDArray[np.intp]) -> F64:
    """Return at each kept frame its neighbours' second largest value (another cut may be near), else 0, [N]."""
    out = np.zeros(len(values))
    windows = np.nan_to_num(near(values, kept, NEIGHBOURS, NEIGHBOURS), nan=0.0)
    out[kept] = np.sort(windows, axis=1)[:, -2]
    return out


def usual(values: F64, kept: npt.NDArray[np.intp]) -> F64:
    """Return at each kept frame the median value of the busier of its two sides, else 0, [N]."""
    out = np.zeros(len(values))
    out[kept] = np.maximum(*(_percentile(near(values, kept, *side), 50) for side in ((SIDE, 0), (0, SIDE))))
    return out


def around(values: F64, reach: int, share: float) -> F64:
    """Return the percentile of the values within `reach` frames of each, itself left out, [N]."""
    return _percentile(neighbours(values, reach, reach), share)


def returning(tiny: npt.NDArray[np.uint8], kept: npt.NDArray[np.intp], ratio: F64) -> F64:
    """Return how near pictures come to each other across a change, as a share of the change, [N].

    A flash goes back to the picture before it, and its end goes back to the picture before its
    beginning; after a cut nothing does. Only changes that stand out are looked at, others have 1.
    """
    out = np.ones(len(tiny))
    for frame in kept[ratio[kept] > STAND_OUT]:
        before = tiny[max(0, frame - 1 - LOOK_BACK) : frame].astype(np.float64)
        after = tiny[frame : frame + 1 + LOOK_BACK].astype(np.float64)
        change = np.abs(before[-1] - after[0]).mean()
        back = [np.abs(after[1:] - before[-1]).mean(axis=1), np.abs(before[:-1] - after[0]).mean(axis=1)]
        nearest = min((float(b.min()) for b in back if len(b)), default=float("inf"))
        out[frame] = min(2.0, nearest / max(change, 1e-6))
    return out


@cache
def weights() -> tuple[F64, float]:
    """Return the learned weight of each feature of `SIGNS`, [9], and the bias."""
    data = json.loads(files("sestina.signals").joinpath("cuts.json").read_text("utf-8"))
    return np.array([data["weights"][name] for name in SIGNS]), float(data["bias"])


def cut_scores(features: CutFeatures) -> F64:
    """Return how sure it is that each frame begins a new shot, 0..1, [N]; 0 for repeated frames."""
    weight, bias = weights()
    scores = np.zeros(len(features.ratio))
    margin = features.columns[features.kept] @ weight + bias
    scores[features.kept] = 1 / (1 + np.exp(-np.clip(margin, -40, 40)))
    return np.where(features.returns < FLASH_RETURN_MAX, scores / 4, scores)
