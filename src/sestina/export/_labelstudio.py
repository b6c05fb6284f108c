"""Label Studio's words: which control holds what, and reading what a person answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, BinaryIO

from sestina.core import vocabulary
from sestina.core.correction import Correction
from sestina.core.errors import SchemaError
from sestina.core.evidence import Box
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._annotate import (
    Seen,
    coded,
    corrections,
    decoded,
    known,
    lifespans,
    number,
    removed,
    same_text,
    told,
    whole_number,
)
from sestina.export._conform import Conformed

HINT = "export the project as JSON, not as JSON-MIN or CSV"
Items = list[dict[str, Any]]


def whole_of(board: Storyboard, units: list[Unit]) -> dict[str, list[Unit]]:
    """Return, by facet, what is said of the whole video and fits one control: labels, texts or one number."""
    groups: dict[str, list[Unit]] = {}
    others = set()
    for unit in units:
        if unit.level == "video" and unit.span == board.media.span and unit.region is None:
            groups.setdefault(unit.facet, []).append(unit)
        else:
            others.add(unit.facet)
    return {name: group for name, group in groups.items() if name not in others and _fits(name, group)}


def _fits(facet_id: str, group: list[Unit]) -> bool:
    facet, sort = known(facet_id), kind(group[0])
    said = {unit.label if sort == "choices" else unit.text for unit in group}
    if facet is None or sort == "" or any(kind(unit) != sort for unit in group):
        return False
    return len(group) == 1 or (facet.multi and sort != "number" and len(said) == len(group))


def kind(unit: Unit) -> str:
    """Return the control that holds what a unit says: `choices`, `textarea`, `number`, "" for one without words."""
    if unit.label is not None:
        return "choices"
    return "textarea" if unit.text is not None else "number" if unit.value is not None else ""


def control_of(facet: str) -> str:
    """Return the name of the control for a facet of the whole video; names hold no dots, ids no dashes."""
    return facet.replace(".", "-")


def task_of(file: BinaryIO, onto: Storyboard) -> dict[str, Any]:
    """Return the task of a storyboard's video from Label Studio's JSON. Raises SchemaError."""
    try:
        root = json.load(file)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"not JSON: {error}", hint=HINT) from error
    tasks = [one for one in (root if isinstance(root, list) else [root]) if isinstance(one, dict)]
    tasks = [one for one in tasks if isinstance(one.get("data"), dict)]
    mine = [one for one in tasks if _about(one).get("sha256") == onto.media.sha256]
    foreign = [one for one in tasks if not _about(one)]
    if len(mine) == 1 or (not mine and len(tasks) == len(foreign) == 1):
        return (mine or foreign)[0]
    found = f"{len(mine)} tasks" if mine else f"none of {len(tasks)} tasks"
    raise SchemaError(f"{found} of this video ({onto.media.name}) in the file", hint=HINT)


def result_of(task: dict[str, Any], completed_by: str | None) -> Items:
    """Return the results of a person's annotation, or of ours where nobody annotated yet. Raises SchemaError."""
    given = [one for one in _dicts(task.get("annotations"), "annotations") if not one.get("was_cancelled")]
    people = [_person(one.get("completed_by")) for one in given]
    if completed_by is not None:
        given = [one for one, names in zip(given, people, strict=True) if completed_by in names]
        if not given:
            raise SchemaError(f"no annotation by {completed_by!r}", hint=f"there are: {_listed(people)}")
    elif not given:
        given = [one for one in _predictions(task) if str(one.get("model_version", "")).startswith("sestina")]
    if len(given) != 1:
        hint = f"choose one: --set completed_by=...; there are: {_listed(people)}" if given else "annotate it first"
        raise SchemaError(f"the task has {len(given)} annotations", hint=hint)
    return _dicts(given[0].get("result"), "result")


def read(task: dict[str, Any], result: Items, onto: Storyboard) -> Iterator[Correction]:
    """Yield the corrections of one annotation: of the whole video, of regions, and what is gone."""
    grid = _grid(task, onto)
    marks = _about(task).get("units", {})
    if not isinstance(marks, dict):
        raise SchemaError("data.sestina.units is no object", hint=HINT)
    marks = {str(unit): str(said) for unit, said in marks.items()}
    gone = {unit.id: unit for unit in told(onto) if coded(unit.id) in marks}
    whole = whole_of(onto, list(gone.values()))
    facets = {control_of(facet.id): facet.id for facet in vocabulary.facets()}
    regions: dict[str, Items] = {}
    for count, item in enumerate(result, 1):
        facet = facets.get(str(item.get("from_name")))
        if facet is not None:
            group = whole.pop(facet, [])
            for unit in group:
                gone.pop(unit.id, None)
            yield from _of_whole(item, facet, group, onto, marks)
        elif "value" in item:
            regions.setdefault(str(item.get("id") or f"of result {count}"), []).append(item)
    seen = [one for region, items in regions.items() for one in _seen(region, items, marks, onto)]
    for one in seen:
        gone.pop(one.unit or "", None)
    yield from corrections(seen, onto, grid)
    for unit_id, unit in gone.items():
        yield removed(f"region {coded(unit_id)}", unit, marks[coded(unit_id)])


def _about(task: dict[str, Any]) -> dict[str, Any]:
    about = task["data"].get("sestina")
    return about if isinstance(about, dict) else {}


def _grid(task: dict[str, Any], onto: Storyboard) -> Conformed:
    """Return the frames that the task was exported with."""
    said = _about(task).get("rate")
    try:
        rate = None if said is None else Fraction(str(said))
    except (ValueError, ZeroDivisionError) as error:
        raise SchemaError(f"data.sestina.rate: {error}", hint="export the task again") from error
    if rate is not None and not 0 < rate < 10_000:
        raise SchemaError(f"data.sestina.rate: {str(said)[:40]} frames a second", hint="export the task again")
    return Conformed(onto, rate)


def _dicts(value: Any, place: str) -> Items:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise SchemaError(f"{place} is no list of objects", hint=HINT)
    return value


def _predictions(task: dict[str, Any]) -> Items:
    """Return the predictions; Label Studio may export their ids only."""
    given = task.get("predictions")
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _person(value: Any) -> list[str]:
    """Return the names of who completed an annotation: an id, or an object with id, e-mail and user name."""
    if isinstance(value, dict):
        return [str(value[name]) for name in ("email", "username", "id", "first_name") if value.get(name)]
    return [] if value is None else [str(value)]


def _listed(people: list[list[str]]) -> str:
    return ", ".join(names[0] for names in people if names) or "nobody named"


def _of_whole(
    item: dict[str, Any], facet_id: str, group: list[Unit], onto: Storyboard, marks: dict[str, str]
) -> Iterator[Correction]:
    """Yield the corrections of a facet of the whole video: what equals a unit is that unit, the rest in order."""
    field, says = _words(item, f"{facet_id} of the video")
    place, left = f"{facet_id} of the video", list(group)
    pairs: list[tuple[Unit | None, Any]] = []
    for said in says:
        unit = next((one for one in left if _equal(said, getattr(one, field))), None)
        if unit is not None:
            left.remove(unit)
        pairs.append((unit, said))
    for unit, said in pairs:
        unit = left.pop(0) if unit is None and left else unit
        was = None if unit is None else getattr(unit, field)
        now: dict[str, Any] = {field: was if _equal(said, was) else said}
        if unit is not None:
            yield Correction(place=place, facet=facet_id, span=unit.span, unit=unit.id,
                             mark=marks.get(coded(unit.id)), **now)  # fmt: skip
        else:
            yield Correction(place=place, facet=facet_id, span=onto.media.span, level="video", **now)
    for unit in left:
        yield removed(place, unit, marks.get(coded(unit.id)))


def _words(item: dict[str, Any], place: str) -> tuple[str, list[Any]]:
    """Return the unit's field that a result speaks of, and what it says."""
    value = item.get("value")
    if isinstance(value, dict):
        if isinstance(value.get("choices"), list):
            return "label", [str(one) for one in value["choices"]]
        if "text" in value:
            return "text", _texts(value["text"])
        if "number" in value:
            return "value", [number(value["number"], place)]
    raise SchemaError(f"{place}: has no choices, text or number", hint=HINT)


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _equal(a: Any, b: Any) -> bool:
    return same_text(a, b) if isinstance(a, str) and isinstance(b, str) else bool(a == b)


def _seen(region: str, items: Items, marks: dict[str, str], onto: Storyboard) -> Iterator[Seen]:
    """Yield what one region shows: one thing for each label and each stretch of time."""
    place, unit_id = f"region {region}", decoded(region)
    values = [one["value"] for one in items if isinstance(one["value"], dict)]
    text = next((" ".join(_texts(one["text"])) for one in values if "text" in one), None)
    said = next((number(one["number"], place) for one in values if "number" in one), None)
    labels = [one[key] for one in values for key in ("timelinelabels", "labels") if isinstance(one.get(key), list)]
    names = list(dict.fromkeys(str(name) for group in labels for name in group))
    exported = region in marks or any(unit.id == unit_id for unit in onto)
    # Each result of a region repeats where the region is.
    runs = next((found for one in values if (found := list(_runs(one, place)))), [])
    if not runs:
        raise SchemaError(f"{place}: has neither ranges nor a sequence", hint=HINT)
    for count, ((first, after, boxes), name) in enumerate((run, name) for run in runs for name in names or [""]):
        yield Seen(
            place=place, name=name, first=first, after=after, keys=boxes, text=text, value=said,
            unit=unit_id if exported and not count else None, mark=marks.get(region) if not count else None,
        )  # fmt: skip


def _runs(value: dict[str, Any], place: str) -> Iterator[tuple[int, int, tuple[tuple[int, Box], ...]]]:
    """Yield the stretches of frames of a region's value, from 0, with boxes at key frames."""
    for span in _dicts(value.get("ranges"), f"{place}: ranges"):
        first, last = sorted(whole_number(span.get(name), f"{place}: {name}") for name in ("start", "end"))
        yield first - 1, last, ()
    found = []
    for key in _dicts(value.get("sequence"), f"{place}: sequence"):
        if key.get("auto"):  # drawn between key frames by the export
            continue
        frame = whole_number(key.get("frame"), f"{place}: frame") - 1
        x, y, w, h = (number(key.get(name), f"{place}: {name}") / 100 for name in ("x", "y", "width", "height"))
        box = Box.of(x, y, w, h)
        found.append((frame, box, True))
        if not key.get("enabled", True):  # shown up to this frame, and in it
            found.append((frame + 1, box, False))
    yield from lifespans(sorted(found, key=lambda key: (key[0], key[2])), 2**31)
