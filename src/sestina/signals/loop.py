"""How well the end of a video joins its start: its first and last pictures, compared."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sestina.core.card import Card
from sestina.core.frames import U8, FrameBatch, lab_of
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import Track

SAME_DE = 3.0
"""Mean CIE76 distance up to which two pictures are the same picture, compressed twice."""
OTHER_DE = 25.0
"""Mean CIE76 distance from which two pictures are as different as those on both sides of a cut."""
PACE = 2.0
"""A join may differ by this many times what neighbouring frames differ by, before it counts as a jump."""


@signals.register(
    "loop",
    input="frames",
    tracks=("loop.similarity", "loop.distance"),
    card=Card(
        summary="Similarity of the last picture to the first, 1 when the video loops without a jump.",
        source="own; distance: mean CIE76 over a picture of 40 pixels on the short side",
        cost="0.01 ms a frame",
    ),
)
@dataclass
class Loop:
    """Measures `loop.*`: one value, at the time of the last frame."""

    _first: list[U8] = field(default_factory=list)
    _last: list[U8] = field(default_factory=list)
    _end_s: float = 0.0

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._first, self._last, self._end_s = [], [], 0.0

    def feed(self, batch: FrameBatch) -> None:
        """Keep the first two pictures and the latest two."""
        wanted = 2 - len(self._first)
        if wanted > 0:
            self._first += list(batch.at(np.arange(min(wanted, len(batch)))).tiny_ycc)
        newest = batch.at(np.arange(max(0, len(batch) - 2), len(batch))).tiny_ycc
        self._last = [*self._last, *newest][-2:]
        self._end_s = float(batch.times_s[-1])

    def finish(self) -> Measurement:
        """Return the tracks; empty for a video of fewer than three frames, which has no join to speak of."""
        known = len(self._first) == 2 and self._end_s > 0
        distance = picture_distance(self._last[-1], self._first[0]) if known else 0.0
        pace = max(picture_distance(*self._first), picture_distance(*self._last)) if known else 0.0
        times = np.array([self._end_s] if known else [])
        values = {"similarity": join_similarity(distance, pace), "distance": distance}
        return Measurement(
            tracks=tuple(
                Track(
                    name=f"loop.{name}",
                    unit="share" if name == "similarity" else "dE",
                    times_s=times,
                    values=np.full(len(times), value),
                    kind="event",
                )
                for name, value in values.items()
            )
        )


def picture_distance(one: U8, other: U8) -> float:
    """Return the mean CIE76 distance of two small Y'CbCr pictures [h,w,3], pixel by pixel."""
    return float(np.linalg.norm(lab_of(one) - lab_of(other), axis=-1).mean())


def join_similarity(distance: float, pace: float) -> float:
    """Return how well two pictures `distance` apart join, 0..1, where neighbouring frames are `pace` apart."""
    free = max(SAME_DE, min(PACE * pace, OTHER_DE / 2))
    return 1 - min(max((distance - free) / (OTHER_DE - free), 0.0), 1.0)
