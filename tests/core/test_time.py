"""Time: span algebra, exact frame times at broadcast rates, SMPTE time code."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.time import FrameTable, Span, parse_smpte, smpte, snap_rate

NTSC = Fraction(30000, 1001)
FILM = Fraction(24000, 1001)
times = st.floats(min_value=-10, max_value=1000, allow_nan=False)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, end = sorted((draw(times), draw(times)))
    return Span.of(start, end)


class TestSpan:
    def test_rounds_to_the_microsecond_at_birth(self) -> None:
        assert Span.of(0.1 + 0.2, 1 / 3) == Span.of(0.3, 0.333333)

    def test_writes_no_negative_zero(self) -> None:
        assert str(Span.at(-1e-9).start_s) == "0.0"

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_refuses_times_that_are_not_finite(self, bad: float) -> None:
        with pytest.raises(ValueError, match="finite"):
            Span.of(0, bad)

    def test_refuses_to_end_before_it_starts(self) -> None:
        with pytest.raises(ValueError, match=r"ends before"):
            Span.of(2, 1)

    def test_is_half_open(self) -> None:
        assert Span.of(1, 2).contains(1)
        assert not Span.of(1, 2).contains(2)
        assert not Span.of(0, 1).overlaps(Span.of(1, 2))
        assert Span.of(0, 1).meets(Span.of(1, 2))

    def test_an_instant_contains_its_own_time_only(self) -> None:
        assert Span.at(1).is_instant
        assert Span.at(1).contains(1)
        assert Span.of(0, 2).overlaps(Span.at(1))
        assert not Span.of(0, 1).overlaps(Span.at(1))

    def test_iou_by_hand(self) -> None:
        assert Span.of(0, 2).iou(Span.of(1, 4)) == pytest.approx(1 / 4)
        assert Span.at(3).iou(Span.at(3)) == 1.0
        assert Span.of(0, 1).iou(Span.of(1, 2)) == 0.0

    @given(spans(), spans())
    def test_relations_are_symmetric(self, a: Span, b: Span) -> None:
        assert a.iou(b) == b.iou(a)
        assert a.overlaps(b) == b.overlaps(a)
        assert a.union(b) == b.union(a)
        assert a.intersection(b) == b.intersection(a)

    @given(spans(), spans())
    def test_union_covers_and_intersection_is_covered(self, a: Span, b: Span) -> None:
        assert a.union(b).covers(a)
        shared = a.intersection(b)
        assert shared is None or (a.covers(shared) and b.covers(shared))
        assert 0.0 <= a.iou(b) <= 1.0

    @given(spans(), spans())
    def test_clipping_stays_inside(self, a: Span, b: Span) -> None:
        assert b.covers(a.clipped(b))


def table(frames: int, rate: Fraction, time_base: Fraction = Fraction(1, 90000)) -> FrameTable:
    step = 1 / rate / time_base
    pts = np.array([round(i * step) for i in range(frames)], np.int64)
    return FrameTable(pts=pts, time_base=time_base, end_pts=round(frames * step))


class TestFrameTable:
    @pytest.mark.parametrize("rate", [FILM, Fraction(25), NTSC, Fraction(60)])
    def test_every_frame_is_found_at_its_own_time_and_just_before_the_next(self, rate: Fraction) -> None:
        frames = table(500, rate)
        for index in range(500):
            assert frames.index_at(frames.time_s(index)) == index
            assert frames.index_at(frames.time_s(index + 1) - 2e-6) == index

    def test_an_hour_at_29_97_does_not_drift(self) -> None:
        frames = table(107_892, NTSC)  # one hour of drop-frame time code
        assert frames.time_s(107_891) == pytest.approx(107_891 * 1001 / 30000, abs=1e-5)
        assert frames.rate == NTSC

    def test_times_before_the_first_and_after_the_last_frame(self) -> None:
        frames = FrameTable(pts=np.array([100, 140, 180]), time_base=Fraction(1, 100), end_pts=220)
        assert frames.index_at(0) == 0
        assert frames.index_at(99) == 2
        assert frames.span == Span.of(1.0, 2.2)

    def test_vfr_is_told_from_rounded_spacing(self) -> None:
        rounded = FrameTable(pts=np.array([0, 33, 67, 100, 133]), time_base=Fraction(1, 1000), end_pts=167)
        dropped = FrameTable(pts=np.array([0, 33, 100, 133, 167]), time_base=Fraction(1, 1000), end_pts=200)
        assert not rounded.is_vfr
        assert dropped.is_vfr

    def test_refuses_pts_that_do_not_rise(self) -> None:
        with pytest.raises(ValueError, match="increasing"):
            FrameTable(pts=np.array([0, 2, 2]), time_base=Fraction(1, 10), end_pts=4)

    def test_23_976_and_24_stay_apart(self) -> None:
        assert snap_rate(Fraction(23976, 1000)) == FILM
        assert snap_rate(Fraction(24)) == Fraction(24)
        assert snap_rate(Fraction(12)) == Fraction(12)


class TestSmpte:
    @pytest.mark.parametrize(
        ("frame", "code"),
        [
            (0, "00:00:00;00"),
            (1799, "00:00:59;29"),
            (1800, "00:01:00;02"),  # the first minute drops 0 and 1
            (17981, "00:09:59;29"),
            (17982, "00:10:00;00"),  # the tenth does not
            (107892, "01:00:00;00"),
        ],
    )
    def test_drop_frame_by_the_book(self, frame: int, code: str) -> None:
        assert smpte(frame, NTSC) == code
        assert parse_smpte(code, NTSC) == frame

    def test_non_drop_and_other_rates(self) -> None:
        assert smpte(1800, NTSC, drop=False) == "00:01:00:00"
        assert smpte(25, Fraction(25)) == "00:00:01:00"
        assert smpte(24, FILM) == "00:00:01:00"

    def test_59_94_drops_four(self) -> None:
        rate = Fraction(60000, 1001)
        assert smpte(3600, rate) == "00:01:00;04"
        assert parse_smpte("00:01:00;04", rate) == 3600

    @given(st.integers(min_value=0, max_value=24 * 107_892 - 1))
    def test_every_frame_of_a_day_comes_back(self, frame: int) -> None:
        assert parse_smpte(smpte(frame, NTSC), NTSC) == frame

    @pytest.mark.parametrize("bad", ["", "1:2:3", "00:00:00:30", "00:61:00:00", "00:01:00;00", "aa:00:00:00"])
    def test_refuses_codes_that_name_no_frame(self, bad: str) -> None:
        with pytest.raises(ValueError, match=r"time code|skips"):
            parse_smpte(bad, NTSC)

    def test_drop_frame_needs_an_ntsc_rate(self) -> None:
        with pytest.raises(ValueError, match=r"29\.97"):
            smpte(0, Fraction(25), drop=True)
