"""True scenes: how much moves before the camera, how many people are seen, and how near they are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core import vocabulary
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.render.figures import PEOPLE
from sestina.render.parts.stage import Subject
from sestina.render.portraits import CHIN, CROWN, FACE, FEET
from sestina.render.truth.bands import banded, undecided
from sestina.render.truth.camera import unknown
from sestina.render.truth.made import Made, unit
from sestina.render.truth.paths import Path

FACETS = ("camera.scene_dynamics", "subject.motion_energy", "camera.scale", "subject.count")

ENERGY_EDGES = ("low_min_fw_s", "medium_min_fw_s", "high_min_fw_s")
STIR = {
    "person": 0.25, "walker": 0.35, "bust": 0.02, "standing": 0.004, "hand": 0.15, "hero": 0.2, "plant": 0.05,
    "withered": 0.03, "mug": 0.02, "ball": 0.3, "car": 0.03, "box": 0.01,
}  # fmt: skip
"""Mean speed of a figure's own motion, over its area, in its heights a second; roughly."""
COVER = 0.35
"""Share of a figure's square that the figure covers, roughly."""
FAINT = 2.5
"""Deviation of noise, 8-bit steps, that encoders may wipe out."""
MOVING_MIN, STILL_MAX = 0.02, 0.004
"""Mean motion, frame widths/s, of a scene that moves, and of one that does not."""


def units(made: Made) -> Iterator[Unit]:
    """Yield what every shot's scene does and whom it shows."""
    for number in range(len(made.script.shots)):
        span = made.timeline.shot_span(number)
        reason = unknown(made, number)
        if reason:
            yield from (undecided(facet, number, "shot", span, reason) for facet in FACETS)
            continue
        path = Path(made.timeline, number)
        yield from _scene(path, number, span)
        yield _scale(path, number, span)
        yield _count(path, number, span)


def _count(path: Path, number: int, span: Span) -> Unit:
    facet, shot = "subject.count", path.shot
    if shot.source.kind in ("photo", "image") or any(subject.kind == "image" for subject in shot.subjects):
        return undecided(facet, number, "shot", span, "a picture from outside may show people")
    people = [subject for subject in shot.subjects if subject.kind in PEOPLE]
    if not all(_in_view(path, subject) for subject in people):
        return undecided(facet, number, "shot", span, "somebody is in view for a part of the shot only")
    count = len(people)
    label = str(count) if count <= 3 else "4-5" if count <= 5 else "6-10" if count <= 10 else "crowd"
    return unit(facet, number, "shot", span, label=label)


def _scene(path: Path, number: int, span: Span) -> Iterator[Unit]:
    least, most = _energy(path)
    dynamics, energy = "camera.scene_dynamics", "subject.motion_energy"
    if (np.diff(path.scene_s)[1:] == 0).all() and path.after - path.first > 2:
        yield unit(dynamics, number, "shot", span, label="frame_freeze")
    elif _span(path) in quiet(path):
        yield undecided(dynamics, number, "shot", span, "still: a scene at rest, or a frozen picture")
    elif least >= MOVING_MIN:
        yield unit(dynamics, number, "shot", span, label="dynamic_scene")
    elif most <= STILL_MAX:
        yield unit(dynamics, number, "shot", span, label="static_scene")
    else:
        yield undecided(dynamics, number, "shot", span, "little moves, or not much of the picture")
    found = [banded(energy, number, "shot", span, value, ENERGY_EDGES, margin=0.25) for value in (least, most)]
    same = found[0].label == found[1].label
    yield found[0] if same else undecided(energy, number, "shot", span, "how much the figures stir is known roughly")


def quiet(path: Path) -> list[Span]:
    """Return the spans in which the encoder may make equal frames: nothing moves in them but a little noise."""
    shot = path.shot
    if shot.camera.shake or shot.subjects or max(shot.look.noise, shot.look.grain) > FAINT:
        return []
    return [
        Span.of(path.timeline.time_s(run.first), path.timeline.time_s(run.after)) for run in path.runs if not run.course
    ]


def _span(path: Path) -> Span:
    return path.timeline.shot_span(path.number)


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


def _in_view(path: Path, subject: Subject) -> bool:
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


def _scale_at(path: Path, subject: Subject, frame: int) -> str:
    """Return the label at one frame, "" near a limit."""
    _, y, half, _ = path.figure(subject, frame)
    kind, edge = subject.kind, 0.5 / path.aspect
    chin, feet, crown = (y + 2 * half * (part[kind] - 0.5) for part in (CHIN, FEET, CROWN))
    face = 2 * half * FACE[kind]
    if chin > edge or chin - face < -edge:
        return "ECU" if face > 2 * edge * 1.1 else ""
    tall = (min(feet, edge) - max(crown, -edge)) * path.aspect
    if feet < edge and kind == "bust":
        return ""
    if feet < edge:
        least = vocabulary.threshold("camera.scale", "els_person_height_max")
        return "" if 0.9 * least < tall < 1.15 * least else "ELS" if tall < least else "LS"
    below = (edge - chin) / face
    limits = [vocabulary.threshold("camera.scale", f"{name}_cut_min") for name in ("mcu", "ms", "mls", "ls")]
    if min(abs(below - limit) / limit for limit in limits) < 0.08:
        return ""
    return ("CU", "MCU", "MS", "MLS", "LS")[sum(below >= limit for limit in limits)]
