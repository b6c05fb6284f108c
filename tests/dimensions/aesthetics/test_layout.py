"""Layouts built here from moving parts: split screens, grids, a picture in the picture, stills and screens."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sestina.core.storyboard import Unit
from sestina.dimensions.aesthetics.layout import correlation
from sestina.signals.seams import COARSE, axis_edges, coverage, steps_of
from tests.dimensions.filmed import U8, drifting, flat, measured, one, parsed, still, texture

FRAMES = 60


def moving(height: int, width: int, seed: int, *, low: int = 20, high: int = 235) -> list[U8]:
    """Return frames of a texture that moves left by bursts of its own."""
    rng = np.random.default_rng(seed)
    picture = texture(height, width, seed=seed, low=low, high=high, cell=9)
    speeds = np.repeat(rng.integers(0, 7, FRAMES // 6), 6)
    return [np.roll(picture, int(shift), axis=1) for shift in np.cumsum(speeds)]


def laid_out(frames: list[U8]) -> Unit:
    units = parsed(frames, ["aesthetics.layout"], ["seams", "difference", "borders"])
    return one(units, "aes.layout")


def beside(*parts: list[U8]) -> list[U8]:
    return [np.concatenate(frames, axis=1) for frames in zip(*parts, strict=True)]


def stacked(*parts: list[U8]) -> list[U8]:
    return [np.concatenate(frames, axis=0) for frames in zip(*parts, strict=True)]


BRIGHT = {"low": 150, "high": 250}
DARK = {"low": 5, "high": 90}


def test_one_picture_fills_the_frame() -> None:
    unit = laid_out(drifting(texture(), FRAMES, 3))
    assert unit.label == "full_frame"


def test_two_pictures_beside_each_other() -> None:
    unit = laid_out(beside(moving(180, 160, 1, **BRIGHT), moving(180, 160, 2, **DARK)))
    assert unit.label == "split_2_h"
    assert unit.attributes["upright"] == pytest.approx([0.5], abs=0.02)


def test_two_pictures_above_each_other() -> None:
    unit = laid_out(stacked(moving(160, 180, 1, **BRIGHT), moving(160, 180, 2, **DARK)))
    assert unit.label == "split_2_v"
    assert unit.attributes["level"] == pytest.approx([0.5], abs=0.02)


def test_four_pictures_make_a_grid() -> None:
    top = beside(moving(100, 160, 1, **BRIGHT), moving(100, 160, 2, **DARK))
    bottom = beside(moving(100, 160, 4, **DARK), moving(100, 160, 3, **BRIGHT))
    assert laid_out(stacked(top, bottom)).label == "split_n_grid"


def test_a_seam_whose_sides_move_as_one_is_a_wall() -> None:
    both = moving(180, 160, 1, **BRIGHT)
    unit = laid_out(beside(both, [np.asarray(frame // 3, np.uint8) for frame in both]))
    assert unit.status == "abstain"
    assert "move as one" in (unit.reason or "")


def test_a_seam_beside_a_panel_at_rest_is_left_open() -> None:
    unit = laid_out(beside(moving(180, 160, 1, **BRIGHT), still(texture(180, 160, low=5, high=90), FRAMES)))
    assert unit.status == "abstain"


def test_letterbox_bars_are_no_seams() -> None:
    bar = still(flat((0, 0, 0), 40, 320), FRAMES)
    assert laid_out(stacked(bar, drifting(texture(180, 320), FRAMES, 3), bar)).label == "full_frame"


def test_a_picture_in_the_picture() -> None:
    frames = []
    for large, small in zip(moving(270, 480, 1, low=20, high=120), moving(80, 130, 2, **BRIGHT), strict=True):
        frame = cv2.GaussianBlur(large, (0, 0), 3)
        frame[30:110, 320:450] = small
        frames.append(np.asarray(frame, np.uint8))
    unit = laid_out(frames)
    assert unit.label == "picture_in_picture"
    assert unit.region is not None
    assert unit.region.box.x == pytest.approx(320 / 480, abs=0.02)
    assert unit.region.box.h == pytest.approx(80 / 270, abs=0.03)


def test_a_still_photograph() -> None:
    units = parsed(still(texture(), FRAMES), ["aesthetics.layout"], ["seams", "difference", "borders"])
    assert one(units, "aes.layout").label == "slideshow_photo"
    assert one(units, "aes.medium").label == "still_photo"


def interface() -> U8:
    screen = flat((245, 245, 248), 270, 480)
    cv2.rectangle(screen, (20, 20), (180, 250), (40, 60, 90), -1)
    cv2.rectangle(screen, (200, 20), (460, 120), (250, 250, 250), -1)
    cv2.rectangle(screen, (200, 20), (460, 120), (120, 120, 130), 1)
    cv2.rectangle(screen, (200, 140), (460, 250), (220, 225, 235), -1)
    for row in range(40, 110, 14):
        cv2.putText(screen, "open the settings page", (215, row), cv2.FONT_HERSHEY_PLAIN, 0.8, (20, 20, 20), 1)
    return screen


def test_a_recorded_screen_is_a_guess() -> None:
    frames = []
    for i in range(FRAMES):
        screen = interface()
        cv2.rectangle(screen, (100 + i, 100), (104 + i, 108), (0, 0, 0), -1)
        frames.append(screen)
    unit = laid_out(frames)
    assert unit.label == "screen_recording"
    assert unit.status == "inferred"


def test_a_shot_too_short_for_a_seam_to_last() -> None:
    assert laid_out(drifting(texture(), 10)).label == "full_frame"
    short = beside(moving(180, 160, 1, **BRIGHT), moving(180, 160, 2, **DARK))[:10]
    assert laid_out(short).status == "abstain"


def test_coverage_of_a_line_down_the_middle() -> None:
    half = np.zeros((60, 100), np.uint8)
    half[:, 50:] = 200
    line = coverage(steps_of(half))
    assert line.shape == (COARSE,)
    assert float(line[COARSE // 2]) == pytest.approx(1)
    assert float(np.delete(line, COARSE // 2).max()) == 0


def test_drawn_edges_run_along_the_axes() -> None:
    grey = np.ascontiguousarray(interface()[..., 0])
    soft = np.ascontiguousarray(texture(270, 480, cell=5)[..., 0])
    boxes, blobs = (axis_edges(steps_of(p), steps_of(np.ascontiguousarray(p.T))) for p in (grey, soft))
    assert boxes > 0.6
    assert blobs < 0.3


def test_correlation_of_change() -> None:
    rng = np.random.default_rng(0)
    run = rng.uniform(1, 9, 30)
    assert correlation(run, 2 * run) == pytest.approx(1)
    assert abs(correlation(run, rng.uniform(1, 9, 30))) < 0.5
    assert np.isnan(correlation(run, np.zeros(30)))
    assert np.isnan(correlation(run[:2], run[:2]))


def test_flat_areas_of_a_drawing() -> None:
    drawn = measured(still(interface(), 10), ["seams"]).tracks["seams.flat"].values
    filmed = measured(still(texture(), 10), ["seams"]).tracks["seams.flat"].values
    assert drawn.min() > 0.85
    assert filmed.max() < 0.5
