"""True camera: what it does and how fast, how steadily and how level it is held, and its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sestina.core import vocabulary
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.render.timeline import Timeline
from sestina.render.truth.bands import banded, undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.paths import Path, Run, label_of

FACETS = (
    "camera.movement", "camera.steadiness", "camera.speed", "camera.roll", "camera.support",
)  # fmt: skip

LEAST_MOVE_FW = 0.025
"""A move that shifts the picture by less in all cannot be seen as one."""
LEAST_STATIC_S = 0.4
"""Shorter rests between moves are part of them."""
SHAKY_PCT = (0.03, 0.1)
"""Tremble, per cent of the diagonal, up to which it may pass for none, and from which it is surely seen."""
HAND_PCT = 0.2
"""Tremble from which nothing but a hand can hold the camera."""
SPEED_EDGES = ("regular_min_fw_s", "fast_min_fw_s", "whip_min_fw_s")
STEADY_EDGES = ("smooth_min_pct", "handheld_slight_min_pct", "handheld_min_pct", "very_shaky_min_pct")
LINED = frozenset({"city", "room", "bars", "desk", "stand"})
"""Painters whose pictures have upright lines to judge a camera's level by."""


def units(made: Made) -> Iterator[Unit]:
    """Yield what every shot's camera does."""
    for number in range(len(made.script.shots)):
        span = made.timeline.shot_span(number)
        reason = unknown(made, number)
        if reason:
            for facet in FACETS:
                level: Level = "event" if facet == "camera.movement" else "shot"
                yield undecided(facet, number, level, span, reason)
            continue
        path = Path(made.timeline, number)
        yield from _movements(path, number)
        yield _steadiness(path, number, span)
        yield from _speeds(path, number, span)
        yield _roll(path, number, span)
        yield _support(path, number, span)


def unknown(made: Made, number: int) -> str:
    """Return why the picture's motion is not the camera's, or ""."""
    shot = made.script.shots[number]
    if shot.source.kind == "clip":
        return "a clip from outside has a camera of its own"
    if shot.layout.kind != "full_frame":
        return "several pictures share the frame"
    if shot.effects:
        return "an effect moves the picture"
    return ""


def _movements(path: Path, number: int) -> Iterator[Unit]:
    runs = [run for run in path.runs if run.legs or len(path.runs) == 1 or _length_s(path, run) >= LEAST_STATIC_S]
    for place, run in enumerate(runs):
        span = _span(path, run)
        name = f"{number}.{place}" if len(runs) > 1 else str(number)
        if not run.legs:
            yield _rest(path, name, span)
            continue
        reason = _invisible(path, run)
        if reason:
            yield undecided("camera.movement", name, "event", span, reason)
        else:
            yield unit("camera.movement", name, "event", span, label=label_of(run), attributes=_facts(path, run))


def _span(path: Path, run: Run) -> Span:
    return Span.of(path.timeline.time_s(run.first), path.timeline.time_s(run.after))


def _length_s(path: Path, run: Run) -> float:
    return (run.after - run.first) * path.step_s


def _rest(path: Path, name: str, span: Span) -> Unit:
    low, high = SHAKY_PCT
    shaking = path.jitter_pct
    label = "locked" if shaking == 0 else "static_shaky" if shaking >= high else "static"
    if 0 < shaking <= low:
        return undecided("camera.movement", name, "event", span, "the camera trembles too little to surely be seen")
    return unit("camera.movement", name, "event", span, label=label, attributes={"shake": path.shot.camera.shake})


def _invisible(path: Path, run: Run) -> str:
    """Return why a run cannot be called by its name, or ""."""
    part = slice(run.first - path.first, run.after - path.first)
    speed = float(path.speeds(path.shot.source.far_depth)[part].mean())
    length_s = _length_s(path, run)
    move = run.legs[0].move
    names = ("whip_speed_min_fw_s", "whip_duration_max_s")
    whip, longest = (vocabulary.threshold("camera.movement", name) for name in names)
    near = move in ("side_tracking", "lead_tracking", "tail_tracking", "pan_tracking") or move.startswith("arc")
    if speed * length_s < LEAST_MOVE_FW and not near and not move.startswith("dolly_zoom"):
        return f"it moves the picture by {speed * length_s:.3f} frame widths, too little to be seen"
    if move.startswith("roll"):
        slow = run.legs[0].speed < vocabulary.threshold("camera.movement", "roll_rate_min_deg_s")
        short = length_s < vocabulary.threshold("camera.movement", "roll_duration_min_s")
        return "a slower or shorter turn than the vocabulary's roll" if slow or short else ""
    quick = 0.5 * run.legs[0].speed if move == "crash_zoom" else speed
    if move.startswith(("whip", "crash")):
        fails = quick < whip or length_s > longest + path.step_s
        return "slower or longer than the vocabulary's whip" if fails else ""
    return "as fast as a whip" if speed >= whip else ""


def _facts(path: Path, run: Run) -> dict[str, Any]:
    kind = run.legs[0].move.partition("_")[0]
    scale = run.legs[0].move.rpartition("_")[0] in ("zoom", "dolly", "dolly_zoom", "crash")
    measure = "log_scale/s" if scale else "deg/s" if kind in ("roll", "arc") else "frame_widths/s"
    moves = [leg.move for leg in run.legs]
    return {"speed": run.legs[0].speed, "unit": measure, "shake": path.shot.camera.shake, "moves": moves}


def _steadiness(path: Path, number: int, span: Span) -> Unit:
    facet = "camera.steadiness"
    if any(leg.move.startswith(("whip", "crash")) for leg in path.shot.camera.legs):
        return undecided(facet, number, "shot", span, "a whip shakes the path by itself")
    return banded(facet, number, "shot", span, path.jitter_pct, STEADY_EDGES, margin=0.25)


def _speeds(path: Path, number: int, span: Span) -> Iterator[Unit]:
    source = path.shot.source
    far = np.hypot(path.speeds(source.far_depth), path.wander)
    near = np.hypot(path.speeds(source.near_depth), path.wander) if source.near else far

    def said(name: str, level: Level, where: Span, part: slice) -> Unit:
        values = [float(speeds[part].mean()) for speeds in (far, near)]
        found = [banded("camera.speed", name, level, where, v, SPEED_EDGES, margin=0.2) for v in values]
        if found[0].label != found[1].label:
            return undecided("camera.speed", name, level, where, "near and far things pass at different speeds")
        return found[0]

    yield said(str(number), "shot", span, slice(None))
    for place, run in enumerate(path.runs):
        where = _span(path, run)
        if run.legs and where != span and not _invisible(path, run):
            yield said(f"{number}.{place}", "event", where, slice(run.first - path.first, run.after - path.first))


def _roll(path: Path, number: int, span: Span) -> Unit:
    facet = "camera.roll"
    if path.shot.source.kind not in LINED:
        return undecided(facet, number, "shot", span, "the scene has no upright lines to judge it by")
    turns = np.degrees([at.roll for at in path.poses])
    limit, share = (vocabulary.threshold(facet, name) for name in ("tilt_min_deg", "duration_share_min"))
    if (np.abs(turns) <= 0.6 * limit).mean() >= share:
        return unit(facet, number, "shot", span, label="level")
    for label, side in (("dutch_right", 1), ("dutch_left", -1)):
        if (side * turns >= limit).mean() >= share:
            return unit(facet, number, "shot", span, label=label)
    return undecided(facet, number, "shot", span, "the camera is near the limit, or turns across it")


def _support(path: Path, number: int, span: Span) -> Unit:
    facet = "camera.support"
    if path.jitter_pct >= HAND_PCT:
        return unit(facet, number, "shot", span, label="handheld")
    if not path.shot.camera.legs and path.shot.camera.shake == 0:
        return unit(facet, number, "shot", span, label="tripod")
    return undecided(facet, number, "shot", span, "the path alone does not tell the support")


def tracks(timeline: Timeline) -> dict[str, Track]:
    """Return the camera's pose at every written frame: place in depths, turn in degrees, focal length in frame widths.

    Frames of two mixed shots have the pose of the shot they belong to; shots with several pictures that of the first.
    """
    paths = [Path(timeline, number) for number in range(len(timeline.script.shots))]
    poses = [at for path in paths for at in path.poses]
    kept = list(timeline.kept)
    times = np.array([timeline.time_s(frame) for frame in kept])
    turns = dict.fromkeys(("yaw", "pitch", "roll"), "deg")
    measures = dict.fromkeys("xyz", "depth") | turns | {"focal": "frame_widths"}
    found = {}
    for name, measure in measures.items():
        values = np.array([getattr(poses[frame], name) for frame in kept])
        values = np.degrees(values) if measure == "deg" else values
        found[f"camera.pose.{name}"] = Track(name=f"camera.pose.{name}", unit=measure, times_s=times, values=values)
    return found
