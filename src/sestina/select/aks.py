"""Adaptive keyframe sampling: the most relevant frames where they stand out, else half of the budget a half."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import F64, evenly, ranked, rule, tells, unit_range


@selectors.register(
    "aks",
    card=Card(
        summary="Takes the most relevant frames of a part that has clear ones, else halves the part and its budget.",
        source="Adaptive keyframe sampling for long video understanding, Tang et al. 2025",
        deviations="a part is judged by its own budget, where the published code takes the whole one; an odd frame "
        "goes to the half of the larger relevance; parts of one frame are not split; unasked: evenly spaced",
    ),
)
@rule
def aks(
    candidates: Candidates, count: int, rng: np.random.Generator, *, stands_out: float = 0.8, depth: int = 5
) -> Iterable[int]:
    """Choose by judging and splitting.

    A part is not split when its best `n` frames have a relevance (0..1 over the video) more than `stands_out` above its
    mean. Where no frame is more relevant than another only coverage is left: evenly spaced frames.
    """
    relevance = candidates.relevance()
    if not tells(relevance):
        return evenly(0, len(relevance), count)
    worth = unit_range(relevance)
    return _chosen(worth, 0, len(worth), count, stands_out, depth)


def _chosen(worth: F64, first: int, after: int, count: int, stands_out: float, depth: int) -> Iterator[int]:
    if count <= 0 or after <= first:
        return
    part = worth[first:after]
    best = ranked(part)[:count]
    if count == 1 or depth == 0 or after - first <= count or part[best].mean() - part.mean() > stands_out:
        yield from (first + int(i) for i in best)
        return
    middle = (first + after) // 2
    left = worth[first:middle].sum() >= worth[middle:after].sum()
    size = (count + 1) // 2 if left else count // 2
    size = min(size, middle - first)
    yield from _chosen(worth, first, middle, size, stands_out, depth - 1)
    yield from _chosen(worth, middle, after, count - size, stands_out, depth - 1)
