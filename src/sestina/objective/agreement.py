"""How far two annotators of the same videos agree: the objective over pairs, and a chance-corrected figure a facet."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sestina.core import vocabulary
from sestina.core.facet import Facet
from sestina.core.invariants import FREE_LEVELS
from sestina.core.storyboard import Storyboard
from sestina.objective.distance import distance
from sestina.objective.score import DEFAULT, ScoreConfig, score

STEP_S = 0.1
"""Seconds between the times at which labels are compared."""

Boards = Sequence[tuple[Storyboard, Storyboard]]
Labels = tuple[str, str]
"""What two annotators say at one time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetAgreement:
    """Agreement in one facet.

    Args:
        f1: soft F1 of the units of all pairs together, in [0, 1].
        units: units of both annotators together.
        alpha: Krippendorff's alpha of the labels over time, 1 perfect, 0 chance; None where the facet is no single
            label over time, or where all labels are one.
        samples: times at which both say something.
    """

    f1: float
    units: int
    alpha: float | None
    samples: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over pairs of documents: the mean structure score, every pair's, and the facets'."""

    mean: float
    pairs: tuple[float, ...]
    facets: dict[str, FacetAgreement]

    def to_dict(self) -> dict[str, Any]:
        """Return the agreement as plain JSON values."""
        facets = {name: asdict(facet) for name, facet in self.facets.items()}
        return {"mean": self.mean, "pairs": list(self.pairs), "facets": facets}


def agreement(pairs: Iterable[tuple[Storyboard, Storyboard]], config: ScoreConfig = DEFAULT) -> Agreement:
    """Return how far two annotators agree over the videos both have described.

    Neither is gold: each pair is scored both ways round, since an abstention counts for the gold side, and the mean is
    taken. Raises ValueError without any pair.
    """
    boards = list(pairs)
    if not boards:
        raise ValueError("agreement needs at least one pair of documents")
    scores = []
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one, other in boards:
        reports = (score(one, other, config), score(other, one, config))
        scores.append(sum(report.structure for report in reports) / 2)
        for report in reports:
            for name, facet in report.facets.items():
                sums[name][0] += facet.matched
                sums[name][1] += facet.predicted + facet.gold
    facets = {name: _facet(vocabulary.facet(name), boards, *sums[name]) for name in sorted(sums)}
    return Agreement(sum(scores) / len(scores), tuple(scores), facets)


def alpha(facet: Facet, pairs: Sequence[Labels]) -> float | None:
    """Return Krippendorff's alpha (2004) of two annotators' labels, 1 - observed / expected distance.

    The difference function is the facet's own distance, so that near misses count as near; for `nom` it is the nominal
    alpha. None where there are fewer than two pairs or all labels are one, so that nothing is expected to differ.
    """
    if len(pairs) < 2:
        return None
    said = Counter(label for pair in pairs for label in pair)
    total = said.total()
    expected = sum(n * m * distance(facet, a, b) for a, n in said.items() for b, m in said.items())
    if expected == 0:
        return None
    observed = sum(count * distance(facet, *pair) for pair, count in Counter(pairs).items()) / len(pairs)
    return 1 - observed / (expected / (total * (total - 1)))


def _facet(facet: Facet, boards: Boards, matched: float, units: float) -> FacetAgreement:
    sampled = [pair for one, other in boards for pair in _sampled(facet, one, other)]
    return FacetAgreement(
        f1=min(1.0, 2 * matched / units), units=round(units / 2), alpha=alpha(facet, sampled), samples=len(sampled)
    )


def _sampled(facet: Facet, one: Storyboard, other: Storyboard) -> list[Labels]:
    """Return what both say at every time of the grid at which both say something."""
    if facet.multi or facet.type in ("num", "text") or set(facet.levels) & set(FREE_LEVELS):
        return []
    first, second = _over_time(facet.id, one), _over_time(facet.id, other)
    return [(first[at], second[at]) for at in sorted(first.keys() & second.keys())]


def _over_time(facet_id: str, board: Storyboard) -> dict[int, str]:
    """Return the label at every step of the grid that lies inside a unit; instants have no time of their own."""
    found: dict[int, str] = {}
    for unit in board.units(facet=facet_id):
        if unit.label is not None:
            for step in range(math.ceil(unit.span.start_s / STEP_S), math.ceil(unit.span.end_s / STEP_S)):
                found[step] = unit.label
    return found
