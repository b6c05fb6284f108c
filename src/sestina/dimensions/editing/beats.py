"""Cuts and beats: whether the edit follows the music, more than any edit of the same rhythm would by
chance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import Track

F64 = npt.NDArray[np.float64]

CUTS_MIN = 4
"""Fewer cuts hit beats by chance too easily for any p-value to be small."""

CONFIDENCE_MIN = 0.35
"""Mean confidence of the beats below which nothing is said; the beat tracker itself gives none below."""

EVEN_CUTS = 0.05
"""Deviation of the shot lengths, as a share of their mean, under which cuts follow each other evenly."""

COVERED = 0.5
"""Share of the cuts that must lie where beats are known."""


@parsers.register(
    "editing.beats",
    card=Card(
        summary="Hit rate of cuts on beats, their mean offset, and how often shifted cuts would hit as often.",
        source="own; circular shifts of each cut within its beat, summed exactly (Poisson binomial)",
    ),
    facets=(
        "edit.beat_sync", "edit.beat_sync.mean_offset", "edit.beat_sync.null_p", "edit.cut_function",
        "edit.cut_rationale",
    ),
    optional=("tempo",),
    after=("edit.transition",),
    derives=("beats.offset", "beats.hit", "beats.null_p"),
    kind="rule",
)  # fmt: skip
class BeatSync:
    """Yields the three numbers; where the p-value is small also `beat_cut` and `rhythm` for each cut that
    hits."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield numbers and cut functions, or one abstention that says what is lacking."""
        cuts, why = usable_cuts(reading)
        if why:
            if reading.boundaries:
                yield reading.abstain("edit.beat_sync", span=reading.span, reason=why)
            return
        beats = reading.track("tempo.beat").times_s
        tolerance = reading.threshold("edit.beat_sync", "tolerance_s")
        offset = offsets(cuts, beats)
        p = null_p(cuts, beats, tolerance)
        yield _events("beats.offset", "s", cuts, offset)
        yield _events("beats.hit", "", cuts, (np.abs(offset) <= tolerance).astype(np.float64))
        yield _events("beats.null_p", "probability", np.array([reading.span.start_s]), np.array([p]))
        yield from _numbers(reading, len(cuts))
        if p < reading.threshold("edit.cut_function", "beat_null_p_max"):
            yield from _functions(reading, tolerance)


def usable_cuts(reading: Reading) -> tuple[F64, str]:
    """Return the times of the cuts where beats are known, and why they are not enough ("" when they are)."""
    cuts = np.array([b.span.start_s for b in reading.boundaries if b.span.is_instant], np.float64)
    if len(cuts) < CUTS_MIN:
        return cuts, f"{len(cuts)} hard cut(s); fewer than {CUTS_MIN} say nothing about a beat"
    track = reading.tracks.get("tempo.beat")
    if track is None or len(track) < CUTS_MIN:
        return cuts, "no steady beat was heard"
    if track.reduce("mean", reading.span) < CONFIDENCE_MIN:
        return cuts, "the beats are too unsure"
    period = float(np.median(np.diff(track.times_s)))
    near = np.abs(track.times_s[:, None] - cuts[None]).min(axis=0) <= period
    if near.mean() < COVERED or near.sum() < CUTS_MIN:
        return cuts, "too few cuts lie where there is a beat"
    return cuts[near], ""


def offsets(cuts_s: F64, beats_s: F64) -> F64:
    """Return the signed time from the nearest beat to each cut, seconds [cuts]; positive when the cut is
    late."""
    after = np.clip(np.searchsorted(beats_s, cuts_s), 1, len(beats_s) - 1)
    choices = cuts_s - beats_s[after - 1], cuts_s - beats_s[after]
    return np.where(np.abs(choices[0]) <= np.abs(choices[1]), *choices)


def null_p(cuts_s: F64, beats_s: F64, tolerance_s: float) -> float:
    """Return the share of circularly shifted cut lists that hit at least as often as the real one.

    Each cut is shifted by any amount round its own beat interval, so that by chance it hits with probability
    `2 * tolerance / interval`; the tail of the sum is exact. (One shift for all cuts would never find
    anything: moved by whole beats, cuts on beats stay on beats.) Evenly spaced cuts hit all or none, so they
    count as one.
    """
    intervals = np.diff(beats_s)[np.clip(np.searchsorted(beats_s, cuts_s) - 1, 0, len(beats_s) - 2)]
    chance = np.minimum(1.0, 2 * tolerance_s / intervals)
    hits = int((np.abs(offsets(cuts_s, beats_s)) <= tolerance_s).sum())
    counts = np.array([1.0])  # probability of 0, 1, 2, ... hits among the cuts so far
    for each in chance:
        counts = np.convolve(counts, [1 - each, each])
    tail = float(counts[hits:].sum())
    gaps = np.diff(cuts_s)
    even = len(gaps) > 1 and float(gaps.std()) < EVEN_CUTS * float(gaps.mean())
    return min(1.0, max(tail, float(chance.mean())) if even else tail)


def _numbers(reading: Reading, cuts: int) -> Iterator[Unit]:
    whole = reading.span
    rate, mean = reading.measured("beats.hit", whole, "mean"), reading.measured("beats.offset", whole, "mean")
    p, sure = reading.measured("beats.null_p", whole, "last"), reading.measured("tempo.beat", whole, "mean")
    confidence = min(0.95, max(0.3, sure.value))
    extra: dict[str, object] = {"cuts": cuts}
    for facet, metric in (("edit.beat_sync", rate), ("edit.beat_sync.mean_offset", mean), ("edit.beat_sync.null_p", p)):
        evidence: list[Evidence] = [metric, sure]
        yield reading.unit(
            facet, value=metric.value, span=whole, confidence=confidence, evidence=evidence, attributes=extra
        )


def _functions(reading: Reading, tolerance: float) -> Iterator[Unit]:
    """Yield what each cut that hits a beat does, and the reason that follows from it."""
    limit = reading.threshold("edit.cut_function", "beat_null_p_max")
    chance = reading.metric("beats.null_p", "<", limit, reading.span, "last")
    for boundary in reading.boundaries:
        at = boundary.span
        offset = reading.value("beats.offset", "first", at)
        if not at.is_instant or not abs(offset) <= tolerance:
            continue
        near = reading.metric("beats.offset", "<=", tolerance, at, "max_abs")
        sure = min(boundary.confidence, 0.6 + 0.3 * (1 - abs(offset) / tolerance))
        function = reading.unit(
            "edit.cut_function", label="beat_cut", span=at, confidence=sure,
            evidence=[near, chance, *reading.cite(boundary)],
        )  # fmt: skip
        yield function
        yield reading.unit(
            "edit.cut_rationale", label="rhythm", span=at, confidence=0.8 * sure, evidence=reading.cite(function)
        )


def _events(name: str, unit: str, times_s: F64, values: F64) -> Track:
    return Track(name=name, unit=unit, kind="event", times_s=times_s, values=values)
