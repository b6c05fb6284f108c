"""Shots and the edits that join them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.editing._boundary import Boundary, units
from sestina.dimensions.editing._hard import cuts
from sestina.dimensions.editing._mixed import covered, mixes


@parsers.register(
    "editing.shots",
    facets=("edit.shot", "edit.transition", "edit.transition.duration", "edit.transition.colour"),
    signals=("difference", "motion"),
    card=Card(summary="Shots, and the cut or gradual edit between each two of them.", source="own"),
)
def shots(reading: Reading) -> Iterator[Unit | Track]:
    """Yield the shots, which tile the video, and the boundaries between them with their evidence."""
    if reading.media.video is None:
        return
    gradual = mixes(reading)
    hard = cuts(reading, covered(gradual, len(reading.frames)))
    found = sorted([*gradual, *hard], key=lambda boundary: boundary.first)
    yield from limits(reading)
    for boundary in found:
        yield from units(reading, boundary)
    yield from tiles(reading, found)


def limits(reading: Reading) -> Iterator[Unit]:
    """Yield the start and the end of the medium as boundaries."""
    span, frames = reading.span, reading.frames
    edges = {"start": (span.start_s, frames.time_s(0)), "end": (span.end_s, frames.time_s(len(frames) - 1))}
    for label, (at_s, frame_s) in edges.items():
        evidence = [reading.frame(frame_s)]
        yield reading.unit("edit.transition", label=label, span=Span.at(at_s), evidence=evidence)


def tiles(reading: Reading, boundaries: Sequence[Boundary]) -> Iterator[Unit]:
    """Yield the shots: they tile the video, joined in the middle of gradual edits."""
    span, frames = reading.span, reading.frames
    joins = {frames.time_s(b.join): b.confidence for b in boundaries if b.join is not None}
    edges = [span.start_s, *(at for at in sorted(joins) if span.start_s < at < span.end_s), span.end_s]
    for number, (start_s, end_s) in enumerate(pairwise(edges)):
        last_s = float(frames.times_s[frames.index_at(max(start_s, end_s - 1e-6))])
        yield reading.unit(
            "edit.shot",
            label="shot",
            span=Span.of(start_s, end_s),
            confidence=min(joins.get(start_s, 1.0), joins.get(end_s, 1.0)),
            evidence=[reading.frame_pair(start_s, last_s)],
            attributes={"number": number + 1},
        )
