"""Sound on a common grid, and the small tools that turn runs of it into units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.confidence import UNDECIDED, margin_confidence
from sestina.core.evidence import AudioEvidence, Evidence, Op
from sestina.core.reading import Reading
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track

F64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

STEP_S = 0.1
"""Length of a cell of the grid."""

FLOOR_DB = -120.0


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What is heard in every tenth of a second.

    Args:
        start_s: time of the first cell's start.
        level_db: power, dBFS [n].
        voice: share of the cell in which somebody speaks [n].
        lasting: share of spectral peaks that last [n].
        pulse: how clearly the onsets repeat, 0..1 [n].
    """

    start_s: float
    level_db: F64
    voice: F64
    lasting: F64
    pulse: F64

    def __len__(self) -> int:
        return len(self.level_db)

    def span(self, first: int, after: int, inside: Span) -> Span:
        """Return the time from cell `first` to cell `after`, cut to `inside`."""
        return Span.of(self.start_s + first * STEP_S, self.start_s + after * STEP_S).clipped(inside)


def cells(reading: Reading) -> Cells:
    """Return the sound on the grid; what was not measured counts as absent, and no sound gives no cells."""
    level = reading.tracks.get("loudness.rms")
    if level is None or not len(level):
        none = np.zeros(0)
        return Cells(start_s=reading.span.start_s, level_db=none, voice=none, lasting=none, pulse=none)
    start_s = float(level.times_s[0]) - 0.005
    count = math.ceil((float(level.times_s[-1]) + 0.005 - start_s) / STEP_S - 1e-6)
    starts: F64 = start_s + STEP_S * np.arange(count, dtype=np.float64)
    power = 10 ** (level.values.astype(np.float64) / 10)
    mean_power = binned(level.times_s, power, starts)
    return Cells(
        start_s=start_s,
        level_db=np.asarray(10 * np.log10(np.maximum(mean_power, 10 ** (FLOOR_DB / 10)))),
        voice=_binned(reading, "voice.active", starts),
        lasting=_binned(reading, "music.lasting", starts),
        pulse=_nearest(reading.tracks.get("tempo.confidence"), starts + STEP_S / 2),
    )


def binned(times_s: F64, values: F64, starts_s: F64) -> F64:
    """Return the mean of `values` in every cell that begins at `starts_s`; an empty cell repeats the one
    before."""
    cell = np.clip(((times_s - starts_s[0]) / STEP_S + 1e-6).astype(int), 0, len(starts_s) - 1)
    count = np.bincount(cell, minlength=len(starts_s))
    total = np.bincount(cell, weights=values, minlength=len(starts_s))
    mean = total / np.maximum(count, 1)
    known = np.maximum.accumulate(np.where(count > 0, np.arange(len(starts_s)), 0))
    return np.asarray(mean[known])


def _binned(reading: Reading, name: str, starts_s: F64) -> F64:
    track = reading.tracks.get(name)
    if track is None or not len(track):
        return np.zeros(len(starts_s))
    return binned(track.times_s, np.nan_to_num(track.values.astype(np.float64)), starts_s)


def _nearest(track: Track | None, times_s: F64) -> F64:
    if track is None or not len(track):
        return np.zeros(len(times_s))
    return np.interp(times_s, track.times_s, np.nan_to_num(track.values.astype(np.float64)))


def smooth(values: F64, size: int) -> F64:
    """Return the mean of the `size` values around each, the ends repeated."""
    if not len(values):
        return values
    padded = np.pad(values, (size // 2, size - 1 - size // 2), mode="edge")
    return np.convolve(padded, np.full(size, 1 / size), mode="valid")


def runs(mask: Mask) -> list[tuple[int, int]]:
    """Return (first, after) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def filled(mask: Mask, longest: int) -> Mask:
    """Return `mask` with the gaps of at most `longest` cells between two runs closed."""
    result = mask.copy()
    for first, after in runs(~mask):
        if after - first <= longest and first > 0 and after < len(mask):
            result[first:after] = True
    return result


def lasting_at_least(mask: Mask, least: int) -> Mask:
    """Return `mask` without runs shorter than `least` cells."""
    result = mask.copy()
    for first, after in runs(mask):
        if after - first < least:
            result[first:after] = False
    return result


def tiled(kinds: npt.NDArray[np.int64], least: int) -> list[tuple[int, int, int]]:
    """Return (kind, first, after) of the runs of equal `kinds`, those under `least` given to their longer
    neighbour."""
    bounds = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(kinds)]
    found = [(int(kinds[a]), a, b) for a, b in pairwise(bounds) if b > a]
    while len(found) > 1:
        short = min(range(len(found)), key=lambda i: found[i][2] - found[i][1])
        if found[short][2] - found[short][1] >= least:
            break
        found = _joined(found, short)
    return found


def _joined(found: list[tuple[int, int, int]], at: int) -> list[tuple[int, int, int]]:
    """Return the runs with run `at` given to its longer neighbour, and equal neighbours made one."""
    sides = [i for i in (at - 1, at + 1) if 0 <= i < len(found)]
    kind = found[max(sides, key=lambda i: found[i][2] - found[i][1])][0]
    result: list[tuple[int, int, int]] = []
    for i, (old, first, after) in enumerate(found):
        own = kind if i == at else old
        if result and result[-1][0] == own:
            result[-1] = (own, result[-1][1], after)
        else:
            result.append((own, first, after))
    return result


def held(values: F64, enter: float, leave: float | F64) -> Mask:
    """Return where `values` is on: from reaching `enter` until falling below `leave`."""
    state = np.where(values >= enter, 1, np.where(values < leave, -1, 0))
    known = np.maximum.accumulate(np.where(state != 0, np.arange(len(state)), -1))
    return np.asarray((known >= 0) & (state[known] == 1))


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One condition of a rule about sound: `reduce(signal) op threshold`.

    Args:
        signal: name of a track.
        op: the comparison.
        threshold: the limit.
        scale: distance from it that is clearly beyond.
        reduce: name of the reducer.
        over: where it is measured, None for the unit's own span.
    """

    signal: str
    op: Op
    threshold: float
    scale: float
    reduce: str = "mean"
    over: Span | None = None

    def truth(self, reading: Reading, span: Span) -> float:
        """Return how sure the condition is over `span`: 0.5 at its limit; NaN where nothing was measured."""
        if self.signal not in reading.tracks:
            return float("nan")
        value = reading.value(self.signal, self.reduce, self.over or span)
        if math.isnan(value):
            return value
        return margin_confidence(value, self.threshold, self.scale, above=self.op in (">", ">="))


def judged(
    reading: Reading,
    facet: str,
    label: str,
    span: Span,
    claims: Sequence[Claim],
    *,
    at_most: float = 0.95,
    also: Iterable[Evidence] = (),
    attributes: dict[str, object] | None = None,
) -> Unit:
    """Return the unit whose conditions all hold over `span`, as sure as the weakest; else one that abstains.

    `at_most` limits the confidence of rules known to be rough; `also` is further evidence.
    """
    truths = [claim.truth(reading, span) for claim in claims]
    evidence: list[Evidence] = []
    for claim, truth in zip(claims, truths, strict=True):
        if truth >= 0.5:
            try:
                over = claim.over or span
                evidence.append(reading.metric(claim.signal, claim.op, claim.threshold, over, claim.reduce))
            except ValueError:
                continue  # exactly at a strict limit
    listen = AudioEvidence(span=span)
    least = min(truths) if truths and not any(map(math.isnan, truths)) else 0.0
    if least < UNDECIDED or len(evidence) < len(claims):
        return reading.abstain(facet, span=span, reason=f"too near a limit to be {label}", evidence=[*evidence, listen])
    return reading.unit(
        facet,
        label=label,
        span=span,
        confidence=min(least, at_most),
        evidence=[*evidence, *also, listen],
        attributes=attributes,
    )
