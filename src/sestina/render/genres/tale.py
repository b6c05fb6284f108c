"""A story before it is staged: its beats in order, what each says, how it feels, and what the opening tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sestina.render.genres.draw import Draw
from sestina.render.genres.lines import BEATS, CALLS, CLIFFS, ELSEWHERE, HOOKS, PERSONS, filled
from sestina.render.genres.plots import plot
from sestina.render.genres.setting import Setting
from sestina.render.genres.words import HANDLES, MAKERS, NAMES, PLACES, TITLES, TOPICS, Topic

Arc = Literal["rise", "fall", "rise_fall", "fall_rise", "flat", "oscillating"]
ARCS: tuple[Arc, ...] = ("rise", "fall", "rise_fall", "fall_rise", "flat", "oscillating")

SWING = 2
"""Steps of valence that make a turn of the arc; less is ripple."""

ANSWERS = ("reveal_payoff", "resolution", "turn_twist", "proof", "demonstration", "climax")
"""Beats that answer a question or keep what was announced; the last of them closes what is open."""

CLOSED = ("cta", "end_card", "loop_back", "resolution", "sponsor_read", "transition_card")
"""Last beats that leave nothing open."""


@dataclass(frozen=True, kw_only=True)
class Beat:
    """One beat: its label, what is said or written in it, its valence -2..2, the number of its step (0: none), what it
    asks the viewer to do ("" for nothing), and the language of its words."""

    label: str
    line: str
    valence: int = 0
    step: int = 0
    target: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Tale:
    """A story: its structure, topic, beats, the tactics of its hook (the first carries it), who tells it; `cliff` tells
    that its last words leave it open."""

    structure: str
    topic: Topic
    beats: tuple[Beat, ...]
    tactics: tuple[str, ...] = ()
    handle: str
    name: str
    title: str
    cliff: bool = False

    @property
    def steps(self) -> int:
        """How many numbered steps it has."""
        return sum(beat.step > 0 for beat in self.beats)


def tale(draw: Draw, given: Setting, structures: Sequence[str]) -> Tale:
    """Return a story told in one of `structures`."""
    structure = draw.pick(structures)
    topic = draw.pick(TOPICS)
    labels = plot(draw, structure)
    count = labels.count("development")
    words = {
        "thing": topic.thing, "do": topic.do, "pain": topic.pain, "gain": topic.gain, "maker": draw.pick(MAKERS),
        "place": draw.pick(PLACES), "n": str(max(2, count)),
    }  # fmt: skip
    answered = any(label in ANSWERS for label in labels) or count > 0
    tactics = _tactics(draw, structure, count, answered=answered) if "hook" in labels else ()
    beats = _told_by(draw, _beats(draw, given, labels, words, tactics, topic))
    cliff = beats[-1].label not in CLOSED and draw.chance(0.06)
    if cliff:
        beats = (*beats[:-1], Beat(label=beats[-1].label, line=draw.pick(CLIFFS), valence=beats[-1].valence))
    return Tale(
        structure=structure, topic=topic, beats=beats, tactics=tactics, handle=draw.pick(HANDLES),
        name=draw.pick(NAMES), title=draw.pick(TITLES), cliff=cliff,
    )  # fmt: skip


def _told_by(draw: Draw, beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """Return the beats told of one person, or of nobody."""
    person = draw.pick(("", "", *PERSONS))
    if not person:
        return beats
    acts, owns = PERSONS[person]
    found = []
    for beat in beats:
        line = beat.line
        if beat.step:
            line = f"{acts} {line[:1].lower()}{line[1:]}"
        found.append(replace(beat, line=line.replace("The problem", f"{owns} problem")))
    return tuple(found)


def _tactics(draw: Draw, structure: str, steps: int, *, answered: bool) -> tuple[str, ...]:
    """Return the opening's tactic; a number of things is only announced where that many are shown, and a question is
    only asked, or the end promised, where something answers."""
    pool = [name for name in HOOKS if name != "listicle_number" or steps >= 2]
    pool = [name for name in pool if answered or name not in ("question", "curiosity_gap")]
    if structure == "question_answer":
        pool += ["question"] * 5
    return (draw.pick(pool),)


def _beats(
    draw: Draw, given: Setting, labels: Sequence[str], words: dict[str, str], tactics: tuple[str, ...], topic: Topic
) -> tuple[Beat, ...]:
    wish = wishes(draw.pick(ARCS), len(labels))
    steps = draw.some(topic.steps, len(topic.steps))
    found: list[Beat] = []
    for label, felt in zip(labels, wish, strict=True):
        numbered = [beat for beat in found if beat.step]
        if label == "hook":
            found.append(Beat(label=label, line=filled(draw.pick(HOOKS[tactics[0]]), words)))
        elif label == "cta":
            found.append(_call(draw, given))
        elif label == "recap" and numbered:
            before = draw.pick(numbered)
            found.append(Beat(label=label, line=before.line, valence=before.valence))
        else:
            step = 1 + len(numbered) if label == "development" else 0
            words = {**words, "step": steps[(step - 1) % len(steps)]}
            valence, line = _closest(draw, label, felt)
            found.append(Beat(label=label, line=filled(line, words), valence=valence, step=step))
    return tuple(found)


def _closest(draw: Draw, label: str, felt: int) -> tuple[int, str]:
    """Return one of the sentences of a beat that feel most like `felt`."""
    pool = BEATS[label]
    least = min(abs(valence - felt) for valence, _ in pool)
    return draw.pick([said for said in pool if abs(said[0] - felt) == least])


def _call(draw: Draw, given: Setting) -> Beat:
    """Return a call to act; written ones may be in another language."""
    if given.voice == "written" and draw.chance(0.25):
        language = draw.pick(sorted(ELSEWHERE))
        target = draw.pick(sorted(ELSEWHERE[language]))
        return Beat(label="cta", line=draw.pick(ELSEWHERE[language][target]), target=target, language=language)
    target = draw.pick(sorted(CALLS))
    return Beat(label="cta", line=draw.pick(CALLS[target]), target=target)


def wishes(shape: Arc, count: int) -> list[int]:
    """Return the valences -2..2 that would give `shape` over `count` beats."""
    if shape == "oscillating":
        return [(-1) ** k * 2 for k in range(count)]
    last = max(1, count - 1)
    rise = [-2 + 4 * k / last for k in range(count)]
    bow = [-2 + 4 * (1 - abs(2 * k / last - 1)) for k in range(count)]
    courses = {"rise": rise, "fall": [-v for v in rise], "rise_fall": bow, "fall_rise": [-v for v in bow]}
    return [round(v) for v in courses.get(shape, [0.0] * count)]


def arc(valences: Sequence[int]) -> Arc:
    """Return the shape of a series of valences: its swings of two steps or more, one after another.

    (-1, 0, 1) rises; (0, 1, 0) ripples and is flat; (-1, 1, -1) rises and falls.
    """
    swings: list[int] = []
    low = high = valences[0]
    way = 0
    for value in valences[1:]:
        low, high = min(low, value), max(high, value)
        if way <= 0 and value - low >= SWING:
            swings.append(1)
            way, high, low = 1, value, value
        elif way >= 0 and high - value >= SWING:
            swings.append(-1)
            way, high, low = -1, value, value
    shapes: dict[tuple[int, ...], Arc] = {
        (): "flat", (1,): "rise", (-1,): "fall", (1, -1): "rise_fall", (-1, 1): "fall_rise",
    }  # fmt: skip
    return shapes.get(tuple(swings), "oscillating")


def promised(beats: Sequence[Beat]) -> tuple[int, int] | None:
    """Return the numbers of the first promise and the first payoff after it, None without both."""
    found = [number for number, beat in enumerate(beats) if beat.label == "promise"]
    kept = [number for number, beat in enumerate(beats) if beat.label == "reveal_payoff"]
    later = [number for number in kept if found and number > found[0]]
    return (found[0], later[0]) if later else None


def asks(before: Beat) -> bool:
    """Whether a beat ends with a question."""
    return before.line.endswith("?")
