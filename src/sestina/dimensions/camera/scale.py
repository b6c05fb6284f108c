"""Shot scale from faces: how much of the person lies below the chin, in head heights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.confidence import band_confidence, band_of
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading, rounded
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.camera._faces import HEAD_PER_FACE, Look, looks, middle_look, region, why_no_face

FACET = "camera.scale"

EDGES = ("mcu_cut_min", "ms_cut_min", "mls_cut_min", "ls_cut_min")
LABELS = ("CU", "MCU", "MS", "MLS", "LS")
"""Scales between the limits of the cut, from the closest."""
HEADS_PER_PERSON = 7.5
"""Height of a standing person in heads (the artists' canon)."""
FILLED = 0.98
"""Share of the picture's height from which a head exceeds the frame."""


@parsers.register(
    "camera.scale",
    facets=(FACET,),
    optional=("faces",),
    after=("edit.shot",),
    derives=("scale.cut", "scale.head"),
    card=Card(
        summary="Distance from chin to lower frame edge in head heights, from the largest face, per shot.",
        source="own; the scale is that of CineScale (Savardi et al., 2021), limits from the vocabulary",
        deviations="without a face it abstains",
    ),
)
class Scale:
    """Parser `camera.scale`: one unit a shot, and the tracks its evidence cites."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the tracks of the largest face, then the scale of every shot."""
        found = looks(reading, Span.of(reading.span.start_s, reading.span.end_s + 1e-3))
        if found:
            tracks = face_tracks(found)
            yield from tracks
            reading = reading.with_(tracks={**reading.tracks, **{track.name: track for track in tracks}})
        for shot in reading.shots:
            yield scale(reading, shot.span)


def face_tracks(found: list[Look]) -> tuple[Track, Track]:
    """Return `scale.cut` (chin to lower edge, head heights) and `scale.head` (head over picture height)."""
    times = np.array([look.time_s for look in found])
    head = np.array([look.boxes[0][3] for look in found]) * HEAD_PER_FACE
    chin = np.array([look.boxes[0][1] + look.boxes[0][3] for look in found])
    cut = np.maximum(0.0, 1 - chin) / head
    return (
        Track(name="scale.cut", unit="head_heights", times_s=times, values=cut, kind="sampled"),
        Track(name="scale.head", unit="frame_heights", times_s=times, values=head, kind="sampled"),
    )


def scale(reading: Reading, shot: Span) -> Unit:
    """Return the scale of one shot."""
    found = looks(reading, shot)
    if not found:
        return reading.abstain(FACET, span=shot, reason=why_no_face(reading))
    face = region(middle_look(found), "largest face")
    limits = [reading.threshold(FACET, name) for name in EDGES]
    cut, head = (rounded(reading.value(f"scale.{name}", "median", shot)) for name in ("cut", "head"))
    tiny = rounded(reading.threshold(FACET, "els_person_height_max") / HEADS_PER_PERSON)
    if head >= FILLED or head <= tiny:
        label = "ECU" if head >= FILLED else "ELS"
        op, limit = (">=", FILLED) if head >= FILLED else ("<=", tiny)
        proof = reading.metric("scale.head", op, limit, shot, "median")  # type: ignore[arg-type]  # literal from a tuple
        return reading.unit(FACET, label=label, span=shot, confidence=0.7, evidence=[proof, face])
    band = band_of(cut, limits)
    evidence: list[Evidence] = [face]
    if band > 0:
        evidence.append(reading.metric("scale.cut", ">=", limits[band - 1], shot, "median"))
    if band < len(limits):
        evidence.append(reading.metric("scale.cut", "<", limits[band], shot, "median"))
    near = min(limits, key=lambda limit: abs(limit - cut))
    sure = band_confidence(cut, limits, 0.35 * near) * agreement(reading, shot, limits, band)
    return reading.unit(FACET, label=LABELS[band], span=shot, confidence=sure, evidence=evidence)


def agreement(reading: Reading, shot: Span, limits: list[float], band: int) -> float:
    """Return the share of looks at the shot that fall into `band`, 0..1."""
    cuts = reading.track("scale.cut").over(shot)
    return sum(band_of(float(cut), limits) == band for cut in cuts) / len(cuts)
