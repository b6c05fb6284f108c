"""The log of a run: one JSON record a line, appended and synced, so that a kill at any moment loses nothing.

The first record is the header. A line that a kill left torn is cut off when the run goes on; records before it stand.
One process at a time writes a log, and a sample has one record, so nothing is counted twice.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from sestina.core.errors import DocumentError, SestinaError

SCHEMA = "sestina.bench/1"
IDENTITY = ("schema", "bench", "answerer", "split", "seed", "settings", "data", "version")
"""Header fields that must agree for a run to go on in the same log."""

Record = dict[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a log holds.

    Args:
        header: versions, seeds, settings, commit and machine.
        records: one a sample, in order of task and sample id.
        commits: every commit that wrote into it.
        broken: videos that could not be made or opened, and why; the same command tries them again.
        torn: whether the last line is incomplete.
    """

    header: Mapping[str, Any]
    records: tuple[Record, ...]
    commits: tuple[str, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)
    torn: bool = False

    @property
    def name(self) -> str:
        """Who answered which split."""
        return f"{self.header.get('answerer', '?')} on {self.header.get('split', '?')}"


def key(record: Mapping[str, Any]) -> Key:
    """Return what a record is known by: task and sample id."""
    return str(record["task"]), str(record["id"])


def read_log(path: Path) -> Run:
    """Return the run in a log; a torn last line is left out.

    Raises SestinaError when it cannot be read, DocumentError when it is no log or damaged before its last line.
    """
    return _run(_parsed(path, _read(path))[0], path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SestinaError(
            f"cannot read {str(path)!r}: {error.strerror}", hint="make one with `sestina bench run`"
        ) from error


def _parsed(path: Path, data: bytes) -> tuple[list[Record | None], int]:
    """Return the records, None for a torn last line, and how many bytes of whole lines there are."""
    found: list[Record | None] = []
    whole = 0
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        record = _record(line)
        if record is None and number < len(lines):
            raise DocumentError(
                f"{path}: line {number} is damaged", hint="remove the line to have its sample answered again"
            )
        found.append(record)
        whole += len(line) if record is not None else 0
    return found, whole


def _record(line: bytes) -> Record | None:
    """Return the record of a line, None for one that a kill left torn."""
    if not line.endswith(b"\n"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _run(records: Sequence[Record | None], path: Path) -> Run:
    known = [record for record in records if record is not None]
    if not known or known[0].get("type") != "header":
        raise DocumentError(f"{path}: no log of a benchmark run", hint="make one with `sestina bench run`")
    header = known[0]
    if header.get("schema") != SCHEMA:
        raise DocumentError(f"{path}: written as {header.get('schema')!r}", hint=f"this program reads {SCHEMA}")
    samples: dict[Key, Record] = {}
    for record in known:
        if record.get("type") == "sample":
            samples.setdefault(key(record), record)
    commits = dict.fromkeys(str(one["commit"]) for one in known if one.get("commit"))
    ordered = tuple(samples[name] for name in sorted(samples))
    whole = {record["video"] for record in ordered}
    broken = {str(one["video"]): str(one["error"]) for one in known if one.get("type") == "broken"}
    broken = {video: why for video, why in sorted(broken.items()) if video not in whole}
    return Run(header=header, records=ordered, commits=tuple(commits), broken=broken, torn=None in records)


class RunLog:
    """A log that is open for writing, as a context manager.

    Args:
        path: where it is or will be.
        header: what the run is; an existing log must agree in its `IDENTITY`.

    Raises SestinaError when another process writes it or it belongs to another run, DocumentError when damaged.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self.path = path
        self.header = dict(header) | {"type": "header", "schema": SCHEMA}
        self.done: frozenset[Key] = frozenset()
        self._file: BinaryIO | None = None

    def __enter__(self) -> RunLog:
        try:
            self._file = open(self.path, "a+b")
        except OSError as error:
            reason = f"cannot write {str(self.path)!r}: {error.strerror}"
            raise SestinaError(reason, hint="choose another -o") from error
        try:
            self._begin(self._file)
        except BaseException:
            self._file.close()
            raise
        return self

    def _begin(self, file: BinaryIO) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            hint = "wait for it, or choose another -o"
            raise SestinaError(f"another process writes {str(self.path)!r}", hint=hint) from error
        records, whole = _parsed(self.path, _read(self.path))
        file.truncate(whole)
        if whole == 0:
            self.append(self.header)
            return
        run = _run(records, self.path)
        self._agree(run.header)
        self.done = frozenset(key(record) for record in run.records)
        self.append({"type": "resumed", **{name: self.header.get(name) for name in ("commit", "machine", "started")}})

    def _agree(self, other: Mapping[str, Any]) -> None:
        different = [name for name in IDENTITY if other.get(name) != self.header.get(name)]
        if different:
            said = "; ".join(f"{name} {other.get(name)!r}, now {self.header.get(name)!r}" for name in different)
            raise SestinaError(f"{str(self.path)!r} is the log of another run: {said}", hint="choose another -o")

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record and wait until it is on the disk. Raises SestinaError when the disk takes no more."""
        if self._file is None:
            raise ValueError("the log is not open")
        line = json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            hint = "free some space and run the same command again"
            raise SestinaError(f"cannot write {str(self.path)!r}: {error.strerror}", hint=hint) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
