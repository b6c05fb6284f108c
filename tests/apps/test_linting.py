"""`sestina lint`: exit codes, every format, and a clip on its whole way from script to findings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

from sestina.core.storyboard import Storyboard
from tests.apps.shell import Ran, run
from tests.report.lint.boards import UNDER, bare, clean, issue, overlay

Shell = Callable[..., Ran]
COVERED, LONG = clean(*overlay(UNDER, "100%, [bold]: x", "low")), clean(issue("too_long"))


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return lambda *words: run(capsys, monkeypatch, *words)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, Storyboard], Path]:
    """Write a storyboard into the test's folder."""

    def write(name: str, board: Storyboard) -> Path:
        board.to_json(tmp_path / name)
        return tmp_path / name

    return write


Written = Callable[[str, Storyboard], Path]


def test_clean_is_zero_and_says_so(shell: Shell, written: Written) -> None:
    ran = shell("lint", written("a.json", clean()))
    assert (ran.code, ran.out) == (0, "")
    assert "on tiktok_infeed (2026.11): nothing found" in ran.err


def test_a_table_for_people(shell: Shell, written: Written) -> None:
    ran = shell("lint", written("a.json", COVERED), "--profile", "tiktok")
    assert (ran.code, ran.out) == (1, "")
    for words in ("safe_area", "1.00-4.00", "“100%,", "[bold]:", "move it", "1 warning"):  # the table wraps its cells
        assert words in ran.err


@pytest.mark.parametrize(("least", "codes"), [("error", (0, 0, 0)), ("warning", (1, 0, 0)), ("open", (1, 1, 1))])
def test_the_severity_that_counts_is_chosen(shell: Shell, written: Written, least: str, codes: tuple[int, ...]) -> None:
    files = [written("a.json", COVERED), written("b.json", LONG), written("c.json", bare())]
    assert tuple(shell("lint", path, "--severity", least).code for path in files) == codes


def test_a_folder_is_all_its_storyboards(shell: Shell, written: Written, tmp_path: Path) -> None:
    written("b.sv6d.json", clean())
    written("a.sv6d.json", COVERED)
    written("other.json", clean())
    found = json.loads(shell("lint", tmp_path, "--format", "json").out)
    assert [Path(one["storyboard"]).name for one in found["files"]] == ["a.sv6d.json", "b.sv6d.json"]


def test_notes_count_where_notes_are_asked_for(shell: Shell, written: Written) -> None:
    assert shell("lint", written("b.json", LONG), "--severity", "note").code == 1


def test_json(shell: Shell, written: Written) -> None:
    ran = shell("lint", written("a.json", COVERED), written("b.json", clean()), "--format", "json")
    found = json.loads(ran.out)
    assert ran.code == 1
    assert found["profile"]["id"] == "tiktok_infeed"
    assert [len(one["findings"]) for one in found["files"]] == [1, 0]
    (one,) = found["files"][0]["findings"]
    assert (one["rule"], one["severity"], one["units"]) == ("safe_area", "warning", ["low"])
    assert one["region"] == UNDER.model_dump()


def test_sarif_of_several_files(shell: Shell, written: Written, tmp_path: Path) -> None:
    page = tmp_path / "lint.sarif"
    ran = shell("lint", written("a.json", COVERED), written("b.json", LONG), "--format", "sarif", "-o", page)
    assert (ran.code, ran.out) == (1, "")
    log = json.loads(page.read_text(encoding="utf-8"))
    Log.model_validate(log)
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["safe_area", "readability-minor"]


def test_annotations_are_escaped(shell: Shell, written: Written) -> None:
    (line,) = shell("lint", written("a,b.json", COVERED), "--format", "github").out.splitlines()
    assert line.startswith("::warning file=")
    assert "a%2Cb.json,line=" in line
    assert "title=safe_area::1.000-4.000 s: “100%25, [bold]: x” lies to 100%25" in line


def test_text_in_a_file_has_no_colours(shell: Shell, written: Written, tmp_path: Path) -> None:
    shell("lint", written("a.json", COVERED), "-o", tmp_path / "found.txt")
    text = (tmp_path / "found.txt").read_text(encoding="utf-8")
    assert "lies to 100% under the caption block" in text
    assert "\x1b" not in text


def test_twice_is_the_same(shell: Shell, written: Written) -> None:
    path = written("a.json", COVERED)
    assert shell("lint", path, "--format", "sarif").out == shell("lint", path, "--format", "sarif").out


def test_profiles_are_listed(shell: Shell) -> None:
    assert "tiktok_infeed" in shell("lint", "--profile", "list").err
    listed = json.loads(shell("lint", "--profile", "list", "--format", "json").out)
    assert {"reels", "shorts"} < {item["id"] for item in listed}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("none.json",), 2, "cannot read"),
        ((), 2, "give one or more storyboards"),
        (("{folder}",), 2, "holds no .sv6d.json file"),
        (("{bad}",), 2, "bad.json"),
        (("{good}", "--profile", "tictok"), 2, "nearest: tiktok"),
        (("{good}", "-o", "{folder}/no/such/place"), 2, "cannot write"),
        (("{good}", "--format", "xml"), 2, "xml"),
    ],
)
def test_bad_use_is_said(
    shell: Shell, written: Written, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    written("good.json", clean())
    (tmp_path / "bad.json").write_text('{"sv6d": "1.0", "units": [')
    places = {"bad": tmp_path / "bad.json", "good": tmp_path / "good.json", "folder": tmp_path}
    ran = shell("lint", *(word.format(**places) for word in words))
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.slow
def test_a_clip_on_its_whole_way(shell: Shell, tmp_path: Path) -> None:
    """A price under the caption block, too brief to be read, after a second of black: rendered, analyzed, linted."""
    sketch = {
        "sv6d": "1.0", "seed": 3, "media": {"width": 360, "height": 640, "rate": "30", "duration_s": 4},
        "units": [
            {"facet": "edit.shot", "span": [0, 4]},
            {"facet": "edit.transition", "label": "fade_in", "span": [0, 1]},
            {"facet": "diss.overlay.kind", "label": "price_tag", "text": "$9.99", "span": [1.5, 3.5],
             "box": [0.1, 0.85, 0.8, 0.08]},
        ],
    }  # fmt: skip
    (tmp_path / "s.json").write_text(json.dumps(sketch))
    shell("render", tmp_path / "s.json", "-o", tmp_path / "c.mp4")
    shell("analyze", tmp_path / "c.mp4", "-o", tmp_path / "c.sv6d.json")
    ran = shell("lint", tmp_path / "c.sv6d.json", "--format", "json")
    found = {one["rule"]: one for one in json.loads(ran.out)["files"][0]["findings"]}
    assert ran.code == 1
    assert {"safe_area", "disclosure", "silent_start"} <= set(found)
    assert "$9.99" in found["safe_area"]["message"]
    assert [one for one in found.values() if one["severity"] == "open"] == []
    board = Storyboard.from_json(tmp_path / "c.sv6d.json")
    assert all(board[unit] for one in found.values() for unit in one["units"])
