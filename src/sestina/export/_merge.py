"""Corrections onto a storyboard: what a person changed becomes `human`, what cannot be applied is listed, never lost.

A correction is refused, with the reason, when the storyboard has changed since the export, when another person
corrected the unit before, when it speaks of nothing that is there, and when the document would break a rule with it.
Where a person moves an edge that shots or beats share, the neighbour's edge and the cut on it move along.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sestina.core import vocabulary
from sestina.core.correction import Correction, mark
from sestina.core.errors import UnknownComponent
from sestina.core.evidence import Evidence, RegionEvidence, SpanEvidence
from sestina.core.invariants import TILING, Problem, problems
from sestina.core.storyboard import Producer, Storyboard, Unit
from sestina.core.time import Span

JOINED = "edit.transition"
"""The facet whose instants lie on the edges of shots."""


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A correction that was not applied: where it stands, the unit's id or "", and why."""

    place: str
    unit: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.unit or 'new'}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class Merge:
    """The corrected storyboard, how many corrections say what was there already, and what was not applied."""

    board: Storyboard
    same: int
    conflicts: tuple[Conflict, ...]


@dataclass
class _Work:
    """Units by id as they shall be, None for removed ones, and the correction that each comes from."""

    board: Storyboard
    who: str
    tool: str
    overwrite: bool
    units: dict[str, Unit | None] = field(default_factory=dict)
    origin: dict[str, Correction] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    same: int = 0

    def refuse(self, correction: Correction, why: str) -> None:
        self.conflicts.append(Conflict(place=correction.place, unit=correction.unit or "", why=why))

    def result(self) -> Storyboard:
        """Return the board with what is wanted so far."""
        kept = [self.units.get(unit.id, unit) for unit in self.board.items]
        known = {unit.id for unit in self.board.items}
        added = [unit for unit_id, unit in self.units.items() if unit_id not in known]
        items = tuple(unit for unit in (*kept, *added) if unit is not None)
        return self.board.model_copy(update={"items": items}).canonical()


def merge(
    board: Storyboard, corrections: Iterable[Correction], *, who: str, tool: str, overwrite: bool = False
) -> Merge:
    """Return `board` with a person's corrections.

    Args:
        board: what they are merged onto.
        corrections: as an importer yields them.
        who: the person, named as the producer of what changed.
        tool: the format they come from.
        overwrite: apply also what contradicts a change made since the export, or another person.
    """
    work = _Work(board, who, tool, overwrite)
    known = {unit.id: unit for unit in board.items}
    for correction in corrections:
        _take(work, correction, known)
    _move_along(work)
    _obey(work)
    return Merge(board=work.result(), same=work.same, conflicts=tuple(work.conflicts))


def _take(work: _Work, correction: Correction, known: dict[str, Unit]) -> None:
    """Turn one correction into the unit that it wants, or refuse it."""
    try:
        facet = vocabulary.facet(correction.facet)
    except UnknownComponent as error:
        return work.refuse(correction, f"{error}; {error.hint}")
    unit = known.get(correction.unit) if correction.unit is not None else None
    if correction.unit is not None and unit is None:
        return work.refuse(correction, "the storyboard has no such unit")
    if correction.removed and unit is None:
        return work.refuse(correction, "it is removed, but no unit is named")
    if unit is not None and unit.facet != correction.facet:
        return work.refuse(correction, f"is of {unit.facet}, not of {correction.facet}: add a new one instead")
    if correction.label is not None and not facet.is_label(correction.label):
        return work.refuse(correction, f"{facet.id} has no label {correction.label!r}")
    wanted = None if correction.removed else _wanted(work, correction, unit)
    if unit is not None and wanted == unit:
        work.same += 1
        return None
    reason = None if unit is None or work.overwrite else _contested(work, correction, unit)
    if reason is not None:
        return work.refuse(correction, reason)
    unit_id = unit.id if unit is not None else wanted.id if wanted is not None else ""
    if unit_id in work.origin and work.units[unit_id] != wanted:
        return work.refuse(correction, f"{work.origin[unit_id].place} says something else of the same unit")
    work.units[unit_id], work.origin[unit_id] = wanted, correction
    return None


def _contested(work: _Work, correction: Correction, unit: Unit) -> str | None:
    """Return why a correction may not replace what the unit says now, or None."""
    if correction.mark is not None and correction.mark != mark(unit):
        return f"the storyboard has changed since the export: it says {unit.claim!r} over {_brief(unit.span)}"
    if unit.status == "human" and unit.producer.name != work.who:
        return f"{unit.producer.name} corrected it before: {unit.claim!r} over {_brief(unit.span)}"
    return None


def _wanted(work: _Work, correction: Correction, unit: Unit | None) -> Unit:
    """Return the unit as the file has it: the very same one when nothing differs."""
    says: dict[str, Any] = {
        name: value
        for name in ("label", "text", "value", "region")
        if (value := getattr(correction, name)) is not None
    }
    if unit is None:
        return _added(work, correction, says)
    near = all(
        abs(a - b) <= correction.slack_s
        for a, b in zip(_bounds(correction.span), _bounds(unit.span), strict=True)
    )
    span = unit.span if near else _snapped(correction, unit)
    attributes = {**unit.attributes, **dict(correction.attributes)}
    wanted = unit.model_copy(update={**says, "span": span, "attributes": attributes})
    return unit if wanted == unit else _signed(work, wanted, f"was {unit.claim} over {_brief(unit.span)}")


def _snapped(correction: Correction, unit: Unit) -> Span:
    """Return the span of a correction, each bound that was not moved as exact as it was."""
    pairs = zip(_bounds(correction.span), _bounds(unit.span), strict=True)
    start, end = (was if abs(now - was) <= correction.slack_s else now for now, was in pairs)
    return Span.of(start, max(start, end))


def _added(work: _Work, correction: Correction, says: dict[str, Any]) -> Unit:
    facet = vocabulary.facet(correction.facet)
    key = repr((correction.facet, says, correction.span, correction.attributes, work.who))
    unit = Unit(
        id=f"h-{hashlib.sha256(key.encode()).hexdigest()[:10]}",
        dimension=facet.dimension,
        facet=facet.id,
        level=correction.level or facet.levels[0],
        span=correction.span,
        confidence=1.0,
        status="human",
        producer=Producer(kind="human", name=work.who),
        attributes=dict(correction.attributes),
        **says,
    )
    return _signed(work, unit, "added")


def _signed(work: _Work, unit: Unit, note: str) -> Unit:
    """Return the unit as a person's word: their name, and the stretch or place they looked at as its evidence."""
    evidence: list[Evidence] = [SpanEvidence(span=unit.span, note=f"{note}; from {work.tool}")]
    if unit.region is not None:
        evidence.append(RegionEvidence(box=unit.region.box, at_s=unit.span.start_s))
    signed = {"status": "human", "producer": Producer(kind="human", name=work.who), "confidence": 1.0,
              "evidence": tuple(evidence), "reason": None}  # fmt: skip
    return unit.model_copy(update=signed)


def _move_along(work: _Work) -> None:
    """Move the edges that corrected shots, beats and cuts share with units nobody corrected."""
    before = {unit.id: unit for unit in work.board.items}
    # An edge that a new unit took over was not moved: a shot cut in two leaves the next one where it is.
    added = [unit for unit_id, unit in work.units.items() if unit is not None and unit_id not in before]
    held = {(_group(unit.facet), bound) for unit in added if _shares_edges(unit) for bound in _bounds(unit.span)}
    moved: dict[str, dict[float, float]] = defaultdict(dict)
    for unit_id, unit in work.units.items():
        old = before.get(unit_id)
        if unit is None or old is None or not (_shares_edges(old) and _shares_edges(unit)):
            continue
        group = _group(old.facet)
        for was, now in zip(_bounds(old.span), _bounds(unit.span), strict=True):
            if was != now and (group, was) not in held:
                moved[group][was] = now
    for unit in work.board.items:
        group = _group(unit.facet)
        if unit.id in work.units or not _shares_edges(unit) or not moved.get(group):
            continue
        start, end = (moved[group].get(bound, bound) for bound in _bounds(unit.span))
        if (start, end) != _bounds(unit.span) and start <= end:
            cause = next(one for one in work.origin.values() if _group(one.facet) == group)
            shifted = unit.model_copy(update={"span": Span.of(start, end)})
            work.units[unit.id] = _signed(work, shifted, f"moved along; was {_brief(unit.span)}")
            work.origin[unit.id] = cause


def _group(facet: str) -> str:
    """Return the facet whose edges a facet's units lie on: cuts lie on those of shots."""
    return "edit.shot" if facet == JOINED else facet


def _shares_edges(unit: Unit) -> bool:
    return unit.facet in TILING or (unit.facet == JOINED and unit.span.is_instant)


def _obey(work: _Work) -> None:
    """Take back what would break a rule that holds now, until no correction does."""
    accepted = {_key(problem) for problem in problems(work.board)}
    while work.units:
        fresh = [problem for problem in problems(work.result()) if _key(problem) not in accepted]
        blamed = dict(_blamed(work, fresh))
        if not blamed:
            return
        for unit_id, why in blamed.items():
            del work.units[unit_id]
            work.refuse(work.origin.pop(unit_id), why)


def _blamed(work: _Work, fresh: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield the corrected units that new problems come from: the one named, else all of its kind, else all."""
    groups = {unit.id: _group(unit.facet) for unit in work.board.items}
    for problem in fresh:
        if problem.unit_id in work.units:
            yield problem.unit_id, str(problem)
            continue
        group = groups.get(problem.unit_id, "")
        touched = [unit_id for unit_id, one in work.origin.items() if _group(one.facet) == group] or list(work.units)
        for unit_id in touched:
            yield unit_id, str(problem)


def _key(problem: Problem) -> tuple[str, str]:
    return problem.rule, problem.unit_id


def _bounds(span: Span) -> tuple[float, float]:
    return span.start_s, span.end_s


def _brief(span: Span) -> str:
    return f"{span.start_s:g}..{span.end_s:g} s"
