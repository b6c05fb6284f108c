"""What annotation tools share: which units are shown, in which frames, with which boxes, and how they come back.

A tool counts frames and rounds; a person moves few things. So what comes back is compared with what was shown, and
only what differs is taken from the tool: an edge that was not moved stays as exact as it was.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, unquote

from sestina.core import vocabulary
from sestina.core.correction import Correction
from sestina.core.errors import SchemaError, UnknownComponent
from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.facet import Facet
from sestina.core.storyboard import DIMENSIONS, Storyboard, Unit
from sestina.core.time import Span
from sestina.export._facets import among, checked, listed
from sestina.export._pictures import pictures_of
from sestina.export._xml import FORBIDDEN

Key = tuple[int, Box]
"""A frame's number and the box in it."""
COLOURS = dict(zip(DIMENSIONS, ("#d62728", "#9467bd", "#1f77b4", "#2ca02c", "#ff7f0e", "#17becf"), strict=True))
"""A colour for each dimension's labels."""


class Grid(Protocol):
    """Frames as a tool counts them, from 0; `Conformed` is one, `Counted` another."""

    frame_count: int

    def frame(self, time_s: float) -> int:
        """Return the frame nearest to a time; the count for the end."""

    def frames(self, span: Span) -> tuple[int, int]:
        """Return the first frame of a span and the first after it, at least one apart."""

    def time_s(self, frame: int) -> float:
        """Return the time of a frame, seconds."""


class Counted:
    """The frames of the file itself in the order they are shown, whatever their spacing.

    Raises SestinaError for a storyboard without video.
    """

    def __init__(self, board: Storyboard) -> None:
        self.video, self.table = pictures_of(board.media)
        self.frame_count = len(self.table)

    def frame(self, time_s: float) -> int:
        """Return the frame nearest to a time; the count for the end."""
        return self.table.nearest(time_s)

    def frames(self, span: Span) -> tuple[int, int]:
        """Return the first frame of a span and the first after it, at least one apart."""
        first = min(self.frame(span.start_s), self.frame_count - 1)
        return first, max(first + 1, self.frame(span.end_s))

    def time_s(self, frame: int) -> float:
        """Return the presentation time of a frame, seconds; the end for the count."""
        return self.table.time_s(max(0, min(frame, self.frame_count)))


def wanted(facet: str, facets: str) -> bool:
    """Return whether a facet is among `facets`: ids with commas between, `narr.` for all of a kind, `` for all."""
    return among(facet, listed(facets))


def told(board: Storyboard, facets: str = "") -> Iterator[Unit]:
    """Yield the units of some facets that say something, in canonical order; what abstains says nothing.

    Raises UnknownComponent for a word in `facets` that means none.
    """
    words = checked(facets, {unit.facet for unit in board.items} if facets else ())
    for unit in board.canonical().items:
        if unit.status != "abstain" and among(unit.facet, words):
            yield unit


def known(facet_id: str) -> Facet | None:
    """Return the facet, None for one that the vocabulary does not have."""
    try:
        return vocabulary.facet(facet_id)
    except UnknownComponent:
        return None


def name_of(unit: Unit) -> str:
    """Return what a unit is called where a tool has one list of labels: `narr.beat=hook`, or the facet's id."""
    return f"{unit.facet}={unit.label}" if unit.label is not None else unit.facet


def names_of(facet_id: str) -> list[str]:
    """Return every name that units of a facet may have, in the vocabulary's order; empty for a foreign facet."""
    facet = known(facet_id)
    if facet is None:
        return []
    return [f"{facet_id}={label}" for label in facet.labels] or [facet_id]


def used_facets(units: Iterable[Unit], facets: str) -> dict[str, list[Unit]]:
    """Return units by facet, in the vocabulary's order; known facets that `facets` names in full are there anyway."""
    groups: dict[str, list[Unit]] = {name: [] for name in listed(facets) if known(name) is not None}
    for unit in units:
        groups.setdefault(unit.facet, []).append(unit)
    order = {facet.id: count for count, facet in enumerate(vocabulary.facets())}
    return {facet: groups[facet] for facet in sorted(groups, key=lambda one: (order.get(one, len(order)), one))}


def coded(unit_id: str) -> str:
    """Return an id in letters that every tool keeps; `decoded` undoes it."""
    return quote(unit_id, safe="/.")


def decoded(text: str) -> str:
    """Return the id that `coded` wrote."""
    return unquote(text)


def keys(unit: Unit, grid: Grid) -> tuple[Key, ...]:
    """Return a unit's boxes at the frames where they were seen, the first one also at its first frame; () without."""
    if unit.region is None:
        return ()
    first, after = grid.frames(unit.span)
    points = sorted(unit.region.track, key=lambda point: point.at_s)
    found = {first: points[0].box if points else unit.region.box}
    for point in points:
        found[min(max(grid.frame(point.at_s), first), after - 1)] = point.box
    return tuple(sorted(found.items()))


Edges = tuple[float, float, float, float]
"""Left, top, width, height, fractions of the picture."""


class Followed:
    """A region over time. A single box holds at all times; a track is followed in straight lines.

    Before a track's first box and after its last nothing was seen, so there is none.
    """

    def __init__(self, region: Region) -> None:
        points = sorted(region.track, key=lambda point: point.at_s)
        self._times_s = [point.at_s for point in points]
        self._boxes = [_edges(point.box) for point in points] or [_edges(region.box)]

    def at(self, time_s: float) -> tuple[Edges, bool] | None:
        """Return the box at a time, and whether it lies between two that were seen."""
        times, boxes = self._times_s, self._boxes
        if not times:
            return boxes[0], False
        after = bisect_left(times, time_s)
        if after < len(times) and times[after] == time_s:
            return boxes[after], False
        if after in (0, len(times)):
            return None
        share = (time_s - times[after - 1]) / (times[after] - times[after - 1])
        x, y, w, h = (p + share * (q - p) for p, q in zip(boxes[after - 1], boxes[after], strict=True))
        return (x, y, w, h), True


def _edges(box: Box) -> Edges:
    return box.x, box.y, box.w, box.h


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One thing as a tool gives it back.

    Args:
        place: where in the file.
        name: as `name_of` writes it; "" where the tool lost it.
        first, after: its frames, from 0, `after` not included.
        unit, mark: id and mark as exported; None for what a person added.
        text, value: None where not carried.
        keys: boxes; empty where it has none.
    """

    place: str
    name: str
    first: int
    after: int
    unit: str | None = None
    mark: str | None = None
    text: str | None = None
    value: float | None = None
    keys: tuple[Key, ...] = ()


def corrections(seen: Iterable[Seen], onto: Storyboard, grid: Grid, *, pixels: tuple[int, int] = (0, 0)
                ) -> Iterator[Correction]:  # fmt: skip
    """Yield what a tool gives back as corrections; a copy of something exported counts as added.

    Args:
        seen: in the tool's order.
        onto: what was exported.
        grid: the frames that the tool counts.
        pixels: size of the picture where boxes come back in hundredths of a pixel; (0, 0): in 1/100000 of it.
    """
    units, taken = {unit.id: unit for unit in onto}, set[str]()
    for one in seen:
        unit = units.get(one.unit) if one.unit is not None and one.unit not in taken else None
        copied = one.unit in taken
        taken.update([one.unit] if one.unit is not None else [])
        facet, sign, label = one.name.partition("=")
        yield Correction(
            place=one.place,
            facet=facet or (unit.facet if unit is not None else ""),
            span=_span(one, unit, grid),
            unit=None if copied else one.unit,
            mark=None if copied else one.mark,
            label=label if sign else None,
            text=unit.text if unit is not None and same_text(one.text, unit.text) else one.text,
            value=one.value,
            region=_region(one, unit, grid, pixels),
        )


def removed(place: str, unit: Unit, mark: str | None) -> Correction:
    """Return the correction that takes a unit away."""
    return Correction(place=place, facet=unit.facet, span=unit.span, unit=unit.id, mark=mark, removed=True)


def same_text(a: str | None, b: str | None) -> bool:
    """Return whether two texts differ in line ends and unprintable letters only, which tools do not keep."""
    return a == b or (a is not None and b is not None and plain(a) == plain(b))


def plain(text: str) -> str:
    """Return a text without the letters that XML cannot hold, its line ends as `\\n`, its ends without spaces."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return FORBIDDEN.sub("", lines).strip()


def _span(one: Seen, unit: Unit | None, grid: Grid) -> Span:
    """Return the time of what a tool shows: a unit's own edges where they were not moved."""
    first = min(max(one.first, 0), grid.frame_count - 1)
    after = min(max(one.after, first + 1), grid.frame_count)
    start_s, end_s = grid.time_s(first), grid.time_s(after)
    if unit is not None:
        was = grid.frames(unit.span)
        if (first, after) == was:
            return unit.span
        if unit.span.is_instant and after == first + 1:
            return Span.at(start_s)
        start_s = unit.span.start_s if first == was[0] else start_s
        end_s = unit.span.end_s if after == was[1] and not unit.span.is_instant else end_s
    return Span.of(start_s, max(start_s, end_s))


def _region(one: Seen, unit: Unit | None, grid: Grid, pixels: tuple[int, int]) -> Region | None:
    """Return where a tool shows something; None where it has no box, or the unit's own one."""
    if not one.keys:
        return None
    now = _settled(one.keys)
    if unit is not None and _alike(now, _settled(keys(unit, grid)), grid.frames(unit.span)[0], one.first, pixels):
        return unit.region
    outer = now[0][1]
    for _, box in now[1:]:
        outer = outer.union(box)
    track = tuple(BoxAt(at_s=grid.time_s(frame), box=box) for frame, box in now) if len(now) > 1 else ()
    return Region(box=outer, track=track)


def _settled(found: tuple[Key, ...]) -> tuple[Key, ...]:
    """Return key frames without those at the end that only hold the box before them."""
    end = len(found)
    while end > 1 and found[end - 1][1] == found[end - 2][1]:
        end -= 1
    return found[:end]


def _alike(
    a: tuple[Key, ...], b: tuple[Key, ...], was_first: int, now_first: int, pixels: tuple[int, int]
) -> bool:
    """Return whether boxes are those exported, up to the tool's rounding; a held first box may begin elsewhere."""
    if len(a) != len(b):
        return False
    moved = [(was_first if frame == now_first else frame) for frame, _ in a]
    slack_x, slack_y = (0.000005 + (0.01 / size if size else 0.0) for size in pixels)
    return moved == [frame for frame, _ in b] and all(
        abs(p.x - q.x) <= slack_x and abs(p.x + p.w - q.x - q.w) <= 2 * slack_x
        and abs(p.y - q.y) <= slack_y and abs(p.y + p.h - q.y - q.h) <= 2 * slack_y
        for (_, p), (_, q) in zip(a, b, strict=True)
    )  # fmt: skip


def lifespans(found: Iterable[tuple[int, Box, bool]], after: int) -> Iterator[tuple[int, int, tuple[Key, ...]]]:
    """Yield the runs of frames in which a track is shown: first frame, first frame after it, key frames.

    Args:
        found: frame, box and whether it is shown from there on, in order of frames.
        after: where a track ends that is never hidden.
    """
    run: list[Key] = []
    for frame, box, shown in found:
        if shown:
            run.append((frame, box))
        elif run:
            yield run[0][0], frame, tuple(run)
            run = []
    if run:
        yield run[0][0], max(after, run[-1][0] + 1), tuple(run)


def whole_number(value: object, place: str) -> int:
    """Return a frame number from a file, halves and more rounded. Raises SchemaError for what is none."""
    return round(number(value, place))


def number(value: object, place: str) -> float:
    """Return a finite number from a file. Raises SchemaError for what is none."""
    try:
        found = float(value) if isinstance(value, (str, int, float)) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not abs(found) < 1e15:
        raise SchemaError(f"{place}: {str(value)[:40]!r} is no number that can be", hint="export the task again")
    return found
