"""People by their faces: how many are seen, from which side, and a local name for each within its shot."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sestina.core.card import Card
from sestina.core.evidence import Evidence, RegionEvidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import BoxTrack
from sestina.dimensions._bands import UNMEASURED

COUNT, MOST, VIEW, ENTITY, KIND, ADDRESS = (
    "subject.count", "subject.count.max", "subject.view", "subject.entity", "subject.kind", "subject.address",
)  # fmt: skip
ADDRESS_CONFIDENCE = 0.55
NO_FACE = "no face was found, which does not mean that nobody is there"
COUNT_AT_MOST = 0.75
"""Faces bound the people from below: those turned away or far off are not counted."""
FACE_AREA_MIN = 0.04
"""Share of the picture from which a face itself, and not the person, is the subject: about a close-up."""
KIND_AT_MOST = 0.8
VIEW_AT_MOST = {"front": 0.8, "three_quarter": 0.6, "profile": 0.6}
"""A cascade for frontal faces turns with the head up to about 25 degrees, a profile one begins at about 45."""


@parsers.register(
    "subject.people",
    facets=(COUNT, MOST, VIEW, ENTITY, KIND, ADDRESS),
    signals=("faces",),
    after=("edit.shot",),
    kind="detector",
    card=Card(
        summary="Number of visible faces, their view, a local id for each face within its shot; person and face.",
        source="own, on a face detector",
        deviations="The number of faces is a lower bound on the number of people; nobody is recognised across shots.",
    ),
)
class People:
    """Parser `subject.people`."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield counts, views, kinds and ids of each shot."""
        faces = [track for track in reading.boxes if track.kind == "face"]
        for shot in reading.shots:
            here = [track for track in faces if shot.span.covers(track.span)]
            yield from counts(reading, shot.span)
            if here:
                yield view(reading, shot.span, here)
                yield address(reading, shot.span, here)
                yield from kinds(reading, shot.span, here)
        for number, track in enumerate(sorted(faces, key=lambda t: (t.span.start_s, t.name)), 1):
            yield entity(reading, number, track)


def counts(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield the median and the largest number of faces seen at once, or why there is no number."""
    for facet, how in ((COUNT, "median"), (MOST, "max")):
        number = reading.value("faces.count", how, span)
        if math.isnan(number) or reading.value("faces.count", "max", span) == 0:
            yield reading.abstain(facet, span=span, reason=UNMEASURED if math.isnan(number) else NO_FACE)
            continue
        # The median of an even number of pictures may lie between two counts; a face seen half the time is there.
        label = count_label(math.ceil(number))
        if number == 0:
            yield reading.abstain(facet, span=span, reason="a face was found in less than half of the pictures")
            continue
        evidence: list[Evidence] = [reading.measured("faces.count", span, how)]
        yield reading.unit(facet, label=label, span=span, confidence=COUNT_AT_MOST, evidence=evidence)


def count_label(number: int) -> str:
    """Return the label of `subject.count` for a number of people."""
    if number <= 3:
        return str(number)
    return "4-5" if number <= 5 else "6-10" if number <= 10 else "crowd"


def _seen(track: BoxTrack, note: str) -> RegionEvidence:
    """Return the sighting in the middle of a face's track as evidence."""
    middle = len(track.times_s) // 2
    return RegionEvidence(box=track.box, at_s=float(track.times_s[middle]), note=note)


def _weight(track: BoxTrack) -> float:
    return track.box.area * len(track.times_s)


def view(reading: Reading, span: Span, faces: Sequence[BoxTrack]) -> Unit:
    """Return the view of the face that is largest for longest; it abstains where the engine tells no view."""
    main = max(faces, key=lambda track: (_weight(track), track.name))
    evidence: list[Evidence] = [
        _seen(main, f"seen by the {main.label or 'face'} detector"),
        reading.metric("faces.count", ">=", 1.0, span, "max"),
    ]
    if not main.label:
        return reading.abstain(VIEW, span=span, reason="the face detector tells no view", evidence=evidence)
    sure = min(VIEW_AT_MOST[main.label], float(main.scores.mean()))
    return reading.unit(VIEW, label=main.label, span=span, confidence=sure, evidence=evidence)


def address(reading: Reading, span: Span, faces: Sequence[BoxTrack]) -> Unit:
    """Return that the main face likely looks to the camera, when it is seen from the front nearly all the time.

    A detector of frontal faces allows a turn of 25 degrees where looking to camera allows 15: it is inferred.
    """
    main = max(faces, key=lambda track: (_weight(track), track.name))
    seen: list[Evidence] = [_seen(main, "seen from the front"), reading.metric("faces.count", ">=", 1.0, span, "max")]
    share = len(main.times_s) / max(len(reading.track("faces.count").over(span)), 1)
    if main.label != "front" or share < reading.threshold(ADDRESS, "visible_share_min"):
        return reading.abstain(ADDRESS, span=span, reason="no face is seen from the front for long enough")
    return reading.unit(
        ADDRESS, label="to_camera", span=span, confidence=ADDRESS_CONFIDENCE, status="inferred", evidence=seen
    )


def kinds(reading: Reading, span: Span, faces: Sequence[BoxTrack]) -> Iterator[Unit]:
    """Yield `person` where a face is seen, and `face` where it fills much of the picture."""
    main = max(faces, key=lambda track: (_weight(track), track.name))
    sure = min(KIND_AT_MOST, float(main.scores.mean()))
    seen: list[Evidence] = [_seen(main, "face"), reading.metric("faces.count", ">=", 1.0, span, "max")]
    yield reading.unit(KIND, label="person", span=span, confidence=sure, evidence=seen, region=main.region)
    if reading.value("faces.area", "median", span) >= FACE_AREA_MIN:
        large: list[Evidence] = [_seen(main, "face"), reading.metric("faces.area", ">=", FACE_AREA_MIN, span, "median")]
        yield reading.unit(KIND, label="face", span=span, confidence=sure, evidence=large, region=main.region)


def entity(reading: Reading, number: int, track: BoxTrack) -> Unit:
    """Return the unit that gives one followed face a local id; the same person in another shot has another one."""
    evidence: list[Evidence] = [_seen(track, "face"), reading.metric("faces.count", ">=", 1.0, track.span, "max")]
    return reading.unit(
        ENTITY,
        text=f"p{number}",
        span=track.span,
        confidence=min(KIND_AT_MOST, float(track.scores.mean())),
        evidence=evidence,
        region=track.region,
        attributes={"scope": "shot", "view": track.label} if track.label else {"scope": "shot"},
    )
