"""What a person changed on a timeline, as corrections.

A clip, transition or marker is known again by its metadata. Where an editor dropped that, a clip or transition is taken
for the unit that begins with it or shares most time with it, a marker for the nearest of its name or facet. What an
editor drops as a whole, no person deleted: without the list of what was exported, a dimension of which no marker is
left is untouched.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sestina.core import vocabulary
from sestina.core.correction import Correction, mark
from sestina.core.errors import SchemaError, UnknownComponent
from sestina.core.facet import Facet
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span, seconds
from sestina.export._conform import Conformed
from sestina.export._layers import layout, title
from sestina.export._otio_read import Seen, record, walk
from sestina.export._wrap import one_line

SHOT, EDIT = "edit.shot", "edit.transition"
_NAMED = re.compile(r"\s*([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\s*[=:]\s*(.*?)\s*", re.DOTALL)

Overlap = tuple[bool, int, int, int]


def corrections(timeline: Any, onto: Storyboard) -> Iterator[Correction]:
    """Yield what a timeline says of a storyboard's units. Raises SchemaError."""
    kept = record(timeline)
    document = _json(kept.get("document"))
    sha256 = document.get("media", {}).get("sha256", onto.media.sha256)
    if sha256 != onto.media.sha256:
        raise SchemaError(
            f"the timeline was made from another video than {onto.media.name}",
            hint="choose the storyboard that it was exported from",
        )
    yield from _Changes(timeline, onto, kept).all()


class _Changes:
    """Compares a timeline with the storyboard it is to correct."""

    def __init__(self, timeline: Any, onto: Storyboard, kept: dict[str, Any]) -> None:
        self._whole, self._table = onto.media.span, onto.media.frame_table()
        self._conformed = Conformed(onto)
        self._plan = layout(self._conformed)
        self._seen = walk(timeline, self._conformed)
        self._units = {unit.id: unit for unit in onto.items}
        self._exported: dict[str, str] | None = _json(kept["units"]) if isinstance(kept.get("units"), str) else None
        self._hidden = {str(_json(text).get("id")) for text in kept.get("hidden", ())}
        self._marks = dict(self._exported or {})
        for seen in (*self._seen.clips, *self._seen.joins, *self._seen.markers):
            if seen.unit is not None and seen.mark is not None:
                self._marks.setdefault(seen.unit.id, seen.mark)
        self._claimed: set[str] = set()

    def all(self) -> Iterator[Correction]:
        found = [*self._joins(), *self._shots(), *self._markers()]
        yield from (correction for correction in found if correction is not None)

    # Edits and shots

    def _joins(self) -> Iterator[Correction | None]:
        """Yield the transitions; one laid on a hard cut changes that cut."""
        joins = self._seen.joins
        open_units = [join.unit for join in self._plan.joins.values()]
        for seen, unit in zip(joins, self._known(joins, open_units), strict=True):
            unit = unit or self._plan.cuts.get(seen.cut)
            label = seen.name if vocabulary.is_label(EDIT, seen.name) else None
            if unit is None:
                yield self._added(seen, EDIT, {"label": label or seen.name})
            else:
                self._claimed.add(unit.id)
                yield self._said(seen, unit, EDIT, {"label": label or unit.label})
        for unit in open_units:
            if not self._is_gone(unit, dropped=not joins):
                continue
            first, after = self._conformed.frames(unit.span)
            clip = next((clip for clip in self._seen.clips if clip.first and first <= clip.first <= after), None)
            if clip is None:
                yield self._removed(unit)
            else:  # the transition was deleted, the clips still meet
                self._claimed.add(unit.id)
                yield self._at_cut(clip, unit, "hard_cut")

    def _shots(self) -> Iterator[Correction | None]:
        """Yield the clips, and with each the cut that it begins with."""
        clips = self._seen.clips
        if not clips:
            return
        joined = {seen.cut for seen in self._seen.joins}
        shots = [unit for unit in self._plan.shots if unit is not None]
        for clip, shot in zip(clips, self._known(clips, shots), strict=True):
            cut = self._cut_of(shot)
            if shot is not None:
                yield self._said(clip, shot, SHOT, {"label": shot.label})
            elif shots:
                yield self._added(clip, SHOT, {"label": "shot"})
            if cut is not None:
                label = _says(EDIT, _NAMED.sub(r"\2", clip.cut_name) or str(cut.label), cut)["label"]
                self._claimed.add(cut.id)
                yield self._at_cut(clip, cut, label)
            elif shot is None and shots and clip.first > 0 and clip.first not in joined:
                yield self._at_cut(clip, None, "hard_cut")
        for shot in shots:
            if self._is_gone(shot):
                yield self._removed(shot)
                cut = self._cut_of(shot)
                if cut is not None:
                    yield self._removed(cut)

    def _cut_of(self, shot: Unit | None) -> Unit | None:
        """Return the cut that a shot begins with, unless a transition has taken its place."""
        cut = self._plan.cuts.get(self._conformed.frame(shot.span.start_s)) if shot is not None else None
        return None if cut is None or cut.id in self._claimed else cut

    def _at_cut(self, clip: Seen, unit: Unit | None, label: str) -> Correction | None:
        seen = Seen(place=clip.place, name="", first=clip.first, after=clip.first)
        if unit is None:
            return self._added(seen, EDIT, {"label": label})
        return self._said(seen, unit, EDIT, {"label": label})

    # Markers

    def _markers(self) -> Iterator[Correction | None]:
        """Yield the markers: those with metadata, those recognised, and new ones."""
        cuts = {unit.id for unit in self._plan.cuts.values()}
        markers = [seen for seen in self._seen.markers if seen.unit is None or seen.unit.id not in cuts]
        candidates = [unit for unit in self._plan.markers if unit.id not in self._hidden]
        own = self._by_metadata(markers)
        self._recognise(markers, own, candidates)
        for seen, unit in zip(markers, own, strict=True):
            if unit is None:
                yield self._added(seen, *_facts(seen.name, None))
                continue
            same = seen.name == title(unit)
            facet, says = (unit.facet, {}) if same else _facts(seen.name, unit)
            if unit.label is not None and unit.text is not None and seen.note not in ("", one_line(unit.text)):
                says["text"] = seen.note
            yield self._said(seen, unit, facet, says)
        left = {unit.dimension for unit in own if unit is not None}
        for unit in candidates:
            if self._is_gone(unit, dropped=unit.dimension not in left):
                yield self._removed(unit)

    def _recognise(self, markers: list[Seen], own: list[Unit | None], candidates: list[Unit]) -> None:
        """Fill `own` where metadata is gone: by name and frames, then facet and frames, then name, then facet."""
        ways: tuple[tuple[Callable[[Seen], Any], Callable[[Unit], Any]], ...] = (
            (lambda seen: (seen.name, seen.first, seen.after), lambda unit: (title(unit), *self._frames(unit))),
            (lambda seen: (_facet(seen.name), seen.first, seen.after), lambda unit: (unit.facet, *self._frames(unit))),
            (lambda seen: seen.name, title),
        )
        for of_seen, of_unit in ways:
            free: dict[Any, list[Unit]] = defaultdict(list)
            for unit in candidates:
                if unit.id not in self._claimed:
                    free[of_unit(unit)].append(unit)
            for number, seen in enumerate(markers):
                same = free.get(of_seen(seen)) if own[number] is None else None
                if same:
                    unit = min(same, key=lambda unit: abs(self._frames(unit)[0] - seen.first))
                    same.remove(unit)
                    own[number] = unit
                    self._claimed.add(unit.id)

    # Which unit something is, and what is said of it

    def _by_metadata(self, things: list[Seen]) -> list[Unit | None]:
        """Return each thing's unit; of copies, the one that lies where the unit did, else the first."""
        copies: dict[str, list[int]] = defaultdict(list)
        for number, seen in enumerate(things):
            if seen.unit is not None:
                copies[seen.unit.id].append(number)
        own: list[Unit | None] = [None] * len(things)
        for unit_id, numbers in copies.items():
            unit = things[numbers[0]].unit
            if unit is not None and unit_id not in self._claimed:
                first = self._frames(unit)[0]
                own[min(numbers, key=lambda number: things[number].first != first)] = unit
                self._claimed.add(unit_id)
        return own

    def _known(self, things: list[Seen], units: list[Unit]) -> list[Unit | None]:
        """Return each clip's or transition's unit: by metadata, else the free one that begins there or shares most."""
        own = self._by_metadata(things)
        free = [unit for unit in units if unit.id not in self._claimed]
        without = [number for number, unit in enumerate(own) if unit is None]
        for *_, number, unit_number in sorted(self._overlaps(things, without, free)):
            unit = free[unit_number]
            if own[number] is None and unit.id not in self._claimed:
                own[number] = unit
                self._claimed.add(unit.id)
        return own

    def _overlaps(self, things: list[Seen], numbers: list[int], units: list[Unit]) -> Iterator[Overlap]:
        """Yield (whether they begin apart, minus shared frames, thing, unit) of every pair that shares frames.

        Both lists are in order of time.
        """
        frames = [self._frames(unit) for unit in units]
        begin = 0
        for number in numbers:
            seen = things[number]
            while begin < len(units) and frames[begin][1] <= seen.first:
                begin += 1
            for unit_number in range(begin, len(units)):
                shared = min(seen.after, frames[unit_number][1]) - max(seen.first, frames[unit_number][0])
                if frames[unit_number][0] >= seen.after:
                    break
                if shared > 0:
                    yield frames[unit_number][0] != seen.first, -shared, number, unit_number

    def _is_gone(self, unit: Unit, *, dropped: bool = False) -> bool:
        """Whether a person deleted a unit; without a list of what was exported, not if its like was `dropped`."""
        if unit.id in self._claimed:
            return False
        return not dropped if self._exported is None else unit.id in self._exported

    def _frames(self, unit: Unit) -> tuple[int, int]:
        return self._conformed.frames(unit.span)

    def _said(self, seen: Seen, unit: Unit, facet: str, says: dict[str, Any]) -> Correction | None:
        """Return what the file says of a unit; None where nobody touched it but the storyboard has moved on."""
        says = {name: value for name, value in says.items() if value is not None}
        span = self._span(seen, unit)
        marked = self._marks.get(unit.id)
        now = self._units.get(unit.id)
        touched = span != unit.span or facet != unit.facet or any(getattr(unit, name) != says[name] for name in says)
        if not touched and (now is None or marked not in (None, mark(now))):
            return None
        return Correction(place=self._place(seen), facet=facet, span=span, unit=unit.id, mark=marked, **says)

    def _added(self, seen: Seen, facet: str, says: dict[str, Any]) -> Correction:
        return Correction(place=self._place(seen), facet=facet, span=self._span(seen, None), **says)

    def _removed(self, unit: Unit) -> Correction:
        self._claimed.add(unit.id)
        return Correction(
            place=f"deleted {title(unit)}", facet=unit.facet, span=unit.span, unit=unit.id,
            mark=self._marks.get(unit.id), removed=True,
        )  # fmt: skip

    def _span(self, seen: Seen, unit: Unit | None) -> Span:
        """Return a thing's time: each edge that lies where the unit's did is the unit's own."""
        start, end = self._time(seen.first), self._time(seen.after)
        if unit is not None:
            first, after = self._frames(unit)
            start = unit.span.start_s if seen.first == first else start
            if unit.span.is_instant and seen.after - seen.first <= 1:
                end = start
            elif seen.after == after and not unit.span.is_instant:
                end = unit.span.end_s
        return Span.of(start, max(start, end))

    def _time(self, frame: int) -> float:
        """Return the time of the video's frame nearest to one of the sequence; the media's own bounds at its ends.

        What lies outside the video stays outside.
        """
        whole, table = self._whole, self._table
        if table is None or not 0 <= frame <= self._conformed.frame_count:
            return seconds(whole.start_s + frame / self._conformed.rate)
        if frame in (0, self._conformed.frame_count):
            return whole.end_s if frame else whole.start_s
        time_s = self._conformed.time_s(frame)
        index = table.index_at(time_s)
        return min((table.time_s(near) for near in (index, index + 1)), key=lambda near_s: abs(near_s - time_s))

    def _place(self, seen: Seen) -> str:
        inside = max(0, min(seen.first, self._conformed.frame_count))
        return f"{seen.place} at {self._conformed.code(inside)}"


def _json(text: object) -> dict[str, Any]:
    """Return the object in a text of ours; raises SchemaError for a damaged one."""
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise SchemaError("the storyboard in the file's metadata is damaged", hint="export it again")
    return found


def _facet(name: str) -> str:
    named = _NAMED.fullmatch(name)
    return named[1] if named else ""


def _facts(name: str, unit: Unit | None) -> tuple[str, dict[str, Any]]:
    """Return the facet and what is said of it in a marker's name: `facet=claim`, `facet: claim` or a claim alone."""
    named = _NAMED.fullmatch(name)
    if named:
        facet, claim = named.groups()
    else:
        facet, claim = unit.facet if unit is not None else _facet_with(name), name.strip()
    return facet, _says(facet, claim, unit)


def _facet_with(claim: str) -> str:
    """Return the one facet that has a label; else the claim itself, which is no facet, and is said to be none."""
    owners = [facet.id for facet in vocabulary.facets() if _label(facet, claim) in facet.labels]
    return owners[0] if len(owners) == 1 else claim


def _says(facet_id: str, claim: str, unit: Unit | None) -> dict[str, Any]:
    """Return a claim as the label, text or number that a facet takes."""
    try:
        facet = vocabulary.facet(facet_id)
    except UnknownComponent:
        return {"label": claim}
    numeric = unit is not None and unit.label is None and unit.value is not None
    if facet.type == "num" or numeric:
        number = re.match(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", claim)
        return {"value": float(number[0])} if number else {"label": claim}
    if facet.type == "text" or (unit is not None and unit.label is None and unit.text is not None):
        return {"text": claim}
    return {"label": _label(facet, claim)}


def _label(facet: Facet, claim: str) -> str:
    """Return the label that a person means: `MCU` for `mcu`, `pan_left` for `Pan left`; the claim where none is."""
    plain = "_".join(claim.split()).casefold()
    known: Iterable[tuple[str, str]] = (*((label, label) for label in facet.labels), *facet.aliases.items())
    return next((label for name, label in known if name.casefold() == plain), claim)
