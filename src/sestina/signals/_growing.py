"""Progress bars: rows in which, from left to right, one pixel after the other changes for the last time.

The filled part of a bar is opaque and stands still, whatever moves behind the part that is not yet filled. So the time
of each pixel's last change, read along a row, rises along a straight line as far as the bar is filled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.frames import U8

CHANGE = 28
"""Grey levels between samples that count as a change."""
LOOK_S = 1.0
"""Time between looks for a bar."""
LEAST_WIDTH = 0.12
"""Fractions of the frame width that must be filled before a bar is believed."""
LEAST_S = 0.8
STRAIGHT = 0.99
"""Least correlation between a bar pixel's place and the time of its last change."""
MOST_HEIGHT = 0.08
LEAST_LOOKS = 2
LEAST_COLUMNS = 16
"""A narrower picture shows no bar."""
RECENT_S = 0.5
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class _Fill:
    """One row of a bar at one look: its left and right pixel, when it began, and seconds a pixel."""

    row: int
    left: int
    right: int
    began_s: float
    pace_s: float


@dataclass(frozen=True)
class Bar:
    """A bar: box in fractions (left, top, width, height) and the span over which it fills, seconds."""

    box: tuple[float, float, float, float]
    start_s: float
    end_s: float


@dataclass
class Growth:
    """Watches one video's samples, half-size luma [h,w] with times in order, for bars that fill."""

    previous: U8 | None = None
    looked_s: float = -1e9
    looks: list[tuple[float, list[_Fill]]] = field(default_factory=list)

    def add(self, luma: U8, time_s: float) -> None:
        """Take the next sample."""
        if self.previous is None:
            self.when: F32 = np.full(luma.shape, np.nan, np.float32)
        else:
            self.when[cv2.absdiff(luma, self.previous) > CHANGE] = time_s
        self.previous = luma.copy()
        if time_s - self.looked_s >= LOOK_S:
            self.looked_s = time_s
            fills = self._fills(time_s)
            if fills:
                self.looks.append((time_s, fills))

    def _fills(self, time_s: float) -> list[_Fill]:
        """Return the rows that look like a bar that is filling now."""
        if self.when.shape[1] < LEAST_COLUMNS:
            return []
        with np.errstate(invalid="ignore"):
            rising = (np.diff(self.when, axis=1) >= 0).mean(axis=1)
        known = np.isfinite(self.when).mean(axis=1)
        rows = np.flatnonzero((known >= LEAST_WIDTH) & (rising >= 0.5 * LEAST_WIDTH))
        found = (self._row(int(row), time_s) for row in rows)
        return [fill for fill in found if fill is not None]

    def _row(self, row: int, time_s: float) -> _Fill | None:
        when = self.when[row]
        fresh = np.flatnonzero(when >= time_s - RECENT_S)
        if not len(fresh):
            return None
        front = int(fresh[0])
        left = _start(when, front)
        if front - left < LEAST_WIDTH * len(when):
            return None
        place, times = np.arange(left, front), when[left:front]
        if np.ptp(times) < LEAST_S or float(np.corrcoef(place, times)[0, 1]) < STRAIGHT:
            return None
        pace, began = np.polyfit(place - left, times, 1)
        return _Fill(row, left, front, float(began), float(pace))

    def bar(self, end_s: float) -> Bar | None:
        """Return the bar that most looks agree on, or None; `end_s` is when the video ends."""
        if self.previous is None:
            return None
        height, width = self.previous.shape
        votes: dict[int, list[tuple[float, _Fill]]] = {}
        for time_s, fills in self.looks:
            for fill in fills:
                votes.setdefault(fill.row, []).append((time_s, fill))
        rows = [row for row, seen in votes.items() if len(seen) >= LEAST_LOOKS and _agree([f for _, f in seen])]
        if not rows:
            return None
        best = max(_runs(sorted(rows)), key=lambda run: (sum(len(votes[r]) for r in run), -run[0]))
        if len(best) > max(2, MOST_HEIGHT * height):
            return None
        seen = [item for row in best for item in votes[row]]
        last_s, last = max(seen, key=lambda item: (item[0], item[1].right))
        left = min(fill.left for _, fill in seen)
        whole_s = last.began_s + last.pace_s * (width - 2 * left)
        right = width - left if whole_s <= end_s + 2 * LOOK_S else last.right
        stop = min(max(whole_s, last_s), end_s) if right != last.right else last_s
        box = (left / width, best[0] / height, (right - left) / width, len(best) / height)
        return Bar(box, max(0.0, last.began_s), stop)


def _start(when: F32, front: int) -> int:
    """Return where the rising run that ends at `front` begins, going left while times do not rise."""
    left = front
    while left > 0 and np.isfinite(when[left - 1]) and (left == front or when[left - 1] <= when[left] + 0.12):
        left -= 1
    return left


def _agree(fills: list[_Fill]) -> bool:
    """Whether looks at one row tell of one bar: the same beginning and pace, and further filled each time."""
    began = np.ptp([fill.began_s for fill in fills])
    paces = [fill.pace_s for fill in fills]
    grows = all(b.right > a.right for a, b in pairwise(fills))
    return bool(began < 0.5 and max(paces) < 1.15 * min(paces) and grows)


def _runs(rows: list[int]) -> list[list[int]]:
    """Return neighbouring rows together."""
    runs = [[rows[0]]]
    for row in rows[1:]:
        if row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs
