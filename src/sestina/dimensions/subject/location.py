"""Location and time of day, as far as numbers go: a plain backdrop, and an honest silence about the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import F64, Track
from sestina.dimensions._bands import Limit, all_of, ruled

LOCATION, TIME = "subject.location", "subject.time_of_day"
SPREAD_MAX, SPREAD_SCALE = 6.0, 2.5
"""Spread of the backdrop's colour in CIE Lab up to which it hardly varies; a lit paper background falls off by 4."""
EDGES_MAX = 0.02
"""Share of edge pixels around the subject up to which there are hardly any."""
SUBJECT_MIN = 0.5
"""Share of samples in which something stands out: a plain picture without a subject has no backdrop."""
RING = 3
"""Columns at either end, and rows at the top, of the small picture that are taken for backdrop."""
AT_MOST = 0.8


@parsers.register(
    "subject.location",
    facets=(LOCATION, TIME),
    signals=("colour", "saliency"),
    after=("edit.shot",),
    derives=("location.backdrop",),
    card=Card(
        summary="A void backdrop behind a clear subject; other places and times of day need a viewer.", source="own"
    ),
)
class Location:
    """Parser `subject.location`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the backdrop's spread, the void backdrops, and abstentions for what numbers cannot tell."""
        tiny = reading.track("colour.tiny")
        spread = np.array([backdrop_spread(np.asarray(lab, np.float64)) for lab in tiny.values])
        yield Track(name="location.backdrop", unit="dE", times_s=tiny.times_s, values=spread, kind="sampled")
        limits = [
            Limit(signal="location.backdrop", op="<=", threshold=SPREAD_MAX, scale=SPREAD_SCALE),
            Limit(signal="saliency.outside_edges", op="<=", threshold=EDGES_MAX, scale=0.015),
            Limit(signal="saliency.certain", op=">=", threshold=SUBJECT_MIN, scale=0.25, reduce="mean"),
        ]
        for shot in reading.shots:
            truth = all_of(limits, reading, shot.span)
            if truth >= UNDECIDED:
                yield ruled(reading, LOCATION, "void_backdrop", shot.span, truth, limits, at_most=AT_MOST)
            else:
                reason = "the backdrop is not plain; what place it shows needs a viewer"
                yield reading.abstain(LOCATION, span=shot.span, reason=reason)
        if reading.shots:
            reason = "brightness and colour alone do not tell the time of day; it needs a viewer"
            yield reading.abstain(TIME, span=reading.span, reason=reason)


def backdrop_spread(lab: F64) -> float:
    """Return the mean distance from their median of the Lab pixels [h,w,3] at the top and at both sides."""
    ring = np.concatenate([lab[:RING].reshape(-1, 3), lab[:, :RING].reshape(-1, 3), lab[:, -RING:].reshape(-1, 3)])
    return float(np.linalg.norm(ring - np.median(ring, axis=0), axis=1).mean())
