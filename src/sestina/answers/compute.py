"""What a question's topics find in a storyboard: the units that fit, when they are meant, and how sure a `no` is.

Nothing is guessed: an answer names the units it was computed from, and where nothing fits it says what was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sestina.answers.passages import Units, cited
from sestina.answers.reading import Asked, Meant
from sestina.answers.words import Topic, claim_of, name_of, said
from sestina.core import vocabulary
from sestina.core.exchange import Answer
from sestina.core.storyboard import Unit
from sestina.core.time import Span, seconds

MOST_CITED = 12
NEAR_S = 0.25
"""How far an instant may lie from an instant that was asked about, seconds."""
MAIN = (".dominant", ".primary")
"""Ends of facets that name the main one of several, and so deny nothing."""
UNDECIDED = 0.5
"""Share of the time asked about without a decision, from which on nothing is denied."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What fits one topic.

    Args:
        name: of the topic, in words.
        units: that fit, in order.
        others: of the same facets, at the same time, that do not fit.
        examined: whether any unit speaks of the topic's facets.
        undecided_s: seconds of the time asked about for which the facets make no decision.
    """

    name: str
    units: tuple[Unit, ...]
    others: tuple[Unit, ...] = ()
    examined: bool = False
    undecided_s: float = 0.0


def find(units: Units, meant: Meant, span: Span | None) -> Found:
    """Return the units that fit any meaning of a phrase, inside or at a time."""
    facets = {facet for facet, _ in meant.topics}
    every = [unit for facet in sorted(facets) for unit in units.of(facet)]
    here = sorted((one for one in every if span is None or at(one, span)), key=lambda unit: unit.order)
    decided = [unit for unit in here if unit.status != "abstain" and unit.label not in ("start", "end")]
    fitting = [unit for unit in decided if any(_fits(unit, topic) for topic in meant.topics)]
    first = next((facet for facet, _ in meant.topics if any(unit.facet == facet for unit in fitting)), "")
    fitting = [unit for unit in fitting if unit.facet == first]
    loose = {facet for facet, label in meant.topics if label is None}
    main = next((facet for facet, label in meant.topics if label is not None and facet not in loose), "")
    others = [unit for unit in decided if unit.facet == main and not any(_fits(unit, topic) for topic in meant.topics)]
    around = span or units.media
    open_s = union_s([unit.span.clipped(around) for unit in here if unit.status == "abstain" and unit.facet == main])
    known_s = union_s([unit.span.clipped(around) for unit in decided if unit.facet == main])
    return Found(
        name=meant.phrase, units=tuple(fitting), others=tuple(others),
        examined=any(unit.status != "abstain" for unit in every), undecided_s=open_s if open_s > known_s else 0.0,
    )  # fmt: skip


def _fits(unit: Unit, topic: Topic) -> bool:
    facet, label = topic
    if unit.facet != facet:
        return False
    return label is None or unit.label == label or label in _above(unit)


def _above(unit: Unit) -> tuple[str, ...]:
    return vocabulary.ancestors(unit.facet, unit.label) if unit.label is not None else ()


def at(unit: Unit, span: Span) -> bool:
    """Return whether a unit holds at a time; an instant meets an instant that is near."""
    if unit.span.is_instant:
        slack_s = NEAR_S if span.is_instant else 0.0
        return span.start_s - slack_s <= unit.span.start_s <= span.end_s + slack_s
    return unit.span.overlaps(span) or (span.is_instant and unit.span.end_s == span.start_s)


def placed(units: Units, asked: Asked) -> Asked | Answer:
    """Return the question with the time that a phrase gives it (`after the hook`), or why there is no such time."""
    main = asked.topics[:1] if asked.kind not in ("whole", "words") else ()
    for meant in asked.topics[len(main) :]:
        one_shot = meant.topics == (("edit.shot", None),) and meant.number is not None
        if not one_shot and (not meant.relation or meant.topics == (("edit.shot", None),)):
            continue
        if main and not meant.relation:
            continue
        found = find(units, meant, None)
        chosen = pick(found.units, meant.number if meant.number is not None else 0)
        if not chosen:
            return _missing(found, meant)
        start_s, end_s = chosen[0].span.start_s, chosen[0].span.end_s
        bounds = {"after": (end_s, units.media.end_s), "before": (units.media.start_s, start_s)}
        span = Span.of(*bounds.get(meant.relation, (start_s, end_s)))
        topics = tuple(one for one in asked.topics if one is not meant)
        number = asked.number if main else None
        return replace(asked, topics=topics, span=span, number=number)
    return asked


def _missing(found: Found, meant: Meant) -> Answer:
    if not found.units:
        return Answer(text=f"I cannot tell: no {found.name} is known that the question could be placed by.",
                      abstained=True)  # fmt: skip
    return too_few(found, meant.number or 0)


def too_few(found: Found, number: int) -> Answer:
    """Return the abstention for a number beyond what there is."""
    asked_for = f"number {number + 1}" if number >= 0 else "the last"
    text = f"I cannot tell: {asked_for} was asked for, and the number of {found.name} is {len(found.units)}."
    return Answer(text=text, abstained=True)


def pick(units: Sequence[Unit], number: int | None) -> tuple[Unit, ...]:
    """Return the units that are meant: all, or the one of a number; none where there is no such one."""
    if number is None:
        return tuple(units)
    return (units[number],) if -len(units) <= number < len(units) else ()


def answer_of(text: str, units: Sequence[Unit]) -> Answer:
    """Return an answer that cites units."""
    cited_units = tuple(cited(unit) for unit in units[:MOST_CITED])
    return Answer(text=text, spans=tuple(unit.span for unit in units[:MOST_CITED]), citations=cited_units)


def nothing(found: Found, asked: Asked, media: Span) -> Answer:
    """Return the `no` or `none` where the facet was looked at, with what is there instead; else an abstention."""
    where = f" {when(asked.span)}" if asked.span is not None else ""
    length_s = (asked.span or media).duration_s
    name = re.sub(r"^(any|a|the) ", "", found.name)
    if found.others and found.others[0].facet.endswith(MAIN) and asked.kind in ("how_many", "how_often", "whether"):
        text = f"I cannot tell: only the main one is known{where}; {_instead(found.others)}."
        return Answer(text=text, abstained=True)
    if found.others and asked.kind == "which" and " or " in asked.text:
        return answer_of(f"{_instead(found.others)}{where}.", one_each(found.others))
    if found.examined and length_s and found.undecided_s >= UNDECIDED * length_s:
        text = f"I cannot tell: for {found.undecided_s:.2f} of {length_s:.2f} s nothing decides about {name}{where}."
        return Answer(text=text, abstained=True)
    there = f"; {_instead(found.others)}" if found.others else ""
    if found.examined and asked.kind in ("how_many", "how_often", "whether"):
        says = "No: no" if asked.kind == "whether" else "None: no"
        return answer_of(f"{says} {name} found{where}{there}.", one_each(found.others))
    looked = "was looked for and not found" if found.examined else "is not what this storyboard speaks of"
    return Answer(text=f"I cannot tell: {name} {looked}{where}{there}.", abstained=True)


def _instead(units: Sequence[Unit]) -> str:
    """Return what a facet says instead, the longest first."""
    lengths: dict[str, float] = {}
    for unit in units:
        lengths[unit.claim] = lengths.get(unit.claim, 0.0) + unit.span.duration_s
    facet = units[0].facet
    named = sorted(lengths, key=lambda claim: -lengths[claim])[:3]
    return f"{name_of(facet)}: {', '.join(claim_of(facet, claim) for claim in named)}"


def one_each(units: Sequence[Unit], most: int = 3) -> list[Unit]:
    """Return the first unit of each claim, `most` at most."""
    return list({unit.claim: unit for unit in reversed(units)}.values())[::-1][:most]


def when(span: Span) -> str:
    """Return a time in words."""
    return f"at {span.start_s:.2f} s" if span.is_instant else f"from {span.start_s:.2f} to {span.end_s:.2f} s"


def name(found: Found, units: Sequence[Unit]) -> str:
    """Return what the units say when it is one thing, else the topic."""
    claims = {unit.claim for unit in units}
    facets = {unit.facet for unit in units}
    if len(claims) != 1 or len(facets) != 1:
        return found.name
    facet_id, claim = facets.pop(), claims.pop()
    facet, words = name_of(facet_id), claim_of(facet_id, claim)
    if said(claim) in facet or len(vocabulary.facet(facet_id).labels) == 1:
        return facet
    return words if facet in words else f"{facet} {words}"


def union_s(spans: Sequence[Span]) -> float:
    """Return how many seconds lie in any of the spans."""
    total_s, reach_s = 0.0, float("-inf")
    for span in sorted(spans, key=lambda one: one.start_s):
        total_s += max(0.0, span.end_s - max(span.start_s, reach_s))
        reach_s = max(reach_s, span.end_s)
    return seconds(total_s)
