"""CMX3600 edit decision lists: one video track, its sound, dissolves, wipes, fades, and units as locators.

The list plays the file as it is: every event's source lies where its record does. An edit is thus seen twice when the
list is played from the same file (a dissolve between equal frames changes nothing; a fade gets darker): the events are
for a conform to the shots' own sources.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, BinaryIO, Literal, TypeVar

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import parse_smpte, smpte
from sestina.export._conform import Conformed, Join
from sestina.export._layers import COLOURS, Layout, layout, title
from sestina.export._timeline import chosen, drops, sequence
from sestina.export._wrap import one_line

MOST_EVENTS = 999
"""Events have three digits."""
LONGEST = 255
"""Frames that a CMX3600 dissolve or wipe may last."""
WIPES = {
    "wipe": "W001", "linear_wipe": "W001", "barn_door": "W021", "iris": "W119", "clock": "W201",
}  # fmt: skip
"""Pattern numbers of SMPTE 258M-1993 as the SMIL 2.0 transition table (W3C, 2001) lists them."""
WHOLE = ("dissolve", "cross_dissolve", "fade_in", "fade_out", "dip_to_black")
"""What D says wholly; other edits are written as D and named in a comment."""
BLACK = "BL"
SPECIAL = (BLACK, "BLACK", "BARS")
"""Reels that name no source but a generator."""
TITLE_LETTERS = 70

RESOLVE = {"MAGENTA": "Fuchsia"}
"""Colours that Resolve calls otherwise."""

T = TypeVar("T")
Sound = Literal["clips", "whole", "none"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event: frames `first` up to `after` of the sequence.

    Args:
        reel: the source; BL for black.
        channels: V, or A or AA for sound.
        edit: C, D, or W and three digits.
        frames: length of a dissolve or wipe; 0 for a cut.
        before: the outgoing reel of a dissolve or wipe.
        effect: name of an edit that `edit` does not say wholly.
    """

    reel: str
    channels: str
    first: int
    after: int
    edit: str = "C"
    frames: int = 0
    before: str = ""
    effect: str = ""


@exporters.register(
    "edl",
    suffix=".edl",
    card=Card(
        summary="A CMX3600 edit decision list with locators.",
        source="CMX 3600 edit list (CMX, 1980s); SMPTE 258M-1993; locators as Avid Media Composer writes them",
        cost="10,000 units in 0.4 s of processor time",
    ),
)
def edl(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    start: str = "01:00:00:00",
    rate: Fraction | None = None,
    drop: bool | None = None,
    reel: str | None = None,
    audio: Sound = "clips",
    transitions: bool = True,
    dimensions: str | None = None,
    min_confidence: float = 0.0,
    part: int | None = None,
) -> None:
    """Write shots and gradual edits as events, and other units as locators.

    Args:
        storyboard: with video. Raises SestinaError without, and where it takes more than 999 events.
        file: where to.
        start: record time code of the first frame.
        rate: frames a second; None: the video's own.
        drop: drop-frame time code; None: at 29.97 and 59.94.
        reel: name of the source, up to eight letters and digits; None: from the file's name.
        audio: sound events for each clip, one for the whole, or none.
        transitions: whether gradual edits are events; otherwise they are locators, and clips meet in cuts.
        dimensions: those whose units become locators, names with commas between; None: all.
        min_confidence: units less sure become none.
        part: where there are more than 999 events, which 999 of them; from 1.
    """
    conformed = sequence(storyboard, rate)
    plan = layout(conformed)
    joins = {cut: join for cut, join in plan.joins.items() if transitions and join.after - join.first <= LONGEST}
    source = _reel(storyboard.media.name) if reel is None else _given_reel(reel)
    writer = _Writer(conformed, start, drops(conformed, drop))
    pictures = list(_pictures(conformed, joins, source))
    sounds = _sounds(conformed, source, audio)
    events = sorted([*pictures, *sounds], key=lambda event: (event.first, event.channels != "V"))
    numbered, parts = _part(events, part)
    shown = {id(unit) for unit in chosen(storyboard, dimensions, min_confidence)}
    locators = writer.locators([unit for unit in _located(plan, joins) if id(unit) in shown], pictures)
    file.write(writer.head(part, parts))
    for number, event in enumerate(numbered, 1):
        notes = writer.header(parts) if number == 1 else []
        lines = [*writer.lines(number, event), *notes, *locators.get(event, ())]
        file.write(("\r\n".join(lines) + "\r\n").encode())


@exporters.register(
    "edl-resolve",
    suffix=".markers.edl",
    card=Card(
        summary="Markers with their lengths, as DaVinci Resolve reads them onto a timeline.",
        source="the edit list that DaVinci Resolve 18 writes under Export, Timeline Markers to EDL",
    ),
)
def resolve(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    start: str = "01:00:00:00",
    rate: Fraction | None = None,
    drop: bool | None = None,
    dimensions: str | None = None,
    min_confidence: float = 0.0,
    part: int | None = None,
) -> None:
    """Write every unit but the shots as an event of one frame, with a line of colour, name and length.

    Args:
        storyboard: with video. Raises SestinaError without, and where it takes more than 999 events.
        file: where to.
        start, rate, drop, dimensions, min_confidence, part: as for `edl`.
    """
    conformed = sequence(storyboard, rate)
    writer = _Writer(conformed, start, drops(conformed, drop))
    units = [unit for unit in chosen(storyboard, dimensions, min_confidence) if unit.facet != "edit.shot"]
    numbered, parts = _part(units, part)
    file.write(writer.head(part, parts))
    for number, unit in enumerate(numbered, 1):
        first, after = conformed.frames(unit.span)
        note = one_line("; ".join(text for text in (unit.text if unit.label else None, unit.reason) if text))
        words = [one_line(text).replace("|", "¦") for text in (note, title(unit))]
        colour = RESOLVE.get(COLOURS[unit.dimension], COLOURS[unit.dimension].capitalize())
        line = f"{words[0]} |C:ResolveColor{colour} |M:{words[1]} |D:{after - first}"
        file.write(f"{writer.mark(number, first)}\r\n{line}\r\n\r\n".encode())


class _Writer:
    """Writes events as lines."""

    def __init__(self, conformed: Conformed, start: str, drop: bool) -> None:
        self._conformed = conformed
        self.drop = drop
        try:
            self._start = parse_smpte(start[:8] + (";" if drop else ":") + start[9:], conformed.rate)
            hours = int(start[:2])
        except ValueError as error:
            raise SestinaError(f"start={start}: {error}", hint="a time code such as 01:00:00:00") from error
        last = smpte(self._start + conformed.frame_count, conformed.rate, drop=drop)
        if hours > 23 or len(last) > 11 or int(last[:2]) > 23:
            raise SestinaError(f"the list would end at {last}, and time code ends at 24 hours", hint="an earlier start")
        media = conformed.board.media
        self._name, self._path = one_line(media.name), one_line(media.path)

    def head(self, part: int | None, parts: int) -> bytes:
        """Return the list's first lines."""
        name = f"{self._name[: TITLE_LETTERS - 12]} PART {part}" if parts > 1 else self._name[:TITLE_LETTERS]
        return f"TITLE: {name}\r\nFCM: {'DROP FRAME' if self.drop else 'NON-DROP FRAME'}\r\n\r\n".encode()

    def mark(self, number: int, frame: int) -> str:
        """Return the event of a marker: a frame of the record, which is its own source."""
        codes = f"{self._code(self._start + frame)} {self._code(self._start + frame + 1)}"
        return f"{number:03d}  {'001':<8} {'V':<5} {'C':<4}     {codes} {codes}"

    def lines(self, number: int, event: Event) -> Iterator[str]:
        """Yield an event's one or two lines and the comments that name its clips."""
        if event.frames:
            at = (event.first, event.first)
            yield self._line(number, event.before, event.channels, "C", "", *at, black=event.before == BLACK)
        yield self._line(
            number, event.reel, event.channels, event.edit, f"{event.frames:03d}" if event.frames else "",
            event.first, event.after, black=event.reel == BLACK,
        )  # fmt: skip
        if event.effect:
            yield f"* EFFECTS NAME IS {event.effect.upper()}"
        known = [side for side, reel in (("FROM", event.before), ("TO", event.reel)) if reel not in ("", BLACK)]
        for side in known if event.frames else ["FROM"]:
            yield f"* {side} CLIP NAME: {self._name}"
        if event.channels == "V":
            yield f"* SOURCE FILE: {self._path}"

    def header(self, parts: int) -> list[str]:
        """Return what the list as a whole says; after the first event, because readers want events first."""
        conformed = self._conformed
        said = [f"* FRAME RATE: {float(conformed.rate):.3f}".rstrip("0").rstrip(".")]
        if conformed.note:
            said.append(f"* {conformed.note.upper()}")
        if parts > 1:
            said.append(f"* ONE OF {parts} PARTS: A LIST HOLDS {MOST_EVENTS} EVENTS")
        return said

    def locators(self, units: list[Unit], events: list[Event]) -> dict[Event, list[str]]:
        """Return the locator lines of each video event: `* LOC: 01:00:01:18 BLUE    camera.movement=pan_left`."""
        firsts = [event.first for event in events]
        lines: dict[Event, list[str]] = {}
        for unit in units:
            first, after = self._conformed.frames(unit.span)
            length = "" if unit.span.is_instant else f" ({after - first} frames)"
            words = f"{title(unit)}{': ' + one_line(unit.text) if unit.label and unit.text else ''}{length}"
            event = events[max(0, bisect_right(firsts, first) - 1)]
            line = f"* LOC: {self._code(self._start + first)} {COLOURS[unit.dimension]:<7} {words}"
            lines.setdefault(event, []).append(line)
        return lines

    def _line(
        self, number: int, reel: str, channels: str, edit: str, frames: str, first: int, after: int, *, black: bool
    ) -> str:
        source = (0, after - first) if black else (first, after)
        codes = [*(self._code(frame) for frame in source), *(self._code(self._start + f) for f in (first, after))]
        return f"{number:03d}  {reel:<8} {channels:<5} {edit:<4} {frames:>3} {' '.join(codes)}"

    def _code(self, frame: int) -> str:
        return smpte(frame, self._conformed.rate, drop=self.drop)


def _pictures(conformed: Conformed, joins: Mapping[int, Join], reel: str) -> Iterator[Event]:
    """Yield the video's events: a clip begins where the edit into it does and ends where the next one begins."""
    at = 0
    for clip in conformed.clips:
        into, behind = joins.get(clip.first), joins.get(clip.after)
        end = behind.first if behind is not None else clip.after
        frames, facts = 0, {}
        if into is not None:
            dark = _black_until(into) if clip.first else 0
            if dark > at:
                yield Event(reel=BLACK, channels="V", first=at, after=dark, edit="D", frames=dark - at, before=reel)
                at = dark
            frames = into.after - at
            black = not clip.first or dark or into.unit.label == "fade_in"
            facts = _edit(into, frames, BLACK if black else reel)
        if end > at:
            yield Event(reel=reel, channels="V", first=at, after=end, **facts)
            at = end
    last = joins.get(conformed.frame_count)
    if last is not None:
        yield Event(reel=BLACK, channels="V", first=at, after=last.after, **_edit(last, last.after - at, reel))


def _black_until(join: Join) -> int:
    """Return the frame until which an edit goes to black on its own, 0 where it does not."""
    label = join.unit.label
    return join.after if label == "fade_out" else join.cut if label == "dip_to_black" else 0


def _edit(join: Join, frames: int, before: str) -> dict[str, Any]:
    """Return an event's facts for the `frames` in which an edit comes in, from `before`."""
    label = str(join.unit.label)
    if frames <= 0:
        return {}
    return {"edit": WIPES.get(label, "D"), "frames": frames, "before": before,
            "effect": "" if label in WHOLE or label in WIPES else label}  # fmt: skip


def _located(plan: Layout, joins: Mapping[int, Join]) -> list[Unit]:
    """Return the units that become locators: all that are not events, and cuts that are more than a cut."""
    cuts = [unit for unit in plan.cuts.values() if unit.label not in ("hard_cut", "start", "end")]
    left = [join.unit for cut, join in plan.joins.items() if cut not in joins]
    return sorted([*plan.markers, *cuts, *left], key=lambda unit: unit.order)


def _sounds(conformed: Conformed, reel: str, audio: Sound) -> list[Event]:
    sound = conformed.board.media.audio
    if sound is None or audio == "none":
        return []
    channels = "A" if sound.channels == 1 else "AA"
    starts = [0] if audio == "whole" else [clip.first for clip in conformed.clips]
    edges = [*starts, conformed.frame_count]
    return [Event(reel=reel, channels=channels, first=a, after=b) for a, b in pairwise(edges)]


def _part(events: list[T], part: int | None) -> tuple[list[T], int]:
    """Return the events of one list, and how many lists there are."""
    parts = -(-len(events) // MOST_EVENTS)
    if part is None and parts > 1:
        raise SestinaError(
            f"{len(events)} events do not fit an edit list, which holds {MOST_EVENTS}",
            hint=f"write it in parts, --set part=1 to part={parts}, or choose less of it",
        )
    if part is not None and not 1 <= part <= parts:
        raise SestinaError(f"there is no part {part}: the list has {parts}", hint=f"part=1 to part={parts}")
    first = ((part or 1) - 1) * MOST_EVENTS
    return events[first : first + MOST_EVENTS], parts


def _reel(name: str) -> str:
    """Return a file's name as that of a reel: eight capitals and digits, and AX, an auxiliary source, for none."""
    stem = name.rsplit(".", 1)[0] if "." in name[1:] else name
    reel = re.sub(r"[^A-Z0-9_]", "", stem.upper().encode("ascii", "ignore").decode())[:8]
    return "AX" if reel in ("", *SPECIAL) else reel


def _given_reel(reel: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]{1,8}", reel) or reel.upper() in SPECIAL:
        raise SestinaError(f"{reel!r} is no reel", hint="up to eight letters and digits, and none of BL, BLACK, BARS")
    return reel
