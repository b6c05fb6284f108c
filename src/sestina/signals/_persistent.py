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
ALWAYS = 0.85
"""Share of samples in which an edge must be there to be persistent."""
STATIC_SHARE = 0.25
"""When more than this share of the edges of a usual sample persists, the camera stands still and nothing stands out."""
CORNER = 0.34
"""A corner reaches this far into the picture, both ways."""
LEAST_SAMPLES = 10


class Persistence:
    """Sums up one video's samples: half-size luma [h,w] with times in order."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def add(self, luma: U8, time_s: float) -> None:
        """Take the next sample."""
        if not self.times:
            self.edges = np.zeros(luma.shape, np.float32)
        self.edges += cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > EDGE
        self.times.append(time_s)

    def boxes(self, end_s: float) -> list[BoxTrack]:
        """Return persistent corner regions; `end_s` is when the video ends."""
        if len(self.times) < LEAST_SAMPLES:
            return []
        span = Span.of(self.times[0], max(end_s, self.times[-1]))
        regions = static_regions(self.edges / np.float32(len(self.times)))
        return [boxed(f"text.static.{i}", "static_region", span, box, score) for i, (box, score) in enumerate(regions)]


def boxed(name: str, kind: str, span: Span, box: tuple[float, ...], score: float) -> BoxTrack:
    """Return a rectangle that stays in place over `span`."""
    at = np.asarray([span.start_s])
    return BoxTrack(name=name, kind=kind, span=span, times_s=at, boxes=np.asarray([box]), scores=np.asarray([score]))


def static_regions(share: npt.NDArray[np.float32]) -> list[tuple[tuple[float, ...], float]]:
    """Return corner boxes whose edges persist, with scores, from the share of samples [h,w] in which an edge is there.

    Empty when the picture as a whole stands still, for then nothing tells a logo from the scene.
    """
    always = share >= ALWAYS
    if not always.any() or always.sum() > STATIC_SHARE * share.sum():
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
