"""Faces, followed through each shot over one or two pictures a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sestina.core.card import Card
from sestina.core.frames import Picture
from sestina.core.reading import Reading
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.time import Span
from sestina.core.track import BoxTrack, Track
from sestina.signals._face_finders import Face, FaceFinder, best_finder

RATE_HZ = 1.0
"""Pictures a second in a long shot."""
LEAST_A_SHOT = 2
"""Pictures of every shot: one face in one picture may be a fold of cloth, twice in one place it hardly is."""
MOST = 120
"""Pictures of one video."""
REACH = 0.8
"""Distance, in face sizes, within which a face is found again a picture later."""
GROWTH = 2.0
"""Factor by which it may have grown or shrunk."""
SCORE_MIN = 0.4
"""Mean score of a face that is believed."""


@signals.register(
    "faces",
    input="stills",
    group="faces",
    after=("edit.shot",),
    tracks=("faces.count", "faces.height", "faces.area"),
    card=Card(
        summary="Faces in a few pictures of each shot, believed when two pictures agree, with their boxes.",
        source="Haar cascades (Viola and Jones 2001); YuNet (Wu et al. 2023) or BlazeFace (2019) where at hand",
        cost="135 ms a picture with Haar cascades on one thread, 1 picture a second",
        deviations="A face is a lower bound on people: those turned away or far off are missed.",
    ),
)
@dataclass
class Faces:
    """Measures `faces.*` at the pictures looked at, and follows each face through its shot."""

    finder: FaceFinder | None = None
    _shots: list[Span] = field(default_factory=list)
    _seen: list[tuple[float, list[Face]]] = field(default_factory=list)

    def choose(self, reading: Reading) -> Sequence[float]:
        """Return times inside every shot, evenly spread, at least two each as far as the limit goes."""
        if self.finder is None:
            self.finder = best_finder()
        self._shots = [shot.span for shot in reading.shots] or [reading.span]
        return times_of(self._shots)

    def feed(self, picture: Picture) -> None:
        """Look at one picture."""
        finder = self.finder or best_finder()
        self._seen.append((picture.time_s, finder.find(picture.rgb)))

    def finish(self) -> Measurement:
        """Return the tracks and one box track a face a shot."""
        kept: dict[float, list[Face]] = {time: [] for time, _ in self._seen}
        boxes: list[BoxTrack] = []
        for shot in self._shots:
            inside = [(time, faces) for time, faces in self._seen if shot.contains(time)]
            for sightings in followed(inside):
                if len(sightings) < LEAST_A_SHOT or np.mean([face.score for _, face in sightings]) < SCORE_MIN:
                    continue
                boxes.append(_box_track(f"faces.{len(boxes) + 1}", shot, sightings))
                for time, face in sightings:
                    kept[time].append(face)
        return Measurement(tracks=_tracks(kept), boxes=boxes, engine=(self.finder.name if self.finder else None))


def times_of(shots: Sequence[Span]) -> list[float]:
    """Return the times to look at, inside every shot at evenly spaced places; at most `MOST`."""
    wanted = [max(LEAST_A_SHOT, round(shot.duration_s * RATE_HZ)) for shot in shots]
    if sum(wanted) > MOST:
        spare = max(0, MOST - LEAST_A_SHOT * len(shots))
        length = sum(shot.duration_s for shot in shots)
        wanted = [LEAST_A_SHOT + int(spare * shot.duration_s / length) for shot in shots]
    step = max(1, -(-LEAST_A_SHOT * len(shots) // MOST))
    return [
        shot.start_s + shot.duration_s * (i + 0.5) / count
        for shot, count in list(zip(shots, wanted, strict=True))[::step]
        for i in range(count)
    ]


def followed(pictures: Sequence[tuple[float, list[Face]]]) -> list[list[tuple[float, Face]]]:
    """Return the sightings of each face over the pictures of one shot: the nearest of about the same size."""
    chains: list[list[tuple[float, Face]]] = []
    before: list[int] = []
    gap: list[int] = []
    for time, faces in pictures:
        taken: set[int] = set()
        pairs = sorted((apart(chains[c][-1][1], face), c, f) for c in (*before, *gap) for f, face in enumerate(faces))
        here: dict[int, int] = {}
        for distance, chain, number in pairs:
            if distance <= REACH and chain not in taken and number not in here:
                taken.add(chain)
                here[number] = chain
        for number, face in enumerate(faces):
            if number not in here:
                here[number] = len(chains)
                chains.append([])
            chains[here[number]].append((time, face))
        # A face missed in one picture may be found again in the next.
        gap = [chain for chain in before if chain not in taken]
        before = sorted(here.values())
    return chains


def apart(one: Face, other: Face) -> float:
    """Return the distance of two faces' middles in sizes of the larger; infinite when one is far larger."""
    (x, y, w, h), (u, v, p, q) = one.box, other.box
    larger = max(w, p)
    if larger > GROWTH * min(w, p):
        return float("inf")
    return float(np.hypot((x + w / 2 - u - p / 2) / larger, (y + h / 2 - v - q / 2) / max(h, q)))


def _box_track(name: str, shot: Span, sightings: Sequence[tuple[float, Face]]) -> BoxTrack:
    times = np.array([time for time, _ in sightings])
    boxes = np.array([clipped(face.box) for _, face in sightings])
    views = Counter(face.view for _, face in sightings if face.view)
    reach = 0.5 / RATE_HZ
    return BoxTrack(
        name=name,
        kind="face",
        span=Span.of(times[0] - reach, times[-1] + reach).clipped(shot),
        times_s=times,
        boxes=boxes,
        scores=np.array([face.score for _, face in sightings]),
        label=max(sorted(views), key=lambda view: views[view]) if views else "",
    )


def clipped(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return the part of a box (x, y, w, h) that lies inside the picture."""
    left, top = min(max(box[0], 0.0), 1.0), min(max(box[1], 0.0), 1.0)
    return left, top, min(box[0] + box[2], 1.0) - left, min(box[1] + box[3], 1.0) - top


def _tracks(kept: dict[float, list[Face]]) -> tuple[Track, ...]:
    """Return how many faces each picture shows, the height of the largest and the area of all, as shares."""
    times = np.array(sorted(kept))
    found = [kept[time] for time in sorted(kept)]
    values = {
        "count": ("", [float(len(faces)) for faces in found]),
        "height": ("share", [max((face.box[3] for face in faces), default=0.0) for faces in found]),
        "area": ("share", [min(1.0, sum(face.box[2] * face.box[3] for face in faces)) for faces in found]),
    }
    return tuple(
        Track(name=f"faces.{name}", unit=unit, times_s=times, values=np.array(numbers, np.float64), kind="sampled")
        for name, (unit, numbers) in values.items()
    )
