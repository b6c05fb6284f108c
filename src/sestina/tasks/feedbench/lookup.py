"""Answering a structure question from a storyboard: read off what it says there, and take the option nearest to it."""

from __future__ import annotations

from sestina.core import vocabulary
from sestina.core.exchange import Question
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.objective.distance import distance
from sestina.tasks.feedbench._task import answers


def look_up(board: Storyboard, question: Question) -> int | None:
    """Return the index of the option that the storyboard supports most; None where it says nothing that fits."""
    facet = question.facets[0]
    span = question.span or Span.of(board.media.span.start_s, board.media.span.end_s)
    support = [0.0] * len(question.options)
    for unit in answers(board, facet, span):
        if unit.label is None or not vocabulary.is_label(facet, unit.label):
            continue
        for index, option in enumerate(question.options):
            fits = (1.0 - distance(facet, unit.label, option)) * max(unit.confidence, 0.01)
            support[index] = max(support[index], fits)
    best = max(support, default=0.0)
    return support.index(best) if best > 0 else None
