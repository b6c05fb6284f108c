"""One row of a corrected units sheet: what it says of its unit, with a spreadsheet's damage undone where it is plain.

Spreadsheets round to fifteen digits, change spaces and line ends, and take labels for times, dates and numbers. What
differs by no more than that is the unit's own; a label is mended where only one of its facet's can have been meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import get_args

from pydantic import ValidationError

from sestina.core import vocabulary
from sestina.core.correction import Correction
from sestina.core.errors import SchemaError, UnknownComponent
from sestina.core.evidence import Box, Region
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.export._sheet import number, unguarded

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def correction(place: str, row: dict[str, str], unit: Unit | None, unit_id: str) -> Correction:
    """Return what one row says.

    Args:
        place: of the row, for messages.
        row: cells by column.
        unit: as the storyboard has it; None for a new one, and for one it has not.
        unit_id: as the row has it, "" for a new one.

    Raises SchemaError, with the place, for cells that make no sense.
    """
    facet = row["facet"].strip() or (unit.facet if unit is not None else "")
    if not facet:
        raise SchemaError(f"{place}: names no facet", hint="a new row needs facet, start_s, end_s and what it says")
    start, end = number(row["start_s"], place, "start_s"), number(row["end_s"], place, "end_s")
    if start is None or end is None:
        raise SchemaError(f"{place}: has no start_s or end_s")
    told = row.get("mark", "").strip().removeprefix("m")
    try:
        return Correction(
            place=place, facet=facet, span=Span.of(start, end), unit=unit_id or None, mark=told or None,
            label=_label(place, row, facet, unit), text=_text(place, row, unit), value=_value(place, row, unit),
            region=_region(place, row, unit), level=_level(place, row),
        )  # fmt: skip
    except ValidationError as error:
        raise SchemaError(f"{place}: {error.errors(include_url=False)[0]['msg']}") from error


def _label(place: str, row: dict[str, str], facet: str, unit: Unit | None) -> str | None:
    cell = unguarded(row.get("label", "").strip())
    old = unit.label if unit is not None else None
    if not cell:
        _refuse_emptied(place, row, "label", old)
        return None
    if cell == old:
        return old
    try:
        known = vocabulary.facet(facet)
    except UnknownComponent:
        return cell  # merging says so
    if known.is_label(cell) or not known.labels:
        return cell
    return known.aliases.get(cell) or _mended(cell, (*((old,) if old else ()), *known.labels))


def _mended(cell: str, labels: Iterable[str]) -> str:
    """Return the label that a spreadsheet took for a time, a number or a date: `09:16:00` was 9:16, `5-Apr` was 4-5."""
    for key in (_digits, lambda text: sorted(_digits(text))):
        found = dict.fromkeys(label for label in labels if _digits(label) and key(label) == key(cell))
        if len(found) == 1:
            return next(iter(found))
    return cell


def _digits(text: str) -> list[int]:
    """Return the numbers in a text: months by name count, seconds of zero and years do not; none where words stand."""
    words = [word.lower()[:3] for word in re.findall(r"[^\W\d_]+", text)]
    if any(word not in MONTHS for word in words) or re.search(r"[<>+]", text):
        return []
    found = [int(part) for part in re.findall(r"\d+", text)]
    if re.fullmatch(r"\d+:\d+:00", text):
        found.pop()
    return [n for n in (*found, *(MONTHS.index(word) + 1 for word in words)) if n < 1900]


def _text(place: str, row: dict[str, str], unit: Unit | None) -> str | None:
    cell = unguarded(row.get("text", ""))
    old = unit.text if unit is not None else None
    if not cell.strip():
        _refuse_emptied(place, row, "text", old)
        return None
    # Spreadsheets keep neither line ends nor spaces as they were.
    return old if old is not None and cell.split() == old.split() else cell


def _value(place: str, row: dict[str, str], unit: Unit | None) -> float | None:
    value = number(row.get("value", ""), place, "value")
    old = unit.value if unit is not None else None
    if value is None:
        _refuse_emptied(place, row, "value", old)
        return None
    # Spreadsheets keep fifteen digits.
    return old if old is not None and math.isclose(value, old, rel_tol=1e-9, abs_tol=1e-12) else value


def _region(place: str, row: dict[str, str], unit: Unit | None) -> Region | None:
    """Return a region that was changed or added; None where it is the unit's own, which may move."""
    cells = [number(row.get(name, ""), place, name) for name in "xywh"]
    old = unit.region.box if unit is not None and unit.region is not None else None
    if cells == [None] * 4:
        _refuse_emptied(place, row, "x", old)
        return None
    sides = [cell for cell in cells if cell is not None]
    if len(sides) < len(cells):
        raise SchemaError(f"{place}: a box needs all of x, y, w and h")
    box = Box(x=sides[0], y=sides[1], w=sides[2], h=sides[3])
    if not (min(box.x, box.y) >= 0 and box.x + box.w <= 1.00001 and box.y + box.h <= 1.00001):
        raise SchemaError(f"{place}: the box lies outside the picture: {cells}", hint="fractions of the picture: 0..1")
    near = old is not None and all(abs(getattr(box, name) - getattr(old, name)) <= 1e-5 for name in "xywh")
    return None if near else Region(box=box)


def _level(place: str, row: dict[str, str]) -> Level | None:
    cell, levels = row.get("level", "").strip(), get_args(Level)
    if cell and cell not in levels:
        raise SchemaError(f"{place}: no level is called {cell!r}", hint=f"one of: {', '.join(levels)}")
    return next((level for level in levels if level == cell), None)


def _refuse_emptied(place: str, row: dict[str, str], column: str, old: object) -> None:
    """Raise SchemaError where the column is there, was filled and now is empty: nobody can tell what was meant."""
    if old is not None and column in row:
        raise SchemaError(f"{place}: {column} was emptied", hint="delete the row to remove the unit")
