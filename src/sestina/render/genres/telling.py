"""Telling: the notes of a story, which become its gold; each follows from what the clip shows and sounds like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sestina.render.genres.cutting import Taken
from sestina.render.genres.hearing import Line
from sestina.render.genres.lines import PERSUASIVE
from sestina.render.genres.pace import Slot
from sestina.render.genres.reasons import Reason
from sestina.render.genres.setting import Setting
from sestina.render.genres.stage import PLAYERS
from sestina.render.genres.suspense import Strain
from sestina.render.genres.tale import ANSWERS, Tale, arc, promised
from sestina.render.parts.note import Note
from sestina.render.parts.overlay import Overlay

EXAMINED = (
    "narr.beat", "narr.beat.paraphrase", "narr.hook", "narr.hook.modality", "narr.hook.tactic",
    "narr.hook.tactic.primary", "narr.hook.visual_device", "narr.hook.hook_end", "narr.open_loop",
    "narr.open_loop.type", "narr.open_loop.opened_at", "narr.open_loop.closed_at", "narr.open_loop.quote",
    "narr.format", "narr.structure", "narr.shot_tension", "narr.tension.semantic", "narr.valence", "narr.emotion_arc",
    "narr.tone", "narr.perspective", "narr.persuasion", "narr.payoff_delay", "edit.cut_function",
    "edit.cut_rationale", "edit.cut_rationale.primary", "subject.kind", "subject.kind.primary", "subject.location",
    "subject.action",
)  # fmt: skip
"""Facets the notes speak of alone; `diss.cta` and `diss.retention` they share with the overlays."""

ACTIONS = {"walker": "walk", "car": "drive", "hand": "demonstrate", "bust": "talk", "standing": "talk"}
"""Figure -> what it is seen doing; faces move their mouths all the time."""

LARGE, EARLY_S = 0.045, 0.5
"""Height of capitals that are large, share of the frame; time until which a text is there at once."""

RUNNING = {"retention_refresh", "l_cut", "j_cut"}
"""Functions of cuts across which the same sentence or sound runs on."""

CHAPTERS_MIN = 2
"""Numbers on screen that make a list of chapters of the edit."""

PRONOUNS = {
    "first_person": r"\b(?:i|i'm|me|my|we|us|our)\b", "second_person_you": r"\b(?:you|your)\b",
    "third_person": r"\b(?:he|she|they|him|her|them|everybody|everyone|somebody)\b",
}  # fmt: skip
PRONOUNS_MIN, PRONOUN_SHARE = 2, 0.5


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known of a finished script before it is written down."""

    format: str
    given: Setting
    told: Tale
    slots: Sequence[Slot]
    said: Sequence[Line]
    taken: Sequence[Taken]
    strains: Sequence[Strain]
    reasons: Sequence[Reason]
    overlays: Sequence[Overlay]
    stops_s: float | None = None

    @property
    def end_s(self) -> float:
        """Length of the clip, seconds."""
        return self.slots[-1].end_s

    def line(self, beat: int) -> int | None:
        """Return the number of the spoken line of a beat, None where it is not spoken."""
        return next((k for k, line in enumerate(self.said) if line.beat == beat), None)


def notes(facts: Facts) -> tuple[Note, ...]:
    """Return every note of the clip."""
    parts = (_beats, _hook, _loops, _whole, _shots, _cuts, _persuasion, _calls, _retention)
    return tuple(note for part in parts for note in part(facts))


def _over(facts: Facts, beat: int) -> dict[str, Any]:
    return _between(facts.slots[beat].start_s, facts.slots[beat].end_s)


def _between(start_s: float, end_s: float) -> dict[str, Any]:
    return {"start_s": start_s, "end_s": end_s}


def _beats(facts: Facts) -> Iterator[Note]:
    """Yield beats, what each says, and how it feels; steps in a row are one development."""
    parts = runs([beat.label for beat in facts.told.beats])
    for (first, last), felt in zip(parts, feelings(facts.told), strict=True):
        span = _between(facts.slots[first].start_s, facts.slots[last].end_s)
        lines = [beat.line for beat in facts.told.beats[first : last + 1]]
        yield Note(facet="narr.beat", label=facts.told.beats[first].label, **span)
        yield Note(facet="narr.beat.paraphrase", text=" ".join(lines), **span)
        yield Note(facet="narr.valence", label=f"{felt:+d}" if felt else "0", **span)


def feelings(told: Tale) -> list[int]:
    """Return the valence of every run of equal beats: its strongest."""
    parts = runs([beat.label for beat in told.beats])
    return [max((beat.valence for beat in told.beats[a : b + 1]), key=abs) for a, b in parts]


def runs(labels: Sequence[str]) -> list[tuple[int, int]]:
    """Return first and last number of every run of equal labels."""
    starts = [k for k, label in enumerate(labels) if k == 0 or labels[k - 1] != label]
    return [(a, b - 1) for a, b in zip(starts, [*starts[1:], len(labels)], strict=True)]


def _hook(facts: Facts) -> Iterator[Note]:
    if facts.told.beats[0].label != "hook":
        return
    span = _over(facts, 0)
    yield Note(facet="narr.hook", label="hook", **span)
    yield Note(facet="narr.hook.hook_end", value=facts.slots[0].end_s, unit="s")
    for tactic in facts.told.tactics:
        yield Note(facet="narr.hook.tactic", label=tactic, **span)
    yield Note(facet="narr.hook.tactic.primary", label=facts.told.tactics[0], **span)
    devices = list(_devices(facts))
    for device in devices:
        yield Note(facet="narr.hook.visual_device", label=device, **span)
    for channel in _channels(facts, bool(devices)):
        yield Note(facet="narr.hook.modality", label=channel, **span)


def _devices(facts: Facts) -> Iterator[str]:
    """Yield the visual devices at work in the hook."""
    first, until = facts.taken[0], facts.slots[0].end_s
    opening = [o for o in facts.overlays if o.start_s < until]
    if first.shot.begin.kind == "fade_in":
        yield "black_start"
    if first.shot.camera.move == "zoom_in" and first.shot.camera.speed >= 0.5:
        yield "sudden_zoom"
    if first.shot.subjects and abs(first.shot.subjects[0].velocity[0]) >= 0.5:
        yield "motion_burst"
    at_once = [o for o in opening if o.kind == "headline_super" and o.entry in ("none", "pop")]
    if any(o.size >= LARGE and o.start_s < EARLY_S for o in at_once):
        yield "text_slam"
    if any("countdown" in strain.devices for one, strain in zip(facts.taken, facts.strains, strict=True)
           if one.start_s < until):  # fmt: skip
        yield "countdown"
    things = [first.place.shows, *(kind for s in first.shot.subjects for kind in PLAYERS[s.kind])]
    if first.cue == "thing" and "product" in things:
        yield "product_reveal"


def _channels(facts: Facts, visual: bool) -> list[str]:
    """Return the channels the hook works through, and `combined` where there are several."""
    until = facts.slots[0].end_s
    text = any(o.kind not in ("progress_bar", "logo_bug") and o.start_s < until for o in facts.overlays)
    verbal = any(line.beat == 0 for line in facts.said)
    found = ["visual"] * visual + ["text"] * text + ["verbal"] * verbal
    return [*found, "combined"] if len(found) > 1 else found


def _loops(facts: Facts) -> Iterator[Note]:
    """Yield what is opened and when it is closed: when the beat that answers it is over."""
    for kind, quote, opened_s, number in openings(facts):
        closed_s = _closing(facts, kind, number)
        span = _between(opened_s, facts.end_s if closed_s is None else closed_s)
        yield Note(facet="narr.open_loop", label="left_open" if closed_s is None else "closed", **span)
        yield Note(facet="narr.open_loop.type", label=kind, **span)
        yield Note(facet="narr.open_loop.opened_at", value=round(opened_s, 6), unit="s", **span)
        yield Note(facet="narr.open_loop.quote", text=quote, **span)
        if closed_s is not None:
            yield Note(facet="narr.open_loop.closed_at", value=round(closed_s, 6), unit="s", **span)


def openings(facts: Facts) -> Iterator[tuple[str, str, float, int]]:
    """Yield (kind, words, time, number of the beat) of everything that is asked or announced and withheld."""
    for number, beat in enumerate(facts.told.beats):
        if kind := _loop_kind(facts, number):
            yield kind, beat.line, facts.slots[number].start_s, number
    for overlay in facts.overlays:
        kinds = {"wait_for_it_text": "tease", "on_screen_question": "question"}
        for kind in (kinds[device] for device in overlay.devices if device in kinds):
            number = next(k for k, slot in enumerate(facts.slots) if overlay.start_s < slot.end_s)
            yield kind, overlay.text, overlay.start_s, number


def _closing(facts: Facts, kind: str, number: int) -> float | None:
    """Return when what beat `number` opens is closed, None where it stays open."""
    steps = [k for k, beat in enumerate(facts.told.beats) if beat.step]
    answers = [k for k, beat in enumerate(facts.told.beats) if beat.label in ANSWERS]
    ends = steps[-1:] if kind == "list_count" else answers[-1:] or steps[-1:]
    if kind == "cliffhanger" or not ends or ends[0] <= number:
        return None
    return facts.slots[ends[0]].end_s


def _loop_kind(facts: Facts, number: int) -> str:
    """Return by what a beat opens a loop, "" where it opens none."""
    beat = facts.told.beats[number]
    last = number == len(facts.told.beats) - 1
    if facts.told.cliff and last:
        return "cliffhanger"
    tactic = facts.told.tactics[0] if beat.label == "hook" else ""
    named = {"question": "question", "listicle_number": "list_count", "curiosity_gap": "tease"}
    kinds = {"promise": "tease", "inciting_event": "suspense"}
    return "" if last else named.get(tactic, kinds.get(beat.label, ""))


def _whole(facts: Facts) -> Iterator[Note]:
    """Yield what holds for the whole video."""
    told = facts.told
    yield Note(facet="narr.format", label=facts.format)
    yield Note(facet="narr.structure", label=told.structure)
    if sum(o.kind in ("list_counter", "step_label") for o in facts.overlays) >= CHAPTERS_MIN:
        yield Note(facet="edit.macro", label="list_chapters", level="video")
    yield Note(facet="narr.emotion_arc", label=arc(feelings(told)))
    yield Note(facet="narr.perspective", label=_person(told))
    for tone in _tones(facts):
        yield Note(facet="narr.tone", label=tone, level="video")
    pair = promised(told.beats)
    if pair is not None:
        wait = facts.slots[pair[1]].start_s - facts.slots[pair[0]].start_s
        yield Note(facet="narr.payoff_delay", value=round(wait, 6), unit="s")


def _person(told: Tale) -> str:
    """Return the grammatical person most pronouns are in, `none` where they are few or disagree."""
    text = " ".join(beat.line for beat in told.beats).lower()
    counts = {label: len(re.findall(pattern, text)) for label, pattern in PRONOUNS.items()}
    best = max(counts, key=lambda label: counts[label])
    clear = counts[best] >= PRONOUNS_MIN and counts[best] > PRONOUN_SHARE * sum(counts.values())
    return best if clear else "none"


def _tones(facts: Facts) -> list[str]:
    """Return the tones that wording, tension and pace set."""
    labels = [beat.label for beat in facts.told.beats]
    levels = [strain.label for strain in facts.strains]
    pressing = {"urgency", "fomo", "offer_only"} & set(facts.told.tactics)
    ticking = any({"ticking", "countdown"} & set(strain.devices) for strain in facts.strains)
    tones = {
        "informative": labels.count("development") + labels.count("proof") >= 3,
        "urgent": bool(pressing) or ticking,
        "dramatic": "peak" in levels or bool({"climax", "inciting_event"} & set(labels)),
        "humorous": facts.told.structure == "single_gag",
        "calm": facts.given.tempo_bpm is None and not {"high", "peak"} & set(levels),
        "inspirational": bool({"aspirational", "belief_mission"} & set(facts.told.tactics)),
    }
    return [tone for tone, holds in tones.items() if holds]


def _shots(facts: Facts) -> Iterator[Note]:
    """Yield tension, place and subjects of every shot."""
    for one, strain in zip(facts.taken, facts.strains, strict=True):
        span = _between(one.start_s, one.end_s)
        yield Note(facet="narr.shot_tension", label=strain.label, attributes={"by": list(strain.devices)}, **span)
        middle = (one.start_s + one.end_s) / 2
        felt = round(strain.value, 3)
        yield Note(facet="narr.tension.semantic", value=felt, unit="share", **_between(middle, middle))
        if one.card:
            yield Note(facet="subject.kind", label="text_graphic", **span)
            yield Note(facet="subject.kind.primary", label="text_graphic", **span)
            continue
        for action in dict.fromkeys(ACTIONS[s.kind] for s in one.shot.subjects if s.kind in ACTIONS):
            yield Note(facet="subject.action", label=action, **span)
        yield Note(facet="subject.location", label=one.place.location, **span)
        kinds = dict.fromkeys([*(kind for s in one.shot.subjects for kind in PLAYERS[s.kind]), one.place.shows])
        for kind in kinds:
            yield Note(facet="subject.kind", label=kind, **span)
        yield Note(facet="subject.kind.primary", label=next(iter(kinds)), **span)


def _cuts(facts: Facts) -> Iterator[Note]:
    for number, reason in enumerate(facts.reasons, start=1):
        for label in reason.functions:
            yield Note(facet="edit.cut_function", label=label, join=number)
        for label in reason.rationales:
            yield Note(facet="edit.cut_rationale", label=label, join=number)
        yield Note(facet="edit.cut_rationale.primary", label=reason.rationales[0], join=number)


def _persuasion(facts: Facts) -> Iterator[Note]:
    """Yield means of persuasion where they are said or shown."""
    for number, beat in enumerate(facts.told.beats):
        said = beat.line.lower()
        label = next((label for words, label in PERSUASIVE if words in said), "")
        if beat.label == "demonstration":
            label = "demonstration"
        if label:
            yield Note(facet="narr.persuasion", label=label, level="event", **_over(facts, number))


def _calls(facts: Facts) -> Iterator[Note]:
    """Yield spoken calls to act; the overlays tell of written ones."""
    for number, beat in enumerate(facts.told.beats):
        line = facts.line(number)
        if beat.target and line is not None:
            yield Note(facet="diss.cta", label="cta", text=beat.line, said=line)
            yield Note(facet="diss.cta.target", label=beat.target, said=line)
            yield Note(facet="diss.cta.modality", label="speech", said=line)


def _retention(facts: Facts) -> Iterator[Note]:
    """Yield devices that no overlay is by itself."""
    for number, one in enumerate(facts.taken):
        heard = facts.reasons[number - 1].functions if number else ()
        runs_on = number > 0 and (one.beat == facts.taken[number - 1].beat or bool(RUNNING & set(heard)))
        if runs_on or one.way in ("punch_in", "punch_out"):
            label = "zoom_reset" if one.way == "punch_out" else "pattern_interrupt"
            yield Note(facet="diss.retention", label=label, join=number)
    for number, beat in enumerate(facts.told.beats):
        middle = 0.15 * facts.end_s <= facts.slots[number].start_s < 0.85 * facts.end_s
        if beat.target and middle:
            yield Note(facet="diss.retention", label="mid_cta", **_over(facts, number))
        if beat.label == "hook" and _loop_kind(facts, number) == "tease":
            yield Note(facet="diss.retention", label="open_loop_tease", **_over(facts, number))
        if facts.told.cliff and number == len(facts.told.beats) - 1:
            yield Note(facet="diss.retention", label="cliffhanger_end", **_over(facts, number))
    if facts.stops_s is not None:
        yield Note(facet="diss.retention", label="sound_change", start_s=facts.stops_s, end_s=facts.stops_s)
    if facts.taken[-1].way == "loop":
        yield Note(facet="diss.retention", label="loop_join", start_s=facts.end_s, end_s=facts.end_s)
