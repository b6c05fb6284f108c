"""Narrative beats by rule: what overlays, words, tension and position give away, tiled over the video.

A rule sees the hook, the call to act, the end card, and beats whose words are explicit. The stretches between are
`development`, with low confidence and the frames cited, until a model reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.narrative._lexicon import BEATS, matches
from sestina.dimensions.narrative._lines import lines

CTA_TAIL_SHARE = 0.5
"""A call to act makes a beat of its own only in the second half; earlier ones are asides."""
SNAP_S = 0.6
"""A beat moves to a shot join no farther than this."""
SHORTEST_S = 0.4
WORDS_CONFIDENCE = 0.5
REST_CONFIDENCE = 0.25


@dataclass(frozen=True)
class Beat:
    """A proposed beat: its label, span, confidence and evidence."""

    label: str
    span: Span
    confidence: float
    evidence: tuple[Evidence, ...]


@parsers.register(
    "narrative.beats",
    card=Card(summary="Segments the video into beats by rule from hook, overlays, words, tension and shot joins."),
    facets=("narr.beat",),
    optional=("ocr", "speech"),
    after=("edit.shot", "narr.hook", "diss.overlay.kind", "diss.cta", "narr.tension.peak"),
    kind="rule",
    version="1",
)
class Beats:
    """Yields beats that tile the video; nothing for media without shots."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield one unit a beat, in order."""
        if not reading.shots:
            return
        for beat in tiled(reading, proposals(reading)):
            yield reading.unit(
                "narr.beat", label=beat.label, span=beat.span, confidence=beat.confidence, evidence=beat.evidence
            )


def proposals(reading: Reading) -> list[Beat]:
    """Return the beats that something gives away, the surer ones first; they may overlap."""
    found = [*_hook(reading), *_end_card(reading), *_cta(reading), *_worded(reading), *_climax(reading)]
    return sorted(found, key=lambda beat: (-beat.confidence, beat.span.start_s))


def _hook(reading: Reading) -> Iterator[Beat]:
    for unit in reading.of("narr.hook"):
        yield Beat("hook", unit.span, 0.5 + unit.confidence / 2, tuple(reading.cite(unit)))


def _end_card(reading: Reading) -> Iterator[Beat]:
    cards = [unit for unit in reading.of("diss.overlay.kind") if unit.label == "end_card"]
    least = reading.threshold("narr.beat", "end_card_static_min_s")
    for unit in cards[-1:]:
        start = _snapped(reading, unit.span.start_s)
        if reading.span.end_s - start >= least:
            span = Span.of(start, reading.span.end_s)
            yield Beat("end_card", span, 0.8 * unit.confidence, tuple(reading.cite(*cards)))


def _cta(reading: Reading) -> Iterator[Beat]:
    calls = [unit for unit in reading.of("diss.cta") if unit.status != "abstain"]
    middle = reading.span.start_s + CTA_TAIL_SHARE * reading.span.duration_s
    late = [unit for unit in calls if unit.span.start_s >= middle and unit.level != "video"]
    if late:
        start = _snapped(reading, min(unit.span.start_s for unit in late))
        end = _snapped(reading, max(unit.span.end_s for unit in late))
        span = Span.of(start, max(end, min(start + SHORTEST_S, reading.span.end_s)))
        yield Beat("cta", span, 0.75, tuple(reading.cite(*late)))


def _worded(reading: Reading) -> Iterator[Beat]:
    for line in lines(reading):
        for label in matches(BEATS, line.text)[:1]:
            span = Span.of(_snapped(reading, line.span.start_s), _snapped(reading, line.span.end_s))
            if span.duration_s >= SHORTEST_S:
                yield Beat(label, span, WORDS_CONFIDENCE * line.confidence, line.evidence)


def _climax(reading: Reading) -> Iterator[Beat]:
    tail = reading.span.end_s - reading.threshold("narr.beat", "climax_tail_share") * reading.span.duration_s
    peaks = [unit for unit in reading.of("narr.tension.peak") if unit.span.start_s >= tail]
    if peaks:
        highest = max(peaks, key=lambda unit: unit.value or 0.0)
        shot = next(shot for shot in reversed(reading.shots) if shot.span.start_s <= highest.span.start_s)
        if shot.span.duration_s < reading.span.duration_s / 2:
            yield Beat("climax", shot.span, 0.4, tuple(reading.cite(highest)))


def _snapped(reading: Reading, time_s: float) -> float:
    """Return the nearest shot join or limit within `SNAP_S`, else the frame on screen at that time."""
    joins = [shot.span.start_s for shot in reading.shots] + [reading.span.end_s]
    near = min(joins, key=lambda join: abs(join - time_s))
    return near if abs(near - time_s) <= SNAP_S else reading.frames.time_s(reading.frames.index_at(time_s))


def tiled(reading: Reading, proposed: Sequence[Beat]) -> list[Beat]:
    """Return beats that tile the video: the surer take their span first, what is left over is development."""
    taken: list[Beat] = []
    for beat in proposed:
        for free in _free(beat.span, [other.span for other in taken])[:1]:
            if free.duration_s >= SHORTEST_S or free == reading.span:
                taken.append(Beat(beat.label, free, beat.confidence, beat.evidence))
    rest = [Beat("development", gap, REST_CONFIDENCE, _seen(reading, gap)) for gap in _gaps(reading.span, taken)]
    return _joined(_without_slivers(sorted([*taken, *rest], key=lambda beat: beat.span.start_s)))


def _free(span: Span, taken: Sequence[Span]) -> list[Span]:
    """Return the longest part of `span` that none of `taken` covers, if there is any."""
    parts = [span]
    for other in taken:
        parts = [piece for part in parts for piece in _less(part, other)]
    return sorted((part for part in parts if part.duration_s > 0), key=lambda part: -part.duration_s)


def _less(part: Span, other: Span) -> list[Span]:
    if part.overlap_s(other) <= 0:
        return [part]
    sides = [(part.start_s, min(part.end_s, other.start_s)), (max(part.start_s, other.end_s), part.end_s)]
    return [Span.of(a, b) for a, b in sides if b > a]


def _gaps(whole: Span, taken: Sequence[Beat]) -> list[Span]:
    edges = [whole.start_s]
    for beat in sorted(taken, key=lambda beat: beat.span.start_s):
        edges += [beat.span.start_s, beat.span.end_s]
    edges.append(whole.end_s)
    return [Span.of(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _seen(reading: Reading, gap: Span) -> tuple[Evidence, ...]:
    shots = [shot for shot in reading.shots if shot.span.overlaps(gap)]
    return (reading.frame(gap.start_s), *reading.cite(*shots[:8]))


def _without_slivers(beats: list[Beat]) -> list[Beat]:
    """Return beats in order, a leftover too short to be one given to the beat before it (or after, at the start)."""
    kept: list[Beat] = []
    for beat in beats:
        sliver = beat.confidence == REST_CONFIDENCE and beat.span.duration_s < SHORTEST_S
        if sliver and kept:
            last = kept.pop()
            beat = Beat(last.label, last.span.union(beat.span), last.confidence, last.evidence)
        elif kept and kept[-1].confidence == REST_CONFIDENCE and kept[-1].span.duration_s < SHORTEST_S:
            first = kept.pop()
            beat = Beat(beat.label, first.span.union(beat.span), beat.confidence, beat.evidence)
        kept.append(beat)
    return kept


def _joined(beats: list[Beat]) -> list[Beat]:
    """Return beats with neighbours of one label joined; the joint confidence is the lower one."""
    out = beats[:1]
    for before, beat in pairwise(beats):
        if before.label == beat.label:
            last = out.pop()
            evidence = tuple(dict.fromkeys((*last.evidence, *beat.evidence)))
            beat = Beat(beat.label, last.span.union(beat.span), min(last.confidence, beat.confidence), evidence)
        out.append(beat)
    return out
