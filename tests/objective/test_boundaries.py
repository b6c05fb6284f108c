"""How boundaries are counted: hits, misses, false alarms, and stretches that are not judged."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from sestina.objective.boundaries import Tally, Truth, paired, pooled, scored

FRAMES = st.lists(st.integers(0, 30), max_size=5, unique=True)


def test_cuts_off_by_one_frame_count_at_a_tolerance_of_one() -> None:
    truth = Truth(cuts=(10, 50))
    assert scored(truth, [10, 51], 0) == Tally(hits=1, missed=(50,), false=(51,))
    assert scored(truth, [10, 51], 1) == Tally(hits=2)


def test_one_call_answers_one_cut_only() -> None:
    assert scored(Truth(cuts=(10, 12)), [11], 1) == Tally(hits=1, missed=(12,))
    assert scored(Truth(cuts=(10,)), [9, 11], 1) == Tally(hits=1, false=(11,))


def test_calls_in_or_beside_an_unjudged_stretch_count_for_nothing() -> None:
    truth = Truth(cuts=(5, 40), gradual=((10, 20),), unjudged=((35, 45),))
    assert scored(truth, [5, 8, 15, 22, 38], 0) == Tally(hits=1)
    assert scored(truth, [7, 23], 0) == Tally(missed=(5,), false=(7, 23))


def test_a_cut_beside_a_gradual_edit_is_still_found() -> None:
    assert scored(Truth(cuts=(22,), gradual=((10, 20),)), [22], 0).f1 == 1


def test_scores_pool_by_cut_and_not_by_clip() -> None:
    both = pooled([Tally(hits=9, missed=(3,)), Tally(false=(4, 5))])
    assert (both.precision, both.recall, both.f1) == (9 / 11, 9 / 10, 18 / 21)


def test_nothing_true_and_nothing_called_is_perfect() -> None:
    assert scored(Truth(), [], 1).f1 == 1
    assert scored(Truth(), [3], 1).f1 == 0


@given(true=FRAMES, called=FRAMES, tolerance=st.integers(0, 3))
def test_no_other_pairing_finds_more(true: list[int], called: list[int], tolerance: int) -> None:
    short, long = sorted((true, called), key=len)
    best = max(sum(abs(a - b) <= tolerance for a, b in zip(short, order, strict=False)) for order in permutations(long))
    score = scored(Truth(cuts=tuple(true)), called, tolerance)
    assert (score.hits, score.hits + len(score.missed)) == (best, len(true))
    assert score.hits + len(score.false) == len(called)


def test_seconds_are_counted_like_frames() -> None:
    truth = Truth(cuts=(0.3,), margin=0.1)
    assert scored(truth, [0.2], 0.1).hits == 1
    assert scored(truth, [0.1], 0.1).hits == 0


def test_pairs_name_who_was_paired() -> None:
    assert paired([10, 20, 30], [9, 31, 50], 1) == [(0, 0), (2, 1)]
