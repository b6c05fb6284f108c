"""Why a cut is there, as far as measures can say; where they cannot, the unit says so."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit
from sestina.dimensions.editing._cases import SAME_SCENE, Case, events, joins, stated
from sestina.dimensions.editing._graph import ALIKE

FACET = "edit.cut_rationale"
PRIMARY = f"{FACET}.primary"
UNKNOWN = "why this cut is made takes a reader of the story"

EYE_SIDE_S = 0.35
"""Seconds on each side of a cut within which the eye's place is read: two samples of the saliency proxy."""
EYE_CERTAIN = 0.5
"""Share of samples on both sides in which one place clearly draws the eye."""
EYE_AT_MOST, MIDDLE_AT_MOST = 0.65, 0.58
"""A saliency proxy is rough; and both places in the middle may mean no more than that pictures are framed so."""
MIDDLE = 0.08
"""Distance from the middle of the picture, as a share of its sides, that is the middle."""
STAYS_AT_MOST = 0.65
"""A cut within one setup leaves time out, unless two cameras of one kind stand side by side."""
RHYTHMS = ("metric", "alternating", "accelerating", "decelerating")
RHYTHM_AT_MOST, HIT_S = 0.6, 0.1
ORDER = ("emphasis", "time_compression", "rhythm", "retention_refresh", "eye_trace")
"""Which reason is named first where two are equally sure: the more particular one."""


@parsers.register(
    "editing.rationale",
    card=Card(
        summary="Reasons for a cut that its function, its rhythm or the place of attention show; one of them primary.",
        source="own; reasons after Murch 1995 (In the Blink of an Eye) and Thompson and Bowen 2009",
        status="trial",
        deviations="Emotion, story and motivation, which weigh most, take a viewer.",
    ),
    facets=(FACET, PRIMARY),
    optional=("saliency",),
    after=("edit.transition", "edit.cut_function", "edit.rhythm", "edit.audio"),
    derives=("eye_trace.distance", "eye_trace.middle", "eye_trace.certain"),
    kind="rule",
)
class Rationale:
    """Yields reasons, each citing a function or a metric, and the primary one; or one abstention for each cut."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the track of how far attention jumps, then reasons boundary by boundary."""
        if "saliency.x" in reading.tracks:
            yield from eye_tracks(reading)
        for boundary in edits(reading):
            given = [unit for unit in reading.of(FACET) if unit.span == boundary.span and unit.status != "abstain"]
            named = {unit.label for unit in given}
            found = {unit.label: unit for unit in _reasons(reading, boundary) if unit and unit.label not in named}
            yield from found.values()
            yield _primary(reading, boundary, [*given, *found.values()])


def edits(reading: Reading) -> list[Unit]:
    """Return the boundaries between two shots, in order: a fade in at the start is no cut that asks for a reason."""
    return [boundary for boundary in joins(reading) if boundary is not None]


def _primary(reading: Reading, boundary: Unit, reasons: list[Unit]) -> Unit:
    """Return the surest reason as the primary one; without any, the abstention of the rationale itself."""
    if not reasons:
        return reading.abstain(FACET, span=boundary.span, reason=UNKNOWN, evidence=reading.cite(boundary))
    best = max(reasons, key=lambda unit: (unit.confidence, -_place(unit.label)))
    return reading.unit(
        PRIMARY, label=best.label, span=boundary.span, confidence=0.9 * best.confidence, evidence=reading.cite(best)
    )


def _place(label: str | None) -> int:
    return ORDER.index(label) if label in ORDER else len(ORDER)


def _reasons(reading: Reading, boundary: Unit) -> Iterator[Unit | None]:
    """Yield every reason found for one boundary."""
    functions = {u.label: u for u in reading.of("edit.cut_function") if u.span == boundary.span}
    yield from _emphasis(reading, boundary, functions.get("emphasis_in"))
    yield _time_compression(reading, boundary)
    refresh = functions.get("retention_refresh")
    if refresh is not None:
        yield _reason(reading, "retention_refresh", boundary, 0.8 * refresh.confidence, refresh)
    yield _rhythm(reading, boundary)
    yield _eye_trace(reading, boundary)


def _reason(reading: Reading, label: str, boundary: Unit, confidence: float, *cited: Unit) -> Unit:
    return reading.unit(
        FACET, label=label, span=boundary.span, confidence=confidence, evidence=reading.cite(*(cited or (boundary,)))
    )


def _emphasis(reading: Reading, boundary: Unit, function: Unit | None) -> Iterator[Unit]:
    """Yield that something is underlined: by a nearer view, which a hit in the sound makes surer, or by a hit."""
    time = boundary.span.start_s
    hits = [u for u in reading.of("edit.audio") if u.label == "sfx_hit" and abs(u.span.start_s - time) <= HIT_S]
    if function is not None:
        sure = min(0.9, (1.0 if hits else 0.85) * function.confidence)
        yield _reason(reading, "emphasis", boundary, sure, function, *hits)
    elif hits:
        yield _reason(reading, "emphasis", boundary, 0.7 * hits[0].confidence, *hits)


def _time_compression(reading: Reading, boundary: Unit) -> Unit | None:
    """Return that time is taken out: by a jump cut, or by a hard cut that leaves the setup as it was."""
    if boundary.label == "jump_cut":
        return _reason(reading, "time_compression", boundary, min(0.75, boundary.confidence))
    if boundary.label not in ("cut", "hard_cut"):
        return None
    stays = Limit(signal="setups.step", op=">=", threshold=ALIKE, scale=0.1, reduce="first")
    return stated(
        reading, FACET, "time_compression", boundary.span, [Case(stays, boundary.span)],
        at_most=min(STAYS_AT_MOST, boundary.confidence), also=reading.cite(boundary),
    )  # fmt: skip


def _rhythm(reading: Reading, boundary: Unit) -> Unit | None:
    """Return that the cut keeps a pattern of shot lengths, where the whole video has one."""
    patterns = [unit for unit in reading.of("edit.rhythm") if unit.label in RHYTHMS]
    if not patterns:
        return None
    return _reason(reading, "rhythm", boundary, min(RHYTHM_AT_MOST, 0.7 * patterns[0].confidence), patterns[0])


def eye_tracks(reading: Reading) -> Iterator[Track]:
    """Yield, at each boundary, how far the centre of attention lies after it from where it was before, shares of the
    picture's sides; the larger of its two distances from the middle; and the lesser share of certain samples.

    The nearest sample of each side that belongs to the shots on that side is read; NaN without one.
    """
    places = np.stack([np.asarray(reading.track(f"saliency.{name}").values, np.float64) for name in ("x", "y")], axis=1)
    certain = reading.track("saliency.certain")
    rows = []
    for boundary in edits(reading):
        before, after = (certain.slice(side) for side in sides(reading, boundary))
        if before.stop <= before.start or after.stop <= after.start:
            rows.append((np.nan, np.nan, np.nan))
            continue
        last, first = places[before.stop - 1], places[after.start]
        middle = max(float(np.hypot(*(place - 0.5))) for place in (last, first))
        sure = min(float(certain.values[before].mean()), float(certain.values[after].mean()))
        rows.append((float(np.hypot(*(first - last))), middle, sure))
    times = [boundary.span.start_s for boundary in edits(reading)]
    columns = np.array(rows, np.float64).reshape(-1, 3).T
    for name, column in zip(("distance", "middle", "certain"), columns, strict=True):
        yield events(f"eye_trace.{name}", "share", times, column.tolist())


def sides(reading: Reading, boundary: Unit) -> tuple[Span, Span]:
    """Return the last `EYE_SIDE_S` before a boundary and the first after it, inside the shots on either side."""
    span = boundary.span
    edges = [reading.span.start_s, *(b.span.end_s for b in reading.boundaries if b.span.end_s < span.start_s)]
    starts = [*(b.span.start_s for b in reading.boundaries if b.span.start_s > span.end_s), reading.span.end_s]
    before = Span.of(max(span.start_s - EYE_SIDE_S, max(edges)), span.start_s)
    return before, Span.of(span.end_s, min(span.end_s + EYE_SIDE_S, min(starts)))


def _eye_trace(reading: Reading, boundary: Unit) -> Unit | None:
    """Return that attention is handed over in one place; within one setup it says nothing of the cut."""
    if boundary.label in SAME_SCENE or "eye_trace.distance" not in reading.tracks:
        return None
    at = Span.at(boundary.span.start_s)
    nearest = reading.threshold(FACET, "eye_trace_distance_max")
    cases = [
        Case(Limit(signal="eye_trace.distance", op="<", threshold=nearest, scale=0.05, reduce="first"), at),
        Case(Limit(signal="eye_trace.certain", op=">=", threshold=EYE_CERTAIN, scale=0.3, reduce="first"), at),
    ]
    centred = reading.value("eye_trace.middle", "first", at) < MIDDLE
    at_most = MIDDLE_AT_MOST if centred else EYE_AT_MOST
    return stated(
        reading, FACET, "eye_trace", boundary.span, cases, at_most=min(at_most, boundary.confidence),
        also=_seen(reading, boundary),
    )  # fmt: skip


def _seen(reading: Reading, boundary: Unit) -> list[Evidence]:
    """Return the last frame before a boundary and the first after it, and the boundary itself."""
    frames = reading.frames
    before = frames.time_s(max(0, frames.index_at(boundary.span.start_s) - 1))
    after = min(boundary.span.end_s, frames.time_s(len(frames) - 1))
    return [reading.frame_pair(before, after), *reading.cite(boundary)]
