"""Pairing what was said with what is true, one to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from sestina.core.storyboard import Unit
from sestina.objective.boundaries import f1

T = TypeVar("T")


def best_pairs(
    gold: Sequence[T], board: Sequence[T], similarity: Callable[[T, T], float]
) -> list[tuple[int, int, float]]:
    """Return (index in gold, index in board, similarity) of the one-to-one pairs whose sum is largest (Kuhn, 1955).

    Pairs without any similarity are left out.
    """
    from scipy.optimize import linear_sum_assignment

    if not gold or not board:
        return []
    table = np.array([[similarity(one, other) for other in board] for one in gold])
    rows, columns = linear_sum_assignment(table, maximize=True)
    found = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(i, j, float(table[i, j])) for i, j in found if table[i, j] > 0]


def set_f1(gold: Sequence[str], board: Sequence[str]) -> float:
    """Return the F1 of two sets of labels."""
    hits = len(set(gold) & set(board))
    return f1(hits, len(set(gold)) - hits, len(set(board)) - hits)


def box_iou(one: Unit, other: Unit) -> float:
    """Return the IoU of two units' boxes: 1 where neither has one, 0.5 where one lacks it, as in the objective."""
    if one.region is None or other.region is None:
        return 1.0 if one.region is other.region else 0.5
    return one.region.box.iou(other.region.box)
