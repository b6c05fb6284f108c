"""One edit between two shots, in frames, and its unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.storyboard import Unit
from sestina.core.time import Span


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """One edit.

    Args:
        first: first changed frame; of a cut, the first frame of the new shot.
        clean: first frame of the new shot alone; equal to `first` for a cut, the frame count at the video's end.
        label: of `edit.transition`.
        confidence: 0..1.
        evidence: metrics that show it.
        join: frame at which the new shot is said to begin, None where no new shot begins.
        colour: `black`, `white` or `other`: what a fade or a dip goes through.
        attributes: further named values.
    """

    first: int
    clean: int
    label: str
    confidence: float
    evidence: Sequence[Evidence] = ()
    join: int | None = None
    colour: str | None = None
    attributes: dict[str, object] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        """Whether it takes no time."""
        return self.first == self.clean


def span_of(reading: Reading, boundary: Boundary) -> Span:
    """Return an instant for a cut, else the span from the first mixed to the first clean frame."""
    frames = reading.frames
    return Span.of(frames.time_s(boundary.first), frames.time_s(boundary.clean)).clipped(reading.span)


def units(reading: Reading, boundary: Boundary) -> Iterator[Unit]:
    """Yield the unit of one boundary, and of a gradual one its duration and colour."""
    frames, span = reading.frames, span_of(reading, boundary)
    before, after = max(0, boundary.first - 1), min(boundary.clean, len(frames) - 1)
    evidence = [*boundary.evidence, reading.frame_pair(frames.time_s(before), frames.time_s(after))]
    found = reading.unit(
        "edit.transition",
        label=boundary.label,
        span=span,
        confidence=boundary.confidence,
        evidence=evidence,
        attributes=boundary.attributes,
    )
    yield found
    if boundary.is_cut:
        return
    cited = reading.cite(found)
    sure = boundary.confidence
    yield reading.unit(
        "edit.transition.duration", value=span.duration_s, span=span, confidence=sure, evidence=[*evidence, *cited]
    )
    if boundary.colour is not None:
        colour = boundary.colour
        yield reading.unit("edit.transition.colour", label=colour, span=span, confidence=sure, evidence=evidence)
