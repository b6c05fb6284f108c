"""Feature rows for recommenders and regressions: one fixed-length row a video, as CSV, JSON Lines or Parquet."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

from sestina.core.card import Card
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.core.versions import CURRENT
from sestina.export._arrow import arrow, program
from sestina.export._features import VERSION, features, row
from sestina.export._json import line
from sestina.export._sheet import Sheet

SUMMARY = "A feature row of fixed length a video"
MASK = "has_"
"""Before a feature's name: the column that says whether the value is known."""
GROUP = 4096
"""Rows of a row group."""


@exporters.register("features-csv", suffix=".features.csv", many=True, card=Card(summary=f"{SUMMARY}, as CSV."))
def features_csv(storyboards: Iterable[Storyboard], file: BinaryIO) -> None:
    """Write a column a feature, `nan` where it is not known, and then a column `has_NAME` each, 1 or 0."""
    names = [feature.name for feature in features()]
    sheet = Sheet(file)
    sheet.row(["video", "sha256", "features_version", *names, *(MASK + name for name in names)])
    for board in storyboards:
        values = row(board)
        sheet.row([board.media.name, board.media.sha256, VERSION, *values, *_mask(values)])


@exporters.register(
    "features-json", suffix=".features.jsonl", many=True, card=Card(summary=f"{SUMMARY}, as JSON Lines.")
)
def features_json(storyboards: Iterable[Storyboard], file: BinaryIO) -> None:
    """Write a line a video: `features` by name, null where not known, and `mask`, 1 or 0 each in their order."""
    names = [feature.name for feature in features()]
    for board in storyboards:
        values = row(board)
        known = {name: None if math.isnan(value) else value for name, value in zip(names, values, strict=True)}
        facts = {
            "video": board.media.name, "sha256": board.media.sha256, "sv6d": CURRENT, "features_version": VERSION,
            "features": known, "mask": _mask(values),
        }  # fmt: skip
        file.write(line(facts).encode() + b"\n")


@exporters.register(
    "features-parquet",
    suffix=".features.parquet",
    many=True,
    packages=("pyarrow",),
    card=Card(summary=f"{SUMMARY}, as Parquet.", needs=("export",)),
)
def features_parquet(storyboards: Iterable[Storyboard], file: BinaryIO) -> None:
    """Write a float column a feature, NaN where it is not known, and `mask`, a list of as many booleans.

    Raises MissingExtra without pyarrow.
    """
    pa = arrow()
    from pyarrow import parquet

    names = [feature.name for feature in features()]
    fields = [("media", pa.string()), ("video", pa.string()), *((name, pa.float64()) for name in names)]
    facts = {"sv6d": CURRENT, "sestina": program(), "features": VERSION}
    schema = pa.schema([*fields, ("mask", pa.list_(pa.bool_(), len(names)))], metadata=facts)
    pending = iter(storyboards)
    with parquet.ParquetWriter(file, schema, compression="zstd", version="2.6") as writer:
        while chunk := [_cells(board) for board in islice(pending, GROUP)]:
            columns = zip(*chunk, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))


def _cells(board: Storyboard) -> list[Any]:
    values = row(board)
    return [board.media.sha256, board.media.name, *values, [bool(bit) for bit in _mask(values)]]


def _mask(values: list[float]) -> list[int]:
    return [int(not math.isnan(value)) for value in values]
