"""A strict reader of CMX3600 edit lists: what it does not know, or what contradicts itself, is an error.

Columns as in the CMX 3600 manual: event, source, channels, edit, its length, source in and out, record in and out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from sestina.core.time import parse_smpte

LINE = re.compile(
    r"(?P<number>\d{3})  (?P<reel>[A-Za-z0-9_]{1,8} *) (?P<channels>V|A|AA) +(?P<edit>C|D|W\d{3}) +"
    r"(?:(?P<frames>\d{3}) )? *(?P<codes>\d\d:\d\d:\d\d[:;]\d\d(?: \d\d:\d\d:\d\d[:;]\d\d){3})"
)
LOCATOR = re.compile(r"\* LOC: (\d\d:\d\d:\d\d[:;]\d\d) (RED|GREEN|BLUE|CYAN|MAGENTA|YELLOW) +(.*)")
DROP = {"FCM: DROP FRAME": True, "FCM: NON-DROP FRAME": False}


@dataclass
class Row:
    """One line of an event, in frames."""

    number: int
    reel: str
    channels: str
    edit: str
    frames: int
    source: tuple[int, int]
    record: tuple[int, int]


@dataclass
class Event:
    """A cut, or the two rows of a dissolve or wipe; with its comments, and its locators as (frame, colour, text)."""

    rows: list[Row]
    comments: list[str] = field(default_factory=list)
    locators: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def row(self) -> Row:
        return self.rows[-1]


@dataclass
class EditList:
    title: str
    drop: bool
    events: list[Event]

    def of(self, channels: str) -> list[Event]:
        return [event for event in self.events if event.row.channels == channels]


def read(data: bytes, rate: Fraction) -> EditList:
    """Return an edit list; AssertionError where it is not one."""
    text = data.decode("utf-8")
    assert text.endswith("\r\n")
    lines = text[:-2].split("\r\n")
    assert text.splitlines() == lines, "a line break inside a line"
    head, count, empty, *rest = lines
    assert head.startswith("TITLE: ")
    assert len(head) <= len("TITLE: ") + 70
    assert not empty
    events: list[Event] = []
    for line in rest:
        if line.startswith("*"):
            _note(events[-1], line, rate, drop=DROP[count])
        else:
            _row(events, line, rate, drop=DROP[count])
    _check(events)
    return EditList(title=head.removeprefix("TITLE: "), drop=DROP[count], events=events)


def _frame(code: str, rate: Fraction, *, drop: bool) -> int:
    assert (";" in code) is drop, f"{code} against FCM"
    return parse_smpte(code, rate)


def _note(event: Event, line: str, rate: Fraction, *, drop: bool) -> None:
    if not line.startswith("* LOC:"):
        event.comments.append(line)
        return
    found = LOCATOR.fullmatch(line)
    assert found, line
    event.locators.append((_frame(found[1], rate, drop=drop), found[2], found[3]))


def _row(events: list[Event], line: str, rate: Fraction, *, drop: bool) -> None:
    found = LINE.fullmatch(line)
    assert found, line
    codes = [_frame(code, rate, drop=drop) for code in found["codes"].split()]
    row = Row(
        number=int(found["number"]), reel=found["reel"].strip(), channels=found["channels"], edit=found["edit"],
        frames=int(found["frames"] or 0), source=(codes[0], codes[1]), record=(codes[2], codes[3]),
    )  # fmt: skip
    if events and events[-1].row.number == row.number:
        events[-1].rows.append(row)
    else:
        events.append(Event(rows=[row]))


def _check(events: list[Event]) -> None:
    """Numbers count up, rows are as long in the record as in the source, and channels have neither gap nor overlap."""
    assert [event.row.number for event in events] == list(range(1, len(events) + 1))
    assert len(events) <= 999
    ends: dict[str, int] = {}
    for event in events:
        row = event.row
        for one in event.rows:
            assert one.source[1] - one.source[0] == one.record[1] - one.record[0]
        assert row.record[1] > row.record[0]
        assert ends.setdefault(row.channels, row.record[0]) == row.record[0]
        ends[row.channels] = row.record[1]
        if row.edit == "C":
            assert len(event.rows) == 1
            assert not row.frames
        else:
            before, _ = event.rows
            assert before.edit == "C"
            assert before.record == (row.record[0], row.record[0])
            assert before.channels == row.channels
            assert 0 < row.frames <= min(255, row.record[1] - row.record[0])
