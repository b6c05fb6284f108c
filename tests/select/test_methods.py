"""Selectors on videos so small that the right frames can be said beforehand."""

from __future__ import annotations

import numpy as np

from sestina.core.exchange import Budget, Candidates
from sestina.core.registry import selectors
from sestina.select._rule import shares, spread


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


def test_aks_takes_clear_winners_at_once_and_splits_where_there_are_none() -> None:
    clear = [0.0] * 16
    clear[5] = clear[6] = 1.0
    assert chosen("aks", clear, 2) == (5, 6)
    even = [0.5, 0.6] * 8
    left, right = chosen("aks", even, 2)
    assert left < 8 <= right


def test_bolt_spends_the_budget_where_relevance_gathers() -> None:
    relevance = [0.0] * 8 + [1.0] * 4 + [0.0] * 8
    assert chosen("bolt", relevance, 4) == (8, 9, 10, 11)


def test_mmr_does_not_take_the_same_picture_twice() -> None:
    relevance = [1.0, 1.0, 1.0, 0.6, 0.6, 0.6, 0.0]
    assert {i // 3 for i in chosen("mmr", relevance, 2, scenes(3, 3, 1))} == {0, 1}


def test_dpp_and_kmedoids_and_peaks_take_one_frame_a_scene() -> None:
    features = scenes(4, 2, 6, 3)
    starts = [0, 4, 6, 12, 15]
    for name in ("dpp", "kmedoids", "peaks", "hfs", "events"):
        found = chosen(name, [0.0] * 15, 4, features)
        assert [int(np.searchsorted(starts, i, side="right")) for i in found] == [1, 2, 3, 4], name


def test_peaks_are_the_first_frames_of_scenes() -> None:
    assert chosen("peaks", [0.0] * 15, 4, scenes(4, 2, 6, 3)) == (0, 4, 6, 12)


def test_oneclip_and_dig_stay_inside_the_relevant_chunk() -> None:
    relevance = [0.0] * 10 + [0.9] * 6 + [0.0] * 10
    assert set(chosen("oneclip", relevance, 4)) <= set(range(8, 18))
    near = chosen("dig", relevance, 4, scenes(10, 6, 10))
    assert len(near) == 4


def test_f2c_takes_neighbours() -> None:
    relevance = [0.0] * 20
    relevance[9], relevance[10], relevance[8] = 1.0, 0.9, 0.8
    assert chosen("f2c", relevance, 3) == (8, 9, 10)


def test_focus_asks_for_few_frames_of_a_long_video() -> None:
    worth = np.zeros(4000, np.float32)
    worth[2000:2250] = 1
    given = Candidates(times_s=np.arange(4000.0), features=np.ones((4000, 1), np.float32), score=lambda i: worth[i])
    found = selectors.get("focus").make(given, Budget(frames=8))
    assert found.looked < 1200
    assert sum(2000 <= i < 2250 for i in found.indices) >= 4


def test_shares_sum_and_keep_proportion() -> None:
    assert shares(np.array([3.0, 2.0, 1.0]), 6).tolist() == [3, 2, 1]
    assert shares(np.array([1.0, 1.0, 1.0]), 4).tolist() == [2, 1, 1]
    assert shares(np.zeros(3), 3).tolist() == [1, 1, 1]


def test_what_is_left_of_a_budget_goes_into_the_largest_gaps() -> None:
    assert spread(np.arange(11.0), [0], 3) == [0, 10, 5]
