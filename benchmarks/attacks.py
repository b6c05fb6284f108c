"""Ways to score without having looked at the video; each makes a storyboard for a gold out of what is known blindly.

An attack knows the gold's media facts (a file says them), the vocabulary, and the other golds of the corpus; the two
that move or multiply the gold's own units are there to show what a matcher alone would pay for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import numpy as np

from sestina.core import vocabulary
from sestina.core.evidence import FrameEvidence
from sestina.core.storyboard import Producer, Storyboard, Unit
from sestina.core.time import Span

PRODUCER = Producer(kind="model", name="attack")
COPIES = 10
STUFFED = 40
CONFETTI_S = 0.1


class Corpus:
    """Golds that belong together, and what they say facet by facet."""

    def __init__(self, boards: Sequence[Storyboard]) -> None:
        self.boards = boards

    @cached_property
    def by_facet(self) -> dict[str, list[tuple[int, list[Unit]]]]:
        """Facet to the number of every gold that speaks of it, with its units."""
        found: dict[str, list[tuple[int, list[Unit]]]] = {}
        for number, board in enumerate(self.boards):
            for name, units in groupby(sorted(said(board), key=_facet), key=_facet):
                found.setdefault(name, []).append((number, list(units)))
        return found


@dataclass(frozen=True)
class Case:
    """One gold of a corpus under attack, and a source of randomness."""

    corpus: Corpus
    number: int
    rng: np.random.Generator

    @property
    def gold(self) -> Storyboard:
        """The gold."""
        return self.corpus.boards[self.number]

    @property
    def others(self) -> list[Storyboard]:
        """The other golds."""
        return [board for number, board in enumerate(self.corpus.boards) if number != self.number]

    @property
    def genre(self) -> str:
        """The gold's genre, empty where it declares none."""
        return genre(self.gold)

    @property
    def facets(self) -> list[str]:
        """The facets that gold speaks of; an attacker knows the scope."""
        return sorted({unit.facet for unit in said(self.gold)})


def genre(board: Storyboard) -> str:
    """Return the genre that a storyboard declares, empty where none."""
    return str(board.provenance.settings.get("genre", ""))


def _facet(unit: Unit) -> str:
    return unit.facet


def said(board: Storyboard) -> list[Unit]:
    """Return the units that do not abstain."""
    return [unit for unit in board.items if unit.status != "abstain"]


def with_units(gold: Storyboard, units: Iterable[Unit]) -> Storyboard:
    """Return a document about the gold's video with other units, each under an id of its own."""
    renamed = [unit.model_copy(update={"id": f"{unit.facet}/{k}"}) for k, unit in enumerate(units)]
    return gold.model_copy(update={"items": tuple(renamed)})


def empty(case: Case) -> Storyboard:
    """Say nothing."""
    return with_units(case.gold, ())


def abstaining(case: Case) -> Storyboard:
    """Abstain on every facet."""
    whole = case.gold.media.span
    units = [_unit(name, whole, status="abstain", reason="not sure") for name in case.facets]
    return with_units(case.gold, units)


def one_unit(case: Case) -> Storyboard:
    """One shot over the whole video, and nothing else."""
    return with_units(case.gold, [_unit("edit.shot", case.gold.media.span, label="shot")])


def constant(case: Case) -> Storyboard:
    """For every facet what the corpus says most often (numbers: the median), once, over the whole video."""
    whole = case.gold.media.span
    return with_units(case.gold, [_unit(name, whole, **_usual(name, case)) for name in case.facets])


def every_label(case: Case) -> Storyboard:
    """Every label of every facet, each over the whole video."""
    whole = case.gold.media.span
    labels = [(name, label) for name in case.facets for label in vocabulary.facet(name).labels]
    return with_units(case.gold, [_unit(name, whole, label=label) for name, label in labels])


def hedged(case: Case) -> Storyboard:
    """At the gold's own times, every label of the facet at once."""
    units = []
    for unit in said(case.gold):
        labels = vocabulary.facet(unit.facet).labels
        units += [unit.model_copy(update={"label": label}) for label in labels] or [_without_value(unit)]
    return with_units(case.gold, units)


def tenfold(case: Case) -> Storyboard:
    """The gold, every unit ten times."""
    return with_units(case.gold, [unit for unit in said(case.gold) for _ in range(COPIES)])


def shuffled(case: Case) -> Storyboard:
    """The gold's units with their spans dealt out anew."""
    units = said(case.gold)
    order = case.rng.permutation(len(units))
    return with_units(
        case.gold, [unit.model_copy(update={"span": units[k].span}) for unit, k in zip(units, order, strict=True)]
    )


def other_video(case: Case) -> Storyboard:
    """The storyboard of a video of another genre."""
    return with_units(case.gold, said(_pick(case, same=False)))


def neighbour(case: Case) -> Storyboard:
    """The storyboard of another video of the same genre."""
    return with_units(case.gold, said(_pick(case, same=True)))


def stretched(case: Case) -> Storyboard:
    """The storyboard of another video of the same genre, stretched to this one's length."""
    return with_units(case.gold, _stretched(_pick(case, same=True), case.gold.media.span))


def stuffed(case: Case) -> Storyboard:
    """The storyboard of a video of another genre, forty items of evidence on every unit."""
    other = other_video(case)
    proof = tuple(FrameEvidence(at_s=0.0) for _ in range(STUFFED))
    return with_units(case.gold, [unit.model_copy(update={"evidence": proof}) for unit in other.items])


def confetti(case: Case) -> Storyboard:
    """For every facet its usual label in pieces of a tenth of a second, over the whole video."""
    whole = case.gold.media.span
    starts = np.arange(whole.start_s, whole.end_s - CONFETTI_S, CONFETTI_S).tolist()
    said_usually = {name: _usual(name, case) for name in case.facets}
    pieces = [(name, Span.of(start, start + CONFETTI_S)) for name in case.facets for start in starts]
    return with_units(case.gold, [_unit(name, span, **said_usually[name]) for name, span in pieces])


def safe_facts(case: Case) -> Storyboard:
    """Only facts about the whole video, as most of the corpus has them."""
    names = [name for name in case.facets if vocabulary.facet(name).levels[0] == "video"]
    whole = case.gold.media.span
    return with_units(case.gold, [_unit(name, whole, **_usual(name, case)) for name in names])


def metronome(case: Case) -> Storyboard:
    """A storyboard for no video in particular: every facet as often as usual, evenly spread, with its usual label."""
    whole = case.gold.media.span
    units = []
    for name in case.facets:
        usual, count = _usual(name, case), _usual_count(name, case)
        if _is_instant(name, case):
            spans = [Span.at(at) for at in np.linspace(whole.start_s, whole.end_s, count + 2)[1:-1].tolist()]
        else:
            bounds = np.linspace(whole.start_s, whole.end_s, count + 1).tolist()
            spans = [Span.of(start, end) for start, end in pairwise(bounds)]
        units += [_unit(name, span, **usual) for span in spans]
    return with_units(case.gold, units)


ATTACKS: dict[str, Callable[[Case], Storyboard]] = {
    "empty document": empty,
    "one unit spanning everything": one_unit,
    "every label everywhere": every_label,
    "every unit ten times": tenfold,
    "shuffled times": shuffled,
    "another video": other_video,
    "neighbour of the same genre": neighbour,
    "neighbour, stretched to fit": stretched,
    "the usual label of every facet": constant,
    "metronome: usual labels, evenly spread": metronome,
    "safe facts about the whole video": safe_facts,
    "confetti: usual labels in tiny pieces": confetti,
    "every label at the true times": hedged,
    "abstaining everywhere": abstaining,
    "another video, stuffed with evidence": stuffed,
}
"""Name to attack, in the order of the table."""


def _unit(facet_id: str, span: Span, **fields: Any) -> Unit:
    facet = vocabulary.facet(facet_id)
    known = {"evidence": (FrameEvidence(at_s=span.start_s),), "status": "inferred", "confidence": 1.0}
    return Unit(
        id=facet_id, dimension=facet.dimension, facet=facet_id, level=facet.levels[0], span=span, producer=PRODUCER,
        **{**known, **fields},
    )  # fmt: skip


def _of_facet(name: str, case: Case) -> list[list[Unit]]:
    """Return what the other golds say, each by itself; what gold says where nobody else does."""
    every = case.corpus.by_facet[name]
    return [units for number, units in every if number != case.number] or [units for _, units in every]


def _usual(name: str, case: Case) -> dict[str, Any]:
    units = [unit for units in _of_facet(name, case) for unit in units]
    facet = vocabulary.facet(name)
    if facet.type == "num":
        return {"value": median(unit.value for unit in units if unit.value is not None), "unit": facet.unit}
    told = Counter((unit.label, unit.text) for unit in units).most_common(1)[0][0]
    return {key: value for key, value in zip(("label", "text"), told, strict=True) if value is not None}


def _usual_count(name: str, case: Case) -> int:
    return max(1, round(median(len(units) for units in _of_facet(name, case))))


def _is_instant(name: str, case: Case) -> bool:
    spans = [unit.span for units in _of_facet(name, case) for unit in units]
    return sum(span.is_instant for span in spans) > len(spans) / 2


def _pick(case: Case, *, same: bool) -> Storyboard:
    """Return another gold of the same genre or of another; where none is declared, every other is of another."""
    found = [board for board in case.others if (genre(board) == case.genre != "") == same]
    return found[int(case.rng.integers(len(found)))] if found else with_units(case.gold, ())


def _stretched(other: Storyboard, whole: Span) -> list[Unit]:
    factor = whole.duration_s / max(other.media.span.duration_s, 1e-6)
    moved = []
    for unit in said(other):
        start, end = unit.span.start_s - other.media.span.start_s, unit.span.end_s - other.media.span.start_s
        span = Span.of(whole.start_s + start * factor, whole.start_s + end * factor)
        moved.append(unit.model_copy(update={"span": span}))
    return moved


def _without_value(unit: Unit) -> Unit:
    return unit.model_copy(update={"value": 0.0} if unit.value is not None else {"text": "unknown"})
