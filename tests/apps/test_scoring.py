"""Scores, differences and agreement on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sestina.core.storyboard import Storyboard
from tests.apps.shell import Ran, run
from tests.objective.boards import board, say

Shell = Callable[..., Ran]
GOLD = board(say("edit.shot", 0, 8, "shot"), say("edit.shot", 8, 20, "shot"), say("camera.scale", 0, 8, "MS"))
PRED = board(say("edit.shot", 0, 9, "shot"), say("edit.shot", 9, 20, "shot"), say("camera.scale", 0, 8, "ECU"))


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return lambda *words: run(capsys, monkeypatch, *words)


def written(folder: Path, name: str, storyboard: Storyboard) -> Path:
    """Write a document."""
    folder.mkdir(exist_ok=True)
    storyboard.to_json(folder / name)
    return folder / name


class TestScore:
    def test_a_table_for_people(self, shell: Shell, tmp_path: Path) -> None:
        ran = shell("score", written(tmp_path, "p.json", PRED), written(tmp_path, "g.json", GOLD))
        assert (ran.code, ran.out) == (0, "")
        for word in ("score 0.", "editing", "camera.scale", "ECU", "time 1.00"):
            assert word in ran.err

    def test_every_unit(self, shell: Shell, tmp_path: Path) -> None:
        pred = board(*PRED.items[:2], say("camera.scale", 12, 15, "MS"))
        ran = shell("score", written(tmp_path, "p.json", pred), written(tmp_path, "g.json", GOLD), "--by", "unit")
        assert ran.err.count("nobody") == 2

    def test_json(self, shell: Shell, tmp_path: Path) -> None:
        files = (written(tmp_path, "p.json", GOLD), written(tmp_path, "g.json", GOLD))
        found = json.loads(shell("score", *files, "--json").out)
        assert (found["score"], found["facets"]["edit.shot"]["gold"]) == (1, 2)

    def test_some_facets(self, shell: Shell, tmp_path: Path) -> None:
        files = (written(tmp_path, "p.json", PRED), written(tmp_path, "g.json", GOLD))
        found = json.loads(shell("score", *files, "--facets", "camera., edit.transition", "--json").out)
        assert list(found["facets"]) == ["camera.scale"]

    def test_a_facet_that_is_none(self, shell: Shell, tmp_path: Path) -> None:
        files = (written(tmp_path, "p.json", PRED), written(tmp_path, "g.json", GOLD))
        ran = shell("score", *files, "--facets", "camera.scales")
        assert ran.code == 2
        assert "camera.scale" in ran.err

    def test_a_damaged_prediction_scores(self, shell: Shell, tmp_path: Path) -> None:
        broken = tmp_path / "p.json"
        broken.write_bytes(b'{"sv6d": "1.0", "units": [{]')
        ran = shell("score", broken, written(tmp_path, "g.json", GOLD))
        assert ran.code == 0
        assert "could not be read" in ran.err

    def test_a_damaged_gold_is_an_error(self, shell: Shell, tmp_path: Path) -> None:
        broken = tmp_path / "g.json"
        broken.write_text("{")
        ran = shell("score", written(tmp_path, "p.json", PRED), broken)
        assert ran.code == 2
        assert "g.json" in ran.err

    def test_a_missing_file_is_an_error_with_a_hint(self, shell: Shell, tmp_path: Path) -> None:
        ran = shell("score", tmp_path / "none.json", tmp_path / "g.json")
        assert ran.code == 2
        assert "hint" in ran.err


class TestDiff:
    def test_same(self, shell: Shell, tmp_path: Path) -> None:
        ran = shell("diff", written(tmp_path, "a.json", GOLD), written(tmp_path, "b.json", GOLD))
        assert ran.code == 0
        assert "3 units are the same" in ran.err

    def test_different(self, shell: Shell, tmp_path: Path) -> None:
        ran = shell("diff", written(tmp_path, "a.json", GOLD), written(tmp_path, "b.json", PRED))
        assert ran.code == 1
        assert "relabelled" in ran.err
        assert "0.000-9.000" in ran.err

    def test_json(self, shell: Shell, tmp_path: Path) -> None:
        ran = shell("diff", written(tmp_path, "a.json", GOLD), written(tmp_path, "b.json", PRED), "--json")
        assert json.loads(ran.out)["counts"] == {"moved": 2, "relabelled": 1}


class TestAgreement:
    def test_folders(self, shell: Shell, tmp_path: Path) -> None:
        for name, other in (("one.json", GOLD), ("two.json", PRED)):
            written(tmp_path / "a", name, GOLD)
            written(tmp_path / "b", name, other)
        written(tmp_path / "b", "alone.json", GOLD)
        found = json.loads(shell("agreement", tmp_path / "a", tmp_path / "b", "--json").out)
        assert found["files"] == ["one.json", "two.json"]
        assert found["pairs"][0] == 1 > found["pairs"][1]
        ran = shell("agreement", tmp_path / "a", tmp_path / "b")
        assert "over 2 pair(s)" in ran.err

    def test_folders_that_share_nothing(self, shell: Shell, tmp_path: Path) -> None:
        written(tmp_path / "a", "one.json", GOLD)
        written(tmp_path / "b", "two.json", GOLD)
        for words in ((tmp_path / "a", tmp_path / "b"), (tmp_path / "a", tmp_path / "none")):
            ran = shell("agreement", *words)
            assert ran.code == 2
            assert "hint" in ran.err
