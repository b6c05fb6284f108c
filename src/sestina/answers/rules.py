"""Answers that are computed: when, how long, how many, how often, which, whether, why, and comparisons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from sestina.answers.compute import (
    MOST_CITED,
    NEAR_S,
    Found,
    answer_of,
    find,
    name,
    nothing,
    one_each,
    pick,
    placed,
    too_few,
    union_s,
    when,
)
from sestina.answers.passages import Units, asked_words
from sestina.answers.reading import Asked, read
from sestina.answers.words import claim_of, name_of, said
from sestina.core.exchange import Answer
from sestina.core.storyboard import Unit
from sestina.core.time import Span

MOST_NAMED = 5
"""Times that are said one by one; more of them are counted."""
COUNTS = ("subject.count", "subject.count.max")
"""Facets whose labels are numbers of things."""
TIMES = ("narr.hook.t_first", "narr.hook.hook_end")
"""Beginnings of facets whose value is a time from the start of the video."""
DENIALS = ("false", "none", "0")
"""Labels that say that something is not there."""


def computed(units: Units, asked: Asked) -> Answer | None:
    """Return the answer that the units give by themselves; None where the question names nothing they could tell."""
    if not asked.topics:
        return _of_the_video(units, asked)
    if asked.kind == "compare" and len(asked.topics) > 1:
        return _compare(units, asked)
    there = placed(units, asked)
    if isinstance(there, Answer):
        return there
    asked = there
    found = find(units, asked.topics[0], asked.span)
    if not found.examined and len(asked.topics) == 1 and asked.number is None and " " in asked.topics[0].phrase:
        found = _simpler(units, asked) or found
    if asked.kind in ("compare", "whether") and (limit := re.search(LIMIT, asked.text.casefold())):
        return _against(found, limit, asked, units)
    if not found.units:
        return _with_doubt(nothing(found, asked, units.media), found, asked, units)
    if asked.number is not None and not pick(found.units, asked.number):
        return too_few(found, asked.number)
    rule = RULES.get(asked.kind)
    return None if rule is None else _with_doubt(rule(found, asked, units), found, asked, units)


def _with_doubt(answer: Answer, found: Found, asked: Asked, units: Units) -> Answer:
    """Return the answer with the words that were not understood; a yes or no that hangs on them abstains."""
    left = [word for word in asked_words(asked.words) if word not in asked.topics[0].phrase.split()]
    if not left or answer.abstained:
        return answer
    words = ", ".join(f"“{word}”" for word in dict.fromkeys(left))
    if asked.kind in ("whether", "compare") or (asked.kind == "which" and " " not in asked.topics[0].phrase):
        known = _which_rule(found, asked, units) if found.units else answer
        told = (known.text or "").removeprefix("No: ")
        return replace(known, text=f"I cannot tell: I do not understand {words} here. {told}", abstained=True)
    return replace(answer, text=f"{answer.text} (I do not understand {words} here.)")


def _simpler(units: Units, asked: Asked) -> Found | None:
    """Return what `face` finds where nothing speaks of the `first face` as such."""
    first, _, rest = asked.topics[0].phrase.partition(" ")
    if first not in ("first", "last"):
        return None
    again = read(rest, units.media)
    if not again.topics:
        return None
    found = find(units, again.topics[0], asked.span)
    sure = [unit for unit in found.units if unit.label not in DENIALS]
    return replace(found, units=tuple(sure[:1] if first == "first" else sure[-1:])) if sure else None


def chosen(found: Found, asked: Asked) -> tuple[Unit, ...]:
    """Return the units that are meant: all, the one of a number, or the longest or shortest."""
    if asked.most:
        measure = max if asked.most == "longest" else min
        return (measure(found.units, key=lambda unit: unit.span.duration_s),)
    return pick(found.units, asked.number)


def _when_rule(found: Found, asked: Asked, units: Units) -> Answer:
    meant = chosen(found, asked)
    first = meant[0]
    if first.value is not None and first.unit == "s" and first.facet.startswith(TIMES):
        at = Span.at(min(units.media.end_s, units.media.start_s + max(0.0, first.value)))
        return replace(answer_of(f"{name_of(first.facet)}: {when(at)}.", meant[:1]), spans=(at,))
    sure = [unit for unit in meant if unit.label not in DENIALS]
    if not sure:
        return answer_of(f"Never: {name_of(first.facet)} is {claim_of(first.facet, first.claim)}.", meant)
    sure = list({unit.span: unit for unit in reversed(sure)}.values())[::-1]
    named = ", ".join(when(unit.span) for unit in sure[:MOST_NAMED])
    more = f" and {len(sure) - MOST_NAMED} more times" if len(sure) > MOST_NAMED else ""
    return answer_of(f"{_which_one(found, asked)}{name(found, sure)}: {named}{more}.", sure)


def _which_one(found: Found, asked: Asked) -> str:
    """Return the place of the longest or shortest among its kind, in words."""
    if not asked.most or len(found.units) < 2:
        return ""
    place = found.units.index(chosen(found, asked)[0]) + 1
    return f"number {place} of {len(found.units)}, "


def _how_long_rule(found: Found, asked: Asked, units: Units) -> Answer:
    meant = chosen(found, asked)
    if len(meant) == 1 and meant[0].value is not None:
        return answer_of(f"{name_of(meant[0].facet)}: {claim_of(meant[0].facet, meant[0].claim)}.", meant)
    sure = [unit for unit in meant if unit.label not in DENIALS] or list(meant)
    around = asked.span or units.media
    total_s = union_s([unit.span.clipped(around) if asked.number is None else unit.span for unit in sure])
    share = total_s / around.duration_s if around.duration_s else 0.0
    each = f" in all, {len(sure)} of them" if len(sure) > 1 else ""
    of = "the video" if asked.span is None else f"the time {when(asked.span)}"
    return answer_of(f"{_which_one(found, asked)}{name(found, sure)}: {total_s:.2f} s{each}, {share:.0%} of {of}.",
                     sure)  # fmt: skip


def _how_many_rule(found: Found, asked: Asked, units: Units) -> Answer:
    if all(unit.facet in COUNTS or unit.value is not None for unit in found.units):
        return _which_rule(found, replace(asked, number=None), units)
    if re.search(r"\bhow many (different|kinds|types|sorts)\b", asked.text.casefold()):
        claims = list(dict.fromkeys(unit.claim for unit in found.units))
        facet = found.units[0].facet
        told = ", ".join(claim_of(facet, claim) for claim in claims)
        return answer_of(f"{len(claims)}: {told}.", one_each(found.units, len(claims)))
    sure = [unit for unit in found.units if unit.label not in DENIALS]
    if not sure:
        return answer_of(f"None: {name_of(found.units[0].facet)} is {found.units[0].claim}.", found.units)
    return answer_of(f"{len(sure)}: {found.name}.", sure)


def _how_often_rule(found: Found, asked: Asked, units: Units) -> Answer:
    length_s = (asked.span or units.media).duration_s
    if length_s <= 0:
        return _how_many_rule(found, asked, units)
    rate = 60 * len(found.units) / length_s
    return answer_of(f"{len(found.units)} times, {rate:.1f} a minute: {found.name}.", found.units)


def _which_rule(found: Found, asked: Asked, units: Units) -> Answer:
    meant = chosen(found, asked)
    in_shots = re.search(r"\b(which|what) shots?\b", asked.text.casefold())
    if in_shots and not asked.most and not asked.topics[0].phrase.startswith("shot"):
        return _shots(meant, found, units)
    named = {said(unit.claim) for unit in meant} == {asked.topics[0].phrase}
    if asked.most or named or all(unit.facet in ("edit.shot", "diss.overlay") for unit in meant):
        return _when_rule(found, asked, units)
    facet = meant[0].facet
    around = asked.span or units.media
    shares: dict[str, float] = defaultdict(float)
    lengths: dict[str, list[Span]] = defaultdict(list)
    for unit in meant:
        shares[unit.claim] += max(1e-6, unit.span.overlap_s(around)) * max(0.05, unit.confidence)
        lengths[unit.claim].append(unit.span.clipped(around))
    ranked = sorted(shares, key=lambda claim: -shares[claim])[:3]
    holders = [unit for claim in ranked for unit in meant if unit.claim == claim]
    told = [claim_of(facet, claim) for claim in ranked]
    if len(ranked) > 1 and around.duration_s and not any(unit.span.is_instant for unit in holders):
        part = [f"{union_s(lengths[claim]):.2f} s" for claim in ranked]
        told = [f"{words} ({length})" for words, length in zip(told, part, strict=True)]
    return answer_of(f"{name_of(facet)}: {', '.join(told)}.", holders)


def _shots(meant: Sequence[Unit], found: Found, units: Units) -> Answer:
    """Return the numbers of the shots that hold for at least half of their time."""
    shots = [unit for unit in units.of("edit.shot") if unit.status != "abstain"]
    spans = [unit.span for unit in meant]
    holding = [
        (number, unit)
        for number, unit in enumerate(shots, 1)
        if union_s([one.clipped(unit.span) for one in spans if one.overlaps(unit.span)]) >= unit.span.duration_s / 2
    ]
    if not holding:
        return answer_of(f"{name(found, meant)}: {when(spans[0])}, less than half of any shot.", meant)
    named = ", ".join(str(number) for number, _ in holding)
    return answer_of(f"{name(found, meant)}: shot {named} of {len(shots)}.", [*meant[:1], *(one for _, one in holding)])


def _whether_rule(found: Found, asked: Asked, units: Units) -> Answer:
    meant = chosen(found, asked)
    denied = [unit for unit in meant if unit.label in DENIALS]
    if len(denied) == len(meant):
        return answer_of(f"No: {name_of(meant[0].facet)} is {claim_of(meant[0].facet, meant[0].claim)}.", meant)
    sure = [unit for unit in meant if unit not in denied]
    more = f", {len(sure)} times in all" if len(sure) > 1 else ""
    return answer_of(f"Yes: {name(found, sure)} {when(sure[0].span)}{more}.", sure)


def _why_rule(found: Found, asked: Asked, units: Units) -> Answer:
    """Answer with the rationale that stands at the edit that was asked about."""
    every = (*units.of("edit.cut_rationale.primary"), *units.of("edit.cut_rationale"))
    times_s = [unit.span.middle_s for unit in chosen(found, asked)]
    reasons = [
        unit
        for unit in every
        if unit.status != "abstain" and any(abs(unit.span.middle_s - at_s) <= NEAR_S for at_s in times_s)
    ]
    if not reasons:
        return Answer(text=f"I cannot tell: nothing says why there is {found.name}.", abstained=True)
    named = ", ".join(dict.fromkeys(claim_of(one.facet, one.claim) for one in reasons))
    return answer_of(f"{name_of(reasons[0].facet)}: {named}.", reasons)


LENGTH = r"\b(longer|shorter|more time)\b|^\s*compare\b"
ORDER = r"\b(earlier|later|first|sooner)\b"


def _compare(units: Units, asked: Asked) -> Answer:
    """Compare two topics by number, by length, or by which comes first."""
    text = asked.text.casefold()
    first, second = asked.topics[:2]
    if text.find(second.phrase) < text.find(first.phrase) or (
        first.phrase == second.phrase and (first.number or 0) > (second.number or 0) >= 0
    ):
        first, second = second, first
    both = [find(units, meant, asked.span) for meant in (first, second)]
    for found, meant in zip(both, (first, second), strict=True):
        if not found.examined:
            return nothing(found, asked, units.media)
        if meant.number is not None and not pick(found.units, meant.number):
            return too_few(found, meant.number)
    one, other = (
        replace(found, units=pick(found.units, meant.number), name=_numbered(found.name, meant.number))
        for found, meant in zip(both, (first, second), strict=True)
    )
    cited = (*one.units[: MOST_CITED // 2], *other.units[: MOST_CITED // 2])
    if re.search(LENGTH, text):
        sizes = [union_s([unit.span for unit in found.units]) for found in (one, other)]
        return _larger(one, other, sizes, [f"{size:.2f} s" for size in sizes], ("longer", "shorter"), text, cited)
    if re.search(ORDER, text) and one.name != other.name:
        if not one.units or not other.units:
            return nothing(other if one.units else one, replace(asked, kind="which"), units.media)
        starts = [found.units[0].span.start_s for found in (one, other)]
        told = [f"at {start:.2f} s" for start in starts]
        return _larger(one, other, starts, told, ("later", "earlier|first|sooner"), text, cited)
    counts = [float(len(found.units)) for found in (one, other)]
    return _larger(one, other, counts, [f"{size:.0f}" for size in counts], ("more", "fewer|less"), text, cited)


LIMIT = r"\b(longer|shorter|more|fewer|less) than (\d+(?:\.\d+)?)\b"


def _against(found: Found | None, limit: re.Match[str], asked: Asked, units: Units) -> Answer:
    """Compare a length, a value or a number with a limit: `Is the hook longer than 2 seconds?`"""
    than, bound = limit[1], float(limit[2])
    meant = () if found is None else chosen(found, asked)
    if found is None:
        size, told = units.media.duration_s, f"the video is {units.media.duration_s:.2f} s long"
    elif than in ("longer", "shorter"):
        size = union_s([unit.span for unit in meant])
        told = f"{name(found, meant) if meant else found.name}: {size:.2f} s"
    elif len(meant) == 1 and meant[0].value is not None:
        size, told = meant[0].value, f"{name_of(meant[0].facet)}: {claim_of(meant[0].facet, meant[0].claim)}"
    else:
        size, told = float(len(meant)), f"{len(meant)}: {found.name}"
    if found is not None and (not found.examined or found.undecided_s):
        return nothing(found, replace(asked, kind="which"), units.media)
    holds = size > bound if than in ("longer", "more") else size < bound
    return answer_of(f"{'Yes' if holds else 'No'}, {told}.", meant)


def _numbered(phrase: str, number: int | None) -> str:
    return phrase if number is None else f"{phrase} {number + 1}" if number >= 0 else f"last {phrase}"


def _larger(
    one: Found, other: Found, sizes: Sequence[float], told: Sequence[str], names: tuple[str, str], text: str,
    cited: Sequence[Unit],
) -> Answer:  # fmt: skip
    """Return which is the larger, or the smaller where that was asked for."""
    both = f"{one.name} {told[0]}, {other.name} {told[1]}"
    if sizes[0] == sizes[1]:
        return answer_of(f"As much of one as of the other: {both}.", cited)
    small = re.search(rf"\b({names[1]})\b", text)
    wanted = min(sizes) if small else max(sizes)
    which = one if sizes[0] == wanted else other
    return answer_of(f"{both}: {small[1] if small else names[0]} is {which.name}.", cited)


def _of_the_video(units: Units, asked: Asked) -> Answer | None:
    """Answer what is asked of the file itself."""
    limit = re.search(LIMIT, asked.text.casefold())
    if limit and limit[1] in ("longer", "shorter") and re.search(r"\b(video|clip|film)\b", asked.text.casefold()):
        return replace(_against(None, limit, asked, units), spans=(units.media,))
    if asked.kind == "how_long" and not (set(asked.words.split()) - ABOUT_THE_VIDEO):
        return Answer(text=f"The video is {units.media.duration_s:.2f} s long.", spans=(units.media,))
    return None


ABOUT_THE_VIDEO = frozenset((
    "and", "so", "then", "but", "how", "long", "is", "the", "this", "video", "clip", "film", "file", "movie", "what",
    "s", "duration", "length", "of", "does", "it", "last", "run", "many", "seconds", "much", "time", "whole", "total",
    "in", "all", "take",
))  # fmt: skip
"""Words of a question for the length of the video, and of nothing else."""

Rule = Callable[[Found, Asked, Units], Answer]
RULES: dict[str, Rule] = {
    "when": _when_rule, "how_long": _how_long_rule, "how_many": _how_many_rule, "how_often": _how_often_rule,
    "which": _which_rule, "whether": _whether_rule, "why": _why_rule, "compare": _which_rule,
}  # fmt: skip
"""Kind of question to what computes it."""
