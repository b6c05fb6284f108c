"""The second look: a few full-size pictures, chosen from what the sweep found, for readers and detectors."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sestina.core.errors import MediaError, MissingExtra
from sestina.core.reading import Reading
from sestina.core.registry import Entry
from sestina.core.storyboard import Stage
from sestina.media.decode import pictures
from sestina.media.source import Source
from sestina.pipeline.sweep import Clock, Gathered, Progress, silent


def look(
    source: Source,
    gathered: Gathered,
    reading: Reading,
    entries: Sequence[Entry[Any]],
    progress: Progress = silent,
) -> None:
    """Show every still signal the pictures it chooses, in one more decode, and add what they found to `gathered`."""
    began = time.perf_counter()
    clock = Clock()
    chosen: dict[str, tuple[Any, set[float]]] = {}
    for entry in entries:
        signal = entry.make()
        try:
            chosen[entry.name] = (signal, {reading.frame(at).at_s for at in signal.choose(reading)})
        except MissingExtra as error:
            gathered.missing[entry.name] = f"{error} ({error.hint})" if error.hint else str(error)
    wanted = sorted(set().union(*(times for _, times in chosen.values())))
    _show(source, gathered, wanted, chosen, clock, progress)
    for name, (signal, _) in chosen.items():
        gathered.add(name, clock.run(name, signal.finish))
    gathered.stages.append(Stage(name="look", wall_s=round(time.perf_counter() - began, 4)))
    gathered.stages.extend(clock.stages({entry.name: entry.version for entry in entries}))


def _show(
    source: Source,
    gathered: Gathered,
    wanted: Sequence[float],
    chosen: dict[str, tuple[Any, set[float]]],
    clock: Clock,
    progress: Progress,
) -> None:
    try:
        for done, picture in enumerate(pictures(source, gathered.media, wanted) if wanted else ()):
            for name, (signal, times) in chosen.items():
                if picture.time_s in times:
                    clock.run(name, signal.feed, picture)
            progress("stills", done + 1, len(wanted))
    except MediaError as error:
        gathered.notes.append(f"the second look ended early: {error}")
