"""When to read: after lettering changed, once in every shot, and now and then where nothing seems to happen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sestina.core.time import Span
from sestina.core.track import F64, Track

SETTLE_S = 0.3
"""A shot is looked at this long after it began: dissolves and fades in have mostly ended."""
CLOSE_S = 0.15
"""Of two changes closer than this only the later is looked at: lettering was still appearing at the first."""
COVERED_S = 0.6
"""A shot needs no look of its own when a change is looked at this soon after its start."""
REST_S = 4.0
"""Longest time without a look inside a shot, for lettering too faint to be noticed."""
LOOKS_A_MINUTE = 80
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
    changed = [] if change is None else [float(t) for t in change.times_s[change.values > 0]]
    wanted = [t for t, following in zip(changed, [*changed[1:], np.inf], strict=True) if following - t >= CLOSE_S]
    for shot in shots:
        if not any(shot.start_s < t <= min(shot.end_s, shot.start_s + COVERED_S) for t in wanted):
            wanted.append(shot.start_s + min(SETTLE_S, shot.duration_s / 2))
    wanted = sorted(wanted)
    wanted = sorted([*wanted, *_rests(wanted, shots)])
    return thinned(snapped(wanted, frame_times_s))


def _rests(wanted: Sequence[float], shots: Sequence[Span]) -> list[float]:
    """Return looks that fill gaps longer than REST_S, and one shortly before each shot's end after such a gap."""
    extra: list[float] = []
    for shot in shots:
        inside = [t for t in wanted if shot.start_s <= t < shot.end_s]
        for start, end in zip(inside, [*inside[1:], shot.end_s], strict=True):
            count = int((end - start) / REST_S)
            extra += [start + (end - start) * (i + 1) / (count + 1) for i in range(count)]
    return extra


def snapped(times: Sequence[float], frame_times_s: F64) -> list[float]:
    """Return the times of the frames on screen at `times`, each once."""
    at = np.searchsorted(frame_times_s, np.asarray(times) + 1e-6, side="right") - 1
    return [float(frame_times_s[i]) for i in np.unique(np.clip(at, 0, len(frame_times_s) - 1))]


def thinned(times: Sequence[float]) -> list[float]:
    """Return `times` with a growing least distance until they keep within LOOKS_A_MINUTE."""
    if not times:
        return []
    limit = max(LOOKS_AT_LEAST, round(LOOKS_A_MINUTE * (times[-1] - times[0]) / 60))
    kept, gap = list(times), 0.2
    while len(kept) > limit:
        kept = [times[0]]
        for time in times[1:]:
            if time - kept[-1] >= gap:
                kept.append(time)
        gap *= 1.25
    return kept
