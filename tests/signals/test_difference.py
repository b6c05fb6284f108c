"""Difference: cuts, and what looks like one but is not, in pictures whose every change is known."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.track import F64
from sestina.signals._cuts import SIGNS, CutFeatures, around, cut_scores, neighbours, second_largest, usual, weights
from sestina.signals._pair import explained, histogram
from sestina.signals._second_look import kept_share, second_look
from tests.dimensions.filmed import U8, drifting, measured, still, texture

ONE, TWO = texture(seed=1), texture(seed=2)


def tracks(frames: list[U8]) -> dict[str, F64]:
    found = measured(frames, ["difference"]).tracks
    return {name.removeprefix("difference."): np.asarray(track.values, np.float64) for name, track in found.items()}


def cuts(frames: list[U8]) -> list[int]:
    return [int(k) for k in np.flatnonzero(tracks(frames)["cut"] >= 0.5)]


def enlarged(picture: U8, scale: float) -> U8:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0, scale)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


def lit(picture: U8, gain: float) -> U8:
    return np.asarray(np.clip(picture * gain, 0, 255), np.uint8)


class TestCuts:
    def test_between_still_pictures(self) -> None:
        assert cuts([*still(ONE, 20), *still(TWO, 20)]) == [20]

    def test_between_moving_pictures(self) -> None:
        assert cuts([*drifting(ONE, 25, 3), *drifting(TWO, 25, 3)]) == [25]

    def test_a_run_of_slides(self) -> None:
        slides = [still(texture(seed=seed), 8) for seed in range(5)]
        assert cuts([frame for slide in slides for frame in slide]) == [8, 16, 24, 32]

    def test_with_every_frame_shown_twice(self) -> None:
        frames = [*drifting(ONE, 15, 6), *drifting(TWO, 15, 6)]
        assert cuts([frame for frame in frames for _ in range(2)]) == [30]

    def test_at_the_same_frame_whatever_the_batches(self) -> None:
        frames = [*drifting(ONE, 12), *drifting(TWO, 12)]
        one, many = (measured(frames, ["difference"], size=size).tracks["difference.cut"].values for size in (1, 64))
        np.testing.assert_array_equal(one, many)


def flashing() -> list[U8]:
    frames = drifting(ONE, 40)
    frames[20:23] = [lit(frame, 0.15) + np.uint8(215) for frame in frames[20:23]]
    return frames


def darkening() -> list[U8]:
    frames = drifting(ONE, 40)
    return [*frames[:20], *(lit(frame, 0.6) for frame in frames[20:])]


def captioned() -> list[U8]:
    frames = [frame.copy() for frame in still(ONE, 40)]
    for frame in frames[20:]:
        frame[130:170, 40:280] = 255
    return frames


def shaken() -> list[U8]:
    offsets = np.random.default_rng(3).integers(-6, 7, (40, 2))
    return [np.roll(ONE, tuple(int(v) for v in offset), axis=(0, 1)) for offset in offsets]


@pytest.mark.parametrize(
    "film", [lambda: still(ONE, 30), lambda: drifting(ONE, 40, 8), flashing, darkening, captioned, shaken]
)
def test_no_cut(film: Callable[[], list[U8]]) -> None:
    assert cuts(film()) == []


class TestMeasures:
    def test_repeats_and_the_first_frame_have_none(self) -> None:
        found = tracks(still(ONE, 5))
        for name in ("luma", "compensated", "changed", "cut"):
            assert not found[name].any(), name

    def test_motion_is_compensated(self) -> None:
        found = tracks(drifting(ONE, 20, 4))
        assert np.median(found["luma"][1:]) > 5
        assert np.median(found["compensated"][1:]) < np.median(found["luma"][1:]) / 4

    def test_light_is_compensated(self) -> None:
        found = tracks(darkening())
        assert found["luma"][20] > 30
        assert found["compensated"][20] < 8

    def test_a_flash_returns_and_a_cut_does_not(self) -> None:
        assert tracks(flashing())["returns"][[20, 23]].max() < 0.3
        assert tracks([*drifting(ONE, 20), *drifting(TWO, 20)])["returns"][20] > 0.7

    @given(gain=st.floats(0.5, 2.0), offset=st.floats(-20, 20))
    def test_a_fit_of_light_leaves_little(self, gain: float, offset: float) -> None:
        grey = texture(64, 96, low=60, high=110, seed=4)[..., 0]
        changed = np.clip(grey * gain + offset, 0, 255).astype(np.uint8)
        residual, left = explained(grey, changed)
        assert residual < 2.0
        assert left < 0.2

    def test_unrelated_pictures_explain_nothing_of_each_other(self) -> None:
        _, left = explained(ONE[..., 0], TWO[..., 0])
        assert left > 0.9

    def test_histograms_are_shares(self) -> None:
        counts = histogram(ONE[..., 0], ONE[..., 1], ONE[..., 2])
        assert counts.shape == (288,)
        assert counts[:32].sum() == pytest.approx(1)
        assert counts[32:].sum() == pytest.approx(1)


class TestSecondLook:
    @pytest.mark.parametrize("scale", [0.8, 1.25])
    def test_knows_an_enlarged_picture(self, scale: float) -> None:
        look = second_look(ONE[..., 0], enlarged(ONE, scale)[..., 0])
        assert look.scale == pytest.approx(scale, rel=0.03)
        assert look.inliers > 0.7

    def test_knows_what_stays(self) -> None:
        moved = ONE.copy()
        moved[40:140, 100:200] = TWO[40:140, 100:200]
        look = second_look(ONE[..., 0], moved[..., 0])
        assert 0.6 < look.kept < 0.95
        assert look.scale == pytest.approx(1, abs=0.03)

    def test_finds_nothing_in_common(self) -> None:
        look = second_look(ONE[..., 0], TWO[..., 0])
        assert look.kept < 0.4
        assert look.inliers < 0.7

    def test_plain_pictures_keep_nothing(self) -> None:
        plain = np.full((64, 64), 90, np.uint8)
        assert kept_share(plain, plain) == 0.0
        assert second_look(plain, plain).inliers == 0.0


class TestFeatures:
    def test_neighbours_leave_the_value_itself_out(self) -> None:
        rows = neighbours(np.array([1.0, 2.0, 3.0, 4.0]), 1, 2)
        np.testing.assert_array_equal(rows[0], [np.nan, 2, 3])
        np.testing.assert_array_equal(rows[2], [2, 4, np.nan])

    def test_one_other_cut_near_by_does_not_hide_a_cut(self) -> None:
        change = np.array([1.0, 1, 1, 40, 1, 1, 40, 1, 1])
        kept = np.arange(len(change))
        assert second_largest(change, kept)[3] == 1.0

    def test_far_frames_are_no_neighbours(self) -> None:
        change = np.zeros(100)
        change[[10, 50]] = 30.0
        assert second_largest(change, np.array([10, 50]))[10] == 0.0

    def test_the_busier_side_counts(self) -> None:
        change = np.array([9.0, 9, 9, 9, 30, 1, 1, 1, 1])
        assert usual(change, np.arange(9))[4] == 9.0

    def test_percentiles_of_what_lies_around(self) -> None:
        # The value at a rank, never one between two: of 5 0 | 0 5 the upper.
        np.testing.assert_array_equal(around(np.array([5.0, 0, 0, 0, 5]), 2, 50), [0, 0, 5, 0, 0])
        assert len(around(np.zeros(0), 2, 50)) == 0

    def test_every_weight_has_the_sign_its_feature_must_have(self) -> None:
        learned, _ = weights()
        assert all(weight * sign >= 0 for weight, sign in zip(learned, SIGNS.values(), strict=True))

    @given(st.sampled_from(list(SIGNS)), st.floats(0, 3), st.lists(st.floats(-2, 2), min_size=9, max_size=9))
    def test_more_of_a_feature_never_turns_the_score_round(self, name: str, more: float, values: list[float]) -> None:
        place = list(SIGNS).index(name)
        columns = np.array([values, values])
        columns[1, place] += more
        found = CutFeatures(kept=np.arange(2), ratio=np.ones(2), returns=np.ones(2), columns=columns)
        before, after = cut_scores(found)
        assert (after - before) * SIGNS[name] >= -1e-12
