"""Lettering: lines wrap, boxes hold the ink, right-to-left text runs from the right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.errors import MissingFont
from sestina.render.packaging.art import PixelBox, ink_box
from sestina.render.packaging.fonts import face_for, font
from sestina.render.packaging.lettering import Lettering, lettered, wrapped

PLAIN = Lettering(cap_px=24, max_width_px=400)
SANS = font(face_for("x"), 20)
ARABIC = "مرحبا بكم في مطبخنا"


def needs(text: str) -> None:
    """Skip where this machine cannot draw a text."""
    try:
        face_for(text)
    except MissingFont as error:
        pytest.skip(str(error))


def test_long_lines_wrap() -> None:
    lines = wrapped("a long line of many short words", SANS, 150)
    assert len(lines) > 1
    assert all(SANS.getlength(line) <= 150 for line in lines)
    assert " ".join(lines) == "a long line of many short words"
    assert wrapped("two\nlines", SANS, 1000) == ["two", "lines"]


@given(st.text("ab cdefgWi\n", min_size=1, max_size=60), st.integers(20, 300))
@settings(max_examples=60, deadline=None)
def test_wrapping_keeps_every_letter_and_every_line_fits(text: str, width: int) -> None:
    lines = wrapped(text, SANS, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(SANS.getlength(line) <= width or len(line) == 1 for line in lines)


def test_words_wider_than_a_line_are_broken() -> None:
    lines = wrapped("Donaudampfschifffahrt", SANS, 100)
    assert len(lines) >= 2
    assert "".join(lines) == "Donaudampfschifffahrt"


@pytest.mark.parametrize("text", ["Hello there", "gypsy", "ÉÀ\nqj", "Wait"])
def test_boxes_hold_the_ink_tightly(text: str) -> None:
    art = lettered(text, PLAIN)
    assert art.written[0].box == pytest.approx(ink_box(art.picture, 1), abs=3)
    assert art.written[0].lines == tuple(text.split("\n"))


@pytest.mark.parametrize("style", ["outline", "shadow", "box", "highlight_bar"])
def test_styles_put_their_colour_under_the_letters(style: str) -> None:
    plain = lettered("Hello", PLAIN).picture
    art = lettered("Hello", replace(PLAIN, style=style, back=(200, 0, 0))).picture
    assert art.shape == plain.shape
    letters = plain[..., 3] == 255
    assert (art[letters] == 255).all()
    beyond = (plain[..., 3] == 0) & (art[..., 3] > 200)
    assert beyond.sum() > 50
    assert (art[beyond][:, :3] == (200, 0, 0)).all()


def test_gradients_run_from_one_colour_to_the_other() -> None:
    art = lettered("HHH", replace(PLAIN, style="gradient", colour=(255, 0, 0), accent=(0, 0, 255))).picture
    _, top, _, bottom = lettered("HHH", PLAIN).written[0].box
    column = art[top:bottom, art.shape[1] // 2, :3].astype(int)
    solid = np.flatnonzero(art[top:bottom, art.shape[1] // 2, 3] == 255)
    assert column[solid[0]][0] >= column[solid[-1]][0]
    assert art[top + 1, :, 0].max() > 200
    assert art[bottom - 2, :, 2].max() > 200


def middle(art: np.ndarray) -> float:
    """Middle of what is drawn in the accent colour, of the picture's width."""
    red = (art[..., :3] == (255, 0, 0)).all(axis=2) & (art[..., 3] > 0)
    return float(np.flatnonzero(red.any(0)).mean() / art.shape[1])


def test_words_light_up_in_reading_order() -> None:
    red = replace(PLAIN, accent=(255, 0, 0))
    places = [middle(lettered("one two three", red, lit=k).picture) for k in range(3)]
    assert places == sorted(places)
    needs(ARABIC)
    places = [middle(lettered(ARABIC, red, lit=k).picture) for k in range(4)]
    assert places == sorted(places, reverse=True)


def test_right_to_left_letters_are_joined_and_ordered() -> None:
    """Shaped, a word differs from its letters one by one, and its first letter stands at its right."""
    needs(ARABIC)
    word = "بب"
    joined = lettered(word, PLAIN).written[0].box
    apart = lettered("ب ب", PLAIN).written[0].box
    assert joined[2] - joined[0] < 0.9 * (apart[2] - apart[0])
    begun = lettered(ARABIC, PLAIN, shown=3).picture
    assert ink_box(begun)[0] > begun.shape[1] / 2


def test_mixed_words_do_not_light_up() -> None:
    needs("Sale مرحبا")
    with pytest.raises(ValueError, match="mixed direction"):
        lettered("Sale مرحبا", PLAIN, lit=0)


def test_typing_keeps_the_layout() -> None:
    whole = lettered("first\nsecond", PLAIN)
    part = lettered("first\nsecond", PLAIN, shown=7)
    assert part.picture.shape == whole.picture.shape
    drawn: PixelBox = ink_box(part.picture)
    full = ink_box(whole.picture)
    assert drawn[1] == full[1]
    assert drawn[2] < full[2]


@pytest.mark.parametrize("text", ["今日のパンは最高です", "대박 세일", "关注我们"])
def test_chinese_japanese_and_korean_wrap_between_letters(text: str) -> None:
    needs(text)
    (written,) = lettered(text, replace(PLAIN, max_width_px=120)).written
    assert len(written.lines) >= 2
    assert "".join("".join(written.lines).split()) == "".join(text.split())
