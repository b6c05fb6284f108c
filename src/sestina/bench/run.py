"""A run: every sample of a split is asked, answered, scored and logged, once, whatever happens in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sestina.bench.cases import Case, Clip
from sestina.bench.log import Key, Record, Run, RunLog, read_log
from sestina.bench.machine import commit, machine, source_digest, versions
from sestina.bench.prior import Prior
from sestina.bench.setting import Setting
from sestina.core.errors import SestinaError, unknown
from sestina.core.evidence import FrameEvidence, FramePairEvidence
from sestina.core.exchange import Answer
from sestina.core.registry import answerers, tasks
from sestina.core.roles import Answerer, Task
from sestina.core.storyboard import Storyboard, digest
from sestina.core.task import Sample, Score, unscored
from sestina.pipeline.analyze import program_version
from sestina.tasks.feedbench.choices import Counts

BENCH = "feedbench"
RENEWED = 8
"""Videos a worker process is kept for, so that what libraries do not give back cannot pile up. Whole pools are renewed:
one that renews its processes by `max_tasks_per_child` can wait for ever (CPython issue 115634, Python 3.11)."""
Progress = Callable[[str, float, float], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be run.

    Args:
        answerer: name of who answers.
        split: name of the split.
        tasks: names of the tasks; empty means all of them.
        seed: of the questions and of whatever the answerer draws.
        skip: what the analyzer leaves out.
        cache: folder of rendered clips and analyses.
        prior: averages of the dev split.
        questions: how often labels occur where this split comes from; None takes the prior's.
    """

    answerer: str
    split: str
    cache: Path
    prior: Prior
    tasks: tuple[str, ...] = ()
    seed: int = 0
    skip: tuple[str, ...] = ()
    questions: Counts | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The tasks by full name, in order. Raises UnknownComponent."""
        every = tuple(name for name in tasks.names() if name.startswith(f"{BENCH}."))
        wanted = tuple(name if name in every else f"{BENCH}.{name}" for name in self.tasks)
        for name in wanted:
            if name not in every:
                raise unknown("task", name, every)
        return tuple(name for name in every if not wanted or name in wanted)

    def header(self) -> dict[str, Any]:
        """Return what a log says of the run before its first sample."""
        return {
            "bench": BENCH, "answerer": self.answerer, "split": self.split, "seed": self.seed,
            "settings": {"skip": list(self.skip)}, "data": self._data(), "version": program_version(),
            "packages": versions(), "commit": commit(), "machine": machine(),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
        }  # fmt: skip

    @property
    def counts(self) -> Counts:
        """How often labels occur where this split comes from."""
        return self.questions if self.questions is not None else self.prior.questions

    def _data(self) -> dict[str, str]:
        """Return digests of what the questions, the gold and the scores come from: other ones make another run."""
        rendered = self.split.startswith("rendered")
        return {
            "questions": digest(self.counts), "scoring": source_digest("tasks", "objective"),
            "gold": source_digest("render") if rendered else source_digest("tasks/feedbench/real"),
        }  # fmt: skip


class Desk:
    """Where cases are worked on: one answerer, kept while it lasts."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.setting = Setting(prior=plan.prior, cache=plan.cache, seed=plan.seed, skip=plan.skip)
        self.answerer: Answerer = answerers.get(plan.answerer).make(self.setting)

    def records(self, case: Case, done: frozenset[Key]) -> Iterator[Record]:
        """Yield the record of every sample of a case that is not done yet, or that the case is broken."""
        try:
            clip = case.open(self.plan.cache)
        except SestinaError as error:
            yield {"type": "broken", "video": case.id, "error": f"{type(error).__name__}: {error}"}
            return
        self.setting.golds[case.id] = clip.gold
        for name in self.plan.names:
            task: Task = tasks.get(name).make({case.id: clip.gold}, seed=self.plan.seed, counts=self.plan.counts)
            for sample in task.samples():
                asked = bool(sample.question.options) or not self.answerer.only_choices
                if asked and (sample.task, sample.id) not in done:
                    yield self._record(task, sample, clip)
        del self.setting.golds[case.id]

    def _record(self, task: Task, sample: Sample, clip: Clip) -> Record:
        began = time.perf_counter()
        if clip.video is None and self.answerer.sees:
            answer, score = Answer(), unscored(f"the clip is missing: {clip.missing}")
        else:
            answer = self._answer(sample, clip)
            score = task.score(sample, answer)
        wall_s = round(time.perf_counter() - began, 3)
        return as_record(sample, answer, score) | {"wall_s": wall_s}

    def _answer(self, sample: Sample, clip: Clip) -> Answer:
        try:
            return self.answerer.answer(sample.question, clip.video)
        except SestinaError as error:
            return Answer(error=f"{type(error).__name__}: {error}")


def as_record(sample: Sample, answer: Answer, score: Score) -> Record:
    """Return the log's record of one sample; it is scored, unscored or failed."""
    question = sample.question
    status = "failed" if answer.error is not None else "unscored" if score.value is None else "scored"
    return {
        "type": "sample", "task": sample.task, "id": sample.id, "video": sample.video, "group": sample.group,
        "status": status, "score": score.to_dict(), "prompt": question.prompt, "facets": list(question.facets),
        "span_s": None if question.span is None else [question.span.start_s, question.span.end_s],
        "options": list(question.options), "key": sample.key, "answer": answer.to_dict(),
        "cited": cited(answer.storyboard, sample), "usage": dict(answer.usage),
    }  # fmt: skip


def cited(board: Storyboard | None, sample: Sample) -> dict[str, list[int]]:
    """Return the PTS, and the indices, of all frames that the answer's units of the asked facets cite."""
    units = [] if board is None else [unit for facet in sample.question.facets for unit in board.units(facet=facet)]
    items = [item for unit in units for item in unit.evidence]
    ticks = {item.pts for item in items if isinstance(item, FrameEvidence) and item.pts is not None}
    ticks |= {pts for item in items if isinstance(item, FramePairEvidence) for pts in item.pts or ()}
    found = sorted(ticks)
    table = sample.gold.media.frame_table() if found else None
    if table is None:
        return {}
    indices = [int(index) for index in table.pts.searchsorted(found)]
    return {"pts": found, "frames": indices}


def run(
    plan: Plan, cases: Sequence[Case], path: Path, *, jobs: int = 1, progress: Progress = lambda *_: None
) -> Run:
    """Answer what the log at `path` does not hold yet, and return all that it holds then.

    Args:
        plan: who answers what.
        cases: the videos.
        path: the log, made unless it is there.
        jobs: videos at the same time, each in a process of its own.
        progress: called with ("videos", done, total).

    Raises SestinaError when the log belongs to another run; what is logged stays.
    """
    with RunLog(path, plan.header()) as log:
        work = _here if jobs == 1 else _beside
        for count, records in enumerate(work(plan, cases, log.done, jobs), 1):
            for record in records:
                log.append(record)
            progress("videos", count, len(cases))
    return read_log(path)


def _here(plan: Plan, cases: Sequence[Case], done: frozenset[Key], jobs: int) -> Iterator[Iterator[Record]]:
    desk = Desk(plan)
    return (desk.records(case, done) for case in cases)


def _beside(plan: Plan, cases: Sequence[Case], done: frozenset[Key], jobs: int) -> Iterator[list[Record]]:
    for first in range(0, len(cases), jobs * RENEWED):
        yield from _round(plan, cases[first : first + jobs * RENEWED], done, jobs)


def _round(plan: Plan, cases: Sequence[Case], done: frozenset[Key], jobs: int) -> Iterator[list[Record]]:
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_sit_down, initargs=(plan,)) as pool:
        futures = {pool.submit(_work, case, _of(case, done)): case for case in cases}
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            hint = "run the same command again to go on; with --jobs 1 it shows which clip it was"
            raise SestinaError("a worker process died", hint=hint) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _of(case: Case, done: frozenset[Key]) -> frozenset[Key]:
    """Return the keys of one case: a sample's id begins with its video's."""
    return frozenset(name for name in done if name[1] == case.id or name[1].startswith(f"{case.id}/"))


_desks: list[Desk] = []
"""The desk of a worker process."""


def _sit_down(plan: Plan) -> None:
    _desks[:] = [Desk(plan)]


def _work(case: Case, done: frozenset[Key]) -> list[Record]:
    return list(_desks[0].records(case, done))
