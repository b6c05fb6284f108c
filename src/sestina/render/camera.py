"""Camera paths: where the camera is and looks at any time of a shot, and how it sees a point.

A pinhole camera in a world of x to the right, y down, z away from it; it rests at the origin and looks along z. The
frame is one unit wide on the sensor, so the focal length f is in frame widths, and a point P shows, from the middle, at

    (u, v) = f · (x, y) / z - shift,  where (x, y, z) = R^T (P - C)

with C the camera's place and R = yaw · pitch · roll its turn (Hartley and Zisserman, Multiple View Geometry, 2003). A
pan therefore moves all depths alike, and a truck moves near ones more. A figure or layer at depth Z whose place is
given as q frame widths lies at Z·q/lens: where the resting camera sees it at q.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box
from sestina.render.parts.stage import TRACKING, Camera, Leg, Subject
from sestina.render.script import Shot

F64 = npt.NDArray[np.float64]

RAMP = 0.2
"""Share of a smooth move's window spent on speeding up, and again on slowing down."""

SHAKE_BAND_HZ = (0.4, 7.0)
"""Frequencies of a hand's tremble; physiological tremor and sway of hand-held cameras lie in it."""

TURN_MAX_DEG = 65.0
"""Farthest the camera may look from straight ahead: beyond it the flat far picture is seen from its edge."""

NEAREST = 0.15
"""Share of a thing's depth that the camera must stay away from it."""

AXES = {
    "left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, -1.0), "down": (0.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Pose:
    """The camera at one time.

    Args:
        x, y, z: its place; right, down, forward.
        yaw, pitch, roll: radians to the right, up, clockwise.
        focal: focal length, frame widths.
        shift_x, shift_y: how far the picture is moved left and up on the screen, frame widths: a crop of a still.
    """

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    focal: float = 1.5
    shift_x: float = 0.0
    shift_y: float = 0.0

    @property
    def place(self) -> F64:
        """Its place as a vector [3]."""
        return np.array([self.x, self.y, self.z])

    @property
    def turn(self) -> F64:
        """Its rotation [3,3]: columns are the camera's right, down and forward in the world."""
        (cy, sy), (cp, sp), (cr, sr) = ((math.cos(a), math.sin(a)) for a in (self.yaw, self.pitch, self.roll))
        yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        pitch = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return np.asarray(yaw @ pitch @ roll)


def pose(shot: Shot, time_s: float) -> Pose:
    """Return the camera's pose `time_s` seconds into the shot (may lie outside it, while a transition shows it).

    Raises ValueError when the path runs into something or looks past the edge of the scene.
    """
    camera = shot.camera
    local = time_s + shot.offset_s
    right, down, turn = camera.at[0], camera.at[1], math.radians(camera.roll_deg)
    tremble = _shake(camera, shot.source.seed, local)
    at = Pose(
        yaw=math.atan2(right + tremble[0], camera.lens), pitch=-math.atan2(down + tremble[1], camera.lens),
        roll=turn + tremble[2], focal=camera.lens * camera.zoom,
    )  # fmt: skip
    if camera.legs and camera.legs[0].move.startswith("ken_burns"):
        at = replace(at, yaw=0.0, pitch=0.0, shift_x=right * camera.zoom, shift_y=down * camera.zoom)
    for leg in camera.legs:
        at = _moved(at, shot, leg, local)
    _refuse(at, shot)
    return at


def _refuse(at: Pose, shot: Shot) -> None:
    if max(abs(at.yaw), abs(at.pitch)) > math.radians(TURN_MAX_DEG):
        raise ValueError(f"the camera turns by more than {TURN_MAX_DEG:g} degrees and looks past the scene's edge")
    nearest = shot.source.near_depth if shot.source.near else shot.source.far_depth
    if at.z > (1 - NEAREST) * nearest:
        what = "near layer" if shot.source.near else "far picture"
        raise ValueError(f"the camera would run into the {what}: depth {at.z:.2f} of {nearest}")
    if shot.source.floor and at.y > (1 - NEAREST) * floor_drop(shot):
        raise ValueError("the camera would go down through the floor")


def floor_drop(shot: Shot) -> float:
    """Return how far the floor lies below the resting camera, in depths."""
    return shot.source.floor_at * shot.source.far_depth / shot.camera.lens


def _moved(at: Pose, shot: Shot, leg: Leg, time_s: float) -> Pose:
    """Return `at` moved by one leg."""
    if leg.move in TRACKING:
        return _following(at, shot, leg, time_s)
    kind, _, side = leg.move.rpartition("_")
    if kind == "ken_burns":
        return _cropped(at, shot, leg, side, time_s)
    way, rest = way_of(leg, time_s, shot.duration_s), shot.camera.lens * shot.camera.zoom
    if kind in ("pan", "tilt", "whip_pan"):
        right, down = AXES[side]
        return replace(at, yaw=at.yaw + right * way / rest, pitch=at.pitch - down * way / rest)
    if kind in ("truck", "pedestal"):
        far = shot.source.far_depth / rest
        return replace(at, x=at.x + AXES[side][0] * way * far, y=at.y + AXES[side][1] * way * far)
    if leg.move.endswith("zoom") or kind == "zoom":
        return replace(at, focal=at.focal * math.exp(way))
    if kind == "dolly":
        return replace(at, z=at.z + (shot.source.far_depth - at.z) * (1 - math.exp(-way)))
    if kind == "roll":
        return replace(at, roll=at.roll + math.radians(way) * (1 if side == "cw" else -1))
    return _around(at, shot, leg, way)


def _around(at: Pose, shot: Shot, leg: Leg, way: float) -> Pose:
    """Return `at` moved about the pivot: an arc, a crane or a dolly zoom."""
    depth = pivot_of(shot)
    if leg.move.startswith("arc"):
        angle = math.radians(way) * (1 if leg.move == "arc_cw" else -1)
        aside, forward = depth * math.sin(angle), depth * (1 - math.cos(angle))
        return replace(at, x=at.x - aside, z=at.z + forward, yaw=at.yaw + angle)
    if leg.move.startswith("crane"):
        rest = shot.camera.lens * shot.camera.zoom
        rise = way * shot.source.far_depth / rest * (1 if leg.move == "crane_up" else -1)
        return replace(at, y=at.y - rise, pitch=at.pitch - math.atan2(rise, depth))
    # A dolly zoom: focal length and distance to the pivot change alike. It ends at the wide end.
    whole = leg.speed * _window_s(leg, shot.duration_s)
    return replace(at, z=at.z + depth * (1 - math.exp(-way)), focal=at.focal * math.exp(whole - way))


def _cropped(at: Pose, shot: Shot, leg: Leg, side: str, time_s: float) -> Pose:
    """Return `at` with its crop of the still moved or scaled."""
    way = way_of(leg, time_s, shot.duration_s)
    if side in AXES:
        right, down = AXES[side]
        return replace(at, shift_x=at.shift_x + right * way, shift_y=at.shift_y + down * way)
    scale = math.exp(way)
    return replace(at, focal=at.focal * scale, shift_x=at.shift_x * scale, shift_y=at.shift_y * scale)


def _following(at: Pose, shot: Shot, leg: Leg, time_s: float) -> Pose:
    """Return `at` turned or moved as the followed figure has moved since the leg began."""
    start, end = leg.window or (-math.inf, math.inf)
    begin_s = start if leg.window is not None else shot.offset_s
    subject = followed(shot)
    lens = shot.camera.lens
    now = subject_place(subject, min(max(time_s, start), end), shot.source.far_depth, lens)
    then = subject_place(subject, begin_s, shot.source.far_depth, lens)
    if leg.move != "pan_tracking":
        x, y, z = (float(v) for v in now - then)
        return replace(at, x=at.x + x, y=at.y + (y if leg.move == "side_tracking" else 0.0), z=at.z + z)
    yaw = math.atan2(now[0], now[2]) - math.atan2(then[0], then[2])
    return replace(at, yaw=at.yaw + yaw)


def followed(shot: Shot) -> Subject:
    """Return the figure that tracking moves follow. Raises ValueError when there is none."""
    if not 0 <= shot.camera.follow < len(shot.subjects):
        raise ValueError(f"the camera follows figure {shot.camera.follow} of {len(shot.subjects)}")
    return shot.subjects[shot.camera.follow]


def pivot_of(shot: Shot) -> float:
    """Return the depth that arcs, cranes and dolly zooms keep in place."""
    if shot.camera.pivot is not None:
        return shot.camera.pivot
    if shot.subjects:
        return shot.subjects[0].depth or shot.source.far_depth
    return (shot.source.near_depth + shot.source.far_depth) / 2


def way_of(leg: Leg, time_s: float, duration_s: float) -> float:
    """Return how far a leg has come: signed about its middle for shifts and turns, from its wide end for scales."""
    start, end = leg.window or (0.0, duration_s)
    if leg.window is not None:
        time_s = min(max(time_s, start), end)
    share = (time_s - start) / (end - start)
    if leg.window is not None and leg.ease == "smooth":
        share = _eased(share)
    whole = leg.speed * (end - start)
    if leg.move in ("zoom_in", "dolly_in", "dolly_zoom_in", "crash_zoom", "ken_burns_in"):
        return whole * share
    if leg.move in ("zoom_out", "dolly_out", "dolly_zoom_out", "ken_burns_out"):
        return whole * (1 - share)
    return whole * (share - 0.5)


def _window_s(leg: Leg, duration_s: float) -> float:
    return duration_s if leg.window is None else leg.window[1] - leg.window[0]


def _eased(share: float) -> float:
    """Return the progress 0..1 of a move that speeds up and slows down over `RAMP` of its time."""
    peak = 1 / (1 - RAMP)
    if share < RAMP:
        return peak * share * share / (2 * RAMP)
    if share > 1 - RAMP:
        return 1 - peak * (1 - share) ** 2 / (2 * RAMP)
    return peak * (share - RAMP / 2)


def _shake(camera: Camera, seed: int, time_s: float) -> F64:
    """Return the tremble at one time: shift right and down in frame widths, roll in radians."""
    return np.asarray(tremble(camera.shake, seed, np.array([time_s]))[0])


def tremble(rms: float, seed: int, times_s: F64, above_hz: float = 0.0) -> F64:
    """Return the hand's tremble [N,3] at times [N]: right and down in frame widths, roll in radians.

    `above_hz` leaves out the waves below that frequency.
    """
    if rms <= 0:
        return np.zeros((len(times_s), 3))
    hz, phase, weight = _shake_waves(seed)
    waves = np.where(hz > above_hz, weight, 0) * np.sin(2 * np.pi * hz * times_s[:, None, None] + phase)
    shift: F64 = rms * waves.sum(axis=2)
    shift[:, 2] /= 2
    return shift


@lru_cache(maxsize=64)
def _shake_waves(seed: int) -> tuple[F64, F64, F64]:
    """Return frequency, phase and amplitude [3, 14] of the waves whose sum has RMS 1 and falls off as 1/f."""
    rng = np.random.default_rng([seed, 5])
    low, high = SHAKE_BAND_HZ
    hz = np.exp(rng.uniform(math.log(low), math.log(high), (3, 14)))
    weight = 1 / np.sqrt(hz)
    weight *= np.sqrt(2 / (weight**2).sum(axis=1, keepdims=True))
    return hz, rng.uniform(0, 2 * np.pi, (3, 14)), weight


def projected(at: Pose, points: F64) -> F64:
    """Return where world points [N,3] show, frame widths from the frame's middle [N,2]; NaN behind the camera."""
    seen = (points - at.place) @ at.turn
    depth = np.where(seen[:, 2] > 1e-9, seen[:, 2], np.nan)
    plane: F64 = at.focal * seen[:, :2] / depth[:, None] - (at.shift_x, at.shift_y)
    return plane


def subject_point(subject: Subject, time_s: float) -> tuple[float, float]:
    """Return where a figure's middle is at a time of the shot, frame widths at rest from the canvas's centre."""
    lift = subject.bob * math.sin(2 * math.pi * subject.bob_hz * time_s)
    x = subject.at[0] + subject.velocity[0] * time_s
    return x, subject.at[1] + subject.velocity[1] * time_s + lift


def subject_place(subject: Subject, time_s: float, far_depth: float, lens: float) -> F64:
    """Return where a figure's middle is in the world at a time of the shot [3]."""
    depth = subject.depth or far_depth
    x, y = subject_point(subject, time_s)
    return np.array([depth * x / lens, depth * y / lens, depth - subject.approach * time_s])


def frame_box(centre: tuple[float, float], size: tuple[float, float], aspect: float) -> Box:
    """Return the box of a thing in fractions of the frame.

    Args:
        centre: frame widths from the middle.
        size: width and height, frame widths.
        aspect: frame width over height.
    """
    x, y = 0.5 + centre[0], 0.5 + centre[1] * aspect
    return Box.of(x - size[0] / 2, y - size[1] * aspect / 2, size[0], size[1] * aspect)
