"""Saliency proxy, symmetry, bands and clutter of pictures whose layout is drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sestina.core.time import Span
from sestina.signals.saliency import attention, bands, colour_entropy, spectral_residual, symmetries
from tests.dimensions.filmed import U8, flat, measured, still, texture

WHOLE = Span.of(0, 1)


def blob(x: float, y: float, radius: int = 16) -> U8:
    """Return a grey picture with one bright yellow disc at (x, y), shares of the picture."""
    picture = flat((110, 110, 110))
    cv2.circle(picture, (round(x * 320), round(y * 180)), radius, (250, 210, 40), -1)
    return picture


def value(picture: U8, name: str) -> float:
    return measured(still(picture, 10), ["saliency"]).tracks[f"saliency.{name}"].reduce("median", WHOLE)


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.5), (0.25, 0.3), (0.75, 0.4), (0.33, 0.67)])
def test_attention_lies_on_the_one_thing_there_is(x: float, y: float) -> None:
    assert value(blob(x, y), "x") == pytest.approx(x, abs=0.05)
    assert value(blob(x, y), "y") == pytest.approx(y, abs=0.05)
    assert value(blob(x, y), "certain") == 1


def test_the_box_holds_the_disc() -> None:
    left, top, width, height = (value(blob(0.3, 0.5), name) for name in ("left", "top", "width", "height"))
    assert left < 0.27
    assert left + width > 0.33
    assert top < 0.45
    assert top + height > 0.55
    assert width < 0.4


def test_what_moves_draws_the_eye() -> None:
    ground = texture(seed=4)
    frames = []
    for i in range(20):
        frame = ground.copy()
        frame[60:100, 230:270] = texture(40, 40, seed=50 + i)
        frames.append(frame)
    assert measured(frames, ["saliency"]).tracks["saliency.x"].values[-1] > 0.58


def test_mirrored_pictures() -> None:
    half = texture(180, 160, seed=2)
    both = np.concatenate([half, half[:, ::-1]], axis=1)
    assert value(both, "symmetry_v") > 0.95
    assert value(both, "detail_symmetry_v") > 0.95
    assert abs(value(both, "symmetry_h")) < 0.5
    other = np.concatenate([texture(90, 320, seed=2), texture(90, 320, seed=2)[::-1]], axis=0)
    assert value(other, "symmetry_h") > 0.95


def test_level_bands_mirror_themselves_but_not_in_detail() -> None:
    sky = np.repeat(np.linspace(250, 20, 180).astype(np.uint8)[:, None, None], 320, axis=1).repeat(3, axis=2)
    noisy = np.clip(sky.astype(int) + (texture(seed=9).astype(int) - 128) // 8, 0, 255).astype(np.uint8)
    assert value(noisy, "symmetry_v") > 0.9
    assert value(noisy, "detail_symmetry_v") < 0.5
    assert value(noisy, "rows") > 0.9
    assert value(noisy, "columns") < 0.1


def test_edges_and_colours_grow_with_clutter() -> None:
    assert value(blob(0.5, 0.5), "edges") < 0.05
    assert value(texture(cell=6), "edges") > value(texture(cell=40), "edges")
    assert value(flat((90, 90, 90)), "entropy") == 0
    colours = np.random.default_rng(1).uniform((0, -60, -60), (100, 60, 60), (30, 50, 3))
    assert colour_entropy(colours.astype(np.float32)) > 0.8


def test_a_flat_picture_mirrors_nothing_and_has_no_bands() -> None:
    plain = np.full((20, 36), 77, np.float32)
    assert symmetries(plain) == (0, 0, 0, 0)
    assert bands(plain) == (0, 0)


def test_even_attention_lies_in_the_middle() -> None:
    found = attention(np.full((20, 36), 1 / 720, np.float32))
    assert found[0] == pytest.approx(0.5)
    assert found[1] == pytest.approx(0.5)


def test_spectral_residual_finds_the_odd_one_out() -> None:
    stripes = np.tile(np.array([60.0] * 4 + [180.0] * 4, np.float32), (36, 8))
    stripes[14:22, 40:48] = 120
    y, x = np.unravel_index(int(np.argmax(spectral_residual(stripes))), stripes.shape)
    assert 10 <= y <= 26
    assert 36 <= x <= 52
