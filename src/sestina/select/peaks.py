"""Scene-change peaks: the frames after the greatest changes of the picture."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._parts import change_peaks
from sestina.select._rule import rule


@selectors.register("peaks", card=Card(summary="The first frame, and those after the greatest changes of the picture."))
@rule
def peaks(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose the frames that begin something new; local maxima of 1 - cosine of neighbours."""
    return [0, *(int(k) + 1 for k in change_peaks(candidates)[: count - 1])]
