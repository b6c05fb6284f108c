"""Arrow files (Feather), a table each, to map into memory without parsing.

One file has one dictionary a column, and only some readers know one that grows. So rows are first spooled with plain
texts, then written with the dictionary that holds all of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sestina.core.card import Card
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export._arrow import Gathered, batches, schema
from sestina.export._arrow import arrow as load
from sestina.export._tables import TABLES


@exporters.register(
    "arrow",
    many=True,
    packages=("pyarrow",),
    card=Card(
        summary="The tables of `parquet` as Arrow files.",
        source="Apache Arrow columnar format 1.5, IPC file format",
        needs=("export",),
    ),
)
def arrow(
    storyboards: Iterable[Storyboard], folder: Path, *, signals: Path | None = None, tracks: str = ""
) -> None:
    """Write one file a table into `folder`; parameters and errors as for `parquet`."""
    load()
    with ExitStack() as open_files:
        spools = {name: open_files.enter_context(_Spool(name)) for name in TABLES}
        for board in storyboards:
            for name in TABLES:
                for batch in batches(name, board, signals, tracks):
                    spools[name].add(batch)
        for name in TABLES:
            spools[name].write(folder / f"{name}.arrow")


class _Spool:
    """Rows of one table in a temporary file, and every word that stands in them."""

    def __init__(self, table: str) -> None:
        self._schema = schema(table)
        self._plain = schema(table, dictionaries=False)
        self._gathered = Gathered(self._plain)
        self._words: dict[str, dict[str | None, None]] = {
            field.name: {} for field in self._schema if load().types.is_dictionary(field.type)
        }

    def __enter__(self) -> _Spool:
        self._file = tempfile.TemporaryFile()
        self._writer = load().ipc.new_stream(self._file, self._plain)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, batch: Any) -> None:
        """Take some rows."""
        for name, words in self._words.items():
            words |= dict.fromkeys(batch.column(name).unique().to_pylist())
        for group in self._gathered.add(batch):
            self._writer.write_batch(group)

    def write(self, path: Path) -> None:
        """Write all rows to `path`."""
        pa = load()
        for group in self._gathered.rest():
            self._writer.write_batch(group)
        self._writer.close()
        self._file.seek(0)
        words = {name: pa.array([word for word in found if word is not None], pa.string())
                 for name, found in self._words.items()}  # fmt: skip
        with pa.ipc.open_stream(self._file) as rows, pa.ipc.new_file(str(path), self._schema) as file:
            for batch in rows:
                file.write_batch(self._encoded(batch, words))

    def _encoded(self, batch: Any, words: dict[str, Any]) -> Any:
        from pyarrow import compute

        pa = load()
        columns = [
            pa.DictionaryArray.from_arrays(compute.index_in(column, value_set=words[name]), words[name])
            if name in words
            else column
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)
