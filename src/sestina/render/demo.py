"""The demonstration clip: a short vertical list of three habits, with everything the analyzer looks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from sestina.core.storyboard import Word
from sestina.render.parts.edit import Transition
from sestina.render.parts.note import Note
from sestina.render.parts.overlay import Overlay
from sestina.render.parts.sound import Hit, Music, Sound, Speech
from sestina.render.parts.stage import Camera, Look, Source, Subject
from sestina.render.script import Script, Shot, punched
from sestina.render.speech import say

BEAT_S = 0.5
"""Seconds a beat; every cut falls on one."""

NAVY, CORAL, SUN, INK = (44, 50, 94), (226, 82, 66), (255, 209, 102), (28, 30, 46)
HOOK_S, CUP_S, CLOSER_S, WALK_S, DESK_S, LAMP_S, END_S = 2.5, 2.0, 1.5, 2.5, 2.0, 1.5, 2.0
CAPTION_WORDS = 3
"""Words shown at once at most."""


@dataclass(frozen=True)
class Line:
    """What is said, from when on, until when its last caption stays, and whether it is shown."""

    text: str
    start_s: float
    until_s: float
    shown: bool = True


LINES = (
    Line("Three tiny habits for calmer mornings.", 0.3, 2.5, shown=False),
    Line("Sip your coffee slowly, without a screen.", 2.7, 6.0),
    Line("Walk outside for ten minutes.", 6.35, 8.5),
    Line("Write down one good thing.", 8.7, 10.5),
    Line("Then wake up with light.", 10.55, 12.0),
    Line("Follow for more.", 12.3, 14.0, shown=False),
)


def demo_script(seed: int = 7) -> Script:
    """Return the script of the demonstration clip: 540x960, 30 frames a second, 14 s, cut on the beat at 120 BPM."""
    speech = tuple(Speech(text=line.text, start_s=line.start_s, words_per_min=185, seed=seed) for line in LINES)
    return Script(
        shots=_shots(seed),
        width=540,
        height=960,
        rate=Fraction(30),
        overlays=(*_packaging(), *_captions(speech)),
        sound=Sound(
            music=Music(tempo_bpm=60 / BEAT_S, seed=seed, gain=0.4),
            speech=speech,
            hits=(Hit(at_s=2.5, kind="whoosh", gain=0.3), Hit(at_s=10.5, kind="ding", gain=0.25), Hit(at_s=12.0)),
        ),
        notes=_spoken_call(len(LINES) - 1),
        seed=seed,
        crf=21,
    )


def _spoken_call(line: int) -> tuple[Note, ...]:
    """Return what the last line asks for."""
    return (
        Note(facet="diss.cta", label="cta", text=LINES[line].text, said=line),
        Note(facet="diss.cta.target", label="follow", said=line),
        Note(facet="diss.cta.modality", label="speech", said=line),
    )


def _shots(seed: int) -> tuple[Shot, ...]:
    clean = Look(noise=0.6)
    hook = Shot(
        source=Source(kind="sunrise", seed=seed, extent=(1.3, 1.3)), duration_s=HOOK_S, look=clean,
        camera=Camera(move="zoom_in", speed=0.07),
    )  # fmt: skip
    cup = Shot(
        source=Source(kind="table", seed=seed, extent=(1.9, 1.2)), duration_s=CUP_S, look=clean,
        camera=Camera(move="pan_right", speed=0.14),
    )  # fmt: skip
    walk = Shot(
        source=Source(kind="meadow", seed=seed, near="grasses", extent=(2.6, 1.15)), duration_s=WALK_S, look=clean,
        camera=Camera(move="truck_right", speed=0.22),
        subjects=(Subject(kind="walker", at=(-0.33, 0.36), velocity=(0.26, 0.0), size=0.3, seed=seed),),
        begin=Transition(kind="cross_dissolve", frames=14),
    )  # fmt: skip
    desk = Shot(
        source=Source(kind="desk", seed=seed, extent=(1.3, 1.3)), duration_s=DESK_S, look=clean,
        camera=Camera(move="tilt_down", speed=0.07), begin=Transition(kind="push", frames=12, direction="left"),
    )  # fmt: skip
    lamp = Shot(source=Source(kind="stand", seed=seed, extent=(1.25, 1.2)), duration_s=LAMP_S, look=clean)
    end = Shot(source=Source(kind="sunrise", seed=seed, extent=(1.3, 1.3)), duration_s=END_S, look=clean)
    return hook, cup, _closer(cup), walk, desk, lamp, end


def _closer(cup: Shot) -> Shot:
    """The same table from nearer, where the pan comes to rest."""
    nearer = punched(cup, 1.35, CLOSER_S)
    still = Camera(at=(0.06, 0.12), zoom=nearer.camera.zoom)
    return replace(nearer, camera=still, offset_s=0.0)


def _packaging() -> tuple[Overlay, ...]:
    """Headline, counters, price, end card, button, handle, progress bar."""
    counters = ((2.5, 6.0, "1"), (6.0, 8.5, "2"), (8.5, 10.5, "3"))
    return (
        Overlay(
            kind="headline_super", text="3 tiny habits\nfor calmer\nmornings", start_s=0.0, end_s=2.5, at=(0.5, 0.2),
            size=0.034, style="shadow", back=NAVY, language="en",
        ),
        *(
            Overlay(
                kind="list_counter", text=number, start_s=start, end_s=end, at=(0.5, 0.12), size=0.03, style="box",
                back=CORAL, entry="pop",
            )
            for start, end, number in counters
        ),
        Overlay(
            kind="price_tag", text="$29", start_s=10.75, end_s=12.0, at=(0.74, 0.36), size=0.03, back=NAVY, entry="pop",
        ),
        *_end_card(),
        Overlay(kind="progress_bar", start_s=0.0, end_s=12.0, at=(0.5, 0.996), size=0.008, accent=SUN, back=INK),
    )  # fmt: skip


def _end_card() -> tuple[Overlay, ...]:
    start_s, end_s = 12.0, 14.0
    later_s = start_s + BEAT_S / 2
    return (
        Overlay(
            kind="end_card", text="Calmer mornings\nstart tonight", start_s=start_s, end_s=end_s, at=(0.5, 0.34),
            size=0.034, back=NAVY, language="en",
        ),
        Overlay(
            kind="cta_button", text="Follow for more", start_s=later_s, end_s=end_s, at=(0.5, 0.52), size=0.024,
            back=CORAL, entry="pop", cta=("follow",), language="en",
        ),
        Overlay(
            kind="handle", text="@slowmornings", start_s=later_s, end_s=end_s, at=(0.5, 0.62), size=0.018,
            style="plain",
        ),
    )  # fmt: skip


def _captions(speech: tuple[Speech, ...]) -> list[Overlay]:
    """Return a caption for every few spoken words, each word lighting up as it is said."""
    found = []
    for line, spoken in zip(LINES, speech, strict=True):
        words = say(spoken).words if line.shown else ()
        groups = _groups(words)
        starts = [group[0].start_s + line.start_s for group in groups] + [line.until_s]
        for group, (start_s, end_s) in zip(groups, pairwise(starts), strict=True):
            if end_s > start_s:
                found.append(_caption(group, start_s, min(end_s, line.until_s), line.start_s))
    return found


def _groups(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """Split words into runs of nearly equal length, `CAPTION_WORDS` long at most."""
    if not words:
        return []
    count = -(-len(words) // CAPTION_WORDS)
    bounds = [round(k * len(words) / count) for k in range(count + 1)]
    return [words[a:b] for a, b in pairwise(bounds)]


def _caption(group: tuple[Word, ...], start_s: float, end_s: float, line_start_s: float) -> Overlay:
    return Overlay(
        kind="subtitle_word_karaoke", text=" ".join(word.text for word in group), start_s=start_s, end_s=end_s,
        at=(0.5, 0.225), size=0.027, style="outline", back=INK, accent=SUN, language="en",
        word_starts_s=tuple(word.start_s + line_start_s for word in group),
    )  # fmt: skip
