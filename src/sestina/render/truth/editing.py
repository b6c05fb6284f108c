"""True shots and boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.render.parts.edit import CUTS
from sestina.render.truth.made import Made, unit

FACETS = ("edit.shot", "edit.transition", "edit.transition.duration", "edit.transition.colour")

COLOURS = {"fade_in": "black", "fade_out": "black", "dip_to_black": "black", "dip_to_white": "white"}
"""Transition -> the plain colour it goes through."""


def units(made: Made) -> Iterator[Unit]:
    """Yield shots, transitions, their durations and colours."""
    for number in range(len(made.script.shots)):
        yield unit("edit.shot", number, "shot", made.timeline.shot_span(number), label="shot")
    yield from _boundaries(made)


def _boundaries(made: Made) -> Iterator[Unit]:
    timeline = made.timeline
    spans = {mix.new: (timeline.boundary_span(mix), mix.how) for mix in timeline.mixes}
    for number, shot in enumerate(made.script.shots):
        if number and shot.begin.kind in CUTS:
            spans[number] = (Span.at(timeline.shot_span(number).start_s), shot.begin)
    for number, (span, how) in sorted(spans.items()):
        facts: dict[str, Any] = {"frames": how.frames}
        if how.kind in ("linear_wipe", "push", "slide", "cover", "whip_pan_blur"):
            facts["direction"] = how.direction
        yield unit("edit.transition", number, "boundary", span, label=how.kind, attributes=facts)
        yield unit("edit.transition.duration", number, "boundary", span, value=span.duration_s, unit="s")
        if how.kind in COLOURS:
            yield unit("edit.transition.colour", number, "boundary", span, label=COLOURS[how.kind])
