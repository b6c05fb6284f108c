"""Gradual edits: which kind explains their frames best, and which fades belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sestina.core import vocabulary
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.time import Span
from sestina.dimensions.editing._boundary import Boundary

FACET = "edit.transition"
NEAR = 0.02
"""Difference in fit within which two kinds are told apart by nothing; then their common parent is the label."""
FIT_SHOWN = 0.4
"""Fit that the chosen kind is cited with; the signal accepts none below."""
DIP_HOLD_MAX_S = 1.5
"""Seconds of plain picture between a fade-out and a fade-in that still make one dip."""
BLACK, WHITE = 0.16, 0.84
"""Luma of a plain picture up to which it is black, from which white."""
SWEEPS = ("wipe", "push")
"""Families of edits whose new picture comes in from a side."""
MOVING, STEADY, STEADY_SHARE, ONE_PICTURE = 0.05, 1.15, 0.8, 0.62
"""Least speed of a pan, frame widths/s; how much faster than slow it may be; least share of frames with a known speed;
and least share of the picture's structure that moves as one. Rendered pans over five scenes have 0.67 to 0.91 of it,
wipes over two equal pans 0.42 to 0.57 (320x180, 2026-11)."""
AT_LIMIT = 2
"""Frames from the start or the end within which a fade belongs to it."""


def mixes(reading: Reading) -> list[Boundary]:
    """Return the gradual edits, in order; a fade-out and the fade-in that follows soon are one dip."""
    merged: list[Boundary] = []
    for found in _found(reading):
        last = merged[-1] if merged else None
        if last is not None and _one_dip(reading, last, found):
            merged[-1] = _dip(last, found)
        else:
            merged.append(found)
    return merged


def _found(reading: Reading) -> Iterator[Boundary]:
    events, frames = reading.track("difference.gradual"), reading.frames
    for start_s, length_s in zip(events.times_s, events.values, strict=True):
        first = frames.index_at(float(start_s))
        clean = int(np.searchsorted(frames.times_s, float(start_s) + float(length_s) - 5e-4))
        clean = len(frames) if clean >= len(frames) - 1 else clean
        edit = _typed(reading, first, max(clean, first + 1))
        span = Span.of(frames.time_s(first), frames.time_s(clean))
        if _family(edit.label) not in SWEEPS or not _one_steady_move(reading, span):
            yield edit


def _family(label: str) -> str:
    return vocabulary.facet(FACET).parent(label) or label


def _one_steady_move(reading: Reading, span: Span) -> bool:
    """Whether one camera movement, always as fast, explains nearly all of the picture over the span: a pan.

    New picture comes in at one side of a pan as in a wipe, but an edit parts the picture, and nothing moves as one.
    """
    speed, inliers = (reading.track(f"motion.{name}").over(span) for name in ("speed", "inliers"))
    known = np.isfinite(speed) & np.isfinite(inliers)
    if known.sum() < STEADY_SHARE * len(known) or not known.any():
        return False
    slow, fast = np.percentile(speed[known], (10, 90))
    return bool(slow >= MOVING and fast <= STEADY * slow and np.percentile(inliers[known], 10) >= ONE_PICTURE)


def fits(reading: Reading, span: Span) -> list[tuple[float, str]]:
    """Return every kind's fit over the span with its label, best first."""
    known = [label for label in vocabulary.facet(FACET).labels if f"difference.{label}" in reading.tracks]
    return sorted(((reading.track(f"difference.{k}").reduce("median", span), k) for k in known), reverse=True)


def _typed(reading: Reading, first: int, clean: int) -> Boundary:
    span = Span.of(reading.frames.time_s(first), reading.frames.time_s(clean))
    ranking = fits(reading, span)
    (fit, best), (second_fit, second) = ranking[0], ranking[1]
    facet = vocabulary.facet(FACET)
    label = best
    parents = {kind: facet.parent(kind) or kind for kind in (best, second)}
    if fit - second_fit < NEAR and parents[best] == parents[second]:
        label = parents[best]
    evidence: list[Evidence] = [reading.metric(f"difference.{best}", ">=", min(FIT_SHOWN, fit), span, "median")]
    first, clean = _to_limit(label, first, clean, len(reading.frames))
    join, colour = _join(label, first, clean, len(reading.frames)), None
    if parents[best] == "fade":
        colour = _colour(reading.track("difference.ground").reduce("median", span), label)
        evidence.append(reading.measured("difference.ground", span, "median"))
    confidence = min(0.98, 0.5 * fit + 0.5 * min(1.0, 0.5 + (fit - second_fit)))
    return Boundary(
        first=first, clean=clean, label=label, confidence=confidence, evidence=evidence, join=join, colour=colour,
        attributes={"frames": clean - first},
    )  # fmt: skip


def _to_limit(label: str, first: int, clean: int, count: int) -> tuple[int, int]:
    """Return the mixed frames of a fade drawn out to the start or end it belongs to: the last trace of it is plain."""
    if label == "fade_in" and first <= AT_LIMIT:
        return 0, clean
    if label == "fade_out" and clean >= count - AT_LIMIT:
        return first, count
    return first, clean


def _colour(luma: float, label: str) -> str:
    if label == "dip_to_colour":
        return "other"
    return "black" if luma <= BLACK else "white" if luma >= WHITE else "other"


def _join(label: str, first: int, clean: int, count: int) -> int | None:
    """Return where the new shot begins: in the middle; after a fade-out, before a fade-in, nowhere at the limits."""
    if label == "fade_in":
        return first if first > AT_LIMIT else None
    if label == "fade_out":
        return clean if clean < count - AT_LIMIT else None
    return (first + clean) // 2


def _one_dip(reading: Reading, one: Boundary, two: Boundary) -> bool:
    if (one.label, two.label) != ("fade_out", "fade_in") or one.colour != two.colour:
        return False
    held_s = reading.frames.time_s(two.first) - reading.frames.time_s(one.clean)
    return held_s <= DIP_HOLD_MAX_S


def _dip(one: Boundary, two: Boundary) -> Boundary:
    label = {"black": "dip_to_black", "white": "dip_to_white"}.get(one.colour or "", "dip_to_colour")
    return replace(
        one, clean=two.clean, label=label, confidence=min(one.confidence, two.confidence),
        evidence=[*one.evidence, *two.evidence], join=(one.first + two.clean) // 2,
        attributes={"frames": two.clean - one.first},
    )  # fmt: skip


def covered(boundaries: Sequence[Boundary], count: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which of `count` frames lie inside a gradual edit or beside it, where a cut would say the same twice."""
    out = np.zeros(count, bool)
    for boundary in boundaries:
        out[max(0, boundary.first - 1) : boundary.clean + 2] = True
    return out
