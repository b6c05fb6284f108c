"""Reading what is to be scored: gold, which must be whole, and predictions, which no damage can make unreadable for us.

Documents made by people and programs come as `Storyboard`; what a model wrote comes as text or as plain values and may
be damaged. A unit that is not what the schema asks is a named problem; its claim is still read where facet, time and
value can be made out, so that one missing key does not cost a right answer.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sestina.core import vocabulary
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.invariants import Problem
from sestina.core.storyboard import Storyboard, Transcript, Unit
from sestina.core.versions import upgraded
from sestina.objective.claims import Box4, Claim, Document, claim_of, cut, from_board, order, value_of

Source = Storyboard | str | bytes | Mapping[str, Any]
"""A parsed storyboard, JSON text, or plain JSON values."""

UNIT_LIMIT = 5_000
"""Units of a prediction that are read; the rest is counted as predicted and never matched."""
BYTES_LIMIT = 64_000_000
"""Characters of JSON text beyond which a prediction is not parsed at all."""
BAD_VALUE = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError, SestinaError)
"""What checking hostile values may raise; pydantic turns only some of it into its own error."""


def prepare(gold: Source | Document) -> Document:
    """Return a gold document ready for scoring many predictions. Raises SchemaError when it is no storyboard."""
    if isinstance(gold, Document):
        return gold
    try:
        board = gold if isinstance(gold, Storyboard) else _parsed(gold)
    except SchemaError:
        raise
    except BAD_VALUE as error:
        hint = "`sestina schema` prints the JSON Schema that documents must satisfy"
        raise SchemaError(f"gold is not an SV6D document: {error}", hint=hint) from error
    # Gold's form is not judged, so its units stay behind: less to keep, and to send to other processes.
    return replace(from_board(board), units=(), scope=_declared(board), problems=tuple(_strange(board)))


def read(source: object) -> Document:
    """Return a predicted document ready for scoring, whatever it is; never raises."""
    if isinstance(source, Storyboard):
        return from_board(source)
    if isinstance(source, (str, bytes, bytearray)):
        if len(source) > BYTES_LIMIT:
            return _failed("too-long", f"{len(source)} characters of JSON; at most {BYTES_LIMIT} are read")
        try:
            source = json.loads(source)
        except (ValueError, RecursionError, MemoryError) as error:
            return _failed("not-json", f"not JSON: {str(error)[:200]}")
    try:
        data = upgraded(source)
    except BAD_VALUE as error:
        return _failed("not-sv6d", str(error)[:200])
    units = data.get("units", [])
    if not isinstance(units, (list, tuple)):
        return _failed("not-sv6d", f"`units` is a list, got {type(units).__name__}")
    return _read_units(data, units)


def _strange(board: Storyboard) -> Iterator[Problem]:
    book = vocabulary.load()
    for unit in board.items:
        if unit.facet not in book:
            message = f"gold's facet {unit.facet[:80]!r} is not in the vocabulary: not scored"
            yield Problem("gold-facet", unit.id, message)


def _declared(board: Storyboard) -> frozenset[str] | None:
    scope = board.provenance.settings.get("scope")
    if scope is None:
        return None
    if not isinstance(scope, (list, tuple)) or not all(isinstance(item, str) for item in scope):
        raise SchemaError("provenance.settings.scope is a list of facet ids", hint="a trailing dot makes a prefix")
    return frozenset(scope)


def _parsed(gold: object) -> Storyboard:
    if isinstance(gold, (str, bytes)):
        return Storyboard.from_json(gold)
    return Storyboard.from_dict(dict(gold) if isinstance(gold, Mapping) else gold)


def _failed(rule: str, message: str) -> Document:
    return Document(problems=(Problem(rule, "", message),), failure=message)


def _read_units(data: Mapping[str, Any], rows: Sequence[object]) -> Document:
    """Read a document unit by unit; the parts around the units are checked as a whole."""
    book = vocabulary.load()
    units, claims, problems, unread = [], [], [], 0
    for number, row in enumerate(rows[:UNIT_LIMIT]):
        name = _name(row, number)
        unit, why = _unit(row)
        claim = claim_of(unit, book) if unit is not None else _salvaged(row, name, book)
        if unit is not None:
            units.append(unit)
        else:
            problems.append(Problem("schema" if claim else "unreadable", name, why))
        if claim is None:
            unread += 1
        else:
            claims.append(claim)
    if len(rows) > UNIT_LIMIT:
        problems.append(Problem("too-many", "", f"{len(rows)} units; the first {UNIT_LIMIT} are read"))
    transcript, damage = _frame(data)
    beyond = Counter(_facet_name(row) for row in rows[UNIT_LIMIT:])
    return Document(
        claims=tuple(sorted(claims, key=order)), units=tuple(units), transcript=transcript, count=len(rows),
        unread=unread, beyond=beyond, problems=(*problems, *damage),
    )  # fmt: skip


def _unit(row: object) -> tuple[Unit | None, str]:
    try:
        return Unit.model_validate(row), ""
    except BAD_VALUE as error:
        return None, _why(error)


def _frame(data: Mapping[str, Any]) -> tuple[Transcript, list[Problem]]:
    """Return the transcript, as far as it can be read, and what is wrong with the parts around the units."""
    try:
        return Storyboard.model_validate({**data, "units": ()}).transcript, []
    except BAD_VALUE as error:
        damage = [Problem("schema", "", _why(error))]
    try:
        return Transcript.model_validate(data.get("transcript", {})), damage
    except BAD_VALUE:
        return Transcript(), damage


def _why(error: Exception) -> str:
    """Return an error in one short line; of many problems the first."""
    if not isinstance(error, ValidationError):
        return f"{type(error).__name__}: {error}"[:200]
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'unit'}: {first['msg']}"[:200]


def _salvaged(row: object, name: str, book: vocabulary.Vocabulary) -> Claim | None:
    """Return the claim of a unit that breaks the schema, None unless facet, time and level of it can be read."""
    if not isinstance(row, Mapping) or not isinstance(row.get("span"), Mapping):
        return None
    start, end = _number(row["span"].get("start_s")), _number(row["span"].get("end_s"))
    facet_id = row.get("facet")
    if start is None or end is None or end < start or not isinstance(facet_id, str):
        return None
    level = _text(row.get("level")) or ""
    words, number = cut(_text(row.get("text"))), _number(row.get("value"))
    value = value_of(book, facet_id, _text(row.get("label")), words, number)
    abstains = row.get("status") == "abstain"
    box = _box(row.get("region"))
    return Claim(round(start, 6), round(end, 6), facet_id, name, value, words, number, box, level, abstains)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _box(region: object) -> Box4 | None:
    box = region.get("box") if isinstance(region, Mapping) else None
    if not isinstance(box, Mapping):
        return None
    x, y, w, h = (_number(box.get(side)) for side in "xywh")
    if x is None or y is None or w is None or h is None or w < 0 or h < 0:
        return None
    return x, y, w, h


def _name(row: object, number: int) -> str:
    """Return a unit's id, or its place in the list where it has none."""
    found = row.get("id") if isinstance(row, Mapping) else None
    return found[:200] if isinstance(found, str) and found else f"units[{number}]"


def _facet_name(row: object) -> str:
    return (_text(row.get("facet")) if isinstance(row, Mapping) else None) or ""
