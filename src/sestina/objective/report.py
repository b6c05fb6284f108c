"""What a score is made of, down to which unit answered which: plain frozen values, JSON-ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sestina.core.invariants import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetScore:
    """One facet: the soft F1 of its units, before chance is taken off.

    Args:
        score: 2 * matched / (predicted + gold), in [0, 1].
        precision, recall: matched / predicted and matched / gold; 0 where there are none.
        matched: total similarity of the matching.
        predicted, gold: how many units either document has.
        dimension: the facet's dimension.
        chance: the score that the storyboard of another video gets on average.
    """

    score: float
    precision: float
    recall: float
    matched: float
    predicted: int
    gold: int
    dimension: str
    chance: float


@dataclass(frozen=True, slots=True)
class Match:
    """A predicted unit and the gold unit it answers: their similarity and its three factors, all in [0, 1]."""

    pred_id: str
    gold_id: str
    facet: str
    similarity: float
    temporal: float
    label: float
    region: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What is taken off for bad form: named rates in [0, 1], and their weighted sum cut at 1."""

    total: float
    rates: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReport:
    """How good a predicted storyboard is, and why.

    Args:
        score: max(0, structure - lambda * quality.total), in [0, 1].
        structure: weighted mean over dimensions.
        quality: what bad form costs.
        dimensions: dimension to its score; those that neither document speaks of are left out.
        facets: facet id to its score, in the order of ids.
        matches: which unit answered which, pairs without any similarity left out.
        unmatched_pred, unmatched_gold: ids of the units that found nobody, in order of time.
        problems: everything wrong with the prediction, each with a rule, a unit's id and a message; units of gold whose
            facet nobody knows come last.
        reason: why the score is what it is where no matching was possible; empty otherwise.
    """

    score: float
    structure: float
    quality: Quality
    dimensions: Mapping[str, float]
    facets: Mapping[str, FacetScore]
    matches: tuple[Match, ...]
    unmatched_pred: tuple[str, ...]
    unmatched_gold: tuple[str, ...]
    problems: tuple[Problem, ...]
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON values; all numbers are finite."""
        return {
            "score": self.score,
            "structure": self.structure,
            "quality": {"total": self.quality.total, "rates": dict(self.quality.rates)},
            "dimensions": dict(self.dimensions),
            "facets": {name: asdict(facet) for name, facet in self.facets.items()},
            "matches": [asdict(match) for match in self.matches],
            "unmatched_pred": list(self.unmatched_pred),
            "unmatched_gold": list(self.unmatched_gold),
            "problems": [asdict(problem) for problem in self.problems],
            "reason": self.reason,
        }
