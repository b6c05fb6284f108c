"""Time stamps as a decoder gives them, made into a clock that only goes forward; and what went wrong on the way.

Rules, in this order:

* a frame without PTS takes its DTS if that is later than the last frame, else one frame duration after the last;
* a frame that goes back by more than `RESET_FRAMES` with its DTS (by more than `RESET_S` where there is none), or
  forward by more than `GAP_S`, starts a new piece of the recording: it and all that follow are shifted so that it
  comes one frame duration after the last;
* a frame that shares its time with the last one, or goes back a little, is never on screen and is dropped;
* a first frame further from zero than `FAR_S` starts at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from sestina.core.time import FrameTable, seconds

RESET_FRAMES = 4
"""Smaller steps back are disorder in one recording; larger ones a second recording joined to the first.

Damage too makes decoders give out frames late, by many frames; but then packets still come in order, so their DTS tell
the two apart.
"""

RESET_S = 2.0
"""The same, for streams without DTS."""

GAP_S = 6 * 3600.0
"""No frame stays on screen for longer than this; larger steps are broken time stamps."""

FAR_S = 100 * 86_400.0
"""Transport streams start hours after zero; nothing starts months after it."""


class Problems:
    """Counts what went wrong, and says it in one line a kind."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._first: dict[str, float | None] = {}

    def note(self, what: str, time_s: float | None = None) -> None:
        """Count one more `what`; the first `time_s` is kept."""
        self._counts[what] = self._counts.get(what, 0) + 1
        self._first.setdefault(what, time_s)

    def lines(self) -> tuple[str, ...]:
        """Return one line a kind, in order of appearance."""
        return tuple(self._line(what, count) for what, count in self._counts.items())

    def _line(self, what: str, count: int) -> str:
        first = self._first[what]
        where = "" if first is None else f" (at {first:.2f} s)" if count == 1 else f" (first at {first:.2f} s)"
        return f"{what}{f', {count} times' if count > 1 else ''}{where}"


class Clock:
    """Places frames on a clock that only goes forward, by the rules above.

    Args:
        time_base: seconds a tick.
        step: ticks of one frame.
        problems: where repairs are counted.
    """

    def __init__(self, time_base: Fraction, step: int, problems: Problems) -> None:
        self.step = max(1, step)
        self.last: int | None = None
        self._time_base = time_base
        self._problems = problems
        self._offset = 0
        self._dts: int | None = None

    def place(self, pts: int | None, dts: int | None = None) -> int | None:
        """Return the tick at which the next decoded frame is shown, or None when it is never on screen."""
        tick = self._place(pts, dts)
        if tick is not None:
            self.last = tick
        if dts is not None and (self._dts is None or dts > self._dts):
            self._dts = dts
        return tick

    def _place(self, pts: int | None, dts: int | None) -> int | None:
        if pts is None:
            return self._without_pts(dts)
        tick = pts + self._offset
        if self.last is None:
            return self._first(tick)
        ahead = tick - self.last
        if ahead * self._time_base > GAP_S or self._starts_again(ahead, dts):
            self._problems.note("time stamps jump; the pieces are joined", self._now_s)
            self._offset += self.last + self.step - tick
            self._dts = None
            return self.last + self.step
        if tick <= self.last:
            self._problems.note("frame dropped: it shares its time with another", self._now_s)
            return None
        return tick

    def _starts_again(self, ahead: int, dts: int | None) -> bool:
        if ahead >= -RESET_FRAMES * self.step:
            return False
        if dts is None or self._dts is None:
            return ahead * self._time_base < -RESET_S
        return dts < self._dts - RESET_FRAMES * self.step

    def _first(self, tick: int) -> int:
        if abs(float(tick * self._time_base)) <= FAR_S:
            return tick
        self._problems.note("first time stamp is absurd; the video starts at 0 s")
        self._offset = -tick
        return 0

    def _without_pts(self, dts: int | None) -> int:
        self._problems.note("frame without time stamp; placed after the one before", self._now_s)
        if self.last is None:
            return 0
        tick = None if dts is None else dts + self._offset
        if tick is not None and 0 < tick - self.last <= RESET_FRAMES * self.step:
            return tick
        return self.last + self.step

    @property
    def _now_s(self) -> float | None:
        return None if self.last is None else seconds(self.last * self._time_base)


def table_of(pts: Sequence[int] | npt.NDArray[np.int64], time_base: Fraction, last_ticks: int) -> FrameTable:
    """Return the frame table of strictly increasing `pts`, the last frame shown for `last_ticks`."""
    ticks = np.asarray(pts, np.int64)
    return FrameTable(pts=ticks, time_base=time_base, end_pts=int(ticks[-1]) + max(1, last_ticks))


def is_regular(table: FrameTable, rate: Fraction) -> bool:
    """Return whether first tick, `rate` and count alone give back every tick of `table`, rounding included."""
    step = 1 / (rate * table.time_base)
    first = int(table.pts[0])
    return all(first + round(i * step) == tick for i, tick in enumerate(table.pts.tolist()))
