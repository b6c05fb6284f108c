"""Uniform sampling, in the exact variants that published models and harnesses use: the baseline to beat."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sestina.core.card import Card
from sestina.core.exchange import Candidates
from sestina.core.registry import selectors
from sestina.select._rule import evenly, rule


def plm_indices(
    frame_count: int, fps: float, frames: int = 32, start_s: float | None = None, end_s: float | None = None
) -> list[int]:
    """Return the frames that the Perception Language Model is shown (Cho et al., 2025; its repository).

    Candidates lie one second apart; of more than `frames` of them, `frames` are taken evenly, both ends included,
    rounded half to even; of fewer, `frames` are taken from all frames of the part instead, or all of a short one.

    Args:
        frame_count: frames of the video.
        fps: average frames a second.
        frames: how many at most.
        start_s, end_s: the part of the video, seconds; None for all of it.
    """
    first = 0 if start_s is None else min(frame_count - 1, int(start_s * fps))
    last = frame_count - 1 if end_s is None else min(frame_count - 1, int(end_s * fps))
    candidates = list(range(first, last + 1, max(1, round(fps))))
    if len(candidates) < frames:
        candidates = list(range(first, last + 1))
    return [candidates[i] for i in ends_included(len(candidates), frames)]


def qwen_indices(
    frame_count: int, fps: float, *, target_fps: float = 2.0, least: int = 4, most: int = 768, factor: int = 2
) -> list[int]:
    """Return the frames that Qwen2.5-VL and Qwen3-VL are shown by `qwen-vl-utils` (Bai et al., 2025).

    As many as `target_fps` asks for, at least `least` and at most `most`, a multiple of `factor`, never more than there
    are; evenly, both ends included, rounded half to even. Raises ValueError for fewer frames than `factor`.
    """
    if frame_count < factor:
        raise ValueError(f"Qwen's sampling needs at least {factor} frames, got {frame_count}")
    low, high = -(-least // factor) * factor, min(most, frame_count) // factor * factor
    wanted = min(max(frame_count / fps * target_fps, low), high, frame_count)
    count = int(wanted // factor * factor)
    return [int(i) for i in np.rint(np.linspace(0, frame_count - 1, count)).astype(np.int64)]


def ends_included(total: int, count: int) -> list[int]:
    """Return `count` of `total` indices evenly, both ends included, rounded half to even; all of fewer."""
    if total <= count:
        return list(range(total))
    return [round(i * (total - 1) / (count - 1)) for i in range(count)] if count > 1 else [0]


@selectors.register("uniform", card=Card(summary="Evenly spaced frames, the first and the last among them."))
@rule
def uniform(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose evenly, both ends included: `round(i (N - 1) / (n - 1))`."""
    return ends_included(len(candidates), count)


@selectors.register(
    "uniform-centre", card=Card(summary="The middles of equal parts.", source="MVBench, Li et al. 2024, its repository")
)
@rule
def centre(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose the middle of each of `count` equal parts."""
    return evenly(0, len(candidates), count)


@selectors.register(
    "uniform-floor",
    card=Card(summary="Evenly spaced frames from the first on, never the last.", source="transformers' default"),
)
@rule
def floored(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose `i N // n`, as the default video processor of transformers does."""
    return [i * len(candidates) // count for i in range(count)]


@selectors.register(
    "uniform-plm",
    card=Card(
        summary="PLM's rule: one candidate a second, thinned evenly.",
        source="Perception Language Model, Cho et al. 2025",
    ),
)
@rule
def plm(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose by `plm_indices`, the candidates standing for the video's frames."""
    return plm_indices(len(candidates), _rate_hz(candidates), count)


@selectors.register(
    "uniform-qwen",
    card=Card(summary="Qwen's rule: two frames a second, an even number.", source="Qwen2.5-VL, Bai et al. 2025"),
)
@rule
def qwen(candidates: Candidates, count: int, rng: np.random.Generator) -> Iterable[int]:
    """Choose by `qwen_indices`, the candidates standing for the video's frames, the budget for its maximum."""
    return qwen_indices(len(candidates), _rate_hz(candidates), most=count) if count > 1 else [0]


def _rate_hz(candidates: Candidates) -> float:
    times = candidates.times_s
    return (len(times) - 1) / float(times[-1] - times[0]) if len(times) > 1 else 1.0
