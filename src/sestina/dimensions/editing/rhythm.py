"""Rhythm: what pattern the lengths of the shots make."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import Track
from sestina.dimensions._bands import TOO_NEAR, Limit, all_of

F64 = npt.NDArray[np.float64]
FACET = "edit.rhythm"

METRIC_SPREAD = 0.15
"""Spread of the log shot lengths up to which they count as equal: about 15 % of their length."""
TREND_T = 1.0
"""The trend as a share of what chance reaches once in twenty (Student's t at its 97.5th percentile)."""
TREND_CHANGE = math.log(1.5)
"""Change of the typical length from the first shot to the last that is a trend, as a logarithm."""
ALTERNATION = 0.5
"""How much more alike every second shot is than neighbours: half the difference of the autocorrelations at two and
at one; 1 for a strict long-short-long, about 0 at random."""
AT_MOST = 0.85
"""A handful of lengths can look like a pattern by chance."""

SPREAD, TREND, CHANGE, SWAY, ENTROPY = (
    "rhythm.spread", "rhythm.trend", "rhythm.change", "rhythm.alternation", "rhythm.entropy",
)  # fmt: skip
RULES: Mapping[str, tuple[Limit, ...]] = {
    "metric": (Limit(signal=SPREAD, op="<=", threshold=METRIC_SPREAD, scale=0.08, reduce="first"),),
    "accelerating": (
        Limit(signal=TREND, op="<=", threshold=-TREND_T, scale=0.4, reduce="first"),
        Limit(signal=CHANGE, op="<=", threshold=-TREND_CHANGE, scale=0.3, reduce="first"),
    ),
    "decelerating": (
        Limit(signal=TREND, op=">=", threshold=TREND_T, scale=0.4, reduce="first"),
        Limit(signal=CHANGE, op=">=", threshold=TREND_CHANGE, scale=0.3, reduce="first"),
    ),
    "alternating": (
        Limit(signal=SWAY, op=">=", threshold=ALTERNATION, scale=0.15, reduce="first"),
        Limit(signal=SPREAD, op=">=", threshold=2 * METRIC_SPREAD, scale=0.1, reduce="first"),
    ),
    "irregular": (
        Limit(signal=SPREAD, op=">", threshold=2 * METRIC_SPREAD, scale=0.1, reduce="first"),
        Limit(signal=TREND, op="<", threshold=TREND_T, scale=0.4, reduce="max_abs"),
        Limit(signal=SWAY, op="<", threshold=ALTERNATION, scale=0.15, reduce="first"),
        Limit(signal=ENTROPY, op=">=", threshold=0.4, scale=0.15, reduce="first"),
    ),
}
"""What each label asks for, in the order they are tried."""


@parsers.register(
    "editing.rhythm",
    card=Card(
        summary="Even, faster, slower, alternating or irregular shot lengths, from trend and spread of their logs.",
        source="own; log shot lengths after Cutting et al. 2010 and DeLong 2015",
    ),
    facets=(FACET,),
    after=("edit.shot", "edit.transition"),
    derives=(SPREAD, TREND, CHANGE, SWAY, ENTROPY),
    kind="rule",
)
class Rhythm:
    """Yields one label for the video, or an abstention that says what is lacking."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the measures and the label; nothing where there are no cuts."""
        if len(reading.shots) < 2:
            return
        least = int(reading.threshold(FACET, "shots_min"))
        lengths = np.array([shot.span.duration_s for shot in reading.shots], np.float64)
        if len(lengths) < least:
            reason = f"{len(lengths)} shots are too few for a rhythm; it takes {least}"
            yield reading.abstain(FACET, span=reading.span, reason=reason)
            return
        at = np.array([reading.span.start_s])
        for name, value in measures(lengths).items():
            yield Track(name=name, unit="", kind="event", times_s=at, values=np.array([value]))
        yield _label(reading)


def measures(lengths_s: F64) -> dict[str, float]:
    """Return the measures of shot lengths, seconds [N], N >= 3, by track name.

    Spread: half the distance from the 16th to the 84th percentile of their logarithms, which is the standard deviation
    of a normal distribution and lets a few shots be of another length. Trend: t of the regression on their order, as a
    share of what chance reaches once in twenty. Change: the regression's change from first to last. Alternation and
    entropy: see `alternation` and `entropy`.
    """
    logs = np.log(np.maximum(lengths_s, 1e-3))
    order = np.arange(len(logs), dtype=np.float64)
    slope = float(np.polyfit(order, logs, 1)[0])
    return {
        SPREAD: float(np.subtract(*np.percentile(logs, (84, 16)))) / 2,
        TREND: trend(logs),
        CHANGE: slope * (len(logs) - 1),
        SWAY: alternation(logs),
        ENTROPY: entropy(logs),
    }


def trend(logs: F64) -> float:
    """Return t of the correlation of `logs` [N] with their order over Student's t at 97.5 %, signed."""
    free = len(logs) - 2
    if logs.std() < 1e-9 or free < 1:
        return 0.0
    r = float(np.corrcoef(np.arange(len(logs)), logs)[0, 1])
    t = r * math.sqrt(free / max(1 - r * r, 1e-9))
    return t / (1.96 + 2.4 / free + 3.4 / free**2)  # within 0.5 % of the tabled values from 4 degrees of freedom on


def alternation(logs: F64) -> float:
    """Return half the difference of the autocorrelations of `logs` [N] at a lag of two and of one, -1..1."""
    centred = logs - logs.mean()
    power = float(centred @ centred) / len(centred)
    if power < 1e-12:
        return 0.0
    one, two = (float((centred[lag:] * centred[:-lag]).mean()) / power for lag in (1, 2))
    return (two - one) / 2


def entropy(logs: F64) -> float:
    """Return the entropy of `logs` [N] over bins of half a doubling, as a share of the largest possible, 0..1."""
    bins = np.floor(logs / (0.5 * math.log(2))).astype(np.int64)
    shares = np.unique(bins, return_counts=True)[1] / len(logs)
    return max(0.0, float(-(shares * np.log(shares)).sum() / math.log(len(logs))))


def _label(reading: Reading) -> Unit:
    """Return the first label whose conditions hold clearly; where none does, an abstention."""
    whole = reading.span
    for label, limits in RULES.items():
        truth = all_of(limits, reading, whole)
        if truth >= UNDECIDED:
            sure = min(truth, AT_MOST, float(np.mean([shot.confidence for shot in reading.shots])))
            evidence = [item for limit in limits for item in limit.evidence(reading, whole)]
            return reading.unit(FACET, label=label, span=whole, confidence=sure, evidence=evidence)
    near = [reading.measured(name, whole, "first") for name in (SPREAD, TREND, SWAY)]
    return reading.abstain(FACET, span=whole, reason=TOO_NEAR, evidence=near)
