"""OpenTimelineIO: shots as clips, gradual edits as transitions, one colour of markers a dimension, and nothing lost.

Every clip, transition and marker carries its unit, as JSON text, in `metadata["sv6d"]`; the timeline carries the rest
of the document. Text, because OpenTimelineIO's own reader is not exact: read back by version 0.18.1, one in ten random
doubles below 1 differs in its last bit, texts end at U+0000, keys come back sorted, and integers end at 64 bits.

The file is written piece by piece in OpenTimelineIO's file format, not through its objects: with them, ten thousand
units took 3.5 s of processor time instead of 1, and a second copy of everything. It is read through the library, which
knows past versions of the format.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from sestina.core.card import Card
from sestina.core.correction import Correction, mark
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._conform import Clip, Conformed, Join
from sestina.export._layers import COLOURS, Layout, layout, title
from sestina.export._otio_changes import corrections
from sestina.export._otio_read import opened, record, records
from sestina.export._timeline import chosen, uri
from sestina.export._wrap import one_line

CARD = Card(
    summary="An editor's timeline that holds the whole document.",
    source="OpenTimelineIO file format, Academy Software Foundation, 2024 (schemas of 0.18)",
    needs=("export",),
    cost="10,000 units in 1.0 s of processor time",
)
BLENDS = ("dissolve", "fade")
"""Families of edits that a player without their names may show as a cross dissolve."""
ITEM: dict[str, Any] = {"source_range": None, "effects": [], "enabled": True, "color": None}
"""What every clip, track and stack has."""
STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a bundle, so that the same storyboard gives the same bytes."""


@exporters.register("otio", suffix=".otio", lossless=True, card=CARD)
def otio(
    storyboard: Storyboard, file: BinaryIO, *, dimensions: str | None = None, min_confidence: float = 0.0
) -> None:
    """Write a storyboard as an OpenTimelineIO timeline.

    Args:
        storyboard: with video. Raises SestinaError without.
        file: where to.
        dimensions: those whose units are shown as markers, names with commas between; None: all. The others are
            still in the file.
        min_confidence: units less sure are not shown either.
    """
    for piece in _timeline(storyboard, _shown(storyboard, dimensions, min_confidence), uri(storyboard.media.path), ""):
        file.write(piece.encode())


@exporters.register(
    "otio-otioz",
    suffix=".otioz",
    lossless=True,
    card=replace(CARD, summary="The same in one file with its video."),
)
def bundle(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    dimensions: str | None = None,
    min_confidence: float = 0.0,
    video: Path | None = None,
) -> None:
    """Write a timeline and its video in one file.

    Args:
        storyboard: with video. Raises SestinaError without.
        file: where to.
        dimensions, min_confidence: as for `otio`.
        video: the video; without it the timeline refers to where the document says it is, and says so.
    """
    shown = _shown(storyboard, dimensions, min_confidence)
    target, remark = uri(storyboard.media.path), "the video was not found, so the bundle refers to it"
    with zipfile.ZipFile(file, "w") as archive:
        with archive.open(_member("version.txt"), "w") as out:
            out.write(b"1.0.0")
        if video is not None:
            target = "media/" + (re.sub(r"[^A-Za-z0-9.-]+", "_", storyboard.media.name).lstrip(".") or "video")
            same = _add(archive, target, video) == storyboard.media.sha256
            remark = "" if same else "the bundled video is not, byte for byte, the one that was analyzed"
        with archive.open(_member("content.otio"), "w", force_zip64=True) as out:
            for piece in _timeline(storyboard, shown, target, remark):
                out.write(piece.encode())


@importers.register("otio", suffix=".otio", packages=("opentimelineio",), card=CARD)
def corrected(file: BinaryIO, onto: Storyboard) -> Iterable[Correction]:
    """Yield what a person did to clips, transitions and markers in an editor.

    Units are known again by their metadata; where the editor dropped it, by name and place. Raises SchemaError.
    """
    return corrections(opened(file), onto)


@importers.register("otio-otioz", suffix=".otioz", packages=("opentimelineio",), card=CARD)
def corrected_bundle(file: BinaryIO, onto: Storyboard) -> Iterable[Correction]:
    """Yield what a person did to the timeline in a bundle. Raises SchemaError."""
    return corrections(opened(file), onto)


def storyboard_of(file: BinaryIO) -> Storyboard:
    """Return the storyboard that an `.otio` or `.otioz` file was made from, exactly as it was.

    What a person changed in an editor is not in it: that is what the importer is for. Raises SchemaError where the
    file is none of ours, or where units were deleted from it.
    """
    timeline = opened(file)
    kept = record(timeline)
    if "document" not in kept:
        raise SchemaError("the file carries no storyboard", hint="an editor dropped its metadata; use `sestina import`")
    units = {text: json.loads(text) for text in records(timeline)}
    found = {unit["id"] for unit in units.values()}
    exported = json.loads(kept["units"])
    lost = [unit_id for unit_id in exported if unit_id not in found]
    if lost:
        raise SchemaError(
            f"{len(lost)} of {len(exported)} units were deleted from the file, the first is {lost[0]!r}",
            hint="use `sestina import` to bring the change onto the storyboard",
        )
    return Storyboard.from_dict({**json.loads(kept["document"]), "units": list(units.values())}).canonical()


def _shown(board: Storyboard, dimensions: str | None, min_confidence: float) -> set[int]:
    return {id(unit) for unit in chosen(board, dimensions, min_confidence)}


def _timeline(board: Storyboard, shown: set[int], target: str, remark: str) -> Iterator[str]:
    """Yield the file piece by piece: the timeline, its stack with the markers, and its two tracks."""
    conformed = Conformed(board)
    plan = layout(conformed)
    kept = {
        "document": _text(board.model_copy(update={"items": ()}).to_dict()),
        "units": _text({unit.id: mark(unit) for unit in board.items}),
        "hidden": [_unit_text(unit) for unit in plan.markers if id(unit) not in shown],
        "note": "; ".join(said for said in (conformed.note, remark) if said),
    }
    head = {"OTIO_SCHEMA": "Timeline.1", "metadata": {"sv6d": kept}, "name": one_line(board.media.name),
            "global_start_time": None}  # fmt: skip
    yield _text(head)[:-1] + ', "tracks": ' + _text(_item("Stack.1", "tracks"))[:-1]
    yield ', "markers": [\n'
    markers = (_marker(unit, *conformed.frames(unit.span), conformed) for unit in plan.markers if id(unit) in shown)
    yield from _listed(markers)
    yield '], "children": [\n'
    reference = _reference(conformed, target)
    yield from _track("V1", "Video", _pictures(conformed, plan, reference))
    if board.media.audio is not None:
        yield ",\n"
        yield from _track("A1", "Audio", (_clip(clip, conformed, reference, None, None) for clip in conformed.clips))
    yield "]}}\n"


def _track(name: str, kind: str, children: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield _text({**_item("Track.1", name), "markers": [], "kind": kind})[:-1] + ', "children": [\n'
    yield from _listed(children)
    yield "]}"


def _listed(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    for number, item in enumerate(items):
        yield (",\n" if number else "") + _text(item)


def _pictures(conformed: Conformed, plan: Layout, reference: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield clips, and the transitions between them."""
    for clip in conformed.clips:
        if clip.first in plan.joins:
            yield _transition(plan.joins[clip.first], conformed)
        yield _clip(clip, conformed, reference, clip.unit, plan.cuts.get(clip.first))
    if conformed.frame_count in plan.joins:
        yield _transition(plan.joins[conformed.frame_count], conformed)


def _item(schema: str, name: str) -> dict[str, Any]:
    return {"OTIO_SCHEMA": schema, "metadata": {}, "name": name, **ITEM}


def _reference(conformed: Conformed, target: str) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "ExternalReference.1", "metadata": {}, "name": one_line(conformed.board.media.name),
        "available_range": _range(0, conformed.frame_count, conformed), "available_image_bounds": None,
        "target_url": target,
    }  # fmt: skip


def _clip(
    clip: Clip, conformed: Conformed, reference: dict[str, Any], shot: Unit | None, cut: Unit | None
) -> dict[str, Any]:
    return {
        **_item("Clip.2", reference["name"]),
        "metadata": _record(shot) if shot is not None else {},
        "source_range": _range(clip.first, clip.after, conformed),
        "markers": [_marker(cut, clip.first, clip.first + 1, conformed)] if cut is not None else [],
        "media_references": {"DEFAULT_MEDIA": reference},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _transition(join: Join, conformed: Conformed) -> dict[str, Any]:
    label = str(join.unit.label)
    blend = label in BLENDS or label.endswith("_dissolve") or label.startswith(("fade_", "dip_"))
    return {
        "OTIO_SCHEMA": "Transition.1", "metadata": _record(join.unit), "name": label,
        "in_offset": _time(join.cut - join.first, conformed), "out_offset": _time(join.after - join.cut, conformed),
        "transition_type": "SMPTE_Dissolve" if blend else "Custom_Transition",
    }  # fmt: skip


def _marker(unit: Unit, first: int, after: int, conformed: Conformed) -> dict[str, Any]:
    said = one_line(unit.text) if unit.label is not None and unit.text is not None else ""
    return {
        "OTIO_SCHEMA": "Marker.2", "metadata": _record(unit), "name": title(unit), "color": COLOURS[unit.dimension],
        "marked_range": _range(first, after, conformed), "comment": said,
    }  # fmt: skip


def _record(unit: Unit) -> dict[str, Any]:
    """Return a unit as metadata: what a person looks for in the open, and all of it as text."""
    return {"sv6d": {"facet": unit.facet, "label": unit.label, "status": unit.status, "mark": mark(unit),
                     "unit": _unit_text(unit)}}  # fmt: skip


def _unit_text(unit: Unit) -> str:
    return _text(unit.model_dump(mode="json", exclude_none=True))


_text = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _range(first: int, after: int, conformed: Conformed) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "TimeRange.1", "duration": _time(after - first, conformed),
            "start_time": _time(first, conformed)}  # fmt: skip


def _time(frames: int, conformed: Conformed) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(conformed.rate), "value": float(frames)}


def _member(name: str, size: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, STAMP)
    info.create_system, info.external_attr, info.file_size = 3, 0o644 << 16, size  # as on Unix, wherever it is made
    return info


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Copy a file into a bundle and return its SHA-256, 64 hex digits."""
    try:
        with path.open("rb") as source, archive.open(_member(name, path.stat().st_size), "w") as out:
            shutil.copyfileobj(source, out, 1 << 20)
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise SestinaError(f"cannot read {path.name!r}: {error.strerror}", hint="name it with --video") from error
