"""Facets of the user's own, by definition file: asked of the model, checked, matched, exported and asked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sestina.answers.extract import Extractor
from sestina.core import vocabulary
from sestina.core.errors import DocumentError, DuplicateComponent
from sestina.core.invariants import problems
from sestina.core.prompting import Limits
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.objective.score import score
from sestina.pipeline.label import Labelled, label
from sestina.pipeline.label_tasks import label_tasks
from sestina.report.page import write_report
from tests.export.boards import board
from tests.pipeline.test_label import Saying, claim

BOARD = board()
DEFINITIONS = {
    "subject.mascot": """
        id: subject.mascot
        level: shot
        type: nom
        labels: [fox, owl, no_mascot]
        label_evidence: {fox: the red fox of the brand is in view}
        aliases: {vulpes: fox}
        source: V
        evidence: the brand's mascot is in view
        description: Which mascot of the brand is seen.
    """,
    "narr.sponsor_seconds": """
        {"id": "narr.sponsor_seconds", "level": "video", "type": "num", "unit": "s", "scale": 10, "valid": [0, null],
         "source": "V", "evidence": "a sponsor is named or shown"}
    """,
}


@pytest.fixture(autouse=True)
def own(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    for facet_id, text in DEFINITIONS.items():
        path = tmp_path / f"{facet_id}.yaml"
        path.write_text(text, encoding="utf-8")
        vocabulary.define(vocabulary.load_definition(path))
    yield tuple(DEFINITIONS)
    for facet_id in DEFINITIONS:
        vocabulary.forget(facet_id)


def by_model() -> Labelled:
    replies: list[Any] = [
        claim("subject.mascot", label="vulpes"),
        claim("subject.mascot", label="owl", place="shot 2", evidence=[{"quote": "Only $9.99 today"}]),
        claim("subject.mascot", label="wolf", place="shot 3"),
        claim("narr.sponsor_seconds", value=2.5, place=None, evidence=[{"quote": "how it works"}]),
        claim("narr.sponsor_seconds", value=-1, place=None),
    ]

    def reply(prompt: Any) -> Any:
        return {"labels": [one for one in replies if f"- {one['facet']}:" in prompt.question]}

    return label(BOARD, None, Saying(reply), facets=tuple(DEFINITIONS))


def test_the_model_is_told_what_the_file_says() -> None:
    tasks = {task.level: task for task in label_tasks(BOARD, Limits(), tuple(DEFINITIONS))}
    told = tasks["shot"].question
    assert "- subject.mascot: Which mascot of the brand is seen. the brand's mascot is in view" in told
    assert "fox: the red fox of the brand is in view; owl; no_mascot" in told
    assert "narr.sponsor_seconds" in tasks["video"].question
    assert any(facet.id == "subject.mascot" for task in label_tasks(BOARD, Limits()) for facet in task.facets)


def test_what_it_says_becomes_units_and_what_the_file_forbids_does_not() -> None:
    found = by_model()
    assert [(unit.label, unit.span) for unit in found.board.units(facet="subject.mascot")] == [
        ("fox", BOARD["s0"].span), ("owl", BOARD["s1"].span),
    ]  # fmt: skip
    assert [unit.value for unit in found.board.units(facet="narr.sponsor_seconds")] == [2.5]
    assert sorted(defect.kind for defect in found.defects) == ["unknown label", "value out of range"]
    assert not problems(found.board)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("When is the fox in view?", "mascot fox: from 0.00 to 1.60 s."),
        ("Which mascot is seen at 2 s?", "mascot: owl."),
        ("How many different mascots are there?", "2: fox, owl."),
        ("What are the sponsor seconds?", "sponsor seconds: 2.5 s."),
    ],
)
def test_it_is_asked_about_like_any_other(question: str, said: str) -> None:
    answer = Extractor(by_model().board).answer(question)
    assert (answer.text or "").startswith(said)
    assert answer.citations
    assert all(citation.verified for citation in answer.citations)


def test_it_is_matched_and_exported(tmp_path: Path) -> None:
    made = by_model().board
    assert score(made, made).score == 1
    assert score(BOARD, made).score < 1
    tables: dict[str, Any] = {"csv-units": made, "csv-shots": made, "jsonl-units": iter([made])}
    for name, given in tables.items():
        stream = io.BytesIO()
        exporters.get(name).make(given, stream)
        assert b"mascot" in stream.getvalue(), name
    write_report(made, tmp_path / "page.html")
    assert "subject.mascot" in (tmp_path / "page.html").read_text(encoding="utf-8")
    made.to_json(tmp_path / "made.sv6d.json")
    assert Storyboard.from_json(tmp_path / "made.sv6d.json") == made


def test_a_definition_is_checked(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("id: subject.pet\nlevel: shot\ntype: nom\nsource: V\ncolour: red\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"wrong.yaml: facet 'subject.pet' is not valid: .*evidence.*colour"):
        vocabulary.load_definition(wrong)
    again = vocabulary.facet("subject.mascot")
    with pytest.raises(DuplicateComponent, match="exists already"):
        vocabulary.define(again)
