"""How much moves in the picture besides the camera."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.dimensions.camera._bands import banded

FACET = "subject.motion_energy"
EDGES = ("low_min_fw_s", "medium_min_fw_s", "high_min_fw_s")


@parsers.register(
    "subject.motion_energy",
    facets=(FACET,),
    signals=("motion",),
    after=("edit.shot",),
    card=Card(
        summary="Bands of the mean optical flow left after the camera's motion, per shot.",
        source="own; limits from the vocabulary",
    ),
)
class MotionEnergy:
    """Parser `subject.motion_energy`: one unit a shot."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the motion energy of every shot."""
        for shot in reading.shots:
            yield banded(reading, FACET, "motion.residual", "mean", shot.span, EDGES)
