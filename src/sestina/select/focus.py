"""FOCUS: stretches are the arms of a bandit; few frames of each are scored, the budget goes where it may pay most."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._parts import Part, even_parts
from sestina.select._rule import F64, I64, evenly, ranked, rule, shares, tells, unit_range

LEAST_ARMS, LEAST_PROMISING, MOST_DRAWN = 8, 4, 32
"""Arms at least, promising ones among them at least, arms that frames are drawn from at most."""
LEAST_VARIANCE = 1e-6
GAP_S, GAP_SHARE = 1.0, 0.25
"""Least distance of two frames: this, or that share of the even distance if it is less."""


@selectors.register(
    "focus",
    card=Card(
        summary="Scores a few frames of every stretch and all of those whose upper bound is highest, and draws there.",
        source="FOCUS: frame-optimistic confidence upper-bound selection, Zhu et al. 2025, its repository",
        deviations="of a promising stretch all candidates are scored; promising stretches are chosen once, where the "
        "code bounds them again, which favours those it has not looked at; unasked: evenly spaced",
    ),
)
@rule
def focus(
    candidates: Candidates,
    count: int,
    rng: np.random.Generator,
    *,
    arm_s: float = 16.0,
    probes: int = 3,
    promising: float = 0.25,
    best: float = 0.2,
    temperature: float = 0.06,
) -> Iterable[int]:
    """Choose the `best` share of the budget by relevance, and draw the rest from the promising arms evenly.

    Inside an arm frames are drawn with odds exp(relevance in 0..1 / temperature). Where the probes are all equally
    relevant no arm is more promising than another: evenly spaced frames.
    """
    times, known = candidates.times_s, np.full(len(candidates), np.nan)
    arms = even_parts(len(times), max(LEAST_ARMS, math.ceil((times[-1] - times[0]) / arm_s)))
    probed = np.array([i for arm in arms for i in _probe(arm, probes, rng)])
    known[probed] = candidates.relevance(probed)
    if not tells(known[probed]):
        return evenly(0, len(times), count)
    order = ranked(np.array([_bound(known[first:after], len(probed)) for first, after in arms]))
    kept = [arms[k] for k in order[: max(LEAST_PROMISING, math.ceil(promising * len(arms)))]]
    inside = np.array([i for first, after in kept for i in range(first, after) if np.isnan(known[i])], np.int64)
    known[inside] = candidates.relevance(inside)
    scored = np.flatnonzero(~np.isnan(known))
    chosen = [int(i) for i in scored[ranked(known[scored])][: round(best * count)]]
    gap_s = min(GAP_S, GAP_SHARE * float(times[-1] - times[0]) / count)
    numbers = shares(np.ones(min(MOST_DRAWN, len(kept))), count - len(chosen))
    for arm, number in zip(kept, numbers, strict=False):
        free = _free(arm, chosen, times, gap_s)
        if not len(free):
            continue
        odds = np.exp(unit_range(known[free]) / temperature)
        drawn = rng.choice(free, size=min(int(number), len(free)), replace=False, p=odds / odds.sum())
        chosen += [int(i) for i in drawn]
    return chosen


def _probe(arm: Part, probes: int, rng: np.random.Generator) -> list[int]:
    """Return the middle of an arm and random further ones."""
    middle = (arm[0] + arm[1] - 1) // 2
    others = [i for i in range(*arm) if i != middle]
    drawn = rng.choice(others, size=min(probes - 1, len(others)), replace=False).tolist() if others else []
    return [middle, *(int(i) for i in drawn)]


def _bound(scores: F64, total: int) -> float:
    """Return mean + sqrt(2 ln N variance / n) + 3 ln N / n of the known ones of an arm's scores (Bernstein)."""
    scores = scores[~np.isnan(scores)]
    number, width = len(scores), math.log(max(2, total))
    variance = max(float(np.var(scores)), LEAST_VARIANCE)
    return float(np.mean(scores)) + math.sqrt(2 * width * variance / number) + 3 * width / number


def _free(arm: Part, chosen: list[int], times: F64, gap_s: float) -> I64:
    """Return the candidates of an arm that are not chosen; those that keep the gap, where some do."""
    inside = np.setdiff1d(np.arange(*arm), chosen)
    if not chosen or not len(inside):
        return inside
    apart = np.abs(times[inside][:, None] - times[chosen][None, :]).min(axis=1) >= gap_s
    return inside[apart] if apart.any() else inside
