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
from sestina.objective.boundaries import f1, paired
from sestina.objective.distance import distance
from sestina.tasks.feedbench._task import FeedTask, answers, mean, said

F64 = npt.NDArray[np.float64]
SHOTS, CURVE, FELT, PEAK = "narr.shot_tension", "narr.tension", "narr.tension.semantic", "narr.tension.peak"
Points = tuple[F64, F64]
"""Times in seconds, ascending, and the tension at each; [N] both."""
PEAK_S = 1.0
"""Seconds a peak may lie from the true one: two steps of the curve."""
LARGE = 1e9
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
    facets = (SHOTS, FELT, CURVE, PEAK)
    prompt = (
        "Give every shot its tension, the course of tension as units of narr.tension.semantic with values in 0..1 "
        "(or as attributes `curve` and `rate_hz` of narr.tension), and its peaks."
    )

    def asks(self, gold: Storyboard) -> bool:
        """Return whether gold holds enough points to rank, or a peak."""
        return bool(_shots(gold)) or course(gold) is not None or bool(peaks(gold))

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the mean of what gold holds, part by part."""
        parts: dict[str, float] = {}
        judged: list[Judged] = []
        shots = _shots(gold)
        if shots:
            parts["shot_rho"] = spearman([rank for rank, _ in shots], _over(board, [unit for _, unit in shots]))
            parts["shot_rank"] = max(0.0, parts["shot_rho"])
            judged = [_judged(board, unit) for _, unit in shots]
            parts["shot_similarity"] = sum(_similar(one) for one in judged) / len(judged)
        true = course(gold)
        if true is not None:
            times_s, values = true
            parts["curve_rho"] = spearman(list(values), list(_at(board, times_s)))
            parts["curve_rank"] = max(0.0, parts["curve_rho"])
        if peaks(gold):
            parts |= _peak_parts(peaks(gold), peaks(board))
        return Score(value=mean(parts, ("shot_rank", "curve_rank", "peak_f1")), parts=parts, judged=tuple(judged))


def _shots(gold: Storyboard) -> list[tuple[float, Unit]]:
    """Return gold's (rank, unit) of every shot; empty where there are too few or all are alike."""
    ranked = [(vocabulary.rank(SHOTS, unit.claim), unit) for unit in said(gold, SHOTS)]
    found = [(float(rank), unit) for rank, unit in ranked if rank is not None]
    return found if len(found) >= POINTS_MIN and len({rank for rank, _ in found}) > 1 else []


def _over(board: Storyboard, shots: Sequence[Unit]) -> list[float]:
    """Return the answer's tension over each shot: its label's rank, else what its curve says in the middle."""
    if not said(board, SHOTS):
        return list(_at(board, np.array([shot.span.middle_s for shot in shots])))
    found = []
    for shot in shots:
        known = [vocabulary.rank(SHOTS, unit.claim) for unit in answers(board, SHOTS, shot.span) if _known(unit)]
        ranks = [rank for rank in known if rank is not None]
        found.append(float(np.mean(ranks)) if ranks else float("nan"))
    return found


def _at(board: Storyboard, times_s: F64) -> F64:
    """Return the answer's tension at these times: of its curve, else of its shots' labels; NaN where it has none."""
    points = course(board)
    if points is not None:
        return np.interp(times_s, *points)
    shots = [unit for unit in said(board, SHOTS) if _known(unit) and vocabulary.rank(SHOTS, unit.claim) is not None]
    found = np.full(len(times_s), np.nan)
    for unit in shots:
        inside = (unit.span.start_s <= times_s) & (times_s <= unit.span.end_s)
        found[inside] = vocabulary.rank(SHOTS, unit.claim)
    return found


def _known(unit: Unit) -> bool:
    return unit.label is not None and vocabulary.is_label(unit.facet, unit.label)


def course(board: Storyboard) -> Points | None:
    """Return the course of tension: as felt where there are enough units, else as measured; None without either."""
    felt = {unit.span.middle_s: unit.value for unit in said(board, FELT) if unit.value is not None}
    if len(felt) >= POINTS_MIN and len(set(felt.values())) > 1:
        times_s = sorted(felt)
        return np.array(times_s), np.array([felt[time_s] for time_s in times_s])
    return next((points for unit in said(board, CURVE) if (points := _written(unit)) is not None), None)


def _written(unit: Unit) -> Points | None:
    """Return the curve in a unit's attributes, None without a usable one."""
    values = unit.attributes.get("curve")
    rate_hz = unit.attributes.get("rate_hz", vocabulary.threshold(CURVE, "rate_hz"))
    if not isinstance(values, list | tuple) or len(values) < POINTS_MIN or not all(map(_is_number, (rate_hz, *values))):
        return None
    found = np.asarray(values, np.float64)
    if rate_hz <= 0 or np.ptp(found) == 0:
        return None
    return unit.span.start_s + np.arange(len(found)) / float(rate_hz), found


def _is_number(value: object) -> bool:
    """Whether an attribute, which may be anything, is a number of a size one can reckon with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGE


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
