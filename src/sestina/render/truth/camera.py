"""True camera movement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sestina.core.storyboard import Unit
from sestina.render.camera import truth
from sestina.render.script import Shot
from sestina.render.truth.made import Made, unit

FACETS = ("camera.movement",)


def units(made: Made) -> Iterator[Unit]:
    """Yield the movement of every shot."""
    for number, shot in enumerate(made.script.shots):
        span = made.timeline.shot_span(number)
        if shot.camera.window is not None and shot.camera.move != "static":
            start, end = (bound - shot.offset_s for bound in shot.camera.window)
            span = made.timeline.inside(number, start, end)
        if span.duration_s > 0:
            yield unit("camera.movement", number, "event", span, label=truth(shot.camera), attributes=_speed(shot))


def _speed(shot: Shot) -> dict[str, Any]:
    kind = shot.camera.move.partition("_")[0]
    measure = {"zoom": "log_scale/s", "dolly": "log_scale/s", "roll": "deg/s"}.get(kind, "frame_widths/s")
    return {"speed": shot.camera.speed, "unit": measure, "shake": shot.camera.shake}
