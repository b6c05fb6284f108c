"""Camera paths as JSON: how the camera moves in every shot, in words, directions and amounts, and exactly where known.

Directions are the camera's, so the picture's content goes the other way: `right`, `up`, `forward` and `clockwise`
are 1 or -1. What is measured in the picture (frame widths, scale, degrees) is not the camera's place in the world; that
is known only of rendered clips, whose side file holds the pose at every frame.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.track import F64
from sestina.export._json import write_object
from sestina.export._shots import Shot, Shots
from sestina.export._told import Told, shot_facts, shots, video_facts

VERSION = "1.0"
"""Version of the camera path; it is raised when a key changes its meaning or goes away."""
FACET = "camera.movement"
WAYS: dict[str, tuple[str, int]] = {
    "lateral_left": ("right", -1), "lateral_right": ("right", 1), "vertical_up": ("up", 1), "vertical_down": ("up", -1),
    "inward": ("forward", 1), "outward": ("forward", -1), "roll_cw": ("clockwise", 1), "roll_ccw": ("clockwise", -1),
    "whip_pan_left": ("right", -1), "whip_pan_right": ("right", 1), "whip_pan_up": ("up", 1),
    "whip_pan_down": ("up", -1), "crash_zoom": ("forward", 1), "dolly_zoom_in": ("forward", 1),
    "dolly_zoom_out": ("forward", -1),
}  # fmt: skip
"""Direction of a family of movements, or of a label whose family has none."""
MEANS = {
    "pan": "turn", "tilt": "turn", "roll": "turn", "whip": "turn", "truck": "travel", "pedestal": "travel",
    "crane": "travel", "dolly": "travel", "arc": "travel", "zoom": "zoom", "crash": "zoom",
}  # fmt: skip
"""By what the camera does it, from a label's first word; a family leaves it open."""
RATES = ("right_fw_s", "up_fw_s", "log_scale_rate", "clockwise_deg_s")
POSE = ("x", "y", "z", "yaw", "pitch", "roll", "focal")
AXES = {
    "place": "x right, y down, z forward, in depths of the scene; the first pose of a resting camera is the origin",
    "turn": "yaw to the right, pitch up, roll clockwise, degrees; applied yaw, then pitch, then roll",
    "focal": "focal length in frame widths: a point at (x, y, z) before the camera shows at focal * (x, y) / z",
}


@exporters.register(
    "camera-path",
    suffix=".camera.json",
    card=Card(
        summary="Movements of every shot with direction, amount and frames; exact poses of a rendered clip.",
        source="directions by the vocabulary; poses by the pinhole camera of the renderer",
    ),
)
def camera_path(storyboard: Storyboard, file: BinaryIO, *, poses: Path | None = None) -> None:
    """Write the camera's path, shot by shot.

    Args:
        storyboard: with video.
        file: where to.
        poses: the side file (`.npz`) of a rendered clip's gold, for the exact pose at every frame.

    Raises SestinaError when that file is none, or is not the one the storyboard names.
    """
    known = None if poses is None else _read(poses, storyboard)
    head: dict[str, Any] = {"camera_path": VERSION, "video": video_facts(storyboard)}
    if known is not None:
        head["axes"] = AXES
    rows = Shots(storyboard)
    write_object(file, head, "shots", (_shot(told, rows, known) for told in shots(storyboard)))


def _shot(told: Told, rows: Shots, poses: Mapping[str, F64] | None) -> dict[str, Any]:
    moves = sorted(told.claims(FACET), key=lambda unit: unit.order)
    found: dict[str, Any] = {**shot_facts(told.shot), "moves": [_move(unit, told, rows) for unit in moves]}
    for facet in ("camera.speed", "camera.steadiness", "camera.support"):
        found[facet.rpartition(".")[2]] = next((unit.label for unit in told.claims(facet)), None)
    if poses is not None:
        found["poses"] = _poses(told.shot, poses)
    return found


def _move(unit: Unit, told: Told, rows: Shots) -> dict[str, Any]:
    """Return one movement: what it is called, when, which way, by what means, and how far."""
    span = unit.span.clipped(told.shot.unit.span)
    first, after = rows.frame(span.start_s) or 0, rows.frame(span.end_s) or 0
    facet, label = vocabulary.facet(FACET), unit.label or "static"
    names = (label, *facet.ancestors(label))
    way = next((WAYS[name] for name in names if name in WAYS), None)
    return {
        "label": label,
        "family": names[-1],
        "start_s": span.start_s, "end_s": span.end_s, "frame": first, "frames": after - first,
        "direction": {} if way is None else {way[0]: way[1]},
        "means": None if len(names) == 1 and "roll" not in label else MEANS.get(label.partition("_")[0]),
        "amount": dict(_amounts(unit, span.duration_s)),
        "unit": unit.id,
    }  # fmt: skip


def _amounts(unit: Unit, duration_s: float) -> Iterator[tuple[str, float]]:
    """Yield how far the movement goes in the picture, from its measured mean rates, or its nominal speed."""
    values = [unit.attributes.get(name) for name in RATES]
    if all(isinstance(value, (int, float)) for value in values):
        right, up, scale, turn = (float(value) * duration_s for value in values if isinstance(value, (int, float)))
        yield from (("right_frame_widths", round(right, 4) + 0.0), ("up_frame_widths", round(up, 4) + 0.0))
        yield from (("scale", round(math.exp(scale), 4)), ("clockwise_deg", round(turn, 2) + 0.0))
    elif isinstance(unit.attributes.get("speed"), (int, float)):
        yield str(unit.attributes.get("unit", "per_s")), float(unit.attributes["speed"])


def _read(path: Path, board: Storyboard) -> dict[str, F64]:
    """Return times and pose columns, [N] each. Raises SestinaError."""
    hint = "name the .npz that `sestina render` wrote beside the gold storyboard"
    try:
        data = path.read_bytes()
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            found = {name: np.asarray(arrays[f"camera.pose.{name}.values"], np.float64) for name in POSE}
            found["time_s"] = np.asarray(arrays["camera.pose.x.times_s"], np.float64)
    except OSError as error:
        raise SestinaError(f"cannot read {str(path)!r}: {error.strerror}", hint=hint) from error
    except KeyError as error:
        raise SestinaError(f"{str(path)!r} holds no camera poses: {error}", hint=hint) from error
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise SestinaError(f"{str(path)!r} is no side file: {error}", hint=hint) from error
    side = board.signals
    if side.file == path.name and side.sha256 not in (None, "sha256:" + hashlib.sha256(data).hexdigest()):
        raise SestinaError(f"{str(path)!r} is not the file that the storyboard was written with", hint=hint)
    if len({len(values) for values in found.values()}) != 1:
        raise SestinaError(f"{str(path)!r} holds poses of different lengths", hint=hint)
    return found


def _poses(shot: Shot, poses: Mapping[str, F64]) -> dict[str, list[float]]:
    """Return the poses at the frames of one shot, a column each."""
    times, span = poses["time_s"], shot.unit.span
    inside = (times >= span.start_s - 1e-6) & (times < span.end_s - 1e-6)
    return {name: [round(float(v), 6) + 0.0 for v in poses[name][inside]] for name in ("time_s", *POSE)}
