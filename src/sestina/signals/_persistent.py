"""What stays or grows over a whole video: corner regions that never change, and bars that fill up.

Both come from sums over samples, so that a long video needs no more memory than a short one. Persistent corners follow
the temporal-median idea of logo detection (Meisinger et al. 2005); a progress bar is a row whose pixels each change
once, one after another from left to right.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.frames import U8
from sestina.core.time import Span
from sestina.core.track import BoxTrack

EDGE = 24
"""Grey levels of gradient that make an edge of a (half transparent) logo."""
ALWAYS = 0.85
"""Share of samples in which an edge must be there to be persistent."""
STATIC_SHARE = 0.5
"""When more than this share of all edges ever seen persists, nothing moved and no region stands out."""
CORNER = 0.34
"""A corner reaches this far into the picture, both ways."""
LEAST_SAMPLES = 10
CHANGE = 28
"""Grey levels between samples that count as a change of a bar's pixel."""
BAR_LEAST_WIDTH = 0.3
BAR_MOST_HEIGHT = 0.08
STRAIGHT = 0.985
"""Least correlation between a bar pixel's place and the time it changed."""


class Persistence:
    """Sums up one video's samples: half-size luma [h,w] with times in order."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.previous: U8 | None = None

    def add(self, luma: U8, time_s: float) -> None:
        """Take the next sample."""
        if self.previous is None:
            self.edges = np.zeros(luma.shape, np.float32)
            self.changes = np.zeros(luma.shape, np.uint16)
            self.when = np.zeros(luma.shape, np.float32)
        else:
            changed = cv2.absdiff(luma, self.previous) > CHANGE
            self.changes += changed
            self.when[changed] = time_s
        gradient = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        self.edges += gradient > EDGE
        self.previous = luma.copy()
        self.times.append(time_s)

    def boxes(self, end_s: float) -> list[BoxTrack]:
        """Return persistent corner regions and progress bars; `end_s` is when the video ends."""
        if len(self.times) < LEAST_SAMPLES:
            return []
        span = Span.of(self.times[0], max(end_s, self.times[-1]))
        corners = [
            _track(f"text.static.{i}", "static_region", span, box, score)
            for i, (box, score) in enumerate(static_regions(self.edges / np.float32(len(self.times))))
        ]
        bar = growing_bar(self.changes, self.when)
        if bar is None:
            return corners
        box, first_s, last_s = bar
        return [*corners, _track("text.progress.0", "progress", Span.of(first_s, last_s), box, 0.9)]


def _track(name: str, kind: str, span: Span, box: tuple[float, ...], score: float) -> BoxTrack:
    middle = np.asarray([span.start_s])
    return BoxTrack(
        name=name, kind=kind, span=span, times_s=middle, boxes=np.asarray([box]), scores=np.asarray([score])
    )


def static_regions(share: npt.NDArray[np.float32]) -> list[tuple[tuple[float, ...], float]]:
    """Return corner boxes whose edges persist, with scores, from the share of samples [h,w] in which an edge is there.

    Empty when the picture as a whole stands still, for then nothing tells a logo from the scene.
    """
    always, ever = share >= ALWAYS, share > 0.05
    if not ever.any() or always.sum() > STATIC_SHARE * ever.sum():
        return []
    height, width = share.shape
    joined = cv2.dilate(always.astype(np.uint8), np.ones((5, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found: list[tuple[tuple[float, ...], float]] = []
    for i in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[i])
        inner = always & (labels == i)
        box = (x / width, y / height, w / width, h / height)
        if inner.sum() >= 12 and _in_corner(box) and not _is_border(box):
            found.append((box, float(share[inner].mean())))
    return sorted(found, key=lambda item: -item[1])[:4]


def _in_corner(box: tuple[float, ...]) -> bool:
    x, y, w, h = box
    return min(x + w, 1 - x) <= CORNER and min(y + h, 1 - y) <= CORNER


def _is_border(box: tuple[float, ...]) -> bool:
    """Whether the box is a sliver along the frame's edge: a letterbox line or a coding fringe, not a mark."""
    x, y, w, h = box
    thin = min(w, h) < 0.02
    touches = x <= 0.005 or y <= 0.005 or x + w >= 0.995 or y + h >= 0.995
    return thin and touches


def growing_bar(
    changes: npt.NDArray[np.uint16], when: npt.NDArray[np.float32]
) -> tuple[tuple[float, ...], float, float] | None:
    """Return (box, first and last time in seconds) of a bar that fills from left to right, or None.

    Args:
        changes: how often each pixel changed, [h,w].
        when: time of each pixel's last change, seconds, [h,w].
    """
    height, width = changes.shape
    good = [(y, *run) for y in range(height) if (run := _bar_row(changes[y], when[y])) is not None]
    if not good:
        return None
    rows = [good[0]]
    best = rows
    for row in good[1:]:
        rows = [*rows, row] if row[0] == rows[-1][0] + 1 else [row]
        best = max(best, rows, key=len)
    if len(best) > max(2, BAR_MOST_HEIGHT * height):
        return None
    left, right = min(r[1] for r in best), max(r[2] for r in best)
    box = (left / width, best[0][0] / height, (right - left) / width, len(best) / height)
    seen = when[best[0][0] : best[-1][0] + 1, left:right]
    times = seen[changes[best[0][0] : best[-1][0] + 1, left:right] > 0]
    return box, float(times.min()), float(times.max())


def _bar_row(changes: npt.NDArray[np.uint16], when: npt.NDArray[np.float32]) -> tuple[int, int] | None:
    """Return the columns (left, right) over which pixels changed once each, from left to right at one speed."""
    once = np.flatnonzero((changes >= 1) & (changes <= 2))
    if len(once) < BAR_LEAST_WIDTH * len(changes):
        return None
    left, right = int(once[0]), int(once[-1]) + 1
    if len(once) < 0.9 * (right - left):
        return None
    times = when[once]
    if np.ptp(times) < 0.5 or np.mean(np.diff(times) >= 0) < 0.97:
        return None
    straight = float(np.corrcoef(once, times)[0, 1])
    return (left, right) if straight >= STRAIGHT else None
