"""Event activity: frames spread by how much happens, and of each stretch the one where most does."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import rule


@selectors.register(
    "events",
    card=Card(
        summary="Equal shares of what changes, and of each share the frame that begins its greatest change.",
        source="EventSTU: event-guided spatio-temporal understanding, Xu et al. 2025, its first half",
        deviations="events are changes of the embedding, not of single pixels; the question plays no part; read from "
        "the abstract",
    ),
)
@rule
def events(candidates: Candidates, count: int, rng: np.random.Generator, *, floor: float = 0.1) -> Iterable[int]:
    """Choose from `count` stretches of equal activity; `floor` is the share of it that is spread evenly over time."""
    change = np.concatenate([[0.0], np.maximum(0.0, 1 - candidates.likeness)])
    activity = change / max(1e-12, change.sum()) * (1 - floor) + floor / len(change)
    stretch = np.minimum(count - 1, (np.cumsum(activity) / activity.sum() * count - 1e-9).astype(np.int64))
    firsts = np.searchsorted(stretch, np.arange(count), side="left")
    afters = np.searchsorted(stretch, np.arange(count), side="right")
    return [int(a + np.argmax(change[a:b])) for a, b in zip(firsts, afters, strict=True) if b > a]
