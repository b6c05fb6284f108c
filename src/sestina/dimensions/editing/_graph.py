"""The graph of shots: which show one setup, and what order they come in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.reading import Reading
from sestina.core.storyboard import Unit
from sestina.core.track import Track
from sestina.dimensions.editing._cases import SAME_SCENE, events, joins

F64 = npt.NDArray[np.float64]

LOOKS = 4
"""Pictures of each shot that are compared."""
BACK = 60
"""Shots back that a setup is remembered, so that work grows with the number of shots and not with its square."""
FAR_DE = 25.0
"""CIE76 distance from which two pixels have nothing in common."""
SETTING = 0.65
"""Share of the picture that is the setting; the rest may show other things, as hands and goods over one table do."""
PLAIN_L = 2.0
"""Spread of lightness up to which a setting is a plain ground and tells no place."""
ALIKE = 0.65
"""Likeness from which two shots show one setup. In a cooking video sorted by eye, shots from one place of the camera
lie at 0.68 to 0.95 from their nearest, those from others below 0.6; shots of three unrelated clips below 0.3."""
UNLIKE = 0.5
"""Likeness up to which two shots surely show different things."""
AWAY_MOST = 3
"""Shots a cutaway may last before the picture returns."""


def looks(reading: Reading) -> list[F64]:
    """Return up to `LOOKS` small Lab pictures of each shot, [K,P,3] each; K is 0 where none was sampled."""
    tiny = reading.track("colour.tiny")
    found = []
    for shot in reading.shots:
        seen = np.asarray(tiny.over(shot.span), np.float64)
        if len(seen) > LOOKS:
            seen = seen[np.linspace(0, len(seen) - 1, LOOKS).round().astype(int)]
        found.append(seen.reshape(len(seen), math.prod(tiny.values.shape[1:]) // 3, 3))
    return found


def likeness(one: F64, other: F64) -> float:
    """Return how alike the nearest pictures of two shots [K,P,3] and [M,P,3] are, 0..1; NaN when one has none.

    Looked at is the share `SETTING` of the pixels that differ least. Their colour distance as a share of `FAR_DE`, from
    1 down, is multiplied by the correlation of their lightness and by the root of that of the whole picture, so that a
    dark scene is not like any other dark scene.
    """
    if not len(one) or not len(other):
        return float("nan")
    apart = np.linalg.norm(one[:, None] - other[None], axis=-1)
    count = max(2, int(SETTING * apart.shape[-1]))
    least = np.argpartition(apart, count - 1, axis=-1)[..., :count]
    near = np.clip(1 - np.take_along_axis(apart, least, -1).mean(axis=-1) / FAR_DE, 0, 1)
    lights = [np.broadcast_to(light, apart.shape) for light in (one[:, None, :, 0], other[None, :, :, 0])]
    setting = correlation(*(np.take_along_axis(light, least, -1) for light in lights))
    return float((near * setting * np.sqrt(correlation(*lights))).max())


def correlation(one: F64, other: F64) -> F64:
    """Return the correlation of rows [...,P] and [...,P], 0 where it is negative or one of them is plain, [...]."""
    a, b = (rows - rows.mean(axis=-1, keepdims=True) for rows in (one, other))
    spread = a.std(axis=-1) * b.std(axis=-1)
    plain = np.minimum(a.std(axis=-1), b.std(axis=-1)) <= PLAIN_L
    return np.asarray(np.where(plain, 0.0, np.clip((a * b).mean(axis=-1) / np.maximum(spread, 1e-9), 0, 1)))


def grouped(alike: F64, same: Sequence[bool]) -> list[int]:
    """Return the setup of each shot, numbered in order of appearance.

    Args:
        alike: likeness of each two shots, [N,N].
        same: whether the edit into each shot says by itself that it stays in the setup, [N].
    """
    setups: list[int] = []
    for shot, stays in enumerate(same):
        scores = [alike[shot, k] for k in range(shot)]
        best = int(np.nanargmax(scores)) if scores and not np.all(np.isnan(scores)) else -1
        if stays and setups:
            setups.append(setups[-1])
        elif best >= 0 and scores[best] >= ALIKE:
            setups.append(setups[best])
        else:
            setups.append(max(setups, default=-1) + 1)
    return setups


def graph_tracks(reading: Reading) -> tuple[list[int], list[Track]]:
    """Return the setup of each shot, and the tracks that show it, one value a shot at its start.

    `setups.cluster` numbers the setups, `setups.new` is 1 where one appears for the first time, `setups.step` is the
    likeness to the shot before, `setups.best` to the most alike of all earlier ones (NaN for the first shot).
    """
    pictures = looks(reading)
    count = len(pictures)
    alike = np.full((count, count), np.nan)
    for i in range(count):
        for j in range(max(0, i - BACK), i):
            alike[i, j] = alike[j, i] = likeness(pictures[i], pictures[j])
    same = [join is not None and join.label in SAME_SCENE for join in joins(reading)]
    setups = grouped(alike, same)
    starts = [shot.span.start_s for shot in reading.shots]
    new = [float(setup not in setups[:k]) for k, setup in enumerate(setups)]
    step = [np.nan, *(float(alike[k, k - 1]) for k in range(1, count))]
    best = [np.nan, *(float(np.nanmax(alike[k, :k], initial=0.0)) for k in range(1, count))]
    return setups, [
        events("setups.cluster", "", starts, [float(setup) for setup in setups]),
        events("setups.new", "", starts, new),
        events("setups.step", "share", starts, step),
        events("setups.best", "share", starts, best),
    ]


def departures(setups: Sequence[int]) -> list[tuple[int, int]]:
    """Return (first shot away, shot of the return) wherever a setup is left for at most `AWAY_MOST` shots."""
    found = []
    for away in range(1, len(setups)):
        home = setups[away - 1]
        if setups[away] == home:
            continue
        later = range(away + 1, min(away + AWAY_MOST + 1, len(setups)))
        back = next((k for k in later if setups[k] == home), None)
        if back is not None:
            found.append((away, back))
    return found


def alternations(setups: Sequence[int], least: int) -> list[tuple[int, int]]:
    """Return (first shot, last shot) of every longest run in which two setups take turns over at least `least` cuts."""
    found = []
    first = 0
    for shot in range(1, len(setups) + 1):
        turns = shot < len(setups) and setups[shot] != setups[shot - 1]
        goes_on = turns and (shot - first < 2 or setups[shot] == setups[shot - 2])
        if goes_on:
            continue
        if shot - 1 - first >= least:
            found.append((first, shot - 1))
        first = shot - 1 if turns else shot
    return found


def short_runs(lengths_s: Sequence[float], longest_s: float, least: int) -> list[tuple[int, int]]:
    """Return (first shot, last shot) of every run of at least `least` shots shorter than `longest_s` seconds."""
    short = [False, *(length < longest_s for length in lengths_s), False]
    edges = [k for k, (a, b) in enumerate(pairwise(short)) if a != b]
    return [(a, b - 1) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least]


def main_setup(shots: Sequence[Unit], setups: Sequence[int]) -> int:
    """Return the setup that lasts longest; the earliest of equals."""
    lasting = np.bincount(setups, weights=[shot.span.duration_s for shot in shots])
    return int(np.argmax(np.round(lasting, 6)))
