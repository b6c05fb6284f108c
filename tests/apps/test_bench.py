"""`sestina bench` on the command line: run, go on, show, compare, and everything that can be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.apps.shell import Ran, run

Shell = Callable[..., Ran]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.delenv("SESTINA_CLIPS", raising=False)
    return lambda *words: run(capsys, monkeypatch, *words)


@pytest.fixture
def bench(shell: Shell, tmp_path: Path) -> Shell:
    """Run the real split, whose golds need no clip, with the cache in a folder of the test."""
    return lambda *words: shell("bench", "run", "feedbench", "--split", "real", "--cache", tmp_path / "cache", *words)


def test_the_oracle_scores_one_everywhere(bench: Shell, tmp_path: Path) -> None:
    ran = bench("--answerer", "oracle", "--limit", 3, "-o", tmp_path / "run.jsonl", "--json")
    assert ran.code == 0
    (found,) = json.loads(ran.out)
    assert {task["scored"]["mean"] for task in found["tasks"]} == {1.0}
    assert found["header"]["answerer"] == "oracle"


def test_a_run_goes_on_where_it_stopped(bench: Shell, shell: Shell, tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    bench("--answerer", "oracle", "--limit", 1, "-o", log)
    before = log.read_bytes()
    log.write_bytes(before[:-20])
    ran = bench("--answerer", "oracle", "--limit", 2, "-o", log)
    assert ran.code == 0
    assert "of 2 videos" in ran.err
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    keys = [(line["task"], line["id"]) for line in lines if line["type"] == "sample"]
    assert len(keys) == len(set(keys))


def test_missing_clips_are_named_and_unscored(bench: Shell, tmp_path: Path) -> None:
    ran = bench("--answerer", "signals", "--limit", 2, "--tasks", "camera", "-o", tmp_path / "run.jsonl")
    assert ran.code == 0
    assert "2 unscored" in ran.err
    assert "2 clips are missing" in ran.err


def test_runs_are_shown_side_by_side_and_compared(bench: Shell, shell: Shell, tmp_path: Path) -> None:
    logs = [tmp_path / f"{name}.jsonl" for name in ("oracle", "blind")]
    for log in logs:
        bench("--answerer", log.stem, "--limit", 4, "-o", log)
    shown = shell("bench", "show", *logs, "--markdown")
    assert shown.out.startswith("| task | oracle on real | blind on real |\n|---|--:|--:|\n")
    assert "| beats | 1.000" in shown.out
    assert "qa: chance" in shown.out
    detailed = shell("bench", "show", logs[0], "--details", "--markdown")
    assert "| · cuts@1f.f1 (pooled) | 1.000 |" in detailed.out
    assert "| · type_accuracy | 1.000 |" in detailed.out
    compared = shell("bench", "compare", *logs, "--json")
    found = {one["task"]: one for one in json.loads(compared.out)}
    assert found["feedbench.beats"]["difference"] is None
    assert found["feedbench.beats"]["alone"] > 0
    assert found["feedbench.qa"]["difference"]["mean"] < 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--answerer", "oracel"), "unknown answerer 'oracel'"),
        (("--tasks", "hoook"), "unknown task 'feedbench.hoook'"),
        (("--split", "real2"), "unknown split 'real2'"),
    ],
)
def test_wrong_names_are_usage_errors(bench: Shell, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = bench("-o", tmp_path / "run.jsonl", *words)
    assert ran.code == 2
    assert said in ran.err
    assert "nearest" in ran.err
    assert not (tmp_path / "run.jsonl").exists()


def test_another_benchmark_is_unknown(shell: Shell) -> None:
    ran = shell("bench", "run", "videomme")
    assert (ran.code, "unknown benchmark 'videomme'" in ran.err) == (2, True)


def test_a_log_of_another_run_is_left_alone(bench: Shell, tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    bench("--answerer", "oracle", "--limit", 1, "-o", log)
    before = log.read_bytes()
    ran = bench("--answerer", "blind", "--limit", 1, "-o", log)
    assert ran.code == 2
    assert "log of another run" in ran.err
    assert log.read_bytes() == before


def test_what_is_no_log_is_an_error(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("hello\n")
    for path in (tmp_path / "x.jsonl", tmp_path / "none.jsonl", tmp_path):
        ran = shell("bench", "show", path)
        assert ran.code == 2
        assert "error" in ran.err
