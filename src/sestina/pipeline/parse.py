"""Parsing: parsers read tracks and transcript one after another, each seeing what came before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent
from sestina.core.reading import Reading
from sestina.core.registry import Entry, signals
from sestina.core.storyboard import Producer, Transcript, Unit, digest
from sestina.core.track import Track
from sestina.pipeline.sweep import Clock, Gathered, Progress, silent


def reading_of(gathered: Gathered, units: Sequence[Unit] = ()) -> Reading:
    """Return what is known so far, as parsers read it."""
    return Reading(
        media=gathered.media,
        tracks=gathered.tracks,
        boxes=tuple(gathered.boxes),
        transcript=Transcript(
            words=tuple(sorted(gathered.words, key=lambda word: word.start_s)),
            screen=tuple(sorted(gathered.screen, key=lambda text: (text.span.start_s, text.id))),
            speech_language=gathered.languages.get("speech"),
            text_language=gathered.languages.get("screen"),
            engines=gathered.engines,
        ),
        units=tuple(sorted(units, key=lambda unit: unit.order)),
        missing=gathered.missing,
    )


def parse(
    gathered: Gathered, entries: Sequence[Entry[Any]], units: Sequence[Unit] = (), progress: Progress = silent
) -> list[Unit]:
    """Run `entries` in order and return `units` with theirs; derived tracks go to `gathered`.

    A parser whose signals are not there is left out, and a note says so.
    """
    clock = Clock()
    found = list(units)
    idle: dict[str, list[str]] = {}
    for done, entry in enumerate(entries):
        lacking = [stem for stem in entry.signals if not _has(gathered, stem)]
        if lacking:
            idle.setdefault(" and ".join(dict.fromkeys(_why(gathered, stem) for stem in lacking)), []).append(
                entry.name
            )
        else:
            reading = reading_of(gathered, found).with_(producer=producer_of(entry))
            found += clock.run(entry.name, _run, entry, reading, gathered)
        progress("parsers", done + 1, len(entries))
    gathered.notes.extend(f"{', '.join(names)}: not run, since {why}" for why, names in idle.items())
    gathered.stages.extend(clock.stages({entry.name: entry.version for entry in entries}))
    return found


def producer_of(entry: Entry[Any]) -> Producer:
    """Return how units of this parser name their producer; `params` digests the thresholds it decides by."""
    thresholds = {}
    for facet in entry.facets:
        try:
            thresholds[facet] = dict(vocabulary.facet(facet).thresholds)
        except UnknownComponent:
            continue  # a prefix of facets
    return Producer(kind=entry.kind, name=entry.name, version=entry.version, params=digest(thresholds))


def _run(entry: Entry[Any], reading: Reading, gathered: Gathered) -> list[Unit]:
    made: list[Unit] = []
    parser = entry.make() if isinstance(entry.make, type) else entry.make
    for item in parser(reading):
        if isinstance(item, Track):
            gathered.tracks[item.name] = item  # the reading shares this mapping: later units may cite the track
        else:
            made.append(item)
    return made


def _has(gathered: Gathered, stem: str) -> bool:
    if stem in gathered.missing:
        return False
    named = any(name.split(".", 1)[0] == stem for name in gathered.tracks)
    return named or any(box.name.split(".", 1)[0] == stem for box in gathered.boxes) or stem in gathered.engines


def _why(gathered: Gathered, stem: str) -> str:
    if stem in gathered.missing:
        return f"{stem} is missing"
    reads = signals.get(stem).input
    if reads == "audio" and gathered.media.audio is None:
        return "there is no sound"
    if reads != "audio" and gathered.media.video is None:
        return "there is no picture"
    return f"{stem} measured nothing here"
