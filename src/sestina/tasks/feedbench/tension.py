"""Tension: its course over the shots, the curve where there is one, and its peaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Judged, Score
from sestina.core.time import Span
from sestina.objective.boundaries import f1, paired
from sestina.objective.distance import distance
from sestina.tasks.feedbench._task import FeedTask, answers, mean, said

F64 = npt.NDArray[np.float64]
SHOTS, CURVE, PEAK = "narr.shot_tension", "narr.tension", "narr.tension.peak"
PEAK_S = 1.0
"""Seconds a peak may lie from the true one: two steps of the curve."""
POINTS_MIN = 3
"""Fewer points have no rank correlation worth the name."""


@tasks.register(
    "feedbench.tension",
    card=Card(
        summary="Rank correlation of the tension of shots and of the curve, and F1 of its peaks.",
        source="Spearman, 'The proof and measurement of association between two things', 1904",
        deviations="a negative correlation counts 0; correlation is left out below three points or without variation",
    ),
)
class Tension(FeedTask):
    """The score is the mean of the shots' rank correlation, the curve's, and the peaks' F1, as far as gold has them."""

    name = "feedbench.tension"
    facets = (SHOTS, CURVE, PEAK)
    prompt = (
        "Give every shot its tension, the curve as attributes `curve` (values in 0..1) and `rate_hz` of narr.tension, "
        "and its peaks."
    )

    def asks(self, gold: Storyboard) -> bool:
        """Return whether gold holds enough points to rank, or a peak."""
        return bool(_course(gold)) or curve(gold) is not None or bool(peaks(gold))

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the mean of what gold holds, part by part."""
        parts: dict[str, float] = {}
        judged: list[Judged] = []
        course = _course(gold)
        if course:
            parts["shot_rank"] = max(0.0, spearman([r for r, _ in course], _felt(board, [u for _, u in course])))
            judged = [_judged(board, unit) for _, unit in course]
            parts["shot_similarity"] = sum(_similar(one) for one in judged) / len(judged)
        true, found = curve(gold), curve(board)
        if true is not None:
            parts["curve_rank"] = max(0.0, spearman(true.tolist(), _as_long(found, len(true))))
        if peaks(gold):
            parts |= _peak_parts(peaks(gold), peaks(board))
        return Score(value=mean(parts, ("shot_rank", "curve_rank", "peak_f1")), parts=parts, judged=tuple(judged))


def _course(gold: Storyboard) -> list[tuple[float, Unit]]:
    """Return gold's (rank, unit) of every shot; empty where there are too few or all are alike."""
    ranked = [(vocabulary.rank(SHOTS, unit.claim), unit) for unit in said(gold, SHOTS)]
    course = [(float(rank), unit) for rank, unit in ranked if rank is not None]
    return course if len(course) >= POINTS_MIN and len({rank for rank, _ in course}) > 1 else []


def _felt(board: Storyboard, shots: Sequence[Unit]) -> list[float]:
    """Return the answer's tension over each shot: its label's rank, else the mean of its curve, else NaN."""
    values, rate_hz = curve(board), rate(board)
    found = []
    for shot in shots:
        ranks = [vocabulary.rank(SHOTS, u.claim) for u in answers(board, SHOTS, shot.span) if _known(u)]
        known = [float(rank) for rank in ranks if rank is not None]
        if said(board, SHOTS):
            found.append(float(np.mean(known)) if known else float("nan"))
        else:
            found.append(_over(values, rate_hz, shot.span, board.media.span.start_s))
    return found


def _known(unit: Unit) -> bool:
    return unit.label is not None and vocabulary.is_label(unit.facet, unit.label)


def _over(values: F64 | None, rate_hz: float, span: Span, start_s: float) -> float:
    if values is None:
        return float("nan")
    first = int((span.start_s - start_s) * rate_hz)
    part = values[first : max(first + 1, round((span.end_s - start_s) * rate_hz))]
    return float(part.mean()) if len(part) else float("nan")


def curve(board: Storyboard) -> F64 | None:
    """Return the tension curve [N] that a unit of `narr.tension` carries, None without a usable one."""
    for unit in said(board, CURVE):
        values = unit.attributes.get("curve")
        if isinstance(values, list | tuple) and len(values) >= POINTS_MIN and all(map(_is_number, values)):
            found = np.asarray(values, np.float64)
            if np.isfinite(found).all() and np.ptp(found) > 0:
                return found
    return None


def rate(board: Storyboard) -> float:
    """Return how many values a second the curve holds: as it says, else the vocabulary's rate."""
    for unit in said(board, CURVE):
        value = unit.attributes.get("rate_hz")
        if isinstance(value, int | float) and value > 0:
            return float(value)
    return vocabulary.threshold(CURVE, "rate_hz")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_long(values: F64 | None, count: int) -> list[float]:
    """Return a curve at `count` points over the same time, NaN without one."""
    if values is None:
        return [float("nan")] * count
    return [float(v) for v in np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(values)), values)]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return Spearman's rank correlation (1904), ties at their mean rank; 0 without variation.

    Where the second sequence is NaN it says nothing and is taken as its own median, which earns nothing.
    """
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    known = np.isfinite(second)
    if not known.any():
        return 0.0
    second = np.where(known, second, np.median(second[known]))
    a, b = _ranks(first), _ranks(second)
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return min(1.0, float((a * b).sum()) / size) if size > 0 else 0.0


def _ranks(values: F64) -> F64:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middles: F64 = ends - (counts - 1) / 2
    return middles[inverse]


def peaks(board: Storyboard) -> list[float]:
    """Return the times of the peaks, seconds: units of the facet, else the middles of shots labelled `peak`."""
    found = [unit.span.middle_s for unit in said(board, PEAK)]
    return sorted(found or [u.span.middle_s for u in said(board, SHOTS) if u.label == "peak"])


def _peak_parts(true: Sequence[float], found: Sequence[float]) -> dict[str, float]:
    hits = len(paired(true, found, PEAK_S))
    missed, false = len(true) - hits, len(found) - hits
    counts = {"peak.hits": float(hits), "peak.missed": float(missed), "peak.false": float(false)}
    return {"peak_f1": f1(hits, missed, false), **counts}


def _judged(board: Storyboard, unit: Unit) -> Judged:
    found = [one for one in answers(board, SHOTS, unit.span) if _known(one)]
    label = found[0].label if found else None
    return Judged(facet=SHOTS, gold=unit.claim, said=label, confidence=found[0].confidence if found else 0.0)


def _similar(one: Judged) -> float:
    return 0.0 if one.said is None else 1.0 - distance(SHOTS, one.gold, one.said)
