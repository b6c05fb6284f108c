"""Every invariant: a valid document has no problem, and each rule catches its own breach by name."""

import pytest

from sestina.core.errors import InvariantError
from sestina.core.evidence import (
    AsrEvidence,
    Box,
    FrameEvidence,
    MetricEvidence,
    OcrEvidence,
    Region,
    UnitEvidence,
)
from sestina.core.invariants import check, normalised, problems
from sestina.core.storyboard import ScreenText, Storyboard, Transcript, Unit, Word
from sestina.core.time import Span
from tests.core.boards import two_shots, unit

METRIC = MetricEvidence(signal="motion.dx", op=">=", threshold=1.0, value=0.5, span=Span.of(0, 1))


def rules(board: Storyboard) -> set[str]:
    return {problem.rule for problem in problems(board)}


def test_a_valid_document_has_no_problem() -> None:
    check(two_shots())


def movement(**changes: object) -> Unit:
    return unit("camera.movement", 1, 3, label="inward", level="event").model_copy(update=changes)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("evidence", movement(evidence=())),
        ("claim", movement(label=None)),
        ("abstention", movement(label=None, status="abstain")),
        ("abstention", movement(status="abstain", reason="too dark")),
        ("known-label", movement(label="sideways")),
        ("known-facet", movement(facet="camera.mood")),
        ("known-facet", movement(dimension="editing")),
        ("known-level", movement(level="boundary")),
        ("time-inside", movement(span=Span.of(9, 11))),
        ("time-inside", movement(evidence=(FrameEvidence(at_s=12),))),
        ("box-inside", movement(region=Region(box=Box(x=0.9, y=0, w=0.2, h=0.1)))),
        ("metric-holds", movement(evidence=(METRIC,))),
        ("quote-occurs", movement(evidence=(OcrEvidence(quote="SALE", at_s=1),))),
        ("quote-occurs", movement(evidence=(AsrEvidence(quote="hello", span=Span.of(1, 2)),))),
        ("child-parent", movement(label="dolly_in", attributes={"parent": "outward"})),
        ("link", movement(evidence=(UnitEvidence(unit="nowhere"),))),
        ("link", movement(evidence=(UnitEvidence(unit="camera.movement/1"),))),
        ("boundary-join", unit("edit.transition", 7, 7, label="hard_cut", level="boundary")),
        ("single", unit("camera.roll", 0, 4, label="level").model_copy(update={"span": Span.of(3, 5)})),
    ],
)
def test_each_breach_is_named_with_its_unit(rule: str, broken: Unit) -> None:
    others = (unit("camera.roll", 0, 4, label="dutch_left", id="other"),)
    found = [problem for problem in problems(two_shots(broken, *others)) if problem.rule == rule]
    assert found, rules(two_shots(broken, *others))
    assert found[0].unit_id in {broken.id, "other"}


def test_shots_must_tile() -> None:
    board = two_shots()
    first, *rest = board.items
    gap = first.model_copy(update={"span": Span.of(0, 3)})
    late = first.model_copy(update={"span": Span.of(1, 4)})
    assert "tiling" in rules(board.model_copy(update={"items": (gap, *rest)}))
    assert "tiling" in rules(board.model_copy(update={"items": (late, *rest)}))


def test_a_join_without_a_boundary_is_named() -> None:
    board = two_shots()
    cutless = tuple(u for u in board.items if u.facet != "edit.transition")
    assert "boundary-join" in rules(board.model_copy(update={"items": cutless}))


def test_a_fade_may_join_the_first_shot_to_nothing() -> None:
    fade = unit("edit.transition", 0, 1, label="fade_in", level="boundary")
    start = unit("edit.transition", 0, 0, label="start", level="boundary", id="start")
    check(two_shots(fade, start))


def test_quotes_match_after_normalisation() -> None:
    texts = Transcript(
        words=(Word(text="Hello,", start_s=1, end_s=1.2), Word(text="WORLD!", start_s=1.2, end_s=1.5)),
        screen=(
            ScreenText(
                id="t1",
                text="50% off — today",
                span=Span.of(0, 4),
                region=Region(box=Box.of(0, 0, 1, 0.1)),
                confidence=1,
            ),
        ),
    )
    spoken = movement(evidence=(AsrEvidence(quote="hello world", span=Span.of(1, 1.5)),))
    shown = movement(evidence=(OcrEvidence(quote="50% OFF", at_s=1),), id="shown", facet="camera.movement")
    board = two_shots(spoken).model_copy(update={"transcript": texts})
    assert rules(board) == set()
    assert rules(board.model_copy(update={"items": (*board.items, shown)})) == set()
    assert normalised("Ｆｕｌｌ  Width—dash") == "full width dash"


def test_the_error_lists_every_problem() -> None:
    with pytest.raises(InvariantError) as caught:
        check(two_shots(movement(evidence=()), movement(id="b", label="sideways")))
    assert len(caught.value.problems) == 2
    assert "camera.movement/1" in caught.value.problems[1] or "camera.movement/1" in caught.value.problems[0]
