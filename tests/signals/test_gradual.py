"""Gradual transitions between small pictures made here, frame by frame."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.signals._banks import F32, carried, drift, masks, moving, stages
from sestina.signals._course import course, extent, least
from sestina.signals._edits import named_fits
from sestina.signals._gradual import (
    U8,
    abruptness,
    chosen,
    difference_in_content,
    gradual,
    halved,
    is_plain,
    runs,
    seam,
    standstill,
)

HEIGHT, WIDTH, TALL = 18, 32, 0.5625
RATE, LENGTH, FIRST = 25.0, 16, 20


def picture(seed: int, width: int = WIDTH) -> F32:
    """Return a smooth picture, grey levels [18,width]."""
    coarse = np.random.default_rng(seed).uniform(20, 235, (7, width // 5 + 2)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (width, HEIGHT), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.float32)


def film(*parts: F32) -> U8:
    """Return pictures [h,w] or runs of them [n,h,w] one after another, uint8 [N,h,w]."""
    return np.concatenate([part if part.ndim == 3 else part[None] for part in parts]).round().astype(np.uint8)


def held(one: F32, frames: int = FIRST) -> F32:
    return np.repeat(one[None], frames, axis=0)


def between(kind: str, old: F32, new: F32, frames: int = LENGTH) -> F32:
    """Return the mixed frames of one kind, neither picture alone among them."""
    levels = frames + 2
    known = masks(HEIGHT, WIDTH, levels, TALL)
    if kind in known:
        share = known[kind]
        return np.asarray(old * (1 - share) + new * share, np.float32)[1:-1]
    return moving(old, new, levels)[kind][1:-1]


OLD, NEW = picture(1), picture(2)


@pytest.mark.parametrize(
    "kind",
    ["cross_dissolve", "linear_wipe.left", "linear_wipe.down", "iris.out", "clock.cw", "barn_door.open", "push.left",
     "push.up", "slide.right", "cover.left", "cover.down"],
)  # fmt: skip
def test_every_kind_is_found_where_it_is(kind: str) -> None:
    (found,) = gradual(film(held(OLD), between(kind, OLD, NEW), held(NEW)), RATE, [], TALL)
    assert found.kind == kind.partition(".")[0]
    assert abs(found.first - FIRST) <= 3
    assert abs(found.clean - (FIRST + LENGTH)) <= 3
    assert np.all(np.diff(found.course) >= 0)


def test_a_dip_is_told_from_a_dissolve_and_named_by_its_ground() -> None:
    dark = np.full_like(OLD, 2)
    down, up = between("cross_dissolve", OLD, dark, 8), between("cross_dissolve", dark, NEW, 8)
    (found,) = gradual(film(held(OLD), down, dark, up, held(NEW)), RATE, [], TALL)
    neutral = np.full((57, 288), 128, np.uint8)
    names = named_fits(found, neutral)
    assert max(names, key=lambda name: names[name]) == "dip_to_black"


def test_a_fade_ends_in_a_plain_picture() -> None:
    dark = np.zeros_like(OLD)
    (found,) = gradual(film(held(OLD), between("cross_dissolve", OLD, dark), held(dark)), RATE, [], TALL)
    assert found.plain == (False, True)
    assert "fade_out" in named_fits(found, np.full((56, 288), 128, np.uint8))


def test_a_dissolve_of_two_moving_shots() -> None:
    wide_old, wide_new = picture(3, 80), picture(4, 80)
    frames = []
    for frame in range(56):
        share = min(1.0, max(0.0, (frame - FIRST + 1) / (LENGTH + 1)))
        at = 0.2 * frame
        shown = [
            cv2.getRectSubPix(wide, (WIDTH, HEIGHT), (WIDTH / 2 + at, HEIGHT / 2)) for wide in (wide_old, wide_new)
        ]
        frames.append(shown[0] * (1 - share) + shown[1] * share)
    (found,) = gradual(film(np.stack(frames)), RATE, [], TALL)
    assert found.kind == "cross_dissolve"
    assert abs(found.first - FIRST) <= 4
    assert abs(found.clean - (FIRST + LENGTH)) <= 4


class TestWhatIsNone:
    def test_a_slow_pan_shows_one_scene(self) -> None:
        wide = picture(5, 120)
        frames = [cv2.getRectSubPix(wide, (WIDTH, HEIGHT), (WIDTH / 2 + 0.2 * k, HEIGHT / 2)) for k in range(60)]
        assert gradual(film(np.stack(frames)), RATE, [], TALL) == []

    def test_a_flash_goes_back(self) -> None:
        white = np.full_like(OLD, 250)
        lit = between("cross_dissolve", OLD, white, 2)
        assert gradual(film(held(OLD), lit, white, lit[::-1], held(OLD)), RATE, [], TALL) == []

    def test_a_caption_fades_over_a_part(self) -> None:
        written = OLD.copy()
        written[12:16, 4:28] = 255
        assert gradual(film(held(OLD), between("cross_dissolve", OLD, written), held(written)), RATE, [], TALL) == []

    def test_a_cut_is_none(self) -> None:
        assert gradual(film(held(OLD), held(NEW)), RATE, [], TALL) == []
        assert gradual(film(held(OLD), held(NEW)), RATE, [FIRST], TALL) == []

    def test_nothing_to_look_at(self) -> None:
        assert gradual(film(OLD), RATE, [], TALL) == []
        assert gradual(film(held(OLD, 60)), RATE, [], TALL) == []


class TestBanks:
    def test_masks_go_from_the_old_picture_to_the_new(self) -> None:
        for name, mask in masks(HEIGHT, WIDTH, 9, TALL).items():
            assert mask[0].max() <= 0.02, name
            assert mask[-1].min() >= 0.98, name
            assert np.all(np.diff(mask, axis=0) >= -1e-6), name

    def test_moving_kinds_too(self) -> None:
        for name, pictures in moving(OLD, NEW, 9).items():
            np.testing.assert_allclose(pictures[0], OLD, atol=1e-3, err_msg=name)
            np.testing.assert_allclose(pictures[-1], NEW, atol=1e-3, err_msg=name)

    def test_half_way_through_a_push_both_halves_show(self) -> None:
        middle = moving(OLD, NEW, 3)["push.left"][1]
        np.testing.assert_allclose(middle[:, :16], OLD[:, 16:], atol=1e-3)
        np.testing.assert_allclose(middle[:, 16:], NEW[:, :16], atol=1e-3)

    def test_stages_are_even(self) -> None:
        np.testing.assert_allclose(stages(5), [0, 0.25, 0.5, 0.75, 1])

    @given(right=st.floats(-1.5, 1.5), down=st.floats(-1.0, 1.0), growth=st.floats(-0.04, 0.04))
    def test_drift_recovers_what_carried_a_picture(self, right: float, down: float, growth: float) -> None:
        by = np.array([right, down, growth])
        found = drift(OLD, carried(OLD, by))
        if np.abs(by[:2]).max() > 0.3:
            np.testing.assert_allclose(found, by, atol=0.15)

    def test_unrelated_pictures_do_not_drift(self) -> None:
        np.testing.assert_array_equal(drift(OLD, picture(9)), np.zeros(3))


class TestCourse:
    ERROR = np.array([[0, 9, 9], [4, 1, 9], [0, 5, 5], [9, 9, 0]], np.float32)
    """Frame 2 looks like the old picture again, but a course never goes back."""

    def test_it_never_goes_back(self) -> None:
        assert list(course(self.ERROR)) == [0, 0, 0, 2]
        assert least(self.ERROR[:, None])[0] == 4.0

    @given(st.integers(0, 1000))
    def test_both_ways_of_counting_agree(self, seed: int) -> None:
        error = np.random.default_rng(seed).uniform(0, 9, (7, 1, 5)).astype(np.float32)
        path = course(error[:, 0])
        assert path[0] == 0
        assert path[-1] == 4
        assert np.all(np.diff(path) >= 0)
        assert float(error[np.arange(7), 0, path].sum()) == pytest.approx(float(least(error)[0]), rel=1e-5)

    def test_the_extent_of_an_even_ramp(self) -> None:
        ramp = np.concatenate([np.zeros(5), np.linspace(0, 1, 22)[1:-1], np.ones(5)])
        first, clean = extent(ramp)
        assert abs(first - 5) <= 1
        assert abs(clean - 25) <= 1

    def test_two_transitions_stand_still_between(self) -> None:
        ramp = np.linspace(0, 0.5, 10)
        assert standstill(np.concatenate([ramp, np.full(20, 0.5), 0.5 + ramp]), "cross_dissolve") > 0.5
        assert standstill(np.concatenate([ramp, np.full(20, 0.5), 0.5 + ramp]), "dip") < 0.3
        assert standstill(np.linspace(0, 1, 40), "cross_dissolve") < 0.1


class TestPictures:
    def test_a_shifted_picture_is_the_same_content(self) -> None:
        wide = picture(6, 40)
        frames = film(wide[:, :WIDTH], wide[:, 3 : WIDTH + 3], OLD)
        assert difference_in_content(frames, 0, 1) < 0.1
        assert difference_in_content(frames, 0, 2) > 0.3

    def test_the_seam_of_one_scene_is_no_step(self) -> None:
        wide = np.asarray(cv2.GaussianBlur(picture(7, 2 * WIDTH), (0, 0), 2), np.float32)
        assert seam(wide[:, :WIDTH], wide[:, WIDTH:], "left") < 1.6
        assert seam(np.full_like(OLD, 20), np.full_like(OLD, 200), "left") > 10
        assert seam(OLD, NEW, "") == 0.0

    def test_plain_pictures(self) -> None:
        dark_with_logo = np.zeros_like(OLD)
        dark_with_logo[16, 28:31] = 60
        assert is_plain(np.full_like(OLD, 128))
        assert is_plain(dark_with_logo)
        assert not is_plain(OLD)

    def test_abruptness_is_the_share_that_happens_at_once(self) -> None:
        frames = film(held(OLD), held(NEW))
        assert abruptness(frames, np.array([FIRST]), RATE)[FIRST] == pytest.approx(1.0)
        slow = film(held(OLD), between("cross_dissolve", OLD, NEW, 10), held(NEW))
        assert abruptness(slow, np.array([FIRST + 5]), RATE)[FIRST + 5] < 0.3

    def test_halving_averages(self) -> None:
        assert halved(np.array([[[0, 4], [8, 12]]], np.uint8))[0, 0, 0] == 6

    def test_runs(self) -> None:
        assert list(runs([True, True, False, True])) == [(0, 2), (3, 4)]
        assert list(runs([])) == []

    def test_of_those_that_overlap_the_better_are_kept(self) -> None:
        found = gradual(film(held(OLD), between("cross_dissolve", OLD, NEW), held(NEW)), RATE, [], TALL)
        assert chosen([*found, *found]) == found
