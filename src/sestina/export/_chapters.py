"""Chapters of a video: its beats, scenes or shots, tiling it from the first frame to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._wrap import one_line

By = Literal["beats", "scenes", "shots"]
KINDS: tuple[By, ...] = ("beats", "scenes", "shots")
FACETS = {"beats": "narr.beat", "shots": "edit.shot"}
NAMES = {"beats": "Part", "scenes": "Scene", "shots": "Shot"}


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A stretch of the video and its title, one line."""

    start_s: float
    end_s: float
    title: str


def chapters(board: Storyboard, by: By = "beats") -> tuple[Chapter, ...]:
    """Return the chapters, each ending where the next begins; empty where the storyboard has none of the kind.

    A beat is titled by its paraphrase where it has one, else by its label; a scene by its own units of level scene; a
    shot by its number.
    """
    whole = board.media.span
    told = {unit.span: unit.text for unit in board.units(facet="narr.beat.paraphrase") if by == "beats"}
    titles: dict[float, str] = {}
    for unit in _units(board, by):
        if unit.span.start_s < whole.end_s:
            titles.setdefault(unit.span.start_s, "" if by == "shots" else _title(unit, told.get(unit.span)))
    starts = sorted(titles)
    if not starts:
        return ()
    edges = [whole.start_s, *starts[1:], whole.end_s]
    named = (titles[start] or f"{NAMES[by]} {number}" for number, start in enumerate(starts, 1))
    return tuple(
        Chapter(start_s=a, end_s=b, title=title) for (a, b), title in zip(pairwise(edges), named, strict=True)
    )


def needed(board: Storyboard, by: By) -> tuple[Chapter, ...]:
    """Return the chapters. Raises SestinaError, naming what there is, where there are none."""
    found = chapters(board, by)
    if found:
        return found
    there = [kind for kind in KINDS if chapters(board, kind)]
    raise SestinaError(
        f"{board.media.name} has no {by} to make chapters of",
        hint=f"--set by={there[0]}" if there else "analyze the video again with its editing and narrative parts",
    )


def _units(board: Storyboard, by: By) -> Sequence[Unit]:
    return board.units(level="scene") if by == "scenes" else board.units(facet=FACETS[by])


def _title(unit: Unit, told: str | None) -> str:
    text = one_line(told or unit.text or "")
    if text:
        return text
    return unit.label.replace("_", " ").capitalize() if unit.label else ""


def on_grid(found: Sequence[Chapter], per_s: int) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, title) in whole parts of a second, rounded down; what is left without time is left out."""
    cut = [(_floor(one.start_s, per_s), _floor(one.end_s, per_s), one.title) for one in found]
    return tuple((max(0, start), end, title) for start, end, title in cut if end > start)


def _floor(time_s: float, per_s: int) -> int:
    return round(time_s * 1_000_000) * per_s // 1_000_000


