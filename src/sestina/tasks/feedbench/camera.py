"""The camera: movement, scale and angle, wherever gold names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Judged, Score
from sestina.objective.distance import distance
from sestina.tasks.feedbench._task import FeedTask, answers, labels, mean, said

JUDGED = ("camera.movement", "camera.scale", "camera.pitch")
"""Facets in the score; tilt is level nearly always, and reported beside it."""


@tasks.register(
    "feedbench.camera",
    card=Card(
        summary="Movement, scale, angle and tilt over the spans for which gold names them, by tree and rank distance.",
    ),
)
class Camera(FeedTask):
    """The score is the similarity (1 less the label distance) of movement, scale and angle; silence counts 0.

    Every label of gold weighs the same, since most shots of most videos stand still.
    The labels one by one go into the record, so that a run shows macro-F1 and accuracy over coverage.
    """

    name = "feedbench.camera"
    facets = (*JUDGED, "camera.roll")
    prompt = "Say how the camera moves, how near it is, and from which angle it looks."

    def asks(self, gold: Storyboard) -> bool:
        """Return whether gold names a movement, a scale or an angle."""
        return any(said(gold, facet) for facet in JUDGED)

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the mean similarity over the facets that gold names."""
        parts: dict[str, float] = {}
        judged: list[Judged] = []
        for facet in self.facets:
            places = [_place(facet, board, list(units)) for units in _places(said(gold, facet))]
            if places:
                parts[f"{facet}.balanced"] = _balanced(places)
                parts[f"{facet}.similarity"] = fmean(place.similarity for place in places)
                parts[f"{facet}.accuracy"] = fmean(place.exact for place in places)
                parts[f"{facet}.coverage"] = fmean(place.answered for place in places)
                judged += [one for place in places for one in place.judged]
        value = mean(parts, [f"{facet}.balanced" for facet in JUDGED])
        return Score(value=value, parts=parts, judged=tuple(judged))


@dataclass(frozen=True)
class _Place:
    """One span, gold's labels of it, and how well the answer's labels there fit."""

    labels: tuple[str, ...]
    similarity: float
    exact: bool
    answered: bool
    judged: tuple[Judged, ...]


def _balanced(places: Sequence[_Place]) -> float:
    """Return the mean similarity, each of gold's labels (or sets of labels) weighing the same."""
    groups: dict[tuple[str, ...], list[float]] = {}
    for place in places:
        groups.setdefault(place.labels, []).append(place.similarity)
    return fmean(fmean(found) for found in groups.values())


def _places(units: Sequence[Unit]) -> Iterator[Iterator[Unit]]:
    """Yield gold's units in groups that share a span: a movement may have several labels at once."""
    for _, group in groupby(units, key=lambda unit: unit.span):
        yield group


def _place(facet: str, board: Storyboard, gold: Sequence[Unit]) -> _Place:
    units = answers(board, facet, gold[0].span)
    true, found = labels(gold), labels(units)
    similarity = 1.0 - distance(facet, true, found) if found else 0.0
    sure = max((unit.confidence for unit in units), default=0.0)
    judged = tuple(
        Judged(facet=facet, gold=label, said=_nearest(facet, label, found), confidence=sure) for label in true
    )
    return _Place(true, similarity, set(true) == set(found), bool(found), judged)


def _nearest(facet: str, label: str, found: Sequence[str]) -> str | None:
    known = [name for name in found if vocabulary.is_label(facet, name)]
    return min(known, key=lambda name: distance(facet, label, name), default=None)
