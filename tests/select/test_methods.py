"""Selectors on videos so small that the right frames can be said beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from sestina.core.exchange import Budget, Candidates
from sestina.core.registry import selectors
from sestina.select._rule import evenly, shares, spread
from sestina.select.dig import answering
from sestina.select.oneclip import peak_heights


def chosen(name: str, relevance: list[float], frames: int, features: np.ndarray | None = None) -> tuple[int, ...]:
    """Return what a selector chooses where candidate i is relevant as said and all pictures differ."""
    count = len(relevance)
    rows = np.eye(count, dtype=np.float32) if features is None else features
    worth = np.array(relevance, np.float32)
    given = Candidates(times_s=np.arange(count, dtype=float), features=rows, score=lambda i: worth[i])
    return tuple(selectors.get(name).make(given, Budget(frames=frames)).indices)


def scenes(*lengths: int) -> np.ndarray:
    """Return the pictures of scenes in turn, each scene one picture."""
    return np.repeat(np.eye(len(lengths), dtype=np.float32), lengths, axis=0)


def test_aks_takes_clear_winners_at_once() -> None:
    """The mean is 1/8, the two best lie 7/8 above it, which is more than 0.8: no part is split."""
    clear = [0.0] * 16
    clear[5] = clear[6] = 1.0
    assert chosen("aks", clear, 2) == (5, 6)


def test_aks_halves_budget_and_video_where_none_stands_out() -> None:
    """The three best stand only 0.5 above the mean; the left half weighs more and gets two of three frames."""
    relevance = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.9]
    assert chosen("aks", relevance, 3) == (1, 3, 10)


def test_bolt_takes_even_steps_of_the_summed_relevance() -> None:
    """Eight equal frames sum up to 1/8, 2/8, ...; the steps for four frames are at 1/4, 5/12, 7/12 and 3/4."""
    relevance = [0.0] * 8 + [1.0] * 8 + [0.0] * 8
    assert chosen("bolt", relevance, 4) == (9, 11, 12, 13)


def test_bolt_sharpens_relevance_by_its_third_power() -> None:
    """0.5 counts an eighth: of a total of 2.5 the frame of 1 at the end holds more than half of the steps."""
    relevance = [0.0, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0]
    assert set(chosen("bolt", relevance, 3)) >= {5, 6}


def test_mmr_does_not_take_the_same_picture_twice() -> None:
    """After the first, its twins score 0.5 - 0.5, the less relevant scene 0.3, the irrelevant one 0."""
    relevance = [1.0, 1.0, 1.0, 0.6, 0.6, 0.6, 0.0]
    assert chosen("mmr", relevance, 2, scenes(3, 3, 1)) == (0, 3)


def test_dpp_prefers_length_and_right_angles() -> None:
    """Pictures at 0, 30 and 90 degrees: after the first, sin²(30°) = 1/4 is left of the second and 1 of the third.

    Where it alone is relevant, the second comes first; then 1/4 of the first is left and 3/4 of the third.
    """
    angles = np.radians([0.0, 30.0, 90.0])
    features = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert chosen("dpp", [0.0, 0.0, 0.0], 2, features) == (0, 2)
    assert chosen("dpp", [0.0, 1.0, 0.0], 2, features) == (1, 2)


@pytest.mark.parametrize("name", ["dpp", "kmedoids", "peaks", "hfs", "events", "mmr"])
def test_one_frame_a_scene(name: str) -> None:
    found = chosen(name, [0.0] * 15, 4, scenes(4, 2, 6, 3))
    assert [int(np.searchsorted([0, 4, 6, 12], i, side="right")) for i in found] == [1, 2, 3, 4]


def test_peaks_are_the_first_frames_of_scenes() -> None:
    assert chosen("peaks", [0.0] * 15, 4, scenes(4, 2, 6, 3)) == (0, 4, 6, 12)


def test_shots_share_the_budget_by_length() -> None:
    """One frame each of 8 and 4; of the four left the longer gets 7/10, the shorter 3/10: 3 and 1."""
    assert chosen("shots", [0.0] * 12, 6, scenes(8, 4)) == (1, 3, 5, 7, 9, 11)


def test_events_take_the_start_of_each_change() -> None:
    """Two changes in twelve frames, 45 % of the activity each: each stretch of a third holds one, the last none."""
    assert set(chosen("events", [0.0] * 12, 3, scenes(3, 5, 4))) >= {3, 8}


def test_hfs_tries_every_frame_at_every_step() -> None:
    rng = np.random.default_rng(5)
    features = rng.normal(size=(60, 12)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    relevance = np.round(rng.random(60), 3).astype(np.float32)
    relevance[:2] = 0, 1
    like = np.maximum(0, features @ features.T).astype(np.float64)
    taken: list[int] = []
    for _ in range(6):

        def value(i: int) -> float:
            rows = like[[*taken, i]]
            repeats = like[i, taken].max() if taken else 0.0
            return float(relevance[i] / 6 + rows.max(axis=0).mean() - 0.5 * repeats / 6)

        taken.append(max((i for i in range(60) if i not in taken), key=value))
    assert chosen("hfs", relevance.tolist(), 6, features) == tuple(sorted(taken))


def test_oneclip_measures_how_high_peaks_stand() -> None:
    """Twice the value less where it falls to on both sides, going down only."""
    assert peak_heights(np.array([1.0, 3.0, 2.0, 5.0, 0.0])).tolist() == [0, 3, 0, 8, 0]
    assert peak_heights(np.array([2.0, 2.0, 2.0])).tolist() == [0, 0, 0]


def test_oneclip_cuts_in_valleys_and_stays_in_the_best_chunk() -> None:
    """Twenty seconds are two chunks: the highest peaks are at 10 and 3, the valley between at 6, the rest 7..20."""
    course = [0.1, 0.2, 0.3, 0.6, 0.3, 0.2, 0.1, 0.3, 0.5, 0.7, 0.9, 0.7, 0.5, 0.2, 0.3, 0.4, 0.5, 0.6, 0.4, 0.3, 0.2]
    assert chosen("oneclip", course, 4) == (8, 12, 15, 19)


def test_dig_keeps_what_two_thresholds_leave() -> None:
    """Means leave only 9 - 5 = 4, and then 0 of itself; half of the best leaves 6 and 9: the fewer are taken."""
    assert answering(np.array([1.0, 1.0, 4.0, 7.0, 10.0])).tolist() == [4]
    assert answering(np.array([0.0, 1.0, 1.0])).tolist() == [1, 2]


def test_dig_widens_by_two_segments_and_samples_evenly() -> None:
    """Segment 4 answers; 2 to 6 are candidates 4..13, of which the ends and two between are taken."""
    relevance = [0.0] * 8 + [1.0] * 2 + [0.0] * 8
    assert chosen("dig", relevance, 4, scenes(*[2] * 9)) == (4, 7, 10, 13)


def test_dig_takes_uniform_frames_for_a_question_about_the_whole() -> None:
    assert chosen("dig", [0.3] * 9, 3, scenes(3, 3, 3)) == (0, 4, 8)


def test_f2c_takes_neighbours() -> None:
    relevance = [0.0] * 20
    relevance[9], relevance[10], relevance[8] = 1.0, 0.9, 0.8
    assert chosen("f2c", relevance, 3) == (8, 9, 10)


def test_focus_asks_for_few_frames_of_a_long_video() -> None:
    """250 stretches of 16 s: three frames each, and all of the best quarter; seven or eight frames lie in those."""
    worth = np.zeros(4000, np.float32)
    worth[2000:2250] = 1
    given = Candidates(times_s=np.arange(4000.0), features=np.ones((4000, 1), np.float32), score=lambda i: worth[i])
    found = selectors.get("focus").make(given, Budget(frames=8))
    assert found.looked == 250 * 3 + 63 * (16 - 3)
    assert sum(2000 <= i < 2250 for i in found.indices) >= 4


@pytest.mark.parametrize("name", ["aks", "oneclip", "focus"])
def test_without_a_question_no_place_is_preferred(name: str) -> None:
    """Where all is equally relevant, the middles of equal parts are taken."""
    assert chosen(name, [0.4] * 40, 4) == (5, 15, 25, 35)


@pytest.mark.parametrize("name", ["aks", "bolt", "dig", "focus", "oneclip", "schedule", "shots"])
def test_where_nothing_decides_none_looks_at_one_end_only(name: str) -> None:
    """Of twenty scenes, equally long and relevant, each quarter of the video is seen with eight frames."""
    found = chosen(name, [0.0] * 200, 8, scenes(*[10] * 20))
    assert {i // 50 for i in found} == {0, 1, 2, 3}, found


def test_shares_sum_and_keep_proportion() -> None:
    assert shares(np.array([3.0, 2.0, 1.0]), 6).tolist() == [3, 2, 1]
    assert shares(np.array([1.0, 1.0, 1.0]), 4).tolist() == [2, 1, 1]
    assert shares(np.zeros(3), 3).tolist() == [1, 1, 1]


def test_what_is_left_of_a_budget_goes_into_the_largest_gaps() -> None:
    assert spread(np.arange(11.0), [0], 3) == [0, 10, 5]


def test_the_middles_of_equal_parts() -> None:
    assert evenly(10, 20, 2) == [12, 17]
    assert evenly(10, 13, 9) == [10, 11, 12]
    assert evenly(5, 5, 3) == []
