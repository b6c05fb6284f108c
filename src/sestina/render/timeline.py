"""The timeline of a script: which frame belongs to which shot, which frames are mixed, and their exact times.

Shots tile the frames. A gradual transition lies over the join of two shots: the join is its middle frame, so the span
of the boundary contains the time at which the new shot begins. Its span is [time of the first mixed frame, time of the
first clean frame after it); a cut's start and end are both the time of the new shot's first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np

from sestina.core.time import Span, seconds
from sestina.render.parts.edit import CUTS, Transition
from sestina.render.script import Script
from sestina.render.transitions import first_frame

TICKS = 20
"""Ticks of the time base in a frame's time where frames come early or late."""


@dataclass(frozen=True)
class Mix:
    """Mixed frames `first` up to, not including, `after`, between shot `new` - 1 and shot `new`."""

    new: int
    first: int
    after: int
    how: Transition


class Timeline:
    """Frames and times of a script.

    Raises ValueError when a shot has no frame or two transitions overlap.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.joins = self._joins()
        self.frame_count = self.joins[-1]
        self.mixes = self._mixes()
        self._dropped = frozenset(script.drops)
        self.ticks_per_frame = TICKS if script.jitter else 1

    def _joins(self) -> tuple[int, ...]:
        """First frame of every shot, and the number of frames at the end."""
        joins, total = [0], 0.0
        for number, shot in enumerate(self.script.shots):
            total += shot.duration_s
            joins.append(round(total * self.script.rate))
            if joins[-1] <= joins[-2]:
                raise ValueError(f"shot {number} of {shot.duration_s} s has no frame at {self.script.rate} a second")
        return tuple(joins)

    def _mixes(self) -> tuple[Mix, ...]:
        begins = [(number, shot.begin) for number, shot in enumerate(self.script.shots)]
        if self.script.close is not None:
            begins.append((len(self.script.shots), self.script.close))
        mixes = []
        for number, how in begins:
            if how.kind not in CUTS:
                first = first_frame(self.joins[number], how)
                mixes.append(Mix(number, first, first + how.frames, how))
        for before, later in pairwise(mixes):
            if later.first < before.after:
                raise ValueError(f"transitions into shots {before.new} and {later.new} overlap")
        if mixes and (mixes[0].first < 0 or mixes[-1].after > self.frame_count):
            raise ValueError("a transition reaches beyond the clip")
        return tuple(mixes)

    @cached_property
    def kept(self) -> tuple[int, ...]:
        """Numbers of the frames that are written."""
        kept = tuple(k for k in range(self.frame_count) if k not in self._dropped)
        if not kept or kept[0] != 0:
            raise ValueError("the first frame cannot be dropped")
        return kept

    @property
    def duration_s(self) -> float:
        """Length of the clip, seconds."""
        return self.time_s(self.frame_count)

    @property
    def span(self) -> Span:
        """The whole clip."""
        return Span.of(0.0, self.duration_s)

    @property
    def time_base(self) -> Fraction:
        """Seconds a tick."""
        return 1 / (self.script.rate * self.ticks_per_frame)

    @cached_property
    def ticks(self) -> tuple[int, ...]:
        """When each frame is shown, dropped ones too, and the end of the clip, in ticks of `time_base`.

        Jittered frames come up to `jitter` of their distance early or late; the first and the last come on time.
        """
        even = np.arange(self.frame_count + 1) * self.ticks_per_frame
        if self.script.jitter:
            drawn = np.random.default_rng([self.script.seed, 61]).uniform(-1, 1, len(even))
            late = np.rint(drawn * self.script.jitter * self.ticks_per_frame).astype(np.int64)
            late[[0, *self.kept[-1:], -1]] = 0
            even = even + late
        return tuple(int(tick) for tick in even)

    def time_s(self, frame: int) -> float:
        """Return the presentation time of a frame, or of the next one that is written when it was dropped."""
        while frame in self._dropped and frame < self.frame_count:
            frame += 1
        return seconds(self.ticks[min(frame, self.frame_count)] * self.time_base)

    def since_join_s(self, shot: int, frame: int) -> float:
        """Return how long after the first frame of a shot a frame is shown, seconds; below 0 before it."""
        return float((self.ticks[frame] - self.joins[shot] * self.ticks_per_frame) * self.time_base)

    def frame_at(self, time_s: float) -> int:
        """Return the number of the first frame at or after a time."""
        exact = time_s * float(self.script.rate)
        return min(self.frame_count, max(0, -int(-(exact - 1e-6) // 1)))

    def shot_at(self, frame: int) -> int:
        """Return the number of the shot that a frame belongs to."""
        return max(number for number, join in enumerate(self.joins[:-1]) if join <= frame)

    def mix_at(self, frame: int) -> Mix | None:
        """Return the transition that a frame is mixed by, or None."""
        return next((mix for mix in self.mixes if mix.first <= frame < mix.after), None)

    def shot_span(self, number: int) -> Span:
        """Return a shot's span; they tile the clip."""
        return Span.of(self.time_s(self.joins[number]), self.time_s(self.joins[number + 1]))

    def inside(self, number: int, start_s: float, end_s: float) -> Span:
        """Return the span of seconds `start_s`..`end_s` of a shot, on frame times, cut to the shot."""
        join = self.joins[number]
        rate = float(self.script.rate)
        first = self.time_s(max(join, join + round(start_s * rate)))
        return Span.of(first, max(first, self.time_s(join + round(end_s * rate)))).clipped(self.shot_span(number))

    def boundary_span(self, mix: Mix) -> Span:
        """Return the span of a gradual transition."""
        return Span.of(self.time_s(mix.first), self.time_s(mix.after))
