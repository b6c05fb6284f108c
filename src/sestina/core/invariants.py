"""The rules every storyboard keeps, each a named problem with the id of the unit that breaks it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sestina.core import vocabulary
from sestina.core.errors import InvariantError, UnknownComponent
from sestina.core.evidence import (
    AsrEvidence,
    AudioEvidence,
    Box,
    Evidence,
    FrameEvidence,
    FramePairEvidence,
    MetricEvidence,
    OcrEvidence,
    RegionEvidence,
    SpanEvidence,
    UnitEvidence,
    holds,
)
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span

TILING = ("edit.shot", "narr.beat")
"""Facets whose units tile the video where there are any."""
FREE_LEVELS = ("overlay", "track", "frame")
"""Levels where several units of a single-cardinality facet may share time: each belongs to another thing."""


@dataclass(frozen=True)
class Problem:
    """One broken rule: its name, the unit (or "" for the document), and what is wrong."""

    rule: str
    unit_id: str
    message: str

    def __str__(self) -> str:
        return f"{self.unit_id or 'document'}: {self.rule}: {self.message}"


def problems(storyboard: Storyboard) -> list[Problem]:
    """Return every broken rule of the document, in the order of `RULES`; an empty list means valid."""
    return [problem for rule in RULES for problem in rule(storyboard)]


def check(storyboard: Storyboard) -> None:
    """Raise InvariantError, naming every problem, unless the document is valid."""
    found = problems(storyboard)
    if found:
        raise InvariantError([str(problem) for problem in found])


def _unique_ids(sb: Storyboard) -> Iterator[Problem]:
    for unit_id, count in Counter(unit.id for unit in sb.items).items():
        if count > 1:
            yield Problem("unique-id", unit_id, f"{count} units share this id")


def _in_vocabulary(sb: Storyboard) -> Iterator[Problem]:
    for unit in sb.items:
        try:
            facet = vocabulary.facet(unit.facet)
        except UnknownComponent:
            yield Problem("known-facet", unit.id, f"{unit.facet!r} is not in the vocabulary")
            continue
        if unit.dimension != facet.dimension:
            yield Problem("known-facet", unit.id, f"{unit.facet} belongs to {facet.dimension}, not {unit.dimension}")
        if unit.label is not None and not facet.is_label(unit.label):
            yield Problem("known-label", unit.id, f"{unit.facet} has no label {unit.label!r}")
        if unit.level not in facet.levels:
            yield Problem("known-level", unit.id, f"{unit.facet} is annotated on {facet.levels}, not {unit.level}")


def _says_something(sb: Storyboard) -> Iterator[Problem]:
    for unit in sb.items:
        says = unit.label is not None or unit.text is not None or unit.value is not None
        if unit.status == "abstain":
            if says:
                yield Problem("abstention", unit.id, "an abstaining unit carries no label, text or value")
            if not unit.reason:
                yield Problem("abstention", unit.id, "an abstaining unit says why")
        elif not says:
            yield Problem("claim", unit.id, "a unit carries a label, a text or a value")


def _has_evidence(sb: Storyboard) -> Iterator[Problem]:
    for unit in sb.items:
        if not unit.evidence and unit.status != "abstain":
            yield Problem("evidence", unit.id, "a unit that does not abstain has at least one evidence item")


def _times_inside(sb: Storyboard) -> Iterator[Problem]:
    whole = sb.media.span
    for unit in sb.items:
        for span in (unit.span, *_spans(unit.evidence)):
            if not whole.covers(span):
                yield Problem("time-inside", unit.id, f"[{span.start_s}, {span.end_s}) leaves the media {whole}")


def _spans(evidence: Sequence[Evidence]) -> Iterator[Span]:
    for item in evidence:
        match item:
            case MetricEvidence() | SpanEvidence() | AsrEvidence() | AudioEvidence():
                yield item.span
            case FrameEvidence() | OcrEvidence() | RegionEvidence():
                yield Span.at(item.at_s)
            case FramePairEvidence():
                yield from (Span.at(time) for time in item.at_s)


def _boxes_inside(sb: Storyboard) -> Iterator[Problem]:
    for unit in sb.items:
        for box in _boxes(unit):
            if box.x < 0 or box.y < 0 or box.x + box.w > 1.00002 or box.y + box.h > 1.00002:
                yield Problem("box-inside", unit.id, f"{box} leaves the picture")


def _boxes(unit: Unit) -> Iterator[Box]:
    if unit.region is not None:
        yield unit.region.box
        yield from (item.box for item in unit.region.track)
    for item in unit.evidence:
        if isinstance(item, RegionEvidence) or (isinstance(item, OcrEvidence) and item.box is not None):
            yield item.box  # type: ignore[misc]  # narrowed by the condition above


def _metrics_hold(sb: Storyboard) -> Iterator[Problem]:
    for unit in sb.items:
        for item in unit.evidence:
            if isinstance(item, MetricEvidence) and not holds(item.value, item.op, item.threshold):
                message = f"{item.reduce}({item.signal}) = {item.value} is not {item.op} {item.threshold}"
                yield Problem("metric-holds", unit.id, message)


def normalised(text: str) -> str:
    """Return `text` for comparing quotes: NFKC, case-folded, letters and digits with single spaces between."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _quotes_occur(sb: Storyboard) -> Iterator[Problem]:
    speech = f" {normalised(sb.transcript.speech)} "
    screen = [f" {normalised(text.text)} " for text in sb.transcript.screen]
    for unit in sb.items:
        for item in unit.evidence:
            if isinstance(item, AsrEvidence) and f" {normalised(item.quote)} " not in speech:
                yield Problem("quote-occurs", unit.id, f"nobody says {item.quote!r}")
            if isinstance(item, OcrEvidence) and not any(f" {normalised(item.quote)} " in text for text in screen):
                yield Problem("quote-occurs", unit.id, f"{item.quote!r} is not on screen")


def _tiles(sb: Storyboard) -> Iterator[Problem]:
    for facet in TILING:
        units = [u for u in sb.units(facet=facet) if u.status != "abstain"]
        if not units:
            continue
        if units[0].span.start_s != sb.media.span.start_s:
            yield Problem("tiling", units[0].id, f"{facet} leaves the start of the video uncovered")
        if units[-1].span.end_s != sb.media.span.end_s:
            yield Problem("tiling", units[-1].id, f"{facet} leaves the end of the video uncovered")
        for before, after in pairwise(units):
            if before.span.end_s != after.span.start_s:
                kind = "overlaps" if before.span.end_s > after.span.start_s else "leaves a gap after"
                yield Problem("tiling", after.id, f"{kind} {before.id}")


def _boundaries_on_joins(sb: Storyboard) -> Iterator[Problem]:
    joins = [after.span.start_s for _, after in pairwise(sb.shots)]
    edits = [u for u in sb.boundaries if u.label not in ("start", "end") and u.status != "abstain"]
    if not sb.shots:
        return
    limits = (sb.media.span.start_s, sb.media.span.end_s)  # a fade may join the first or last shot to nothing
    for unit in edits:
        if not any(unit.span.start_s <= join <= unit.span.end_s for join in (*joins, *limits)):
            yield Problem("boundary-join", unit.id, "no two shots are joined inside this boundary")
    for join, shot in zip(joins, sb.shots[1:], strict=True):
        if not any(unit.span.start_s <= join <= unit.span.end_s for unit in edits):
            yield Problem("boundary-join", shot.id, "no boundary says how this shot begins")


def _single_never_overlaps(sb: Storyboard) -> Iterator[Problem]:
    groups: dict[tuple[str, str], list[Unit]] = {}
    for unit in sb.canonical().items:
        if unit.level not in FREE_LEVELS and _is_single(unit.facet):
            groups.setdefault((unit.facet, unit.level), []).append(unit)
    for units in groups.values():
        reach = units[0]
        for after in units[1:]:
            if reach.span == after.span or reach.span.overlap_s(after.span) > 0:
                yield Problem("single", after.id, f"{after.facet} takes one label at a time; overlaps {reach.id}")
            reach = max(reach, after, key=lambda unit: unit.span.end_s)


def _is_single(facet_id: str) -> bool:
    try:
        return vocabulary.facet(facet_id).cardinality == "single"
    except UnknownComponent:
        return False


def _children_imply_parents(sb: Storyboard) -> Iterator[Problem]:
    """A unit that names its label's parent names the right one, and never denies it at the same time."""
    for unit in sb.items:
        named = unit.attributes.get("parent")
        if unit.label is None or named is None:
            continue
        try:
            above = vocabulary.ancestors(unit.facet, unit.label)
        except UnknownComponent:
            continue
        if named not in above:
            yield Problem("child-parent", unit.id, f"{unit.label!r} lies below {above}, not below {named!r}")


def _links_lead_somewhere(sb: Storyboard) -> Iterator[Problem]:
    ids = {unit.id for unit in sb.items}
    for unit in sb.items:
        linked = (*unit.links.supports, *unit.links.contradicts, *unit.links.children)
        cited = tuple(item.unit for item in unit.evidence if isinstance(item, UnitEvidence))
        for target in (*linked, *cited):
            if target not in ids:
                yield Problem("link", unit.id, f"points at {target}, which is not in the document")
        if unit.id in cited:
            yield Problem("link", unit.id, "cites itself as evidence")


RULES: tuple[Callable[[Storyboard], Iterator[Problem]], ...] = (
    _unique_ids, _in_vocabulary, _says_something, _has_evidence, _times_inside, _boxes_inside, _metrics_hold,
    _quotes_occur, _tiles, _boundaries_on_joins, _single_never_overlaps, _children_imply_parents,
    _links_lead_somewhere,
)  # fmt: skip
"""Every rule, cheap ones first."""
