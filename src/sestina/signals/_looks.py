"""When to read: after lettering changed, once in every shot, and now and then where nothing seems to happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sestina.core.time import Span
from sestina.core.track import F64, Track

SETTLE_S = 0.3
"""A shot is looked at this long after it began: dissolves and fades in have mostly ended."""
CLOSE_S = 0.15
"""Of two changes closer than this only the later is looked at: lettering was still appearing at the first."""
APART_S = 0.24
"""Least time between two looks at changes; words that light up one by one change about this fast."""
FIRST = 2.0
"""Weight of the looks that are always taken; that of a change is the share of the picture it covers."""
REST_S = 4.0
"""Longest time without a look inside a shot, for lettering too faint to be noticed."""
LOOKS_A_MINUTE = 75
LOOKS_AT_LEAST = 12


def looks(change: Track | None, shots: Sequence[Span], frame_times_s: F64) -> list[float]:
    """Return the times of the frames to look at, increasing, each some frame's own time.

    Args:
        change: `text.change`, or None when it was not measured.
        shots: spans of the shots, in order.
        frame_times_s: every frame's time, float64 [N].
    """
    if not len(frame_times_s):
        return []
    changed = _changes(change)
    settled = [(shot.start_s + min(SETTLE_S, shot.duration_s / 2), FIRST) for shot in shots]
    wanted = dict([*changed, *settled])
    rests = _rests(sorted(wanted), shots)
    wanted.update(dict.fromkeys(rests, FIRST))
    limit = max(LOOKS_AT_LEAST, round(LOOKS_A_MINUTE * (shots[-1].end_s - shots[0].start_s) / 60)) if shots else 0
    return snapped(chosen(wanted, limit), frame_times_s)


def _changes(change: Track | None) -> list[tuple[float, float]]:
    """Return (time, how much) of every change; of two close ones only the later, when lettering has settled."""
    if change is None:
        return []
    at = np.flatnonzero(change.values > 0)
    found = [(float(change.times_s[i]), float(change.values[i])) for i in at]
    following = [*(time for time, _ in found), np.inf][1:]
    return [item for item, after in zip(found, following, strict=True) if after - item[0] >= CLOSE_S]


def _rests(wanted: Sequence[float], shots: Sequence[Span]) -> list[float]:
    """Return looks that fill gaps longer than REST_S inside shots."""
    extra: list[float] = []
    for shot in shots:
        inside = [t for t in wanted if shot.start_s <= t < shot.end_s]
        for start, end in zip(inside, [*inside[1:], shot.end_s], strict=True):
            count = int((end - start) / REST_S)
            extra += [start + (end - start) * (i + 1) / (count + 1) for i in range(count)]
    return extra


def chosen(wanted: Mapping[float, float], limit: int) -> list[float]:
    """Return at most `limit` of the times in `wanted` (time to weight), the weightiest first, none close together.
    """
    kept: list[float] = []
    for time in sorted(wanted, key=lambda t: (-wanted[t], t)):
        if len(kept) >= limit:
            break
        near = APART_S if wanted[time] != FIRST else CLOSE_S
        if all(abs(time - other) >= near for other in kept):
            kept.append(time)
    return sorted(kept)


def snapped(times: Sequence[float], frame_times_s: F64) -> list[float]:
    """Return the times of the frames on screen at `times`, each once."""
    at = np.searchsorted(frame_times_s, np.asarray(times) + 1e-6, side="right") - 1
    return [float(frame_times_s[i]) for i in np.unique(np.clip(at, 0, len(frame_times_s) - 1))]
