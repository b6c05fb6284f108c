"""Answers that are computed from the storyboard: when, how long, how many, how often, which, whether, and comparisons.

Nothing is guessed: an answer names the units it was computed from, and where nothing fits it says what was looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sestina.ask.passages import cited
from sestina.ask.reading import Asked, Meant
from sestina.ask.words import Topic, name_of, said
from sestina.core import vocabulary
from sestina.core.exchange import Answer
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span, seconds

MOST_NAMED = 5
"""Times that are said one by one; more of them are counted."""
MOST_CITED = 12
COUNTS = ("subject.count", "subject.count.max")
"""Facets whose labels are numbers of things."""
NEAR_S = 0.25
"""How far an instant may lie from the time that was asked about, seconds."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What fits one topic: its name in words, its units in order, and whether the facet was looked at all."""

    name: str
    units: tuple[Unit, ...]
    examined: bool


def computed(board: Storyboard, asked: Asked) -> Answer | None:
    """Return the answer that the storyboard gives by itself; None where the question names nothing it could compute."""
    asked = _within_shot(board, asked)
    if not asked.topics:
        return _of_the_video(board, asked)
    if asked.kind == "compare" and len(asked.topics) > 1:
        return _compare(board, asked)
    found = [_find(board, meant, asked.span) for meant in asked.topics]
    best = next((one for one in found if one.units), found[0])
    if not best.units:
        return _nothing(best, asked)
    rule = RULES.get(asked.kind)
    return None if rule is None else rule(best, asked, board)


def _find(board: Storyboard, meant: Meant, span: Span | None) -> Found:
    """Return the units that fit any meaning of a phrase, inside or at a time."""
    facets = {facet for facet, _ in meant.topics}
    every = [unit for unit in board.items if unit.facet in facets and unit.status != "abstain"]
    fitting = [unit for unit in every if any(_fits(unit, topic) for topic in meant.topics)]
    if span is not None:
        fitting = [unit for unit in fitting if _at(unit, span)]
    return Found(name=meant.phrase, units=tuple(sorted(fitting, key=lambda unit: unit.order)), examined=bool(every))


def _fits(unit: Unit, topic: Topic) -> bool:
    facet, label = topic
    if unit.facet != facet or unit.label in ("start", "end"):
        return False
    return label is None or unit.label == label or label in _above(unit)


def _above(unit: Unit) -> tuple[str, ...]:
    return vocabulary.ancestors(unit.facet, unit.label) if unit.label is not None else ()


def _at(unit: Unit, span: Span) -> bool:
    if unit.span.is_instant:
        return span.start_s - NEAR_S <= unit.span.start_s <= span.end_s + NEAR_S
    return unit.span.overlaps(span)


def _within_shot(board: Storyboard, asked: Asked) -> Asked:
    """Return the question with its time, where it says `in the second shot`."""
    others = tuple(meant for meant in asked.topics if meant.topics != (("edit.shot", None),))
    if asked.number is None or len(others) == len(asked.topics) or not others:
        return asked
    shots = board.shots
    if not -len(shots) <= asked.number < len(shots):
        return asked
    return replace(asked, topics=others, span=shots[asked.number].span, number=None)


def _chosen(found: Found, asked: Asked) -> tuple[Unit, ...]:
    """Return the units that are meant: all, or the one of a number."""
    if asked.number is None or not -len(found.units) <= asked.number < len(found.units):
        return found.units
    return (found.units[asked.number],)


def _answer(text: str, units: Sequence[Unit]) -> Answer:
    cited_units = tuple(cited(unit) for unit in units[:MOST_CITED])
    return Answer(text=text, spans=tuple(unit.span for unit in units[:MOST_CITED]), citations=cited_units)


def _nothing(found: Found, asked: Asked) -> Answer:
    where = f" {_when(asked.span)}" if asked.span is not None else ""
    if found.examined and asked.kind in ("how_many", "how_often", "whether"):
        text = {"whether": f"No: no {found.name} was found{where}."}.get(asked.kind, f"None: no {found.name}{where}.")
        return Answer(text=text)
    looked = "was looked for and not found" if found.examined else "is not what this storyboard speaks of"
    return Answer(text=f"I cannot tell: {found.name} {looked}{where}.", abstained=True)


def _when(span: Span) -> str:
    return f"at {span.start_s:.2f} s" if span.is_instant else f"from {span.start_s:.2f} to {span.end_s:.2f} s"


def _when_rule(found: Found, asked: Asked, board: Storyboard) -> Answer:
    units = _chosen(found, asked)
    if units[0].value is not None and units[0].unit == "s":
        at = Span.at(min(board.media.span.end_s, board.media.span.start_s + max(0.0, units[0].value)))
        return replace(_answer(f"{name_of(units[0].facet)}: {_when(at)}.", units[:1]), spans=(at,))
    named = ", ".join(_when(unit.span) for unit in units[:MOST_NAMED])
    more = f" and {len(units) - MOST_NAMED} more times" if len(units) > MOST_NAMED else ""
    return _answer(f"{_name(found, units)}: {named}{more}.", units)


def _name(found: Found, units: Sequence[Unit]) -> str:
    """Return what the units say when it is one thing, else the topic."""
    claims = {unit.claim for unit in units}
    facets = {unit.facet for unit in units}
    if len(claims) != 1 or len(facets) != 1:
        return found.name
    facet, claim = name_of(facets.pop()), said(claims.pop())
    return facet if claim in facet or facet in claim else f"{facet} {claim}"


def _how_long_rule(found: Found, asked: Asked, board: Storyboard) -> Answer:
    units = _chosen(found, asked)
    if len(units) == 1 and units[0].value is not None:
        return _answer(f"{name_of(units[0].facet)}: {units[0].claim}.", units)
    total_s = _union_s([unit.span for unit in units])
    share = total_s / board.media.duration_s if board.media.duration_s else 0.0
    each = f", {len(units)} of them" if len(units) > 1 else ""
    return _answer(f"{_name(found, units)}: {total_s:.2f} s in all{each}, {share:.0%} of the video.", units)


def _union_s(spans: Sequence[Span]) -> float:
    total_s, reach_s = 0.0, float("-inf")
    for span in sorted(spans, key=lambda one: one.start_s):
        total_s += max(0.0, span.end_s - max(span.start_s, reach_s))
        reach_s = max(reach_s, span.end_s)
    return seconds(total_s)


def _how_many_rule(found: Found, asked: Asked, board: Storyboard) -> Answer:
    units = found.units
    if all(unit.facet in COUNTS or unit.value is not None for unit in units):
        return _which_rule(found, asked, board)
    return _answer(f"{len(units)}: {found.name}.", units)


def _how_often_rule(found: Found, asked: Asked, board: Storyboard) -> Answer:
    length_s = (asked.span or board.media.span).duration_s
    if length_s <= 0:
        return _how_many_rule(found, asked, board)
    rate = 60 * len(found.units) / length_s
    return _answer(f"{len(found.units)} times, {rate:.1f} a minute: {found.name}.", found.units)


def _which_rule(found: Found, asked: Asked, board: Storyboard) -> Answer:
    units = _chosen(found, asked)
    around = asked.span or board.media.span
    shares: dict[str, float] = defaultdict(float)
    for unit in units:
        shares[unit.claim] += max(1e-6, unit.span.overlap_s(around)) * max(0.05, unit.confidence)
    named = sorted(shares, key=lambda claim: -shares[claim])[:3]
    holders = [unit for claim in named for unit in units if unit.claim == claim]
    facet = name_of(units[0].facet)
    return _answer(f"{facet}: {', '.join(said(claim) for claim in named)}.", holders)


def _whether_rule(found: Found, asked: Asked, board: Storyboard) -> Answer:
    units = _chosen(found, asked)
    denied = [unit for unit in units if unit.label in ("false", "none")]
    if len(denied) == len(units):
        return _answer(f"No: {name_of(units[0].facet)} is {said(units[0].claim)}.", units)
    sure = [unit for unit in units if unit not in denied]
    return _answer(f"Yes: {_name(found, sure)} {_when(sure[0].span)}.", sure)


def _why_rule(found: Found, asked: Asked, board: Storyboard) -> Answer:
    """Answer with the rationale that stands at the edit that was asked about."""
    every = (*board.units(facet="edit.cut_rationale"), *board.units(facet="edit.cut_rationale.primary"))
    times_s = [unit.span.middle_s for unit in found.units]
    reasons = [
        unit
        for unit in every
        if unit.status != "abstain" and any(abs(unit.span.middle_s - at_s) <= NEAR_S for at_s in times_s)
    ]
    if not reasons:
        return Answer(text=f"I cannot tell: nothing says why there is {found.name}.", abstained=True)
    named = ", ".join(dict.fromkeys(said(one.claim) for one in reasons))
    return _answer(f"{name_of(reasons[0].facet)}: {named}.", reasons)


def _compare(board: Storyboard, asked: Asked) -> Answer:
    """Compare two topics by number, by length, or by which comes first."""
    one, other = (_find(board, meant, asked.span) for meant in asked.topics[:2])
    if not one.examined or not other.examined:
        return _nothing(other if one.examined else one, asked)
    units = (*one.units[: MOST_CITED // 2], *other.units[: MOST_CITED // 2])
    if any(word in asked.text.casefold() for word in ("longer", "shorter")):
        sizes = [_union_s([unit.span for unit in found.units]) for found in (one, other)]
        told = f"{one.name} {sizes[0]:.2f} s, {other.name} {sizes[1]:.2f} s"
    elif any(word in asked.text.casefold() for word in ("earlier", "later")):
        if not one.units or not other.units:
            return _nothing(other if one.units else one, asked)
        sizes = [found.units[0].span.start_s for found in (one, other)]
        told = f"{one.name} at {sizes[0]:.2f} s, {other.name} at {sizes[1]:.2f} s"
    else:
        sizes = [float(len(found.units)) for found in (one, other)]
        told = f"{sizes[0]:.0f} {one.name}, {sizes[1]:.0f} {other.name}"
    if sizes[0] == sizes[1]:
        return _answer(f"As much of one as of the other: {told}.", units)
    return _answer(f"{told}: the larger is {(one if sizes[0] > sizes[1] else other).name}.", units)


def _of_the_video(board: Storyboard, asked: Asked) -> Answer | None:
    """Answer what is asked of the file itself."""
    if asked.kind == "how_long" and "video" in asked.words:
        return Answer(text=f"{board.media.duration_s:.2f} s.", spans=(board.media.span,))
    return None


Rule = Callable[[Found, Asked, Storyboard], Answer]
RULES: dict[str, Rule] = {
    "when": _when_rule, "how_long": _how_long_rule, "how_many": _how_many_rule, "how_often": _how_often_rule,
    "which": _which_rule, "whether": _whether_rule, "why": _why_rule, "compare": _which_rule,
}  # fmt: skip
"""Kind of question to what computes it."""
