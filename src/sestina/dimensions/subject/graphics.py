"""Pictures that are mostly written text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED
from sestina.core.evidence import Box, Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit

KIND = "subject.kind"
LOOKS = 9
"""Times of a shot at which the area of text is taken."""
GRID = 48
AREA_SCALE = 0.08


@parsers.register(
    "subject.graphics",
    facets=(KIND,),
    signals=("ocr",),
    after=("edit.shot",),
    derives=("graphics.text_area",),
    kind="text",
    card=Card(summary="Shots whose picture is mostly written text, by the area of what is read.", source="own"),
)
class Graphics:
    """Parser `subject.graphics`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the area of text in each shot, then the shots that text fills."""
        if not reading.shots:
            return
        areas = np.array([text_area(reading, shot.span) for shot in reading.shots])
        starts = np.array([shot.span.start_s for shot in reading.shots])
        yield Track(name="graphics.text_area", unit="share", times_s=starts, values=areas, kind="event")
        share = reading.threshold(KIND, "text_area_share_min")
        limit = Limit(signal="graphics.text_area", op=">", threshold=share, scale=AREA_SCALE, reduce="first")
        for shot in reading.shots:
            at = Span.at(shot.span.start_s)
            sure = limit.truth(reading, at)
            if sure >= UNDECIDED:
                quotes: list[Evidence] = [reading.ocr(text) for text in reading.texts(shot.span)[:3]]
                evidence = [*limit.evidence(reading, at), *quotes]
                yield reading.unit(KIND, label="text_graphic", span=shot.span, confidence=sure, evidence=evidence)


def text_area(reading: Reading, span: Span) -> float:
    """Return the median share of the picture that boxes of read text cover, over a few moments of `span`."""
    moments = span.start_s + span.duration_s * (np.arange(LOOKS) + 0.5) / LOOKS
    texts = reading.texts(span)
    return float(np.median([union_area([t.region.box for t in texts if t.span.contains(at)]) for at in moments]))


def union_area(boxes: Sequence[Box]) -> float:
    """Return the share of the picture that boxes cover together, on a grid of `GRID` by `GRID` cells."""
    cells = np.zeros((GRID, GRID), bool)
    for box in boxes:
        rows = slice(round(box.y * GRID), round((box.y + box.h) * GRID))
        cells[rows, round(box.x * GRID) : round((box.x + box.w) * GRID)] = True
    return float(cells.mean())
