"""Speed: pictures that stop while time runs on, and pictures that stutter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit
from sestina.dimensions._hearing import runs
from sestina.dimensions.editing._cases import Case, stated

FACET = "edit.speed"

FREEZE_LEAST_S, BESIDE_S = 0.4, 0.3
"""Shortest freeze, and how long before (or after) it, in the same shot, the picture must have moved."""
MOVING = 0.25
"""Share of the picture's blocks that change from frame to frame while it moves; a cursor or a mouth changes less, so
that a page or a face at rest is no freeze."""
HOLD_MOST_FRAMES, GAP_MOST_S = 8, 0.4
"""Repeats one hold of a stutter may have, and the longest time between the starts of two holds."""
HOLDS_LEAST, STUTTER_LEAST_S, EVEN = 4, 0.5, 0.25
"""Holds a stutter has, its shortest time, and how much their spacing may vary, as a share of its mean."""
ELSEWHERE_S, ELSEWHERE_MOST = 1.0, 0.1
"""So much of the shot must lie outside the stutter, with at most this share of repeats: frames doubled all through are
a lower frame rate and not an effect."""


@parsers.register(
    "editing.speed",
    card=Card(
        summary="Frozen frames in a shot that moves, and frames held at a steady pace for a while.",
        source="own",
        status="trial",
        deviations="Slow and fast motion, ramps and reversal are not told: a picture shows them to a viewer only.",
    ),
    facets=(FACET,),
    signals=("difference",),
    after=("edit.shot",),
    derives=("repeats.frame",),
)
class Speed:
    """Yields freezes and stutters; nothing is said of shots at an unremarkable speed."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the track of repeated frames, then events."""
        if reading.media.video is None:
            return
        change = reading.track("difference.luma")
        repeat = (np.asarray(change.values) <= 0).astype(np.float64)
        repeat[:1] = 0
        yield Track(name="repeats.frame", unit="", times_s=change.times_s, values=repeat)
        for shot in reading.shots:
            part = change.slice(shot.span)
            flags = np.asarray(repeat[part] > 0)
            times = np.append(change.times_s[part], shot.span.end_s)
            for unit in (*_freezes(reading, shot, flags, times), *_stutters(reading, shot, flags, times)):
                if unit is not None:
                    yield unit


def _freezes(
    reading: Reading, shot: Unit, flags: npt.NDArray[np.bool_], times: npt.NDArray[np.float64]
) -> Iterator[Unit | None]:
    """Yield runs of repeated frames next to which the same shot moves.

    Args:
        reading: what is known.
        shot: where.
        flags: whether each of its frames repeats the one before, [N].
        times: when each frame begins, and the end, seconds [N+1].
    """
    for first, after in runs(flags):
        span = Span.of(float(times[first]), float(times[after]))
        if span.duration_s < FREEZE_LEAST_S:
            continue
        beside = [Span.of(span.start_s - BESIDE_S, span.start_s), Span.of(span.end_s, span.end_s + BESIDE_S)]
        held = Case(Limit(signal="repeats.frame", op=">=", threshold=1.0, scale=1.0, reduce="min"), span)
        for side in beside:
            if shot.span.start_s <= side.start_s and side.end_s <= shot.span.end_s:
                moves = Limit(signal="difference.changed", op=">=", threshold=MOVING, scale=0.15, reduce="median")
                unit = _frozen(reading, held, Case(moves, side))
                if unit is not None:
                    yield unit
                    break


def _frozen(reading: Reading, held: Case, moves: Case) -> Unit | None:
    """Return the freeze over `held.span` if the picture beside it moves; the hold itself is exact."""
    shown = held.limit.evidence(reading, held.span)
    pair = reading.frame_pair(held.span.start_s, _last_frame_s(reading, held.span))
    return stated(reading, FACET, "freeze_frame", held.span, [moves], at_most=0.8, also=[*shown, pair])


def _last_frame_s(reading: Reading, span: Span) -> float:
    frames = reading.frames
    return frames.time_s(frames.index_at(max(span.start_s, span.end_s - 1e-5)))


def _stutters(
    reading: Reading, shot: Unit, flags: npt.NDArray[np.bool_], times: npt.NDArray[np.float64]
) -> Iterator[Unit | None]:
    """Yield stretches of the shot in which frames are held again and again at a steady pace.

    Arguments as those of `_freezes`.
    """
    holds = [(a, b) for a, b in runs(flags) if b - a <= HOLD_MOST_FRAMES]
    for group in _close(holds, times):
        span = Span.of(float(times[group[0][0]]), float(times[group[-1][1]]))
        gaps = np.diff([times[first] for first, _ in group])
        if len(group) < HOLDS_LEAST or span.duration_s < STUTTER_LEAST_S or gaps.std() > EVEN * gaps.mean():
            continue
        rest = np.ones(len(flags), bool)
        rest[group[0][0] : group[-1][1]] = False
        rest_s = shot.span.duration_s - span.duration_s
        if rest_s < ELSEWHERE_S or flags[rest].mean() > ELSEWHERE_MOST:
            continue
        often = Limit(signal="repeats.frame", op=">=", threshold=0.3, scale=0.15, reduce="mean")
        moves = Limit(signal="difference.luma", op=">", threshold=0.5, scale=0.5, reduce="max")
        yield stated(reading, FACET, "stutter", span, [Case(often, span), Case(moves, span)], at_most=0.7)


def _close(holds: list[tuple[int, int]], times: npt.NDArray[np.float64]) -> Iterator[list[tuple[int, int]]]:
    """Yield groups of holds (first, after) whose starts follow each other within `GAP_MOST_S`."""
    group: list[tuple[int, int]] = []
    for hold in holds:
        if group and times[hold[0]] - times[group[-1][0]] > GAP_MOST_S:
            yield group
            group = []
        group.append(hold)
    if group:
        yield group
