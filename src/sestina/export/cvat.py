"""CVAT for video 1.1: boxes and stretches of time as tracks, the labels they need, and a person's corrections back.

CVAT counts the frames of the file from 0 in the order they are shown, so a variable rate needs no conforming. It knows
no stretch of time without a box: such a unit is a box around the whole picture, behind the others. A label is a facet;
what it says are the attributes `label`, `text` and `value`, and `unit` tells where a track came from. What is said of
the whole video has no place in CVAT.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, BinaryIO
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from sestina.core.card import Card
from sestina.core.correction import Correction, mark
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.evidence import Box
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._annotate import (
    COLOURS,
    Counted,
    Seen,
    coded,
    corrections,
    decoded,
    keys,
    known,
    lifespans,
    number,
    plain,
    removed,
    told,
    used_facets,
    whole_number,
)

SOURCE = "CVAT for video 1.1, XML annotation format (CVAT.ai, 2018-2026)"
WHOLE = Box(x=0, y=0, w=1, h=1)
NOTHING = "-"
"""Choice of a label for a unit that has none."""
HINT = "export the task from CVAT as `CVAT for video 1.1`"


@exporters.register("cvat", suffix=".cvat.xml", card=Card(
    summary="CVAT for video XML 1.1: box tracks, and stretches of time as boxes around the whole picture.",
    source=SOURCE,
))  # fmt: skip
def cvat(storyboard: Storyboard, file: BinaryIO, *, facets: str = "") -> None:
    """Write annotations to upload into a task whose labels `cvat-labels` writes.

    Args:
        storyboard: with video.
        file: receives XML.
        facets: ids with commas between, `diss.overlay.` for all of a kind; all when empty.

    Raises SestinaError for a storyboard without video.
    """
    grid, units = Counted(storyboard), list(_shown(storyboard, facets))
    size = _size(grid)
    for line in (*_meta(storyboard, grid, _labels(units, facets)), *_tracks(units, grid, size)):
        file.write(f"{line}\n".encode())
    file.write(b"</annotations>\n")


@exporters.register("cvat-labels", suffix=".cvat-labels.json", card=Card(
    summary="The labels of a CVAT task for a storyboard's facets, for the constructor's raw view.", source=SOURCE,
))  # fmt: skip
def labels(storyboard: Storyboard, file: BinaryIO, *, facets: str = "") -> None:
    """Write the labels, with every label of the facets used as choices, to paste when the task is made.

    Args:
        storyboard: with video.
        file: receives JSON.
        facets: as for `cvat`; facets named in full are there even where the storyboard does not use them.

    Raises SestinaError for a storyboard without video, and where there would be no label.
    """
    Counted(storyboard)
    found = _labels(list(_shown(storyboard, facets)), facets)
    if not found:
        raise SestinaError("no facet to label", hint="name some: --set facets=edit.shot,narr.beat")
    file.write(json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n")


@importers.register("cvat", suffix=".cvat.xml", card=Card(
    summary="Reads tracks corrected in CVAT: moved, relabelled, drawn, deleted.", source=SOURCE,
))  # fmt: skip
def tracks(file: BinaryIO, onto: Storyboard) -> Iterable[Correction]:
    """Yield what a task's tracks say of every unit that was exported, and what a person added.

    A deletion is told only where the storyboard's facet is as it was exported.

    Args:
        file: `CVAT for video 1.1`, the XML or the archive that holds it, of the whole task.
        onto: what was exported.

    Raises SchemaError for other files.
    """
    grid = Counted(onto)
    size = _size(grid)
    states: dict[str, str] = {}
    seen: list[Seen] = []
    for element in _elements(file):
        if element.tag == "track":
            seen += _seen(element, grid, size)
        elif element.tag == "label":
            states[element.findtext("name") or ""] = _default(element)
        elif element.tag == "meta":
            _check_frames(element, grid)
        elif element.tag == "image":
            raise SchemaError("not CVAT for video but CVAT for images", hint=HINT)
    yield from corrections(seen, onto, grid, pixels=size)
    there, exported = {one.unit for one in seen}, list(_shown(onto, ""))
    for facet, state in states.items():
        group = [unit for unit in exported if unit.facet == facet]
        if state == _state(group):
            yield from (removed(f"label {facet}", unit, mark(unit)) for unit in group if unit.id not in there)


def _shown(board: Storyboard, facets: str) -> Iterator[Unit]:
    return (unit for unit in told(board, facets) if unit.region is not None or unit.level != "video")


def _size(grid: Counted) -> tuple[int, int]:
    """Return the size of pictures as CVAT decodes them: turned upright, but not stretched to square pixels."""
    size = (grid.video.width, grid.video.height)
    return size if grid.video.rotation_deg % 180 == 0 else (size[1], size[0])


def _state(units: list[Unit]) -> str:
    """Return the default of the attribute `unit`, which tells on the way back what of a facet was exported."""
    said = " ".join(sorted(f"{coded(unit.id)}#{mark(unit)}" for unit in units))
    return f"new:{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _labels(units: list[Unit], facets: str) -> list[dict[str, Any]]:
    """Return the task's labels: a facet each, in the vocabulary's order."""
    groups = used_facets(units, facets)
    found = []
    for facet_id, group in groups.items():
        facet = known(facet_id)
        choices = list(facet.labels) if facet is not None else []
        choices += sorted({unit.label for unit in group if unit.label is not None} - set(choices))
        if choices and any(unit.label is None for unit in group):
            choices.append(NOTHING)
        attributes = [_attribute("label", "select", choices)] if choices else []
        kind = facet.type if facet is not None else ""
        if kind == "text" or any(unit.text is not None for unit in group):
            attributes.append(_attribute("text", "text", [""]))
        if kind == "num" or any(unit.value is not None for unit in group):
            attributes.append(_attribute("value", "text", [""]))
        attributes.append(_attribute("unit", "text", [_state(group)]))
        colour = COLOURS[facet.dimension] if facet is not None else "#7f7f7f"
        found.append({"name": facet_id, "color": colour, "type": "rectangle", "attributes": attributes})
    return found


def _attribute(name: str, sort: str, values: list[str]) -> dict[str, Any]:
    return {"name": name, "mutable": False, "input_type": sort, "default_value": values[0], "values": values}


def _meta(board: Storyboard, grid: Counted, found: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the head: what the task is, its labels and the size of its pictures."""
    name = escape(plain(board.media.name))
    width, height = _size(grid)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n <version>1.1</version>\n <meta>\n  <task>'
    yield f"   <name>{name}</name>\n   <size>{grid.frame_count}</size>\n   <mode>interpolation</mode>"
    yield f"   <start_frame>0</start_frame>\n   <stop_frame>{grid.frame_count - 1}</stop_frame>\n   <labels>"
    for label in found:
        yield f"    <label>\n     <name>{escape(label['name'])}</name>\n     <color>{label['color']}</color>"
        yield f"     <type>{label['type']}</type>\n     <attributes>"
        for one in label["attributes"]:
            values = escape(plain("\n".join(one["values"])))
            yield (
                f"      <attribute><name>{one['name']}</name><mutable>False</mutable>"
                f"<input_type>{one['input_type']}</input_type>"
                f"<default_value>{escape(plain(one['default_value']))}</default_value>"
                f"<values>{values}</values></attribute>"
            )
        yield "     </attributes>\n    </label>"
    yield f"   </labels>\n   <original_size><width>{width}</width><height>{height}</height></original_size>"
    yield f"   <source>{name}</source>\n  </task>\n </meta>"


def _tracks(units: list[Unit], grid: Counted, size: tuple[int, int]) -> Iterator[str]:
    """Yield a track a unit: its boxes at key frames, hidden from the first frame where it no longer is."""
    mixed = {unit.facet for unit in units if unit.label is not None}
    for count, unit in enumerate(units):
        first, after = grid.frames(unit.span)
        boxes = list(keys(unit, grid)) or [(first, WHOLE)]
        says = {"label": unit.label if unit.label is not None else NOTHING if unit.facet in mixed else None,
                "text": unit.text, "value": None if unit.value is None else repr(unit.value),
                "unit": f"{coded(unit.id)}#{mark(unit)}"}  # fmt: skip
        attributes = "".join(
            f'<attribute name="{name}">{escape(plain(text))}</attribute>'
            for name, text in says.items()
            if text is not None
        )
        depth = int(unit.region is not None)
        yield f' <track id="{count}" label={quoteattr(unit.facet)} source="auto">'
        hidden = [(after, boxes[-1][1], 1)] if after < grid.frame_count else []
        for frame, box, outside in (*((frame, box, 0) for frame, box in boxes), *hidden):
            yield (
                f'  <box frame="{frame}" keyframe="1" outside="{outside}" occluded="0" {_corners(box, size)}'
                f' z_order="{depth}">{attributes}</box>'
            )
        yield " </track>"


def _corners(box: Box, size: tuple[int, int]) -> str:
    width, height = size
    edges = {"xtl": box.x * width, "ytl": box.y * height,
             "xbr": (box.x + box.w) * width, "ybr": (box.y + box.h) * height}  # fmt: skip
    return " ".join(f'{name}="{value:.2f}"' for name, value in edges.items())


def _elements(file: BinaryIO) -> Iterator[ElementTree.Element]:
    """Yield the elements below the root as they end, each emptied afterwards. Raises SchemaError."""
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive, archive.open("annotations.xml") as inside:
                yield from _parsed(inside)
        else:
            file.seek(0)
            yield from _parsed(file)
    except (ElementTree.ParseError, ValueError, LookupError, zipfile.BadZipFile) as error:
        raise SchemaError(f"not CVAT's XML: {error}", hint=HINT) from error


def _parsed(source: IO[bytes]) -> Iterator[ElementTree.Element]:
    first = True
    for event, element in ElementTree.iterparse(source, events=("start", "end")):
        if first and element.tag != "annotations":
            raise SchemaError(f"not CVAT: its root is <{element.tag[:40]}>, not <annotations>", hint=HINT)
        first = False
        if event == "end" and element.tag in ("track", "label", "meta", "image"):
            yield element
            if element.tag != "label":  # the head is read again as a whole
                element.clear()


def _default(label: ElementTree.Element) -> str:
    """Return the default value of a label's attribute `unit`, "" without one."""
    for attribute in label.iter("attribute"):
        if attribute.findtext("name") == "unit":
            return attribute.findtext("default_value") or attribute.findtext("values") or ""
    return ""


def _check_frames(meta: ElementTree.Element, grid: Counted) -> None:
    """Raise SchemaError where a file holds a part of the video only: what is missing was not deleted."""
    first, last = (next(meta.iter(name), None) for name in ("start_frame", "stop_frame"))
    start = whole_number(first.text, "start_frame") if first is not None and first.text else 0
    stop = whole_number(last.text, "stop_frame") if last is not None and last.text else grid.frame_count - 1
    # CVAT's count may differ by the few frames at the end that one decoder shows and another does not.
    if start > 0 or stop + 1 < 0.98 * grid.frame_count:
        raise SchemaError(f"holds frames {start} to {stop} of {grid.frame_count}", hint="export the whole task")


def _seen(track: ElementTree.Element, grid: Counted, size: tuple[int, int]) -> Iterator[Seen]:
    """Yield what a track shows: one thing for each run of frames in which it is not hidden."""
    place = f"track {track.get('id')}"
    found: list[tuple[int, Box, bool]] = []
    says: dict[str, str] = {}
    for shape in track:
        if shape.get("keyframe") != "1" and found:  # CVAT writes every frame between as well
            continue
        says = says or {str(one.get("name")): one.text or "" for one in shape.iter("attribute")}
        found.append((whole_number(shape.get("frame"), place), _box(shape, place, size), shape.get("outside") != "1"))
    unit, sign, said = says.get("unit", "").rpartition("#")
    label, facet = says.get("label", NOTHING), track.get("label", "")
    value = says.get("value", "").strip()
    runs = lifespans(sorted(found, key=lambda key: key[0]), grid.frame_count)
    for count, (first, after, boxes) in enumerate(runs):
        yield Seen(
            place=place,
            name=facet if label == NOTHING else f"{facet}={label}",
            first=first,
            after=after,
            unit=decoded(unit) if sign and not count else None,
            mark=said if sign and not count else None,
            text=says.get("text") or None,
            value=number(value, f"{place}: value") if value else None,
            keys=() if all(_covers(box) for _, box in boxes) else boxes,
        )


def _box(shape: ElementTree.Element, place: str, size: tuple[int, int]) -> Box:
    """Return a shape's box, or the box around its points, in fractions of the picture."""
    points = (shape.get("points") or "").replace(";", ",").split(",")
    if points != [""]:
        values = [number(one, place) for one in points]
        xs, ys = values[::2], values[1::2] or [0.0]
    else:
        xs, ys = ([number(shape.get(name), place) for name in pair] for pair in (("xtl", "xbr"), ("ytl", "ybr")))
    left, right, top, bottom = min(xs) / size[0], max(xs) / size[0], min(ys) / size[1], max(ys) / size[1]
    return Box.of(left, top, right - left, bottom - top)


def _covers(box: Box) -> bool:
    return box.w > 0.999 and box.h > 0.999
