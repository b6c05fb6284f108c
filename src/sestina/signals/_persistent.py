"""What stays over a whole video: corner regions that never change.

They come from sums over samples, so that a long video needs no more memory than a short one (after the temporal-median
idea of logo detection, Meisinger et al. 2005).
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
ALWAYS = 0.55
"""Share of samples in which an edge must be there to be persistent; a mark may leave for a closing card."""
SAME = 12
"""Grey levels within which a pixel keeps its value."""
KEPT = 0.3
"""Least majority (samples that agree less those that do not, over all) of a pixel's usual value."""
STATIC_SHARE = 0.25
"""When more than this share of the middle's edges persists, the camera stands still and nothing stands out."""
CORNER_X, CORNER_Y = 0.45, 0.2
"""A corner reaches this far into the picture."""
MARGIN_X, MARGIN_Y = 0.15, 0.1
"""A mark begins this near to the frame's edges."""
LEAST_PIXELS = 20
LEAST_SAMPLES = 10


class Persistence:
    """Sums up one video's samples: half-size luma [h,w] with times in order."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def add(self, luma: U8, time_s: float) -> None:
        """Take the next sample."""
        if not self.times:
            self.edges = np.zeros(luma.shape, np.float32)
            self.usual = luma.copy()
            self.votes = np.zeros(luma.shape, np.int32)
        self._vote(luma)
        self.edges += cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > EDGE
        self.times.append(time_s)

    def _vote(self, luma: U8) -> None:
        """Keep each pixel's majority value (Boyer and Moore 1981): samples vote for it or against it."""
        agrees = cv2.absdiff(luma, self.usual) <= SAME
        self.votes += np.where(agrees, 1, -1)
        fallen = self.votes < 0
        self.usual[fallen] = luma[fallen]
        self.votes[fallen] = 0

    def boxes(self, end_s: float) -> list[BoxTrack]:
        """Return persistent corner regions; `end_s` is when the video ends."""
        if len(self.times) < LEAST_SAMPLES:
            return []
        span = Span.of(self.times[0], max(end_s, self.times[-1]))
        count = np.float32(len(self.times))
        share = np.where(self.votes >= KEPT * count, self.edges / count, 0).astype(np.float32)
        regions = static_regions(share, self.edges / count)
        return [boxed(f"text.static.{i}", "static_region", span, box, score) for i, (box, score) in enumerate(regions)]


def boxed(name: str, kind: str, span: Span, box: tuple[float, ...], score: float) -> BoxTrack:
    """Return a rectangle that stays in place over `span`."""
    at = np.asarray([span.start_s])
    return BoxTrack(name=name, kind=kind, span=span, times_s=at, boxes=np.asarray([box]), scores=np.asarray([score]))


def static_regions(
    share: npt.NDArray[np.float32], edges: npt.NDArray[np.float32]
) -> list[tuple[tuple[float, ...], float]]:
    """Return boxes of marks in corners, with scores.

    Args:
        share: share of samples [h,w] in which a pixel has an edge, 0 where its value is not steady.
        edges: share of samples in which a pixel has an edge, [h,w].

    Empty when the middle of the picture stands still too, for then nothing tells a mark from the scene.
    """
    always = share >= ALWAYS
    height, width = share.shape
    middle = (slice(int(CORNER_Y * height), int((1 - CORNER_Y) * height)), slice(None))
    if not always.any() or always[middle].sum() > STATIC_SHARE * edges[middle].sum():
        return []
    joined = cv2.dilate(always.astype(np.uint8), np.ones((5, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found: list[tuple[tuple[float, ...], float]] = []
    for i in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[i])
        inner = always & (labels == i)
        box = (x / width, y / height, w / width, h / height)
        if inner.sum() >= LEAST_PIXELS and _in_corner(box) and not _is_border(box):
            found.append((box, float(share[inner].mean())))
    return sorted(found, key=lambda item: -item[1])[:2]


def _in_corner(box: tuple[float, ...]) -> bool:
    x, y, w, h = box
    near = min(x, 1 - x - w) <= MARGIN_X and min(y, 1 - y - h) <= MARGIN_Y
    return near and min(x + w, 1 - x) <= CORNER_X and min(y + h, 1 - y) <= CORNER_Y


def _is_border(box: tuple[float, ...]) -> bool:
    """Whether the box touches the frame's edge: a letterbox line, a coding fringe or a bar, not a mark."""
    x, y, w, h = box
    return x <= 0.005 or y <= 0.005 or x + w >= 0.995 or y + h >= 0.995
