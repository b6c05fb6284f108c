"""What the script says about itself: beats, hook, reasons for cuts, and whatever else its writer knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast

from sestina.core import vocabulary
from sestina.core.evidence import Box, Region
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.render.parts.note import Note
from sestina.render.script import Script
from sestina.render.speech import say
from sestina.render.timeline import Timeline
from sestina.render.truth.made import Made, unit


def units(made: Made) -> Iterator[Unit]:
    """Yield a unit for every note, its times snapped to frames."""
    yield from noted(made.script, made.timeline)


def noted(script: Script, timeline: Timeline) -> Iterator[Unit]:
    """Yield a unit for every note of a script, which needs no picture and no file."""
    seen: Counter[str] = Counter()
    for note in script.notes:
        region = None if note.box is None else Region(box=Box.of(*note.box))
        level = note.level or vocabulary.facet(note.facet).levels[0]
        yield unit(
            note.facet, f"n{seen[note.facet]}", cast(Level, level), _span(note, script, timeline), region=region,
            label=note.label, text=note.text, value=note.value, unit=note.unit, attributes=note.attributes,
        )  # fmt: skip
        seen[note.facet] += 1


def _span(note: Note, script: Script, timeline: Timeline) -> Span:
    """Return when a note holds: at its boundary, while its line is said, or between its own times."""
    if note.join is not None:
        return joint(timeline, note.join)
    if note.said is None or script.sound is None:
        return snapped(note, timeline)
    speech = script.sound.speech[note.said]
    words = say(speech).words
    return Span.of(speech.start_s + words[0].start_s, speech.start_s + words[-1].end_s).clipped(timeline.span)


def joint(timeline: Timeline, shot: int) -> Span:
    """Return the span of the boundary into a shot: its mixed frames, or the time of its first frame."""
    mixes = [mix for mix in timeline.mixes if mix.new == shot]
    return timeline.boundary_span(mixes[0]) if mixes else Span.at(timeline.time_s(timeline.joins[shot]))


def snapped(note: Note, timeline: Timeline) -> Span:
    """Return a note's span on frame times; an instant stays one."""
    rate = timeline.script.rate
    start = 0 if note.start_s is None else round(note.start_s * rate)
    end = timeline.frame_count if note.end_s is None else round(note.end_s * rate)
    return Span.of(timeline.time_s(start), timeline.time_s(max(start, end)))
