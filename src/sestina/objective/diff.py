"""What changed between two storyboards of one video: two edits, two annotators, two versions of a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, NamedTuple

from sestina.core import vocabulary
from sestina.core.facet import Facet
from sestina.core.storyboard import Storyboard, Unit
from sestina.objective.claims import Claim, claim_of
from sestina.objective.matching import match

Kind = Literal["added", "removed", "moved", "relabelled", "moved and relabelled"]

SAME_MOMENT = 0.5
"""Temporal intersection over union from which on two units that say different things are one unit, relabelled."""


@dataclass(frozen=True, slots=True)
class Change:
    """One unit that is not the same in both documents: as it was, as it is; None where it is not there."""

    before: Unit | None
    after: Unit | None

    @property
    def unit(self) -> Unit:
        """The unit as it is, or as it was where it is gone. Raises ValueError where neither is there."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change has a unit before or after")
        return found

    @property
    def kind(self) -> Kind:
        """What happened to it; a changed place in the picture is a move as well."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        moved = (self.before.span, self.before.region) != (self.after.span, self.after.region)
        if _words(self.before) == _words(self.after):
            return "moved"
        return "moved and relabelled" if moved else "relabelled"


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed, in order of time, and how many units did not."""

    changes: tuple[Change, ...]
    same: int

    def counts(self) -> dict[str, int]:
        """Return how many changes of each kind there are."""
        return dict(Counter(change.kind for change in self.changes))

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain JSON values."""
        return {"same": self.same, "counts": self.counts(), "changes": [_row(change) for change in self.changes]}


def diff(before: Storyboard, after: Storyboard) -> Difference:
    """Return which units were added, removed, moved or relabelled from one document to the other.

    Within a facet equal units are paired first, then those that still share time and meaning (as in the objective),
    then those of the same moment whatever they say. Ids, confidence, evidence and attributes are not compared.
    """
    book = vocabulary.load()
    changes: list[Change] = []
    same = 0
    ours, theirs = _by_facet(before, book), _by_facet(after, book)
    for name in sorted({*ours, *theirs}):
        one, other = ours.get(name, []), theirs.get(name, [])
        rest = _unequal(one, other)
        same += len(one) - len(rest[0])
        changes += _changes(book.facet(name) if name in book else None, *rest)
    return Difference(tuple(sorted(changes, key=lambda change: change.unit.order)), same)


class _Said(NamedTuple):
    claim: Claim
    unit: Unit


def _by_facet(board: Storyboard, book: vocabulary.Vocabulary) -> dict[str, list[_Said]]:
    said = sorted((_Said(claim_of(unit, book), unit) for unit in board.items), key=lambda one: one.unit.order)
    by_name = sorted(said, key=lambda one: one.unit.facet)
    return {name: list(group) for name, group in groupby(by_name, key=lambda one: one.unit.facet)}


def _unequal(ours: Sequence[_Said], theirs: Sequence[_Said]) -> tuple[list[_Said], list[_Said]]:
    """Return what is left of both lists when equal units are taken out, one for one."""
    spare = Counter(_key(one) for one in theirs)
    left = []
    for one in ours:
        if spare[_key(one)] > 0:
            spare[_key(one)] -= 1
        else:
            left.append(one)
    added = []
    for one in reversed(theirs):
        if spare[_key(one)] > 0:
            spare[_key(one)] -= 1
            added.append(one)
    return left, added[::-1]


def _key(one: _Said) -> tuple[object, ...]:
    return (*one.claim[:2], _words(one.unit), one.unit.region, one.claim.level)


def _changes(facet: Facet | None, ours: list[_Said], theirs: list[_Said]) -> Iterator[Change]:
    if facet is not None:
        for blind in (False, True):
            pairs = match(facet, [_seen(one, blind) for one in ours], [_seen(one, blind) for one in theirs])
            kept = [pair for pair in pairs if not blind or pair.temporal >= SAME_MOMENT]
            yield from (Change(ours[pair.first].unit, theirs[pair.second].unit) for pair in kept)
            taken, found = {pair.first for pair in kept}, {pair.second for pair in kept}
            ours = [one for k, one in enumerate(ours) if k not in taken]
            theirs = [one for k, one in enumerate(theirs) if k not in found]
    yield from (Change(one.unit, None) for one in ours)
    yield from (Change(None, one.unit) for one in theirs)


def _seen(one: _Said, blind: bool) -> Claim:
    """Return the claim, without what it says where that must not matter."""
    return one.claim._replace(value=None, words=None) if blind else one.claim


def _words(unit: Unit) -> tuple[object, ...]:
    return unit.label, unit.text, unit.value, unit.status == "abstain"


def _row(change: Change) -> dict[str, Any]:
    sides = {"before": change.before, "after": change.after}
    return {
        "kind": change.kind,
        "facet": change.unit.facet,
        **{name: None if unit is None else _brief(unit) for name, unit in sides.items()},
    }


def _brief(unit: Unit) -> dict[str, Any]:
    said = {"label": unit.label, "text": unit.text, "value": unit.value, "status": unit.status}
    span = {"start_s": unit.span.start_s, "end_s": unit.span.end_s}
    return {"id": unit.id, "span": span, **{name: value for name, value in said.items() if value is not None}}
