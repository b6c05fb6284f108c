"""`sestina ask` on the command line: many videos and questions, follow-ups, links, settings, every kind of failure."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sestina.core import vocabulary
from sestina.core.storyboard import Storyboard
from tests.apps.shell import Ran, run
from tests.export.boards import board

Shell = Callable[..., Ran]
CUTS = "How many hard cuts are there?"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    monkeypatch.chdir(tmp_path)
    return lambda *words: run(capsys, monkeypatch, *words)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "clip.sv6d.json"
    board().to_json(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "many"
    inside.mkdir()
    for name in ("a", "b"):
        board().to_json(inside / f"{name}.sv6d.json")
    return inside


def test_an_answer_is_printed_with_what_it_rests_on(shell: Shell, document: Path) -> None:
    ran = shell("ask", document, CUTS)
    assert ran.code == 0
    assert "1: hard cuts." in ran.out
    assert "✓ 1.60-1.60 s t1 says edit.transition hard_cut" in ran.out


def test_nothing_answered_is_a_finding(shell: Shell, document: Path) -> None:
    ran = shell("ask", document, "Who is the president of France?")
    assert ran.code == 1
    assert "I cannot tell" in ran.out


def test_later_questions_follow_up(shell: Shell, document: Path) -> None:
    assert "hook: 1.60 s" in shell("ask", document, "When is the hook?", "and how long is it?").out


def test_the_json_is_a_list_of_answers(shell: Shell, document: Path) -> None:
    ran = shell("ask", document, CUTS, "Who is the president of France?", "--json")
    rows = json.loads(ran.out)
    assert [set(row) for row in rows] == [{"video", "question", "answer", "abstained", "citations", "usage"}] * 2
    assert rows[0]["video"] == str(document)
    assert rows[0]["citations"][0]["unit"] == "t1"
    assert rows[0]["citations"][0]["verified"] is True
    assert [row["abstained"] for row in rows] == [False, True]


def test_a_folder_is_asked_video_by_video(shell: Shell, folder: Path) -> None:
    ran = shell("ask", folder, CUTS, "--json")
    assert [Path(row["video"]).name for row in json.loads(ran.out)] == ["a.sv6d.json", "b.sv6d.json"]
    assert "a.sv6d.json 1: hard cuts." in shell("ask", folder, CUTS).out


def test_several_videos_stand_before_the_questions(shell: Shell, document: Path, folder: Path) -> None:
    rows = json.loads(shell("ask", document, folder / "a.sv6d.json", CUTS, "How long is the hook?", "--json").out)
    assert [(Path(row["video"]).name, row["question"]) for row in rows] == [
        ("clip.sv6d.json", CUTS), ("a.sv6d.json", CUTS),
        ("clip.sv6d.json", "How long is the hook?"), ("a.sv6d.json", "How long is the hook?"),
    ]  # fmt: skip


def test_questions_come_from_a_file(shell: Shell, document: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text(f"{CUTS}\n\n  When is the hook?  \n", encoding="utf-8")
    rows = json.loads(shell("ask", document, "--questions", asked, "--json").out)
    assert [row["question"] for row in rows] == [CUTS, "When is the hook?"]


@pytest.mark.parametrize("words", [["-"], ["--questions", "-"]])
def test_questions_come_from_stdin(
    shell: Shell, document: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CUTS}\n\nWhen is the hook?\n"))
    rows = json.loads(shell("ask", document, *words, "--json").out)
    assert [row["question"] for row in rows] == [CUTS, "When is the hook?"]


def test_answers_link_into_the_page(shell: Shell, document: Path, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "clip.html"
    ran = shell("ask", document, CUTS, "What does the text on screen say at 2 s?", "--report", page, "--json")
    first, second = json.loads(ran.out)
    assert first["citations"][0]["link"] == f"{page}#t1"
    assert second["citations"][0]["link"] == f"{page}#t=1.600"
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html")
    written = page.stat().st_mtime_ns
    assert f"{page}#t1" in shell("ask", document, CUTS, "--report", page).out
    assert page.stat().st_mtime_ns == written, "a page that is there is not written again"


def test_a_page_never_replaces_what_is_none(shell: Shell, document: Path) -> None:
    before = document.read_bytes()
    other = document.with_name("notes.txt")
    other.write_text("mine", encoding="utf-8")
    os.utime(other, (0, 0))
    ran = shell("ask", document, CUTS, "--report", other)
    assert ran.code == 2
    assert "is no page" in ran.err
    assert other.read_text(encoding="utf-8") == "mine"
    assert document.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("missing.mp4", None, 3, "missing.mp4"),
        ("missing.sv6d.json", None, 2, "sestina analyze"),
        ("text.mp4", b"no video at all", 3, "text.mp4"),
        ("broken.sv6d.json", b'{"media":', 2, "not JSON"),
        ("other.json", b'{"a": 1}', 2, "hint"),
        ("bytes.json", bytes(range(256)), 2, "not JSON"),
    ],
)
def test_what_cannot_be_asked_is_named(
    shell: Shell, tmp_path: Path, document: Path, name: str, content: bytes | None, code: int, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = shell("ask", tmp_path / name, CUTS)
    assert ran.code == code
    assert said in ran.err
    both = shell("ask", tmp_path / name, document, CUTS, "--json")
    rows = json.loads(both.out)
    assert both.code == code
    assert [set(row) >= {"video", "error"} for row in rows] == [True, False]
    assert rows[1]["answer"] == "1: hard cuts."


@pytest.mark.parametrize(
    "question", ["", " ", "?!", "\U0001f600" * 50, "x" * 200_000, "a\x00b", "[bold]x[/", "-5", "\u202e"]
)
def test_any_question_gets_an_answer_or_an_abstention(shell: Shell, document: Path, question: str) -> None:
    assert shell("ask", "--", document, question).code in (0, 1)


def test_no_question_says_how_to_ask(shell: Shell, document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    ran = shell("ask", document)
    assert ran.code == 2
    assert "no question" in ran.err


def test_a_folder_of_nothing_is_named(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert shell("ask", tmp_path / "empty", CUTS).code == 3


class TestSettings:
    def write(self, tmp_path: Path, text: str) -> Path:
        path = tmp_path / "sestina.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_the_file_above_names_the_model_and_a_flag_goes_before_it(
        self, shell: Shell, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.write(tmp_path, 'model = "nobody:here"\n')
        (tmp_path / "below").mkdir()
        monkeypatch.chdir(tmp_path / "below")
        ran = shell("ask", document, CUTS)
        assert ran.code == 2
        assert "unknown model 'nobody'" in ran.err
        assert "unknown model 'someone'" in shell("ask", document, CUTS, "--model", "someone").err

    def test_config_names_another(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        self.write(tmp_path, 'model = "nobody:here"\n')
        other = tmp_path / "other.toml"
        other.write_text("frames = 8\n", encoding="utf-8")
        assert shell("ask", document, CUTS, "--config", other).code == 0

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('modle = "http:x"', "nearest: model"),
            ("frames = 0", "frames is a number of at least 1, not 0"),
            ('frames = "8"', "frames is a number"),
            ("frames = true", "frames is a number"),
            ("model = 7", "model is a text in quotes"),
            ("model = ", "not TOML"),
            ('selector = "scedule"', "nearest: schedule"),
            ('facets = "a.yaml"', "facets is a list of files"),
            ('facets = ["nowhere.yaml"]', "nowhere.yaml"),
            ('[ask]\nmodel = "x"', "unknown setting"),
        ],
    )
    def test_what_is_wrong_in_it_is_named(
        self, shell: Shell, document: Path, tmp_path: Path, text: str, said: str
    ) -> None:
        self.write(tmp_path, text)
        for words in (("ask", document, CUTS), ("analyze", document.with_suffix(".mp4"))):
            ran = shell(*words)
            assert ran.code == 2
            assert said in ran.err

    def test_a_missing_config_is_named(self, shell: Shell, document: Path) -> None:
        assert "cannot read 'none.toml'" in shell("ask", document, CUTS, "--config", "none.toml").err


def test_asked_in_python(document: Path) -> None:
    import sestina

    one = sestina.ask(document, CUTS)
    assert one.text == "1: hard cuts."
    several = sestina.ask(Storyboard.from_json(document), ["When is the hook?", "and how long is it?"])
    assert [answer.text for answer in several] == [
        "narrative beat hook: from 0.00 to 1.60 s.", "narrative beat hook: 1.60 s, 32% of the video.",
    ]  # fmt: skip
    import sestina.answers.extract  # a room of that name must not hide the function

    assert callable(sestina.ask)


def test_a_facet_of_the_users_own_needs_a_model_and_a_good_definition(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "mascot.yaml"
    path.write_text("id: subject.mascot\nlevel: shot\ntype: nom\nlabels: [fox]\nsource: V\n", encoding="utf-8")
    ran = shell("analyze", "clip.mp4", "--facets", path)
    assert ran.code == 2
    assert "mascot.yaml: facet 'subject.mascot' is not valid" in ran.err
    path.write_text(path.read_text(encoding="utf-8") + "evidence: it is in view\n", encoding="utf-8")
    try:
        ran = shell("analyze", "clip.mp4", "--facets", path)
    finally:
        vocabulary.forget("subject.mascot")
    assert ran.code == 2
    assert "add --model" in ran.err
