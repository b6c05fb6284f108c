"""Cover candidates: frames that are sharp, well exposed, clear and unlike the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track

FACET = "diss.cover"
CANDIDATES = 3
APART_SHARE = 0.1
"""Share of the video by which two candidates lie apart at least."""
WEIGHTS = {"sharpness": 0.3, "exposure": 0.3, "saliency": 0.2, "uniqueness": 0.1, "face_size": 0.1}
"""Weights of the parts; a rule, not a study of what people click on."""
FULL_SHARPNESS, FULL_RANGE, FULL_UNLIKE, FULL_FACE = 0.75, 0.6, 30.0, 0.25
"""Values at which a part counts fully: sharpness of the sharpest cells, range of luma, CIE76 from the mean frame, share
of the picture's height that the largest face takes up."""
FACE_NEAR_S = 0.75
SCORE_CONFIDENCE = 0.6


@parsers.register(
    "dissemination.cover",
    facets=(FACET, *(f"{FACET}.{part}" for part in WEIGHTS)),
    signals=("sharpness", "luma", "saliency", "colour"),
    optional=("faces",),
    derives=(*(f"cover.{part}" for part in WEIGHTS), "cover.score"),
    card=Card(
        summary="The three best frames for a cover, with their parts: sharpness, exposure, clarity, novelty, face.",
        source="own",
        deviations="Weights are a rule; what people click on is not known here.",
    ),
)
class Cover:
    """Parser `dissemination.cover`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield a track for each part and for the score, then the candidates, the best first."""
        times = reading.track("sharpness.best").times_s
        found = parts(reading, times)
        total = sum(WEIGHTS[name] for name in found)
        score = sum((WEIGHTS[name] / total * values for name, values in found.items()), np.zeros(len(times)))
        for name, values in found.items():
            yield Track(name=f"cover.{name}", unit="share", times_s=times, values=values, kind="sampled")
        yield Track(name="cover.score", unit="share", times_s=times, values=score, kind="sampled")
        for index in best_apart(score, times, APART_SHARE * reading.span.duration_s):
            at = Span.at(float(times[index]))
            yield _unit(reading, FACET, "cover.score", at)
            for name in found:
                yield _unit(reading, f"{FACET}.{name}", f"cover.{name}", at)


def _unit(reading: Reading, facet: str, track: str, at: Span) -> Unit:
    evidence: list[Evidence] = [reading.measured(track, at, "first"), reading.frame(at.start_s)]
    sure = SCORE_CONFIDENCE if facet == FACET else 1.0
    return reading.unit(facet, span=at, value=reading.value(track, "first", at), confidence=sure, evidence=evidence)


def parts(reading: Reading, times: F64) -> dict[str, F64]:
    """Return each part's value 0..1 at `times` [N]; the face is left out where no detector ran."""
    tiny = np.asarray(reading.track("colour.tiny").values, np.float64)
    unlike = np.linalg.norm(tiny - tiny.mean(axis=0), axis=-1).mean(axis=(1, 2)) if len(tiny) else np.zeros(0)
    lost = _at(reading, "luma.clipped_high", times) + _at(reading, "luma.clipped_low", times)
    found = {
        "sharpness": np.clip(np.nan_to_num(_at(reading, "sharpness.best", times)) / FULL_SHARPNESS, 0, 1),
        "exposure": np.clip(1 - 2 * lost, 0, 1) * np.clip(_at(reading, "luma.range", times) / FULL_RANGE, 0, 1),
        "saliency": clarity(reading, times),
        "uniqueness": np.clip(nearest(reading.track("colour.tiny").times_s, unlike, times) / FULL_UNLIKE, 0, 1),
    }
    if "faces.height" in reading.tracks and len(reading.track("faces.height")):
        track = reading.track("faces.height")
        close = np.abs(track.times_s[_places(track.times_s, times)] - times) <= FACE_NEAR_S
        found["face_size"] = np.clip(_at(reading, "faces.height", times) * close / FULL_FACE, 0, 1)
    return found


def clarity(reading: Reading, times: F64) -> F64:
    """Return how clearly one place draws the eye at `times`: certain, near the middle, with little around it."""
    certain = _at(reading, "saliency.certain", times)
    empty = 1 - np.clip(_at(reading, "saliency.outside_edges", times) / 0.3, 0, 1)
    near = 1 - np.clip(_at(reading, "saliency.distance", times) / 0.4, 0, 1)
    return np.asarray(0.4 * certain + 0.3 * empty + 0.3 * near)


def _at(reading: Reading, name: str, times: F64) -> F64:
    track = reading.track(name)
    return nearest(track.times_s, np.asarray(track.values, np.float64), times)


def _places(known_s: F64, times: F64) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    after = np.clip(np.searchsorted(known_s, times), 1, max(len(known_s) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(known_s) - 1)
    return np.where(np.abs(known_s[after] - times) < np.abs(known_s[before] - times), after, before)


def nearest(known_s: F64, values: F64, times: F64) -> F64:
    """Return the value measured nearest to each of `times` [N]; zeros where nothing was measured."""
    if not len(known_s):
        return np.zeros(len(times))
    return np.asarray(values[_places(known_s, times)])


def best_apart(score: F64, times: F64, apart_s: float) -> list[int]:
    """Return the places of the highest scores [N], the best first, at least `apart_s` from each other."""
    chosen: list[int] = []
    for index in np.argsort(-score, kind="stable"):
        if all(abs(times[index] - times[other]) >= apart_s for other in chosen):
            chosen.append(int(index))
        if len(chosen) == CANDIDATES:
            break
    return chosen
