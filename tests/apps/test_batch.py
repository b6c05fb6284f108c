"""Many files at the same time: all of them get an outcome, however many there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sestina.apps.batch import RENEWED, Job, run_all
from sestina.core.errors import OpenError


@pytest.mark.slow
def test_more_files_than_two_processes_are_kept_for(tmp_path: Path) -> None:
    """Every file is missing, which is quickly found out; what counts is that the run comes to its end."""
    jobs = [Job(source=str(tmp_path / f"{k}.mp4"), target=tmp_path / f"{k}.json") for k in range(2 * RENEWED + 3)]
    outcomes = list(run_all(jobs, workers=2))
    assert {outcome.job.source for outcome in outcomes} == {job.source for job in jobs}
    assert all(isinstance(outcome.error, OpenError) for outcome in outcomes)
