"""Camera paths: where the camera is and looks at any time of a shot, and what that path is called.

A small pinhole model. A layer at depth Z shows its point q (frame widths from the middle, as seen at rest) at

    p = R(-roll) · zoom · ((Z·q - (x, y)) / (Z - z) - pan)

so pans shift all layers alike, trucks shift near ones more, zooms scale all alike and dollies scale near ones more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box
from sestina.render.parts.stage import Camera
from sestina.render.script import Shot

F64 = npt.NDArray[np.float64]

RAMP = 0.2
"""Share of a smooth move's window spent on speeding up, and again on slowing down."""

SHAKE_BAND_HZ = (0.4, 7.0)
"""Frequencies of a hand's tremble; physiological tremor and sway of hand-held cameras lie in it."""

AXES = {
    "left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, -1.0), "down": (0.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Pose:
    """The camera at one time: position (x, y, z) in world units, pan in frame widths, zoom, roll in radians."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    pan_x: float = 0.0
    pan_y: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0


def pose(shot: Shot, time_s: float) -> Pose:
    """Return the camera's pose `time_s` seconds into the shot (may lie outside it, while a transition shows it)."""
    camera = shot.camera
    local = time_s + shot.offset_s
    way = _way(camera, local, shot.duration_s)
    tremble = _shake(camera, shot.source.seed, local)
    at = (camera.at[0] + tremble[0], camera.at[1] + tremble[1])
    base = Pose(pan_x=at[0], pan_y=at[1], zoom=camera.zoom, roll=tremble[2])
    return _moved(base, shot, way)


def _moved(base: Pose, shot: Shot, way: float) -> Pose:
    """Return `base` after `way` of the shot's move: frame widths, log scale or degrees, 0 at its middle."""
    kind, _, side = shot.camera.move.rpartition("_")
    values = dict(vars(base))
    if kind in ("pan", "tilt", "whip_pan"):
        values["pan_x"] += AXES[side][0] * way
        values["pan_y"] += AXES[side][1] * way
    elif kind in ("truck", "pedestal"):
        values["x"] = AXES[side][0] * way * shot.source.far_depth
        values["y"] = AXES[side][1] * way * shot.source.far_depth
    elif kind == "zoom":
        values["zoom"] *= math.exp(way)
    elif kind == "dolly":
        values["z"] = _depth(shot, way)
    elif kind == "roll":
        values["roll"] += math.radians(way) * (1 if side == "cw" else -1)
    return Pose(**values)


def _depth(shot: Shot, way: float) -> float:
    """Return how far the camera has come forward for the far layer to be `exp(way)` times as large."""
    source = shot.source
    z = source.far_depth * (1 - math.exp(-way))
    if source.near and z > 0.85 * source.near_depth:
        raise ValueError(f"the dolly would run into the near layer: depth {z:.2f} of {source.near_depth}")
    return z


def _way(camera: Camera, time_s: float, duration_s: float) -> float:
    """Return how far the move has come: signed about its middle for shifts and rolls, from its wide end for scales."""
    if camera.move == "static":
        return 0.0
    start, end = camera.window or (0.0, duration_s)
    if camera.window is not None:
        time_s = min(max(time_s, start), end)
    share = (time_s - start) / (end - start)
    if camera.window is not None and camera.ease == "smooth":
        share = _eased(share)
    whole = camera.speed * (end - start)
    if camera.move in ("zoom_in", "dolly_in"):
        return whole * share
    return whole * (1 - share) if camera.move in ("zoom_out", "dolly_out") else whole * (share - 0.5)


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
    if camera.shake <= 0:
        return np.zeros(3)
    hz, phase, weight = _shake_waves(seed)
    waves = weight * np.sin(2 * np.pi * hz * time_s + phase)
    shift: F64 = camera.shake * waves.sum(axis=1)
    shift[2] /= 2
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


def inverse_affine(at: Pose, depth: float, frame: tuple[int, int], layer: tuple[int, int]) -> F64:
    """Return the 2x3 matrix from frame pixels to a layer's pixels.

    Args:
        at: the camera's pose.
        depth: the layer's distance.
        frame: width and height of the frame, pixels.
        layer: width and height of the layer's canvas, which has the frame's pixel size at rest.
    """
    width, height = frame
    reach = (depth - at.z) / depth
    cos, sin = math.cos(at.roll), math.sin(at.roll)
    linear = reach / at.zoom * np.array([[cos, -sin], [sin, cos]])
    shift = width * np.array([reach * at.pan_x + at.x / depth, reach * at.pan_y + at.y / depth])
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    centre = np.array([(layer[0] - 1) / 2, (layer[1] - 1) / 2])
    offset: F64 = centre + shift - linear @ middle
    return np.hstack([linear, offset[:, None]])


def projected(at: Pose, depth: float, point: tuple[float, float]) -> tuple[float, float]:
    """Return where a layer's point shows, both in frame widths from the middle; inverse of `inverse_affine`."""
    reach = depth - at.z
    x = at.zoom * ((depth * point[0] - at.x) / reach - at.pan_x)
    y = at.zoom * ((depth * point[1] - at.y) / reach - at.pan_y)
    cos, sin = math.cos(at.roll), math.sin(at.roll)
    return cos * x + sin * y, cos * y - sin * x


def truth(camera: Camera) -> str:
    """Return the label of `camera.movement` this path earns."""
    if camera.move == "static":
        return "static_shaky" if camera.shake > 0 else "locked"
    return camera.move


def frame_box(centre: tuple[float, float], size: tuple[float, float], aspect: float) -> Box:
    """Return the box of a thing in fractions of the frame.

    Args:
        centre: frame widths from the middle.
        size: width and height, frame widths.
        aspect: frame width over height.
    """
    x, y = 0.5 + centre[0], 0.5 + centre[1] * aspect
    return Box.of(x - size[0] / 2, y - size[1] * aspect / 2, size[0], size[1] * aspect)
