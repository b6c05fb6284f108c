"""Which parts of a video an export takes: shots, beats, or wherever an expression over labels holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sestina.core.query import query
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import FrameTable, Span

BEATS = "narr.beat"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One part of a video.

    Args:
        name: for a file, letters, digits, `_` and `-` only, unlike any other of the same export: `beat-002-hook`.
        span: as the storyboard has it, seconds.
        units: those it stands for, or that make the expression hold.
        first, after: its frames, those whose time lies in the span, at least the one on screen; 0 and 0 without video.
    """

    name: str
    span: Span
    units: tuple[Unit, ...]
    first: int = 0
    after: int = 0

    def facts(self) -> dict[str, Any]:
        """Return what an index says of it, as JSON values."""
        labels = [{"id": unit.id, "facet": unit.facet, "says": unit.claim} for unit in self.units]
        frames = {"first_frame": self.first, "frames": self.after - self.first} if self.after else {}
        return {"start_s": self.span.start_s, "end_s": self.span.end_s, **frames, "units": labels}


def pieces(board: Storyboard, by: str) -> tuple[Piece, ...]:
    """Return the parts in order of time: `shots`, `beats`, or the matches of an expression.

    Raises QueryError for an expression that cannot be read.
    """
    found = list(_found(board, by))
    table = board.media.frame_table()
    digits = max(3, len(str(len(found))))
    kind = {"shots": "shot", "beats": "beat"}.get(by, "match")
    out = []
    for number, (span, units) in enumerate(found, 1):
        said = f"-{slug(units[0].claim)}" if kind == "beat" else ""
        first, after = frames_in(table, span) if table is not None else (0, 0)
        name = f"{kind}-{number:0{digits}d}{said}"
        out.append(Piece(name=name, span=span, units=units, first=first, after=after))
    return tuple(out)


def _found(board: Storyboard, by: str) -> Iterator[tuple[Span, tuple[Unit, ...]]]:
    if by in ("shots", "beats"):
        units = board.shots if by == "shots" else board.units(facet=BEATS)
        yield from ((unit.span, (unit,)) for unit in units if unit.status != "abstain")
    else:
        yield from ((match.span, match.units) for match in query(board, by))


def frames_in(table: FrameTable, span: Span) -> tuple[int, int]:
    """Return the first frame whose time lies in a span, and the first after; else the frame on screen at its start."""
    first, after = (int(n) for n in np.searchsorted(table.times_s, [span.start_s, span.end_s]))
    if first < after:
        return first, after
    shown = table.index_at(span.start_s)
    return shown, shown + 1


def slug(text: str) -> str:
    """Return a text as part of a file name: letters and digits of ASCII, `_` and `-`; at most 40."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-")[:40] or "x"
