"""True camera: what it does and how fast, how steadily and how level it is held, what moves before it, and its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sestina.core import vocabulary
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.render.figures import PEOPLE
from sestina.render.portraits import CHIN, CROWN, FACE, FEET
from sestina.render.truth.bands import banded, undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.paths import Path, Run, label_of

FACETS = (
    "camera.movement", "camera.steadiness", "camera.speed", "camera.roll", "camera.support", "camera.scene_dynamics",
    "camera.scale", "subject.motion_energy", "subject.count",
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
ENERGY_EDGES = ("low_min_fw_s", "medium_min_fw_s", "high_min_fw_s")
LINED = frozenset({"city", "room", "bars", "desk", "stand"})
"""Painters whose pictures have upright lines to judge a camera's level by."""
STIR = {
    "person": 0.25, "walker": 0.35, "bust": 0.02, "standing": 0.004, "hand": 0.15, "hero": 0.2, "plant": 0.05,
    "withered": 0.03, "mug": 0.02, "ball": 0.3, "car": 0.03, "box": 0.01,
}  # fmt: skip
"""Mean speed of a figure's own motion, over its area, in its heights a second; roughly."""
COVER = 0.35
"""Share of a figure's square that the figure covers, roughly."""
MOVING_MIN, STILL_MAX = 0.02, 0.004
"""Mean motion, frame widths/s, of a scene that moves, and of one that does not."""



def units(made: Made) -> Iterator[Unit]:
    """Yield what every shot's camera does."""
    for number, shot in enumerate(made.script.shots):
        span = made.timeline.shot_span(number)
        reason = _unknown(made, number)
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
        yield from _scene(path, number, span)
        yield _scale(path, number, span)
        people = sum(subject.kind in PEOPLE for subject in shot.subjects)
        if shot.source.kind in ("photo", "image") or any(s.kind == "image" for s in shot.subjects):
            yield undecided("subject.count", number, "shot", span, "a picture from outside may show people")
        elif all(_in_view(path, subject) for subject in shot.subjects):
            label = str(people) if people <= 3 else "4-5" if people <= 5 else "6-10" if people <= 10 else "crowd"
            yield unit("subject.count", number, "shot", span, label=label)
        else:
            yield undecided("subject.count", number, "shot", span, "somebody is in view for a part of the shot only")


def _unknown(made: Made, number: int) -> str:
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


def _scene(path: Path, number: int, span: Span) -> Iterator[Unit]:
    least, most = _energy(path)
    dynamics, energy = "camera.scene_dynamics", "subject.motion_energy"
    if (np.diff(path.scene_s)[1:] == 0).all() and path.after - path.first > 2:
        yield unit(dynamics, number, "shot", span, label="frame_freeze")
    elif least >= MOVING_MIN:
        yield unit(dynamics, number, "shot", span, label="dynamic_scene")
    elif most <= STILL_MAX:
        yield unit(dynamics, number, "shot", span, label="static_scene")
    else:
        yield undecided(dynamics, number, "shot", span, "little moves, or not much of the picture")
    found = [banded(energy, number, "shot", span, value, ENERGY_EDGES, margin=0.25) for value in (least, most)]
    same = found[0].label == found[1].label
    yield found[0] if same else undecided(energy, number, "shot", span, "how much the figures stir is known roughly")


def _energy(path: Path) -> tuple[float, float]:
    """Return the least and the most mean motion of the scene, frame widths/s."""
    totals = []
    rate = np.abs(np.diff(path.scene_s)) / path.step_s
    for frame in range(0, path.after - path.first, 3):
        least = most = 0.0
        for subject in path.shot.subjects:
            x, y, half, speed = path.figure(subject, frame)
            area = _visible(x, y, half, path.aspect) * COVER
            stir = STIR.get(subject.kind, 0.0) * 2 * half * float(rate[frame])
            least += 0.6 * area * (speed + 0.5 * stir)
            most += 1.6 * area * (speed + 2 * stir)
        totals.append((least, most))
    mean = np.array(totals).mean(axis=0)
    return float(mean[0]), float(mean[1])


def _visible(x: float, y: float, half: float, aspect: float) -> float:
    """Return the share of the frame that a square of half side `half` around (x, y), frame widths, covers."""
    wide = min(0.5, x + half) - max(-0.5, x - half)
    high = min(0.5 / aspect, y + half) - max(-0.5 / aspect, y - half)
    return max(0.0, wide) * max(0.0, high) * aspect


def _in_view(path: Path, subject: Any) -> bool:
    """Return whether half of a figure's middle is in the picture all the time."""
    for frame in range(0, path.after - path.first, 3):
        x, y, half, _ = path.figure(subject, frame)
        if not (abs(x) < 0.5 and abs(y) - half < 0.5 / path.aspect):
            return False
    return True


def _scale(path: Path, number: int, span: Span) -> Unit:
    """Return the scale of a shot whose largest figure is a portrait: face heights below its chin, as cropped."""
    facet = "camera.scale"
    people = [s for s in path.shot.subjects if s.kind in FACE]
    if len(people) != 1 or len(path.shot.subjects) != 1:
        return undecided(facet, number, "shot", span, "the picture is not of one person whose size is known")
    labels = {_scale_at(path, people[0], frame) for frame in range(0, path.after - path.first, 3)}
    if len(labels) != 1 or "" in labels:
        return undecided(facet, number, "shot", span, "the scale changes, or lies near a limit")
    return unit(facet, number, "shot", span, label=labels.pop())


def _scale_at(path: Path, subject: Any, frame: int) -> str:
    """Return the label at one frame, "" near a limit."""
    _, y, half, _ = path.figure(subject, frame)
    kind, edge = subject.kind, 0.5 / path.aspect
    chin, feet, crown = (y + 2 * half * (part[kind] - 0.5) for part in (CHIN, FEET, CROWN))
    face = 2 * half * FACE[kind]
    if chin > edge or chin - face < -edge:
        return "ECU" if face > 2 * edge * 1.1 else ""
    tall = (min(feet, edge) - max(crown, -edge)) * path.aspect
    if feet < edge:
        least = vocabulary.threshold("camera.scale", "els_person_height_max")
        return "" if 0.9 * least < tall < 1.15 * least else "ELS" if tall < least else "LS"
    below = (edge - chin) / face
    limits = [vocabulary.threshold("camera.scale", f"{name}_cut_min") for name in ("mcu", "ms", "mls", "ls")]
    if min(abs(below - limit) / limit for limit in limits) < 0.08:
        return ""
    return ("CU", "MCU", "MS", "MLS", "LS")[sum(below >= limit for limit in limits)]


def tracks(made: Made) -> dict[str, Track]:
    """Return the camera's pose at every written frame: place in depths, turn in degrees, focal length in frame widths.

    Frames of two mixed shots have the pose of the shot they belong to; shots with several pictures that of the first.
    """
    paths = [Path(made.timeline, number) for number in range(len(made.script.shots))]
    poses = [at for path in paths for at in path.poses]
    kept = list(made.timeline.kept)
    times = np.array([made.timeline.time_s(frame) for frame in kept])
    turns = dict.fromkeys(("yaw", "pitch", "roll"), "deg")
    measures = dict.fromkeys("xyz", "depth") | turns | {"focal": "frame_widths"}
    found = {}
    for name, measure in measures.items():
        values = np.array([getattr(poses[frame], name) for frame in kept])
        values = np.degrees(values) if measure == "deg" else values
        found[f"camera.pose.{name}"] = Track(name=f"camera.pose.{name}", unit=measure, times_s=times, values=values)
    return found
