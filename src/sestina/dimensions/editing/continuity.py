"""Breaks of continuity that can be measured: light and sound that jump at a cut within one setup."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit
from sestina.dimensions.editing._cases import SAME_SCENE, Case, events, joins, stated

FACET = "edit.continuity_break"

SIDE_S = 0.4
"""Seconds of picture compared on each side."""
JUMP = 0.08
"""Change of mean and median luma, as a share of white, that is seen as a jump within one setup: about two thirds of a
stop in the middle tones."""


@parsers.register(
    "editing.continuity",
    card=Card(
        summary="Brightness or room tone that jumps at a cut that stays in one setup.", source="own", status="trial"
    ),
    facets=(FACET,),
    optional=("luma",),
    after=("edit.shot", "edit.transition", "edit.cut_function", "edit.audio"),
    derives=("continuity.exposure",),
    kind="rule",
)
class Continuity:
    """Yields events at cuts; axis, props and angles take a viewer."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the track of exposure changes, then breaks."""
        cuts = [boundary for boundary in _within_setups(reading) if boundary.span.is_instant]
        if {"luma.mean", "luma.p50"} <= reading.tracks.keys():
            changes = [_change(reading, boundary) for boundary in cuts]
            yield events("continuity.exposure", "", [boundary.span.start_s for boundary in cuts], changes)
        for boundary in cuts:
            jump = Limit(signal="continuity.exposure", op=">=", threshold=JUMP, scale=0.03, reduce="max_abs")
            also = reading.cite(boundary)
            unit = stated(
                reading, FACET, "exposure_jump", boundary.span, [Case(jump, boundary.span)],
                at_most=min(0.75, boundary.confidence), also=also,
            )  # fmt: skip
            if unit is not None:
                yield unit
            yield from _sound(reading, boundary)


def _within_setups(reading: Reading) -> list[Unit]:
    """Return the boundaries on both sides of which the same setup is shown."""
    cluster = reading.tracks.get("setups.cluster")
    found = []
    for number, boundary in enumerate(joins(reading)):
        if boundary is None:
            continue
        same = cluster is not None and len(cluster) > number and cluster.values[number] == cluster.values[number - 1]
        if same or boundary.label in SAME_SCENE:
            found.append(boundary)
    return found


def _change(reading: Reading, boundary: Unit) -> float:
    """Return by how much luma changes from before the cut to after it, as a share of white.

    That is the lesser change of its mean and its median over the picture, 0 when they disagree: another exposure moves
    both, while a new thing in the picture moves the mean alone.
    """
    time = boundary.span.start_s
    before, after = Span.of(time - SIDE_S, time), Span.of(time, time + SIDE_S)
    sides = (before.clipped(reading.span), after.clipped(reading.span))
    changes = [
        reading.value(signal, "median", sides[1]) - reading.value(signal, "median", sides[0])
        for signal in ("luma.mean", "luma.p50")
    ]
    agree = changes[0] * changes[1] > 0
    return min(changes, key=abs) if agree else 0.0


def _sound(reading: Reading, boundary: Unit) -> Iterator[Unit]:
    """Yield a jump of the room's tone at the cut, where the sound of the edit has one."""
    for unit in reading.of("edit.audio"):
        if unit.label == "room_tone_jump" and unit.span.start_s == boundary.span.start_s:
            yield reading.unit(
                FACET, label="audio_jump", span=boundary.span, confidence=0.9 * unit.confidence,
                evidence=reading.cite(unit, boundary),
            )  # fmt: skip
