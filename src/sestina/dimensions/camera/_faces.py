"""Faces as the parsers of framing read them: who is in a shot, when, how large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box, Evidence, RegionEvidence
from sestina.core.reading import Reading
from sestina.core.time import Span

F64 = npt.NDArray[np.float64]

HEAD_PER_FACE = 1.3
"""Height from chin to crown per height of a detector's face box, which ends at the brows."""
SAME_TIME_S = 0.02
"""Boxes seen this close in time were seen in one frame."""
LEAST_HEIGHT = 0.03
"""Faces smaller than this share of the picture's height are not counted: detectors err there."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """The faces of one frame: its time, seconds, and boxes [N,4] x y w h in fractions of the picture, largest first."""

    time_s: float
    boxes: F64

    @property
    def main(self) -> Box:
        """The largest face."""
        return Box.of(*(float(v) for v in self.boxes[0]))


def looks(reading: Reading, span: Span) -> list[Look]:
    """Return the frames inside `span` in which a face was seen, in order."""
    seen: list[tuple[float, F64]] = []
    for track in reading.boxes:
        if track.kind == "face":
            seen += [(float(t), b) for t, b in zip(track.times_s, track.boxes, strict=True) if span.contains(float(t))]
    seen = sorted(((t, b) for t, b in seen if b[3] >= LEAST_HEIGHT), key=lambda item: item[0])
    groups: list[list[tuple[float, F64]]] = []
    for item in seen:
        if groups and item[0] - groups[-1][0][0] <= SAME_TIME_S:
            groups[-1].append(item)
        else:
            groups.append([item])
    return [Look(time_s=group[0][0], boxes=_largest_first([box for _, box in group])) for group in groups]


def _largest_first(boxes: list[F64]) -> F64:
    rows = [tuple(float(v) for v in box) for box in boxes]
    return np.array(sorted(rows, key=lambda box: (-box[2] * box[3], box)))


def why_no_face(reading: Reading) -> str:
    """Return the reason to abstain with when a shot shows no face."""
    if any(name.startswith("faces.") for name in reading.tracks) or any(box.kind == "face" for box in reading.boxes):
        return "no face was found"
    return f"no face detector ran: {reading.missing.get('faces', 'none is installed')}"


def region(look: Look, note: str) -> Evidence:
    """Return the largest face of a look as evidence."""
    return RegionEvidence(box=look.main, at_s=look.time_s, note=note)


def middle_look(found: list[Look]) -> Look:
    """Return the look whose largest face has the median height (the earlier one of two)."""
    return sorted(found, key=lambda look: (float(look.boxes[0][3]), look.time_s))[(len(found) - 1) // 2]
