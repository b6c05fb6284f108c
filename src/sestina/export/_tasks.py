"""What can be asked of a storyboard: named tasks, and the answers that its units give.

Every answer is JSON of one form, `{"sv6d": "1.0", "units": [...]}`, which `sestina score` reads, so that one reward
serves all tasks.
A question says what its answer leaves out, so that silence is never taught where a person or a program abstained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sestina.core.errors import unknown
from sestina.core.storyboard import DIMENSIONS, Storyboard, Unit
from sestina.core.time import Span
from sestina.core.versions import CURRENT as SV6D_VERSION
from sestina.core.vocabulary import version
from sestina.export._corpus import within
from sestina.export._facets import among, listed
from sestina.export._json import compact

VERSION = "1"
"""Of all templates together: raised whenever a question or the form of an answer changes."""
MOST_GAPS = 8
"""Stretches of a facet that a question leaves out; of a facet with more gaps nothing is asked."""
HOW = (
    'Answer with JSON only: {"sv6d": "1.0", "units": [{"facet": ..., "label" or "text" or "value": ..., '
    '"span": {"start_s": ..., "end_s": ...}, "region": {"box": {"x": ..., "y": ..., "w": ..., "h": ...}} '
    "where it has a place}]}. "
    "Times are seconds of presentation; an instant has start_s = end_s; boxes are fractions of the picture."
)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One question.

    Args:
        name: by which it is chosen and found in the rows.
        facets: facet ids, or prefixes that end in a dot, that its answer consists of; empty: all.
        ask: what is wanted, in words.
        per_shot: whether it is asked of each shot by itself.
        whole: whether the units tile the video, so that an answer with a gap would be a wrong one.
    """

    name: str
    facets: tuple[str, ...]
    ask: str
    per_shot: bool = False
    whole: bool = False

    def covers(self, facet: str) -> bool:
        """Return whether units of a facet belong to the answer."""
        return among(facet, self.facets)


TASKS = {
    task.name: task
    for task in (
        Task(
            name="storyboard",
            facets=(),
            ask=f"Describe the whole video as a storyboard in six dimensions: {', '.join(DIMENSIONS)}.",
        ),
        Task(name="shots", facets=("edit.shot",), whole=True, ask="Divide the video into its shots."),
        Task(
            name="transitions",
            facets=("edit.transition",),
            ask="Find every edit between two shots, hard cuts as instants, others as spans, each with its type.",
        ),
        Task(
            name="cuts",
            facets=("edit.cut_function", "edit.cut_rationale", "edit.cut_rationale.primary"),
            ask="Say of every cut what it does and why it is there.",
        ),
        Task(
            name="camera",
            facets=("camera.",),
            per_shot=True,
            ask="Say how the camera frames and moves, and when.",
        ),
        Task(
            name="look",
            facets=("aes.light.", "aes.color.", "aes.comp.", "aes.focus."),
            per_shot=True,
            ask="Describe light, colour, composition and focus.",
        ),
        Task(name="subjects", facets=("subject.",), per_shot=True, ask="Say who and what is shown, and what they do."),
        Task(
            name="beats",
            facets=("narr.beat",),
            whole=True,
            ask="Divide the video into narrative beats without gap or overlap, and name each.",
        ),
        Task(
            name="hook",
            facets=("narr.hook", "narr.hook."),
            ask="Say when the hook ends, by which tactic it works, and what carries it.",
        ),
        Task(
            name="packaging",
            facets=("diss.overlay", "diss.overlay.", "diss.cta", "diss.cta.", "diss.safe_area"),
            ask="List every overlay with kind, text, place and time, and what the viewer is asked to do.",
        ),
        Task(name="sound", facets=("aes.audio.", "edit.audio", "diss.sound"), ask="Describe the sound."),
    )
}
"""Every template by name."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question about one stretch of a video, and its answer."""

    task: str
    span: Span
    question: str
    answer: str


def named(tasks: str) -> tuple[Task, ...]:
    """Return the tasks in a list with commas, all of them for "". Raises UnknownComponent."""
    names = listed(tasks) or tuple(TASKS)
    for name in names:
        if name not in TASKS:
            raise unknown("task", name, TASKS)
    return tuple(TASKS[name] for name in dict.fromkeys(names))


def items(
    board: Storyboard, tasks: Iterable[Task], statuses: frozenset[str], min_confidence: float = 0.0
) -> Iterator[Item]:
    """Yield what can be asked of a storyboard with its units of these statuses, abstentions never among them."""
    every = board.canonical().items
    shots = [unit for unit in every if unit.facet == "edit.shot" and unit.status != "abstain"]
    shares = list(zip(shots, within(shots, every), strict=True))

    def is_known(unit: Unit) -> bool:
        return unit.status in statuses and unit.status != "abstain" and unit.confidence >= min_confidence

    for task in tasks:
        places = [(shot.span, units) for shot, units in shares] if task.per_shot else [(board.media.span, every)]
        for span, units in places:
            asked = [unit for unit in units if task.covers(unit.facet)]
            known, gaps = _known(asked, [is_known(unit) for unit in asked], span)
            if known and not (task.whole and gaps):
                yield _item(task, span, known, gaps)


def _known(units: Sequence[Unit], known: Sequence[bool], span: Span) -> tuple[list[Unit], list[str]]:
    """Return the units that an answer consists of, and what it leaves out, in words."""
    gaps: dict[str, list[Span]] = defaultdict(list)
    sayable = {unit.facet for unit, is_known in zip(units, known, strict=True) if is_known}
    for unit, is_known in zip(units, known, strict=True):
        if not is_known:
            gaps[unit.facet].append(unit.span.clipped(span))
    mute = {facet for facet, spans in gaps.items() if facet not in sayable or len(spans) > MOST_GAPS}
    words = [*sorted(mute)]
    words += [f"{facet} {_when(gap)}" for facet in sorted(gaps.keys() - mute) for gap in gaps[facet]]
    pairs = zip(units, known, strict=True)
    return [unit for unit, is_known in pairs if is_known and unit.facet not in mute], words


def _item(task: Task, span: Span, known: Sequence[Unit], gaps: Sequence[str]) -> Item:
    where = f"Only the shot {_when(span)}: " if task.per_shot else ""
    without = f" Leave out: {'; '.join(gaps)}." if gaps else ""
    says = [_claim(unit, span) for unit in known]
    return Item(
        task=task.name,
        span=span,
        question=f"{where}{task.ask}{without} Facets and labels are those of SV6D {version()}. {HOW}",
        answer=_json({"sv6d": SV6D_VERSION, "units": says}),
    )


def _claim(unit: Unit, span: Span) -> dict[str, Any]:
    """Return what a unit says, when and where, cut to the stretch that is asked about."""
    said = ((name, getattr(unit, name)) for name in ("facet", "label", "text", "value", "unit"))
    found: dict[str, Any] = {name: value for name, value in said if value is not None}
    found["span"] = unit.span.clipped(span).model_dump()
    if unit.region is not None:
        found["region"] = {"box": unit.region.box.model_dump()}
    return found


def _json(value: object) -> str:
    """Return JSON in which no `<` stands as such.

    Trainers put pictures where they find `<image>` or `<video>`, and end turns at `<|im_end|>`; a text that was read
    off a screen must not be able to say so. Whoever parses the answer gets the text as it was.
    """
    return compact(value).replace("<", "\\u003c")


def _when(span: Span) -> str:
    if span.is_instant:
        return f"at {span.start_s:.3f} s"
    return f"from {span.start_s:.3f} s to {span.end_s:.3f} s"
