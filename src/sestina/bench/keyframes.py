"""How well chosen frames hit the scenes that answer a question: the measures of KFS-Bench (WACV 2026).

A scene is one or more stretches of time that show the same thing needed for the answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Stretch = tuple[float, float]
"""First and last second, both included."""
POWERS = tuple(k / 10 for k in range(11))
"""Exponents of scene length among which the best fitting distribution is sought."""
FLOOR = 0.01
"""What a score of 0 counts in the geometric mean."""


@dataclass(frozen=True, kw_only=True)
class KeyframeScore:
    """One question's scores, each 0..1.

    Args:
        key_frame_rate: share of the frames that lie in a scene.
        scene_hit_rate: share of the scenes with a frame.
        balanced_recall: share of the scenes with as many frames as their length, or at most an even share, asks for.
        balanced_distribution: the best cosine between frames a scene and scene length to a power in 0..1.
    """

    key_frame_rate: float
    scene_hit_rate: float
    balanced_recall: float
    balanced_distribution: float

    @property
    def unified(self) -> float:
        """The geometric mean of rate, balanced recall and balanced distribution."""
        return float(np.cbrt(self.key_frame_rate * self.balanced_recall * self.balanced_distribution))


def keyframe_score(times_s: Sequence[float], scenes: Sequence[Sequence[Stretch]]) -> KeyframeScore:
    """Return the scores of frames at `times_s` for the scenes of one question.

    Raises ValueError without frames or without scenes.
    """
    if not times_s or not scenes or not all(scenes):
        raise ValueError("scores need at least one frame and one scene, and every scene a stretch")
    inside = np.array([[any(a <= at <= b for a, b in scene) for at in times_s] for scene in scenes])
    counts = inside.sum(axis=1).astype(float)
    lengths = np.array([sum(b - a for a, b in scene) for scene in scenes])
    hits = int(inside.any(axis=0).sum())
    share = lengths / lengths.sum() if lengths.sum() > 0 else np.full(len(scenes), 1 / len(scenes))
    wanted = np.maximum(1, np.floor(np.minimum(share, 1 / len(scenes)) * hits))
    likeness = max((_cosine(counts, lengths**power) for power in POWERS), default=0.0)
    return KeyframeScore(
        key_frame_rate=hits / len(times_s),
        scene_hit_rate=float((counts > 0).mean()),
        balanced_recall=float((counts >= wanted).mean()),
        balanced_distribution=likeness,
    )


def unified_mean(scores: Sequence[KeyframeScore]) -> float:
    """Return the geometric mean of the unified scores, each at least `FLOOR`; 0 without any."""
    if not scores:
        return 0.0
    return math.exp(sum(math.log(max(FLOOR, score.unified)) for score in scores) / len(scores))


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / length if length > 0 else 0.0
