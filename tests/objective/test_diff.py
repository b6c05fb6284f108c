"""What changed between two documents, by hand."""

from __future__ import annotations

import pytest
from hypothesis import given

from sestina.core.evidence import Box, Region
from sestina.core.storyboard import Storyboard, Unit
from sestina.objective.diff import Change, diff
from tests.objective.boards import board, boards, moved, numbered, say, silent

BEFORE = board(
    say("edit.shot", 0, 8, "shot"),
    say("edit.shot", 8, 20, "shot"),
    say("camera.scale", 0, 8, "MS"),
    say("camera.movement", 0, 8, "static"),
)


def kinds(before: Storyboard, after: Storyboard) -> list[tuple[str, str]]:
    """Return the kind and the facet of every change."""
    return [(change.kind, change.unit.facet) for change in diff(before, after).changes]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BEFORE.items, []),
        (BEFORE.items[1:], [("removed", "edit.shot")]),
        ((*BEFORE.items, say("narr.hook", 0, 3, "hook")), [("added", "narr.hook")]),
        ((*BEFORE.items[:3], say("camera.movement", 0, 6, "static")), [("moved", "camera.movement")]),
        ((*BEFORE.items[:3], say("camera.movement", 0, 8, "inward")), [("relabelled", "camera.movement")]),
        ((*BEFORE.items[:3], say("camera.movement", 0, 6, "inward")), [("moved and relabelled", "camera.movement")]),
        ((*BEFORE.items[:3], silent("camera.movement", 0, 8)), [("relabelled", "camera.movement")]),
        (
            (*BEFORE.items[:3], say("camera.movement", 15, 18, "inward")),
            [("removed", "camera.movement"), ("added", "camera.movement")],
        ),
    ],
)
def test_changes(after: tuple[Unit, ...], expected: list[tuple[str, str]]) -> None:
    assert kinds(BEFORE, board(*after)) == expected


def test_ids_confidence_and_order_are_no_change() -> None:
    renamed = [unit.model_copy(update={"id": f"x{k}", "confidence": 0.5}) for k, unit in enumerate(BEFORE.items)]
    assert kinds(BEFORE, board(*reversed(renamed))) == []


def test_an_equal_unit_stays_with_its_equal() -> None:
    """The unmoved pan is not taken for the moved one, although the two overlap."""
    before = board(say("camera.movement", 0, 4, "pan_left"), say("camera.movement", 4, 8, "pan_left"))
    after = board(say("camera.movement", 4, 8, "pan_left"), say("camera.movement", 3, 6, "pan_left"))
    found = diff(before, after)
    assert found.same == 1
    assert [change.kind for change in found.changes] == ["moved"]


def test_to_dict() -> None:
    row = diff(board(), board(BEFORE.items[2])).to_dict()
    assert row["counts"] == {"added": 1}
    assert row["changes"][0]["before"] is None
    assert row["changes"][0]["after"]["label"] == "MS"


def test_a_change_has_a_side() -> None:
    with pytest.raises(ValueError, match="before or after"):
        _ = Change(None, None).unit


@given(boards(), boards())
def test_forth_and_back_mirror_each_other(one: Storyboard, other: Storyboard) -> None:
    there, back = diff(one, other), diff(other, one)
    assert there.same == back.same
    assert there.counts().get("added", 0) == back.counts().get("removed", 0)
    assert there.same + sum(change.before is not None for change in there.changes) == len(one)


@given(boards(6))
def test_a_shift_moves_and_relabels_nothing(given_board: Storyboard) -> None:
    alone = numbered(list({unit.facet: unit for unit in given_board.items}.values()))
    assert {change.kind for change in diff(alone, moved(alone, 0.01)).changes} <= {"moved"}


def test_a_box_that_moved_is_a_move_whatever_the_facet() -> None:
    """Of most facets the score does not look at the place, but who corrected it wants to see that."""
    unit = say("subject.kind", 0, 2, "person", region=Region(box=Box(x=0.1, y=0.1, w=0.2, h=0.2)))
    elsewhere = unit.model_copy(update={"region": Region(box=Box(x=0.15, y=0.1, w=0.2, h=0.2))})
    assert [change.kind for change in diff(board(unit), board(elsewhere)).changes] == ["moved"]
