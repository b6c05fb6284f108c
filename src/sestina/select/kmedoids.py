"""K-means medoids: one frame for each cluster of pictures, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import rule

ROUNDS = 30


@selectors.register(
    "kmedoids",
    card=Card(
        summary="The frame nearest to the centre of each cluster of pictures; the question plays no part.",
        source="KTV: keyframes and key tokens selection, Song et al. 2026; k-means++, Arthur and Vassilvitskii 2007",
        deviations="its keyframes only, of whatever embedding; read from the abstract",
    ),
)
@rule
def kmedoids(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose by k-means on unit vectors, started far apart, then the nearest frame to each centre."""
    features = np.asarray(candidates.features, np.float64)
    centres = features[_far_apart(features, count, rng)]
    nearest = np.argmax(features @ centres.T, axis=1)
    for _ in range(ROUNDS):
        for k in range(count):
            members = features[nearest == k]
            if len(members):
                mean = members.mean(axis=0)
                centres[k] = mean / max(1e-12, float(np.linalg.norm(mean)))
        again = np.argmax(features @ centres.T, axis=1)
        if np.array_equal(again, nearest):
            break
        nearest = again
    likeness = features @ centres.T
    kept = [np.flatnonzero(nearest == k) for k in range(count)]
    return [int(members[np.argmax(likeness[members, k])]) for k, members in enumerate(kept) if len(members)]


def _far_apart(features: np.ndarray, count: int, rng: np.random.Generator) -> list[int]:
    """Return starts, each drawn by its squared distance to those before (k-means++)."""
    chosen = [int(rng.integers(len(features)))]
    distance = np.maximum(0.0, 2 - 2 * features @ features[chosen[0]])
    while len(chosen) < count:
        total = float(distance.sum())
        if total <= 1e-9:
            break
        chosen.append(int(rng.choice(len(features), p=distance / total)))
        distance = np.minimum(distance, np.maximum(0.0, 2 - 2 * features @ features[chosen[-1]]))
    return chosen + [i for i in range(len(features)) if i not in chosen][: count - len(chosen)]
