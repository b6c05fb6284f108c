"""OpenTimelineIO files as people hand them back: what lies where on the video, and which unit each thing came from.

Clips speak of shots and stand for the frames of the video that they show, wherever on the timeline. Markers on the
timeline speak of the picture under them.
"""

from __future__ import annotations

import importlib
import json
import math
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, BinaryIO

from pydantic import ValidationError

from sestina.core.errors import MissingExtra, SchemaError
from sestina.core.storyboard import Unit
from sestina.core.time import snap_rate
from sestina.export._conform import Conformed

LARGEST = 1 << 30
"""Bytes that the timeline inside a bundle may have."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One clip, transition or marker of the file.

    Args:
        place: where it is, for messages.
        name, note: as an editor shows them.
        first, after: the frames of the video that it is about, in the sequence's rate.
        unit: as its metadata has it, None without.
        mark: of that unit at its export, None without.
        cut_name: a clip's: the name of the marker for the cut it begins with, "" without.
        cut: a transition's: the frame of the new shot.
    """

    place: str
    name: str
    first: int
    after: int
    note: str = ""
    unit: Unit | None = None
    mark: str | None = None
    cut_name: str = ""
    cut: int = 0


@dataclass(kw_only=True)
class Walk:
    """What a timeline holds, in order."""

    clips: list[Seen] = field(default_factory=list)
    joins: list[Seen] = field(default_factory=list)
    markers: list[Seen] = field(default_factory=list)


def opened(file: BinaryIO) -> Any:
    """Return the one timeline of an `.otio` or `.otioz` file. Raises SchemaError, MissingExtra."""
    otio = library()
    text = _content(file)
    try:
        json.loads(text)  # first, because deep nesting crashes the library's own reader
        found = otio.core.deserialize_json_from_string(text.decode())
    except (ValueError, TypeError, KeyError, RecursionError, otio.exceptions.OTIOError) as error:
        raise SchemaError(
            f"not an OpenTimelineIO file: {str(error)[:200]}", hint="save the timeline as .otio or .otioz"
        ) from error
    if isinstance(found, otio.schema.SerializableCollection):
        timelines = [one for one in found if isinstance(one, otio.schema.Timeline)]
        found = timelines[0] if len(timelines) == 1 else found
    if not isinstance(found, otio.schema.Timeline):
        raise SchemaError(
            f"the file holds no one timeline but: {type(found).__name__}", hint="export one timeline from the editor"
        )
    return found


def library() -> Any:
    """Return the package opentimelineio. Raises MissingExtra."""
    try:
        return importlib.import_module("opentimelineio")
    except ImportError as error:
        raise MissingExtra("reading a timeline needs opentimelineio", hint="pip install 'sestina[export]'") from error


def record(item: Any) -> dict[str, Any]:
    """Return what we keep in an object's metadata, {} where there is nothing of ours."""
    kept = item.metadata.get("sv6d")
    return {str(key): value for key, value in kept.items()} if isinstance(kept, Mapping) else {}


def records(timeline: Any) -> Iterator[str]:
    """Yield the JSON text of every unit that a timeline carries; a copied clip's or marker's twice."""
    yield from (text for text in record(timeline).get("hidden", ()) if isinstance(text, str))
    things = [*timeline.tracks.markers]
    for track in timeline.tracks:
        things += track.markers
        for item in track:
            things += [item, *getattr(item, "markers", ())]
    yield from (text for thing in things if isinstance(text := record(thing).get("unit"), str))


def walk(timeline: Any, conformed: Conformed) -> Walk:
    """Return what a timeline holds, on the frames of a sequence. Raises SchemaError."""
    reader = _Reader(conformed)
    return reader.read(timeline)


class _Reader:
    """Places things on the frames of the video."""

    def __init__(self, conformed: Conformed) -> None:
        self._otio = library()
        self._conformed = conformed
        self._firsts: list[int] = []
        self._pieces: list[tuple[int, int]] = []
        self._found = Walk()

    def read(self, timeline: Any) -> Walk:
        stack, clip = timeline.tracks, self._otio.schema.Clip
        pictures = [track for track in stack if getattr(track, "kind", "") == "Video"]
        pictures = [track for track in pictures if any(isinstance(item, clip) for item in track)]
        for track in pictures[:1]:
            self._track(track)
            self._found.markers += [self._under(marker) for marker in track.markers]
        self._found.markers += [self._under(marker) for marker in stack.markers]
        return self._found

    def _track(self, track: Any) -> None:
        """Take clips and transitions; remember which frames of the sequence show which of the video."""
        children = list(track)
        at = Fraction(0) if track.source_range is None else -self._seconds(track.source_range.start_time, "track")
        ranges: dict[int, tuple[int, int]] = {}
        for number, item in enumerate(children):
            if isinstance(item, self._otio.schema.Transition):
                continue
            place = f"item {number + 1} of track {track.name!r}"
            length = self._seconds(self._asked(item.duration, place), place)
            if isinstance(item, self._otio.schema.Clip):
                ranges[number] = self._clip(item, place)
                first = self._frame(at)
                self._firsts.append(first)
                self._pieces.append((self._frame(at + length), ranges[number][0] - first))
            at += length
        for number, item in enumerate(children):
            if isinstance(item, self._otio.schema.Transition):
                behind, before = ranges.get(number + 1), ranges.get(number - 1)
                cut = behind[0] if behind else before[1] if before else None
                if cut is not None:
                    self._transition(item, cut, f"transition {item.name!r} of track {track.name!r}")

    def _clip(self, clip: Any, place: str) -> tuple[int, int]:
        """Take a clip and its markers; return the frames of the video that it shows."""
        source = self._asked(clip.trimmed_range, place)
        known = getattr(clip.media_reference, "available_range", None)
        zero = self._seconds(known.start_time, place) if known is not None else Fraction(0)
        start = self._seconds(source.start_time, place) - zero
        first, after = self._frame(start), self._frame(start + self._seconds(source.duration, place))
        cut_name = ""
        for marker in clip.markers:
            seen = self._marker(marker, zero)
            facet = seen.unit.facet if seen.unit is not None else seen.name.partition("=")[0]
            if facet == "edit.transition" and seen.after - seen.first <= 1:
                cut_name = seen.name
            else:
                self._found.markers.append(seen)
        self._found.clips.append(self._seen(clip, place, first, after, cut_name=cut_name))
        return first, after

    def _transition(self, item: Any, cut: int, place: str) -> None:
        before = self._frame(self._seconds(item.in_offset, place))
        behind = self._frame(self._seconds(item.out_offset, place))
        self._found.joins.append(self._seen(item, place, cut - before, cut + behind, cut=cut))

    def _under(self, marker: Any) -> Seen:
        """Return a marker of the timeline, as one of the picture under it."""
        seen = self._marker(marker, Fraction(0))
        first = seen.first + self._shift(seen.first)
        after = seen.after + self._shift(max(seen.first, seen.after - 1))
        if after < first:  # its ends lie on clips that were put in another order
            after = first + seen.after - seen.first
        return Seen(place=seen.place, name=seen.name, note=seen.note, first=first, after=after, unit=seen.unit,
                    mark=seen.mark)  # fmt: skip

    def _shift(self, frame: int) -> int:
        number = bisect_right(self._firsts, frame) - 1
        return self._pieces[number][1] if number >= 0 and frame < self._pieces[number][0] else 0

    def _marker(self, marker: Any, zero: Fraction) -> Seen:
        place = f"marker {marker.name!r}"
        start = self._seconds(marker.marked_range.start_time, place) - zero
        first = self._frame(start)
        after = self._frame(start + self._seconds(marker.marked_range.duration, place))
        return self._seen(marker, place, first, after, note=getattr(marker, "comment", ""))

    def _seen(self, item: Any, place: str, first: int, after: int, **more: Any) -> Seen:
        kept = record(item)
        text, marked = kept.get("unit"), kept.get("mark")
        try:
            unit = Unit.model_validate_json(text) if isinstance(text, str) else None
        except ValidationError as error:
            raise SchemaError(f"{place}: its unit is damaged", hint="export it again") from error
        mark = marked if isinstance(marked, str) else None
        return Seen(place=place, name=item.name, first=first, after=max(first, after), unit=unit, mark=mark, **more)

    def _frame(self, time: Fraction) -> int:
        return round(time * self._conformed.rate)

    def _seconds(self, time: Any, place: str) -> Fraction:
        """Return a rational time exactly; its rate is a rounded one."""
        if not (math.isfinite(time.value) and 1e-3 < time.rate < 1e6):
            raise SchemaError(f"{place}: {time.value} at a rate of {time.rate} is no time", hint="export it again")
        own = self._conformed.rate
        near = abs(time.rate - own) <= own / 5000
        return Fraction(time.value) / (own if near else snap_rate(Fraction(time.rate).limit_denominator(1_001_000)))

    def _asked(self, what: Any, place: str) -> Any:
        """Return what the library computes of an item; raises SchemaError where the item lacks what it needs."""
        try:
            return what()
        except self._otio.exceptions.OTIOError as error:
            raise SchemaError(f"{place}: {error}", hint="export it again") from error


def _content(file: BinaryIO) -> bytes:
    """Return the timeline's bytes: of a bundle, those inside."""
    head = file.read(4)
    if not head.startswith(b"PK"):
        return (head + file.read()).removeprefix(b"\xef\xbb\xbf")
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo("content.otio").file_size > LARGEST:
                raise SchemaError("the timeline in the bundle is too large", hint="save it as .otio instead")
            return archive.read("content.otio")
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError) as error:
        raise SchemaError(f"not a bundle of a timeline: {error}", hint="save it as .otio instead") from error
