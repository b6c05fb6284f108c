"""What holds the camera, as far as its path alone can tell."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.confidence import margin_confidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.camera._bands import moving_part

FACET = "camera.support"

RIGID_MAX_PCT = 0.04
"""Tremble (RMS, % of the diagonal) that only a rigid support stays below while nothing moves the camera."""
HAND_MIN_PCT = 0.15
"""Tremble above which nothing but a hand or a body holds the camera."""
REST_MAX_FW_S = 0.02
"""Mean speed of a camera that stands."""
LEAST_S = 1.0
"""A hand can be still for a moment."""


@parsers.register(
    "camera.support",
    facets=(FACET,),
    signals=("motion",),
    after=("edit.shot", "camera.movement"),
    card=Card(summary="Tripod or hand by the tremble of the camera's path; anything else abstains.", source="own"),
)
class Support:
    """Parser `camera.support`: one unit a shot."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield what holds the camera in every shot."""
        for shot in reading.shots:
            yield held_by(reading, shot.span)


def held_by(reading: Reading, shot: Span) -> Unit:
    """Return the unit of one shot."""
    inside = moving_part(reading, shot)
    if inside is None or inside.duration_s < LEAST_S:
        return reading.abstain(FACET, span=shot, reason="the shot is too short to tell what holds the camera")
    tremble, speed = reading.value("motion.jitter", "rms", inside), reading.value("motion.drift", "mean", inside)
    if math.isnan(tremble) or math.isnan(speed):
        return reading.abstain(FACET, span=shot, reason="motion could not be measured")
    moves = any(parent(move) != "static" for move in reading.of("camera.movement", shot))
    if tremble <= RIGID_MAX_PCT and speed <= REST_MAX_FW_S and not moves:
        proof = [
            reading.metric("motion.jitter", "<=", RIGID_MAX_PCT, inside, "rms"),
            reading.metric("motion.drift", "<=", REST_MAX_FW_S, inside),
        ]
        sure = margin_confidence(tremble, RIGID_MAX_PCT, RIGID_MAX_PCT / 2, above=False)
        return reading.unit(FACET, label="tripod", span=shot, confidence=sure, evidence=proof)
    if tremble >= HAND_MIN_PCT:
        metric = reading.metric("motion.jitter", ">=", HAND_MIN_PCT, inside, "rms")
        sure = margin_confidence(tremble, HAND_MIN_PCT, HAND_MIN_PCT / 2)
        return reading.unit(FACET, label="handheld", span=shot, confidence=min(sure, 0.85), evidence=[metric])
    return reading.abstain(FACET, span=shot, reason="the path alone does not tell the support")


def parent(move: Unit) -> str:
    """Return the top label above a movement; "static" for one that abstains, since it claims no motion."""
    if move.label is None:
        return "static"
    return vocabulary.facet("camera.movement").parents.get(move.label) or move.label
