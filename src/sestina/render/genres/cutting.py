"""Cutting: from beats and their slots to shots, and the way each shot follows the one before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from sestina.render.genres.draw import Draw
from sestina.render.genres.pace import CARDS, Slot
from sestina.render.genres.setting import Setting
from sestina.render.genres.stage import Cast, Place, moved, presented, seen, shown, watched
from sestina.render.genres.tale import Beat
from sestina.render.parts.edit import Direction, Kind, Transition
from sestina.render.script import Shot, jumped, punched

Cue = Literal["home", "presenter", "away", "mover", "thing", "hands", "before", "after"]
"""What a shot shows."""

Way = Literal["new", "punch_in", "punch_out", "jump", "action", "aside", "back", "state", "loop"]
"""How a shot follows the one before: another view; nearer or wider on the same; the same a moment later; the same
motion elsewhere; a look aside and back from it; the same thing in another state; the first picture once more."""

CLOSE: tuple[Cue, ...] = ("thing", "hands", "before", "after")
"""Cues that show the thing close."""

JUMP = 0.18
"""How far somebody is displaced by a jump cut, frame widths."""

NEARER = 1.38
"""Scale of a punch-in."""

SOFT_KINDS: tuple[Kind, ...] = ("cross_dissolve", "push", "slide", "linear_wipe", "cover", "dip_to_black", "iris")
"""Gradual transitions between shots that are not tied by what they show."""

SOFT_S = 0.4
"""Length of a gradual transition."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A shot in its place: number of its beat, cue, place, the way it follows, the shot itself, its bounds, and whether
    a card hides it."""

    beat: int
    cue: Cue
    place: Place
    way: Way
    shot: Shot
    start_s: float
    end_s: float
    card: bool = False


def cut(
    draw: Draw, given: Setting, who: Cast, beats: Sequence[Beat], slots: Sequence[Slot],
    cues: Mapping[str, tuple[Cue, ...]], soft: float,
) -> list[Taken]:
    """Return all shots of the video.

    Args:
        draw: chance.
        given: the clip's setting.
        who: places and players.
        beats, slots: the story in time.
        cues: label of a beat -> what it may show; `*` for all others.
        soft: share of joins to other pictures that are gradual.
    """  # fmt: skip
    taken: list[Taken] = []
    for number, (beat, slot) in enumerate(zip(beats, slots, strict=True)):
        pool = cues.get(beat.label, cues["*"])
        for k, (start, end) in enumerate(zip(slot.bounds_s[:-1], slot.bounds_s[1:], strict=True)):
            before = taken[-1] if taken else None
            if beat.label in CARDS:
                hidden = _made(given, who, "thing", who.detail, "new", (number, start, end))
                taken.append(replace(hidden, card=True))
            elif beat.label == "loop_back" and k == len(slot.cuts_s):
                taken.append(_again(taken[0], number, start, end))
            elif k and before is not None:
                taken.append(_inside(draw, given, who, taken, (number, start, end)))
            else:
                taken.append(_opened(draw, given, who, before, draw.pick(pool), (number, start, end)))
    return _softened(draw, given, _moving(draw, taken), soft)


def _opened(
    draw: Draw, given: Setting, who: Cast, before: Taken | None, cue: Cue, at: tuple[int, float, float]
) -> Taken:
    """Return the first shot of a beat."""
    if before is None or before.card:
        return _made(given, who, cue, _stands(who, cue), "new", at, share=draw.between(0.0, 0.2))
    if before.cue == cue == "mover":
        return _made(given, who, "mover", _further(who, before), "action", at, share=0.45)
    if {before.cue, cue} == {"before", "after"}:
        return _made(given, who, cue, _stands(who, cue), "state", at)
    if before.cue == cue and cue in ("home", "presenter", "thing", "hands") and before.way != "aside":
        way: Way = draw.pick(("punch_in", "jump")) if cue == "presenter" else "punch_in"
        return _followed(before, "punch_out" if before.way == "punch_in" else way, at)
    return _made(given, who, cue, _stands(who, cue), "new", at, share=draw.between(0.0, 0.2))


def _inside(draw: Draw, given: Setting, who: Cast, taken: list[Taken], at: tuple[int, float, float]) -> Taken:
    """Return a further shot of a beat."""
    before = taken[-1]
    if before.way == "aside":
        return replace(_again(taken[-2], *at), way="back")
    if before.cue == "mover":
        return _made(given, who, "mover", _further(who, before), "action", at, share=0.45)
    ways: list[Way] = ["aside", "punch_out" if before.way == "punch_in" else "punch_in"]
    if before.cue == "presenter":
        ways += ["jump", "jump"]
    way = draw.pick(ways)
    if way != "aside":
        return _followed(before, way, at)
    other: Cue = "thing" if before.place != who.detail else "away"
    return _made(given, who, other, _stands(who, other), "aside", at)


def _further(who: Cast, before: Taken) -> Place:
    """Return the road that the mover is not on."""
    return who.roads[before.place == who.roads[0]]


def _stands(who: Cast, cue: Cue) -> Place:
    if cue in CLOSE:
        return who.detail
    if cue == "mover":
        return who.roads[0]
    return who.away if cue == "away" else who.home


def _made(
    given: Setting, who: Cast, cue: Cue, place: Place, way: Way, at: tuple[int, float, float], share: float = 0.0
) -> Taken:
    """Return a shot from another view."""
    number, start, end = at
    states = {"thing": 0, "hands": 0, "before": 1, "after": 2}
    if cue in states:
        shot = shown(given, who, states[cue], hand=cue == "hands")
    elif cue == "presenter":
        shot = presented(given, who, place)
    elif cue == "mover":
        shot = watched(given, who, place, share)
    else:
        shot = seen(given, place)
    shot = replace(shot, duration_s=end - start)
    return Taken(beat=number, cue=cue, place=place, way=way, shot=shot, start_s=start, end_s=end)


def _followed(before: Taken, way: Way, at: tuple[int, float, float]) -> Taken:
    """Return the shot that goes on where the one before stops: nearer, wider, or a moment later."""
    number, start, end = at
    length = end - start
    if way == "jump":
        here = before.shot.subjects[0].at[0]
        shot = jumped(before.shot, length, (-JUMP if here > 0 else JUMP, 0.0))
    else:
        shot = punched(before.shot, NEARER if way == "punch_in" else 1 / NEARER, length)
    return replace(before, beat=number, way=way, shot=shot, start_s=start, end_s=end)


def _again(first: Taken, number: int, start: float, end: float) -> Taken:
    """Return a shot seen before, begun anew."""
    shot = replace(first.shot, duration_s=end - start, begin=Transition(), offset_s=first.shot.offset_s)
    return replace(first, beat=number, way="loop", shot=shot, start_s=start, end_s=end)


def _moving(draw: Draw, taken: list[Taken]) -> list[Taken]:
    """Give camera movements to shots that stand alone: no shot goes on in them and none comes back to them."""
    tied = ("punch_in", "punch_out", "jump", "aside", "back")
    found = []
    for number, one in enumerate(taken):
        after = taken[number + 1].way if number + 1 < len(taken) else "new"
        alone = not one.card and one.way in ("new", "aside") and after not in tied and one.cue != "mover"
        again = sum(other.shot.source == one.shot.source and not other.card for other in taken) > 1
        found.append(replace(one, shot=moved(draw, one.shot)) if alone and not again else one)
    return found


def _softened(draw: Draw, given: Setting, taken: list[Taken], share: float) -> list[Taken]:
    """Make some of the joins to other pictures gradual."""
    if given.on_beat and share < 0.5:
        return taken
    found = taken[:1]
    for before, one in pairwise(taken):
        long = min(before.end_s - before.start_s, one.end_s - one.start_s) > 3 * SOFT_S
        other = one.way in ("new", "state") and before.shot.source != one.shot.source
        if long and other and draw.chance(share):
            frames = 2 * max(2, round(SOFT_S * given.rate / 2))
            way: Direction = draw.pick(("left", "right", "up", "down"))
            begin = Transition(kind=draw.pick(SOFT_KINDS), frames=frames, direction=way)
            one = replace(one, shot=replace(one.shot, begin=begin))
        found.append(one)
    return found


def is_spoken_over(time_s: float, said: Sequence[tuple[float, float]]) -> bool:
    """Whether a sentence surely goes on across a time: `said` holds when each begins and until when it surely lasts."""
    return any(start + 0.12 <= time_s <= end for start, end in said)


