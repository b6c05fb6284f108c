"""The embedder without weights: what it can tell apart, and what it says it cannot."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sestina.core.frames import Picture
from sestina.models.plain import Plain
from tests.export.boards import board


def picture(colour: tuple[int, int, int], time_s: float = 0.0) -> Picture:
    return Picture(
        rgb=np.full((90, 160, 3), colour, np.uint8), pts=round(time_s * 1000), time_base=Fraction(1, 1000)
    )


def test_a_colours_name_finds_its_picture() -> None:
    plain = Plain()
    named = {"red": (220, 20, 20), "blue": (20, 40, 220), "green": (30, 160, 40), "black": (5, 5, 5)}
    rows = plain.images([picture(colour) for colour in named.values()])
    asked = plain.texts([f"When is the {name} car seen?" for name in named])
    assert np.argmax(asked @ rows.T, axis=1).tolist() == list(range(len(named)))


def test_words_on_screen_and_words_said_find_their_moment() -> None:
    plain = Plain(board=board(text="Only nine dollars"))
    times = [0.2, 2.0, 4.5]  # spoken only, the overlay from 1.6 to 3.2 s, nothing
    rows = plain.images([picture((90, 90, 90), at) for at in times])
    asked = plain.texts(["How many dollars is it?", "Here is how"])
    assert np.argmax(asked @ rows.T, axis=1).tolist() == [1, 0]


def test_a_question_in_other_words_says_nothing_about_any_frame() -> None:
    plain = Plain(board=board())
    assert not plain.texts(["what is it?"]).any()
    assert float(np.abs(plain.texts(["zebra"]) @ plain.images([picture((9, 9, 9))]).T).max()) < 0.05


def test_rows_have_unit_length_and_do_not_depend_on_the_batch() -> None:
    plain = Plain()
    many = [picture((k * 20, 100, 200 - k * 10)) for k in range(6)]
    rows = plain.images(many)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert np.array_equal(rows, np.concatenate([plain.images([one]) for one in many]))
    assert plain.images([]).shape == (0, plain.width)
