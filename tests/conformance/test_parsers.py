"""What every parser promises: units of its declared facets that keep the invariants, the same ones each time."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sestina.core.errors import MissingExtra
from sestina.core.invariants import problems
from sestina.core.registry import parsers, signals
from sestina.core.storyboard import Storyboard, Unit
from sestina.pipeline.parse import parse, reading_of
from sestina.pipeline.plan import make_plan
from sestina.pipeline.sweep import Gathered
from tests.conformance import material

FRAMES = 100


@cache
def gathered(*, pictures: bool = True, audio: bool = True) -> Gathered:
    """Return everything the frame and audio signals measure on the material."""
    info = material.info(FRAMES, audio=audio)
    found = Gathered(media=info if pictures else info.model_copy(update={"video": None}))
    for entry in signals:
        signal = entry.make()
        if (
            entry.input == "stills"
            or (entry.input == "frames" and not pictures)
            or (entry.input == "audio" and not audio)
        ):
            continue
        try:
            signal.start(found.media)
        except MissingExtra as error:
            found.missing[entry.name] = str(error)
            continue
        feed = material.batches(FRAMES, 16) if entry.input == "frames" else material.blocks(FRAMES / 25, 48_000)
        for item in feed:
            signal.feed(item)
        found.add(entry.name, signal.finish())
    return found


@cache
def units(*, pictures: bool = True, audio: bool = True) -> tuple[Unit, ...]:
    return tuple(parse(gathered(pictures=pictures, audio=audio), make_plan().parsers))


def document(found: Gathered, made: tuple[Unit, ...]) -> Storyboard:
    return Storyboard(media=found.media, items=made, transcript=reading_of(found).transcript)


def test_all_units_together_make_a_valid_document() -> None:
    assert problems(document(gathered(), units())) == []


@pytest.mark.parametrize("name", parsers.names())
def test_units_are_of_the_declared_facets(name: str) -> None:
    entry: Any = parsers.get(name)
    made = {unit.facet for unit in units() if unit.producer.name == name}
    undeclared = [
        facet
        for facet in made
        if not any(facet == f or (f.endswith(".") and facet.startswith(f)) for f in entry.facets)
    ]
    assert undeclared == []


def test_parsing_twice_gives_the_same_units() -> None:
    again = tuple(parse(gathered(), make_plan().parsers))
    assert [unit.model_dump() for unit in again] == [unit.model_dump() for unit in units()]


@pytest.mark.parametrize(("pictures", "audio"), [(False, True), (True, False)])
def test_sound_alone_and_pictures_alone(pictures: bool, audio: bool) -> None:
    found = gathered(pictures=pictures, audio=audio)
    assert problems(document(found, units(pictures=pictures, audio=audio))) == []
