"""What the files of editing programs share: the rate, which edits fit as transitions, and units as short notes.

A unit is named `facet=claim`; its note says the rest and ends with its id and its mark, so that an import knows
the unit again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PureWindowsPath
from typing import Any
from urllib.parse import quote

from sestina.core import vocabulary
from sestina.core.correction import Correction, mark
from sestina.core.errors import SestinaError, UnknownComponent
from sestina.core.storyboard import DIMENSIONS, Storyboard, Unit
from sestina.core.time import STANDARD_RATES, Span, snap_rate
from sestina.export._conform import Conformed, Join
from sestina.export._facets import listed
from sestina.export._xml import FORBIDDEN

RATES = tuple(rate for rate in STANDARD_RATES if rate != 48)
"""Rates at which an editor's sequence can run: no editor edits at 48, though cameras shoot it."""
DISSOLVES = ("dissolve", "cross_dissolve")
"""Edits that a cross dissolve says wholly."""
KEY = "sestina {"
"""How the id and mark of a unit begin in its note."""
_FACET = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def sequence(board: Storyboard, rate: Fraction | None, *, any_whole: bool = False) -> Conformed:
    """Return a storyboard as the frames of a sequence at a rate that editors know.

    Args:
        board: with video.
        rate: the sequence's; None: the video's own where editors know it, else one that has a frame for each of it.
        any_whole: whether every whole rate, and every whole rate x 1000/1001, will do.
    """
    rate = None if rate is None else snap_rate(rate)
    if rate is not None and rate not in RATES:
        known = ", ".join(f"{float(one):.2f}".rstrip("0").rstrip(".") for one in RATES)
        raise SestinaError(f"no editor has sequences at {float(rate):g} frames a second", hint=f"use one of {known}")
    video = board.media.video
    if rate is None and video is not None and not video.vfr:
        own = snap_rate(video.frame_rate)
        if own not in RATES and not (any_whole and (own.denominator == 1 or (own * 1001 / 1000).denominator == 1)):
            rate = _roomy(own)
    return Conformed(board, rate)


def _roomy(own: Fraction) -> Fraction:
    """Return the lowest rate that is a whole multiple of `own`, else the lowest above it, else the highest."""
    multiples = [rate for rate in RATES if (rate / own).denominator == 1]
    return min(multiples or [rate for rate in RATES if rate > own] or [max(RATES)])


def drops(conformed: Conformed, drop: bool | None) -> bool:
    """Return whether to count drop-frame: as asked, by default wherever it exists. Raises SestinaError."""
    if drop and not conformed.can_drop:
        raise SestinaError(
            f"drop-frame time code exists at 29.97 and 59.94 only, not at {float(conformed.rate):g}",
            hint="leave the option `drop` out",
        )
    return conformed.can_drop if drop is None else drop


def chosen(board: Storyboard, dimensions: str | None, min_confidence: float) -> list[Unit]:
    """Return the units of some dimensions (names with commas between; None: all) that are at least so sure."""
    names = set(DIMENSIONS if dimensions is None else listed(dimensions))
    if not names <= set(DIMENSIONS):
        raise SestinaError(f"unknown dimension in {dimensions!r}", hint=f"known: {', '.join(DIMENSIONS)}")
    return [unit for unit in board.items if unit.dimension in names and unit.confidence >= min_confidence]


def fitting(conformed: Conformed) -> tuple[list[Join], list[Join]]:
    """Return the gradual edits that fit as transitions, and those that do not.

    A transition may reach neither beyond its two shots nor into the one before it, and a cut has one only.
    """
    fit, left, free, last = [], [], 0, -1
    for join in conformed.joins:
        low = free if join.before is None else max(free, conformed.clips[join.before].first)
        high = conformed.frame_count if join.behind is None else conformed.clips[join.behind].after
        if low <= join.first <= join.cut <= join.after <= high and join.cut != last:
            fit.append(join)
            free, last = join.after, join.cut
        else:
            left.append(join)
    return fit, left


def remarks(conformed: Conformed, fit: Sequence[Join], left: Sequence[Join]) -> str:
    """Return what a person should know of the sequence as a whole; "" when nothing was changed."""
    other = Counter(join.unit.label for join in fit if join.unit.label not in DISSOLVES)
    crowded = Counter(join.unit.label for join in left)
    said = [conformed.note] if conformed.note else []
    if other:
        said.append(f"written as cross dissolves: {_counted(other)}")
    if crowded:
        said.append(f"labels only, as they do not fit between their shots: {_counted(crowded)}")
    return "; ".join(said)


def _counted(counts: Counter[str | None]) -> str:
    return ", ".join(f"{label} ({count})" for label, count in sorted(counts.items(), key=lambda item: str(item[0])))


def uri(path: str) -> str:
    """Return a path as a URI: a URL as it is, an absolute path as `file://`, a relative one relative."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path):
        return path
    windows = PureWindowsPath(path)
    if windows.drive:
        return f"file:///{quote(windows.as_posix(), safe='/:')}"
    return f"file://{quote(path)}" if path.startswith("/") else quote(path)


def said(unit: Unit) -> str:
    """Return a unit in a line: `camera.movement=pan_left`."""
    return FORBIDDEN.sub("", f"{unit.facet}={' '.join(unit.claim.split())}")


def note(unit: Unit) -> str:
    """Return what a line cannot say of a unit, for people first, and then its id and mark for an import."""
    facts = [
        unit.text,
        unit.reason,
        f"{unit.status}, confidence {unit.confidence:.2f}, {unit.producer.kind} {unit.producer.name}",
    ]
    key = json.dumps({"unit": unit.id, "mark": mark(unit)}, ensure_ascii=True)
    return f"{'; '.join(fact for fact in facts if fact)}; sestina {key}"


def _key(written: str) -> dict[str, Any]:
    """Return the id and the mark in a note, {} where it has none."""
    at = written.rfind(KEY)
    try:
        found, _ = json.JSONDecoder().raw_decode(written, at + len(KEY) - 1) if at >= 0 else ({}, 0)
    except ValueError:
        return {}
    return {name: value for name, value in found.items() if name in ("unit", "mark") and isinstance(value, str)}


@dataclass(frozen=True, kw_only=True)
class Note:
    """One named range of an editor's file: frames `first` up to `after`; an instant where the two are one."""

    place: str
    name: str
    note: str
    first: int
    after: int


def corrections(onto: Storyboard, conformed: Conformed, notes: Iterable[Note]) -> Iterator[Correction]:
    """Yield what ranges say of units and of new ones; an editor's own keywords and markers are passed over.

    A bound that stands on the frame where the unit's own stands is the unit's own, so that frames round nothing.
    """
    units = {unit.id: unit for unit in onto.items}
    for given in notes:
        key = _key(given.note)
        unit = units.get(key.get("unit", ""))
        facet, sign, claim = (part.strip() for part in given.name.partition("="))
        if not key and not (sign and _FACET.fullmatch(facet)):
            continue
        if unit is not None and _alike(given.name) == _alike(said(unit)):
            says: dict[str, Any] = {"label": unit.label, "text": unit.text, "value": unit.value}
            facet = unit.facet
        else:
            facet, claim = (facet, claim) if sign else (unit.facet if unit is not None else "", facet)
            says = _claimed(facet, claim, unit)
        yield Correction(
            place=given.place, facet=facet, span=_span(conformed, given, unit), unit=key.get("unit"),
            mark=key.get("mark"), **says,
        )  # fmt: skip


def _alike(name: str) -> str:
    return " ".join(name.replace(",", ";").split())


def _claimed(facet: str, claim: str, unit: Unit | None) -> dict[str, Any]:
    """Return a claim as its facet, or the unit it was, says it: a number, a text, else a label, right or wrong."""
    try:
        kind = vocabulary.facet(facet).type
    except UnknownComponent:
        kind = "nom"
    if unit is not None and unit.label is None and unit.facet == facet:
        kind = "num" if unit.value is not None else "text" if unit.text is not None else kind
    if kind == "num" and re.fullmatch(r"[-+]?\d{1,15}(\.\d*)?(\s.*)?", claim):
        return {"value": float(claim.split()[0])}
    return {"text" if kind == "text" else "label": claim}


def _span(conformed: Conformed, given: Note, unit: Unit | None) -> Span:
    first, after = (min(max(0, frame), conformed.frame_count) for frame in (given.first, given.after))
    start_s, end_s = conformed.time_s(first), conformed.time_s(after)
    if unit is not None:
        own_first, own_after = conformed.frames(unit.span)
        start_s = unit.span.start_s if first == own_first else start_s
        end_s = unit.span.end_s if after == own_after else end_s
    return Span.of(start_s, start_s if given.first == given.after else max(start_s, end_s))
