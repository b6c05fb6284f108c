"""Cover candidates among frames of which one is best by far."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.storyboard import Unit
from sestina.dimensions.dissemination.cover import APART_SHARE, CANDIDATES, best_apart, nearest
from tests.dimensions.filmed import U8, flat, parsed, still, texture

STEMS = ["sharpness", "luma", "saliency", "colour"]


def candidates(frames: list[U8]) -> list[Unit]:
    units = parsed(frames, ["dissemination.cover"], STEMS)
    return [unit for unit in units if unit.facet == "diss.cover"]


def portrait() -> U8:
    """Return a sharp bright disc with detail before a calm ground."""
    picture = texture(low=90, high=130, cell=60)
    cv2.circle(picture, (160, 90), 40, (250, 210, 40), -1)
    picture[60:120, 130:190:4] = (20, 20, 40)
    return picture


def test_the_clear_sharp_frame_wins_over_black_and_blur() -> None:
    blur = np.asarray(cv2.GaussianBlur(portrait(), (0, 0), 9), np.uint8)
    frames = [*still(flat((0, 0, 0)), 20), *still(blur, 20), *still(portrait(), 10), *still(blur, 20)]
    best = candidates(frames)[0]
    assert 1.6 <= best.span.start_s < 2.0
    assert best.span.is_instant
    assert best.level == "frame"


def test_candidates_lie_apart_and_carry_their_parts() -> None:
    units = parsed(still(portrait(), 75), ["dissemination.cover"], STEMS)
    times = [unit.span.start_s for unit in units if unit.facet == "diss.cover"]
    assert len(times) == CANDIDATES
    gaps = np.diff(sorted(times))
    assert (gaps >= APART_SHARE * 3 - 1e-6).all()
    parts = {unit.facet for unit in units if unit.span.start_s == times[0]} - {"diss.cover"}
    assert {"diss.cover.sharpness", "diss.cover.exposure", "diss.cover.saliency"} <= parts
    assert all(0 <= (unit.value or 0) <= 1 for unit in units)


def test_one_frame_is_its_own_cover() -> None:
    assert len(candidates([portrait()])) == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0, 5))
def test_chosen_scores_fall_and_times_lie_apart(scores: list[float], apart_s: float) -> None:
    score, times = np.array(scores), np.arange(len(scores)) / 2
    chosen = best_apart(score, times, apart_s)
    assert score[chosen[0]] == score.max()
    assert [score[i] for i in chosen] == sorted((score[i] for i in chosen), reverse=True)
    assert all(abs(times[a] - times[b]) >= apart_s for a in chosen for b in chosen if a != b)


def test_nearest_values() -> None:
    known, values = np.array([0.0, 1.0, 2.0]), np.array([5.0, 6.0, 7.0])
    assert nearest(known, values, np.array([-1.0, 0.4, 0.6, 9.0])).tolist() == [5, 5, 6, 7]
    assert nearest(known[:1], values[:1], np.array([3.0])).tolist() == [5]
    assert nearest(known[:0], values[:0], np.array([3.0])).tolist() == [0]
    assert nearest(known, values, known) == pytest.approx(values)
