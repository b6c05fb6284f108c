"""Whether the scene itself is still, moves, or is frozen."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.confidence import margin_confidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.camera._bands import LEAST_KNOWN, known_share, moving_part

FACET = "camera.scene_dynamics"

FROZEN_SHARE = 0.95
"""Share of frames that repeat the one before in a freeze frame."""
STILL_MAX, LIVELY_MIN = 0.012, 0.02
"""Mean residual flow, frame widths/s, of scenes without and with motion. Flow noise alone gives up to 0.010."""
HIDDEN_SHARE = 0.35
"""Residual up to this share of the camera's own speed may be depth and flow error rather than a moving scene."""


@parsers.register(
    "camera.scene_dynamics",
    facets=(FACET,),
    signals=("motion",),
    after=("edit.shot",),
    card=Card(summary="Residual flow after the camera's motion, and repeated frames, per shot.", source="own"),
)
class SceneDynamics:
    """Parser `camera.scene_dynamics`: one unit a shot."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield whether every shot's scene moves."""
        for shot in reading.shots:
            yield dynamics(reading, shot.span)


def dynamics(reading: Reading, shot: Span) -> Unit:
    """Return the unit of one shot."""
    inside = moving_part(reading, shot)
    if inside is None:
        return reading.abstain(FACET, span=shot, reason="the shot is too short to measure motion")
    repeated = reading.value("motion.repeat", "mean", inside)
    if repeated >= FROZEN_SHARE:
        metric = reading.metric("motion.repeat", ">=", FROZEN_SHARE, inside)
        return reading.unit(FACET, label="frame_freeze", span=shot, confidence=0.9, evidence=[metric])
    if known_share(reading, "motion.residual", inside) < LEAST_KNOWN:
        return reading.abstain(FACET, span=shot, reason="motion could not be measured in most frames")
    residual, speed = (reading.value(f"motion.{name}", "mean", inside) for name in ("residual", "speed"))
    if residual <= STILL_MAX:
        metric = reading.metric("motion.residual", "<=", STILL_MAX, inside)
        sure = margin_confidence(residual, STILL_MAX, STILL_MAX / 2, above=False)
        return reading.unit(FACET, label="static_scene", span=shot, confidence=sure, evidence=[metric])
    limit = max(LIVELY_MIN, HIDDEN_SHARE * speed)
    if residual < limit:
        return reading.abstain(FACET, span=shot, reason="what is left of the motion may be noise or depth")
    metric = reading.metric("motion.residual", ">=", limit, inside)
    sure = margin_confidence(residual, limit, limit / 2)
    return reading.unit(FACET, label="dynamic_scene", span=shot, confidence=sure, evidence=[metric])
