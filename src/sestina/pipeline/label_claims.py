"""What a model said, as units: each claim checked against the vocabulary, the frames shown, and what was measured.

Nothing wrong gets in: a defect is counted by its kind and named, and a claim without evidence becomes an abstention.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent
from sestina.core.evidence import AsrEvidence, Box, Evidence, FrameEvidence, OcrEvidence, RegionEvidence
from sestina.core.facet import Facet
from sestina.core.invariants import normalised
from sestina.core.storyboard import Level, Links, Producer, Storyboard, Unit
from sestina.core.time import Span, seconds
from sestina.pipeline.label_tasks import LabelTask

NEAR_S = 0.5
"""How far a cited time may lie from a frame that was shown, seconds; it is snapped to that frame."""


@dataclass(frozen=True, kw_only=True)
class Defect:
    """What was wrong with one claim: kind, place in the reply, and what was said."""

    kind: str
    place: str
    what: str


@dataclass
class Claims:
    """Units that a model's replies become, and what was wrong with the rest."""

    board: Storyboard
    producer: Producer
    units: list[Unit] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    def take(self, reply: Any, task: LabelTask) -> None:
        """Read one reply."""
        claims = reply.get("labels") if isinstance(reply, Mapping) else None
        if not isinstance(claims, list):
            self._wrong("no list of labels", task.name, repr(reply)[:80])
            return
        asked = {facet.id: facet for facet in task.facets}
        for number, claim in enumerate(claims):
            self._claim(claim, task, asked, f"{task.name}, label {number + 1}")

    def _claim(self, claim: Any, task: LabelTask, asked: Mapping[str, Facet], place: str) -> None:
        named = claim.get("facet") if isinstance(claim, Mapping) else None
        if not isinstance(named, str) or named not in asked:
            self._wrong("unknown facet", place, repr(claim)[:80])
            return
        facet = asked[named]
        span, says = self._span(claim, task, place), self._says(claim, facet, place)
        if span is None or says is None:
            return
        level = _level(facet, task)
        evidence = tuple(self._evidence(claim.get("evidence"), task, span, place))
        confidence = _number(claim.get("confidence"))
        if confidence is None or not 0 <= confidence <= 1:
            self._wrong("confidence outside 0..1", place, repr(claim.get("confidence"))[:40])
            confidence = 0.0 if confidence is None else min(1.0, max(0.0, confidence))
        if not evidence:
            self._wrong("no evidence that holds", place, repr(says)[:80])
            says, confidence = {"reason": "a model said it and cited nothing that holds"}, 0.0
        key = repr((facet.id, span, sorted(says.items()), self.producer.name))
        unit_id = f"{facet.id}/m{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        self.units.append(
            Unit(
                id=unit_id, dimension=facet.dimension, facet=facet.id, level=level, span=span,
                confidence=round(confidence, 4), producer=self.producer, evidence=evidence,
                status="inferred" if evidence else "abstain", **says,
            )
        )  # fmt: skip

    def _span(self, claim: Mapping[str, Any], task: LabelTask, place: str) -> Span | None:
        """Return the span a claim is about: its place's, or its own, snapped to frames."""
        if task.places:
            named = claim.get("place")
            if isinstance(named, str) and named in task.places:
                return task.places[named]
            self._wrong("unknown place", place, repr(named)[:40])
            return None
        if all(level == "video" for level in (facet.levels[0] for facet in task.facets if facet.id == claim["facet"])):
            return self.board.media.span
        numbers, whole = claim.get("span"), self.board.media.span
        bounds = [_number(one) for one in numbers] if isinstance(numbers, list) and len(numbers) == 2 else []
        start, end = (*bounds, None, None)[:2]
        if start is None or end is None or not whole.start_s <= start <= end <= whole.end_s:
            self._wrong("span outside the video", place, repr(numbers)[:40])
            return None
        table = self.board.media.frame_table()
        if table is None:
            return Span.of(start, end)
        first = table.time_s(table.index_at(start))
        last = whole.end_s if end >= whole.end_s else table.time_s(table.index_at(end))
        return Span.of(first, max(first, last))

    def _says(self, claim: Mapping[str, Any], facet: Facet, place: str) -> dict[str, Any] | None:
        if facet.labels:
            label = claim.get("label")
            if isinstance(label, str) and facet.is_label(facet.aliases.get(label, label)):
                return {"label": facet.aliases.get(label, label)}
            self._wrong("unknown label", place, f"{facet.id} {label!r}"[:80])
            return None
        if facet.type == "num":
            value = _number(claim.get("value"))
            low, high = facet.valid or (None, None)
            if value is not None and (low is None or value >= low) and (high is None or value <= high):
                return {"value": value, "unit": facet.unit}
            self._wrong("value out of range", place, f"{facet.id} {claim.get('value')!r}"[:80])
            return None
        text = claim.get("text")
        if isinstance(text, str) and text.strip():
            return {"text": text.strip()}
        self._wrong("no text", place, f"{facet.id} {text!r}"[:80])
        return None

    def _evidence(self, given: Any, task: LabelTask, span: Span, place: str) -> Iterator[Evidence]:
        for item in given if isinstance(given, list) else ():
            found = self._one(item, task, span) if isinstance(item, Mapping) else None
            if found is None:
                self._wrong("evidence that is not there", place, repr(item)[:80])
            else:
                yield found

    def _one(self, item: Mapping[str, Any], task: LabelTask, span: Span) -> Evidence | None:
        if isinstance(item.get("quote"), str):
            return _quoted(item["quote"], self.board)
        at_s = _number(item.get("frame_s"))
        shown = min(task.times_s, key=lambda time_s: abs(time_s - at_s), default=None) if at_s is not None else None
        if shown is None or at_s is None or abs(shown - at_s) > NEAR_S or not _beside(shown, span):
            return None
        if item.get("box") is None:
            table = self.board.media.frame_table()
            return FrameEvidence(at_s=shown, pts=None if table is None else int(table.pts[table.index_at(shown)]))
        numbers = [_number(one) for one in item["box"]] if isinstance(item["box"], list) else []
        sides = [one for one in numbers if one is not None and 0 <= one <= 1]
        if len(sides) != 4 or len(numbers) != 4 or sides[0] + sides[2] > 1.00001 or sides[1] + sides[3] > 1.00001:
            return None
        return RegionEvidence(box=Box(x=sides[0], y=sides[1], w=sides[2], h=sides[3]), at_s=shown)

    def _wrong(self, kind: str, place: str, what: str) -> None:
        self.defects.append(Defect(kind=kind, place=place, what=what))


def merged(claims: Claims) -> Storyboard:
    """Return the storyboard with the claims that agree with what was measured.

    A claim below a measured parent in the tree takes its place and keeps its evidence; one that says the same adds
    nothing; one that denies it is a defect. Where a tree may hold several labels at once the denial is kept, linked to
    what it contradicts; labels of other facets that may hold several are no contradiction.
    """
    items = {unit.id: unit for unit in claims.board.items}
    for unit in claims.units:
        kin = (one for one in items.values() if (one.facet, one.level) == (unit.facet, unit.level))
        same = [one for one in kin if _meet(one, unit)]
        if unit.status == "abstain":
            if not same:
                items[unit.id] = unit
            continue
        for one in [one for one in same if one.status == "abstain"]:
            del items[one.id]
            same.remove(one)
        _settle(claims, items, unit, same)
    return claims.board.model_copy(update={"items": tuple(items.values())}).canonical()


def _settle(claims: Claims, items: dict[str, Unit], unit: Unit, same: Sequence[Unit]) -> None:
    facet = vocabulary.facet(unit.facet)
    if any(one.claim == unit.claim for one in same):
        return
    above = [one for one in same if one.label is not None and one.label in _ancestors(unit)]
    if above:
        parent = above[0]
        evidence = (*parent.evidence, *unit.evidence)
        attributes = {**parent.attributes, "parent": parent.label}
        del items[parent.id]
        items[unit.id] = unit.model_copy(
            update={"evidence": evidence, "attributes": attributes, "span": parent.span, "links": parent.links}
        )
        return
    exclusive = facet.cardinality == "single" or facet.type == "tree"  # else several labels hold side by side
    measured = [one for one in same if one.status in ("observed", "human", "provided")] if exclusive else []
    if measured:
        against = f"{measured[0].facet} is {measured[0].claim}, not {unit.claim}"
        claims.defects.append(Defect(kind="contradicts what was measured", place=measured[0].id, what=against))
    if facet.cardinality == "multi":
        links = Links(contradicts=tuple(one.id for one in measured))
        items[unit.id] = unit.model_copy(update={"links": links})
    elif not measured:
        for one in same:
            del items[one.id]
        items[unit.id] = unit


def _ancestors(unit: Unit) -> tuple[str, ...]:
    try:
        return vocabulary.ancestors(unit.facet, unit.label) if unit.label is not None else ()
    except UnknownComponent:
        return ()


def _meet(one: Unit, other: Unit) -> bool:
    if one.span.is_instant or other.span.is_instant:
        return one.span == other.span or one.span.overlaps(other.span)
    return one.span.overlap_s(other.span) > 0


def _level(facet: Facet, task: LabelTask) -> Level:
    return facet.levels[0] if task.level == "video" else task.level


def _quoted(quote: str, board: Storyboard) -> Evidence | None:
    """Return the evidence of a quote, if it was said or shown."""
    wanted = normalised(quote)
    if not wanted:
        return None
    for one in board.transcript.screen:
        if f" {wanted} " in f" {normalised(one.text)} ":
            return OcrEvidence(quote=quote, box=one.region.box, at_s=one.span.start_s)
    words = [(part, word) for word in board.transcript.words for part in normalised(word.text).split()]
    size = len(wanted.split())
    for first in range(len(words) - size + 1):
        run = words[first : first + size]
        if [part for part, _ in run] == wanted.split():
            return AsrEvidence(quote=quote, span=Span.of(run[0][1].start_s, max(run[0][1].start_s, run[-1][1].end_s)))
    return None


def _beside(time_s: float, span: Span) -> bool:
    return span.start_s - NEAR_S <= time_s <= span.end_s + NEAR_S


def _number(value: Any) -> float | None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return seconds(value) if good else None
