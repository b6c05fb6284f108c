"""Labels of ordered scales from numbers that are known, and units that say why nothing is decided."""

from __future__ import annotations

from collections.abc import Sequence

from sestina.core import vocabulary
from sestina.core.evidence import ContextEvidence
from sestina.core.storyboard import Dimension, Level, Unit
from sestina.core.time import Span
from sestina.core.vocabulary import PREFIXES
from sestina.render.truth.made import PRODUCER, unit


def undecided(facet: str, number: int | str, level: Level, span: Span, reason: str) -> Unit:
    """Return the unit that says that gold leaves `facet` open here, and why; it is not scored."""
    dimension: Dimension = PREFIXES[facet.partition(".")[0]]
    return Unit(
        id=f"{facet}/{number}", dimension=dimension, facet=facet, level=level, span=span, confidence=0.0,
        status="abstain", producer=PRODUCER, reason=reason, evidence=(ContextEvidence(key="render", quote=reason),),
    )  # fmt: skip


def banded(
    facet: str,
    number: int | str,
    level: Level,
    span: Span,
    value: float,
    edges: Sequence[str | float],
    *,
    margin: float,
    absolute: bool = False,
) -> Unit:
    """Return the unit whose label is the band of `value`; one that decides nothing near an edge.

    Args:
        facet: an ordered facet with one label more than `edges`.
        number, level, span: of the unit.
        value: what is known.
        edges: names of the facet's thresholds, or numbers, rising.
        margin: how near to an edge nothing is decided, a share of the edge.
        absolute: whether `margin` is in the value's own unit instead.
    """
    limits = [vocabulary.threshold(facet, edge) if isinstance(edge, str) else edge for edge in edges]
    if any(abs(value - limit) < margin * (1 if absolute else abs(limit)) for limit in limits):
        return undecided(facet, number, level, span, f"{value:.4g} lies near a limit")
    label = vocabulary.facet(facet).labels[sum(value >= limit for limit in limits)]
    return unit(facet, number, level, span, label=label, attributes={"value": round(value, 5)})
