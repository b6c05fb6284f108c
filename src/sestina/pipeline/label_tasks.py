"""What a model is asked to label: calls that hold as many shots, edits and facets as its context allows.

Prompts come from the vocabulary: a facet's labels, what shows them, and the evidence that is admitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sestina.core import vocabulary
from sestina.core.facet import Facet
from sestina.core.prompting import Limits
from sestina.core.storyboard import Level, Storyboard
from sestina.core.time import Span

FIRST = ("narr.hook", "edit.cut_rationale", "edit.cut_function", "narr.shot_tension", "diss.cta", "diss.retention")
"""Facets, with those below them, that are asked for first: where a budget ends, these are labelled."""
LEFT_OUT = ("overlay", "track", "frame", "scene")
"""Levels whose things are not listed to a model."""
FRAMES_A_SHOT, FRAMES_AN_EDIT, FRAMES_OF_VIDEO = 3, 2, 24
MOST_FRAMES = 32
"""Frames in one call where the model does not say what it takes."""
MOST_LETTERS = 24_000
"""Letters of instructions in one call where the model does not say what it takes."""
LETTERS_A_TOKEN, CONTEXT_SHARE = 4, 0.4
"""Letters that a token stands for, and the share of a model's context that instructions may fill."""
INSTRUCTIONS = (
    "Label the video with the facets below. Give a label only where the frames or the quoted material show it. For "
    "each label give a confidence from 0 to 1 and the evidence it rests on: times of frames you were shown, exact "
    "quotes of speech or on-screen text, or a box [left, top, width, height] in shares of the picture with its frame's "
    "time. Leave out what you cannot tell."
)


@dataclass(frozen=True, kw_only=True)
class LabelTask:
    """One call: facets of one kind of place, the places by name with their spans, and the frames to look at.

    Args:
        level: `shot`, `boundary`, or `video` for labels whose span the model says itself.
        facets: what is asked for.
        places: name to span; empty where the model says the span.
        times_s: of the frames shown, seconds.
    """

    level: Level
    facets: tuple[Facet, ...]
    places: Mapping[str, Span] = field(default_factory=dict)
    times_s: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """What the call is about, for messages."""
        where = f"{next(iter(self.places))} to {list(self.places)[-1]}" if self.places else "the whole video"
        return f"{len(self.facets)} facets of {where}"

    @property
    def question(self) -> str:
        """The instructions in words."""
        lines = [INSTRUCTIONS, "", "Facets:", *(_told(facet) for facet in self.facets)]
        if self.places:
            listed = [f"{name}: {_when(span)}" for name, span in self.places.items()]
            lines += ["", f"Label each of these by its name as `place`: {'; '.join(listed)}."]
        else:
            lines += ["", "Give the span [start, end] in seconds that each label holds for."]
        return "\n".join(lines)

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the reply, each facet with its own labels."""
        items = {"anyOf": [self._item(facet) for facet in self.facets]}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["labels"],
            "properties": {"labels": {"type": "array", "items": items}},
        }

    def _item(self, facet: Facet) -> dict[str, Any]:
        says: dict[str, Any] = {"label": {"enum": list(facet.labels)}} if facet.labels else {"text": {"type": "string"}}
        if facet.type == "num":
            says = {"value": {"type": "number"}}
        where: dict[str, Any] = {"place": {"enum": list(self.places)}} if self.places else {"span": _NUMBERS[2]}
        evidence = {"type": "array", "minItems": 1, "items": {"anyOf": list(_EVIDENCE)}}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["facet", *says, *where, "confidence", "evidence"],
            "properties": {
                "facet": {"const": facet.id}, **says, **where,
                "confidence": {"type": "number", "minimum": 0, "maximum": 1}, "evidence": evidence,
            },
        }  # fmt: skip


_NUMBERS = {
    count: {"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count} for count in (2, 4)
}
_EVIDENCE = (
    {"type": "object", "additionalProperties": False, "required": ["frame_s"],
     "properties": {"frame_s": {"type": "number"}, "box": _NUMBERS[4]}},
    {"type": "object", "additionalProperties": False, "required": ["quote"],
     "properties": {"quote": {"type": "string"}}},
)  # fmt: skip


def label_tasks(board: Storyboard, limits: Limits, facets: Sequence[str] | None = None) -> tuple[LabelTask, ...]:
    """Return the calls that label a storyboard, those of `FIRST` first.

    Args:
        board: with the shots and edits that signals found.
        limits: of the model.
        facets: ids, or prefixes ending in a dot; None: all that a model can produce.
    """
    wanted = [facet for facet in vocabulary.facets() if _wanted(facet, facets)]
    groups: dict[str, list[Facet]] = {}
    for facet in sorted(wanted, key=_rank):
        groups.setdefault(_kind(facet), []).append(facet)
    found: list[tuple[int, LabelTask]] = []
    for kind, members in groups.items():
        for part in _parts(members, limits):
            found += [(_rank(part[0]), task) for task in _tasks(board, kind, part, limits)]
    return tuple(task for _, task in sorted(found, key=lambda one: one[0]))


def _wanted(facet: Facet, given: Sequence[str] | None) -> bool:
    if facet.heading or facet.levels[0] in LEFT_OUT:
        return False
    if given is None:
        return "V" in facet.source
    return any(facet.id == name or (name.endswith(".") and facet.id.startswith(name)) for name in given)


def _rank(facet: Facet) -> int:
    ranks = [k for k, name in enumerate(FIRST) if facet.id == name or facet.id.startswith(name + ".")]
    return ranks[0] if ranks else len(FIRST)


def _kind(facet: Facet) -> str:
    return facet.levels[0] if facet.levels[0] in ("shot", "boundary") else "video"


def _parts(facets: Sequence[Facet], limits: Limits) -> Iterator[tuple[Facet, ...]]:
    """Yield facets in runs whose instructions fit."""
    room = int(limits.context_tokens * CONTEXT_SHARE * LETTERS_A_TOKEN) or MOST_LETTERS
    part: list[Facet] = []
    size = 0
    for facet in facets:
        length = len(_told(facet))
        if part and (size + length > room or _rank(facet) != _rank(part[0])):
            yield tuple(part)
            part, size = [], 0
        part.append(facet)
        size += length
    if part:
        yield tuple(part)


def _tasks(board: Storyboard, kind: str, facets: tuple[Facet, ...], limits: Limits) -> Iterator[LabelTask]:
    most = limits.frames or MOST_FRAMES
    if kind == "video":
        times = _spread(board.media.span, min(most, FRAMES_OF_VIDEO), board)
        yield LabelTask(level="video", facets=facets, times_s=times)
        return
    edits = [unit for unit in board.boundaries if unit.status != "abstain" and unit.label not in ("start", "end")]
    units, each = (board.shots, FRAMES_A_SHOT) if kind == "shot" else (edits, FRAMES_AN_EDIT)
    size = max(1, most // each)
    for first in range(0, len(units), size):
        some = units[first : first + size]
        places = {f"{kind} {first + k + 1}": unit.span for k, unit in enumerate(some)}
        frames = [
            time_s
            for span in places.values()
            for time_s in (_spread(span, each, board) if kind == "shot" else _sides(span, board))
        ]
        level: Level = "shot" if kind == "shot" else "boundary"
        yield LabelTask(level=level, facets=facets, places=places, times_s=tuple(sorted(set(frames)))[:most])


def _spread(span: Span, count: int, board: Storyboard) -> tuple[float, ...]:
    """Return the times of frames in the middles of `count` equal parts of a span."""
    table = board.media.frame_table()
    if table is None:
        return ()
    wanted = [span.start_s + span.duration_s * (k + 0.5) / count for k in range(count)]
    return tuple(dict.fromkeys(table.time_s(table.index_at(time_s)) for time_s in wanted))


def _sides(span: Span, board: Storyboard) -> tuple[float, ...]:
    """Return the times of the last frame before an edit and the first after it."""
    table = board.media.frame_table()
    if table is None:
        return ()
    before, after = max(0, table.index_at(span.start_s) - 1), min(len(table) - 1, table.index_at(span.end_s))
    return tuple(dict.fromkeys((table.time_s(before), table.time_s(after))))


def _told(facet: Facet) -> str:
    """Return what the vocabulary says of a facet, as instructions."""
    says = [facet.prompt or facet.description, facet.evidence]
    kind = {"text": "in words", "num": f"a number of {facet.unit}"}.get(facet.type, "")
    labels = "; ".join(f"{label}: {facet.label_evidence[label]}" if label in facet.label_evidence else label
                       for label in facet.labels)  # fmt: skip
    return f"- {facet.id}: {' '.join(part for part in says if part)} {labels or kind}".rstrip()


def _when(span: Span) -> str:
    return f"{span.start_s:.2f} s" if span.is_instant else f"{span.start_s:.2f}-{span.end_s:.2f} s"
