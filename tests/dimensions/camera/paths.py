"""Readings of camera paths written down as numbers: no picture is needed to test what a path is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.invariants import problems
from sestina.core.reading import Reading
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.core.track import BoxTrack, Track
from tests.core.boards import media

F64 = npt.NDArray[np.float64]
FPS = 25
RESTING: dict[str, float] = {
    "dx": 0.0, "dy": 0.0, "log_scale_rate": 0.0, "rotation": 0.0, "speed": 0.0, "drift": 0.0, "jitter": 0.0,
    "inliers": 1.0, "residual": 0.005, "parallax": 0.0, "texture": 0.6, "blur": 1.0, "repeat": 0.0,
}  # fmt: skip


def reading(seconds: float = 4.0, cuts: Sequence[float] = (), **values: float | F64) -> Reading:
    """A 25 fps video with motion tracks `values` (numbers, or arrays with one value a frame) and shots between `cuts`.

    The first frame of every shot has the value over the cut: unknown.
    """
    times = np.arange(round(seconds * FPS)) / FPS
    edges = [0.0, *cuts, seconds]
    tracks = {}
    for name, rest in RESTING.items():
        track = np.array(np.broadcast_to(np.asarray(values.get(name, rest), np.float64), times.shape))
        for edge in edges[:-1]:
            track[round(edge * FPS)] = np.nan
        tracks[f"motion.{name}"] = Track(name=f"motion.{name}", unit="", times_s=times, values=track)
    return with_shots(Reading(media=media(seconds), tracks=tracks), edges)


def with_shots(known: Reading, edges: Sequence[float]) -> Reading:
    """The reading with shots between `edges`."""
    shots = [
        known.unit("edit.shot", label="shot", span=Span.of(a, b), evidence=[known.frame(a)]) for a, b in pairwise(edges)
    ]
    return known.with_(units=tuple(shots))


def with_faces(
    seconds: float, faces: Sequence[tuple[float, float, float, float]], *, tracks: Mapping[str, Track] | None = None
) -> Reading:
    """One shot in which every face box of `faces` is seen twice a second."""
    times = np.arange(0, seconds, 0.5)
    boxes = [
        BoxTrack(
            name=f"faces.{i}",
            kind="face",
            span=Span.of(0, seconds),
            times_s=times,
            boxes=np.tile(np.array(face), (len(times), 1)),
            scores=np.ones(len(times)),
        )
        for i, face in enumerate(faces)
    ]
    known = Reading(media=media(seconds), boxes=tuple(boxes), tracks=dict(tracks or {}))
    return with_shots(known, [0.0, seconds])


def found(known: Reading, items: Sequence[Unit | Track]) -> list[Unit]:
    """The units among `items`, after checking that the document they make keeps every rule."""
    units = [item for item in items if isinstance(item, Unit)]
    board = Storyboard(media=known.media, items=(*known.units, *units))
    own = {unit.id for unit in units}
    assert [problem for problem in problems(board) if problem.unit_id in own] == []
    tracks = {**known.tracks, **{item.name: item for item in items if isinstance(item, Track)}}
    for unit in units:
        for proof in unit.evidence:
            if proof.type == "metric":
                again = tracks[proof.signal].reduce(proof.reduce, proof.span)
                assert abs(again - proof.value) <= 1e-5 * max(1.0, abs(again))
    return units
