"""From a storyboard, or a sketch of one, to a script: an animatic of what somebody wants to see.

Everything the sketch fixes is kept to the frame: shots, transitions, movements, texts, words, tempo. What it leaves
open is chosen by its seed. What cannot be drawn is drawn as the nearest thing that can, and said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sestina.core import vocabulary
from sestina.core.errors import ScriptError
from sestina.render.contradictions import contradictions
from sestina.render.gold import MATTERS
from sestina.render.parts.note import Note
from sestina.render.parts.sound import Hit, Music, Sound, Speech
from sestina.render.plan_overlays import overlays
from sestina.render.plan_shots import close, shots
from sestina.render.script import Script
from sestina.render.script_file import loads
from sestina.render.timeline import Timeline
from sestina.render.wanted import Want, Wanted, read

MEASURED = ("diss.", "aes.", "camera.", "subject.", "narr.hook.t_", "edit.pacing")
"""Beginnings of facets that the finished picture decides, not the storyboard: asking for them is no promise."""

TOLD = ("narr.", "edit.cut_function", "edit.cut_rationale", "edit.macro", "diss.cta", "diss.retention")
"""Beginnings of facets that are true because the storyboard says so: they pass into the gold."""

DRAWN = (
    "edit.shot", "edit.transition", "camera.movement", "camera.speed", "camera.steadiness", "camera.scale",
    "diss.overlay.kind", "diss.aspect", "subject.kind", "subject.count", "subject.location", "subject.motion_energy",
    "aes.light.brightness", "aes.color.saturation", "aes.audio.tempo", "aes.audio.tempo.beat", "aes.audio.accent",
)  # fmt: skip
"""Facets that decide what is drawn and heard."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A script, and one line for every wish it does not fulfil as asked."""

    script: Script
    compromises: tuple[str, ...] = ()


def plan(data: Mapping[str, Any], seed: int | None = None) -> Plan:
    """Return the script for plain JSON values: a whole script (key `script`), a storyboard, or a sketch of one.

    Args:
        data: what was read from a file.
        seed: chooses what is left open; wins over the file's own.

    Raises ScriptError that names every contradiction with the unit's id, before anything is drawn.
    """
    if "script" in data:
        return Plan(script=_possible(loads(dict(data))))
    if "units" not in data:
        raise ScriptError(["document: neither a script (key `script`) nor a storyboard (key `units`)"])
    wanted = read(data, seed)
    found = contradictions(wanted)
    if found:
        raise ScriptError(found, hint="a storyboard that holds together renders; mend these units")
    said: list[str] = []
    script = Script(
        shots=shots(wanted, said),
        width=wanted.width,
        height=wanted.height,
        rate=wanted.rate,
        overlays=overlays(wanted, said),
        close=close(wanted),
        sound=_sound(wanted),
        notes=_notes(wanted, said),
        examined=tuple(sorted({want.facet for want in wanted.wants if _is_told(want)})),
        seed=wanted.seed,
    )
    return Plan(script=_possible(script), compromises=tuple(said))


def _possible(script: Script) -> Script:
    """Return the script when its shots and transitions fit together. Raises ScriptError."""
    try:
        Timeline(script)
    except ValueError as error:
        raise ScriptError([f"timeline: {error}"]) from error
    return script


def _sound(wanted: Wanted) -> Sound | None:
    """Return what is heard: words where there are some, music where a tempo is asked for; None when nothing is."""
    speech = tuple(
        Speech(text=line.text, start_s=line.start_s, seed=wanted.seed + number)
        for number, line in enumerate(wanted.spoken)
        if any(letter.isalnum() for letter in line.text)
    )
    tempo = next((w.value for w in wanted.of("aes.audio.tempo") if w.value), None)
    beats = [w.span.start_s for w in wanted.of("aes.audio.tempo.beat") if w.span]
    music = None
    if tempo is not None:
        first_s = min(beats, default=0.0) % (60 / tempo)
        music = Music(tempo_bpm=tempo, first_beat_s=first_s, seed=wanted.seed)
    hits = tuple(Hit(at_s=w.span.start_s) for w in wanted.of("aes.audio.accent") if w.span and w.label == "hit")
    return Sound(music=music, speech=speech, hits=hits) if speech or music or hits else None


def _notes(wanted: Wanted, said: list[str]) -> tuple[Note, ...]:
    """Return what holds because the storyboard says so, and say what is asked for and decided by the picture."""
    notes = []
    for want in wanted.wants:
        if _is_told(want):
            notes.append(_note(want))
        elif want.facet not in DRAWN and want.facet.startswith(MEASURED):
            said.append(f"{want.id}: the picture decides about {want.facet}; nothing was done for {_claim(want)}")
    return tuple(notes)


def _note(want: Want) -> Note:
    span = want.span or None
    return Note(
        facet=want.facet, label=_canonical(want), text=want.text, value=want.value, unit=want.unit, level=want.level,
        start_s=None if span is None else span.start_s, end_s=None if span is None else span.end_s, box=want.box,
        attributes=dict(want.attributes),
    )  # fmt: skip


def _is_told(want: Want) -> bool:
    """Whether a wish passes into the gold: no module of truth examines its facet, and it is not a measurement."""
    examined = {facet for matter in MATTERS for facet in matter.FACETS}
    told = want.facet.startswith(TOLD) and not want.facet.startswith("narr.hook.t_")
    return told and want.facet not in examined and (want.label or want.text or want.value) is not None


def _canonical(want: Want) -> str | None:
    return None if want.label is None else vocabulary.facet(want.facet).canonical(want.label)


def _claim(want: Want) -> str:
    return want.label or want.text or f"{want.value:g}" if want.value is not None or want.label or want.text else "it"


