"""Whether the camera's motion blurs the picture."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.confidence import margin_confidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.camera._bands import moving_part

FACET = "camera.motion_blur"

SLOW_FW_S = 0.15
"""Mean speed below which a shutter smears less than a small plane shows (0.15 fw/s: half a pixel in 1/60 s)."""
BLURRED_MAX, SHARP_MIN = 0.35, 0.7
"""Gradient energy along the motion over that across it: blurred pictures lie below, sharp ones above; scenes full of
lines in one direction lie anywhere, so that the margin between is left undecided."""


@parsers.register(
    "camera.motion_blur",
    facets=(FACET,),
    signals=("motion",),
    after=("edit.shot",),
    card=Card(
        summary="Loss of gradient energy along the camera's motion, per shot.",
        source="own; the cue is that of anisotropic gradients (Ji and Liu, 2008)",
    ),
)
class MotionBlur:
    """Parser `camera.motion_blur`: one unit a shot."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield whether every shot is blurred by motion."""
        for shot in reading.shots:
            yield blurred(reading, shot.span)


def blurred(reading: Reading, shot: Span) -> Unit:
    """Return the unit of one shot."""
    inside = moving_part(reading, shot)
    speed = math.nan if inside is None else reading.value("motion.speed", "median", inside)
    if inside is None or math.isnan(speed):
        return reading.abstain(FACET, span=shot, reason="motion could not be measured")
    if speed <= SLOW_FW_S:
        metric = reading.metric("motion.speed", "<=", SLOW_FW_S, inside, "median")
        sure = margin_confidence(speed, SLOW_FW_S, SLOW_FW_S / 2, above=False)
        return reading.unit(FACET, label="false", span=shot, confidence=sure, evidence=[metric])
    ratio = reading.value("motion.blur", "median", inside)
    if ratio <= BLURRED_MAX:
        proof = [
            reading.metric("motion.blur", "<=", BLURRED_MAX, inside, "median"),
            reading.metric("motion.speed", ">=", SLOW_FW_S, inside, "median"),
        ]
        sure = margin_confidence(ratio, BLURRED_MAX, 0.2, above=False)
        return reading.unit(FACET, label="true", span=shot, confidence=sure, evidence=proof)
    if ratio >= SHARP_MIN:
        metric = reading.metric("motion.blur", ">=", SHARP_MIN, inside, "median")
        sure = margin_confidence(ratio, SHARP_MIN, 0.4)
        return reading.unit(FACET, label="false", span=shot, confidence=sure, evidence=[metric])
    return reading.abstain(FACET, span=shot, reason="gradients along and across the motion differ too little")
