"""The timing grid: everything a new cut of the video could hang on, in order of time, on frames and seconds.

Beats of the music, cuts and gradual edits, beats of the story, peaks of the tension, accents of the sound, and words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sestina.core.card import Card
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._json import write_object
from sestina.export._pictures import pictures_of
from sestina.export._sheet import Dialect, Sheet
from sestina.export._shots import Shots
from sestina.export._told import video_facts

VERSION = "1.0"
"""Version of the grid; it is raised when a column changes its meaning or goes away."""
KINDS = {
    "aes.audio.tempo.beat": "beat",
    "aes.audio.accent": "accent",
    "edit.transition": "edit",
    "narr.beat": "story",
    "narr.hook": "story",
    "narr.tension.peak": "tension",
    "diss.cta": "request",
}
"""Facets of the grid, and what their rows are called."""
NOT_EDITS = ("start", "end")
COLUMNS = ("frame", "time_s", "frames", "duration_s", "kind", "label", "value", "unit")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the grid; `frames` and `duration_s` are 0 for an instant."""

    frame: int
    time_s: float
    frames: int
    duration_s: float
    kind: str
    label: str
    value: float | None
    unit: str

    @property
    def cells(self) -> tuple[Any, ...]:
        """Its values, in the order of COLUMNS."""
        return (self.frame, self.time_s, self.frames, self.duration_s, self.kind, self.label, self.value, self.unit)


@exporters.register(
    "grid-json",
    suffix=".grid.json",
    card=Card(summary="Beats of music, edits, beats of the story, peaks and words on frames and seconds; the tempo."),
)
def grid_json(storyboard: Storyboard, file: BinaryIO, *, words: bool = False) -> None:
    """Write the grid.

    Args:
        storyboard: with video.
        file: where to.
        words: whether every spoken word is a row too.
    """
    tempi = [
        {"bpm": unit.value, "start_s": unit.span.start_s, "end_s": unit.span.end_s, "unit": unit.id}
        for unit in storyboard.units(facet="aes.audio.tempo")
        if unit.value is not None and unit.status != "abstain"
    ]
    head = {"grid": VERSION, "video": video_facts(storyboard), "tempo": tempi, "columns": COLUMNS}
    write_object(file, head, "rows", (row.cells for row in rows(storyboard, words=words)))


@exporters.register(
    "grid-csv",
    suffix=".grid.csv",
    card=Card(summary="The same grid as a table for spreadsheets.", source="RFC 4180"),
)
def grid_csv(storyboard: Storyboard, file: BinaryIO, *, words: bool = False, dialect: Dialect = "comma") -> None:
    """Write the grid as a table; options as in `grid-json`, and what separates the cells."""
    found = rows(storyboard, words=words)
    sheet = Sheet(file, dialect)
    sheet.row(COLUMNS)
    for row in found:
        sheet.row(row.cells)


def rows(board: Storyboard, *, words: bool = False) -> Iterator[Row]:
    """Return the rows in order of time. Raises SestinaError for a storyboard without video."""
    pictures_of(board.media)
    shots = Shots(board)
    found = [_of(unit, shots) for unit in board if _belongs(unit)]
    if words:
        for number, word in enumerate(board.transcript.words):
            found.append(_row(shots, word.start_s, word.end_s, "word", word.text, None, f"words.{number}"))
    return iter(sorted(found, key=lambda row: (row.time_s, row.kind, row.label, row.unit)))


def _belongs(unit: Unit) -> bool:
    return unit.facet in KINDS and unit.status != "abstain" and unit.label not in NOT_EDITS


def _of(unit: Unit, shots: Shots) -> Row:
    label = unit.label or ""
    return _row(shots, unit.span.start_s, unit.span.end_s, KINDS[unit.facet], label, unit.value, unit.id)


def _row(shots: Shots, start_s: float, end_s: float, kind: str, label: str, value: float | None, unit: str) -> Row:
    first, after = shots.frame(start_s) or 0, shots.frame(end_s) or 0
    return Row(
        frame=first, time_s=start_s, frames=after - first, duration_s=round(end_s - start_s, 6), kind=kind,
        label=label, value=value, unit=unit,
    )  # fmt: skip
