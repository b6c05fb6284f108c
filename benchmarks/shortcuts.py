"""Shortcuts: how far labels of the story and of its packaging can be guessed without looking at it.

Every label of a composed script is guessed from when it holds, how long, and plain facts of the clip: its length,
number of shots, mean colour, shape and frame rate. Held out by clip; the better of a decision tree and logistic
regression is set against always naming the most frequent label.

    python -m benchmarks.shortcuts [--clips 300] [--first 1000]
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt

from benchmarks.tables import table
from benchmarks.trees import Fit, logistic, tree
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Unit
from sestina.render.genre import GENRES, compose
from sestina.render.glimpses import Glimpses
from sestina.render.padded import Padded
from sestina.render.render import Film
from sestina.render.script import Script
from sestina.render.truth import asking, story
from sestina.render.truth.made import Made

F64 = npt.NDArray[np.float64]
FOLDS = 5
SMALL = 96
"""Short side at which the mean colour is read, pixels."""

ALLOWED = 0.10
"""How far a trivial classifier may lie above the label frequency."""

DIMENSIONS = ("narrative", "dissemination")
CONTAINER = ("diss.safety.disclosure",)
"""Labels of which there is one alone."""


@dataclass(frozen=True)
class Guess:
    """One facet's result: how many units and labels, share of the most frequent label, accuracies."""

    facet: str
    units: int
    labels: int
    frequency: float
    tree: float
    logistic: float

    @property
    def above(self) -> float:
        """How far the better classifier lies above the label frequency."""
        return max(self.tree, self.logistic) - self.frequency


def facts_of(script: Script) -> F64:
    """Return plain facts of a clip: length, shots, shots a second, width over height, frame rate, mean colour before
    anything is laid over it."""
    width, height = (max(2, round(side * SMALL / min(script.width, script.height) / 2) * 2)
                     for side in (script.width, script.height))  # fmt: skip
    film = Film(replace(script, width=width, height=height))
    joins = film.timeline.joins
    frames = [(a + b) // 2 for a, b in pairwise(joins)]
    colour = np.mean([film.clean(frame).mean(axis=(0, 1)) for frame in frames], axis=0)
    length, shots = film.timeline.duration_s, len(script.shots)
    return np.array([length, shots, shots / length, width / height, float(script.rate), *colour], np.float64)


def rows(clips: range) -> dict[str, list[tuple[int, F64, str]]]:
    """Return (clip, features, label) of every labelled unit, by facet."""
    found: dict[str, list[tuple[int, F64, str]]] = defaultdict(list)
    for clip in clips:
        script = compose(GENRES[clip % len(GENRES)], clip)
        plain = facts_of(script)
        for unit in labelled(script):
            start, end = unit.span.start_s, unit.span.end_s
            when = [start, end - start, start / plain[0], end / plain[0]]
            found[unit.facet].append((clip, np.array([*when, *plain]), str(unit.label)))
    return found


def labelled(script: Script) -> Iterator[Unit]:
    """Yield the labelled units of a script's story and packaging, without a video."""
    film = Film(script)
    # Overlays and notes need no file, no sound and no pictures to be known.
    made = Made(
        script=script, timeline=film.timeline, overlays=film.overlays, heard=None, media=cast(MediaInfo, None),
        padded=Padded(script.padding, script.width, script.height), glimpses=cast(Glimpses, None),
    )  # fmt: skip
    for unit in (*story.units(made), *asking.units(made)):
        if unit.label is not None and unit.dimension in DIMENSIONS and unit.facet not in CONTAINER:
            yield unit


def guessed(facet: str, found: list[tuple[int, F64, str]]) -> Guess:
    """Return how well one facet's labels are guessed, held out by clip."""
    names = sorted({label for _, _, label in found})
    x = np.array([features for _, features, _ in found])
    y = np.array([names.index(label) for _, _, label in found], np.int64)
    fold = np.array([clip for clip, _, _ in found]) // len(GENRES) % FOLDS
    frequent = np.zeros(len(y), bool)
    right: dict[str, npt.NDArray[np.bool_]] = {}
    methods: dict[str, Fit] = {"tree": tree, "logistic": logistic}
    for name in methods:
        right[name] = np.zeros(len(y), bool)
    for k in range(FOLDS):
        held, seen = fold == k, fold != k
        if not held.any() or not seen.any():
            continue
        frequent[held] = y[held] == np.bincount(y[seen]).argmax()
        for name, fit in methods.items():
            right[name][held] = fit(x[seen], y[seen], len(names))(x[held]) == y[held]
    scores = {name: float(hits.mean()) for name, hits in right.items()}
    return Guess(facet, len(y), len(names), float(frequent.mean()), scores["tree"], scores["logistic"])


def report(guesses: list[Guess]) -> str:
    """Return the table in Markdown."""
    lines = [
        (f"`{g.facet}`", str(g.units), str(g.labels), f"{g.frequency:.2f}", f"{g.tree:.2f}", f"{g.logistic:.2f}",
         f"{100 * g.above:+.1f}")
        for g in sorted(guesses, key=lambda guess: -guess.above)
    ]  # fmt: skip
    head = ("facet", "units", "labels", "most frequent", "tree", "logistic", "points above")
    return table(lines, head)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=300)
    parser.add_argument("--first", type=int, default=1000)
    asked = parser.parse_args()
    found = rows(range(asked.first, asked.first + asked.clips))
    print(report([guessed(facet, units) for facet, units in sorted(found.items())]))


if __name__ == "__main__":
    main()
