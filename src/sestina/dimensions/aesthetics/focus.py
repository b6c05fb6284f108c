"""Focus: whether anything is sharp, blur along one axis, and focus that moves from one place to another."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track
from sestina.dimensions._bands import Limit, all_of, banded, ruled

FACET = "aes.focus.state"
EDGES = (0.34, 0.54)
"""Sharpness of the sharpest cells below which all is defocused and from which something is sharp. Forty clips have 0.48
to 0.95; blurred by a Gaussian of two pixels at analysis size 0.30 to 0.50, by three 0.20 to 0.35."""
SCALE = 0.06
SMEAR_MIN, SMEAR_SCALE = 0.22, 0.06
"""Difference of blur across and down from which it is blur of motion; clips at rest stay below 0.15."""
SMEAR_BLUR_MIN = 0.55
SHORTEST_S = 0.5
"""Shorter runs of another state belong to their surroundings."""
GAIN = 0.18
"""Change of a cell's sharpness that counts as coming into focus or leaving it."""
EXCHANGE_MIN, EXCHANGE_SCALE = 0.15, 0.06
"""Share of cells that must come into focus, and that must leave it, for a rack of focus."""
STILL_SPEED_MAX = 0.15
"""Frame widths a second of camera motion up to which the picture stands still enough to follow focus."""
RACK_AT_MOST = 0.7
"""A sharp thing that enters as another leaves looks the same to a map of cells."""


@parsers.register(
    "aesthetics.focus",
    facets=(FACET,),
    signals=("sharpness",),
    optional=("motion",),
    after=("edit.shot",),
    derives=("focus.exchange",),
    card=Card(
        summary="Runs of sharp, soft, defocused and motion-blurred picture, and racks of focus, within each shot.",
        source="own, on the blur effect (Crete et al. 2007)",
        deviations="Judged at analysis size: blur that a player at full screen shows may be missed.",
    ),
)
class Focus:
    """Parser `aesthetics.focus`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the track of focus exchange, then the states of each shot in order of time."""
        cells = reading.track("sharpness.cells")
        window_s = reading.threshold(FACET, "rack_duration_max_s")
        values = exchange(np.asarray(cells.values, np.float64), cells.times_s, reading, window_s)
        yield Track(name="focus.exchange", unit="share", times_s=cells.times_s, values=values, kind="sampled")
        for shot in reading.shots:
            yield from states(reading, shot.span)


def exchange(cells: F64, times_s: F64, reading: Reading, window_s: float) -> F64:
    """Return, for each sample, the smaller of: share of cells that come into focus within `window_s`, share that leave.

    Args:
        cells: sharpness [N,6,8], NaN where plain.
        times_s: [N].
        reading: for the shots, which focus is never compared across.
        window_s: length of the comparison.
    """
    out = np.full(len(times_s), np.nan)
    for shot in reading.shots:
        inside = np.flatnonzero((times_s >= shot.span.start_s) & (times_s < shot.span.end_s))
        smooth = _smoothed(cells[inside])
        for place in range(len(inside)):
            later = int(np.searchsorted(times_s[inside], times_s[inside][place] + window_s, side="right")) - 1
            change = smooth[later] - smooth[place]
            known = ~np.isnan(change)
            if known.mean() >= 0.5:
                gained, lost = (change[known] > GAIN).mean(), (change[known] < -GAIN).mean()
                out[inside[place]] = min(float(gained), float(lost))
    return out


def _smoothed(cells: F64) -> F64:
    """Return cells [N,...] averaged over three samples, plain ones left plain."""
    if len(cells) < 3:
        return cells
    return np.concatenate([cells[:1], (cells[:-2] + cells[1:-1] + cells[2:]) / 3, cells[-1:]])


def states(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield the states of focus over one shot, one after another."""
    rack = rack_of(reading, span)
    if rack is not None:
        yield rack
        before, after = Span.of(span.start_s, rack.span.start_s), Span.of(rack.span.end_s, span.end_s)
        parts = [part for part in (before, after) if part.duration_s >= SHORTEST_S]
    else:
        parts = [span]
    for part in parts:
        for smeared, run in runs(reading, part):
            yield smear(reading, run) if smeared else state(reading, run)


def rack_of(reading: Reading, span: Span) -> Unit | None:
    """Return the clearest rack of focus of a shot, or None; the camera must stand nearly still."""
    track = reading.track("focus.exchange")
    inside = track.slice(span)
    values = np.nan_to_num(np.asarray(track.values[inside], np.float64))
    if not len(values) or values.max() < EXCHANGE_MIN:
        return None
    start = float(track.times_s[inside][int(values.argmax())])
    here = Span.of(start, min(start + reading.threshold(FACET, "rack_duration_max_s"), span.end_s))
    limits = [Limit(signal="focus.exchange", op=">=", threshold=EXCHANGE_MIN, scale=EXCHANGE_SCALE, reduce="max")]
    if "motion.speed" in reading.tracks and not math.isnan(reading.value("motion.speed", "median", here)):
        limits.append(Limit(signal="motion.speed", op="<=", threshold=STILL_SPEED_MAX, scale=0.05))
    truth = all_of(limits, reading, here)
    return ruled(reading, FACET, "rack_focus", here, truth, limits, at_most=RACK_AT_MOST) if truth > UNDECIDED else None


def runs(reading: Reading, span: Span) -> Iterator[tuple[bool, Span]]:
    """Yield runs of picture with and without blur along one axis: (smeared, span); short ones join their neighbour."""
    across, blur = reading.track("sharpness.anisotropy"), reading.track("sharpness.blur")
    inside = across.slice(span)
    times = across.times_s[inside]
    smeared = (np.abs(np.nan_to_num(across.over(span))) >= SMEAR_MIN) & (
        np.nan_to_num(blur.over(span)) >= SMEAR_BLUR_MIN
    )
    edges = [0, *(np.flatnonzero(np.diff(smeared.astype(np.int8))) + 1).tolist()]
    starts = [span.start_s, *(float(times[i]) for i in edges[1:])]
    pieces = [(bool(smeared[i]) if len(smeared) else False, start) for i, start in zip(edges, starts, strict=True)]
    yield from _joined(pieces, span)


def _joined(pieces: list[tuple[bool, float]], span: Span) -> Iterator[tuple[bool, Span]]:
    ends = [*(start for _, start in pieces[1:]), span.end_s]
    kept: list[tuple[bool, float, float]] = []
    for (flag, start), end in zip(pieces, ends, strict=True):
        if kept and (end - start < SHORTEST_S or kept[-1][0] == flag):
            kept[-1] = (kept[-1][0], kept[-1][1], end)
        else:
            kept.append((flag, start, end))
    yield from ((flag, Span.of(start, end)) for flag, start, end in kept)


def smear(reading: Reading, span: Span) -> Unit:
    """Return the unit of blur along one axis."""
    across = reading.value("sharpness.anisotropy", "median", span) > 0
    limits = [
        Limit(signal="sharpness.anisotropy", op=">=", threshold=SMEAR_MIN, scale=SMEAR_SCALE)
        if across
        else Limit(signal="sharpness.anisotropy", op="<=", threshold=-SMEAR_MIN, scale=SMEAR_SCALE),
        Limit(signal="sharpness.blur", op=">=", threshold=SMEAR_BLUR_MIN, scale=SCALE),
    ]
    return ruled(reading, FACET, "motion_blur", span, all_of(limits, reading, span), limits)


def state(reading: Reading, span: Span) -> Unit:
    """Return whether anything is in focus over `span`."""
    labels = ("defocus", "soft", "sharp")
    if plain(reading.track("sharpness.best").over(span)):
        return reading.abstain(FACET, span=span, reason="the picture is too plain to be sharp or not")
    return banded(reading, FACET, span, "sharpness.best", labels=labels, edges=EDGES, scale=SCALE)


def plain(values: npt.NDArray[np.floating]) -> bool:
    """Return whether hardly any of the samples [N] could be measured."""
    return len(values) > 0 and bool(np.isnan(values).mean() > 0.8)
