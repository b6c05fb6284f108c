"""A smaller picture inside the picture: a rectangle whose outline stays while both sides of it move."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.frames import F32, U8

STEP_LEVELS = 8
MEMORY = 0.14
"""Weight of the newest sample in how often a place was an edge: about the last second and a half counts."""
STAYS = 0.6
"""Share of that time from which an edge stays."""
CANDIDATES = 7
"""Lines tried along each axis; all pairs of them bound rectangles."""
SIDE_MIN, SIDE_MAX = 0.12, 0.80
AREA_MAX = 0.5
LARGER = 0.05
COVERED_MIN = 0.8
"""Least share of every side of the outline that stays."""
SEEN_MIN = 0.6
"""Least share of every side that the newest picture shows: after a cut, what lasted is gone."""
BESIDE = 5
"""Pixels on either side of an outline at which edges must be few: a wall of bricks has lasting lines everywhere."""
BESIDE_MAX = 0.5
RIM = 0.012
"""Share of the side next to the rim in which no side may lie: whatever touches the rim looks outlined by it."""
EVERY = 3
"""The rectangle is looked for in every third sample, twice a second."""


@dataclass(frozen=True)
class Inset:
    """One rectangle: left, top, width, height, least covered side, and mean change inside and outside; NaN if none."""

    NAMES: ClassVar = ("left", "top", "width", "height", "covered", "inside", "outside")
    values: tuple[float, ...]

    @classmethod
    def none(cls) -> Inset:
        """Return the inset that is not there."""
        return cls((float("nan"),) * len(cls.NAMES))


@dataclass
class InsetFinder:
    """Remembers where edges stay and looks for the rectangle that they outline best."""

    _upright: F32 | None = None
    _level: F32 | None = None
    _samples: int = 0
    _found: tuple[int, int, int, int, float] | None = None

    def feed(self, plane: U8, moved: F32) -> Inset:
        """Take luma [h,w] and its change [h,w] since the last sample; return the best rectangle so far."""
        upright, level = edges_of(plane), edges_of(np.ascontiguousarray(plane.T)).T
        self._samples += 1
        if self._upright is None or self._level is None or self._upright.shape != upright.shape:
            self._upright, self._level = upright.copy(), level.copy()
        else:
            self._upright += MEMORY * (upright - self._upright)
            self._level += MEMORY * (level - self._level)
        if self._samples >= EVERY + 1 and self._samples % EVERY == 1 and min(plane.shape) >= 32:
            self._found = best_rectangle(self._upright >= STAYS, self._level >= STAYS)
        seen = self._found is not None and outlined(self._found[:4], upright > 0, level > 0) >= SEEN_MIN
        return inset_of(self._found if seen else None, moved)


def outlined(box: tuple[int, int, int, int], upright: npt.NDArray[np.bool_], level: npt.NDArray[np.bool_]) -> float:
    """Return the least covered side of a rectangle (left, top, right, bottom) by the edges [h,w] of one picture."""
    left, top, right, bottom = box
    tall = [upright[top:bottom, max(0, x - 1) : x + 2].any(axis=1).mean() for x in (left, right)]
    wide = [level[max(0, y - 1) : y + 2, left:right].any(axis=0).mean() for y in (top, bottom)]
    return float(min(*tall, *wide))


def edges_of(plane: U8) -> F32:
    """Return 1 where a pixel of [h,w] differs clearly from its left neighbour, else 0."""
    steps = np.zeros(plane.shape, np.float32)
    if plane.shape[1] > 1:
        steps[:, 1:] = np.asarray(cv2.absdiff(plane[:, 1:], plane[:, :-1])) >= STEP_LEVELS
    return steps


def best_rectangle(
    upright: npt.NDArray[np.bool_], level: npt.NDArray[np.bool_]
) -> tuple[int, int, int, int, float] | None:
    """Return left, top, right, bottom, and least covered side, of the rectangle best outlined by edges that stay [h,w].

    None when no outline is covered well enough.
    """
    height, width = upright.shape
    xs, ys = lines(upright.sum(axis=0), width), lines(level.sum(axis=1), height)
    # Cumulative sums make the coverage of any side one subtraction; a side one pixel off still counts.
    tall = np.cumsum(_thick(upright, 1), axis=0, dtype=np.float32)
    wide = np.cumsum(_thick(level, 0), axis=1, dtype=np.float32)
    across, down = _pairs(xs, width), _pairs(ys, height)
    if not len(across) or not len(down):
        return None
    upright_sides = _sides(tall, xs, [(ys[i], ys[j]) for i, j in down])
    level_sides = _sides(wide.T, ys, [(xs[i], xs[j]) for i, j in across])
    covered = np.minimum(upright_sides[across].min(axis=1), level_sides[down].min(axis=1).T)
    area = np.outer(np.diff(np.array(xs)[across]), np.diff(np.array(ys)[down])) / (height * width)
    # Of two outlines alike the larger one is the picture, the smaller one something in it.
    score = np.where((area <= AREA_MAX) & (covered >= COVERED_MIN), covered + LARGER * area, 0)
    p, q = np.unravel_index(int(score.argmax()), score.shape)
    if score[p, q] <= 0:
        return None
    (left, right), (top, bottom) = across[p], down[q]
    return xs[left], ys[top], xs[right], ys[bottom], float(covered[p, q])


def _sides(sums: F32, places: list[int], ends: list[tuple[int, int]]) -> F32:
    """Return how much of each line at `places` lasts between each of `ends`, [P,E]; 0 where lines beside it last too.

    `sums` [h,w] are cumulative down the columns.
    """

    def share(columns: list[int]) -> F32:
        inside = np.clip(columns, 0, sums.shape[1] - 1)
        rows = [(sums[end - 1, inside] - sums[start, inside]) / (end - start) for start, end in ends]
        return np.stack(rows, axis=1)

    beside = np.minimum(share([x - BESIDE for x in places]), share([x + BESIDE for x in places]))
    return np.where(beside <= BESIDE_MAX, share(places), 0).astype(np.float32)


def lines(counts: npt.NDArray[np.integer], size: int) -> list[int]:
    """Return the places with the most lasting edges, [size] counts, neighbours and rims left out."""
    left = counts.astype(np.float64)
    rim = max(1, round(RIM * size))
    left[:rim] = left[size - rim :] = 0
    found: list[int] = []
    for _ in range(CANDIDATES):
        place = int(left.argmax())
        if left[place] <= 0:
            break
        found.append(place)
        left[max(0, place - 2) : place + 3] = 0
    return sorted(found)


def _pairs(places: list[int], size: int) -> npt.NDArray[np.intp]:
    """Return which two of `places` [P] may bound a rectangle, [N,2]."""
    fit = [
        (i, j)
        for i, j in combinations(range(len(places)), 2)
        if SIDE_MIN * size <= places[j] - places[i] <= SIDE_MAX * size
    ]
    return np.array(fit, np.intp).reshape(-1, 2)


def _thick(edges: npt.NDArray[np.bool_], axis: int) -> npt.NDArray[np.bool_]:
    """Return edges or those one pixel before or after along `axis`."""
    return np.asarray(edges | np.roll(edges, 1, axis) | np.roll(edges, -1, axis), np.bool_)


def inset_of(found: tuple[int, int, int, int, float] | None, moved: F32) -> Inset:
    """Return the rectangle as shares of the picture, with the mean change [h,w] inside and outside it."""
    if found is None:
        return Inset.none()
    left, top, right, bottom, covered = found
    height, width = moved.shape
    inner = moved[top:bottom, left:right]
    outer = (float(moved.sum()) - float(inner.sum())) / max(moved.size - inner.size, 1)
    place = (left / width, top / height, (right - left) / width, (bottom - top) / height)
    return Inset((*place, covered, float(inner.mean()), outer))
