"""The shots of a plan: where they begin, how they are joined, what they show and how the camera moves."""

from __future__ import annotations

from itertools import pairwise
from typing import cast, get_args

import numpy as np

from sestina.core import vocabulary
from sestina.core.time import Span
from sestina.render.parts.edit import CUTS, Kind, Transition
from sestina.render.parts.stage import Camera, Look, Move, Source, Subject
from sestina.render.script import Shot
from sestina.render.wanted import Want, Wanted

NEAR_S = 0.05
"""How far from a join a boundary may lie and still be meant for it, seconds."""

CHILD: dict[str, Kind] = {
    "cut": "hard_cut", "dissolve": "cross_dissolve", "fade": "dip_to_black", "wipe": "linear_wipe", "push": "push",
    "motion": "whip_pan_blur", "effect": "flash",
}  # fmt: skip
"""What is drawn for a family of transitions."""

MOVES: dict[str, Move] = {
    "static": "static", "locked": "static", "static_shaky": "static", "lateral_left": "pan_left",
    "lateral_right": "pan_right", "vertical_up": "tilt_up", "vertical_down": "tilt_down", "inward": "zoom_in",
    "outward": "zoom_out", "whip": "whip_pan_left",
}  # fmt: skip
"""What is filmed for a family of movements."""

SPEEDS = {"slow": 0.035, "regular": 0.12, "fast": 0.5, "whip": 1.4}
"""Frame widths a second, in the middle of each label of `camera.speed`."""

RATES = {"zoom": 0.08, "dolly": 0.06, "roll": 12.0}
"""Speeds of moves that are no shifts: log scale a second, degrees a second."""

SHAKES = {"locked": 0.0, "smooth": 0.0, "handheld_slight": 0.0025, "handheld": 0.006, "very_shaky": 0.014}
"""Tremble for each label of `camera.steadiness`, frame widths."""

PLACES = {
    "interior": "room", "exterior": "hills", "street": "city", "skyline": "city", "transport_hub": "city",
    "beach_water": "sunrise", "office": "desk", "studio_set": "plain", "void_backdrop": "plain", "virtual": "plain",
    "shop": "bars", "home.kitchen": "table", "restaurant": "table", "park": "meadow", "rural": "meadow",
}  # fmt: skip
"""Picture for a label of `subject.location`; its parent's where it has none."""

OPEN = ("room", "city", "hills", "bars", "meadow", "table", "desk", "shapes")
"""Pictures to choose from where the place is left open."""

SIZES = {"ELS": 0.15, "LS": 0.62, "MLS": 0.95, "MS": 1.3, "MCU": 1.8, "CU": 2.6, "ECU": 4.0}
"""Height of a person for each label of `camera.scale`, frame heights."""

LIGHT = {"dark": 0.45, "medium": 1.0, "bright": 1.35}
TINT = {"monochrome": 0.0, "muted": 0.55, "normal": 1.0, "vivid": 1.6}


def shots(wanted: Wanted, said: list[str]) -> tuple[Shot, ...]:
    """Return the shots of a sketch; one line is added to `said` for every wish that is met by something near it."""
    joins = _joins(wanted)
    edits = [_edit_at(join, wanted) for join in joins[:-1]]
    return tuple(
        _shot(number, Span.of(start, end), edit, wanted, said)
        for number, ((start, end), edit) in enumerate(zip(pairwise(joins), edits, strict=True))
    )


def close(wanted: Wanted) -> Transition | None:
    """Return the fade-out at the end, if there is one."""
    for want in wanted.of("edit.transition"):
        if want.label == "fade_out" and want.span and want.span.end_s >= wanted.duration_s - NEAR_S:
            return Transition(kind="fade_out", frames=max(1, round(want.span.duration_s * wanted.rate)))
    return None


def _joins(wanted: Wanted) -> list[float]:
    """Return the times at which shots begin, and the end: from shots, else from boundaries, else from beats."""
    given = [want.span.start_s for want in wanted.of("edit.shot") if want.span]
    if not given:
        given = [want.span.middle_s for want in wanted.of("edit.transition") if want.span]
    if not given:
        given = [want.span.start_s for want in wanted.of("narr.beat") if want.span]
    shortest = 1.5 / float(wanted.rate)
    joins = [0.0]
    for time in sorted(given):
        if joins[-1] + shortest <= time <= wanted.duration_s - shortest:
            joins.append(time)
    return [*joins, wanted.duration_s]


def _edit_at(join: float, wanted: Wanted) -> Want | None:
    for want in wanted.of("edit.transition"):
        if want.span and want.span.start_s - NEAR_S <= join <= want.span.end_s + NEAR_S and want.label != "fade_out":
            return want
    return None


def _shot(number: int, span: Span, edit: Want | None, wanted: Wanted, said: list[str]) -> Shot:
    rng = np.random.default_rng([wanted.seed, number])
    return Shot(
        source=_source(span, wanted, rng),
        duration_s=span.duration_s,
        camera=_camera(span, wanted, said),
        subjects=_subjects(span, wanted, rng),
        look=_look(span, wanted),
        begin=_begin(number, edit, wanted, said),
    )


def _begin(number: int, edit: Want | None, wanted: Wanted, said: list[str]) -> Transition:
    if edit is None or edit.label is None or edit.label in ("start", "end"):
        return Transition()
    kind = _kind(edit, said)
    if number == 0 and kind != "fade_in":
        return Transition()
    if kind in CUTS:
        return Transition(kind=kind)
    frames = max(1, round((edit.span.duration_s if edit.span else 0.0) * wanted.rate))
    way = edit.attributes.get("direction", "left")
    return Transition(kind=kind, frames=frames, direction=way if way in ("left", "right", "up", "down") else "left")


def _kind(edit: Want, said: list[str]) -> Kind:
    """Return the transition to draw: the one asked for, or its family's."""
    facet = vocabulary.facet("edit.transition")
    asked = facet.canonical(edit.label or "hard_cut")
    if asked in get_args(Kind):
        return cast(Kind, asked)
    drawn = next((CHILD[name] for name in (asked, *facet.ancestors(asked)) if name in CHILD), CHILD["cut"])
    if asked not in CHILD:
        said.append(f"{edit.id}: {asked} cannot be drawn; {drawn} stands for it")
    return drawn


def _camera(span: Span, wanted: Wanted, said: list[str]) -> Camera:
    """Return the path of the movement that fills most of the shot; further ones are named as left out."""
    asked = wanted.during(span, "camera.movement")
    steady = next((w.label for w in wanted.during(span, "camera.steadiness") if w.label in SHAKES), None)
    shake = SHAKES[steady] if steady else 0.0
    if not asked:
        return Camera(shake=shake)
    first, *others = asked
    said.extend(f"{w.id}: one movement a shot is filmed; {w.label} is left out" for w in others if _inside(w, span))
    move = _move(first, said)
    if first.label == "static_shaky" and shake == 0.0:
        shake = SHAKES["handheld_slight"]
    if move == "static":
        return Camera(shake=shake)
    window = None
    if first.span and first.span != span:
        inside = first.span.clipped(span)
        window = (inside.start_s - span.start_s, inside.end_s - span.start_s)
    return Camera(move=move, speed=_speed(first, move, span, wanted), window=window, shake=shake)


def _inside(want: Want, span: Span) -> bool:
    return want.span is None or want.span.overlap_s(span) > 2 * NEAR_S


def _move(want: Want, said: list[str]) -> Move:
    facet = vocabulary.facet("camera.movement")
    asked = facet.canonical(want.label or "static")
    if asked in get_args(Move):
        return cast(Move, asked)
    filmed: Move = next((MOVES[name] for name in (asked, *facet.ancestors(asked)) if name in MOVES), "static")
    if asked not in MOVES:
        said.append(f"{want.id}: {asked} cannot be filmed; {filmed} stands for it")
    return filmed


def _speed(want: Want, move: Move, span: Span, wanted: Wanted) -> float:
    given = want.attributes.get("speed")
    if isinstance(given, (int, float)) and given > 0:
        return float(given)
    kind = move.partition("_")[0]
    if kind in RATES:
        return RATES[kind]
    label = next((w.label for w in wanted.during(span, "camera.speed") if w.label in SPEEDS), None)
    return SPEEDS[label or ("whip" if kind == "whip" else "regular")]


def _source(span: Span, wanted: Wanted, rng: np.random.Generator) -> Source:
    kind = str(OPEN[int(rng.integers(len(OPEN)))])
    for want in wanted.during(span, "subject.location")[:1]:
        facet = vocabulary.facet("subject.location")
        names = (want.label, *facet.ancestors(facet.canonical(want.label))) if want.label else ()
        kind = next((PLACES[name] for name in names if name in PLACES), kind)
    return Source(kind=kind, seed=int(rng.integers(1 << 30)), extent=(2.4, 1.6))


def _subjects(span: Span, wanted: Wanted, rng: np.random.Generator) -> tuple[Subject, ...]:
    """Return the people that the sketch speaks of: as many as it counts, as large as its scale says."""
    kinds = {want.label for want in wanted.during(span, "subject.kind")}
    counted = next((want.label for want in wanted.during(span, "subject.count")), None)
    digits = (counted or "").partition("-")[0]
    people = int(digits) if digits.isdigit() else 1 if kinds & {"person", "face"} else 0
    scale = next((w.label for w in wanted.during(span, "camera.scale") if w.label in SIZES), "LS")
    size = SIZES[scale or "LS"]
    places = np.linspace(-0.28, 0.28, people) if people > 1 else np.zeros(people)
    return tuple(
        Subject(kind="person", at=(float(x), 0.0), size=size, seed=int(rng.integers(1 << 30))) for x in places
    )


def _look(span: Span, wanted: Wanted) -> Look:
    light = next((w.label for w in wanted.during(span, "aes.light.brightness") if w.label in LIGHT), "medium")
    tint = next((w.label for w in wanted.during(span, "aes.color.saturation") if w.label in TINT), "normal")
    return Look(noise=0.8, gain=LIGHT[light or "medium"], saturation=TINT[tint or "normal"])
