"""Reasons: what each cut does and why it is there, as follows from what both sides show and from what is heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sestina.render.genres.cutting import Taken
from sestina.render.genres.hearing import Line
from sestina.render.genres.setting import Setting
from sestina.render.genres.tale import Beat, asks

BEAT_CUTS_MIN = 4
"""Cuts that must lie on beats before hits are more than chance (`beat_null_p_max`), unevenly spaced."""

MONTAGE_SHOT_S, MONTAGE_SHOTS = 1.5, 4
SPOKEN_S = 0.12
"""How long a line must have run for the cut to fall inside it."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What the cut into one shot does (labels of `edit.cut_function`) and why (of `edit.cut_rationale`, first the
    primary one)."""

    functions: tuple[str, ...]
    rationales: tuple[str, ...]


def reasons(
    given: Setting, beats: Sequence[Beat], taken: Sequence[Taken], said: Sequence[Line], struck: Sequence[float]
) -> list[Reason]:
    """Return the reason of every cut: of the second shot, the third, and so on."""
    rhythmic = _rhythmic(given, taken)
    montage = _montage(given, taken)
    found = []
    for number in range(1, len(taken)):
        tied = _tied(taken, number, over(said, taken[number].start_s))
        joined = _joined(beats, taken, number)
        heard = _heard(said, taken, number)
        hard = taken[number].shot.begin.frames == 0
        timed = ["beat_cut"] * (hard and rhythmic) + ["montage_cut"] * (number in montage)
        functions = [*tied[0], *joined[0], *heard, *timed]
        why = [*tied[1], *joined[1], *(["rhythm"] if timed else [])]
        if taken[number].start_s in struck:
            why.append("emphasis")
        if "retention_refresh" in functions:
            why.append("retention_refresh")
        found.append(Reason(functions=_once(functions), rationales=_once(why) or ("unmotivated",)))
    return found


def _once(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(labels))


def over(said: Sequence[Line], time_s: float) -> bool:
    """Whether one sentence surely goes on across a time."""
    return any(line.start_s + SPOKEN_S <= time_s <= line.lasts_s - 0.05 for line in said)


def _tied(taken: Sequence[Taken], number: int, spoken: bool) -> tuple[list[str], list[str]]:
    """Return functions and rationales that follow from how a shot is tied to the one before."""
    one, before = taken[number], taken[number - 1]
    refresh = ["retention_refresh"] if spoken else []
    if one.way in ("punch_in", "punch_out"):
        inward = one.way == "punch_in"
        return [f"emphasis_{'in' if inward else 'out'}", *refresh], ["emphasis"] if inward else ["retention_refresh"]
    if one.way == "jump":
        return (["dead_air_removal", *refresh] if spoken else []), ["time_compression"]
    if one.way == "action":
        return ["cut_on_action"], ["spatial_continuity"]
    if one.way == "state":
        return ["transform_cut"], ["comparison"]
    functions = []
    if one.way == "aside" and number + 1 < len(taken) and taken[number + 1].way == "back" and spoken:
        functions = ["insert_broll" if one.cue == "thing" else "cutaway", "retention_refresh"]
    earlier = [other for other in taken[:number] if not other.card]
    if earlier and not before.card and all(one.place.kind != other.place.kind for other in earlier):
        functions.append("location_change")
    if one.card:
        return [], ["story_information"]
    fresh = one.place != before.place or before.card
    return functions, ["story_information"] if fresh and one.way != "back" else []


def _joined(beats: Sequence[Beat], taken: Sequence[Taken], number: int) -> tuple[list[str], list[str]]:
    """Return what follows from the beats on both sides."""
    one, before = taken[number], taken[number - 1]
    if one.beat == before.beat:
        return [], []
    earlier, later = beats[before.beat], beats[one.beat]
    functions = ["time_ellipsis"] if later.line.startswith("Day ") else []
    why = ["motivation"] if asks(earlier) and later.label not in ("cta", "end_card") else []
    why += ["time_compression"] if functions else []
    return functions, why + (["story_information"] if later.step or later.label in ("proof", "cta", "problem") else [])


def _heard(said: Sequence[Line], taken: Sequence[Taken], number: int) -> list[str]:
    """Return `j_cut` and `l_cut` where a line leads or lags at this cut."""
    one, before = taken[number], taken[number - 1]
    if one.beat == before.beat:
        return []
    leads = any(line.lead and line.beat == one.beat for line in said)
    lags = any(line.lag and line.beat == before.beat for line in said)
    return ["j_cut"] * leads + ["l_cut"] * lags


def _rhythmic(given: Setting, taken: Sequence[Taken]) -> bool:
    """Whether so many cuts lie on beats, so unevenly, that it is no chance."""
    cuts = [one.start_s for one in taken[1:] if one.shot.begin.frames == 0]
    gaps = {round(b - a, 2) for a, b in pairwise(cuts)}
    return given.on_beat and len(cuts) >= BEAT_CUTS_MIN and len(gaps) > 1


def _montage(given: Setting, taken: Sequence[Taken]) -> set[int]:
    """Return the numbers of shots cut to within runs of short ones with music and no voice."""
    if given.voice != "written" or given.tempo_bpm is None:
        return set()
    found: set[int] = set()
    run: list[int] = []
    for number, one in enumerate([*taken, None]):
        if one is not None and one.end_s - one.start_s < MONTAGE_SHOT_S - 0.05:
            run.append(number)
            continue
        if len(run) >= MONTAGE_SHOTS:
            found.update(run[1:])
        run = []
    return found
