"""Many files: one storyboard each, resumable, and one bad file never stops the rest."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sestina.core.errors import DocumentError, OpenError, SestinaError
from sestina.core.storyboard import Storyboard
from sestina.media.source import resolve
from sestina.pipeline.analyze import measure
from sestina.pipeline.sweep import Progress, silent

SUFFIXES = frozenset((
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".m2ts", ".mts", ".wmv", ".flv", ".ogv",
    ".3gp", ".gif", ".mxf", ".vob",
))  # fmt: skip
"""File names a directory is searched for."""
DOCUMENT = ".sv6d.json"
RENEWED = 8
"""Files a process is kept for, so that what libraries do not give back cannot pile up. Whole pools are renewed: one
that renews its processes by `max_tasks_per_child` can wait for ever (CPython issue 115634, Python 3.11)."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One file to analyze.

    Args:
        source: path or URL.
        target: where the document goes.
        report: where the HTML page goes, or None.
        only: see `analyze`.
        skip: see `analyze`.
        allow_url: see `analyze`.
        force: analyze again even when `target` is up to date.
    """

    source: str
    target: Path
    report: Path | None = None
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    allow_url: bool = False
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a job: the document's path, or what went wrong."""

    job: Job
    fresh: bool = False
    error: SestinaError | None = None


def is_url(word: str) -> bool:
    """Return whether `word` is an http(s) URL."""
    return word.lower().startswith(("http://", "https://"))


def expand(words: Sequence[str]) -> list[str]:
    """Return the files that `words` stand for: files and URLs as they are, directories searched, globs expanded.

    Raises OpenError when a directory holds no video or a glob matches nothing.
    """
    found: dict[str, None] = {}
    for word in words:
        found.update(dict.fromkeys([word] if is_url(word) else _files(word)))
    return list(found)


def _files(word: str) -> list[str]:
    path = Path(word)
    if path.is_dir():
        inside = sorted(str(p) for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        if not inside:
            raise OpenError(f"no video in the directory {word!r}", hint=f"known endings: {' '.join(sorted(SUFFIXES))}")
        return inside
    if not path.exists() and glob.has_magic(word):
        matched = sorted(glob.glob(word, recursive=True))
        if not matched:
            raise OpenError(f"nothing matches {word!r}", hint="quote the pattern, and check the folder")
        return matched
    return [word]


def targets(sources: Sequence[str], output: Path | None, *, many: bool) -> list[Path]:
    """Return where each document goes.

    Without `output`, beside its video (a URL's in the working directory); with one, that file, or inside that
    directory when there are many. Videos that share a stem keep their ending: `a.mov.sv6d.json`.
    """
    if output is not None and not many:
        return [output]
    stems = Counter((str(_folder(s, output)), Path(s).stem) for s in sources)
    names = []
    for source in sources:
        folder, path = _folder(source, output), Path(source.split("?", 1)[0])
        shared = stems[str(folder), path.stem] > 1
        names.append(folder / f"{path.name if shared else path.stem}{DOCUMENT}")
    return names


def _folder(source: str, output: Path | None) -> Path:
    return output if output is not None else Path() if is_url(source) else Path(source).parent


def is_current(job: Job) -> bool:
    """Return whether the job's document exists, is whole, and was made from these bytes with these settings."""
    if job.force or is_url(job.source) or not job.target.exists():
        return False
    try:
        board = Storyboard.from_json(job.target)
    except DocumentError:
        return False
    settings = {"only": sorted(job.only), "skip": sorted(job.skip)}
    same = board.provenance.settings == settings and board.media.sha256 == resolve(job.source).sha256
    return same and (job.report is None or job.report.exists())


def run(job: Job, progress: Progress = silent) -> Outcome:
    """Do one job and return its outcome; errors of ours become part of it. KeyboardInterrupt passes through."""
    try:
        if is_current(job):
            return Outcome(job=job)
        analysis = measure(job.source, only=job.only, skip=job.skip, allow_url=job.allow_url, progress=progress)
        board = analysis.save(job.target)
        if job.report is not None:
            from sestina.report.page import write_report

            write_report(board, job.report, video=job.source, tracks=analysis.tracks)
        return Outcome(job=job, fresh=True)
    except SestinaError as error:
        return Outcome(job=job, error=error)


def run_all(jobs: Sequence[Job], workers: int) -> Iterator[Outcome]:
    """Yield outcomes as jobs finish, `workers` at a time in processes of their own.

    A worker that dies (a decoder crash, no memory) costs its own file only: that file is named in its outcome.
    """
    waiting = list(jobs)
    while waiting:
        done: set[str] = set()
        now, later = waiting[: workers * RENEWED], waiting[workers * RENEWED :]
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            futures = {pool.submit(run, job): job for job in now}
            try:
                for future in as_completed(futures):
                    if future.exception() is None:
                        done.add(futures[future].source)
                        yield future.result()
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        left = [job for job in now if job.source not in done]
        if left and workers == 1:
            yield Outcome(job=left[0], error=SestinaError("the process died on this file", hint="try it alone"))
            left = left[1:]
        elif left:
            workers = 1
        waiting = left + later
