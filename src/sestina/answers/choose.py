"""Multiple choice without a model: the options are read as labels, and the one the storyboard supports is taken."""

from __future__ import annotations

from sestina.answers.passages import cited
from sestina.answers.reading import Asked
from sestina.answers.words import name_of, phrases, said
from sestina.core import vocabulary
from sestina.core.exchange import Answer
from sestina.core.facet import Facet
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.objective.distance import distance

LEAST_KNOWN = 0.5
"""Share of the options that must be labels of a facet for it to be the one asked about."""
NEAR_S = 0.25
LEAST_SUPPORT = 0.05
"""Support below which the storyboard says nothing about the options."""


def chosen(board: Storyboard, asked: Asked) -> Answer:
    """Return the option that the storyboard supports most, or an abstention that says what was looked at."""
    facet, labels = _meant(asked)
    if facet is None:
        return Answer(text="I cannot tell: the options are no labels that I know.", abstained=True)
    span = asked.span or board.media.span
    support: list[tuple[float, Unit | None]] = [(0.0, None)] * len(labels)
    for unit in board.units(facet=facet.id):
        if unit.label is None or unit.status == "abstain" or not (closeness := _closeness(unit, span)):
            continue
        for index, label in enumerate(labels):
            if label is not None:
                fits = (1 - distance(facet, unit.label, label)) * max(unit.confidence, 0.01) * closeness
                support[index] = max(support[index], (fits, unit), key=lambda one: one[0])
    best = max(range(len(labels)), key=lambda index: support[index][0])
    worth, holder = support[best]
    if holder is None or worth < LEAST_SUPPORT:
        return Answer(text=f"I cannot tell: the storyboard says nothing of {name_of(facet.id)} there.", abstained=True)
    return Answer(text=asked.options[best], choice=best, spans=(holder.span,), citations=(cited(holder),))


def _meant(asked: Asked) -> tuple[Facet | None, tuple[str | None, ...]]:
    """Return the facet whose labels the options are, the one spoken of first, and each option's label."""
    spoken = [vocabulary.facet(name) for meant in asked.topics for name, _ in meant.topics]
    for facets in (spoken, vocabulary.facets()):
        for facet in facets:
            labels = tuple(_label(facet, option) for option in asked.options)
            if sum(label is not None for label in labels) >= LEAST_KNOWN * len(labels) > 0:
                return facet, labels
    return None, ()


def _label(facet: Facet, option: str) -> str | None:
    plain = said(option.strip())
    names = {said(label): label for label in facet.labels}
    if plain in names:
        return names[plain]
    topics = phrases().get(plain.replace("-", " "), ())
    return next((label for name, label in topics if name == facet.id), None)


def _closeness(unit: Unit, span: Span) -> float:
    """Return how far a unit is about the time that was asked about, 0..1."""
    if span.is_instant or unit.span.is_instant:
        away_s = max(0.0, span.start_s - unit.span.end_s, unit.span.start_s - span.end_s)
        return max(0.0, 1 - away_s / NEAR_S) if away_s else 1.0
    return unit.span.overlap_s(span) / min(unit.span.duration_s, span.duration_s)
