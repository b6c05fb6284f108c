"""A one-bit picture of every frame, by which the exact first and last frame of an on-screen text are found.

A bit says whether a place holds bright detail finer than a few pixels: the white top-hat less the black top-hat
(Meyer 1979), averaged. Such bits follow the strokes of letters, leave out the larger shapes behind them, stay the same
while a text fades in or out, and change when it is replaced; a kilobyte holds a frame. Of 17 descriptors tried on
rendered captions over moving pictures this one put first and last frames nearest to the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box
from sestina.core.frames import U8
from sestina.core.time import Span
from sestina.core.track import F64, Track

NAME = "text.pattern"
LONG_SIDE = 120
STROKE = np.ones((3, 3), np.uint8)
"""Detail that does not hold this square is fine: strokes of one or two half-size pixels."""
MARGIN = 10
"""Mean grey levels (of 255) of bright detail that set a bit; below it coding noise would draw patterns."""
FRAMES_KEPT = 36_000
"""20 minutes at 30 frames a second; longer videos keep every second, fourth, ... frame, so memory stays flat."""
STABLE = 0.8
"""Share of frames in which a bit must agree to belong to the lettering and not to what moves behind it."""
LEAST = 0.15
"""Weaker agreement with its own example than this is no pattern."""
BRIDGE_S = 0.22
"""A shorter absence (a flash, a damaged frame, a busy moment behind the letters) does not end a text."""


def pattern_size(height: int, width: int) -> tuple[int, int]:
    """Return (rows, columns) of the pattern of a picture; columns are a multiple of eight, so that bits pack."""
    scale = LONG_SIDE / max(height, width)
    return max(4, round(height * scale)), max(1, round(width * scale / 8)) * 8


def patterns(planes: U8) -> U8:
    """Return the packed patterns of half-size luma planes [N,h,w]: uint8 [N,rows,columns/8]."""
    rows, columns = pattern_size(*planes.shape[1:])
    out = np.empty((len(planes), rows, columns), bool)
    for plane, bits in zip(planes, out, strict=True):
        bright = cv2.morphologyEx(plane, cv2.MORPH_TOPHAT, STROKE)
        fine = cv2.subtract(bright, cv2.morphologyEx(plane, cv2.MORPH_BLACKHAT, STROKE))
        np.greater(cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_AREA), MARGIN, out=bits)
    return np.packbits(out, axis=-1)


@dataclass
class PatternLog:
    """Collects patterns of a whole video in bounded memory."""

    limit: int = FRAMES_KEPT
    step: int = 1
    seen: int = 0
    times: list[float] = field(default_factory=list)
    bits: list[U8] = field(default_factory=list)

    def add(self, planes: U8, times_s: F64) -> None:
        """Take the half-size luma planes [N,h,w] of the next frames."""
        wanted = [i for i in range(len(planes)) if (self.seen + i) % self.step == 0]
        if wanted:
            self.bits.extend(patterns(planes[wanted]))
            self.times.extend(float(times_s[i]) for i in wanted)
        self.seen += len(planes)
        while len(self.times) > self.limit:
            self.times, self.bits, self.step = self.times[::2], self.bits[::2], self.step * 2

    def track(self) -> Track:
        """Return the patterns as a track of uint8 [N,rows,columns/8]."""
        values = np.stack(self.bits) if self.bits else np.zeros((0, 1, 1), np.uint8)
        return Track(
            name=NAME, unit="", times_s=np.asarray(self.times, np.float64), kind="sampled",
            values=values,  # type: ignore[arg-type]  # bits: to be looked at, never reduced to a number
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Presence:
    """How much of one text's pattern is there, frame by frame.

    Args:
        times_s: float64 [N].
        score: float64 [N], 1 where the pattern is wholly there, about 0 where it is not.
        usual: median score around the time the text was seen.
        rival: score where another text is known to stand at the same place, 0 when none is.
    """

    times_s: F64
    score: F64
    usual: float
    rival: float = 0.0

    @property
    def vote(self) -> F64:
        """+1 for a frame as usual, -1 for one like the rival, and all between, float64 [N]."""
        middle = (self.usual + self.rival) / 2
        reach = max((self.usual - self.rival) / 2, 1e-6)
        return np.clip((self.score - middle) / reach, -1, 1)

    def run(self, at: int) -> tuple[int, int]:
        """Return the first and last frame of the presence around frame `at`.

        Each end is where the sum of votes, counted from `at` outwards, is largest (the cumulative sum test of Page
        1954): a few frames that disagree do not end a text, BRIDGE_S of absence does.
        """
        gap = float(np.median(np.diff(self.times_s))) if len(self.times_s) > 1 else 1.0
        patience = max(1.0, BRIDGE_S / max(gap, 1e-3))
        votes = self.vote
        return at - _farthest(votes[at::-1], patience), at + _farthest(votes[at:], patience)


def _farthest(votes: F64, patience: float) -> int:
    """Return how far from its first frame a run reaches before votes fall `patience` below their best sum."""
    sums = np.cumsum(votes[1:])
    best = np.maximum.accumulate(np.maximum(sums, 0))
    lost = np.flatnonzero(best - sums > patience)
    sums = sums[: lost[0]] if len(lost) else sums
    return int(np.argmax(sums)) + 1 if len(sums) and sums.max() > 0 else 0


def cropped(track: Track, box: Box, span: Span) -> tuple[F64, npt.NDArray[np.bool_]]:
    """Return times [N] and unpacked bits [N,r,c] inside `box` of the frames in `span`."""
    part = track.slice(span)
    rows, columns = track.values.shape[1], track.values.shape[2] * 8
    top, bottom = _cells(box.y, box.h, rows)
    left, right = _cells(box.x, box.w, columns)
    first = left // 8
    packed = track.values[part, top:bottom, first : (right + 7) // 8].astype(np.uint8)
    bits = np.unpackbits(packed, axis=-1)[..., left - 8 * first : right - 8 * first]
    return track.times_s[part], bits.astype(bool)


def _cells(start: float, length: float, count: int) -> tuple[int, int]:
    first = min(max(int(np.floor(start * count)), 0), count - 1)
    return first, max(first + 1, min(int(np.ceil((start + length) * count)), count))


def presence(
    track: Track, box: Box, seen_s: Sequence[float], span: Span, rivals_s: Sequence[float] = ()
) -> Presence | None:
    """Return how much of the pattern seen in `box` at `seen_s` each frame of `span` shows.

    The lettering is first taken from the frames where it was seen, then from all frames that resemble them, which
    leaves out what moves behind it. `rivals_s` are times at which something else is known to stand there. None when
    there is nothing to see: no frames, or a place without any pattern.
    """
    times, bits = cropped(track, box, span)
    if not len(times):
        return None
    looks, others = _indices(times, seen_s), _indices(times, rivals_s)
    near = np.unique(np.clip(looks[:, None] + np.arange(-1, 2), 0, len(times) - 1))
    score = _agreement(bits, bits[near])
    for _ in range(2):
        alike = Presence(times_s=times, score=score, usual=float(np.median(score[looks])), rival=_rival(score, others))
        score = _agreement(bits, bits[_runs_around(alike, looks)])
    usual = float(np.median(score[looks]))
    if usual < LEAST:
        return None
    return Presence(times_s=times, score=score, usual=usual, rival=min(_rival(score, others), 0.9 * usual))


def _indices(times: F64, wanted_s: Sequence[float]) -> npt.NDArray[np.int64]:
    """Return the indices of the frames on screen at `wanted_s`."""
    return np.clip(np.searchsorted(times, np.asarray(wanted_s) + 1e-6, side="right") - 1, 0, len(times) - 1)


def _rival(score: F64, others: npt.NDArray[np.int64]) -> float:
    return max(0.0, float(score[others].max())) if len(others) else 0.0


def _agreement(bits: npt.NDArray[np.bool_], examples: npt.NDArray[np.bool_]) -> F64:
    """Return, frame by frame, the share of the examples' bits that are set minus the share of their gaps that are."""
    usual = examples.mean(axis=0)
    on, off = usual >= STABLE, usual <= 1 - STABLE
    if not on.any():
        return np.zeros(len(bits))
    flat = bits.reshape(len(bits), -1)
    lit = flat[:, on.ravel()].mean(axis=1)
    spill = flat[:, off.ravel()].mean(axis=1) if off.any() else np.zeros(len(bits))
    return np.asarray(lit - spill, np.float64)


def _runs_around(found: Presence, looks: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return the frames, bool [N], of the runs of presence that hold one of `looks`."""
    chosen = np.zeros(len(found.score), bool)
    for look in looks:
        first, last = found.run(int(look))
        chosen[first : last + 1] = True
    return chosen


def shown(found: Presence, at_s: float, end_s: float) -> Span:
    """Return the span of frames around `at_s` that show the pattern: from a frame's own time to the next one's.

    `end_s` is when the last frame of the presence ends.
    """
    times = found.times_s
    first, last = found.run(int(_indices(times, [at_s])[0]))
    return Span.of(float(times[first]), float(times[last + 1]) if last + 1 < len(times) else max(end_s, times[last]))
