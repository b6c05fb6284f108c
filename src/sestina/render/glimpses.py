"""Small pictures of a clip, taken while it is rendered and before it is encoded: what gold says of light and colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.time import Span
from sestina.render.padded import Padded
from sestina.render.timeline import Timeline

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

RATE_HZ = 6.0
"""Pictures kept a second, besides the last one of every shot."""
LUMA_SIDE, LAB_SIDE = 68, 34
"""Pixels on the shorter side of the pictures that light and colour are taken from: fine detail is averaged out."""
LUMA = (0.2126, 0.7152, 0.0722)
"""Weights of red, green and blue (ITU-R BT.709)."""


@dataclass(frozen=True)
class Glimpse:
    """One picture: luma float32 [h,w] in 0..1, and CIE L*a*b* float32 [h,w,3] of a smaller one."""

    luma: F32
    lab: F32


class Glimpses:
    """Collects small pictures of a clip's finished frames, without the black bars of its padding.

    Args:
        timeline: of the clip.
        padded: where the picture lies in the frame.
    """

    def __init__(self, timeline: Timeline, padded: Padded) -> None:
        self.timeline = timeline
        self.kept: dict[int, Glimpse] = {}
        self.repeats: list[int] = []
        self.black: list[int] = []
        self._step = max(1, round(float(timeline.script.rate) / RATE_HZ))
        barred = padded.padding is not None and padded.padding.kind in ("letterbox", "pillarbox", "windowbox")
        (x, y), (w, h) = (padded.at, padded.size) if barred else ((0, 0), padded.frame)
        self._inside = np.s_[y : y + h, x : x + w]
        self._last: U8 | None = None

    def add(self, frame: int, picture: U8) -> None:
        """Look at frame number `frame`, uint8 RGB [H,W,3]; frames come in order."""
        if self._last is not None and np.array_equal(picture, self._last):
            self.repeats.append(frame)
        self._last = picture
        if np.percentile(picture[::8, ::8] @ np.array(LUMA, np.float32), 99) <= 0.05 * 255:
            self.black.append(frame)
        shot = self.timeline.shot_at(frame)
        since, left = frame - self.timeline.joins[shot], self.timeline.joins[shot + 1] - frame
        if since % self._step == 0 or left == 1:
            self.kept[frame] = glimpse(np.ascontiguousarray(picture[self._inside]))

    def over(self, span: Span) -> list[Glimpse]:
        """Return what was seen inside `span`, in order."""
        return [seen for frame, seen in self.kept.items() if span.contains(self.timeline.time_s(frame))]


def glimpse(picture: U8) -> Glimpse:
    """Return the small pictures of one of uint8 RGB [H,W,3]."""
    luma = _shrunk(picture, LUMA_SIDE).astype(np.float32) @ np.array(LUMA, np.float32) / 255
    lab = cv2.cvtColor(_shrunk(picture, LAB_SIDE).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return Glimpse(np.asarray(luma, np.float32), np.asarray(lab, np.float32))


def _shrunk(picture: U8, side: int) -> U8:
    scale = min(1.0, side / min(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
