"""Colour: casts, chroma and names of pictures whose colours are known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sestina.core.time import Span
from sestina.signals._sampling import RATE_HZ
from sestina.signals.colour import NAMES, colour_index, name_shares
from tests.dimensions.filmed import U8, flat, measured, still

WHOLE = Span.of(0, 1)


def value(picture: U8, name: str) -> float:
    return measured(still(picture), ["colour"]).tracks[f"colour.{name}"].reduce("median", WHOLE)


def lab(colour: tuple[int, int, int]) -> np.ndarray:
    pixel = np.array([[colour]], np.float32) / 255
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB), np.float32).reshape(1, 3)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((220, 30, 30), "red"),
        ((255, 140, 0), "orange"),
        ((250, 220, 30), "yellow"),
        ((40, 160, 60), "green"),
        ((0, 210, 220), "cyan"),
        ((30, 60, 220), "blue"),
        ((120, 180, 240), "blue"),
        ((110, 40, 160), "purple"),
        ((255, 150, 190), "pink"),
        ((255, 105, 180), "pink"),
        ((110, 65, 30), "brown"),
        ((110, 10, 20), "red"),
    ],
)
def test_names_of_colours(colour: tuple[int, int, int], name: str) -> None:
    assert NAMES[colour_index(lab(colour))[0]] == name


@pytest.mark.parametrize(("level", "name"), [(5, "black"), (128, "grey"), (250, "white")])
def test_names_of_tones(level: int, name: str) -> None:
    shares = dict(zip(NAMES, name_shares(lab((level, level, level))), strict=True))
    assert shares[name] == pytest.approx(1, abs=1e-6)


def test_shares_of_names_sum_to_one() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (180, 320, 3)).astype(np.uint8)
    found = measured(still(picture), ["colour"])
    total = sum(found.tracks[f"colour.{name}"].values for name in NAMES)
    np.testing.assert_allclose(total, 1, atol=1e-5)


def test_mean_colour_is_that_of_lab() -> None:
    light, a, b = lab((180, 120, 90))[0]
    assert value(flat((180, 120, 90)), "l") == pytest.approx(light, abs=1)
    assert value(flat((180, 120, 90)), "a") == pytest.approx(a, abs=1.5)
    assert value(flat((180, 120, 90)), "b") == pytest.approx(b, abs=1.5)
    assert value(flat((180, 120, 90)), "chroma") == pytest.approx(float(np.hypot(a, b)), abs=2)


def test_grey_has_no_chroma() -> None:
    assert value(flat((128, 128, 128)), "chroma") < 0.5
    assert value(flat((128, 128, 128)), "chroma_p95") < 0.5


def test_black_bars_dilute_nothing() -> None:
    picture = flat((200, 40, 40))
    bare = value(picture, "chroma")
    picture[:, :100] = 0
    picture[:, 220:] = 0
    assert value(picture, "chroma") == pytest.approx(bare, rel=0.12)
    assert value(picture, "red") > 0.9


def test_teal_shadows_and_orange_highlights() -> None:
    picture = flat((10, 60, 60))
    picture[:, 160:] = (240, 150, 110)
    assert value(picture, "split_tone") > 0.9
    assert value(flat((240, 150, 110)), "split_tone") == 0


def test_samples_come_at_their_rate_by_time_whatever_the_frame_rate() -> None:
    picture = flat((10, 60, 60), 36, 64)
    fast = measured(still(picture, 120), ["colour"], fps=60)
    slow = measured(still(picture, 6), ["colour"], fps=3)
    assert len(fast.tracks["colour.l"]) == 2 * RATE_HZ
    assert len(slow.tracks["colour.l"]) == 6
