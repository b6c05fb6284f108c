"""Shots and the edits that join them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track

CUT_SCORE_MIN = 0.5
"""Score from which a change is called a cut."""

APART = 2
"""Frames around a cut that hold no other: a shot of one or two frames is a flash."""


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """One edit, in frames.

    Args:
        first: first changed frame; of a cut, the first frame of the new shot.
        clean: first frame of the new shot alone; equal to `first` for a cut.
        label: of `edit.transition`.
        confidence: 0..1.
        evidence: metrics that show it.
        attributes: further named values, such as a fade's colour.
    """

    first: int
    clean: int
    label: str
    confidence: float
    evidence: Sequence[Evidence] = ()
    attributes: dict[str, object] = field(default_factory=dict)

    @property
    def join(self) -> int:
        """Frame at which the new shot is said to begin: the middle of a gradual edit."""
        return (self.first + self.clean + 1) // 2


@parsers.register(
    "editing.shots",
    facets=("edit.shot", "edit.transition"),
    signals=("difference",),
    card=Card(summary="Shots, and the cut or gradual edit between each two of them.", source="own"),
)
def shots(reading: Reading) -> Iterator[Unit | Track]:
    """Yield the shots, which tile the video, and the boundaries between them with their evidence."""
    if reading.media.video is None:
        return
    found = list(cuts(reading))
    yield from limits(reading)
    for boundary in found:
        yield transition(reading, boundary)
    yield from tiles(reading, found)


def cuts(reading: Reading) -> Iterator[Boundary]:
    """Yield the hard cuts, in order."""
    score = reading.track("difference.cut")
    for frame in peaks(score.values):
        here = Span.at(float(score.times_s[frame]))
        evidence = [
            reading.metric("difference.cut", ">=", CUT_SCORE_MIN, here, reduce="max"),
            reading.measured("difference.compensated", here, reduce="max"),
        ]
        yield Boundary(
            first=int(frame),
            clean=int(frame),
            label="hard_cut",
            confidence=float(score.values[frame]),
            evidence=evidence,
        )


def peaks(score: npt.NDArray[np.floating]) -> list[int]:
    """Return the frames whose score [N] calls them a cut and is the best within `APART` frames."""
    called = np.flatnonzero(score >= CUT_SCORE_MIN)
    return [int(k) for k in called if score[k] >= score[max(0, k - APART) : k + APART + 1].max()]


def transition(reading: Reading, boundary: Boundary) -> Unit:
    """Return the unit of one boundary: an instant for a cut, else first mixed to first clean frame."""
    frames = reading.frames
    span = Span.of(frames.time_s(boundary.first), frames.time_s(boundary.clean))
    before, after = max(0, boundary.first - 1), min(boundary.clean, len(frames) - 1)
    pair = reading.frame_pair(frames.time_s(before), frames.time_s(after))
    return reading.unit(
        "edit.transition",
        label=boundary.label,
        span=span,
        confidence=boundary.confidence,
        evidence=[*boundary.evidence, pair],
        attributes=boundary.attributes,
    )


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
    joins = [frames.time_s(boundary.join) for boundary in boundaries]
    edges = [span.start_s, *(at for at in joins if span.start_s < at < span.end_s), span.end_s]
    sure = [1.0, *(boundary.confidence for boundary in boundaries), 1.0]
    for number, (start_s, end_s) in enumerate(pairwise(edges)):
        pair = reading.frame_pair(start_s, frames.times_s[frames.index_at(max(start_s, end_s - 1e-6))])
        yield reading.unit(
            "edit.shot",
            label="shot",
            span=Span.of(start_s, end_s),
            confidence=min(sure[number : number + 2]),
            evidence=[pair],
            attributes={"number": number + 1},
        )
