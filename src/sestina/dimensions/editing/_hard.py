"""Cuts, told apart by what stays: nothing, the background, or the whole picture enlarged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.time import Span
from sestina.dimensions.editing._boundary import Boundary

CUT_SCORE_MIN = 0.5
"""Score from which a change is called a cut; the score is made so that this gives the best F1."""
TYPE_SCORE_MIN = 0.6
"""Score below which a cut is sure enough to be one, but not to say which."""
APART = 2
"""Frames around a cut that hold no other: a shot of one or two frames is a flash."""
PUNCH_KEPT_MIN = 0.5
"""Share of blocks that the enlarged picture must explain."""
SUDDEN = 2.0
"""Plain difference of a punch over the largest of the three frames on either side: a zoom goes on, a punch does not."""
FACET = "edit.transition"


def cuts(reading: Reading, taken: npt.NDArray[np.bool_]) -> Iterator[Boundary]:
    """Yield the cuts, in order; none at the frames that `taken` [N] marks."""
    score = np.where(taken, 0.0, reading.track("difference.cut").values)
    called = set(peaks(score))
    punched = {k for k in punches(reading) if not taken[k] and not called & set(range(k - APART, k + APART + 1))}
    for frame in sorted(called | punched):
        yield typed(reading, frame, float(score[frame]) if frame in called else None)


def peaks(score: npt.NDArray[np.floating]) -> list[int]:
    """Return the frames whose score [N] calls them a cut and is the best within `APART` frames."""
    called = np.flatnonzero(score >= CUT_SCORE_MIN)
    return [int(k) for k in called if score[k] >= score[max(0, k - APART) : k + APART + 1].max()]


def punches(reading: Reading) -> list[int]:
    """Return the frames at which the picture is suddenly the one before it, enlarged or reduced."""
    scale, inliers, kept = (reading.track(f"difference.{name}").values for name in ("scale", "inliers", "kept"))
    change = reading.track("difference.luma").values
    larger = scale >= reading.threshold(FACET, "punch_in_scale_min")
    smaller = scale <= reading.threshold(FACET, "punch_out_scale_max")
    agreed = (inliers >= reading.threshold(FACET, "punch_inlier_ratio_min")) & (kept >= PUNCH_KEPT_MIN)
    found = []
    for k in np.flatnonzero((larger | smaller) & agreed):
        near = np.concatenate([change[max(0, k - 3) : k], change[k + 1 : k + 4]])
        if len(near) and change[k] >= SUDDEN * near.max():
            found.append(int(k))
    return found


def typed(reading: Reading, frame: int, score: float | None) -> Boundary:
    """Return the cut at `frame` with the finest label that its second look supports; no score means a punch."""
    here = Span.at(reading.frames.time_s(frame))
    evidence: list[Evidence] = []
    if score is not None:
        evidence.append(reading.metric("difference.cut", ">=", CUT_SCORE_MIN, here, "max"))
        evidence.append(reading.measured("difference.compensated", here, "max"))
    label, more, sure = _kind(reading, frame, here)
    if score is not None and label == "hard_cut":
        label = "hard_cut" if score >= TYPE_SCORE_MIN else "cut"
    confidence = sure if score is None else score if label in ("hard_cut", "cut") else min(score, sure)
    return Boundary(
        first=frame, clean=frame, label=label, confidence=confidence, evidence=[*evidence, *more], join=frame
    )


def _kind(reading: Reading, frame: int, here: Span) -> tuple[str, list[Evidence], float]:
    """Return label, evidence and confidence of what the second look at `frame` shows."""
    scale, inliers, kept = (
        float(reading.track(f"difference.{name}").values[frame]) for name in ("scale", "inliers", "kept")
    )
    larger, smaller = (reading.threshold(FACET, name) for name in ("punch_in_scale_min", "punch_out_scale_max"))
    agree, match = (reading.threshold(FACET, name) for name in ("punch_inlier_ratio_min", "jump_cut_match_min"))
    if inliers >= agree and kept >= PUNCH_KEPT_MIN and (scale >= larger or scale <= smaller):
        more: list[Evidence] = [
            reading.metric("difference.scale", ">=", larger, here, "max")
            if scale >= larger
            else reading.metric("difference.scale", "<=", smaller, here, "max"),
            reading.metric("difference.inliers", ">=", agree, here, "max"),
        ]
        return "punch_in" if scale >= larger else "punch_out", more, min(0.95, 0.5 + inliers * kept / 2)
    if kept >= match:
        return "jump_cut", [reading.metric("difference.kept", ">=", match, here, "max")], min(0.9, 0.3 + kept / 2)
    return "hard_cut", [], 1.0
