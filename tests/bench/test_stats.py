"""Means, clustered errors, pooled counts and paired differences against hand computation."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.bench.log import SCHEMA, Run
from sestina.bench.stats import abstention_curve, clustered, compare, macro_f1, rows

VALUES = st.lists(st.floats(0, 1), min_size=2, max_size=12)


def record(video: str, value: float | None, *, task: str = "t", name: str = "", **more: Any) -> dict[str, Any]:
    """Return a scored record, unscored without a value, failed with an `error`."""
    status = "failed" if "error" in more else "unscored" if value is None else "scored"
    score = {"value": value, "parts": more.get("parts", {}), "judged": more.get("judged", [])}
    ids = {"type": "sample", "task": task, "id": name or video, "video": video, "group": more.get("group", "")}
    return {**ids, "status": status, "score": score, "answer": {}}


def run(*records: dict[str, Any]) -> Run:
    return Run(header={"schema": SCHEMA}, records=records)


def test_errors_are_clustered_by_video() -> None:
    """Values 1, 1 of one video and 0 of another: mean 2/3, deviations sum to 2/3 and -2/3, G/(G-1) = 2."""
    found = clustered([1, 1, 0], ["a", "a", "b"])
    assert found is not None
    assert found.mean == pytest.approx(2 / 3)
    assert found.se == pytest.approx(math.sqrt(2 * (4 / 9 + 4 / 9)) / 3)
    assert (found.samples, found.videos) == (3, 2)


@given(VALUES)
def test_with_one_sample_a_video_it_is_the_usual_error(values: list[float]) -> None:
    found = clustered(values, [str(k) for k in range(len(values))])
    assert found is not None
    assert found.se is not None
    mean = sum(values) / len(values)
    usual = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values))
    assert found.se == pytest.approx(usual, abs=1e-9)


@given(VALUES)
def test_asking_everything_twice_makes_no_error_smaller(values: list[float]) -> None:
    names = [str(k) for k in range(len(values))]
    once, twice = clustered(values, names), clustered(values * 2, names * 2)
    assert once is not None
    assert twice is not None
    assert twice.se == pytest.approx(once.se, abs=1e-9)


def test_one_video_has_no_error() -> None:
    found = clustered([0.5, 0.7], ["a", "a"])
    assert found is not None
    assert (found.se, found.half_width) == (None, None)
    assert clustered([], []) is None


def test_unscored_and_failed_are_counted_apart() -> None:
    (row,) = rows(run(record("a", 1.0), record("b", 0.5), record("c", None), record("d", None, error="no reply")))
    assert row.scored is not None
    assert (row.scored.mean, row.scored.samples) == (0.75, 2)
    assert (row.unscored, row.failed, row.at_least) == (1, 1, 1.5 / 4)


def test_counts_pool_over_videos() -> None:
    """8 of 9 found with one false, and 0 of 1: pooled 2*8 / (2*8 + 2 + 1), whatever the videos' own means are."""
    one = {"cuts.hits": 8, "cuts.missed": 1, "cuts.false": 1, "cer": 0.2}
    two = {"cuts.hits": 0, "cuts.missed": 1, "cuts.false": 0, "cer": 0.4}
    (row,) = rows(run(record("a", 1, parts=one), record("b", 0, parts=two)))
    assert row.pooled["cuts.f1"] == pytest.approx(16 / 19)
    assert row.parts == {"cer": pytest.approx(0.3)}


def test_macro_f1_weighs_labels_and_not_samples() -> None:
    """pan: 2 right, 1 false -> 4/5; tilt: 1 right of 2 -> 2/3."""
    pairs = [("pan", "pan"), ("pan", "pan"), ("tilt", "tilt"), ("tilt", "pan")]
    assert macro_f1(pairs) == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert macro_f1([("pan", None)]) == 0


def test_a_parent_is_right_among_the_top_labels() -> None:
    judged = [["camera.movement", "zoom_in", "inward", 1.0], ["camera.movement", "pan_left", "pan_left", 1.0]]
    (row,) = rows(run(record("a", 0.75, judged=judged)))
    assert row.pooled["camera.movement.macro_f1"] == pytest.approx(1 / 2)
    assert row.pooled["camera.movement.macro_f1_top"] == 1


def test_the_abstention_curve_begins_with_the_surest() -> None:
    triples = [("a", "a", 0.9), ("a", "b", 0.2), ("b", "b", 0.8), ("b", None, 0.0)]
    assert abstention_curve(triples) == [(0.25, 1.0), (0.5, 1.0), (0.75, pytest.approx(2 / 3))]


def test_what_is_equally_sure_has_no_order() -> None:
    triples = [("a", "a", 0.5), ("b", "a", 0.5), ("c", "a", 0.5), ("a", "a", 0.5)]
    assert abstention_curve(triples) == [(coverage, 0.5) for coverage in (0.25, 0.5, 0.75, 1.0)]


def test_consistency_is_one_answer_to_all_variants() -> None:
    def variant(group: str, said: str | None, number: int) -> dict[str, Any]:
        judged = [["narr.format", "a", said, 1.0]]
        return record("v", float(said == "a"), name=f"{group}#{number}", group=group, judged=judged)

    answers = {"one": ("a", "a", "a"), "two": ("b", "b", "b"), "three": ("a", "b", "a"), "four": (None, None, None)}
    records = [variant(group, said, k) for group, three in answers.items() for k, said in enumerate(three)]
    (row,) = rows(run(*records))
    assert (row.pooled["consistent"], row.pooled["consistent_right"]) == (0.5, 0.25)


def test_differences_are_paired() -> None:
    """Two runs that differ by 0.1 on every sample differ clearly, however much the samples vary."""
    first = run(record("a", 0.1), record("b", 0.5), record("c", 0.9), record("only", 0.0))
    second = run(record("a", 0.2), record("b", 0.6), record("c", 1.0), record("d", None))
    (found,) = compare(first, second)
    assert found.difference is not None
    assert found.difference.mean == pytest.approx(0.1)
    assert found.difference.se == pytest.approx(0, abs=1e-9)
    assert found.first == pytest.approx(0.5)
    assert found.second == pytest.approx(0.6)
    assert (found.alone, found.is_clear) == (1, True)


def test_runs_without_a_common_sample_have_no_difference() -> None:
    (found,) = compare(run(record("a", 1)), run(record("b", 1)))
    assert (found.difference, found.alone, found.is_clear) == (None, 2, False)
