"""How the camera's optics and sensor change what it sees, and what grading does to it afterwards."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from sestina.render.parts.stage import Look

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

BANK = 96
"""Rows and columns that the stored noise is larger than the frame; every frame cuts its noise elsewhere."""

LUMA = (0.2126, 0.7152, 0.0722)
"""Weights of red, green and blue in luma (ITU-R BT.709)."""

GRAIN_SIGMA_PX = 0.9
"""Size of film grain."""


class Sensor:
    """Turns the scene's light into the finished picture of one shot.

    Args:
        look: what to do.
        width, height: of the frame, pixels.
        seed: of the noise.
    """

    def __init__(self, look: Look, width: int, height: int, seed: int) -> None:
        self._size = (width, height)
        self._seed = seed
        self._bend = _bend(look.distortion, width, height)
        self._fall = _fall(look.vignette, width, height)
        self._gain = _exposed(look.gain)
        self._noise = _noise(look.noise, width, height, seed)
        self._mix, self._tone = grading(look)
        self._grain = _grain(look.grain, width, height, seed)

    def picture(self, sight: U8, frame: int) -> U8:
        """Return the finished picture of frame number `frame`, uint8 RGB [H,W,3]; `sight` stays as it is."""
        if self._bend is not None:
            sight = np.asarray(cv2.remap(sight, *self._bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))
        if self._fall is not None:
            sight = np.asarray(cv2.multiply(sight, self._fall, scale=1 / 255), np.uint8)
        if self._gain is not None:
            sight = np.asarray(cv2.LUT(sight, self._gain), np.uint8)
        sight = self._rough(sight, self._noise, frame)
        if self._mix is not None:
            sight = np.asarray(cv2.transform(sight, self._mix), np.uint8)
        if self._tone is not None:
            sight = np.asarray(cv2.LUT(sight, self._tone), np.uint8)
        return self._rough(sight, self._grain, frame)

    def _rough(self, sight: U8, bank: tuple[U8, U8] | None, frame: int) -> U8:
        if bank is None:
            return sight
        y, x = np.random.default_rng([self._seed, frame]).integers(0, BANK, 2)
        part = np.s_[y : y + self._size[1], x : x + self._size[0]]
        return np.asarray(cv2.subtract(cv2.add(sight, bank[0][part]), bank[1][part]), np.uint8)


def grading(look: Look) -> tuple[F32 | None, U8 | None]:
    """Return the colour matrix [3,3] and the tone curves [1,256,3] of a look, None where they change nothing."""
    mix = np.eye(3)
    grey = np.tile(np.array(LUMA), (3, 1))
    share = look.saturation * {"bw": 0.0, "faded": 0.7, "bleach": 0.45}.get(look.grade, 1.0)
    if share != 1.0:
        mix = share * mix + (1 - share) * grey
    if look.grade == "sepia":
        mix = np.array([[1.07], [0.98], [0.78]]) * grey
    curves = np.stack([_graded(look.grade, channel) for channel in range(3)], axis=1)
    curves = (curves - 0.5) * look.contrast + 0.5
    if look.grade == "bleach":
        curves = (curves - 0.5) * 1.35 + 0.5
    plain = look.contrast == 1.0 and look.grade in ("none", "sepia", "bw")
    tone = np.asarray(np.clip(np.rint(curves * 255), 0, 255), np.uint8)[None]
    return (None if (mix == np.eye(3)).all() else mix.astype(np.float32)), (None if plain else tone)


def _graded(grade: str, channel: int) -> npt.NDArray[np.float64]:
    """Return the curve [256] of one channel (red, green, blue), 0..1."""
    x = np.arange(256) / 255
    if grade in ("warm", "cool"):
        side = (1, 0.15, -1)[channel] * (1 if grade == "warm" else -1)
        return np.asarray(x * (1 + 0.13 * side) + 0.02 * side)
    if grade == "teal_orange":
        shadows, highlights = (-0.10, 0.03, 0.06)[channel], (0.10, 0.01, -0.13)[channel]
        return np.asarray(x + shadows * (1 - x) ** 2 + highlights * x**2)
    if grade == "faded":
        return np.asarray(0.13 + 0.78 * x)
    if grade == "crushed":
        return np.asarray(np.maximum(0, (x - 0.14) / 0.86))
    return x


def _exposed(gain: float) -> U8 | None:
    return None if gain == 1.0 else np.asarray(np.clip(np.arange(256) * gain, 0, 255), np.uint8)


def _bend(distortion: float, width: int, height: int) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.uint16]] | None:
    """Return the fixed-point map of radial distortion x' = x (1 + k r²) (Brown, 1966), r = 1 in the corners."""
    if distortion == 0:
        return None
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x - (width - 1) / 2, y - (height - 1) / 2
    scale = (1 + distortion * (x**2 + y**2) / ((width / 2) ** 2 + (height / 2) ** 2)) / (1 + max(0.0, distortion))
    map_x, map_y = x * scale + (width - 1) / 2, y * scale + (height - 1) / 2
    whole, fraction = cv2.convertMaps(map_x.astype(np.float32), map_y.astype(np.float32), cv2.CV_16SC2)
    return np.asarray(whole, np.int16), np.asarray(fraction, np.uint16)


def _fall(vignette: float, width: int, height: int) -> U8 | None:
    """Return the light that reaches each pixel, 255 for all of it, uint8 RGB."""
    if vignette == 0:
        return None
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    square = ((x / (width - 1) - 0.5) ** 2 + (y / (height - 1) - 0.5) ** 2) * 2
    return np.repeat(np.rint(255 * (1 - vignette * square)).astype(np.uint8)[..., None], 3, 2)


def _noise(deviation: float, width: int, height: int, seed: int) -> tuple[U8, U8] | None:
    """Return what noise adds and what it takes away, uint8 RGB, larger than the frame by `BANK`."""
    if deviation <= 0:
        return None
    rng = np.random.default_rng([seed, 11])
    light = rng.standard_normal((height + BANK, width + BANK, 1), np.float32)
    tint = rng.standard_normal((height + BANK, width + BANK, 3), np.float32)
    return parted(np.asarray(deviation * (0.85 * light + 0.5 * tint), np.float32))


def _grain(deviation: float, width: int, height: int, seed: int) -> tuple[U8, U8] | None:
    if deviation <= 0:
        return None
    rng = np.random.default_rng([seed, 12])
    light = cv2.GaussianBlur(rng.standard_normal((height + BANK, width + BANK), np.float32), (0, 0), GRAIN_SIGMA_PX)
    scaled = np.asarray(deviation / light.std() * light, np.float32)
    return parted(np.repeat(scaled[..., None], 3, 2))


def parted(grain: F32) -> tuple[U8, U8]:
    """Return a picture of differences as what it adds and what it takes away, both uint8."""
    return (
        np.asarray(np.rint(np.clip(grain, 0, 255)), np.uint8),
        np.asarray(np.rint(np.clip(-grain, 0, 255)), np.uint8),
    )


def streaked(picture: U8, way: tuple[float, float]) -> U8:
    """Return `picture` blurred along a straight way of so many pixels right and down; unchanged below 1.5 pixels."""
    length = math.hypot(*way)
    if length < 1.5:
        return picture
    if min(abs(way[0]), abs(way[1])) < 0.5:
        size = (max(1, round(abs(way[0])) | 1), max(1, round(abs(way[1])) | 1))
        return np.asarray(cv2.blur(picture, size, borderType=cv2.BORDER_REPLICATE), np.uint8)
    reach = math.ceil(length / 2)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    step = (way[0] / length, way[1] / length)
    for along in np.linspace(-length / 2, length / 2, 4 * reach + 1):
        kernel[round(reach + along * step[1]), round(reach + along * step[0])] += 1
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)
