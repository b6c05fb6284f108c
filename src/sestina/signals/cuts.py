"""Telling a cut from everything else that makes one frame differ from the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sestina.core.track import F64

NEIGHBOURS = 5
"""Distinct frames on either side that a change is compared with."""
FLOOR = 2.0
"""Grey levels added to the neighbours' change, so that noise in a still picture is not divided by nothing."""
LOOK_BACK = 5
"""Frames within which a flash has gone again."""


@dataclass(frozen=True, kw_only=True)
class CutFeatures:
    """What a cut is judged by, one value a frame, each float64 [N].

    Args:
        compensated: grey levels that motion does not explain.
        changed: share of blocks that changed.
        histogram: distance of colour histograms, 0..1.
        ratio: compensated difference over that of its neighbours.
        returns: how near the pictures after the change come back to those before it: 0 wholly, 1 or more not.
        quiet: whether nothing else moved among the neighbours.
    """

    compensated: F64
    changed: F64
    histogram: F64
    ratio: F64
    returns: F64
    quiet: F64

    @classmethod
    def of(cls, measured: Mapping[str, F64], tiny: npt.NDArray[np.uint8]) -> CutFeatures:
        """Return the features of measured changes ([N] each) and all small pictures ([N,D])."""
        kept = np.flatnonzero(measured["luma"] > 0)
        ratio, around = ratios(measured["compensated"], kept)
        return cls(
            compensated=measured["compensated"],
            changed=measured["changed"],
            histogram=measured["histogram"],
            ratio=ratio,
            returns=returning(tiny, kept, ratio),
            quiet=(around < 0.5).astype(np.float64),
        )


def ratios(change: F64, kept: npt.NDArray[np.intp]) -> tuple[F64, F64]:
    """Return each kept frame's change over its neighbours' second largest (cuts may be near), and that."""
    ratio, around = np.zeros(len(change)), np.zeros(len(change))
    values = change[kept]
    for place, frame in enumerate(kept):
        past, future = values[max(0, place - NEIGHBOURS) : place], values[place + 1 : place + 1 + NEIGHBOURS]
        near = np.concatenate([past, future])
        around[frame] = np.sort(near)[-2] if len(near) > 1 else 0.0
        ratio[frame] = values[place] / (FLOOR + around[frame])
    return ratio, around


def returning(tiny: npt.NDArray[np.uint8], kept: npt.NDArray[np.intp], ratio: F64) -> F64:
    """Return how near pictures come to each other across a change, as a share of the change, [N].

    A flash goes back to the picture before it, and its end goes back to the picture before its
    beginning; after a cut nothing does. Only frames that stand out (`ratio` above 0.8) are looked at, others have 1.
    """
    out = np.ones(len(tiny))
    for frame in kept[ratio[kept] > 0.8]:
        before = tiny[max(0, frame - 1 - LOOK_BACK) : frame].astype(np.float64)
        after = tiny[frame : frame + 1 + LOOK_BACK].astype(np.float64)
        change = np.abs(before[-1] - after[0]).mean()
        back = [np.abs(after[1:] - before[-1]).mean(axis=1), np.abs(before[:-1] - after[0]).mean(axis=1)]
        nearest = min((float(b.min()) for b in back if len(b)), default=float("inf"))
        out[frame] = min(2.0, nearest / max(change, 1e-6))
    return out


def cut_scores(features: CutFeatures) -> F64:
    """Return how sure it is that each frame begins a new shot, 0..1, [N]."""
    strength = np.minimum(features.ratio / 1.6, features.compensated / 6)
    strength = np.where(features.quiet > 0, np.minimum(strength, features.changed / 0.6), strength)
    strength = np.where(features.returns < 0.55, 0.5 * strength, strength)
    return np.asarray(1 / (1 + np.exp(-4 * (strength - 1))), np.float64)
