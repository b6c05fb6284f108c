"""Label Studio: a task with pre-annotations, the labelling configuration that fits it, and a person's answers back.

Stretches of time are `timelinelabels`, boxes `videorectangle` with key frames, what is said of the whole video are
choices, text areas and numbers. Label Studio counts frames from 1, ends included, as time in the player times the rate
it is told: so the rate stands in the task, and a variable rate is conformed to a constant one, which the task says.
A label is called `facet=label`, because the editor finds labels by their names among all controls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.correction import Correction, mark
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._annotate import COLOURS, coded, keys, known, name_of, names_of, told, used_facets
from sestina.export._conform import Conformed
from sestina.export._json import line
from sestina.export._labelstudio import control_of, kind, read, result_of, task_of, whole_of

SOURCE = "Label Studio 1.x, JSON format of tasks and tags Video, VideoRectangle, TimelineLabels (HumanSignal, 2025)"
STORAGE = "/data/local-files/?d="
"""Where Label Studio serves files of a local storage."""


@exporters.register("labelstudio", suffix=".labelstudio.json", card=Card(
    summary="A Label Studio task with pre-annotations: timeline ranges, box tracks, choices, texts.", source=SOURCE,
))  # fmt: skip
def labelstudio(storyboard: Storyboard, file: BinaryIO, *, facets: str = "", prefix: str = STORAGE) -> None:
    """Write a list of one task to import into a project whose configuration `labelstudio-config` writes.

    Args:
        storyboard: with video.
        file: receives JSON.
        facets: ids with commas between, `narr.` for all of a kind; all when empty.
        prefix: goes before the file's name to make the address that the browser loads; an address stays as it is.

    Raises SestinaError for a storyboard without video.
    """
    grid = Conformed(storyboard)
    units = list(told(storyboard, facets))
    whole = whole_of(storyboard, units)
    path = storyboard.media.path
    about = {
        "media": storyboard.media.name,
        "sha256": storyboard.media.sha256,
        "rate": f"{grid.rate.numerator}/{grid.rate.denominator}",
        "frames": grid.frame_count,
        "note": grid.note,
        "units": {coded(unit.id): mark(unit) for unit in units},
    }
    address = path if "://" in path else prefix + quote(storyboard.media.name)
    data = {"video": address, "fps": round(float(grid.rate), 6), "sestina": about}
    file.write(f'[{{"data": {line(data)},\n"predictions": [{{"model_version": "sestina", "result": ['.encode())
    comma = ""
    for result in _results(units, whole, grid):
        file.write(f"{comma}\n{line(result)}".encode())
        comma = ","
    file.write(b"\n]}]}]\n")


@exporters.register("labelstudio-config", suffix=".labelstudio.xml", card=Card(
    summary="The Label Studio labelling configuration for a storyboard's facets.", source=SOURCE,
))  # fmt: skip
def config(storyboard: Storyboard, file: BinaryIO, *, facets: str = "") -> None:
    """Write the XML to paste into a project's labelling interface: every label of every facet used, to relabel with.

    Args:
        storyboard: whose facets are used.
        file: receives XML.
        facets: as for `labelstudio`; facets named in full are there even where the storyboard does not use them.

    Raises SestinaError for a storyboard without video, and where there would be nothing to label with.
    """
    grid = Conformed(storyboard)
    units = list(told(storyboard, facets))
    whole = whole_of(storyboard, units)
    used = used_facets(units, facets)
    if not used:
        raise SestinaError("no facet to label", hint="name some: --set facets=edit.shot,narr.beat")
    lines = ["<View>", f"  <Header value={quoteattr(_header(storyboard, grid))}/>"]
    lines.append('  <Video name="video" value="$video" frameRate="$fps" timelineHeight="120"/>')
    boxed = [unit for unit in units if unit.region is not None]
    if boxed:
        # Boxes first: the editor looks a box's label up in the first control that has it.
        lines += ['  <VideoRectangle name="box" toName="video"/>', *_labels("Labels", "boxes", used_facets(boxed, ""))]
    spans = [unit for unit in units if unit.region is None and unit.facet not in whole]
    more = ",".join(used.keys() - whole.keys() - {unit.facet for unit in boxed})
    lines += _labels("TimelineLabels", "timeline", used_facets(spans, more))
    here = {facet: group for facet, group in used.items() if facet not in whole}
    if _any(here, "text"):
        lines.append('  <Header size="5" value="Text of the region"/>')
        lines.append('  <TextArea name="text" toName="video" perRegion="true" editable="true" maxSubmissions="1"/>')
    if _any(here, "value"):
        lines.append('  <Header size="5" value="Number of the region"/>')
        lines.append('  <Number name="value" toName="video" perRegion="true"/>')
    for facet in sorted(whole):
        lines += _control(facet, whole[facet])
    file.write("\n".join([*lines, "</View>", ""]).encode())


def _header(board: Storyboard, grid: Conformed) -> str:
    # A value that begins with $ would be looked up in the task.
    return f"Storyboard by facets, frames at {float(grid.rate):.6g} a second. {grid.note}".strip()


def _any(groups: dict[str, list[Unit]], field: str) -> bool:
    """Return whether units of some facets have a text, or a value, or may have one."""
    sort = {"text": "text", "value": "num"}[field]
    facets = [facet for name in groups if (facet := known(name)) is not None]
    return any(facet.type == sort for facet in facets) or any(
        getattr(unit, field) is not None for group in groups.values() for unit in group
    )


def _results(units: list[Unit], whole: dict[str, list[Unit]], grid: Conformed) -> Iterator[dict[str, Any]]:
    """Yield the results of the pre-annotation; those of one region share its id."""
    for unit in units:
        if unit.facet in whole:
            if unit is whole[unit.facet][0]:
                yield _classified(whole[unit.facet])
            continue
        head = {"id": coded(unit.id), "to_name": "video", "origin": "prediction", "score": unit.confidence}
        if unit.region is not None:
            yield {**head, "from_name": "box", "type": "videorectangle", "value": _rectangle(unit, grid)}
        else:
            first, after = grid.frames(unit.span)
            value = {"ranges": [{"start": first + 1, "end": after}], "timelinelabels": [name_of(unit)]}
            yield {**head, "from_name": "timeline", "type": "timelinelabels", "value": value}
        if unit.text is not None:
            yield {**head, "from_name": "text", "type": "textarea", "value": {"text": [unit.text]}}
        if unit.value is not None:
            yield {**head, "from_name": "value", "type": "number", "value": {"number": unit.value}}


def _classified(group: list[Unit]) -> dict[str, Any]:
    """Return the result of a facet of the whole video."""
    sort, first = kind(group[0]), group[0]
    says: Any = {
        "choices": [unit.label for unit in group],
        "textarea": [unit.text for unit in group],
        "number": first.value,
    }[sort]
    return {
        "id": coded(first.id), "to_name": "video", "origin": "prediction", "from_name": control_of(first.facet),
        "type": sort, "value": {"text" if sort == "textarea" else sort: says},
        "score": min(unit.confidence for unit in group),
    }  # fmt: skip


def _rectangle(unit: Unit, grid: Conformed) -> dict[str, Any]:
    """Return a box track: key frames in per cent of the picture, the last one where it is still shown."""
    after = grid.frames(unit.span)[1]
    shown = dict(keys(unit, grid))
    last = shown.pop(after - 1, None) or shown[max(shown)]
    rate = float(grid.rate)
    sequence = [
        {
            "frame": frame + 1, "time": round((frame + 1) / rate, 6), "enabled": enabled, "rotation": 0,
            "x": round(100 * box.x, 3), "y": round(100 * box.y, 3),
            "width": round(100 * box.w, 3), "height": round(100 * box.h, 3),
        }
        for frame, box, enabled in (*((f, b, True) for f, b in sorted(shown.items())), (after - 1, last, False))
    ]  # fmt: skip
    return {
        "framesCount": grid.frame_count,
        "duration": round(grid.frame_count / rate, 6),
        "sequence": sequence,
        "labels": [name_of(unit)],
    }


def _labels(tag: str, name: str, groups: dict[str, list[Unit]]) -> Iterator[str]:
    """Yield the lines of one control with every label of some facets."""
    if not groups:
        return
    yield f'  <{tag} name="{name}" toName="video">'
    for facet_id, group in groups.items():
        facet = known(facet_id)
        colour = COLOURS[facet.dimension] if facet is not None else "#7f7f7f"
        for value in dict.fromkeys((*names_of(facet_id), *map(name_of, group))):
            yield f'    <Label value={quoteattr(value)} background="{colour}"/>'
    yield f"  </{tag}>"


def _control(facet_id: str, group: list[Unit]) -> Iterator[str]:
    """Yield the lines of the control for a facet of the whole video, under its name."""
    name, facet = control_of(facet_id), vocabulary.facet(facet_id)
    yield f'  <Header size="5" value={quoteattr(facet_id)}/>'
    match kind(group[0]):
        case "choices":
            choice = "multiple" if facet.multi else "single"
            yield f'  <Choices name="{name}" toName="video" choice="{choice}" layout="inline">'
            labels = dict.fromkeys((*facet.labels, *(unit.label or "" for unit in group)))
            yield from (f"    <Choice value={quoteattr(label)}/>" for label in labels)
            yield "  </Choices>"
        case "textarea":
            limit = "" if facet.multi else ' maxSubmissions="1"'
            yield f'  <TextArea name="{name}" toName="video" editable="true"{limit}/>'
        case _:
            yield f'  <Number name="{name}" toName="video"/>'


@importers.register("labelstudio", suffix=".labelstudio.json", card=Card(
    summary="Reads a person's annotation of an exported task: moved, relabelled, drawn, deleted.", source=SOURCE,
))  # fmt: skip
def answers(file: BinaryIO, onto: Storyboard, *, completed_by: str | None = None) -> Iterable[Correction]:
    """Yield what a person's annotation says of every unit that was exported, and what they added.

    Args:
        file: Label Studio's JSON export (not JSON-MIN), or an export nobody has worked on yet.
        onto: what was exported.
        completed_by: the person where several annotated the task: id, e-mail or user name.

    Raises SchemaError for other files, and where it is not clear whose annotation is meant.
    """
    task = task_of(file, onto)
    return read(task, result_of(task, completed_by), onto)
