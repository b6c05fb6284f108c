"""The measured tension curve: how much cutting, motion, loudness and change of picture there is, twice a second.

It says how strongly the form presses, not what a reader of the story feels (`narr.tension.semantic`, a model's word).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track

F64 = npt.NDArray[np.float64]
CUT_WINDOW_S = 4.0
"""Cuts are counted over this window, about two shots of a fast edit."""
PARTS = {"motion.speed": "p75", "motion.residual": "p75", "loudness.momentary": "mean", "difference.luma": "mean"}
"""Tracks that press, and how each is reduced inside one step."""
PEAK_MIN = 0.6
PEAK_GAP_S = 2.0


@parsers.register(
    "narrative.tension",
    card=Card(
        summary="Mixes standardised cut rate, motion, loudness and picture change into one curve and marks its peaks.",
        source="after Adams, Dorai and Venkatesh, 'Toward automatic extraction of expression of tempo', 2002",
        deviations="loudness is part of the mix; parts are standardised by median and inter-quartile range",
    ),
    facets=("narr.tension", "narr.tension.peak"),
    optional=("motion", "loudness", "difference"),
    after=("edit.transition",),
    derives=("tension.curve",),
    version="1",
)
class Tension:
    """Yields the track `tension.curve`, its mean, and its peaks."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the curve and the units it supports; nothing for media shorter than one second."""
        curve = tension_curve(reading)
        if curve is None:
            return
        yield curve
        mean = curve.reduce("mean", reading.span)
        yield reading.unit(
            "narr.tension", value=mean, span=reading.span, confidence=0.7,
            evidence=[reading.measured("tension.curve", reading.span)],
        )  # fmt: skip
        for time, height in peaks(curve):
            at = Span.at(time)
            yield reading.unit(
                "narr.tension.peak", value=height, span=at, confidence=min(0.9, height),
                evidence=[reading.metric("tension.curve", ">=", PEAK_MIN, at, "max")],
            )  # fmt: skip


def tension_curve(reading: Reading) -> Track | None:
    """Return the curve in 0..1 at the vocabulary's rate, or None when nothing that presses was measured."""
    step = 1 / reading.threshold("narr.tension", "rate_hz")
    times = np.arange(reading.span.start_s, reading.span.end_s - step / 2, step)
    if len(times) < 2:
        return None
    parts = [
        standardised(_sampled(reading.tracks[name], how, times, step))
        for name, how in PARTS.items()
        if name in reading.tracks
    ]
    cuts = np.array([unit.span.start_s for unit in reading.boundaries])
    if len(cuts):
        near = np.abs(cuts[None, :] - (times[:, None] + step / 2)) <= CUT_WINDOW_S / 2
        parts.append(standardised(near.sum(axis=1).astype(np.float64)))
    if not parts:
        return None
    mixed = np.mean(parts, axis=0)
    kernel = np.array([0.25, 0.5, 0.25])
    smooth = np.convolve(np.pad(mixed, 1, mode="edge"), kernel, mode="valid")
    return Track(
        name="tension.curve",
        unit="share",
        kind="sampled",
        times_s=np.round(times, 6),
        values=1 / (1 + np.exp(-1.5 * smooth)),
    )


def _sampled(track: Track, how: str, times: F64, step: float) -> F64:
    values = np.array([track.reduce(how, Span.of(time, time + step)) for time in times])
    known = ~np.isnan(values)
    return np.interp(times, times[known], values[known]) if known.any() else np.zeros_like(values)


def standardised(values: F64) -> F64:
    """Return values [N] less their median over their inter-quartile range, cut to -3..3; zeros without variation."""
    low, middle, high = np.percentile(values, (25, 50, 75))
    spread = (high - low) / 1.349 or float(values.std())
    return np.clip((values - middle) / spread, -3, 3) if spread > 1e-9 else np.zeros_like(values)


def peaks(curve: Track) -> list[tuple[float, float]]:
    """Return (time, height) of local maxima of at least `PEAK_MIN`, the higher first kept, `PEAK_GAP_S` apart."""
    values = curve.values
    inner = [
        i
        for i in range(len(values))
        if values[i] >= PEAK_MIN
        and (i == 0 or values[i] > values[i - 1])
        and (i == len(values) - 1 or values[i] >= values[i + 1])
    ]
    kept: list[int] = []
    for i in sorted(inner, key=lambda i: -values[i]):
        if all(abs(curve.times_s[i] - curve.times_s[j]) >= PEAK_GAP_S for j in kept):
            kept.append(i)
    return [(float(curve.times_s[i]), float(values[i])) for i in sorted(kept)]
