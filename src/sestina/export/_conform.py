"""The storyboard as editors count it: whole frames of a constant rate, shots, edits between them, and markers.

A variable frame rate has no place in an edit list, so its times are conformed to the nearest frame of a constant rate;
`Conformed.note` says so, and writers put it in the file. Everything else is exact: frame n of the video is frame n of
the sequence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import STANDARD_RATES, Span, seconds, smpte, snap_rate
from sestina.export._pictures import pictures_of

DROP_RATES = (Fraction(30000, 1001), Fraction(60000, 1001))
"""Rates that know drop-frame time code."""


@dataclass(frozen=True, kw_only=True)
class Clip:
    """Frames `first` up to, not including, `after`, of one shot; `unit` is None where no shot was recognised."""

    first: int
    after: int
    unit: Unit | None = None

    @property
    def frames(self) -> int:
        """Length in frames."""
        return self.after - self.first


@dataclass(frozen=True, kw_only=True)
class Join:
    """A gradual edit over frames `first` up to, not including, `after`; `cut` is the first frame of the new shot.

    `before` and `behind` are the clips' numbers on both sides, None at the video's ends.
    """

    unit: Unit
    first: int
    after: int
    cut: int
    before: int | None
    behind: int | None


class Conformed:
    """Frame numbers of a storyboard on a constant-rate sequence that begins with the first frame.

    Args:
        board: with video.
        rate: frames a second of the sequence; None: the video's own, or for a variable rate the nearest standard one.

    Raises SestinaError for a storyboard without video.
    """

    def __init__(self, board: Storyboard, rate: Fraction | None = None) -> None:
        video, table = pictures_of(board.media)
        self.board = board
        self.video = video
        self.vfr = video.vfr
        own = snap_rate(video.frame_rate)
        self.rate = Fraction(rate) if rate is not None else _standard(own) if video.vfr else own
        self.conformed = video.vfr or self.rate != own
        self._table = table
        self._zero = Fraction(int(table.pts[0])) * table.time_base
        end = Fraction(table.end_pts) * table.time_base - self._zero
        self.frame_count = max(1, round(end * self.rate)) if self.conformed else len(table)

    @property
    def note(self) -> str:
        """What was changed to reach a constant rate; "" when nothing was."""
        if not self.conformed:
            return ""
        kind = "variable frame rate" if self.vfr else f"{float(self.video.frame_rate):.3f} frames a second"
        return f"conformed from {kind} to {float(self.rate):.3f} frames a second: times lie on the nearest frame"

    @property
    def nominal(self) -> int:
        """Whole frames a second that time code counts: 30 for 29.97."""
        return round(self.rate)

    @property
    def can_drop(self) -> bool:
        """Whether drop-frame time code exists at this rate."""
        return self.rate in DROP_RATES

    def frame(self, time_s: float) -> int:
        """Return the number of the frame that begins at or is nearest to a time; the frame count for the end."""
        if not self.conformed:
            return self._table.nearest(time_s)
        exact = (Fraction(seconds(time_s)) - self._zero) * self.rate
        return min(self.frame_count, max(0, round(exact)))

    def frames(self, span: Span) -> tuple[int, int]:
        """Return the first frame of a span and the first after it; at least one frame, inside the sequence."""
        first = min(self.frame(span.start_s), self.frame_count - 1)
        return first, min(self.frame_count, max(first + 1, self.frame(span.end_s)))

    def time_s(self, frame: int) -> float:
        """Return the presentation time in the video of a frame of the sequence, seconds."""
        if not self.conformed:
            return self._table.time_s(max(0, min(frame, len(self._table))))
        return seconds(self._zero + frame / self.rate)

    def code(self, frame: int, *, drop: bool | None = None, start: int = 0) -> str:
        """Return a frame as time code; `start` is the number of the sequence's first frame. See `core.time.smpte`."""
        return smpte(start + frame, self.rate, drop=drop)

    @cached_property
    def clips(self) -> tuple[Clip, ...]:
        """The shots as frames, tiling the sequence; one clip for all of it where no shot was recognised."""
        firsts: dict[int, Unit | None] = {}
        for unit in self.board.shots:
            # A shot shorter than a frame of the sequence gives way to the one before it.
            firsts.setdefault(self.frame(unit.span.start_s), unit)
        firsts.pop(self.frame_count, None)
        if 0 not in firsts:
            firsts[0] = None
        bounds = [*sorted(firsts), self.frame_count]
        return tuple(Clip(first=a, after=b, unit=firsts[a]) for a, b in pairwise(bounds))

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        """The gradual edits, in order; cuts are where clips meet."""
        return tuple(join for unit in self.board.boundaries if (join := self._join(unit)) is not None)

    @cached_property
    def _starts(self) -> list[int]:
        return [clip.first for clip in self.clips]

    def _join(self, unit: Unit) -> Join | None:
        if unit.span.is_instant or unit.label is None:
            return None
        first, after = self.frames(unit.span)
        starts = self._starts
        inside = range(max(1, bisect_left(starts, first)), bisect_right(starts, after))
        if inside:
            number = min(inside, key=lambda n: abs(2 * starts[n] - first - after))
            return Join(unit=unit, first=first, after=after, cut=starts[number], before=number - 1, behind=number)
        if first == 0:
            return Join(unit=unit, first=first, after=after, cut=0, before=None, behind=0)
        if after == self.frame_count:
            return Join(
                unit=unit, first=first, after=after, cut=after, before=len(self.clips) - 1, behind=None
            )
        return None  # an edit inside one shot, such as a flash, is a marker


def _standard(rate: Fraction) -> Fraction:
    return min(STANDARD_RATES, key=lambda standard: abs(standard - rate))
