"""True shots, boundaries, speeds, effects and layouts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sestina.core.evidence import Box, Region
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.render.panes import bounds, rectangles
from sestina.render.parts.edit import CUTS
from sestina.render.script import Shot
from sestina.render.truth.made import Made, unit
from sestina.render.visible import stirs

FACETS = (
    "edit.shot", "edit.transition", "edit.transition.duration", "edit.transition.colour", "edit.speed", "edit.effect",
    "aes.layout",
)  # fmt: skip

COLOURS = {
    "fade_in": "black", "fade_out": "black", "dip_to_black": "black", "dip_to_white": "white", "dip_to_colour": "other",
}  # fmt: skip
"""Transition -> the plain colour it goes through."""

DIRECTED = (
    "linear_wipe", "object_wipe", "barn_door", "page_turn", "push", "scroll", "slide", "cover", "whip_pan_blur",
    "particle",
)  # fmt: skip
"""Transitions with a direction."""

PHOTOGRAPHS = ("photo", "image")
"""Sources that are still pictures of something."""


def units(made: Made) -> Iterator[Unit]:
    """Yield shots, transitions with their colours, the durations of those that take time, speeds, effects, layouts."""
    for number in range(len(made.script.shots)):
        yield unit("edit.shot", number, "shot", made.timeline.shot_span(number), label="shot")
    yield from _boundaries(made)
    yield from _speeds(made)
    yield from _effects(made)
    for number, shot in enumerate(made.script.shots):
        yield _layout(made, number, shot)


def _boundaries(made: Made) -> Iterator[Unit]:
    timeline = made.timeline
    whole = timeline.span
    yield unit("edit.transition", "start", "boundary", Span.at(whole.start_s), label="start")
    spans = {mix.new: (timeline.boundary_span(mix), mix.how) for mix in timeline.mixes}
    for number, shot in enumerate(made.script.shots):
        if number and shot.begin.kind in CUTS:
            spans[number] = (Span.at(timeline.shot_span(number).start_s), shot.begin)
    for number, (span, how) in sorted(spans.items()):
        facts: dict[str, Any] = {"frames": how.frames}
        if how.kind in DIRECTED:
            facts["direction"] = how.direction
        yield unit("edit.transition", number, "boundary", span, label=how.kind, attributes=facts)
        if not span.is_instant:
            yield unit("edit.transition.duration", number, "boundary", span, value=span.duration_s, unit="s")
        if how.kind in COLOURS:
            yield unit("edit.transition.colour", number, "boundary", span, label=COLOURS[how.kind])
    yield unit("edit.transition", "end", "boundary", Span.at(whole.end_s), label="end")


def _speeds(made: Made) -> Iterator[Unit]:
    """Yield stretches at another speed; a held picture counts from the first frame that repeats it."""
    rate = made.script.rate
    for number, shot in enumerate(made.script.shots):
        for place, speed in enumerate(shot.speeds):
            first, after = round(speed.start_s * rate), round(speed.end_s * rate)
            first += speed.kind in ("freeze_frame", "stutter")
            span = _frames(made, number, first, after)
            if not span.is_instant:
                facts = {"hold": speed.hold} if speed.kind == "stutter" else {"factor": speed.factor}
                facts = {} if speed.kind == "freeze_frame" else facts
                yield unit("edit.speed", f"{number}.{place}", "event", span, label=speed.kind, attributes=facts)


def _effects(made: Made) -> Iterator[Unit]:
    """Yield effects, flashes of light, and layouts that are effects too."""
    rate = made.script.rate
    for number, shot in enumerate(made.script.shots):
        for place, effect in enumerate(shot.effects):
            span = _frames(made, number, *bounds(effect, rate))
            facts = {} if effect.kind == "mirror" else {"amount": effect.amount}
            yield unit("edit.effect", f"{number}.{place}", "event", span, label=effect.kind, attributes=facts)
        for place, flash in enumerate(shot.flashes):
            first = round(flash.at_s * rate)
            span = _frames(made, number, first, first + flash.frames)
            yield unit("edit.effect", f"{number}.flash{place}", "event", span, label="colour_flash")
        label = {"full_frame": "", "picture_in_picture": "pip"}.get(shot.layout.kind, "split")
        if label:
            yield unit("edit.effect", f"{number}.panes", "event", made.timeline.shot_span(number), label=label)


def _frames(made: Made, number: int, first: int, after: int) -> Span:
    """Return the span of frames `first` up to `after` of a shot, cut to the shot."""
    timeline = made.timeline
    join, end = timeline.joins[number], timeline.joins[number + 1]
    start_s, end_s = (timeline.time_s(min(join + frame, end)) for frame in (first, after))
    return Span.of(start_s, max(start_s, end_s))


def _layout(made: Made, number: int, shot: Shot) -> Unit:
    """Return a shot's layout; whether one photograph before a camera is a slide is left open."""
    span, kind = made.timeline.shot_span(number), shot.layout.kind
    region = None
    if kind == "picture_in_picture":
        left, top, width, height = rectangles(shot.layout, *made.padded.size)[1]
        (x, y), (wide, tall) = made.padded.at, made.padded.frame
        region = Region(box=Box.of((x + left) / wide, (y + top) / tall, width / wide, height / tall))
    elif kind == "full_frame":
        photograph = shot.source.kind in PHOTOGRAPHS
        if photograph and "ken_burns" in repr(shot.camera):
            return unit("aes.layout", number, "shot", span, label="slideshow_photo")
        if photograph or not stirs(shot, 0.0, shot.duration_s):
            reason = "one picture before a camera that may be a slide"
            return unit("aes.layout", number, "shot", span, status="abstain", reason=reason)
    return unit("aes.layout", number, "shot", span, label=kind, region=region)
