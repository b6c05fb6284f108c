"""The path of what draws the eye, as a box over time: where a crop would have to go."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64
from sestina.dimensions._bands import UNMEASURED, middle_s

FACET = "subject.saliency_track"
SIDES = ("left", "top", "width", "height")
STEP_S = 0.45
"""Least time between two boxes of the path."""
SMOOTH = 5
"""Samples whose median is one place of the path: a crop must not jump."""


@parsers.register(
    "subject.saliency",
    facets=(FACET,),
    signals=("saliency",),
    after=("edit.shot",),
    card=Card(
        summary="A box around what draws the eye, over each shot; the value is how often it is certain.",
        source="own, on the saliency proxy",
    ),
)
class SaliencyTrack:
    """Parser `subject.saliency`."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the path of each shot."""
        for shot in reading.shots:
            yield path(reading, shot.span)


def path(reading: Reading, span: Span) -> Unit:
    """Return the unit with the box path over `span`; it abstains where no frame was sampled."""
    share = reading.value("saliency.certain", "mean", span)
    if math.isnan(share):
        return reading.abstain(FACET, span=span, reason=UNMEASURED)
    left, top, width, height = (np.asarray(reading.track(f"saliency.{side}").over(span), np.float64) for side in SIDES)
    times = reading.track("saliency.left").times_s[reading.track("saliency.left").slice(span)]
    boxes = [Box.of(*(float(v) for v in row)) for row in zip(*map(smoothed, (left, top, width, height)), strict=True)]
    kept = spaced(times)
    outer = boxes[kept[0]]
    for index in kept[1:]:
        outer = outer.union(boxes[index])
    track = tuple(BoxAt(at_s=float(times[index]), box=boxes[index]) for index in kept)
    return reading.unit(
        FACET,
        span=span,
        value=share,
        confidence=0.4 + 0.4 * share,
        evidence=[reading.measured("saliency.certain", span, "mean"), reading.frame(middle_s(reading, span))],
        region=Region(box=outer, track=track if len(track) > 1 else ()),
    )


def smoothed(values: F64) -> F64:
    """Return the running median of values [N] over `SMOOTH` samples, cut at the ends."""
    reach = SMOOTH // 2
    return np.array([np.median(values[max(0, i - reach) : i + reach + 1]) for i in range(len(values))])


def spaced(times_s: F64) -> list[int]:
    """Return which of `times_s` [N] to keep so that neighbours lie at least `STEP_S` apart; the first always."""
    kept = [0]
    for index, time in enumerate(times_s):
        if time - times_s[kept[-1]] >= STEP_S:
            kept.append(index)
    return kept
