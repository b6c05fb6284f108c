"""Headroom: how much space is left above the largest face of each shot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import RegionEvidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import BoxTrack, Track
from sestina.dimensions._bands import banded

HEADROOM, LEADROOM = "aes.comp.headroom", "aes.comp.leadroom"
CROWN = 0.35
"""From the upper edge of a detector's face box to the crown, in box heights: the box ends at the brows."""
EDGES = (0.0, 0.2, 1.0)
"""Space above the crown in face heights: cut off below the first, then tight, normal, and excess from the last."""
SCALE = 0.12
FACE_HEIGHT_MIN = 0.08
"""Share of the picture's height below which a face is too small for its headroom to be meant."""
AT_MOST = 0.8


@parsers.register(
    "aesthetics.headroom",
    facets=(HEADROOM, LEADROOM),
    signals=("faces",),
    after=("edit.shot",),
    derives=("headroom.space",),
    kind="detector",
    card=Card(
        summary="Space above the largest face, in face heights.",
        source="own, on a face detector",
        deviations="The crown is estimated from the face box; hats and hair are not seen.",
    ),
)
class Headroom:
    """Parser `aesthetics.headroom`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the space above the largest face where one was seen, then the band of each shot."""
        faces = [t for t in reading.boxes if t.kind == "face" and t.box.h >= FACE_HEIGHT_MIN]
        times, space = spaces(faces)
        yield Track(name="headroom.space", unit="face_heights", times_s=times, values=space, kind="sampled")
        labels = ("cut_off", "tight", "normal", "excess")
        for shot in reading.shots:
            here = [track for track in faces if shot.span.covers(track.span)]
            if not here:
                continue
            main = max(here, key=lambda track: (track.box.area * len(track.times_s), track.name))
            unit = banded(reading, HEADROOM, shot.span, "headroom.space", labels=labels, edges=EDGES, scale=SCALE)
            shown = RegionEvidence(box=main.box, at_s=float(main.times_s[len(main.times_s) // 2]), note="face")
            sure = min(AT_MOST, unit.confidence)
            yield unit.model_copy(update={"evidence": (*unit.evidence, shown), "confidence": sure})
            reason = "which way the face looks is not measured finely enough"
            yield reading.abstain(LEADROOM, span=shot.span, reason=reason, evidence=[shown])


def spaces(faces: list[BoxTrack]) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """Return the times at which a face was seen, and the space above the largest one there in its heights, [N] each."""
    largest: dict[float, tuple[float, float]] = {}
    for track in faces:
        for time, box in zip(track.times_s.tolist(), track.boxes.tolist(), strict=True):
            if time not in largest or box[3] > largest[time][1]:
                largest[time] = (box[1], box[3])
    times = np.array(sorted(largest))
    return times, np.array([largest[t][0] / max(largest[t][1], 1e-6) - CROWN for t in sorted(largest)])
