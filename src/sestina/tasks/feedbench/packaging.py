"""Packaging: what is laid over the picture, what it says, what it asks for, and whether it stands in the clear."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from statistics import fmean

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Judged, Score
from sestina.objective.boundaries import f1
from sestina.objective.distance import distance
from sestina.tasks.feedbench._pairs import best_pairs, box_iou, set_f1
from sestina.tasks.feedbench._task import FeedTask, labels, mean, said

KIND, TEXT, TARGET, SAFE = "diss.overlay.kind", "diss.overlay.text", "diss.cta.target", "diss.safe_area"
FIRST_CTA = "diss.cta.first_at"
IOU_MIN = 0.5
"""Temporal IoU from which on two overlays are the same."""


@tasks.register(
    "feedbench.packaging",
    card=Card(
        summary="Overlays matched in time and place: F1 by kind, character error rate, targets of calls, safe areas.",
        source="character error rate: Levenshtein distance (1966) over the length of the truth",
    ),
)
class Packaging(FeedTask):
    """The score is the mean of kinds, text, calls to action and safe areas, as far as gold holds them."""

    name = "feedbench.packaging"
    facets = (KIND, TEXT, TARGET, FIRST_CTA, SAFE)
    prompt = (
        "List every overlay with its kind, text, box and time, what the video asks the viewer to do, and which "
        "overlays a platform's own furniture covers."
    )

    def asks(self, gold: Storyboard) -> bool:
        """Return whether gold holds an overlay or a call to action."""
        return any(said(gold, facet) for facet in (KIND, TARGET, SAFE))

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the mean of what gold holds, part by part."""
        parts: dict[str, float] = {}
        judged: list[Judged] = []
        kinds = said(gold, KIND)
        if kinds:
            found = said(board, KIND)
            parts |= _matched("kind", kinds, found, partial(same_place, by_label=True))
            parts |= _matched("found", kinds, found, same_place)
            for i, j, _ in best_pairs(kinds, found, same_place):
                sure = found[j].confidence
                judged.append(Judged(facet=KIND, gold=kinds[i].claim, said=found[j].label, confidence=sure))
        parts |= _text_parts(texts(gold), texts(board))
        targets = labels(said(gold, TARGET))
        if targets:
            parts["cta_f1"] = set_f1(targets, labels(said(board, TARGET)))
        parts |= _first_cta(gold, board)
        safe = said(gold, SAFE)
        if safe:
            parts["safe_area"] = _safe(safe, said(board, SAFE))
        names = ("kind_f1", "text", "cta_f1", "safe_area")
        return Score(value=mean(parts, names), parts=parts, judged=tuple(judged))


def same_place(one: Unit, other: Unit, *, by_label: bool = False) -> float:
    """Return how much two overlays share time and place, 0 when too little of the time or nothing of the place."""
    shared, boxes = one.span.iou(other.span), box_iou(one, other)
    if shared < IOU_MIN or boxes == 0 or (by_label and one.label != other.label):
        return 0.0
    return shared * (1 + boxes) / 2


def _matched(
    name: str, gold: Sequence[Unit], found: Sequence[Unit], similarity: Callable[[Unit, Unit], float]
) -> dict[str, float]:
    hits = len(best_pairs(gold, found, similarity))
    missed, false = len(gold) - hits, len(found) - hits
    counts = {f"{name}.hits": float(hits), f"{name}.missed": float(missed), f"{name}.false": float(false)}
    return {f"{name}_f1": f1(hits, missed, false), **counts}


def texts(board: Storyboard) -> tuple[Unit, ...]:
    """Return the overlays that say something: those of `diss.overlay.kind`, else of `diss.overlay.text`."""
    for facet in (KIND, TEXT):
        found = tuple(unit for unit in said(board, facet) if plain(unit.text or ""))
        if found:
            return found
    return ()


def plain(text: str) -> str:
    """Return a text for comparing letter by letter: lower case, single spaces."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def edit_distance(one: str, two: str) -> int:
    """Return the edit distance (Levenshtein, 1966) of two strings."""
    row = list(range(len(two) + 1))
    for i, first in enumerate(one, 1):
        corner, row[0] = row[0], i
        for j, second in enumerate(two, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (first != second))
    return row[-1]


def _text_parts(gold: Sequence[Unit], found: Sequence[Unit]) -> dict[str, float]:
    """Return the character error rate over all true texts, one that was not found costing its whole length."""
    if not gold:
        return {}

    def alike(one: Unit, other: Unit) -> float:
        length = max(len(plain(one.text or "")), len(plain(other.text or "")))
        return one.span.iou(other.span) * (1 - edit_distance(plain(one.text or ""), plain(other.text or "")) / length)

    pairs = {i: j for i, j, _ in best_pairs(gold, found, alike)}
    wrong = letters = 0
    for i, unit in enumerate(gold):
        true = plain(unit.text or "")
        other = plain(found[pairs[i]].text or "") if i in pairs else ""
        letters += len(true)
        wrong += min(len(true), edit_distance(true, other))
    return {"cer": wrong / letters, "text": 1 - wrong / letters}


def _first_cta(gold: Storyboard, board: Storyboard) -> dict[str, float]:
    true, found = ([u.value for u in said(one, FIRST_CTA) if u.value is not None] for one in (gold, board))
    return {"cta_error_s": abs(true[0] - found[0])} if true and found else {}


def _safe(gold: Sequence[Unit], found: Sequence[Unit]) -> float:
    """Return the mean similarity of safe-area verdicts; each overlay and profile (the unit's text) has one."""

    def alike(one: Unit, other: Unit) -> float:
        known = other.label is not None and vocabulary.is_label(SAFE, other.label)
        if not known or (one.text is not None and one.text != other.text):
            return 0.0
        return same_place(one, other) and 1 - distance(SAFE, one.claim, other.claim)

    pairs = best_pairs(gold, found, alike)
    return fmean([similarity for _, _, similarity in pairs] + [0.0] * (len(gold) - len(pairs)))
