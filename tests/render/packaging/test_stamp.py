"""Stamps: laying a picture is exact integer arithmetic, and turning one keeps its colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.render.packaging.art import composed, toned
from sestina.render.packaging.motion import moved, turning, warped
from sestina.render.packaging.stamp import Stamp

SEEDS = st.integers(0, 1000)


def random_picture(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (7, 9, 4)).astype(np.uint8)
    picture[rng.random((7, 9)) < 0.3, 3] = 0
    return picture


@given(SEEDS, st.integers(-10, 20), st.integers(-10, 20))
def test_laying_is_the_rounded_mixture_and_cuts_at_the_border(seed: int, x: int, y: int) -> None:
    picture = random_picture(seed)
    frame = np.random.default_rng(seed + 1).integers(0, 256, (15, 16, 3)).astype(np.uint8)
    expected = frame.astype(int).copy()
    for row in range(7):
        for column in range(9):
            if 0 <= y + row < 15 and 0 <= x + column < 16:
                alpha = int(picture[row, column, 3])
                mixture = picture[row, column, :3].astype(int) * alpha + expected[y + row, x + column] * (255 - alpha)
                expected[y + row, x + column] = (mixture + 127) // 255
    Stamp.of(picture).lay(frame, x, y)
    assert (frame == expected).all()


def test_opaque_pictures_replace_and_empty_ones_do_nothing() -> None:
    frame = np.full((4, 4, 3), 90, np.uint8)
    Stamp.of(np.zeros((3, 3, 4), np.uint8)).lay(frame, 0, 0)
    assert (frame == 90).all()
    Stamp.of(np.full((2, 2, 4), 255, np.uint8)).lay(frame, 1, 1)
    assert (frame[1:3, 1:3] == 255).all()
    assert (frame == 255).sum() == 12


def test_composing_over_opaque_stays_opaque() -> None:
    """Half white over black is grey: 255 * 128/255 = 128."""
    upper = toned(np.full((2, 2), 128, np.uint8), (255, 255, 255))
    lower = toned(np.full((2, 2), 255, np.uint8), (0, 0, 0))
    assert (composed(upper, lower) == (128, 128, 128, 255)).all()


def test_turned_pictures_keep_their_colour_at_the_edges() -> None:
    red = toned(np.full((20, 30), 255, np.uint8), (250, 10, 20))
    matrix, size = turning(30, 20, 30.0)
    out = warped(red, matrix, size)
    seen = out[..., 3] > 60
    assert seen.sum() == pytest.approx(600, rel=0.1)
    assert np.abs(out[seen][:, :3].astype(int) - (250, 10, 20)).max() <= 4


@pytest.mark.parametrize("how", ["fade", "pop", "slide", "bounce", "shake"])
def test_motions_end_at_rest(how: str) -> None:
    picture = random_picture(3)
    rested, right, down = moved(picture, how, 1.0, 360)
    assert rested is picture
    assert (right, down) == (0, 0)
    begun, right, down = moved(picture, how, 0.2, 360)
    assert (right, down) != (0, 0) or (begun != picture).any()


def test_unknown_motions_are_mistakes() -> None:
    with pytest.raises(ValueError, match="unknown animation 'spin'"):
        moved(random_picture(1), "spin", 0.5, 360)
