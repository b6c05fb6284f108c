"""Pacing read off shot lists whose numbers are worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.evidence import MetricEvidence
from sestina.core.reading import Reading
from sestina.dimensions.editing.pacing import Pacing
from tests.core.boards import media
from tests.dimensions.editing.shot_lists import named, run, shot_list, value


def test_numbers_of_four_shots() -> None:
    """Lengths 1, 2, 3, 4 s: mean and median 2.5, variance (2.25 + 0.25) / 2 = 1.25; three joins in ten seconds."""
    units = run(shot_list([1, 2, 3, 4]), Pacing())
    assert {u.facet.rpartition(".")[2]: u.value for u in units if u.value is not None} == {
        "pacing": 3.0,
        "shots": 4,
        "mean_shot_length": 2.5,
        "median_shot_length": 2.5,
        "sd_shot_length": pytest.approx(1.25**0.5, abs=1e-5),
        "min_shot_length": 1.0,
        "max_shot_length": 4.0,
        "share_under_1s": 0.0,
        "first_cut_at": 1.0,
        "cuts_per_10s": 3.0,
    }


def test_short_shots_are_counted() -> None:
    units = run(shot_list([0.4, 0.8, 1.0, 2.0]), Pacing())
    assert value(units, "edit.pacing.share_under_1s") == 0.5


def test_the_curve_has_full_windows_only() -> None:
    """Joins at 2, 4, 6, 13 s; the last four seconds of 24 make no window."""
    units = run(shot_list([2, 2, 2, 7, 11]), Pacing())
    curve = [(u.span.start_s, u.span.end_s, u.value) for u in units if u.facet == "edit.pacing.cuts_per_10s"]
    assert curve == [(0, 10, 3), (10, 20, 1)]


@pytest.mark.parametrize(
    ("lengths", "label"),
    [([7, 6], "slow"), ([3, 4, 3], "moderate"), ([1.4, 1.6], "fast"), ([0.4, 0.6, 0.4], "hyper"), ([8], "single_take")],
)
def test_classes(lengths: list[float], label: str) -> None:
    assert named(run(shot_list(lengths), Pacing()), "edit.pacing_class") == [(label, 0)]


def test_a_mean_at_a_limit_names_no_class() -> None:
    units = run(shot_list([2, 2, 2]), Pacing())
    assert named(units, "edit.pacing_class") == []
    assert "near" in next(u.reason or "" for u in units if u.facet == "edit.pacing_class")


@pytest.mark.parametrize(
    ("lengths", "quick", "dynamic"),
    [
        ([1, 1, 1, 1, 6], "true", "true"),  # five shots begin before 5 s
        ([1, 1, 1, 2, 6], "false", "true"),  # the fifth begins at 5 s
        ([3, 4], "false", "false"),  # 3 s is no longer before three seconds
        ([2.96, 4], "false", "true"),
        ([4], "false", "false"),
    ],
)
def test_flags_of_the_start(lengths: list[float], quick: str, dynamic: str) -> None:
    units = run(shot_list(lengths), Pacing())
    assert named(units, "edit.pacing_class.quick_5in5") == [(quick, 0)]
    assert named(units, "edit.pacing_class.dynamic_start_lt3s") == [(dynamic, 0)]


def test_without_shots_nothing_is_said() -> None:
    assert run(Reading(media=media(3.0)), Pacing()) == []


@given(st.lists(st.integers(2, 60), min_size=1, max_size=12))
def test_numbers_agree_with_each_other(frames: list[int]) -> None:
    lengths = [count / 25 for count in frames]
    units = run(shot_list(lengths), Pacing())
    numbers = {u.facet.rpartition(".")[2]: u.value or 0.0 for u in units if u.value is not None}
    assert numbers["shots"] == len(lengths)
    assert numbers["min_shot_length"] <= numbers["median_shot_length"] <= numbers["max_shot_length"]
    assert numbers["mean_shot_length"] * numbers["shots"] == pytest.approx(sum(lengths), rel=1e-4)
    assert numbers["pacing"] == pytest.approx(10 * (len(lengths) - 1) / sum(lengths), rel=1e-4)
    assert all(isinstance(item, MetricEvidence) for u in units if u.value is not None for item in u.evidence)
