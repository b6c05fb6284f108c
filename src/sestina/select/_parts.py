"""A video's candidates in parts: its shots where a storyboard tells them, else where neighbours differ most."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sestina.core.exchange import Candidates
from sestina.select._rule import I64, ranked

Part = tuple[int, int]
"""Candidates `first` up to, not including, `after`."""

LEAST_CHANGE = 0.02
"""1 - cosine below which two neighbours show the same thing."""


def shot_parts(candidates: Candidates) -> list[Part]:
    """Return the candidates of each shot, empty ones left out; parts by change where no storyboard is given."""
    board = candidates.storyboard
    if board is None or not board.shots:
        return changed_parts(candidates)
    starts = np.searchsorted(candidates.times_s, [shot.span.start_s for shot in board.shots[1:]], side="left")
    return parts_at(starts, len(candidates))


def changed_parts(candidates: Candidates, most: int | None = None) -> list[Part]:
    """Return parts divided at the peaks of change between neighbours; at most `most` of them."""
    peaks = change_peaks(candidates)
    return parts_at(np.sort(peaks[: None if most is None else most - 1]) + 1, len(candidates))


def change_peaks(candidates: Candidates) -> I64:
    """Return the neighbours [K] after which the picture changes more than around and by something, the most first."""
    change = 1 - candidates.likeness
    padded = np.pad(change, 1, constant_values=-1.0)
    peak = (change >= padded[:-2]) & (change > padded[2:]) & (change > LEAST_CHANGE)
    order = ranked(change)
    return order[peak[order]]


def even_parts(total: int, number: int) -> list[Part]:
    """Return `number` equal parts of `total` candidates; fewer where there are fewer."""
    return parts_at(np.linspace(0, total, number + 1).astype(np.int64), total)


def parts_at(starts: I64, total: int) -> list[Part]:
    """Return the parts that begin at 0 and at `starts`."""
    bounds = sorted({0, total, *(int(start) for start in starts if 0 < start < total)})
    return list(pairwise(bounds))
