"""Boundaries and reasons for cuts, counted by hand."""

from __future__ import annotations

import pytest

from sestina.core.evidence import AsrEvidence, FrameEvidence, FramePairEvidence, MetricEvidence, UnitEvidence
from sestina.core.storyboard import Transcript, Word
from sestina.core.time import Span
from sestina.tasks.feedbench.boundaries import Boundaries
from sestina.tasks.feedbench.citations import Citations
from sestina.tasks.feedbench.rationale import Rationale
from tests.core.boards import media
from tests.tasks.golds import board, cited, full, scored, unit


def test_cuts_and_dissolves_count_together() -> None:
    """Of gold's 2.00, 4.00 and 6.8-7.2 s: one right, one two frames late, one a quarter too short."""
    said = board(
        unit("edit.shot", 0, 10, "shot"), unit("edit.transition", 2, 2, "hard_cut"),
        unit("edit.transition", 4.08, 4.08, "hard_cut"), unit("edit.transition", 6.8, 7.1, "cross_dissolve"),
        unit("edit.transition", 9, 9, "hard_cut"),
    )  # fmt: skip
    score = scored(Boundaries, said, full())
    parts = score.parts
    # At one frame: hits 2.00 and the dissolve; missed 4.00; false 4.08 and 9.00. F1 = 2*2 / (2*2 + 1 + 2) = 4/7.
    assert score.value == pytest.approx(4 / 7)
    assert parts["cuts@0f.f1"] == pytest.approx(2 / 5)
    assert parts["cuts@2f.f1"] == pytest.approx(4 / 5)
    assert parts["cuts@0.1s.f1"] == pytest.approx(4 / 5)
    assert parts["gradual.f1"] == 1
    assert parts["false_per_min"] == pytest.approx(2 / (10 / 60))
    # Types: hard_cut right, jump_cut called hard_cut (sisters below `cut`, half way), dissolve right.
    assert parts["type_accuracy"] == pytest.approx(2 / 3)
    assert parts["type_similarity"] == pytest.approx(2.5 / 3)


def test_a_take_without_cuts_is_an_answer() -> None:
    single = board(unit("edit.shot", 0, 10, "shot"))
    assert scored(Boundaries, single, single).value == 1
    assert scored(Boundaries, board(), single).value == 0
    assert scored(Boundaries, single, full()).value == 0


def test_what_gold_abstains_from_is_not_judged() -> None:
    doubtful = unit("edit.transition", 4, 6, None, status="abstain", reason="a flash or a cut", evidence=())
    gold = board(unit("edit.shot", 0, 10, "shot"), unit("edit.transition", 2, 2, "hard_cut"), doubtful)
    said = board(unit("edit.transition", 2, 2, "hard_cut"), unit("edit.transition", 5, 5, "hard_cut"))
    assert scored(Boundaries, said, gold).value == 1


def test_reasons_count_when_their_evidence_holds() -> None:
    """Two right reasons, one of them resting on a unit that is not there; one reason missed, one invented."""
    cut = unit("edit.transition", 2, 2, "hard_cut")
    said = board(
        cut,
        cited("edit.cut_rationale", 2, "rhythm", UnitEvidence(unit=cut.id)),
        cited("edit.cut_rationale", 4, "time_compression", UnitEvidence(unit="nobody")),
        cited("edit.cut_rationale", 7, "emotion"),
    )
    parts = scored(Rationale, said, full()).parts
    assert parts["rationale_plain_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert parts["rationale_f1"] == pytest.approx(2 * 1 / (2 * 1 + 2 + 2))
    assert parts["evidence_holds"] == pytest.approx(2 / 3)
    assert parts["function_f1"] == 0


def test_citations_are_looked_up() -> None:
    words = (Word(text="wait", start_s=1, end_s=1.2), Word(text="for", start_s=1.2, end_s=1.3))
    own = unit("edit.cut_rationale", 2, 2, "rhythm", status="inferred")
    document = board(own).model_copy(update={"transcript": Transcript(words=words)})
    check = Citations(document, media())
    span = Span.of(1, 2)

    def holds(*evidence: object) -> bool:
        return check.hold(own.model_copy(update={"evidence": evidence}))

    assert holds(FrameEvidence(at_s=2.0, pts=50))
    assert not holds(FrameEvidence(at_s=2.0, pts=49))  # frame 49 is shown at 1.96 s
    assert not holds(FrameEvidence(at_s=11.0))
    assert holds(FramePairEvidence(at_s=(1.96, 2.0), pts=(49, 50)))
    assert holds(AsrEvidence(quote="Wait for", span=span))
    assert not holds(AsrEvidence(quote="wait four", span=span))
    assert not holds(UnitEvidence(unit=own.id))  # itself
    assert holds(MetricEvidence(signal="luma.mean", op=">=", threshold=0.2, value=0.3, span=span))
    assert not holds(MetricEvidence(signal="luma.mean", op=">=", threshold=0.4, value=0.3, span=span))
    assert not holds()
    assert not check.hold(own)  # context stands for itself only where it came with the video
