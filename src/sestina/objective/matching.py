"""How alike two claims of one facet are, and which claim of one document answers which of the other.

The similarity of a pair is T * (1 - delta) * R: shared time, closeness of what is said, shared place, each in [0, 1].
Claims are matched one to one so that similarities add up to the largest total (Kuhn, 1955).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sestina.core.facet import Facet
from sestina.objective.claims import Box4, Claim
from sestina.objective.distance import Embed, distance, text_distance

ONE_SIDED = 0.5
"""Closeness of place where one claim has a region and the other has none."""
FEW = 64
"""Pairs up to which plain Python is faster than arrays."""


class Pair(NamedTuple):
    """One matched pair: positions in the two lists, the similarity and its three factors, all in [0, 1]."""

    first: int
    second: int
    similarity: float
    temporal: float
    label: float
    region: float


def match(facet: Facet, first: Sequence[Claim], second: Sequence[Claim], embed: Embed | None = None) -> list[Pair]:
    """Return the pairs of the best one-to-one matching of two lists of claims of one facet.

    Pairs without any similarity are left out. Order within the lists does not change the total; where several matchings
    reach it, it decides between them.
    """
    if not first or not second:
        return []
    found: dict[tuple[int, int], Pair] = {}
    for i, j, shared in _in_touch(facet, first, second):
        pair = _pair(facet, i, j, first[i], second[j], shared, embed)
        if pair.similarity > 0:
            found[i, j] = pair
    return [found[place] for place in _assigned(found, len(first), len(second)) if place in found]


def temporal(one: Claim, other: Claim, tau_s: float) -> float:
    """Return shared time in [0, 1]: intersection over union of two spans.

    Where either is an instant: 1 - d / tau, at least 0, with d the larger of the distances between starts and between
    ends, seconds; for two instants that is the distance between them.
    """
    a, b, c, d = one.start_s, one.end_s, other.start_s, other.end_s
    if a == b or c == d:
        return max(0.0, 1.0 - max(abs(a - c), abs(b - d)) / tau_s)
    shared = min(b, d) - max(a, c)
    return shared / (max(b, d) - min(a, c)) if shared > 0 else 0.0


def closeness(facet: Facet, one: Claim, other: Claim, embed: Embed | None = None) -> float:
    """Return 1 - the facet's distance between what two claims say, in [0, 1].

    An overlay says two things, what it is and what it reads: where either has words, the mean of both counts. A claim
    that has no value of the facet's type is wholly different from one that has.
    """
    said = _alike(facet, one.value, other.value, embed)
    if facet.type in ("num", "text") or "overlay" not in (one.level, other.level) or one.words is other.words is None:
        return said
    if one.words is None or other.words is None:
        return said / 2
    return (said + 1.0 - text_distance(one.words, other.words, embed=embed)) / 2


def place(one: Box4 | None, other: Box4 | None) -> float:
    """Return intersection over union of two boxes; 1 where neither is there, `ONE_SIDED` where one is missing."""
    if one is None or other is None:
        return 1.0 if one is other else ONE_SIDED
    if one == other:
        return 1.0
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def _in_touch(facet: Facet, first: Sequence[Claim], second: Sequence[Claim]) -> Iterator[tuple[int, int, float]]:
    """Yield the positions of all pairs that share time, and how much."""
    if len(first) * len(second) <= FEW:
        for i, one in enumerate(first):
            for j, other in enumerate(second):
                shared = temporal(one, other, facet.tau_s)
                if shared > 0:
                    yield i, j, shared
        return
    shares = _shared_time(first, second, facet.tau_s)
    rows, columns = np.nonzero(shares)
    yield from zip(rows.tolist(), columns.tolist(), shares[rows, columns].tolist(), strict=True)


def _shared_time(first: Sequence[Claim], second: Sequence[Claim], tau_s: float) -> NDArray[np.float64]:
    """Return `temporal` of every pair, [N, M]."""
    a, b = np.array([claim[:2] for claim in first], np.float64).T[..., None]
    c, d = np.array([claim[:2] for claim in second], np.float64).T[:, None, :]
    shared = np.maximum(np.minimum(b, d) - np.maximum(a, c), 0.0)
    reach = np.maximum(b, d) - np.minimum(a, c)
    spans = np.divide(shared, reach, out=np.zeros_like(shared), where=reach > 0)
    near = np.maximum(0.0, 1.0 - np.maximum(np.abs(a - c), np.abs(b - d)) / tau_s)
    result: NDArray[np.float64] = np.where((a == b) | (c == d), near, spans)
    return result


def _pair(facet: Facet, i: int, j: int, one: Claim, other: Claim, shared: float, embed: Embed | None) -> Pair:
    alike = closeness(facet, one, other, embed)
    where = place(one.box, other.box)
    return Pair(i, j, shared * alike * where, shared, alike, where)


def _assigned(found: Mapping[tuple[int, int], Pair], rows: int, columns: int) -> Iterable[tuple[int, int]]:
    """Return the places of a matching with the largest total.

    Where everybody's best partner is somebody else's only, there is nothing to solve.
    """
    best: dict[int, Pair] = {}
    for pair in found.values():
        if pair.first not in best or pair.similarity > best[pair.first].similarity:
            best[pair.first] = pair
    if len({pair.second for pair in best.values()}) == len(best):
        return [(pair.first, pair.second) for pair in best.values()]
    from scipy.optimize import linear_sum_assignment

    similarity = np.zeros((rows, columns))
    for (i, j), pair in found.items():
        similarity[i, j] = pair.similarity
    return zip(*(side.tolist() for side in linear_sum_assignment(similarity, maximize=True)), strict=True)


def _alike(facet: Facet, one: str | float | None, other: str | float | None, embed: Embed | None) -> float:
    if one is None or other is None or one == other:
        return float(one == other)
    return 1.0 - distance(facet, one, other, embed=embed)

