"""Hearing: spoken lines, music and accents of a story, and when they begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sestina.render.genres.cutting import Taken
from sestina.render.genres.draw import Draw
from sestina.render.genres.pace import CARDS, WORDS_PER_MIN, Slot, spoken_s, surely_s
from sestina.render.genres.setting import Setting
from sestina.render.genres.suspense import Strain
from sestina.render.genres.tale import Beat
from sestina.render.parts.sound import Hit, Music, Sound, Speech

LEAD_S, LAG_S = 0.3, 0.42
"""How far a line may begin before its picture, and how long it then still lasts after its picture at the least."""

INSIDE_S = 0.35
"""How long before the end of its beat a line must have begun; one that comes too late is written instead."""

Accent = Literal["boom", "whoosh", "ding"]
ACCENTS: tuple[Accent, ...] = ("boom", "whoosh", "ding")
"""What may fall on a cut."""

TICK_S = 0.25


@dataclass(frozen=True, kw_only=True)
class Line:
    """A spoken line: number of its beat, its words, when it begins, until when it surely lasts and when it surely has
    ended; seconds. `lead` tells that it begins before its beat, `lag` that it outlasts it."""

    beat: int
    text: str
    start_s: float
    lasts_s: float
    ended_s: float
    lead: bool = False
    lag: bool = False


def lines(draw: Draw, given: Setting, beats: Sequence[Beat], slots: Sequence[Slot]) -> list[Line]:
    """Return the spoken lines, none over another; none where the clip is only written."""
    if given.voice == "written":
        return []
    found: list[Line] = []
    for number, (beat, slot) in enumerate(zip(beats, slots, strict=True)):
        if beat.label in CARDS:
            continue
        free = found[-1].ended_s + 0.05 if found else 0.0
        start = max(slot.start_s + 0.1, free)
        lead = number > 0 and free <= slot.start_s - LEAD_S and draw.chance(0.5)
        start = slot.start_s - LEAD_S if lead else start
        longest, least = spoken_s(beat.line), surely_s(beat.line)
        lag = False
        if not lead and number + 1 < len(slots) and least > LAG_S + 0.2 and draw.chance(0.2):
            start, lag = max(start, slot.end_s - least + LAG_S), True
        if start <= slot.end_s - INSIDE_S and start + longest <= slots[-1].end_s:
            found.append(
                Line(beat=number, text=beat.line, start_s=round(start, 3), lasts_s=start + least,
                     ended_s=start + longest, lead=lead, lag=lag)
            )  # fmt: skip
    return found


def heard(
    draw: Draw, given: Setting, said: Sequence[Line], taken: Sequence[Taken], strains: Sequence[Strain],
    stops_s: float | None,
) -> tuple[Sound, tuple[float, ...]]:  # fmt: skip
    """Return the sound, and the times of the cuts on which an accent falls.

    Args:
        draw, given: chance and setting.
        said: spoken lines.
        taken, strains: shots and their tension; some tick.
        stops_s: when the music breaks off, None where it goes on.
    """
    pitch, rate = draw.pick((32, 42, 52, 62, 72)), WORDS_PER_MIN
    seed = draw.seed()
    speech = tuple(
        Speech(text=line.text, start_s=line.start_s, words_per_min=rate, pitch=pitch, seed=seed) for line in said
    )
    music = None
    if given.tempo_bpm is not None:
        music = Music(tempo_bpm=given.tempo_bpm, end_s=stops_s, seed=seed, gain=0.35)
    cuts = [one.start_s for one in taken[1:] if one.shot.begin.frames == 0]
    struck = tuple(sorted(draw.some(cuts, draw.pick((0, 0, 1, 2)))))
    hits = [Hit(at_s=at, kind=draw.pick(ACCENTS), gain=0.4) for at in struck]
    for one, strain in zip(taken, strains, strict=True):
        if "ticking" in strain.devices:
            count = int((one.end_s - one.start_s) / TICK_S)
            hits += [Hit(at_s=round(one.start_s + k * TICK_S, 3), kind="click", gain=0.5) for k in range(count)]
    return Sound(music=music, speech=speech, hits=tuple(sorted(hits, key=lambda hit: hit.at_s))), struck
