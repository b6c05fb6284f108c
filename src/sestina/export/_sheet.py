"""Sheets of comma-, semicolon- and tab-separated values: written by RFC 4180, safe in a spreadsheet, read back mended.

A cell that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, "CSV Injection"); one that begins
with apostrophes and then such a sign gets one more, so that taking one away gives back exactly what was written.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO, Literal

from sestina.core.errors import SchemaError

Dialect = Literal["comma", "semicolon", "tab"]
"""`comma` is RFC 4180; `semicolon`, with decimal commas, what spreadsheets of much of Europe expect."""
Cell = str | float | None

SEPARATORS: dict[Dialect, str] = {"comma": ",", "semicolon": ";", "tab": "\t"}
RUNS = "=+\\-@\t\r\n＝＋－＠"
"""What a formula begins with, as the inside of a character class."""
GUARD = re.compile(f"'*[{RUNS}]")
GUARDED = re.compile(f"'+[{RUNS}]")


def guarded(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs."""
    return "'" + text if GUARD.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of."""
    return cell[1:] if GUARDED.match(cell) else cell


def plain(number: float) -> str:
    """Return a number exactly and without an exponent: `0.0000001`, `3`."""
    text = repr(number) if math.isfinite(number) else str(number).lower()
    if "e" in text and math.isfinite(number):
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


class Sheet:
    """Writes rows of one sheet, with CRLF at their ends, as UTF-8.

    Args:
        file: where to.
        dialect: what separates cells.
        bom: whether the file begins with a byte order mark, by which Excel knows UTF-8.
    """

    def __init__(self, file: BinaryIO, dialect: Dialect = "comma", *, bom: bool = False) -> None:
        self._file = file
        self._decimal = "," if dialect == "semicolon" else "."
        self._writer = csv.writer(self, delimiter=SEPARATORS[dialect], lineterminator="\r\n")
        if bom:
            file.write(b"\xef\xbb\xbf")

    def write(self, text: str) -> None:
        """Take one finished row, as `csv.writer` wants it."""
        self._file.write(text.encode())

    def row(self, cells: Iterable[Cell]) -> None:
        """Write one row: texts guarded, numbers exact, None empty."""
        self._writer.writerow([self._cell(cell) for cell in cells])

    def _cell(self, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, str):
            return guarded(cell)
        return plain(float(cell)).replace(".", self._decimal)


def rows(file: BinaryIO, needed: Sequence[str], *, kind: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row's place and its cells by column, whatever a spreadsheet did to separators, order and encoding.

    Args:
        file: UTF-8, or UTF-16 with its byte order mark.
        needed: columns without which the file is no such sheet.
        kind: what the sheet is called in messages.

    Raises SchemaError for another encoding, a sheet without these columns, and one that breaks off.
    """
    text = _decoded(file.read())
    separator, header = _shape(text, needed, kind)
    records = _records(text, separator)
    if records and len(records[-1][1]) < len(header) and not text.endswith(("\n", "\r")):
        raise SchemaError(f"line {records[-1][0]}: the sheet breaks off here", hint="was all of it saved?")
    for line, cells in records:
        if cells[0].lower().startswith("sep=") or _names(cells) == header:
            continue
        if any(cells[len(header) :]):
            raise SchemaError(f"line {line}: has {len(cells)} cells, the header {len(header)}")
        yield f"line {line}", dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False))


def number(cell: str, place: str, column: str) -> float | None:
    """Return the number in a cell, written with a decimal point or comma; None for an empty one.

    Raises SchemaError, with the place, for what is no finite number.
    """
    text = unguarded(cell.strip()).replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not text:
        return None
    last = max(text.rfind(","), text.rfind("."))
    if last >= 0:
        mark, head = text[last], text[:last]
        if mark in head:  # a sign that comes twice parts thousands
            text = text.replace(mark, "")
        else:
            text = head.replace(",", "").replace(".", "") + "." + text[last + 1 :]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SchemaError(
            f"{place}: {column} is {cell[:40]!r}, which is no number",
            hint="a spreadsheet may have made a date of it: export again with the dialect it expects",
        )
    return value


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SchemaError(f"not a sheet in {encoding}: {error}", hint="save it as CSV UTF-8") from error


def _records(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return every row that holds anything, with the number of its last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise SchemaError(f"line {reader.line_num}: {error}", hint="was all of the sheet saved, as CSV?") from error


def _shape(text: str, needed: Sequence[str], kind: str) -> tuple[str, list[str]]:
    """Return the separator and the column names of the first separator that gives all the needed ones."""
    first = ""
    for line in text.splitlines():
        if line.strip() and not line.lower().startswith("sep="):
            first = line
            break
    for separator in (*SEPARATORS.values(), "|"):
        names = _names(next(csv.reader([first], delimiter=separator), []))
        if set(needed) <= set(names):
            return separator, names
    raise SchemaError(
        f"not {kind}: the first row must name the columns {', '.join(needed)}",
        hint="export with `--to csv-units` and correct that",
    )


def _names(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]
