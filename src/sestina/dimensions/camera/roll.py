"""Whether the camera is held level or tilted sideways (a Dutch angle)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.confidence import margin_confidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span

FACET = "camera.roll"

LEVEL_MAX_DEG = 3.5
"""Median tilt up to which a shot is level; between this and the vocabulary's limit the margin is too small."""
TILT_MOST_DEG = 35.0
"""Nearer to 45 degrees a tilt to one side cannot be told from one to the other."""
LEAST_SEEN, TILTED_SEEN = 0.6, 0.8
"""Share of looks at the shot that must find enough lines, and of a tilted one: slanted things are common."""
TILTED_SUPPORT = 0.45
"""Median share of line length that must lean alike in a tilted shot."""


@parsers.register(
    "camera.roll",
    facets=(FACET,),
    signals=("lines",),
    after=("edit.shot",),
    card=Card(summary="Tilt of the dominant upright and flat lines over each shot.", source="own"),
)
class Roll:
    """Parser `camera.roll`: one unit a shot."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the roll of every shot."""
        for shot in reading.shots:
            yield roll(reading, shot.span)


def roll(reading: Reading, shot: Span) -> Unit:
    """Return the unit of one shot."""
    looks = reading.track("lines.tilt").over(shot)
    if len(looks) == 0:
        return reading.abstain(FACET, span=shot, reason="the shot is shorter than the step between looks")
    seen = sum(not math.isnan(v) for v in looks) / len(looks)
    if seen < LEAST_SEEN:
        return reading.abstain(FACET, span=shot, reason="too few straight lines agree")
    tilt = reading.value("lines.tilt", "median", shot)
    limit = reading.threshold(FACET, "tilt_min_deg")
    if abs(tilt) <= LEVEL_MAX_DEG:
        op, bound = ("<=", LEVEL_MAX_DEG) if tilt >= 0 else (">=", -LEVEL_MAX_DEG)
        upright = reading.metric("lines.tilt", op, bound, shot, "median")  # type: ignore[arg-type]  # literal from a tuple
        sure = margin_confidence(abs(tilt), LEVEL_MAX_DEG, LEVEL_MAX_DEG, above=False)
        return reading.unit(FACET, label="level", span=shot, confidence=sure, evidence=[upright])
    side = 1 if tilt > 0 else -1
    # The quartile on the near side lies beyond the limit: at least three quarters of the looks are tilted.
    quartile = "p25" if side > 0 else "p75"
    sustained = limit <= side * reading.value("lines.tilt", quartile, shot) and abs(tilt) <= TILT_MOST_DEG
    support = reading.value("lines.support", "median", shot)
    if not sustained or seen < TILTED_SEEN or support < TILTED_SUPPORT:
        return reading.abstain(FACET, span=shot, reason="the tilt of the lines is small or changes")
    proof = [
        reading.metric("lines.tilt", ">=" if side > 0 else "<=", side * limit, shot, quartile),
        reading.metric("lines.support", ">=", TILTED_SUPPORT, shot, "median"),
    ]
    label = "dutch_right" if side > 0 else "dutch_left"
    sure = min(0.9, margin_confidence(abs(tilt), limit, limit))
    return reading.unit(FACET, label=label, span=shot, confidence=sure, evidence=proof)
