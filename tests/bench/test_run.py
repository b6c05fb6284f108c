"""Runs over tiny cases: complete, resumed, in processes, killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sestina.bench.cases import GivenCase, RealCase, split, splits
from sestina.bench.log import read_log
from sestina.bench.run import RENEWED, run
from sestina.bench.stats import rows
from sestina.core.errors import UnknownComponent
from tests.bench.cases import cases, plan
from tests.house.source import ROOT

KILLS = 20

SLOWLY = """
import sys, time
from pathlib import Path
from sestina.bench.answerers.oracle import Oracle
from sestina.bench.run import run
from tests.bench.cases import cases, plan

answer = Oracle.answer
def slow(self, question, video):
    time.sleep(0.004)
    return answer(self, question, video)
Oracle.answer = slow
folder = Path(sys.argv[1])
given = cases(folder, 8)
print("ready", flush=True)
run(plan(folder), given, folder / "run.jsonl")
print("done", flush=True)
"""


def table(path: Path) -> str:
    return json.dumps([row.to_dict() for row in rows(read_log(path))])


def test_a_run_asks_every_sample_once(tmp_path: Path) -> None:
    found = run(plan(tmp_path), cases(tmp_path, 4), tmp_path / "run.jsonl")
    tasks = {record["task"] for record in found.records}
    assert len(tasks) == 9
    assert all(row.scored is not None and row.scored.mean == 1 for row in rows(found))
    assert {"version", "packages", "commit", "machine", "seed", "settings"} <= set(found.header)
    again = run(plan(tmp_path), cases(tmp_path, 4), tmp_path / "run.jsonl")
    assert again.records == found.records


@pytest.mark.slow
def test_a_run_outlives_its_processes(tmp_path: Path) -> None:
    """More videos than two processes are kept for."""
    count = 2 * RENEWED + 1
    found = run(plan(tmp_path, tasks=("feedbench.beats",)), cases(tmp_path, count), tmp_path / "run.jsonl", jobs=2)
    assert len({record["video"] for record in found.records}) == count


def test_a_run_can_grow(tmp_path: Path) -> None:
    run(plan(tmp_path), cases(tmp_path, 2), tmp_path / "grown.jsonl")
    grown = run(plan(tmp_path), cases(tmp_path, 4), tmp_path / "grown.jsonl")
    run(plan(tmp_path), cases(tmp_path, 4), tmp_path / "whole.jsonl")
    assert table(tmp_path / "grown.jsonl") == table(tmp_path / "whole.jsonl")
    assert len({record["video"] for record in grown.records}) == 4


def test_processes_make_the_same_table(tmp_path: Path) -> None:
    run(plan(tmp_path), cases(tmp_path, 4), tmp_path / "one.jsonl")
    run(plan(tmp_path), cases(tmp_path, 4), tmp_path / "two.jsonl", jobs=2)
    assert table(tmp_path / "one.jsonl") == table(tmp_path / "two.jsonl")


def test_a_missing_clip_is_unscored_and_named(tmp_path: Path) -> None:
    found = run(plan(tmp_path, "signals"), cases(tmp_path, 1), tmp_path / "run.jsonl")
    assert {record["status"] for record in found.records} == {"unscored"}
    assert all("clip is missing" in record["score"]["reason"] for record in found.records)


def test_a_file_that_cannot_be_read_is_a_failed_sample(tmp_path: Path) -> None:
    broken = tmp_path / "clip.mp4"
    broken.write_bytes(b"no video")
    given = [GivenCase(id=one.id, gold=one.gold, video=broken) for one in cases(tmp_path, 1)]
    found = run(plan(tmp_path, "signals", tasks=("boundaries",)), given, tmp_path / "run.jsonl")
    assert [record["status"] for record in found.records] == ["failed"]
    assert "Error" in found.records[0]["answer"]["error"]


def test_a_broken_case_is_named_and_tried_again(tmp_path: Path) -> None:
    good, bad = cases(tmp_path, 2)
    gold = bad.gold.read_bytes()
    bad.gold.write_bytes(gold[:100])
    found = run(plan(tmp_path), [good, bad], tmp_path / "run.jsonl")
    assert list(found.broken) == [bad.id]
    assert {record["video"] for record in found.records} == {good.id}
    bad.gold.write_bytes(gold)
    mended = run(plan(tmp_path), [good, bad], tmp_path / "run.jsonl")
    assert mended.broken == {}
    assert {record["video"] for record in mended.records} == {good.id, bad.id}


def test_tasks_are_chosen_by_short_name(tmp_path: Path) -> None:
    assert plan(tmp_path, tasks=("qa", "feedbench.hook")).names == ("feedbench.hook", "feedbench.qa")
    with pytest.raises(UnknownComponent):
        _ = plan(tmp_path, tasks=("hoook",)).names


def test_splits_are_disjoint_and_large_enough() -> None:
    assert splits() == ("rendered-dev", "rendered-test", "real")
    dev, test = ({case.id for case in split(name)} for name in ("rendered-dev", "rendered-test"))
    assert not dev & test
    assert len(test) >= 200
    with pytest.raises(UnknownComponent):
        split("rendered-train")


def test_a_real_clip_must_be_the_published_file(tmp_path: Path) -> None:
    case = split("real", tmp_path)[0]
    assert "is not in" in case.open(tmp_path).missing
    gold = case.open(tmp_path).gold
    (tmp_path / gold.media.name).write_bytes(b"another film")
    clip = case.open(tmp_path)
    assert (clip.video, "not the published file" in clip.missing) == (None, True)
    assert RealCase(id=case.id, folder=None).open(tmp_path).video is None


@pytest.mark.slow
def test_killed_twenty_times_the_table_is_the_same(tmp_path: Path) -> None:
    """A real process, killed at random moments; what it logged stands, nothing is counted twice."""
    run(plan(tmp_path), cases(tmp_path, 8), tmp_path / "whole.jsonl")
    rng = random.Random(7)
    kills = 0
    for _ in range(200):
        if kills == KILLS:
            break
        with slowly(tmp_path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(rng.uniform(0.0, 0.06))
            os.kill(process.pid, signal.SIGKILL)
        kills += process.returncode == -signal.SIGKILL
    assert kills == KILLS
    with slowly(tmp_path) as last:
        assert last.communicate()[0].endswith("done\n")
    assert table(tmp_path / "run.jsonl") == table(tmp_path / "whole.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    keys = [(line["task"], line["id"]) for line in lines if line["type"] == "sample"]
    assert len(keys) == len(set(keys))


def slowly(folder: Path) -> subprocess.Popen[str]:
    """Start a run of the oracle that takes a few milliseconds a sample."""
    command = [sys.executable, "-c", SLOWLY, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
