"""What a storyboard tells of each shot, as a generator of pictures is told: claims by facet, words, texts on screen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sestina.core.evidence import Box
from sestina.core.storyboard import DIMENSIONS, Storyboard, Unit
from sestina.core.time import Span
from sestina.export._pictures import pictures_of
from sestina.export._shots import Shot, Shots

NOT_INSIDE = ("video", "boundary")
"""Levels of units that are told of the whole video, or of the edits between shots."""
KINDS, TEXTS = "diss.overlay.kind", "diss.overlay.text"


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text over the picture, with its kind where it is known; `box` is its place, `unit` the id that says so."""

    text: str
    kind: str | None
    span: Span
    box: Box | None
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """One shot, and what is told of it.

    Args:
        shot: where it lies.
        units: those that say something of it, the ones that share most time with it first.
        said: the words that begin in it, joined by spaces.
        texts: what is written over it, in order of time.
    """

    shot: Shot
    units: tuple[Unit, ...]
    said: str
    texts: tuple[Text, ...]

    def claims(self, facet: str) -> tuple[Unit, ...]:
        """Return the units of one facet."""
        return tuple(unit for unit in self.units if unit.facet == facet)


def shots(board: Storyboard) -> Iterator[Told]:
    """Yield every shot with what is told of it; nothing where no shot was recognised.

    Raises SestinaError for a storyboard without video.
    """
    pictures_of(board.media)
    rows = Shots(board)
    inside: dict[int, list[Unit]] = {}
    for unit in board:
        if unit.status != "abstain" and unit.level not in NOT_INSIDE and unit.facet != "edit.shot":
            for number in rows.among(unit.span):
                inside.setdefault(number, []).append(unit)
    words = sorted(board.transcript.words, key=lambda word: word.start_s)
    starts = [word.start_s for word in words]
    read = _read(board, rows)
    for shot in rows:
        span = shot.unit.span
        units = inside.pop(shot.number, [])
        units.sort(key=lambda unit: (-unit.span.overlap_s(span), unit.order))
        said = words[bisect_left(starts, span.start_s) : bisect_left(starts, span.end_s)]
        yield Told(
            shot=shot, units=tuple(units), said=" ".join(word.text for word in said),
            texts=_texts(units) or tuple(read.get(shot.number, ())),
        )  # fmt: skip


def _texts(units: Sequence[Unit]) -> tuple[Text, ...]:
    """Return the texts that units tell of: those with a kind, and those without one."""
    kinds = [unit for unit in units if unit.facet == KINDS and unit.text]
    places = {(unit.text, unit.span) for unit in kinds}
    others = [unit for unit in units if unit.facet == TEXTS and (unit.text, unit.span) not in places]
    return tuple(
        Text(text=unit.text or "", kind=unit.label, span=unit.span, box=_box(unit), unit=unit.id)
        for unit in sorted([*kinds, *others], key=lambda unit: unit.order)
    )


def _box(unit: Unit) -> Box | None:
    return None if unit.region is None else unit.region.box


def _read(board: Storyboard, rows: Shots) -> dict[int, list[Text]]:
    """Return the texts of the transcript by shot, where no unit tells of any; signs of the scene are left out."""
    found: dict[int, list[Text]] = {}
    if any(unit.facet in (KINDS, TEXTS) for unit in board):
        return found
    for one in sorted(board.transcript.screen, key=lambda text: (text.span.start_s, text.id)):
        if one.locked is not False:
            text = Text(text=one.text, kind=None, span=one.span, box=one.region.box, unit=None)
            for number in rows.among(one.span):
                found.setdefault(number, []).append(text)
    return found


def whole(board: Storyboard) -> tuple[Unit, ...]:
    """Return the units that are told of the whole video."""
    return tuple(unit for unit in board if unit.level == "video" and unit.status != "abstain")


def by_dimension(units: Sequence[Unit]) -> dict[str, dict[str, list[str | float]]]:
    """Return claims by dimension and facet: labels and texts as text, numbers as numbers, each once, in order."""
    found: dict[str, dict[str, list[str | float]]] = {name: {} for name in DIMENSIONS}
    for unit in units:
        claim = said(unit)
        if claim is not None:
            known = found[unit.dimension].setdefault(unit.facet, [])
            if claim not in known:
                known.append(claim)
    return {name: dict(sorted(facets.items())) for name, facets in found.items() if facets}


def said(unit: Unit) -> str | float | None:
    """Return what a unit says: its label, else its text, else its number."""
    return unit.label if unit.label is not None else unit.text if unit.text is not None else unit.value


def video_facts(board: Storyboard) -> dict[str, Any]:
    """Return what a shot list says of the video: its name, size, exact rate, length and number of frames."""
    video, table = pictures_of(board.media)
    rate = video.frame_rate
    return {
        "name": board.media.name, "width": video.display_width, "height": video.display_height,
        "frame_rate": f"{rate.numerator}/{rate.denominator}", "variable_rate": video.vfr,
        "start_s": board.media.span.start_s, "duration_s": board.media.duration_s, "frames": len(table),
    }  # fmt: skip


def shot_facts(shot: Shot) -> dict[str, Any]:
    """Return where a shot lies: its number, id, seconds, first frame and number of frames."""
    span, first, after = shot.unit.span, shot.first_frame or 0, shot.after_frame or 0
    return {
        "number": shot.number, "id": shot.unit.id, "start_s": span.start_s, "end_s": span.end_s, "frame": first,
        "frames": after - first,
    }  # fmt: skip
