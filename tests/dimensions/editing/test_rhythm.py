"""Rhythm: patterns of shot lengths that are what their names say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.dimensions.editing.rhythm import CHANGE, SPREAD, SWAY, TREND, Rhythm, alternation, entropy, measures, trend
from tests.dimensions.editing.shot_lists import named, reason, run, shot_list

LENGTHS = st.lists(st.floats(0.2, 20.0), min_size=6, max_size=30)
FASTER = [6.0, 4.8, 4.0, 3.2, 2.4, 2.0, 1.6, 1.2]
PATTERNS = {
    "metric": [2.0, 2.04, 1.96, 2.0, 2.0, 2.04],
    "accelerating": FASTER,
    "decelerating": FASTER[::-1],
    "alternating": [3.0, 1.0, 3.2, 1.2, 3.0, 1.0, 2.8, 1.0],
    "irregular": [1.0, 4.0, 1.2, 0.52, 3.0, 2.2, 0.72, 5.0, 1.6],
}


@pytest.mark.parametrize("label", PATTERNS)
def test_patterns(label: str) -> None:
    assert named(run(shot_list(PATTERNS[label]), Rhythm()), "edit.rhythm") == [(label, 0)]


def test_five_shots_are_too_few() -> None:
    units = run(shot_list([2.0] * 5), Rhythm())
    assert reason(units, "edit.rhythm") == "5 shots are too few for a rhythm; it takes 6"


def test_one_take_has_no_rhythm_to_speak_of() -> None:
    assert run(shot_list([9.0]), Rhythm()) == []


def test_lengths_that_vary_a_little_are_neither_even_nor_irregular() -> None:
    units = run(shot_list([2.0, 2.72, 2.2, 1.6, 2.48, 1.72, 2.8, 2.2]), Rhythm())
    assert named(units, "edit.rhythm") == []


def test_a_beat_held_twice_keeps_an_even_rhythm() -> None:
    assert named(run(shot_list([*[0.52] * 12, 1.04, *[0.52] * 8, 1.04]), Rhythm()), "edit.rhythm") == [("metric", 0)]


def test_a_strict_long_short_alternates_fully() -> None:
    """Neighbours are opposite (-1), every second shot is equal (1): half of 1 - (-1)."""
    assert alternation(np.log([4.0, 1, 4, 1, 4, 1])) == pytest.approx(1.0)
    assert alternation(np.log([2.0] * 6)) == 0.0


def test_entropy_by_hand() -> None:
    """Equal lengths fill one bin; two bins of three out of six carry ln 2 of at most ln 6."""
    assert entropy(np.log([2.0] * 6)) == 0.0
    assert entropy(np.log([1.0, 8.0] * 3)) == pytest.approx(math.log(2) / math.log(6))


def test_trend_by_hand() -> None:
    """Ranks 0..5, one swap: r = 1 - 6 * 2 / (6 * 35) = 0.942857, t = r * sqrt(4 / (1 - r^2)) = 5.6595, over 2.7725."""
    assert trend(np.array([0.0, 1, 2, 4, 3, 5])) == pytest.approx(5.6595 / 2.7725, rel=1e-3)


@given(LENGTHS, st.floats(0.1, 10))
def test_a_slower_copy_has_the_same_rhythm(lengths: list[float], factor: float) -> None:
    one, other = measures(np.array(lengths)), measures(np.array(lengths) * factor)
    for name in (SPREAD, TREND, CHANGE, SWAY):
        assert other[name] == pytest.approx(one[name], rel=1e-3, abs=1e-3)


@given(LENGTHS)
def test_played_backwards_the_trend_turns_round(lengths: list[float]) -> None:
    one, other = measures(np.array(lengths)), measures(np.array(lengths)[::-1])
    assert other[CHANGE] == pytest.approx(-one[CHANGE], abs=1e-6)
    assert other[TREND] == pytest.approx(-one[TREND], rel=1e-3, abs=1e-3)
    assert other[SPREAD] == pytest.approx(one[SPREAD])
    assert other[SWAY] == pytest.approx(one[SWAY], abs=1e-6)
