"""How the benchmark counts: hits, misses, false alarms, and stretches that are not judged."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.boundaries import graduals, is_tuned
from benchmarks.detectors import Spotted, family, is_gradual
from benchmarks.matching import Score, Truth, pooled, scored
from sestina.core.time import Span

FRAMES = st.lists(st.integers(0, 30), max_size=5, unique=True)


def test_cuts_off_by_one_frame_count_at_a_tolerance_of_one() -> None:
    truth = Truth(cuts=(10, 50))
    assert scored(truth, [10, 51], 0) == Score(hits=1, missed=(50,), false=(51,))
    assert scored(truth, [10, 51], 1) == Score(hits=2)


def test_one_call_answers_one_cut_only() -> None:
    assert scored(Truth(cuts=(10, 12)), [11], 1) == Score(hits=1, missed=(12,))
    assert scored(Truth(cuts=(10,)), [9, 11], 1) == Score(hits=1, false=(11,))


def test_calls_in_or_beside_an_unjudged_stretch_count_for_nothing() -> None:
    truth = Truth(cuts=(5, 40), gradual=((10, 20),), unjudged=((35, 45),))
    assert scored(truth, [5, 8, 15, 22, 38], 0) == Score(hits=1)
    assert scored(truth, [7, 23], 0) == Score(missed=(5,), false=(7, 23))


def test_a_cut_beside_a_gradual_edit_is_still_found() -> None:
    assert scored(Truth(cuts=(22,), gradual=((10, 20),)), [22], 0).f1 == 1


def test_scores_pool_by_cut_and_not_by_clip() -> None:
    both = pooled([Score(hits=9, missed=(3,)), Score(false=(4, 5))])
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


def test_labels_know_their_family() -> None:
    assert (family("jump_cut"), family("cut"), family("dip_to_black")) == ("cut", "cut", "fade")
    assert [is_gradual(label) for label in ("hard_cut", "start", "push", "iris")] == [False, False, True, True]


def test_gradual_edits_are_paired_by_overlap_and_cuts_inside_them_noticed() -> None:
    edits = ((Span.of(1, 2), "cross_dissolve"), (Span.of(4, 5), "push"), (Span.of(7, 8), "iris"))
    true = Spotted(cuts=(), gradual=edits)
    said = Spotted(cuts=(45,), gradual=((Span.of(1.2, 2), "cross_dissolve"),))
    found = graduals(true, said, [frame / 10 for frame in range(100)])
    assert [(one.iou, one.said, one.touched) for one in found] == [
        (0.8, "cross_dissolve", True), (0.0, "", True), (0.0, "", False),
    ]  # fmt: skip


def test_names_fall_into_two_halves_of_about_one_size() -> None:
    assert 20 < sum(is_tuned(f"{number}.mp4") for number in range(60)) < 40
