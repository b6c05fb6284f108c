"""Tables as Arrow record batches: made a few thousand rows at a time, so that memory does not grow with the corpus."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from sestina.core.errors import MissingExtra, SestinaError
from sestina.core.storyboard import SignalInfo, Storyboard
from sestina.core.versions import CURRENT
from sestina.export._facets import among, listed
from sestina.export._tables import TABLES, VERSION, Kind, rows

BATCH = 8192
"""Rows made at a time."""
GROUP = 131_072
"""Rows of a row group, or of a record batch in a file: what readers skip by."""

MANY = 64
"""Small batches that are joined into one."""


def arrow() -> Any:
    """Return the package pyarrow. Raises MissingExtra."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra("writing tables needs pyarrow", hint="pip install 'sestina[export]'") from error
    return pyarrow


def schema(table: str, *, dictionaries: bool = True) -> Any:
    """Return a table's Arrow schema, with the versions that made it; `dictionaries`: words are stored once."""
    pa = arrow()
    types: dict[Kind, Any] = {
        "word": pa.dictionary(pa.int32(), pa.string()) if dictionaries else pa.string(), "text": pa.string(),
        "texts": pa.list_(pa.string()), "float": pa.float64(), "int": pa.int64(), "bool": pa.bool_(),
    }  # fmt: skip
    facts = {"sv6d": CURRENT, "sestina": program(), "table": table, "tables": VERSION}
    return pa.schema([(name, types[kind]) for name, kind in TABLES[table].items()], metadata=facts)


def program() -> str:
    """Return the installed version of Sestina, `0` from a bare checkout."""
    try:
        return version("sestina")
    except PackageNotFoundError:
        return "0"


def batches(table: str, board: Storyboard, signals: Path | None = None, tracks: str = "") -> Iterator[Any]:
    """Yield one storyboard's rows of a table as record batches with plain texts.

    Args:
        table: its name.
        board: the storyboard.
        signals: of `curves`: the side file, or the folder that holds it; None: no tracks.
        tracks: of `curves`: names with commas between, a beginning where one ends in a dot; "": all.

    Raises SestinaError for a side file that is missing, damaged, or not the one that the document names.
    """
    pa, plain = arrow(), schema(table, dictionaries=False)
    pending = rows(table, board)
    while chunk := list(islice(pending, BATCH)):
        columns = zip(*chunk, strict=True)
        made = [pa.array(column, type=field.type) for column, field in zip(columns, plain, strict=True)]
        yield pa.RecordBatch.from_arrays(made, schema=plain)
    if table == "curves" and signals is not None and board.signals.file is not None:
        for info, times, values in _tracks(board, signals, tracks):
            yield from _track_batches(board, plain, info, times, values)


def encoded(batch: Any, table: str) -> Any:
    """Return a batch with its words dictionary-encoded, as `schema` has them."""
    pa, wanted = arrow(), schema(table)
    columns = [column.dictionary_encode() if pa.types.is_dictionary(field.type) else column
               for column, field in zip(batch.columns, wanted, strict=True)]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=wanted)


class Gathered:
    """Gathers small batches of one table into groups of about `GROUP` rows."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain
        self._small: list[Any] = []
        self._waiting: list[Any] = []
        self._count = 0

    def add(self, batch: Any) -> Iterator[Any]:
        """Take a batch; yield a group, one batch, when enough rows are there."""
        self._small.append(batch)
        self._count += batch.num_rows
        if len(self._small) >= MANY:  # a batch of one row takes as much memory as one of a hundred
            self._waiting += self._joined(self._small)
            self._small = []
        if self._count >= GROUP:
            yield from self.rest()

    def rest(self) -> Iterator[Any]:
        """Yield what is left, as one batch."""
        yield from self._joined([*self._waiting, *self._small])
        self._small, self._waiting, self._count = [], [], 0

    def _joined(self, parts: list[Any]) -> list[Any]:
        whole = arrow().Table.from_batches(parts, schema=self._plain).combine_chunks()
        return list(whole.to_batches()) if whole.num_rows else []


def _track_batches(
    board: Storyboard, plain: Any, info: SignalInfo, times: npt.NDArray[np.float64], values: npt.NDArray[np.floating]
) -> Iterator[Any]:
    """Yield one track, a value a row; a vector's parts lie in rows of their own, numbered from 0."""
    pa = arrow()
    parts = int(np.prod(values.shape[1:], dtype=np.int64))
    flat = values.reshape(-1).astype(np.float64)
    for first in range(0, len(flat), GROUP):
        index = np.arange(first, min(len(flat), first + GROUP))
        same = {"media": board.media.sha256, "signal": info.name, "unit": info.unit, "kind": info.kind}
        columns: dict[str, Any] = {name: pa.repeat(pa.scalar(said, pa.string()), len(index))
                                   for name, said in same.items()}  # fmt: skip
        columns |= {"id": pa.nulls(len(index), pa.string()), "until_s": pa.nulls(len(index), pa.float64())}
        columns |= {"time_s": pa.array(times[index // parts]), "part": pa.array(index % parts, pa.int64()),
                    "value": pa.array(flat[index])}  # fmt: skip
        yield pa.RecordBatch.from_arrays([columns[name] for name in plain.names], schema=plain)


def _tracks(
    board: Storyboard, signals: Path, wanted: str
) -> Iterator[tuple[SignalInfo, npt.NDArray[np.float64], npt.NDArray[np.floating]]]:
    """Yield the tracks of the side file that the document names, one at a time, by name."""
    path = _side_file(board, signals)
    names = listed(wanted)
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            for info in sorted(board.signals.tracks, key=lambda one: one.name):
                if not among(info.name, names):
                    continue
                times, values = arrays[f"{info.name}.times_s"], arrays[f"{info.name}.values"]
                if len(times) and values.size:
                    yield info, times, values
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        why = f"the tracks in {path.name} cannot be read: {error}"
        raise SestinaError(why, hint="analyze the video again") from error


def _side_file(board: Storyboard, signals: Path) -> Path:
    name = str(board.signals.file)
    path = signals / name if signals.is_dir() else signals
    if "/" in name or "\\" in name or not path.is_file():
        raise SestinaError(
            f"the tracks {name!r} of {board.media.name} are not in {str(signals)!r}",
            hint="--set signals=FOLDER names the folder that `sestina analyze` wrote to",
        )
    told = board.signals.sha256
    if told is not None:
        with path.open("rb") as stream:
            found = "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()
        if found != told:
            raise SestinaError(
                f"{path.name} is not the file that the storyboard names", hint="its storyboard was made in another run"
            )
    return path
