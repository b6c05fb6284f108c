"""The published rules of uniform sampling, against the frames that their own code picks."""

from __future__ import annotations

import pytest

from sestina.select.uniform import ends_included, plm_indices, qwen_indices


@pytest.mark.parametrize(
    ("count", "fps", "first", "last"),
    [
        (300, 30.0, [0, 10, 19, 29, 39, 48], [280, 289, 299]),
        (960, 30.0, [0, 30, 60, 90], [900, 930]),
        (1800, 30.0, [0, 60, 120, 180], [1710, 1770]),
        (9000, 25.0, [0, 300, 575, 875, 1150, 1450], [8675, 8975]),
    ],
)
def test_plm_picks_what_its_repository_picks(count: int, fps: float, first: list[int], last: list[int]) -> None:
    found = plm_indices(count, fps)
    assert len(found) == 32
    assert found[: len(first)] == first
    assert found[-len(last) :] == last


def test_plm_takes_every_frame_of_a_short_clip_and_keeps_to_its_part() -> None:
    assert plm_indices(20, 30.0) == list(range(20))
    part = plm_indices(1800, 30.0, start_s=5, end_s=10)
    assert (part[:4], part[-2:], len(part)) == ([150, 155, 160, 165], [295, 300], 32)


def test_harnesses_that_say_eight_frames_mean_different_ones() -> None:
    """A clip of 120 frames: both ends included, as lmms-eval does."""
    assert ends_included(120, 8) == [0, 17, 34, 51, 68, 85, 102, 119]


def test_qwen_takes_two_a_second_and_an_even_number() -> None:
    assert len(qwen_indices(300, 30.0)) == 20
    assert qwen_indices(300, 30.0, most=4) == [0, 100, 199, 299]
    assert len(qwen_indices(10, 30.0)) == 4
    assert len(qwen_indices(7, 1.0)) == 6
    with pytest.raises(ValueError, match="at least 2"):
        qwen_indices(1, 30.0)
