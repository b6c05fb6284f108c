"""True structure: which shots show one setup, and what form they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.vocabulary import threshold
from sestina.render.retime import scene_s
from sestina.render.script import Script, Shot
from sestina.render.truth.made import Made, unit

FACETS = ("edit.unique_setups", "edit.shot_reuse", "edit.broll_ratio", "edit.macro")
TURNS_MIN = 3
"""Cuts between two setups in turns that cross-cut them."""


def units(made: Made) -> Iterator[Unit]:
    """Yield three numbers of the clip and its form, where the edit alone fixes it and no note names it."""
    whole, shots = made.timeline.span, made.script.shots
    places = setups(shots)
    if len(shots) > 1:
        reuse = len(shots) - len(set(places))
        yield unit("edit.unique_setups", 0, "video", whole, value=float(len(set(places))), unit="count")
        yield unit("edit.shot_reuse", 0, "video", whole, value=round(reuse / len(shots), 6), unit="share")
        aside = _aside(made, places)
        if reuse:
            yield unit("edit.broll_ratio", 0, "video", whole, value=round(aside / whole.duration_s, 6), unit="share")
        else:
            reason = "no setup comes back"
            yield unit("edit.broll_ratio", 0, "video", whole, status="abstain", reason=reason)
    if not any(note.facet == "edit.macro" for note in made.script.notes):
        yield _form(made, places)


def setups(shots: Sequence[Shot]) -> list[int]:
    """Return the setup of each shot, numbered in order of appearance: shots of one source seen in one layout."""
    known: list[object] = []
    found = []
    for shot in shots:
        key = (shot.source, shot.layout)
        if key not in known:
            known.append(key)
        found.append(known.index(key))
    return found


def _aside(made: Made, places: Sequence[int]) -> float:
    """Return the time spent outside the setup that lasts longest, seconds."""
    lasting: dict[int, float] = {}
    for number, place in enumerate(places):
        lasting[place] = lasting.get(place, 0.0) + made.timeline.shot_span(number).duration_s
    return sum(lasting.values()) - max(lasting.values())


def _form(made: Made, places: Sequence[int]) -> Unit:
    label = ""
    if len(places) == 1:
        label = "sequence_shot_one_take"
    elif loops(made.script):
        label = "circular_loop"
    elif 2 * len(montage_cuts(made)) >= len(places) + 1:
        label = "montage"
    elif 2 * len(cross_cuts(places)) >= len(places) + 1:
        label = "cross_cut"
    whole = made.timeline.span
    if label:
        return unit("edit.macro", 0, "video", whole, label=label)
    return unit("edit.macro", 0, "video", whole, status="abstain", reason="the edit alone does not fix the form")


def loops(script: Script) -> bool:
    """Return whether the last frame runs on into the first: the last shot ends where the first began, and the picture
    has been elsewhere in between."""
    first, last = script.shots[0], script.shots[-1]
    if len(script.shots) < 3 or script.close is not None or first.begin.kind != "hard_cut":
        return False
    meets = abs(last.offset_s + scene_s(last.speeds, last.duration_s) - first.offset_s) <= 1.01 / float(script.rate)
    same = (first.source, first.camera, first.subjects, first.look, first.layout) == (
        last.source, last.camera, last.subjects, last.look, last.layout,
    )  # fmt: skip
    return meets and same


def montage_cuts(made: Made) -> list[int]:
    """Return the shots (by number) that a montage's cuts lead to: inside runs of at least four short shots to music
    without a word."""
    longest = threshold("edit.cut_function", "montage_shot_length_max_s")
    least = int(threshold("edit.cut_function", "montage_shots_min"))
    spans = [made.timeline.shot_span(number) for number in range(len(made.script.shots))]
    short = [False, *(span.duration_s < longest for span in spans), False]
    edges = [k for k, (a, b) in enumerate(pairwise(short)) if a != b]
    found: list[int] = []
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        run = Span.of(spans[first].start_s, spans[after - 1].end_s)
        if after - first >= least and _only_music(made, run):
            found.extend(range(first + 1, after))
    return found


def _only_music(made: Made, run: Span) -> bool:
    sound = made.script.sound
    if sound is None or made.heard is None or any(run.overlaps(Span.of(w.start_s, w.end_s)) for w in made.heard.words):
        return False
    return any(start_s <= run.start_s and end_s >= run.end_s for start_s, end_s in made.heard.music_s)


def cross_cuts(places: Sequence[int]) -> list[int]:
    """Return the shots (by number) that lead from one of two setups to the other, in runs of at least three turns."""
    found: list[int] = []
    first = 0
    for shot in range(1, len(places) + 1):
        turns = shot < len(places) and places[shot] != places[shot - 1]
        if turns and (shot - first < 2 or places[shot] == places[shot - 2]):
            continue
        if shot - 1 - first >= TURNS_MIN:
            found.extend(range(first + 1, shot))
        first = shot - 1 if turns else shot
    return found
