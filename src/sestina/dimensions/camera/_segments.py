"""Cuts the camera's path within a shot into runs that move one way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.reading import Reading
from sestina.core.time import Span

F64 = npt.NDArray[np.float64]

WHIP_MIN_S = 0.07
"""Shortest whip: a single wild vector is no camera move."""
WHIP_EDGE_SHARE = 0.3
"""Share of a whip's least speed at which it begins and ends."""
WAYS = (
    "static", "lateral_right", "lateral_left", "vertical_up", "vertical_down", "inward", "outward", "roll_cw",
    "roll_ccw", "compound",
)  # fmt: skip
"""What a run can be. The eight middle ones are the positive and negative directions of the four components."""
SCALE_REACH = 0.5
"""Frame widths that a scale rate of 1/s moves the picture's edge in a second: makes zooms and moves comparable."""
REST_SPEED = 0.015
"""Speed in frame widths/s at which rest and motion explain a moment equally well. Tripod clips drift below 0.008
(95th percentile over eight clips); the slowest deliberate moves of the tuning set are above 0.02."""
COMPOUND_ANGLE_COST = 0.24
"""What a mixed move costs against a pure one: pure moves keep 40 degrees around their axis (1 - cos 40)."""
SMOOTH_S = 0.8
"""Trembling faster than about once in this time is averaged out before runs are told apart."""
STRAIGHTNESS = 0.3
"""Least ratio of net to gone way of a move; a wandering hand comes to 0.02."""
CHANGE_COST_S = 0.3
"""Seconds of full disagreement that justify one more run."""


@dataclass(frozen=True, kw_only=True)
class Path:
    """The camera's velocity within one shot.

    Args:
        times_s: float64 [N], frame times from the shot's second frame on (the first value belongs to the cut).
        raw: float64 [N,4] right, up, in, clockwise, all in frame widths/s at the picture's edge; NaN unknown.
        velocity: float64 [N,4] the same, smoothed.
        span: the shot.
    """

    times_s: F64
    raw: F64
    velocity: F64
    span: Span

    def __repr__(self) -> str:
        return f"Path(frames={self.times_s.shape}, span={self.span})"

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Where the velocity is known [N]."""
        return np.asarray(~np.isnan(self.velocity).any(axis=1))


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stretch of one motion.

    Args:
        way: one of `WAYS`, or `whip`, or `wander`.
        span: from the frame it starts from.
        inner: the span its measurements lie in, from the first frame that has moved.
        velocity: mean velocity [4], frame widths/s.
        pace: mean length of the velocity, frame widths/s: more than the mean velocity's when the camera wanders.
    """

    way: str
    span: Span
    inner: Span
    velocity: F64
    pace: float

    @property
    def speed(self) -> float:
        """Length of the mean velocity, frame widths/s."""
        return float(np.linalg.norm(self.velocity))

    @property
    def displacement(self) -> float:
        """How far the run moves the picture's edge, frame widths."""
        return self.speed * self.inner.duration_s


def path_of(reading: Reading, shot: Span) -> Path:
    """Return the camera's path within `shot` from the tracks of signal `motion`, smoothed over `SMOOTH_S`."""
    names = ("dx", "dy", "log_scale_rate", "rotation")
    tracks = [reading.track(f"motion.{name}") for name in names]
    inside = tracks[0].slice(shot)
    times = tracks[0].times_s[inside][1:]
    factors = (1.0, 1.0, SCALE_REACH, math.radians(SCALE_REACH))
    raw = np.stack([t.values[inside][1:].astype(np.float64) * f for t, f in zip(tracks, factors, strict=True)], axis=1)
    return Path(times_s=times, raw=raw, velocity=smoothed(raw, times), span=shot)


def smoothed(values: F64, times_s: F64) -> F64:
    """Return `values` [N,K] averaged twice over half of `SMOOTH_S`, unknown ones left out and left unknown."""
    if len(values) < 3:
        return values
    reach = max(1, round(SMOOTH_S / 4 / float(np.median(np.diff(times_s)))))
    box = np.ones(2 * reach + 1)
    weights = np.convolve(box, box)
    known = ~np.isnan(values)
    out = np.full(values.shape, np.nan)
    for k in range(values.shape[1]):
        total = np.convolve(np.where(known[:, k], values[:, k], 0.0), weights)[2 * reach : -2 * reach]
        count = np.convolve(known[:, k].astype(np.float64), weights)[2 * reach : -2 * reach]
        out[known[:, k], k] = total[known[:, k]] / count[known[:, k]]
    return out


def costs(velocity: F64) -> F64:
    """Return how badly each of `WAYS` explains `velocity` [N,4], [N,10] in 0..3; unknown moments cost nothing."""
    speed = np.linalg.norm(velocity, axis=1)
    rest = REST_SPEED / (speed + REST_SPEED)
    cosine = np.concatenate([velocity, -velocity], axis=1)[:, [0, 4, 1, 5, 2, 6, 3, 7]] / (speed[:, None] + 1e-9)
    table = np.empty((len(velocity), len(WAYS)))
    table[:, 0] = 1 - rest
    table[:, 1:9] = rest[:, None] + 1 - cosine
    table[:, 9] = rest + COMPOUND_ANGLE_COST
    return np.nan_to_num(table)


def best_ways(table: F64, gaps_s: F64) -> npt.NDArray[np.int64]:
    """Return every moment's way [N] with the least total cost, a change costing `CHANGE_COST_S` (Viterbi, 1967)."""
    total = table[0] * gaps_s[0]
    back = np.empty(table.shape, np.int64)
    stay = np.arange(table.shape[1])
    for i in range(1, len(table)):
        best = int(total.argmin())
        change = total[best] + CHANGE_COST_S < total
        back[i] = np.where(change, best, stay)
        total = np.where(change, total[best] + CHANGE_COST_S, total) + table[i] * gaps_s[i]
    ways = np.empty(len(table), np.int64)
    ways[-1] = total.argmin()
    for i in range(len(table) - 1, 0, -1):
        ways[i - 1] = back[i][ways[i]]
    return ways


def gaps_of(path: Path) -> F64:
    """Return the time each moment covers [N], seconds; long gaps (missing frames) count as the median gap."""
    gaps = np.diff(path.times_s, prepend=path.span.start_s)
    limited: F64 = np.minimum(gaps, 4 * float(np.median(gaps)))
    return limited


def runs_of(path: Path, whip_fw_s: float, whip_max_s: float) -> list[Run]:
    """Return the runs that tile the shot, in order; [] when nothing was measured.

    Args:
        path: the camera's path within the shot.
        whip_fw_s: speed above which a short run is a whip, frame widths/s.
        whip_max_s: longest whip, seconds.
    """
    if not path.known.any():
        return []
    found: list[Run] = []
    begin = 0
    fast = whips(path, whip_fw_s, whip_max_s)
    path = without(path, fast)
    for first, last in fast:
        found += calm_runs(path, begin, first)
        found.append(run_between(path, first, last, "whip", path.raw))
        begin = last
    return found + calm_runs(path, begin, len(path.times_s))


def whips(path: Path, whip_fw_s: float, whip_max_s: float) -> list[tuple[int, int]]:
    """Return (first, one past the last) of the stretches faster than `whip_fw_s` that last at most `whip_max_s`.

    Moments lost in the blur inside such a stretch belong to it, and so does its speeding up and slowing down.
    """
    speed = np.linalg.norm(path.raw[:, :3], axis=1)
    fast = np.flatnonzero(speed >= whip_fw_s)
    found: list[tuple[int, int]] = []
    for i in (int(i) for i in fast):
        if found and not np.any(speed[found[-1][1] : i] < whip_fw_s):
            found[-1] = (found[-1][0], i + 1)
        else:
            found.append((i, i + 1))
    gaps = gaps_of(path)
    short = [(a, b) for a, b in found if WHIP_MIN_S <= gaps[a:b].sum() <= whip_max_s + 1e-6]
    merged: list[tuple[int, int]] = []
    for first, last in (widened(speed >= WHIP_EDGE_SHARE * whip_fw_s, a, b) for a, b in short):
        if merged and first < merged[-1][1]:  # two that grew into one another have become one
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def widened(fast: npt.NDArray[np.bool_], first: int, last: int) -> tuple[int, int]:
    """Return the stretch `first` to `last` grown over the `fast` [N] moments beside it."""
    while first > 0 and fast[first - 1]:
        first -= 1
    while last < len(fast) and fast[last]:
        last += 1
    return first, last


def without(path: Path, stretches: Sequence[tuple[int, int]]) -> Path:
    """Return the path with its smooth velocity taken again without `stretches`, so that a whip leaks nowhere."""
    if not stretches:
        return path
    raw = path.raw.copy()
    for first, last in stretches:
        raw[first:last] = np.nan
    return replace(path, velocity=smoothed(raw, path.times_s))


def calm_runs(path: Path, first: int, last: int) -> list[Run]:
    """Return the runs of moments `first` to `last` (one past the end), whips apart."""
    if last <= first:
        return []
    ways = best_ways(costs(path.velocity[first:last]), gaps_of(path)[first:last])
    edges = [0, *(int(i) + 1 for i in np.flatnonzero(np.diff(ways))), len(ways)]
    return [run_between(path, first + a, first + b, WAYS[ways[a]], path.velocity) for a, b in pairwise(edges)]


def run_between(path: Path, first: int, last: int, way: str, velocity: F64) -> Run:
    """Return the run of moments `first` to `last` (one past the end); a moment's motion began at the frame before."""
    starts = np.concatenate([[path.span.start_s], path.times_s])
    end = path.span.end_s if last == len(path.times_s) else float(starts[last])
    after = path.span.end_s if last == len(path.times_s) else float(path.times_s[last])
    inner = Span.of(float(path.times_s[first]), after)
    values = velocity[first:last]
    known = values[~np.isnan(values).any(axis=1)]
    mean = known.mean(axis=0) if len(known) else np.zeros(4)
    pace = float(np.linalg.norm(known, axis=1).mean()) if len(known) else 0.0
    return Run(way=way, span=Span.of(float(starts[first]), end), inner=inner, velocity=mean, pace=pace)


def settled(runs: Sequence[Run], least_fw: float, static_fw_s: float) -> list[Run]:
    """Return `runs` with moves that lead nowhere called static, and equal neighbours joined.

    A move leads somewhere when it shifts the picture's edge by at least `least_fw` frame widths, and does not turn back
    all the time. One that does, faster than `static_fw_s` frame widths/s, is way `wander`.
    """
    found: list[Run] = []
    for run in runs:
        way = run.way
        if way not in ("whip", "static"):
            straight = run.speed >= STRAIGHTNESS * run.pace
            way = "static" if straight or run.pace <= static_fw_s else "wander"
            way = way_of(run.velocity) if straight and run.displacement >= least_fw else way
        now = replace(run, way=way)
        if found and found[-1].way == way:
            now = joined(found.pop(), now)
        found.append(now)
    return found


def joined(one: Run, two: Run) -> Run:
    """Return two neighbouring runs of one way as one."""
    first, second = one.span.duration_s, two.span.duration_s
    velocity = (one.velocity * first + two.velocity * second) / (first + second)
    pace = (one.pace * first + two.pace * second) / (first + second)
    span, inner = one.span.union(two.span), one.inner.union(two.inner)
    return Run(way=one.way, span=span, inner=inner, velocity=velocity, pace=pace)


def way_of(velocity: F64) -> str:
    """Return the way of a moving run by its mean velocity [4]: its main component, or compound."""
    cost = costs(velocity[None])[0]
    cost[0] = math.inf
    return WAYS[int(cost.argmin())]
