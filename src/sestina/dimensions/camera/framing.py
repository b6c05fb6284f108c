"""Framing from faces: how many people share the picture, and whether one of them speaks to the camera."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.camera._faces import Look, looks, middle_look, region, why_no_face

FACET = "camera.framing"

COUNTED = {1: "clean_single", 2: "two_shot", 3: "three_shot"}
GROUP_MIN = 4
LEAST_LOOKS = 2
"""One look alone is too easily a false detection."""
HEAD_HEIGHT_MIN = 0.12
"""Least face height, share of the picture's, of someone who talks to the viewer."""
STAYS_FW = 0.08
"""Standard deviation of the face's place, share of the picture, of someone who stays put."""
TALKS_SHARE = 0.5
"""Share of the shot in which somebody speaks."""
TALKING_MIN_S = 1.5


@parsers.register(
    "camera.framing",
    facets=(FACET,),
    optional=("faces", "voice"),
    after=("edit.shot",),
    derives=("framing.faces",),
    card=Card(
        summary="Number of faces seen at once, per shot; a single steady large face under speech is a talking head.",
        source="own",
        deviations="people whose faces are hidden are not counted",
    ),
)
class Framing:
    """Parser `camera.framing`: one or two units a shot, and the track of face counts."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the track of face counts, then the framing of every shot."""
        found = looks(reading, Span.of(reading.span.start_s, reading.span.end_s + 1e-3))
        if found:
            times = np.array([look.time_s for look in found])
            counts = np.array([float(len(look.boxes)) for look in found])
            track = Track(name="framing.faces", unit="", times_s=times, values=counts, kind="sampled")
            yield track
            reading = reading.with_(tracks={**reading.tracks, track.name: track})
        for shot in reading.shots:
            yield from framings(reading, shot.span)


def framings(reading: Reading, shot: Span) -> Iterator[Unit]:
    """Yield the framing of one shot."""
    found = looks(reading, shot)
    if len(found) < LEAST_LOOKS:
        reason = "a face was seen only once" if found else why_no_face(reading)
        yield reading.abstain(FACET, span=shot, reason=reason)
        return
    counts = [len(look.boxes) for look in found]
    count = statistics.median_low(counts)
    sure = sum(c == count for c in counts) / len(counts)
    label = COUNTED.get(count, "group")
    number = reading.value("framing.faces", "median", shot)
    metric = (
        reading.metric("framing.faces", ">=", GROUP_MIN, shot, "median")
        if count >= GROUP_MIN
        else reading.metric("framing.faces", "==", number, shot, "median")
    )
    evidence: list[Evidence] = [metric, region(middle_look(found), "largest face")]
    yield reading.unit(FACET, label=label, span=shot, confidence=0.85 * sure, evidence=evidence)
    if count == 1 and stays_large(shot, found):
        speech = speech_evidence(reading, shot)
        if speech:
            proof = [*evidence, *speech]
            yield reading.unit(FACET, label="talking_head", span=shot, confidence=0.75 * sure, evidence=proof)


def stays_large(shot: Span, found: list[Look]) -> bool:
    """Return whether the shot's one face is large and keeps its place."""
    boxes = np.stack([look.boxes[0] for look in found])
    centres = boxes[:, :2] + boxes[:, 2:] / 2
    large = float(np.median(boxes[:, 3])) >= HEAD_HEIGHT_MIN
    return large and float(centres.std(axis=0).max()) <= STAYS_FW and shot.duration_s >= TALKING_MIN_S


def speech_evidence(reading: Reading, shot: Span) -> list[Evidence]:
    """Return proof that somebody speaks for most of the shot; [] when nobody does or it was not measured."""
    if "voice.active" not in reading.tracks or not reading.value("voice.active", "mean", shot) >= TALKS_SHARE:
        return []
    return [reading.metric("voice.active", ">=", TALKS_SHARE, shot)]
