"""A storyboard as relational tables: what each column is, and the rows of one storyboard.

`media` (the file's SHA-256) joins every table, and `id` (of a unit) those of one storyboard. Times are seconds, boxes
fractions of the displayed picture. The version of the tables is raised whenever a column changes its meaning or goes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from sestina.core.evidence import Box
from sestina.core.storyboard import ScreenText, Storyboard, Unit
from sestina.core.time import Span
from sestina.export._shots import Shots

VERSION = "1"
Kind = Literal["word", "text", "texts", "float", "int", "bool"]
"""Of a column; `word` is a text out of few, stored once: dictionary-encoded."""
Row = tuple[Any, ...]

BOX: dict[str, Kind] = {"x": "float", "y": "float", "w": "float", "h": "float"}
TIME: dict[str, Kind] = {"start_s": "float", "end_s": "float"}
FRAMES: dict[str, Kind] = {"first_frame": "int", "after_frame": "int"}

TABLES: dict[str, dict[str, Kind]] = {
    "media": {
        "media": "word", "video": "text", "container": "word", "size_bytes": "int", **TIME, "codec": "word",
        "width": "int", "height": "int", "frame_rate": "float", "frame_rate_exact": "word", "vfr": "bool",
        "frame_count": "int", "rotation_deg": "int", "hdr": "bool", "audio_codec": "word", "audio_rate_hz": "int",
        "audio_channels": "int", "speech_language": "word", "text_language": "word", "sv6d": "word", "program": "word",
        "program_version": "word", "model": "word", "units": "int", "notes": "texts",
    },
    "shots": {
        "media": "word", "shot": "int", "id": "text", **TIME, "duration_s": "float", **FRAMES, "start_code": "text",
        "end_code": "text", "transition_in": "word", "transition_out": "word", "confidence": "float",
        "status": "word",
    },
    "boundaries": {
        "media": "word", "id": "text", "label": "word", **TIME, **FRAMES, "shot": "int", "confidence": "float",
        "status": "word", "producer": "word",
    },
    "units": {
        "media": "word", "id": "text", "dimension": "word", "facet": "word", "label": "word", "text": "text",
        "value": "float", "unit": "word", "level": "word", **TIME, "shot": "int", **BOX, "confidence": "float",
        "status": "word", "producer_kind": "word", "producer": "word", "producer_version": "word", "reason": "text",
        "attributes": "text",
    },
    "evidence": {
        "media": "word", "id": "text", "number": "int", "type": "word", "signal": "word", "reduce": "word",
        "op": "word", "threshold": "float", "value": "float", "unit": "word", **TIME, "at_s": "float",
        "second_s": "float", "pts": "int", "second_pts": "int", "dhash": "text", "second_dhash": "text",
        "quote": "text", **BOX, "key": "word", "fact": "text", "note": "text", "other": "text",
    },
    "overlays": {
        "media": "word", "id": "text", "label": "word", "text": "text", **TIME, **BOX, "kind": "word",
        "position": "word", "style": "word", "animation": "word", "colour": "word", "background": "word",
        "readability": "float", "confidence": "float", "status": "word",
    },
    "words": {
        "media": "word", "number": "int", "text": "text", **TIME, "confidence": "float", "speaker": "word",
        "shot": "int",
    },
    "curves": {
        "media": "word", "signal": "word", "unit": "word", "kind": "word", "id": "text", "time_s": "float",
        "until_s": "float", "part": "int", "value": "float",
    },
}  # fmt: skip
"""Columns of every table, in order."""

CURVE_LEVELS = ("segment", "scene", "shot", "event", "frame")
"""Levels whose numbers follow one another in time."""
OVERLAY_FACETS = {
    "kind": "diss.overlay.kind", "position": "diss.overlay.position", "style": "diss.overlay.style",
    "animation": "diss.overlay.animation", "colour": "diss.overlay.colour", "background": "diss.overlay.bg_colour",
    "readability": "diss.readability",
}  # fmt: skip
"""Columns of `overlays` to the facets that say them of the same place and time."""


def rows(table: str, board: Storyboard) -> Iterator[Row]:
    """Yield the rows of a storyboard in one table, in order of time; measured tracks are not among the `curves`.

    Raises KeyError for an unknown table.
    """
    return _ROWS[table](board)


def _media(board: Storyboard) -> Iterator[Row]:
    media, video, audio, by = board.media, board.media.video, board.media.audio, board.provenance
    spoken, written = board.transcript.speech_language, board.transcript.text_language
    rate = video.frame_rate if video else None
    yield (
        media.sha256, media.name, media.container, media.size_bytes, media.span.start_s, media.span.end_s,
        video.codec if video else None, video.display_width if video else None,
        video.display_height if video else None, float(rate) if rate else None,
        f"{rate.numerator}/{rate.denominator}" if rate else None, video.vfr if video else None,
        video.frame_count if video else None, video.rotation_deg if video else None, video.hdr if video else None,
        audio.codec if audio else None, audio.rate_hz if audio else None, audio.channels if audio else None,
        spoken, written, board.sv6d, by.name, by.version, by.model, len(board), list(by.notes),
    )  # fmt: skip


def _shots(board: Storyboard) -> Iterator[Row]:
    for shot in Shots(board):
        unit = shot.unit
        yield (
            board.media.sha256, shot.number, unit.id, unit.span.start_s, unit.span.end_s, unit.span.duration_s,
            shot.first_frame, shot.after_frame, shot.start_code or None, shot.end_code or None,
            shot.transition_in or None, shot.transition_out or None, unit.confidence, unit.status,
        )  # fmt: skip


def _boundaries(board: Storyboard) -> Iterator[Row]:
    shots = Shots(board)
    for unit in board.boundaries:
        start_s, end_s = unit.span.start_s, unit.span.end_s
        yield (
            board.media.sha256, unit.id, unit.label, start_s, end_s, shots.frame(start_s), shots.frame(end_s),
            next(iter(shots.among(Span.at(end_s))), None), unit.confidence, unit.status, unit.producer.name,
        )  # fmt: skip


def _units(board: Storyboard) -> Iterator[Row]:
    shots = Shots(board)
    for unit in board:
        by = unit.producer
        yield (
            board.media.sha256, unit.id, unit.dimension, unit.facet, unit.label, unit.text, unit.value, unit.unit,
            unit.level, unit.span.start_s, unit.span.end_s, next(iter(shots.among(unit.span)), None),
            *_box(unit.region.box if unit.region else None), unit.confidence, unit.status, by.kind, by.name,
            by.version, unit.reason,
            json.dumps(unit.attributes, ensure_ascii=False, sort_keys=True) if unit.attributes else None,
        )  # fmt: skip


def _evidence(board: Storyboard) -> Iterator[Row]:
    for unit in board:
        for number, item in enumerate(unit.evidence, start=1):
            yield (board.media.sha256, unit.id, number, *_cited(vars(item)))


def _cited(facts: Mapping[str, Any]) -> Row:
    """Return one piece of evidence as cells, from its fields: what a kind has not is None."""
    take = facts.get
    span = take("span")
    at_s, pts, dhash, fact = take("at_s"), take("pts"), take("dhash"), take("value")
    times, ticks, hashes = _two(at_s), _two(pts), _two(dhash)
    metric, is_unit = facts["type"] == "metric", facts["type"] == "unit"
    return (
        facts["type"], take("signal"), take("reduce"), take("op"), take("threshold"), fact if metric else None,
        None if is_unit else take("unit"), span.start_s if span else None, span.end_s if span else None,
        *times, *ticks, *hashes, take("quote"), *_box(take("box")), take("key"),
        None if metric or fact is None else str(fact), take("note") or None, take("unit") if is_unit else None,
    )  # fmt: skip


def _two(value: Any) -> tuple[Any, Any]:
    return value if isinstance(value, tuple) else (value, None)


def _overlays(board: Storyboard) -> Iterator[Row]:
    """Yield what is laid over the picture: the units, with what others say of the same place, and texts without one."""
    around: dict[Any, dict[str, Unit]] = defaultdict(dict)
    for unit in board:
        if unit.facet.startswith("diss.") and unit.region is not None:
            around[unit.span, unit.region.box].setdefault(unit.facet, unit)
    texts: dict[Any, ScreenText] = {(text.span, text.region.box): text for text in board.transcript.screen}
    for unit in board.units(facet="diss.overlay"):
        place = (unit.span, unit.region.box if unit.region else None)
        screen = texts.pop(place, None)
        beside = around.get(place, {})
        quote = next((item.quote for item in unit.evidence if item.type == "ocr"), None)
        said = beside["diss.overlay.text"].text if "diss.overlay.text" in beside else None
        told = [_said(beside.get(facet)) for facet in OVERLAY_FACETS.values()]
        yield (
            board.media.sha256, unit.id, unit.label, said or quote or (screen.text if screen else None),
            unit.span.start_s, unit.span.end_s, *_box(place[1]), *told, unit.confidence, unit.status,
        )  # fmt: skip
    for text in texts.values():
        yield (
            board.media.sha256, text.id, None, text.text, text.span.start_s, text.span.end_s, *_box(text.region.box),
            *[None] * len(OVERLAY_FACETS), text.confidence, "observed",
        )  # fmt: skip


def _said(unit: Unit | None) -> Any:
    if unit is None:
        return None
    if unit.facet == "diss.readability":
        return unit.value
    return unit.label if unit.label is not None else unit.text


def _words(board: Storyboard) -> Iterator[Row]:
    shots = Shots(board)
    for number, word in enumerate(board.transcript.words, start=1):
        middle = Span.at((word.start_s + word.end_s) / 2)
        yield (
            board.media.sha256, number, word.text, word.start_s, word.end_s, word.confidence, word.speaker,
            next(iter(shots.among(middle)), None),
        )  # fmt: skip


def _curves(board: Storyboard) -> Iterator[Row]:
    """Yield the units that draw a curve: numbers that hold for a part of the video, and regions that move."""
    for unit in board:
        key = (board.media.sha256, unit.facet)
        if unit.value is not None and unit.level in CURVE_LEVELS:
            yield (*key, unit.unit, "unit", unit.id, unit.span.start_s, unit.span.end_s, 0, unit.value)
        for seen in unit.region.track if unit.region else ():
            for part, value in enumerate(_box(seen.box)):
                yield (*key, "share", "box", unit.id, seen.at_s, None, part, value)


def _box(box: Box | None) -> tuple[float | None, ...]:
    return (None,) * 4 if box is None else (box.x, box.y, box.w, box.h)


_ROWS: dict[str, Callable[[Storyboard], Iterator[Row]]] = {
    "media": _media, "shots": _shots, "boundaries": _boundaries, "units": _units, "evidence": _evidence,
    "overlays": _overlays, "words": _words, "curves": _curves,
}  # fmt: skip
