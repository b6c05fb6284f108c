"""What the camera sees: the layers, solids and figures of one shot at one time, as a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from sestina.render.camera import Pose, floor_drop, pose, subject_place
from sestina.render.canvas import canvas, moving_canvas, near_canvas, painted
from sestina.render.figures import figure, phase_at
from sestina.render.footage import cut_out
from sestina.render.parts.stage import Solid, Subject
from sestina.render.planes import Plane, draw, homography, panel, rgbc
from sestina.render.script import Shot
from sestina.render.sensor import Sensor, streaked

U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

FLOOR_ROWS = 3
"""How many times longer than wide the floor's pixels are: it is seen at a slant."""
FLOOR_NEAREST = 0.2
"""Share of the far picture's depth at which the floor begins."""
SHADES = {"front": 1.0, "back": 0.9, "left": 0.72, "right": 0.82, "top": 1.12, "bottom": 0.5}
"""How light the sides of a solid are."""
SMEAR_STEP_PX, SMEARS_MAX = 3.0, 9
"""Pixels between the pictures that a motion blur other than a shift is the mean of, and how many at most."""


@dataclass(frozen=True, eq=False)
class _Item:
    """A flat picture in the scene: RGB or RGBC pixels, where they hang, and how far away that counts as."""

    picture: U8
    plane: Plane
    depth: float
    endless: bool = False
    name: tuple[int | str, ...] = ()


class World:
    """One shot's scene, ready to be pictured.

    Args:
        shot: what to show.
        width, height: of the frame, pixels.
        rate_hz: frames a second, for motion blur.
        seed: of the sensor noise.
    """

    def __init__(self, shot: Shot, width: int, height: int, rate_hz: float, seed: int) -> None:
        self.shot = shot
        self.size = (width, height)
        self.rate_hz = rate_hz
        self._clip = moving_canvas(shot.source, width, height)
        still = any(leg.move.startswith("ken_burns") for leg in shot.camera.legs)
        self._sensor = Sensor(shot.look, width, height, seed)
        self._fixed = list(self._set(self._aged(seed) if still else None))
        self._seen: tuple[tuple[bytes, ...], U8] | None = None
        self._last: tuple[bytes, ...] = ()
        self._bake = still

    def _aged(self, seed: int) -> U8:
        """Return the far picture with the noise of the camera that once took it: a still has it once for all."""
        source, look = self.shot.source, self.shot.look
        picture = canvas(source, *self.size)
        return Sensor(look, picture.shape[1], picture.shape[0], seed).picture(picture, 0)

    def picture(self, time_s: float, frame: int) -> U8:
        """Return what the camera sees `time_s` into the shot, uint8 RGB [H,W,3].

        Args:
            time_s: seconds since the shot's start, outside it too.
            frame: number of the frame, which chooses its noise.
        """
        at = pose(self.shot, time_s)
        sight = self._composed(at, time_s)
        if self.shot.look.shutter > 0:
            sight = self._smeared(sight, time_s)
        sigma = self.shot.look.defocus * self.size[0]
        if sigma >= 0.4:
            sight = np.asarray(cv2.GaussianBlur(sight, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.uint8)
        return sight.copy() if self._bake else self._sensor.picture(sight, frame)

    def _composed(self, at: Pose, time_s: float) -> U8:
        """Return the scene, drawn from far to near; what has not changed since the last frame is kept."""
        local = time_s + self.shot.offset_s
        items = [*self._behind(local), *self._fixed, *self._figures(at, local)]
        items.sort(key=lambda item: -item.depth)
        maps = [homography(at, item.plane, self.size) for item in items]
        sigmas = [self._sigma(item.depth, local) for item in items]
        keys = tuple(
            matrix.tobytes() + repr((sigma, item.name)).encode()
            for item, matrix, sigma in zip(items, maps, sigmas, strict=True)
        )
        same = next((k for k, (a, b) in enumerate(zip(keys, self._last, strict=False)) if a != b), len(keys))
        self._last = keys
        done = 0
        sight = np.zeros((self.size[1], self.size[0], 3), np.uint8)
        if self._seen is not None and self._seen[0] == keys[: len(self._seen[0])]:
            done, sight = len(self._seen[0]), self._seen[1].copy()
        for number in range(done, len(items)):
            item = items[number]
            draw(sight, item.picture, maps[number], endless=item.endless, sigma_px=sigmas[number])
            if number + 1 == same:
                self._seen = (keys[:same], sight.copy())
        return sight

    def _sigma(self, depth: float, time_s: float) -> float:
        """Return the blur of what is at `depth`, pixels: a thin lens's circle of confusion."""
        look = self.shot.look
        if look.aperture == 0:
            return 0.0
        sharp = look.focus or self.shot.source.far_depth
        if look.focus_to is not None and look.rack is not None:
            share = min(1.0, max(0.0, (time_s - look.rack[0]) / (look.rack[1] - look.rack[0])))
            sharp = 1 / ((1 - share) / sharp + share / look.focus_to)
        # Quarter pixels: a blur that changes by less is not worth drawing again.
        return round(4 * look.aperture * self.size[0] * abs(1 - sharp / max(depth, 1e-3))) / 4

    def _behind(self, local_s: float) -> Iterator[_Item]:
        if self._clip is not None:
            number, picture = self._clip.at(local_s)
            yield self._layer(picture, self.shot.source.far_depth, ("far", number))

    def _set(self, far: U8 | None) -> Iterator[_Item]:
        """Yield what stands still: the far picture, the floor, solids, the near layer."""
        source = self.shot.source
        if self._clip is None:
            yield self._layer(canvas(source, *self.size) if far is None else far, source.far_depth, ("far", 0))
        if source.floor:
            yield self._floor()
        near = near_canvas(source, *self.size)
        if near is not None:
            yield self._layer(rgbc(near), source.near_depth, ("near",))
        self._solids = [sides_of(solid, self.shot.camera.lens, self.size[0]) for solid in source.solids]

    def _layer(self, picture: U8, depth: float, name: tuple[int | str, ...]) -> _Item:
        step = depth / (self.shot.camera.lens * self.size[0])
        plane = Plane.facing(np.array([0.0, 0.0, depth]), step, (picture.shape[1], picture.shape[0]))
        return _Item(picture, plane, depth, endless=True, name=name)

    def _floor(self) -> _Item:
        source, far = self.shot.source, self.shot.source.far_depth
        step = far / (self.shot.camera.lens * self.size[0])
        width, rows = round(2.5 * self.size[0]), round((1 - FLOOR_NEAREST) * far / step / FLOOR_ROWS)
        picture = panel(painted(source.floor, source.seed + 1, width, rows))
        across, down = np.array([step, 0.0, 0.0]), np.array([0.0, 0.0, -FLOOR_ROWS * step])
        origin = np.array([-step * (width + 1) / 2, floor_drop(self.shot), far]) - down
        return _Item(picture, Plane(origin, across, down), 0.999 * far, name=("floor",))

    def _figures(self, at: Pose, local_s: float) -> Iterator[_Item]:
        for number, subject in enumerate(self.shot.subjects):
            yield self._figure(number, subject, at, local_s)
        for number, solid in enumerate(self._solids):
            for place, (picture, plane, outward) in enumerate(solid):
                if float((plane.origin - at.place) @ outward) < 0:
                    depth = self.shot.source.solids[number].depth
                    yield _Item(picture, plane, depth, name=("solid", number, place))

    def _figure(self, number: int, subject: Subject, at: Pose, local_s: float) -> _Item:
        camera, source = self.shot.camera, self.shot.source
        tall = max(8, min(round(1.5 * self.size[1]), round(subject.size * self.size[1] * camera.zoom)))
        phase = phase_at(local_s, subject.kind)
        if subject.kind == "image":
            picture = rgbc(cut_out(subject.name, tall))
        else:
            picture = rgbc_figure(subject.kind, subject.seed, tall, phase)
        rest = (subject.depth or source.far_depth) / camera.lens
        step = subject.size * self.size[1] / self.size[0] * rest / picture.shape[0]
        middle = subject_place(subject, local_s, source.far_depth, camera.lens)
        plane = Plane.facing(middle, step, (picture.shape[1], picture.shape[0]), at.yaw)
        return _Item(picture, plane, float(middle[2]) - 1e-3 * (1 + number), name=(subject.kind, number, phase))

    def _smeared(self, sight: U8, time_s: float) -> U8:
        """Blur along the way the far picture moves while the shutter is open."""
        half = self.shot.look.shutter / self.rate_hz / 2
        a, b = pose(self.shot, time_s - half), pose(self.shot, time_s + half)
        if a == b:
            return sight
        far = self.shot.source.far_depth
        plane = self._layer(np.zeros((1, 1, 3), np.uint8), far, ()).plane
        first, last = homography(a, plane, self.size), homography(b, plane, self.size)
        change = last @ np.linalg.inv(first)
        width, height = self.size
        ends = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1], [width / 2, height / 2, 1]])
        moved = ends @ change.T
        ways = moved[:, :2] / moved[:, 2:] - ends[:, :2]
        bent = float(np.abs(ways - ways[4]).max())
        if bent <= max(2.0, 0.25 * float(np.abs(ways[4]).max())):
            return streaked(sight, (float(ways[4, 0]), float(ways[4, 1])))
        return _swept(sight, change / change[2, 2], min(SMEARS_MAX, 2 + int(np.abs(ways).max() / SMEAR_STEP_PX)))


def _swept(sight: U8, change: F64, count: int) -> U8:
    """Return the mean of `count` pictures on the way that the homography `change` describes, half of it either side."""
    total = np.zeros(sight.shape, np.float32)
    size = (sight.shape[1], sight.shape[0])
    for share in np.linspace(-0.5, 0.5, count):
        between = np.eye(3) + share * (change - np.eye(3))
        cv2.accumulate(cv2.warpPerspective(sight, between, size, borderMode=cv2.BORDER_REFLECT_101), total)
    return np.asarray(np.rint(total / count), np.uint8)


@lru_cache(maxsize=128)
def rgbc_figure(kind: str, seed: int, height: int, phase: int) -> U8:
    """Return a figure as RGBC [height, height, 4]."""
    return rgbc(figure(kind, seed, height, phase))


def sides_of(solid: Solid, lens: float, width: int) -> list[tuple[U8, Plane, F64]]:
    """Return the six sides of a box: picture, plane, and the direction it faces [3], in a frame `width` pixels wide."""
    scale = solid.depth / lens
    middle = scale * np.array([solid.at[0], solid.at[1], lens])
    turn = math.radians(solid.turn_deg)
    right = np.array([math.cos(turn), 0.0, math.sin(turn)])
    away = np.array([-math.sin(turn), 0.0, math.cos(turn)])
    below = np.array([0.0, 1.0, 0.0])
    w, h, d = (scale * s / 2 for s in solid.size)
    layout = {
        "front": (right * w, below * h, -away * d), "back": (-right * w, below * h, away * d),
        "left": (-away * d, below * h, -right * w), "right": (away * d, below * h, right * w),
        "top": (right * w, -away * d, -below * h), "bottom": (right * w, away * d, below * h),
    }  # fmt: skip
    sides = []
    for number, (name, (across, down, outward)) in enumerate(layout.items()):
        pixels = [max(8, round(2 * float(np.linalg.norm(v)) / scale * width)) for v in (across, down)]
        picture = panel(painted(solid.kind, solid.seed + number, pixels[0], pixels[1]), SHADES[name])
        step_across, step_down = 2 * across / pixels[0], 2 * down / pixels[1]
        origin = middle + outward - across - down - (step_across + step_down) / 2
        sides.append((picture, Plane(origin, step_across, step_down), outward))
    return sides


def blend(target: U8, sprite: U8) -> None:
    """Lay an RGBA picture over an RGB one of the same size, in place."""
    alpha = sprite[..., 3:].astype(np.uint16)
    mixed = sprite[..., :3] * alpha + target * (255 - alpha)
    target[...] = ((mixed + 127) // 255).astype(np.uint8)


