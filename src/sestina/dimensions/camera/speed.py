"""How fast the camera moves, over each shot and over each of its movements."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.dimensions.camera._bands import banded

FACET = "camera.speed"
EDGES = ("regular_min_fw_s", "fast_min_fw_s", "whip_min_fw_s")
STATIC = ("static", "locked", "static_shaky")


@parsers.register(
    "camera.speed",
    facets=(FACET,),
    signals=("motion",),
    after=("edit.shot", "camera.movement"),
    card=Card(
        summary="Bands of the mean speed of the smooth camera path, per shot and per movement.",
        source="own; limits from the vocabulary",
    ),
)
class Speed:
    """Parser `camera.speed`: one unit a shot, and one a movement where a shot holds several."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the speed of every shot, and of every movement that does not fill its shot."""
        for shot in reading.shots:
            yield banded(reading, FACET, "motion.drift", "mean", shot.span, EDGES)
            for move in reading.of("camera.movement", shot.span):
                if move.label and move.label not in STATIC and move.span != shot.span:
                    unit = banded(reading, FACET, "motion.drift", "mean", move.span, EDGES, level="event")
                    if unit.status != "abstain":
                        yield unit
