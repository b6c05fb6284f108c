"""Corrections from other tools: what a person changed becomes theirs, what cannot be applied is listed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.correction import Correction, mark
from sestina.core.invariants import problems
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._merge import Merge, merge
from tests.export.boards import RATES, board

BOARD = board()


def said(unit: Unit, /, **other: Any) -> Correction:
    """Return the unit as an untouched export gives it back, but for `other`."""
    facts: dict[str, Any] = {
        "place": f"line of {unit.id}", "facet": unit.facet, "span": unit.span, "unit": unit.id, "mark": mark(unit),
        "label": unit.label, "text": unit.text, "value": unit.value, "region": unit.region,
    }  # fmt: skip
    return Correction(**{**facts, **other})


def merged(*corrections: Correction, onto: Storyboard = BOARD, **how: Any) -> Merge:
    return merge(onto, corrections, who=how.pop("who", "ada"), tool="csv", **how)


@pytest.mark.parametrize("rate", RATES)
def test_an_untouched_export_changes_nothing(rate: Any) -> None:
    one = board(rate)
    found = merged(*(said(unit) for unit in one), onto=one)
    assert (found.board, found.same, found.conflicts) == (one, len(one), ())


def test_a_new_label_is_the_persons_with_the_old_one_noted() -> None:
    found = merged(said(BOARD["z1"], label="CU"))
    unit = found.board["z1"]
    assert (unit.label, unit.status, unit.producer.name, unit.confidence) == ("CU", "human", "ada", 1.0)
    assert "was MCU" in unit.evidence[0].note  # type: ignore[union-attr]  # a span to watch
    assert not found.conflicts
    assert not problems(found.board)


def test_rounding_by_the_format_is_no_change() -> None:
    unit = BOARD["s1"]
    near = Span.of(unit.span.start_s + 0.0004, unit.span.end_s - 0.0004)
    assert merged(said(unit, span=near)).same == 1
    assert merged(said(unit, span=near, slack_s=0.0001)).board != BOARD


def test_a_moved_shot_takes_the_cut_and_its_neighbour_along() -> None:
    first = BOARD["s0"].span
    found = merged(said(BOARD["s0"], span=Span.of(first.start_s, 2.0)))
    assert found.board["s0"].span.end_s == found.board["s1"].span.start_s == 2.0
    assert found.board["t1"].span == Span.at(2.0)
    assert not found.conflicts
    assert not problems(found.board)


def test_a_moved_cut_takes_both_shots_along() -> None:
    found = merged(said(BOARD["t1"], span=Span.at(1.5)))
    assert found.board["s0"].span.end_s == found.board["s1"].span.start_s == 1.5
    assert not found.conflicts


def test_a_change_since_the_export_is_a_conflict_and_is_kept() -> None:
    exported = BOARD["z1"]
    later = merged(said(exported, label="CU")).board
    found = merged(said(exported, label="LS"), onto=later)
    assert found.board == later
    assert "has changed since the export: it says 'CU'" in str(found.conflicts[0])
    assert merged(said(exported, label="LS"), onto=later, overwrite=True).board["z1"].label == "LS"


def test_another_persons_word_is_not_replaced_silently() -> None:
    later = merged(said(BOARD["z1"], label="CU")).board
    found = merged(said(later["z1"], label="LS"), onto=later, who="grace")
    assert "ada corrected it before" in str(found.conflicts[0])
    assert merged(said(later["z1"], label="LS"), onto=later, who="ada").board["z1"].label == "LS"


def test_two_words_on_one_unit_are_a_conflict() -> None:
    found = merged(said(BOARD["z1"], label="CU"), said(BOARD["z1"], label="LS", place="line 9"))
    assert found.board["z1"].label == "CU"
    assert [conflict.place for conflict in found.conflicts] == ["line 9"]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"unit": "nobody"}, "no such unit"),
        ({"label": "enormous"}, "no label 'enormous'"),
        ({"facet": "camera.scael"}, "nearest: camera.scale"),
        ({"facet": "camera.movement"}, "not of camera.movement"),
        ({"span": Span.of(1.0, 900.0)}, "time-inside"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(other: dict[str, Any], why: str) -> None:
    found = merged(said(BOARD["z1"], **other))
    assert found.board == BOARD
    assert why in str(found.conflicts[0])


def test_removing_what_others_rest_on_is_refused_and_the_rest_applied() -> None:
    found = merged(said(BOARD["s1"], removed=True), said(BOARD["z1"], removed=True))
    assert {unit.id for unit in BOARD} - {unit.id for unit in found.board} == {"z1"}
    assert [conflict.unit for conflict in found.conflicts] == ["s1"]


def test_an_added_unit_has_an_id_of_its_own() -> None:
    new = Correction(place="line 20", facet="camera.scale", span=BOARD["s2"].span, label="CU", level="shot")
    found = merged(new, new)
    added = [unit for unit in found.board if unit.id.startswith("h-")]
    assert [(unit.label, unit.status) for unit in added] == [("CU", "human")]
    assert not problems(found.board)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(BOARD.items), st.floats(0, 5), st.floats(0, 5), st.booleans()), max_size=6))
def test_no_corrections_make_an_invalid_storyboard(moves: list[tuple[Unit, float, float, bool]]) -> None:
    wanted = [said(u, span=Span.of(min(a, b), max(a, b)), removed=gone) for u, a, b, gone in moves]
    assert not problems(merged(*wanted).board)
