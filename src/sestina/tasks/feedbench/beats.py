"""Narrative beats: how the video is divided, and what each part does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from statistics import fmean

from sestina.core.card import Card
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Judged, Score
from sestina.objective.boundaries import f1
from sestina.tasks.feedbench._pairs import best_pairs
from sestina.tasks.feedbench._task import FeedTask, answers, labels, mean, said

BEAT = "narr.beat"
IOUS = (0.3, 0.5, 0.7)
"""Temporal IoU from which on a beat counts as found, as in temporal action localisation."""


@tasks.register(
    "feedbench.beats",
    card=Card(
        summary="Beats one to one by temporal IoU and label: F1 at 0.3, 0.5 and 0.7, and how far boundaries lie off.",
        source="Heilbron et al., 'ActivityNet', 2015 (thresholds on temporal IoU)",
    ),
)
class Beats(FeedTask):
    """The score is the mean F1 over the three thresholds, a beat counting with its right label only."""

    name = "feedbench.beats"
    facets = (BEAT,)
    prompt = "Divide the whole video into narrative beats without gap or overlap, and name each."

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the mean F1 over the thresholds."""
        true, found = said(gold, BEAT), said(board, BEAT)
        parts: dict[str, float] = {}
        for least in IOUS:
            parts |= _matched(f"f1@{least}", true, found, partial(alike, least=least, by_label=True))
        parts |= _matched("span_f1@0.5", true, found, partial(alike, least=0.5, by_label=False))
        errors = _boundary_errors_s(true, found)
        if errors:
            parts["boundary_error_s"] = fmean(errors)
        judged = tuple(_judged(board, unit) for unit in true)
        return Score(value=mean(parts, [f"f1@{least}" for least in IOUS]), parts=parts, judged=judged)


def alike(one: Unit, other: Unit, *, least: float, by_label: bool) -> float:
    """Return the temporal IoU of two beats, 0 below `least` or, `by_label`, where their labels differ."""
    shared = one.span.iou(other.span)
    return shared if shared >= least and (not by_label or one.label == other.label) else 0.0


def _matched(name: str, true: Sequence[Unit], found: Sequence[Unit], similar: partial[float]) -> dict[str, float]:
    hits = len(best_pairs(true, found, similar))
    return {name: f1(hits, len(true) - hits, len(found) - hits)}


def _boundary_errors_s(true: Sequence[Unit], found: Sequence[Unit]) -> list[float]:
    """Return how far each inner boundary of gold lies from the nearest one found, seconds."""
    given = [unit.span.start_s for unit in found[1:]]
    return [min(abs(unit.span.start_s - at_s) for at_s in given) for unit in true[1:]] if given else []


def _judged(board: Storyboard, unit: Unit) -> Judged:
    found = answers(board, BEAT, unit.span)
    label = next(iter(labels(found)), None)
    return Judged(facet=BEAT, gold=unit.claim, said=label, confidence=max((u.confidence for u in found), default=0.0))
