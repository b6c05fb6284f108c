"""What the camera sees: the layers and figures of one shot at one time, as a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sestina.render.camera import Pose, inverse_affine, pose, projected
from sestina.render.canvas import canvas, near_canvas
from sestina.render.figures import figure, phase_at
from sestina.render.parts.stage import Subject
from sestina.render.script import Shot

U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

BANK = 96
"""Rows and columns that the stored sensor noise is larger than the frame; every frame cuts its noise elsewhere."""


@dataclass(frozen=True)
class _Layer:
    """A near layer with its colours multiplied by its alpha, and one minus alpha, uint8 [H,W,3] both."""

    colour: U8
    clear: U8


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
        self.far = canvas(shot.source, width, height)
        near = near_canvas(shot.source, width, height)
        self.near = None if near is None else _premultiplied(near)
        self._noise = _bank(shot.look.noise, width, height, seed)
        self._tone = _toned(shot.look.gain)
        self._seed = seed

    def picture(self, time_s: float, frame: int) -> U8:
        """Return what the camera sees `time_s` into the shot, uint8 RGB [H,W,3].

        Args:
            time_s: seconds since the shot's start, outside it too.
            frame: number of the frame, which chooses its noise.
        """
        at = pose(self.shot, time_s)
        sight = self._layer(self.far, at, self.shot.source.far_depth)
        for subject in self.shot.subjects:
            self._place(sight, subject, at, time_s)
        if self.near is not None:
            sight = self._over(sight, at)
        if self.shot.look.shutter > 0:
            sight = self._smeared(sight, time_s)
        return self._sensed(sight, frame)

    def _layer(self, picture: U8, at: Pose, depth: float) -> U8:
        matrix = inverse_affine(at, depth, self.size, (picture.shape[1], picture.shape[0]))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        warped = cv2.warpAffine(picture, matrix, self.size, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
        return np.asarray(warped, np.uint8)

    def _over(self, sight: U8, at: Pose) -> U8:
        if self.near is None:
            return sight
        depth = self.shot.source.near_depth
        colour, clear = self._layer(self.near.colour, at, depth), self._layer(self.near.clear, at, depth)
        return np.asarray(cv2.add(cv2.multiply(sight, clear, scale=1 / 255), colour), np.uint8)

    def _place(self, sight: U8, subject: Subject, at: Pose, time_s: float) -> None:
        """Draw one figure into `sight`, touching only the pixels it covers."""
        local = time_s + self.shot.offset_s
        centre = projected(at, self.shot.source.far_depth, subject_point(subject, local))
        depth = self.shot.source.far_depth
        scale = at.zoom * depth / (depth - at.z)
        height = max(8, round(subject.size * self.size[1]))
        sprite = figure(subject.kind, subject.seed, height, phase_at(local))
        middle = (centre[0] * self.size[0] + self.size[0] / 2, centre[1] * self.size[0] + self.size[1] / 2)
        _paste(sight, sprite, middle, scale, at.roll)

    def _smeared(self, sight: U8, time_s: float) -> U8:
        """Blur along the way the picture's middle moves while the shutter is open."""
        half = self.shot.look.shutter / self.rate_hz / 2
        a, b = pose(self.shot, time_s - half), pose(self.shot, time_s + half)
        depth = self.shot.source.far_depth
        start, end = projected(a, depth, (0.0, 0.0)), projected(b, depth, (0.0, 0.0))
        way = ((end[0] - start[0]) * self.size[0], (end[1] - start[1]) * self.size[0])
        return streaked(sight, way)

    def _sensed(self, sight: U8, frame: int) -> U8:
        if self._tone is not None:
            sight = np.asarray(cv2.LUT(sight, self._tone), np.uint8)
        if self.shot.look.saturation != 1.0:
            grey = cv2.cvtColor(cv2.cvtColor(sight, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
            share = self.shot.look.saturation
            sight = np.asarray(cv2.addWeighted(sight, share, grey, 1 - share, 0), np.uint8)
        if self._noise is None:
            return sight
        y, x = np.random.default_rng([self._seed, frame]).integers(0, BANK, 2)
        grain = self._noise[y : y + self.size[1], x : x + self.size[0]]
        return np.asarray(cv2.add(sight, grain, dtype=cv2.CV_8U), np.uint8)


def subject_point(subject: Subject, time_s: float) -> tuple[float, float]:
    """Return where a figure's middle is at a time of the shot, frame widths from the canvas's centre."""
    lift = subject.bob * math.sin(2 * math.pi * subject.bob_hz * time_s)
    x = subject.at[0] + subject.velocity[0] * time_s
    return x, subject.at[1] + subject.velocity[1] * time_s + lift


def streaked(picture: U8, way: tuple[float, float]) -> U8:
    """Return `picture` blurred along a straight way of so many pixels right and down; unchanged below 1.5 pixels."""
    length = math.hypot(*way)
    if length < 1.5:
        return picture
    reach = math.ceil(length / 2)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    step = (way[0] / length, way[1] / length)
    for along in np.linspace(-length / 2, length / 2, 4 * reach + 1):
        kernel[round(reach + along * step[1]), round(reach + along * step[0])] += 1
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


def _premultiplied(layer: U8) -> _Layer:
    alpha = np.repeat(layer[..., 3:], 3, 2)
    colour = np.asarray(cv2.multiply(layer[..., :3].copy(), alpha, scale=1 / 255), np.uint8)
    return _Layer(colour, 255 - alpha)


def _paste(sight: U8, sprite: U8, middle: tuple[float, float], scale: float, roll: float) -> None:
    """Lay an RGBA sprite over `sight` in place: centred at `middle` pixels, scaled, turned against `roll`."""
    half = scale * sprite.shape[0] * 0.75
    x0, x1 = max(0, int(middle[0] - half)), min(sight.shape[1], int(middle[0] + half) + 1)
    y0, y1 = max(0, int(middle[1] - half)), min(sight.shape[0], int(middle[1] + half) + 1)
    if x0 >= x1 or y0 >= y1:
        return
    cos, sin = math.cos(roll) / scale, math.sin(roll) / scale
    linear = np.array([[cos, -sin], [sin, cos]])
    centre = np.array([sprite.shape[1] / 2, sprite.shape[0] / 2])
    offset: F64 = centre - linear @ np.array([middle[0] - x0, middle[1] - y0])
    matrix = np.hstack([linear, offset[:, None]])
    warped = cv2.warpAffine(sprite, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    blend(sight[y0:y1, x0:x1], np.asarray(warped, np.uint8))


def blend(target: U8, sprite: U8) -> None:
    """Lay an RGBA picture over an RGB one of the same size, in place."""
    alpha = sprite[..., 3:].astype(np.uint16)
    mixed = sprite[..., :3] * alpha + target * (255 - alpha)
    target[...] = ((mixed + 127) // 255).astype(np.uint8)


def _bank(noise: float, width: int, height: int, seed: int) -> npt.NDArray[np.int16] | None:
    if noise <= 0:
        return None
    rng = np.random.default_rng([seed, 11])
    grain = rng.standard_normal((height + BANK, width + BANK, 1), np.float32)
    tint = rng.standard_normal((height + BANK, width + BANK, 3), np.float32)
    return np.asarray(np.rint(noise * (0.85 * grain + 0.5 * tint)), np.int16)


def _toned(gain: float) -> U8 | None:
    if gain == 1.0:
        return None
    return np.asarray(np.clip(np.arange(256) * gain, 0, 255), np.uint8)
