"""Sharpness and noise: pictures blurred, smeared, grained, blocked and combed by a known amount."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sestina.core.time import Span
from sestina.signals.noise import blockiness, combed, noise_of
from sestina.signals.sharpness import Steps, centre_of, falloff, sharpness_map
from tests.dimensions.filmed import U8, flat, measured, still, texture

WHOLE = Span.of(0, 1)
LAYERS = [texture(270, 480, cell=cell, seed=cell).astype(np.float32) for cell in (3, 9, 27)]
SHARP = np.clip((sum(LAYERS) / 3 - 128) * 1.6 + 128, 0, 255).astype(np.uint8)
"""Detail of every size, as pictures have it."""


def blurred(picture: U8, sigma: float) -> U8:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) if sigma else picture


def smeared(picture: U8, length: int, axis: int) -> U8:
    kernel = np.full((1, length) if axis else (length, 1), 1 / length, np.float32)
    return np.asarray(cv2.filter2D(picture, -1, kernel), np.uint8)


def value(picture: U8, name: str) -> float:
    return measured(still(picture, 3), ["sharpness"]).tracks[f"sharpness.{name}"].reduce("median", WHOLE)


def test_blur_grows_and_sharpness_falls_with_every_step() -> None:
    blur = [value(blurred(SHARP, sigma), "blur") for sigma in (0, 1, 2, 4)]
    best = [value(blurred(SHARP, sigma), "best") for sigma in (0, 1, 2, 4)]
    assert blur == sorted(blur)
    assert best == sorted(best, reverse=True)
    assert blur[0] < 0.4
    assert blur[-1] > 0.7


def test_blur_does_not_depend_on_contrast() -> None:
    pale = np.asarray(SHARP // 3 + 80, np.uint8)
    assert value(pale, "blur") == pytest.approx(value(SHARP, "blur"), abs=0.06)


def test_smear_shows_along_its_axis_only() -> None:
    assert value(smeared(SHARP, 15, 1), "anisotropy") > 0.25
    assert value(smeared(SHARP, 15, 0), "anisotropy") < -0.25
    assert abs(value(SHARP, "anisotropy")) < 0.1


def test_the_centre_lies_where_it_is_sharp() -> None:
    half = blurred(SHARP, 4)
    half[:, 240:] = SHARP[:, 240:]
    assert value(half, "x") > 0.6
    assert value(half, "subject_ratio") > 2
    assert value(SHARP, "subject_ratio") < 1.6


def test_a_plain_picture_is_neither_sharp_nor_blurred() -> None:
    plain = flat((90, 90, 90), 270, 480)
    assert np.isnan(value(plain, "blur"))
    assert np.isnan(value(plain, "best"))
    small = Steps.of(np.zeros((4, 4), np.uint8), 1)
    assert np.isnan(sharpness_map(small, small)).all()
    assert np.isnan(centre_of(sharpness_map(small, small))).all()


def test_dark_corners() -> None:
    y, x = np.mgrid[-1:1:270j, -1:1:480j]
    grey = (200 * (1 - 0.35 * (x * x + y * y))).astype(np.uint8)
    dark, unlike = falloff(grey)
    assert dark == pytest.approx(0.5, abs=0.15)
    assert unlike < 0.05
    assert falloff(np.full((20, 30), 90, np.uint8)) == (0, 0)
    one = np.full((100, 100), 200, np.uint8)
    one[:20, :20] = 20
    assert falloff(one)[0] == pytest.approx(0)
    assert falloff(one)[1] > 0.8


def noisy(sigma: float, *, coarse: bool = False, seed: int = 3) -> U8:
    """Return a smooth grey picture with normal noise of `sigma` grey levels, white or two pixels coarse."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 1, (240, 320))
    if coarse:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.0), np.float64)
        noise /= noise.std()
    ramp = np.linspace(80, 160, 320)[None]
    return np.clip(np.round(ramp + sigma * noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("sigma", [0.8, 2.0, 4.0, 8.0])
def test_white_noise_is_measured_as_added(sigma: float) -> None:
    found, correlation = noise_of(noisy(sigma))
    assert found == pytest.approx(sigma, rel=0.15, abs=0.3)
    assert abs(correlation) < 0.25


def test_grain_hangs_together() -> None:
    assert noise_of(noisy(4.0, coarse=True))[1] > 0.4
    assert noise_of(noisy(0.0))[0] < 0.4


def test_no_flat_area_no_noise() -> None:
    assert np.isnan(noise_of(np.asarray(texture(240, 320, cell=3)[..., 0]))[0])
    assert np.isnan(noise_of(np.zeros((10, 10), np.uint8))[0])


def test_blocks_of_a_harsh_codec() -> None:
    grey = np.asarray(cv2.GaussianBlur(texture(240, 320, cell=24)[..., 0], (0, 0), 3), np.uint8)
    harsh = cv2.imdecode(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 6])[1], cv2.IMREAD_GRAYSCALE)
    assert blockiness(np.asarray(harsh, np.uint8)) > 1.5
    assert blockiness(grey) < 1.15


def test_fields_from_two_moments() -> None:
    one = np.asarray(texture(240, 320, cell=10)[..., 0])
    woven = one.copy()
    woven[1::2] = np.roll(one, 14, axis=1)[1::2]
    assert combed(woven) == 1
    assert combed(one) == 0
    assert combed(np.asarray(texture(240, 320, cell=2)[..., 0])) == 0
