"""The log: appended, torn, damaged, locked, continued."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sestina.bench.log import RunLog, read_log
from sestina.core.errors import DocumentError, SestinaError

HEADER = {"bench": "feedbench", "answerer": "oracle", "split": "given", "seed": 0, "settings": {}, "version": "1"}


def sample(name: str) -> dict[str, Any]:
    return {"type": "sample", "task": "t", "id": name, "video": name, "status": "scored", "score": {"value": 1.0}}


def written(path: Path, *names: str) -> bytes:
    with RunLog(path, HEADER) as log:
        for name in names:
            log.append(sample(name))
    return path.read_bytes()


def test_a_log_is_read_in_order_of_sample(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    written(path, "b", "a")
    run = read_log(path)
    assert [record["id"] for record in run.records] == ["a", "b"]
    assert run.header["answerer"] == "oracle"
    assert not run.torn


def test_a_log_cut_anywhere_goes_on_without_loss(tmp_path: Path) -> None:
    """Whatever byte a kill stops at, whole lines stand, and the run that goes on completes the log."""
    whole = written(tmp_path / "whole.jsonl", "a", "b", "c")
    for length in range(len(whole)):
        path = tmp_path / "cut.jsonl"
        path.write_bytes(whole[:length])
        with RunLog(path, HEADER) as log:
            done = {name for _, name in log.done}
            assert done == set("abc"[: max(0, whole[:length].count(b"\n") - 1)])
            for name in "abc":
                if name not in done:
                    log.append(sample(name))
        assert [record["id"] for record in read_log(path).records] == ["a", "b", "c"]


def test_a_torn_line_is_told_by_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(written(path, "a") + b'{"type": "sam')
    run = read_log(path)
    assert run.torn
    assert len(run.records) == 1


def test_a_sample_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    written(path, "a", "a")
    assert len(read_log(path).records) == 1


def test_damage_before_the_end_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    lines = written(path, "a", "b").splitlines(keepends=True)
    path.write_bytes(lines[0] + b"{broken\n" + lines[2])
    with pytest.raises(DocumentError, match="line 2 is damaged"):
        read_log(path)


def test_another_run_does_not_write_into_it(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    before = written(path, "a")
    other = HEADER | {"answerer": "signals"}
    with pytest.raises(SestinaError, match="answerer 'oracle', now 'signals'"), RunLog(path, other):
        pass
    assert path.read_bytes() == before


def test_two_processes_do_not_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with RunLog(path, HEADER), pytest.raises(SestinaError, match="another process"), RunLog(path, HEADER):
        pass


@pytest.mark.parametrize("text", ["", "[]\n", "{}\n", json.dumps({"type": "header", "schema": "other"}) + "\n"])
def test_what_is_no_log_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text)
    with pytest.raises(DocumentError):
        read_log(path)


def test_a_missing_log_is_named(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="cannot read"):
        read_log(tmp_path / "none.jsonl")


def test_every_commit_that_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    for commit in ("abc", "def", "abc"):
        with RunLog(path, {**HEADER, "commit": commit}):
            pass
    assert read_log(path).commits == ("abc", "def")
