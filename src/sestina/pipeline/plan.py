"""The plan: which signals and parsers a request needs, in an order where everything read was made before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from sestina.core import vocabulary
from sestina.core.errors import unknown
from sestina.core.registry import Entry, parsers, signals
from sestina.core.storyboard import DIMENSIONS

AnyEntry = Entry[Callable[..., Any]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will run.

    Args:
        frames: signals fed with every frame.
        audio: signals fed with the sound.
        early: parsers that run before the second look (what `stills` choose their frames by), in order.
        stills: signals that look at a few full-size pictures.
        late: all further parsers, in order.
    """

    frames: tuple[AnyEntry, ...]
    audio: tuple[AnyEntry, ...]
    early: tuple[AnyEntry, ...]
    stills: tuple[AnyEntry, ...]
    late: tuple[AnyEntry, ...]

    @property
    def parsers(self) -> tuple[AnyEntry, ...]:
        """Every parser, in order."""
        return self.early + self.late

    @property
    def signals(self) -> tuple[AnyEntry, ...]:
        """Every signal."""
        return self.frames + self.audio + self.stills


def make_plan(*, only: Collection[str] = (), skip: Collection[str] = ()) -> Plan:
    """Return the plan for a request.

    Args:
        only: dimensions, facets (a prefix ending in a dot stands for all below it) or parser names; empty means all.
        skip: groups of components (`ocr`, `asr`, `faces`), signals or parsers to leave out.

    Raises UnknownComponent when a word of `only` or `skip` names nothing.
    """
    every = list(parsers)
    _check_words(only, skip, every)
    allowed = [entry for entry in every if entry.default and not {entry.name, entry.group} & set(skip)]
    wanted = _closure([entry for entry in allowed if _matches(entry, only)], allowed)
    order = _ordered(wanted)
    measuring = _signals_for(order, skip)
    looks = [entry for entry in measuring if entry.input == "stills"]
    before = _closure([e for look in looks for e in order if _makes_any(e, look.after)], order)
    return Plan(
        frames=tuple(entry for entry in measuring if entry.input == "frames"),
        audio=tuple(entry for entry in measuring if entry.input == "audio"),
        early=tuple(entry for entry in order if entry in before) if looks else (),
        stills=tuple(looks),
        late=tuple(entry for entry in order if not looks or entry not in before),
    )


def _check_words(only: Collection[str], skip: Collection[str], every: Sequence[AnyEntry]) -> None:
    names = {entry.name for entry in every}
    facets = set(vocabulary.load().ids)
    for word in only:
        if word not in DIMENSIONS and word not in names and not any(_covers(word, facet) for facet in facets):
            raise unknown("dimension, facet or parser", word, {*DIMENSIONS, *names, *facets})
    droppable = names | set(signals.names()) | {e.group for e in every} | {e.group for e in signals}
    for word in skip:
        if word not in droppable:
            raise unknown("component to skip", word, droppable - {""})


def _covers(word: str, facet: str) -> bool:
    return facet == word or facet.startswith(word if word.endswith(".") else word + ".")


def _matches(entry: AnyEntry, only: Collection[str]) -> bool:
    if not only:
        return True
    folder = entry.name.split(".", 1)[0]
    return any(word in (folder, entry.name) or any(_covers(word, facet) for facet in entry.facets) for word in only)


def _makes_any(entry: AnyEntry, names: Iterable[str]) -> bool:
    made = {entry.name, *entry.facets, *entry.derives}
    return any(name in made for name in names)


def _closure(chosen: Sequence[AnyEntry], allowed: Sequence[AnyEntry]) -> list[AnyEntry]:
    """Return `chosen` and every allowed parser that one of them reads from, directly or not."""
    found: dict[str, AnyEntry] = {}
    todo = list(chosen)
    while todo:
        entry = todo.pop()
        if entry.name not in found:
            found[entry.name] = entry
            todo += [other for other in allowed if _makes_any(other, entry.after)]
    return [entry for entry in allowed if entry.name in found]


def _ordered(entries: Sequence[AnyEntry]) -> list[AnyEntry]:
    """Return entries so that each comes after those it reads from; ties by name, so the order is stable."""
    by_name = {entry.name: entry for entry in entries}
    graph = {
        entry.name: {o.name for o in entries if o is not entry and _makes_any(o, entry.after)} for entry in entries
    }
    sorter = TopologicalSorter({name: graph[name] for name in sorted(graph)})
    try:
        sorter.prepare()
    except CycleError as error:
        raise ValueError(f"parsers read from each other in a circle: {error.args[1]}") from error
    order: list[AnyEntry] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += [by_name[name] for name in ready]
        sorter.done(*ready)
    return order


def _signals_for(order: Sequence[AnyEntry], skip: Collection[str]) -> list[AnyEntry]:
    """Return the signals that the parsers, and the signals those need in turn, ask for."""
    found: dict[str, AnyEntry] = {}
    todo = sorted({stem for entry in order for stem in (*entry.signals, *entry.optional)})
    while todo:
        entry = signals.get(todo.pop(0))
        if entry.name not in found and not {entry.name, entry.group} & set(skip):
            found[entry.name] = entry
            todo += [*entry.signals, *entry.optional]
    return [found[name] for name in sorted(found)]
