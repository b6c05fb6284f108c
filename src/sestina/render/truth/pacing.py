"""True pace: shot lengths, how often the picture changes, what pattern the lengths make, and whether cuts hit beats."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.vocabulary import threshold
from sestina.render.parts.edit import CUTS
from sestina.render.truth.made import Made, unit

F64 = npt.NDArray[np.float64]

NUMBERS = (
    "shots", "mean_shot_length", "median_shot_length", "sd_shot_length", "min_shot_length", "max_shot_length",
    "share_under_1s",
)  # fmt: skip
FACETS = (
    "edit.pacing", *(f"edit.pacing.{name}" for name in NUMBERS), "edit.pacing.cuts_per_10s", "edit.pacing.first_cut_at",
    "edit.pacing_class", "edit.pacing_class.quick_5in5", "edit.pacing_class.dynamic_start_lt3s", "edit.rhythm",
    "edit.beat_sync", "edit.beat_sync.mean_offset", "edit.beat_sync.null_p",
)  # fmt: skip

CUTS_MIN = 4
"""Fewer cuts say nothing about a beat."""
EVEN, UNEVEN = 0.12, 0.3
"""Standard deviation of log shot lengths up to which they are equal, and from which they differ clearly."""
TREND_R, TREND_CHANGE, NO_TREND_R = 0.8, math.log(1.6), 0.5
"""Correlation of log lengths with their order, and their change from first to last, that make a trend clear."""
SWAY = math.log(1.3)
"""Least step from shot to shot, as a logarithm, of lengths that alternate."""


def units(made: Made) -> Iterator[Unit]:
    """Yield the numbers of the whole clip, the curve over windows of ten seconds, class, flags, rhythm, beats."""
    whole = made.timeline.span
    starts, lengths = _shots(made)
    joins = starts[1:] - whole.start_s
    window_s = threshold("edit.pacing.cuts_per_10s", "window_s")
    yield unit("edit.pacing", 0, "video", whole, value=window_s * len(joins) / whole.duration_s, unit="cuts/10s")
    for name, value in numbers(lengths).items():
        measure = {"shots": "count", "share_under_1s": "share"}.get(name, "s")
        yield unit(f"edit.pacing.{name}", 0, "video", whole, value=value, unit=measure)
    for number in range(int((whole.duration_s + 1e-6) // window_s)):
        window = Span.of(whole.start_s + number * window_s, min(whole.start_s + (number + 1) * window_s, whole.end_s))
        count = sum(window.contains(at) for at in starts[1:].tolist())
        yield unit("edit.pacing.cuts_per_10s", number, "segment", window, value=float(count), unit="cuts/10s")
    if len(joins):
        yield unit("edit.pacing.first_cut_at", 0, "video", whole, value=float(joins[0]), unit="s")
    yield unit("edit.pacing_class", 0, "video", whole, label=pace(lengths))
    flag = "edit.pacing_class.quick_5in5"
    quick = (starts - whole.start_s < threshold(flag, "window_s")).sum() >= threshold(flag, "shots_min")
    yield unit(flag, 0, "video", whole, label=str(bool(quick)).lower())
    flag = "edit.pacing_class.dynamic_start_lt3s"
    yield unit(flag, 0, "video", whole, label=str(bool((joins < threshold(flag, "first_cut_max_s")).any())).lower())
    if len(joins):
        yield _rhythm(made, lengths)
    yield from _beats(made)


def _shots(made: Made) -> tuple[F64, F64]:
    spans = [made.timeline.shot_span(number) for number in range(len(made.script.shots))]
    return np.array([span.start_s for span in spans]), np.array([span.duration_s for span in spans])


def numbers(lengths_s: F64) -> dict[str, float]:
    """Return the numbers that shot lengths, seconds [N], make."""
    short = threshold("edit.pacing.share_under_1s", "short_shot_max_s")
    found = (
        len(lengths_s), lengths_s.mean(), np.median(lengths_s), lengths_s.std(), lengths_s.min(), lengths_s.max(),
        (lengths_s < short).mean(),
    )  # fmt: skip
    return {name: round(float(value), 6) for name, value in zip(NUMBERS, found, strict=True)}


def pace(lengths_s: F64) -> str:
    """Return the class of pace of shots of these lengths, seconds."""
    if len(lengths_s) == 1:
        return "single_take"
    edges = [threshold("edit.pacing_class", f"{name}_min_s") for name in ("fast", "moderate", "slow")]
    return ("hyper", "fast", "moderate", "slow")[sum(float(lengths_s.mean()) >= edge for edge in edges)]


def _rhythm(made: Made, lengths: F64) -> Unit:
    whole, least = made.timeline.span, threshold("edit.rhythm", "shots_min")
    label = rhythm(lengths) if len(lengths) >= least else ""
    if label:
        return unit("edit.rhythm", 0, "video", whole, label=label)
    reason = f"{len(lengths)} shots" if len(lengths) < least else "the lengths make no clear pattern"
    return unit("edit.rhythm", 0, "video", whole, status="abstain", reason=reason)


def rhythm(lengths_s: F64) -> str:
    """Return the clear pattern of shot lengths, seconds [N], N >= 3; "" where there is none."""
    logs = np.log(lengths_s)
    spread, steps = float(logs.std()), np.diff(logs)
    if spread <= EVEN:
        return "metric"
    slope = float(np.polyfit(np.arange(len(logs)), logs, 1)[0])
    r, change = slope * np.arange(len(logs)).std() / spread, slope * (len(logs) - 1)
    if abs(r) >= TREND_R and abs(change) >= TREND_CHANGE:
        return "accelerating" if slope < 0 else "decelerating"
    if (steps[1:] * steps[:-1] < 0).all() and (np.abs(steps) >= SWAY).all():
        return "alternating" if abs(r) <= NO_TREND_R else ""
    turns = float((steps[1:] * steps[:-1] < 0).mean())
    return "irregular" if spread >= UNEVEN and abs(r) <= NO_TREND_R and turns <= 0.8 else ""


def _beats(made: Made) -> Iterator[Unit]:
    """Yield how the hard cuts fall on the beats that sound around them."""
    heard, timeline = made.heard, made.timeline
    beats = np.array(() if heard is None else heard.beats_s, np.float64)
    shots = made.script.shots
    cuts = [timeline.shot_span(k).start_s for k in range(1, len(shots)) if shots[k].begin.kind in CUTS]
    if len(beats) < CUTS_MIN:
        return
    step = float(np.median(np.diff(beats)))
    # Between beats no cut is farther from one than half a step; what lies farther lies where there is no music.
    near = np.array([cut for cut in cuts if np.abs(beats - cut).min() <= 0.51 * step], np.float64)
    if len(near) < CUTS_MIN:
        if cuts:
            reason = f"{len(near)} cuts where there is a beat"
            yield unit("edit.beat_sync", 0, "video", timeline.span, status="abstain", reason=reason)
        return
    offset = near - beats[np.abs(beats[None] - near[:, None]).argmin(axis=1)]
    hits = np.abs(offset) <= threshold("edit.beat_sync", "tolerance_s")
    whole = timeline.span
    yield unit("edit.beat_sync", 0, "video", whole, value=float(hits.mean()), unit="share")
    yield unit("edit.beat_sync.mean_offset", 0, "video", whole, value=round(float(offset.mean()), 6), unit="s")
    p = chance(near, int(hits.sum()), step)
    yield unit("edit.beat_sync.null_p", 0, "video", whole, value=p, unit="probability")


def chance(cuts_s: F64, hits: int, step_s: float) -> float:
    """Return how likely at least `hits` of the cuts fall on beats `step_s` apart when each is moved by chance.

    The sum of independent hits is binomial; cuts at even distances hit all together, so that one counts for all.
    """
    p = min(1.0, 2 * threshold("edit.beat_sync", "tolerance_s") / step_s)
    n = len(cuts_s)
    tail = sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(hits, n + 1))
    gaps = np.diff(cuts_s)
    even = len(gaps) > 1 and float(gaps.std()) < 0.05 * float(gaps.mean())
    return round(min(1.0, max(tail, p) if even else tail), 6)
