"""How steadily the camera is held."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.dimensions.camera._bands import banded

FACET = "camera.steadiness"
EDGES = ("smooth_min_pct", "handheld_slight_min_pct", "handheld_min_pct", "very_shaky_min_pct")


@parsers.register(
    "camera.steadiness",
    facets=(FACET,),
    signals=("motion",),
    after=("edit.shot",),
    card=Card(
        summary="Bands of the camera path's root mean square above 2 Hz, per shot.",
        source="own; limits from the vocabulary",
    ),
)
class Steadiness:
    """Parser `camera.steadiness`: one unit a shot."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the steadiness of every shot."""
        for shot in reading.shots:
            yield banded(reading, FACET, "motion.jitter", "rms", shot.span, EDGES)
