"""Clocks that only go forward, and problems counted by kind."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.media.timeline import FAR_S, GAP_S, RESET_FRAMES, Clock, Problems, is_regular, table_of

BASE = Fraction(1, 1000)
STEP = 40


def placed(*stamps: int | None, dts: tuple[int | None, ...] = ()) -> tuple[list[int | None], tuple[str, ...]]:
    problems = Problems()
    clock = Clock(BASE, STEP, problems)
    decode = dts or (None,) * len(stamps)
    return [clock.place(p, d) for p, d in zip(stamps, decode, strict=True)], problems.lines()


def test_good_stamps_are_left_alone() -> None:
    assert placed(1000, 1040, 1080, 5000) == ([1000, 1040, 1080, 5000], ())


def test_negative_starts_are_kept() -> None:
    assert placed(-80, -40, 0) == ([-80, -40, 0], ())


def test_a_repeated_stamp_is_dropped() -> None:
    assert placed(0, 40, 40, 80) == ([0, 40, None, 80], ("frame dropped: it shares its time with another (at 0.04 s)",))


def test_a_little_disorder_is_dropped() -> None:
    got, problems = placed(0, 40, 80, 20, 120, 60, 160)
    assert got == [0, 40, 80, None, 120, None, 160]
    assert problems == ("frame dropped: it shares its time with another, 2 times (first at 0.08 s)",)


def test_a_clock_that_starts_again_goes_on() -> None:
    got, problems = placed(10_000, 10_040, 0, 40, 80)
    assert got == [10_000, 10_040, 10_080, 10_120, 10_160]
    assert problems == ("time stamps jump; the pieces are joined (at 10.04 s)",)


def test_late_frames_of_a_damaged_stream_do_not_stretch_it() -> None:
    """PTS fall back by ten frames, but packets come in order: the frames were given out late, no clock began anew."""
    got, problems = placed(0, 480, 80, 120, 520, dts=(0, 40, 80, 120, 160))
    assert got == [0, 480, None, None, 520]
    assert problems == ("frame dropped: it shares its time with another, 2 times (first at 0.48 s)",)


def test_a_short_recording_joined_is_told_by_its_packets() -> None:
    got, _ = placed(0, 200, 240, 0, 40, dts=(0, 200, 240, 0, 40))
    assert got == [0, 200, 240, 280, 320]


def test_an_absurd_leap_is_no_pause() -> None:
    leap = round(GAP_S * 1000) + 100
    assert placed(0, 40, leap, leap + 40)[0] == [0, 40, 80, 120]
    assert placed(0, 40, leap - 200)[0] == [0, 40, leap - 200]


def test_an_absurd_start_is_zero() -> None:
    far = round(FAR_S * 1000) + 1
    assert placed(far, far + 40)[0] == [0, 40]


def test_missing_stamps_follow_the_decoder_else_the_step() -> None:
    got, problems = placed(0, None, None, 160, dts=(0, 45, None, 120))
    assert got == [0, 45, 85, 160]
    assert len(problems) == 1
    assert placed(None, None)[0] == [0, 40]
    assert placed(0, None, dts=(0, 9000))[0] == [0, 40]


stamp = st.one_of(st.none(), st.integers(-(1 << 62), 1 << 62), st.integers(-200, 4000))


@given(st.lists(st.tuples(stamp, stamp), max_size=60), st.integers(1, 500))
def test_whatever_comes_the_clock_goes_forward(stamps: list[tuple[int | None, int | None]], step: int) -> None:
    clock = Clock(BASE, step, Problems())
    out = [tick for tick in (clock.place(*pair) for pair in stamps) if tick is not None]
    assert all(0 < b - a <= GAP_S / BASE + step * RESET_FRAMES for a, b in pairwise(out))
    assert all(abs(tick) < (FAR_S + GAP_S * 61) / BASE for tick in out)


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(240)])
@pytest.mark.parametrize("base", [Fraction(1, 1000), Fraction(1, 90_000), Fraction(1, 30_000)])
def test_regular_tables_are_given_back_by_their_rate(rate: Fraction, base: Fraction) -> None:
    ticks = [7 + round(i / (rate * base)) for i in range(200)]
    table = table_of(ticks, base, round(1 / (rate * base)))
    assert is_regular(table, rate)
    assert not is_regular(table_of([*ticks[:100], *(t + 3 for t in ticks[100:])], base, 1), rate)


def test_a_table_ends_after_its_last_frame() -> None:
    table = table_of(np.array([0, 40, 80]), BASE, 40)
    assert (table.span.start_s, table.span.end_s, len(table)) == (0.0, 0.12, 3)
    assert table_of([5], BASE, 0).end_pts == 6
