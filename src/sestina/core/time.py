"""Time: spans in seconds, frame tables in exact ticks, SMPTE time code.

Presentation time is what a frame's own `pts` times its stream's `time_base` says. Seconds are rounded to the
microsecond once, when a value is born, so equality and JSON are stable; ticks stay integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, model_validator

MICROSECONDS = 6
"""Decimal places a second is rounded to."""


def seconds(value: float | Fraction) -> float:
    """Return `value` seconds rounded to the microsecond; raises ValueError when it is not finite."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"a time must be finite, got {number}")
    return round(number, MICROSECONDS) + 0.0  # + 0.0 turns -0.0 into 0.0


class Span(BaseModel):
    """Half-open stretch of presentation time `[start_s, end_s)` in seconds; an instant has start = end.

    Raises ValueError at birth when a bound is not finite or the end lies before the start.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start_s: float
    end_s: float

    @model_validator(mode="before")
    @classmethod
    def _round(cls, data: object) -> object:
        if isinstance(data, dict) and {"start_s", "end_s"} <= data.keys():
            return {**data, "start_s": seconds(data["start_s"]), "end_s": seconds(data["end_s"])}
        return data

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.end_s < self.start_s:
            raise ValueError(f"span ends before it starts: [{self.start_s}, {self.end_s})")
        return self

    @classmethod
    def of(cls, start_s: float | Fraction, end_s: float | Fraction) -> Span:
        """Return the span from `start_s` to `end_s`."""
        return cls(start_s=float(start_s), end_s=float(end_s))

    @classmethod
    def at(cls, time_s: float) -> Span:
        """Return the instant at `time_s`."""
        return cls(start_s=time_s, end_s=time_s)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return seconds(self.end_s - self.start_s)

    @property
    def middle_s(self) -> float:
        """Time half-way through, in seconds."""
        return seconds((self.start_s + self.end_s) / 2)

    @property
    def is_instant(self) -> bool:
        """Whether start and end are one time."""
        return self.start_s == self.end_s

    def contains(self, time_s: float) -> bool:
        """Return whether `time_s` lies inside; an instant contains only its own time."""
        return time_s == self.start_s or self.start_s <= time_s < self.end_s

    def covers(self, other: Span) -> bool:
        """Return whether `other` lies wholly inside this span (shared bounds allowed)."""
        return self.start_s <= other.start_s and other.end_s <= self.end_s

    def overlap_s(self, other: Span) -> float:
        """Return how many seconds both spans share."""
        return max(0.0, seconds(min(self.end_s, other.end_s) - max(self.start_s, other.start_s)))

    def overlaps(self, other: Span) -> bool:
        """Return whether the spans share time; an instant overlaps a span that contains it."""
        if self.is_instant or other.is_instant:
            return self.contains(other.start_s) or other.contains(self.start_s)
        return self.overlap_s(other) > 0

    def meets(self, other: Span) -> bool:
        """Return whether `other` begins exactly where this span ends."""
        return self.end_s == other.start_s

    def intersection(self, other: Span) -> Span | None:
        """Return the shared span, or None when the two do not overlap."""
        if not self.overlaps(other):
            return None
        return Span.of(max(self.start_s, other.start_s), min(self.end_s, other.end_s))

    def union(self, other: Span) -> Span:
        """Return the smallest span that covers both."""
        return Span.of(min(self.start_s, other.start_s), max(self.end_s, other.end_s))

    def iou(self, other: Span) -> float:
        """Return temporal intersection over union in [0,1]; two equal instants give 1."""
        if self == other:
            return 1.0
        shared = self.overlap_s(other)
        return shared / (self.duration_s + other.duration_s - shared) if shared > 0 else 0.0

    def clipped(self, other: Span) -> Span:
        """Return this span cut to `other`'s bounds (an instant at the nearer bound when they do not touch)."""
        start = min(max(self.start_s, other.start_s), other.end_s)
        return Span.of(start, max(start, min(self.end_s, other.end_s)))


@dataclass(frozen=True, kw_only=True)
class FrameTable:
    """Presentation time stamps of every frame of a stream, in display order.

    Args:
        pts: int64 [N], strictly increasing ticks.
        time_base: seconds a tick.
        end_pts: tick at which the last frame stops being shown.
    """

    pts: npt.NDArray[np.int64]
    time_base: Fraction
    end_pts: int

    def __post_init__(self) -> None:
        if self.pts.ndim != 1 or len(self.pts) == 0:
            raise ValueError(f"pts must be a non-empty vector, got shape {self.pts.shape}")
        if np.any(np.diff(self.pts) <= 0):
            raise ValueError("pts must be strictly increasing")
        if self.end_pts <= int(self.pts[-1]):
            raise ValueError(f"end_pts {self.end_pts} must come after the last pts {int(self.pts[-1])}")

    def __len__(self) -> int:
        return len(self.pts)

    def __repr__(self) -> str:
        return f"FrameTable(frames={len(self)}, time_base={self.time_base}, span={self.span})"

    @cached_property
    def times_s(self) -> npt.NDArray[np.float64]:
        """Time of every frame, seconds rounded to the microsecond, [N]."""
        exact = self.pts.astype(np.float64) * self.time_base.numerator / self.time_base.denominator
        return np.round(exact, MICROSECONDS)

    @property
    def span(self) -> Span:
        """From the first frame's time to the end of the last one."""
        return Span.of(float(self.times_s[0]), seconds(self.end_pts * self.time_base))

    def time_s(self, index: int) -> float:
        """Return frame `index`'s own time in seconds; the end time for `index == len`."""
        return self.span.end_s if index == len(self) else float(self.times_s[index])

    def index_at(self, time_s: float) -> int:
        """Return the frame on screen at `time_s` (the last whose time is not after it; 0 before the first)."""
        return max(0, int(np.searchsorted(self.times_s, seconds(time_s), side="right")) - 1)

    def nearest(self, time_s: float) -> int:
        """Return the frame whose start is nearest to a time, of two as near the first; `len` for the end."""
        index = self.index_at(time_s)
        return index + 1 if self.time_s(index + 1) - time_s < time_s - self.time_s(index) else index

    @property
    def is_vfr(self) -> bool:
        """Whether frame spacing varies by more than one tick or 2 % from its median (a time base rounds spacing)."""
        gaps = np.diff(self.pts)
        if len(gaps) < 2:
            return False
        middle = float(np.median(gaps))
        return bool(np.any(np.abs(gaps - middle) > max(1.0, 0.02 * middle)))

    @property
    def rate(self) -> Fraction:
        """Average frames a second, snapped to a broadcast rate where one is near."""
        ticks = self.end_pts - int(self.pts[0])
        return snap_rate(Fraction(len(self)) / (ticks * self.time_base))


STANDARD_RATES = tuple(
    Fraction(n, d)
    for n, d in (
        (24000, 1001),
        (24, 1),
        (25, 1),
        (30000, 1001),
        (30, 1),
        (48, 1),
        (50, 1),
        (60000, 1001),
        (60, 1),
    )
)
"""Frame rates of film and television, frames a second."""


def snap_rate(rate: Fraction) -> Fraction:
    """Return the standard rate within 0.02 % of `rate` (24 and 23.976 are 0.1 % apart), or `rate` simplified."""
    near = min(STANDARD_RATES, key=lambda standard: abs(standard - rate))
    return near if abs(near - rate) <= near * Fraction(2, 10_000) else rate.limit_denominator(1_001_000)


def smpte(frame: int, rate: Fraction, *, drop: bool | None = None) -> str:
    """Return frame number `frame` as SMPTE ST 12-1 time code.

    Args:
        frame: frames since the start, not negative.
        rate: frames a second; the nominal count is its rounded value (29.97 counts 30).
        drop: drop-frame counting, written with `;`. None: only at 29.97 and 59.94.

    Raises ValueError when drop-frame is asked for at a rate that has none.
    """
    nominal = round(rate)
    can_drop = rate in (Fraction(30000, 1001), Fraction(60000, 1001))
    if drop and not can_drop:
        raise ValueError(f"drop-frame time code exists at 29.97 and 59.94 only, not at {float(rate):.3f}")
    use_drop = can_drop if drop is None else drop
    if use_drop:
        dropped = nominal // 15
        per_minute, per_ten = nominal * 60 - dropped, nominal * 600 - 9 * dropped
        tens, rest = divmod(frame, per_ten)
        frame += 9 * dropped * tens + (dropped * ((rest - dropped) // per_minute) if rest > dropped else 0)
    whole, frames = divmod(frame, nominal)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{';' if use_drop else ':'}{frames:02d}"


def parse_smpte(code: str, rate: Fraction) -> int:
    """Return the frame number of an SMPTE time code; `;` before the frames means drop-frame.

    Raises ValueError on malformed codes and on the frame numbers that drop-frame counting skips.
    """
    drop = ";" in code
    parts = code.replace(";", ":").split(":")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        raise ValueError(f"not a time code: {code!r}")
    hours, minutes, secs, frames = (int(part) for part in parts)
    nominal = round(rate)
    if minutes > 59 or secs > 59 or frames >= nominal:
        raise ValueError(f"time code out of range: {code!r} at {nominal} frames a second")
    total = ((hours * 60 + minutes) * 60 + secs) * nominal + frames
    if not drop:
        return total
    dropped = nominal // 15
    if secs == 0 and frames < dropped and minutes % 10:
        raise ValueError(f"drop-frame counting skips {code!r}")
    all_minutes = hours * 60 + minutes
    return total - dropped * (all_minutes - all_minutes // 10)
