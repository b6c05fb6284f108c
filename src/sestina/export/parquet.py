"""Parquet files, a table each, for DuckDB, Polars, Spark and pandas."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from sestina.core.card import Card
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export._arrow import Gathered, arrow, batches, encoded, schema
from sestina.export._tables import TABLES


@exporters.register(
    "parquet",
    many=True,
    packages=("pyarrow",),
    card=Card(
        summary="Tables media, shots, boundaries, units, evidence, overlays, words, curves as Parquet files.",
        source="Apache Parquet format 2.6; Arrow C++",
        needs=("export",),
    ),
)
def parquet(
    storyboards: Iterable[Storyboard], folder: Path, *, signals: Path | None = None, tracks: str = ""
) -> None:
    """Write one file a table into `folder`, for one storyboard or a corpus.

    Args:
        storyboards: taken one at a time; no more than a row group of each table is kept.
        folder: exists and is empty.
        signals: where the side files of tracks lie; None: curves hold what the units draw, and no tracks.
        tracks: which tracks, names with commas between; a name that ends in a dot means all that begin so.

    Raises MissingExtra without pyarrow, SestinaError for side files that are missing or of another run.
    """
    arrow()
    from pyarrow import parquet as files

    with ExitStack() as open_files:
        gathered = {name: Gathered(schema(name, dictionaries=False)) for name in TABLES}
        writers = {
            name: open_files.enter_context(
                files.ParquetWriter(folder / f"{name}.parquet", schema(name), compression="zstd", version="2.6")
            )
            for name in TABLES
        }
        for board in storyboards:
            for name in TABLES:
                for batch in batches(name, board, signals, tracks):
                    for group in gathered[name].add(batch):
                        writers[name].write_batch(encoded(group, name))
        for name in TABLES:
            for group in gathered[name].rest():
                writers[name].write_batch(encoded(group, name))
