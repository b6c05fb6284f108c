"""Sheets for spreadsheets and scripts: a row a unit, a row a shot, a row a video, LosslessCut's segments; and back.

A units sheet is what a person corrects: its columns `id`, `mark` and `sheet` say which unit a row is, which state of it
was exported, and which rows the whole sheet had, so that a deleted row can be told from a unit that came later.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.correction import Correction, mark
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.evidence import AsrEvidence, OcrEvidence
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._corrected import correction
from sestina.export._sheet import Cell, Dialect, Sheet, rows, unguarded
from sestina.export._shots import Shots

SOURCE = "RFC 4180 (2005); OWASP, CSV Injection"
BETWEEN = " | "
"""Between several values in one cell."""
UNIT_COLUMNS = (
    "facet", "label", "text", "value", "unit", "start_s", "end_s", "level", "confidence", "status", "x", "y", "w", "h",
    "quote", "reason", "producer", "id", "mark", "sheet",
)  # fmt: skip
SHOT_COLUMNS = (
    "shot", "start_s", "end_s", "duration_s", "start_code", "end_code", "first_frame", "after_frame", "frames",
    "transition_in", "transition_out", "speech", "screen_text",
)  # fmt: skip
SHOT_LEVELS = ("shot", "event", "segment", "scene")
"""Levels whose units say something about a shot; `first_frame` counts the video's own frames from 0."""
TAGS = (
    "diss.aspect", "diss.duration_class", "diss.resolution", "diss.fps", "diss.padding", "diss.sound",
    "narr.format", "narr.structure", "narr.topic", "narr.tone", "narr.perspective", "narr.persuasion",
    "narr.emotion_arc", "narr.beat", "narr.hook.tactic", "narr.hook.modality", "narr.hook.visual_device",
    "narr.hook.hook_end", "narr.hook.t_first_cut", "narr.hook.t_first_text", "narr.hook.t_first_word",
    "narr.hook.t_first_face", "narr.hook.t_first_product", "narr.hook.t_first_brand",
    "edit.pacing", "edit.pacing.shots", "edit.pacing.median_shot_length", "edit.pacing_class", "edit.rhythm",
    "edit.transition", "edit.effect", "edit.speed", "edit.macro",
    "camera.scale", "camera.framing", "camera.movement", "camera.pitch", "camera.steadiness",
    "aes.production", "aes.medium", "aes.layout", "aes.light.key", "aes.color.grade", "aes.color.temperature",
    "aes.color.saturation", "aes.color.dominant", "aes.audio.dominant", "aes.audio.genre", "aes.audio.music_mood",
    "aes.audio.tempo", "aes.audio.loudness.integrated",
    "subject.kind", "subject.role", "subject.address", "subject.speech_mode", "subject.location", "subject.product",
    "subject.brand", "subject.language.speech",
    "diss.overlay.kind", "diss.cta.target", "diss.cta.first_at", "diss.loopability", "diss.retention",
    "diss.safety.disclosure",
)  # fmt: skip
"""Facets of the wide row: what creative analysts tag."""
EDGES = (("edit.transition", "start"), ("edit.transition", "end"))
"""Facets and labels that are no edit."""


@exporters.register("csv-units", suffix=".units.csv", card=Card(summary="A row a unit.", source=SOURCE))
def csv_units(
    storyboard: Storyboard, file: BinaryIO, *, facet: str = "", dialect: Dialect = "comma", bom: bool = False
) -> None:
    """Write a sheet of units to read or to correct.

    Args:
        storyboard: any.
        file: where to.
        facet: only this facet, or those that begin so when it ends in a dot; "": all.
        dialect: comma, semicolon (with decimal commas) or tab.
        bom: whether to begin with a byte order mark, by which Excel knows UTF-8.

    Raises UnknownComponent for a facet that neither the storyboard nor the vocabulary has.
    """
    units = storyboard.units(facet=facet or None)
    if not units:
        _tag_names(facet)
    sheet = Sheet(file, dialect, bom=bom)
    sheet.row(UNIT_COLUMNS)
    name = _sheet_name(units, facet)
    for unit in units:
        sheet.row(_unit_cells(unit, name))


@exporters.register("csv-shots", suffix=".shots.csv", card=Card(summary="A row a shot.", source=SOURCE))
def csv_shots(storyboard: Storyboard, file: BinaryIO, *, dialect: Dialect = "comma", bom: bool = False) -> None:
    """Write a sheet of shots: seconds, time code, frames, the edits at both ends, what is said, written and recognised.

    The last columns are the facets that the storyboard's units carry, in the order of the vocabulary.
    """
    sheet, shots = Sheet(file, dialect, bom=bom), Shots(storyboard)
    facets, said = _per_shot(storyboard, shots)
    spoken, shown = _texts(storyboard, shots)
    sheet.row([*SHOT_COLUMNS, *facets, "id"])
    for shot in shots:
        span, first, after = shot.unit.span, shot.first_frame, shot.after_frame
        frames = after - first if first is not None and after is not None else None
        sheet.row([
            shot.number, span.start_s, span.end_s, span.duration_s, shot.start_code or None, shot.end_code or None,
            first, after, frames, shot.transition_in or None, shot.transition_out or None,
            " ".join(spoken[shot.number]) or None, BETWEEN.join(shown[shot.number]) or None,
            *(_joined(said[shot.number, facet]) for facet in facets), shot.unit.id,
        ])  # fmt: skip


@exporters.register(
    "csv-wide", suffix=".tags.csv", many=True, card=Card(summary="A row of creative tags a video.", source=SOURCE)
)
def csv_wide(
    storyboards: Iterable[Storyboard],
    file: BinaryIO,
    *,
    facets: str = "",
    dialect: Dialect = "comma",
    bom: bool = False,
) -> None:
    """Write a sheet of videos with a column a facet.

    Labels come by the time they hold, most first; a number is the video's own, else the mean over the time measured.

    Args:
        storyboards: taken one at a time.
        file: where to.
        facets: names with commas between, each a facet or a beginning that ends in a dot; "": the usual tags; `all`.
        dialect: comma, semicolon (with decimal commas) or tab.
        bom: whether to begin with a byte order mark.

    Raises UnknownComponent for a facet that the vocabulary has not.
    """
    names = _tag_names(facets)
    sheet = Sheet(file, dialect, bom=bom)
    sheet.row(["video", "sha256", "duration_s", *names])
    for board in storyboards:
        by_facet: dict[str, list[Unit]] = defaultdict(list)
        for unit in board:
            if unit.status != "abstain" and (unit.facet, unit.label) not in EDGES:
                by_facet[unit.facet].append(unit)
        media = board.media
        sheet.row([media.name, media.sha256, media.duration_s, *(_tag(by_facet.get(name, [])) for name in names)])


@exporters.register(
    "csv-losslesscut",
    suffix=".losslesscut.csv",
    card=Card(summary="Segments for LosslessCut.", source="mifi/lossless-cut, edlFormats.ts: parseCsv, parseTime"),
)
def csv_losslesscut(storyboard: Storyboard, file: BinaryIO, *, what: Literal["shots", "beats"] = "shots") -> None:
    """Write start, end and label a segment, as LosslessCut's import of CSV in seconds reads them: no header, no BOM.

    It reads three decimals and no more. Both times are cut down to the millisecond: a cut then begins with the frame
    that the segment begins with, and the segment before ends with the frame before it.

    Raises SestinaError where there are no such segments: LosslessCut takes no empty list.
    """
    units = storyboard.shots if what == "shots" else storyboard.units(facet="narr.beat")
    if not units:
        raise SestinaError(f"{storyboard.media.name} has no {what} to cut by", hint="analyze it with pictures")
    sheet = Sheet(file)
    scales = _scales(storyboard) if what == "shots" else {}
    for n, unit in enumerate(units, start=1):
        label = f"shot {n} {scales.get(n, '')}".strip() if what == "shots" else unit.claim
        sheet.row([_millis(unit.span.start_s), _millis(unit.span.end_s), label])


@importers.register(
    "csv", suffix=".csv", reads=("csv-units",),
    card=Card(summary="A units sheet that a person corrected.", source=SOURCE),
)  # fmt: skip
def corrections(file: BinaryIO, onto: Storyboard, *, deleted: bool = True) -> Iterator[Correction]:
    """Yield what a corrected units sheet says, whatever order, separator or decimal sign it came back with.

    Read back are facet, label, text, value, start_s, end_s and x, y, w, h; a row without id is a new unit.

    Args:
        file: the sheet.
        onto: what was exported.
        deleted: whether units whose rows are missing were deleted.

    Raises SchemaError, with the line, for a sheet of another kind, one that breaks off, and cells that make no sense.
    """
    known = {unit.id: unit for unit in onto}
    seen: set[str] = set()
    names: set[str] = set()
    for place, row in rows(file, ("id", "facet", "start_s", "end_s"), kind="a units sheet"):
        unit_id = unguarded(row["id"]) if row["id"].strip() else ""
        if unit_id:
            seen.add(unit_id)
            names.add(row.get("sheet", "").strip())
        yield correction(place, row, known.get(unit_id), unit_id)
    if not deleted or not names:
        return
    if len(names) > 1:
        raise SchemaError("the rows come from different exports: their cells `sheet` differ")
    yield from _deleted(names.pop(), onto, seen)


def _sheet_name(units: Iterable[Unit], facet: str) -> str:
    """Return what names the whole of a sheet; the letter keeps spreadsheets from reading a number."""
    ids = "\n".join(unit.id for unit in units)
    return f"s{hashlib.sha256(ids.encode()).hexdigest()[:8]} {facet}".strip()


def _deleted(name: str, onto: Storyboard, seen: set[str]) -> Iterator[Correction]:
    """Yield the units whose rows are missing; where the storyboard has changed, with a mark that makes merge ask."""
    facet = name.partition(" ")[2]
    units = onto.units(facet=facet or None)
    same = name == _sheet_name(units, facet)
    for unit in units:
        if unit.id not in seen:
            yield Correction(
                place="a row that is missing", facet=unit.facet, span=unit.span, unit=unit.id, removed=True,
                mark=mark(unit) if same else "",
            )  # fmt: skip


def _unit_cells(unit: Unit, sheet: str) -> list[Cell]:
    box = unit.region.box if unit.region is not None else None
    quotes = (item.quote for item in unit.evidence if isinstance(item, OcrEvidence | AsrEvidence))
    return [
        unit.facet, unit.label, unit.text, unit.value, unit.unit, unit.span.start_s, unit.span.end_s, unit.level,
        unit.confidence, unit.status, *((box.x, box.y, box.w, box.h) if box else (None,) * 4), next(quotes, None),
        unit.reason, unit.producer.name, unit.id, f"m{mark(unit)}", sheet,
    ]  # fmt: skip


def _per_shot(board: Storyboard, shots: Shots) -> tuple[list[str], dict[tuple[int, str], list[Cell]]]:
    """Return the facets that say something of shots, and what they say by shot and facet."""
    said: dict[tuple[int, str], list[Cell]] = defaultdict(list)
    for unit in board:
        claim = unit.label if unit.label is not None else unit.value if unit.level == "shot" else None
        if claim is None or unit.level not in SHOT_LEVELS or unit.facet == "edit.shot":
            continue
        for shot in shots.among(unit.span):
            if claim not in said[shot, unit.facet]:
                said[shot, unit.facet].append(claim)
    there = {facet for _, facet in said}
    ordered = [facet.id for facet in vocabulary.facets() if facet.id in there]
    return [*ordered, *sorted(there - set(ordered))], said


def _texts(board: Storyboard, shots: Shots) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return what is said and what stands on the screen, by shot; a word belongs to one shot, by its middle."""
    spoken: dict[int, list[str]] = defaultdict(list)
    shown: dict[int, list[str]] = defaultdict(list)
    for word in board.transcript.words:
        for shot in shots.among(Span.at((word.start_s + word.end_s) / 2)):
            spoken[shot].append(word.text)
    for screen in board.transcript.screen:
        for shot in shots.among(screen.span):
            shown[shot].append(screen.text)
    return spoken, shown


def _scales(board: Storyboard) -> dict[int, str]:
    shots = Shots(board)
    return {shot: str(unit.label) for unit in board.units(facet="camera.scale") if unit.label is not None
            for shot in shots.among(unit.span)}  # fmt: skip


def _millis(time_s: float) -> str:
    """Return seconds with three decimals, cut down; the tiny sum undoes what binary fractions lose."""
    return f"{math.floor(time_s * 1000 + 1e-6) / 1000:.3f}"


def _joined(values: list[Cell]) -> Cell:
    if len(values) == 1:
        return values[0]
    return BETWEEN.join(f"{value:g}" if isinstance(value, float) else str(value) for value in values) or None


def _tag_names(given: str) -> list[str]:
    if not given:
        return list(TAGS)
    every = [facet.id for facet in vocabulary.facets()]
    if given == "all":
        return every
    names: dict[str, None] = {}
    for word in filter(None, (part.strip() for part in given.split(","))):
        below = [facet for facet in every if word.endswith(".") and facet.startswith(word)]
        names |= dict.fromkeys(below or [vocabulary.facet(word).id])
    return list(names)


def _tag(units: list[Unit]) -> Cell:
    """Return one facet's units as one cell."""
    numbers = [unit for unit in units if unit.value is not None and unit.label is None and unit.text is None]
    if numbers:
        own = [unit for unit in numbers if unit.level == "video"]
        if len(own) == 1:
            return own[0].value
        weights = [unit.span.duration_s for unit in numbers]
        weights = weights if any(weights) else [1.0] * len(numbers)
        total = math.fsum(w * float(unit.value or 0) for w, unit in zip(weights, numbers, strict=True))
        return round(total / math.fsum(weights), 9)
    held: dict[str, float] = defaultdict(float)
    for unit in units:
        text = unit.label if unit.label is not None else unit.text
        if text is not None:
            held[text] += unit.span.duration_s
    return BETWEEN.join(sorted(held, key=lambda text: -held[text])) or None
