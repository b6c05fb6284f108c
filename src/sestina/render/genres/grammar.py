"""A grammar: what is particular to a genre, and the way from it and a seed to a whole script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sestina.render.genres.cutting import Cue, Taken, cut
from sestina.render.genres.draw import Draw
from sestina.render.genres.hearing import heard, lines
from sestina.render.genres.pace import Slot, slots
from sestina.render.genres.packing import packed, wrapping
from sestina.render.genres.reasons import reasons
from sestina.render.genres.setting import Setting, Voice, setting
from sestina.render.genres.stage import cast
from sestina.render.genres.suspense import strained
from sestina.render.genres.tale import Tale, tale
from sestina.render.genres.telling import EXAMINED, Facts, notes
from sestina.render.parts.edit import Transition
from sestina.render.parts.stage import Camera
from sestina.render.script import Script

LENGTH_S = (6.0, 14.0)
"""Shortest and longest clip; a story that falls out longer or shorter is drawn anew."""

TRIES = 200


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """What makes a genre.

    Args:
        name: of the genre.
        formats: labels of `narr.format` it can be.
        structures: labels of `narr.structure` it can be told in.
        cues: beat -> what it may show; `*` for all others.
        voices: how its lines are told.
        soft: share of joins to other pictures that are gradual.
        movers: figures that may cross its places.
        inset: a face watches from an inset wherever nobody else faces the camera.
        named: a channel's mark lies over it, and lower thirds name who speaks.
    """

    name: str
    formats: tuple[str, ...]
    structures: tuple[str, ...]
    cues: Mapping[str, tuple[Cue, ...]]
    voices: tuple[Voice, ...] = ("captioned", "captioned", "spoken", "written", "written")
    soft: float = 0.2
    movers: tuple[str, ...] = ("walker", "walker", "car", "ball")
    inset: bool = False
    named: bool = False


def composed(grammar: Grammar, number: int, seed: int) -> Script:
    """Return the script of genre `number` with this seed."""
    draw = Draw(number, seed)
    given = setting(draw, grammar.voices)
    told, timed = _timed(draw, given, grammar)
    who = cast(draw, told.topic, grammar.movers)
    taken = cut(draw, given, who, told.beats, timed, grammar.cues, grammar.soft)
    taken = _opened(draw, taken, hooked=told.beats[0].label == "hook")
    taken, strains = strained(draw, taken)
    said = lines(draw, given, told.beats, timed)
    stops_s = _stop(draw, given, told, timed)
    sound, struck = heard(draw, given, said, taken, strains, stops_s)
    spoken = {line.beat: (line.start_s, line.ended_s) for line in said}
    wrap = wrapping(draw, told.structure, inset=grammar.inset, named=grammar.named)
    overlays = packed(
        draw, given, wrap, told, timed,
        [spoken.get(number) for number in range(len(told.beats))], taken, strains,
    )  # fmt: skip
    facts = Facts(
        format=draw.pick(grammar.formats), given=given, told=told, slots=timed, said=said, taken=taken,
        strains=strains, reasons=reasons(given, told.beats, taken, said, struck), overlays=overlays, stops_s=stops_s,
    )  # fmt: skip
    width, height = given.size
    script = Script(
        shots=tuple(one.shot for one in taken), width=width, height=height, rate=given.rate, overlays=overlays,
        sound=sound, notes=notes(facts), examined=EXAMINED, genre=grammar.name, seed=given.seed, crf=21,
    )  # fmt: skip
    return replace(script, drops=_drops(draw, given, timed[-1].end_s)) if given.vary else script


def _timed(draw: Draw, given: Setting, grammar: Grammar) -> tuple[Tale, tuple[Slot, ...]]:
    """Return a story of fitting length, and when its beats are."""
    for _ in range(TRIES):
        told = tale(draw, given, grammar.structures)
        timed = slots(draw, given, told.beats)
        if LENGTH_S[0] <= timed[-1].end_s <= LENGTH_S[1]:
            return told, timed
    raise ValueError(f"no story of {grammar.name} fits {LENGTH_S[0]:g}..{LENGTH_S[1]:g} s")


def _opened(draw: Draw, taken: list[Taken], *, hooked: bool) -> list[Taken]:
    """Give the first shot a device that draws the eye, where nothing goes on in it: a sudden zoom, a burst of motion,
    or a start from black."""
    first, *rest = taken
    after = rest[0].way if rest else "new"
    sources = [one.shot.source for one in rest if not one.card]
    shot = first.shot
    device = draw.pick(("zoom", "zoom", "burst", "burst", "black", "", ""))
    free = after == "new" and shot.source not in sources and not first.card
    if device == "zoom" and free and first.cue != "mover":
        shot = replace(shot, camera=Camera(move="zoom_in", speed=0.6, window=(0.15, 0.85), ease="smooth"))
    elif device == "burst" and free and first.cue == "mover":
        figure = replace(shot.subjects[0], at=(-0.6, shot.subjects[0].at[1]), velocity=(0.8, 0.0))
        shot = replace(shot, subjects=(figure,))
    elif device == "black" and not first.card:
        frames = 12
        shot = replace(shot, begin=Transition(kind="fade_in", frames=frames))
    return [replace(first, shot=shot), *rest]


def _stop(draw: Draw, given: Setting, told: Tale, timed: tuple[Slot, ...]) -> float | None:
    """Return when the music breaks off: at a turn, sometimes; None where it goes on."""
    turns = [slot.start_s for beat, slot in zip(told.beats, timed, strict=True) if beat.label == "turn_twist"]
    others = [slot.start_s for slot in timed[1:]]
    if given.tempo_bpm is None or not others or given.on_beat:
        return None
    if turns:
        return turns[0]
    return draw.pick(others) if draw.chance(0.15) else None


def _drops(draw: Draw, given: Setting, end_s: float) -> tuple[int, ...]:
    """Return numbers of frames to leave out, never two in a row."""
    count = int(end_s * given.rate)
    found: list[int] = []
    for number in range(3, count - 3):
        if (not found or number - found[-1] > 2) and draw.chance(0.08):
            found.append(number)
    return tuple(found)
