"""KFS-Bench's measures, against a case computed by its published code and cases computed by hand."""

from __future__ import annotations

import pytest

from sestina.bench.keyframes import keyframe_score, unified_mean


def test_the_published_code_gives_the_same() -> None:
    found = keyframe_score([1, 5, 12, 30], [[(0, 6)], [(10, 15), (40, 45)]])
    assert found.key_frame_rate == 0.75
    assert (found.scene_hit_rate, found.balanced_recall) == (1.0, 1.0)
    assert found.balanced_distribution == pytest.approx(0.9487, abs=1e-4)
    assert found.unified == pytest.approx(0.8927, abs=1e-4)


def test_frames_in_one_of_two_equal_scenes_miss_the_other() -> None:
    found = keyframe_score([1, 2, 3, 4], [[(0, 10)], [(20, 30)]])
    assert (found.key_frame_rate, found.scene_hit_rate, found.balanced_recall) == (1.0, 0.5, 0.5)
    assert found.balanced_distribution == pytest.approx(0.5**0.5)


def test_no_hit_is_nothing_and_counts_little_in_the_mean() -> None:
    missed, hit = keyframe_score([50], [[(0, 10)]]), keyframe_score([5], [[(0, 10)]])
    assert (missed.unified, hit.unified) == (0.0, 1.0)
    assert unified_mean([missed, hit]) == pytest.approx(0.1)
    assert unified_mean([]) == 0.0


def test_what_cannot_be_scored_is_said() -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        keyframe_score([], [[(0, 1)]])
