"""A storyboard as the objective sees it: one flat claim a unit, so that comparing is cheap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sestina.core import vocabulary
from sestina.core.invariants import Problem
from sestina.core.storyboard import Storyboard, Transcript, Unit
from sestina.core.time import Span

Box4 = tuple[float, float, float, float]
"""Left, top, width, height, in fractions of the picture."""

TEXT_LIMIT = 2_000
"""Characters of a text that are compared; the rest is cut off, and said so."""
NOWHERE = Span.at(0)


class Claim(NamedTuple):
    """What one unit says, where and when.

    `value` is what the facet's type compares (label, text or number; None where the unit has nothing of that type);
    `words` and `number` are its text and value as they stand, `box` is its place.
    """

    start_s: float
    end_s: float
    facet: str
    id: str
    value: str | float | None
    words: str | None
    number: float | None
    box: Box4 | None
    level: str
    abstains: bool


@dataclass(frozen=True)
class Document:
    """A storyboard read for scoring.

    Args:
        claims: what its readable units say, in order of time, facet and id.
        units: the units that passed the schema; quality looks at their evidence.
        video: the span of its video; an instant where that could not be read.
        transcript: what its quotes are looked up in.
        count: units in the document, read or not.
        unread: units of which no claim could be made out.
        beyond: facet id to units beyond `UNIT_LIMIT`, which are counted and not read.
        problems: what was wrong with form.
        failure: why the document as a whole could not be read; empty where it could.
        scope: facets that the document declares it examined, None where it declares nothing.
    """

    claims: tuple[Claim, ...] = ()
    units: tuple[Unit, ...] = ()
    video: Span = NOWHERE
    transcript: Transcript = Transcript()
    count: int = 0
    unread: int = 0
    beyond: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    failure: str = ""
    scope: frozenset[str] | None = None

    def by_facet(self, inside: Callable[[str], bool]) -> dict[str, list[Claim]]:
        """Return the claims of known facets in scope by facet, those that abstain left out."""
        book = vocabulary.load()
        groups: dict[str, list[Claim]] = {}
        for claim in self.claims:
            if not claim.abstains and claim.facet in book and inside(claim.facet):
                groups.setdefault(claim.facet, []).append(claim)
        return groups

    @cached_property
    def silent(self) -> dict[str, list[Claim]]:
        """The claims that abstain, by facet."""
        groups: dict[str, list[Claim]] = {}
        for claim in self.claims:
            if claim.abstains:
                groups.setdefault(claim.facet, []).append(claim)
        return groups


def from_board(board: Storyboard) -> Document:
    """Return the claims of a parsed storyboard."""
    book = vocabulary.load()
    claims = sorted((claim_of(unit, book) for unit in board.items), key=order)
    return Document(
        claims=tuple(claims), units=board.items, video=board.media.span, transcript=board.transcript,
        count=len(board.items),
    )  # fmt: skip


def order(claim: Claim) -> tuple[float, float, str, str]:
    """Key of the order in which claims are kept: start, end, facet, id."""
    return claim[:4]


def claim_of(unit: Unit, book: vocabulary.Vocabulary) -> Claim:
    """Return what a parsed unit says; `book` tells its facet's type."""
    span = unit.span
    box = None
    if unit.region is not None:
        found = unit.region.box
        box = (found.x, found.y, found.w, found.h)
    words = cut(unit.text)
    value = value_of(book, unit.facet, unit.label, words, unit.value)
    return Claim(
        span.start_s, span.end_s, unit.facet, unit.id, value, words, unit.value, box, unit.level,
        unit.status == "abstain",
    )  # fmt: skip


def value_of(
    book: vocabulary.Vocabulary, facet_id: str, label: str | None, text: str | None, number: float | None
) -> str | float | None:
    """Return what the facet's type compares."""
    kind = book.facet(facet_id).type if facet_id in book else ""
    if kind == "num":
        return number
    if kind == "text":
        return text if text is not None else label
    if kind == "bool" and label is None and number is not None:
        return "true" if number else "false"
    return label


def cut(text: str | None) -> str | None:
    """Return as much of a text as is compared."""
    return text if text is None or len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT]
