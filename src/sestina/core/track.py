"""Tracks: a measured quantity over time, and the named reducers that evidence is computed with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.time import Span

F64 = npt.NDArray[np.float64]
HALF_MICROSECOND = 5e-7


@dataclass(frozen=True, kw_only=True)
class Track:
    """One quantity over time.

    Args:
        name: dotted, beginning with its producer's stem: `luma.mean`.
        unit: of the values: `1/s`, `frame_widths/s`, `dB`, `` for plain ratios.
        times_s: float64 [N], increasing (events may share a time).
        values: float [N] or [N, ...]; only one-dimensional tracks can be cited by evidence. NaN: not measurable.
        kind: `frame` has one value a frame at its PTS, `sampled` values at its own times, `event` one an event.
    """

    name: str
    unit: str
    times_s: F64
    values: npt.NDArray[np.floating]
    kind: Literal["frame", "sampled", "event"] = "frame"

    def __post_init__(self) -> None:
        if self.times_s.ndim != 1 or len(self.times_s) != len(self.values):
            raise ValueError(f"{self.name}: {self.times_s.shape = } does not fit {self.values.shape = }")
        if np.any(np.diff(self.times_s) < 0):
            raise ValueError(f"{self.name}: times must not decrease")

    def __len__(self) -> int:
        return len(self.times_s)

    def __repr__(self) -> str:
        return f"Track({self.name!r}, unit={self.unit!r}, kind={self.kind!r}, values={self.values.shape})"

    def slice(self, span: Span) -> slice:
        """Return the slice of samples inside `span` (half-open; an instant takes samples at exactly its time)."""
        first = int(np.searchsorted(self.times_s, span.start_s - HALF_MICROSECOND))
        bound = span.end_s + (HALF_MICROSECOND if span.is_instant else -HALF_MICROSECOND)
        return slice(first, max(first, int(np.searchsorted(self.times_s, bound))))

    def over(self, span: Span) -> npt.NDArray[np.floating]:
        """Return the values inside `span`."""
        return self.values[self.slice(span)]

    def reduce(self, how: str, span: Span) -> float:
        """Return the values inside `span` reduced to one number by the reducer named `how`.

        NaN when the span holds no measurable value. Raises ValueError for unknown reducers and for vector tracks.
        """
        if how not in REDUCERS:
            raise ValueError(f"unknown reducer {how!r}; known: {', '.join(sorted(REDUCERS))}")
        if self.values.ndim != 1:
            raise ValueError(f"{self.name} holds vectors {self.values.shape[1:]}; evidence cites plain numbers")
        values = self.over(span).astype(np.float64)
        values = values[~np.isnan(values)]
        if len(values) == 0:
            return 0.0 if how in ("count", "sum") else float("nan")
        return float(REDUCERS[how](values))


def _percentile(share: float) -> Callable[[F64], float]:
    return lambda values: float(np.percentile(values, share))


REDUCERS: dict[str, Callable[[F64], float]] = {
    "mean": lambda v: float(v.mean()),
    "median": lambda v: float(np.median(v)),
    "min": lambda v: float(v.min()),
    "max": lambda v: float(v.max()),
    "std": lambda v: float(v.std()),
    "sum": lambda v: float(v.sum()),
    "count": lambda v: float(len(v)),
    "first": lambda v: float(v[0]),
    "last": lambda v: float(v[-1]),
    "range": lambda v: float(v.max() - v.min()),
    "change": lambda v: float(v[-1] - v[0]),
    "rms": lambda v: float(np.sqrt(np.mean(v * v))),
    "mean_abs": lambda v: float(np.abs(v).mean()),
    "max_abs": lambda v: float(np.abs(v).max()),
    "share_positive": lambda v: float((v > 0).mean()),
    **{f"p{share:02d}": _percentile(share) for share in (1, 5, 10, 25, 50, 75, 90, 95, 99)},
}
"""Named ways to make one number of a run of values; evidence names one, so that it can be recomputed."""


@dataclass(frozen=True, kw_only=True)
class BoxTrack:
    """A rectangle followed over time: a text region, a face, an overlay.

    Args:
        name: dotted, producer's stem first, then a number: `faces.2`.
        kind: what it holds: `text`, `face`, `static_region`, `progress`, `qr`, ...
        span: how long it is there.
        times_s: float64 [N] when it was seen.
        boxes: float64 [N,4] left, top, width, height, fractions of the displayed picture.
        scores: float64 [N] in 0..1.
        label: what a reader found inside (a QR code's content), or "".
    """

    name: str
    kind: str
    span: Span
    times_s: F64
    boxes: F64
    scores: F64
    label: str = ""

    def __post_init__(self) -> None:
        if self.boxes.shape != (len(self.times_s), 4) or len(self.scores) != len(self.times_s) or not len(self.times_s):
            raise ValueError(f"{self.name}: {self.times_s.shape = }, {self.boxes.shape = }, {self.scores.shape = }")

    def __repr__(self) -> str:
        return f"BoxTrack({self.name!r}, kind={self.kind!r}, span={self.span}, boxes={self.boxes.shape})"

    @property
    def box(self) -> Box:
        """The median box."""
        x, y, w, h = (float(v) for v in np.median(self.boxes, axis=0))
        return Box.of(x, y, w, h)

    @property
    def region(self) -> Region:
        """The box track as a document region; a box that never moves by 1 % is written once."""
        if float(np.ptp(self.boxes, axis=0).max()) < 0.01:
            return Region(box=self.box)
        seen = [BoxAt(at_s=float(t), box=Box.of(*map(float, b))) for t, b in zip(self.times_s, self.boxes, strict=True)]
        outer = seen[0].box
        for item in seen[1:]:
            outer = outer.union(item.box)
        return Region(box=outer, track=tuple(seen))


def concatenated(tracks: Sequence[Track]) -> Track:
    """Return runs of one track joined in time. Raises ValueError when names differ or none is given."""
    if len({track.name for track in tracks}) != 1:
        raise ValueError("only runs of one track can be joined")
    first = tracks[0]
    return Track(
        name=first.name,
        unit=first.unit,
        kind=first.kind,
        times_s=np.concatenate([track.times_s for track in tracks]),
        values=np.concatenate([track.values for track in tracks]),
    )
