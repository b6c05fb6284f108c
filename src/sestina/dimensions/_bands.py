"""Turning one measured number a shot into a unit: bands with edges, margins, and a reason where nothing is decided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sestina.core.confidence import UNDECIDED, band_confidence, band_of, margin_confidence
from sestina.core.evidence import Evidence, Op
from sestina.core.reading import Reading, rounded
from sestina.core.storyboard import Unit
from sestina.core.time import Span

UNMEASURED = "no frame was measured in this span"
TOO_NEAR = "the measured value lies too near a limit"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One condition of a rule: `reduce(signal) op threshold`.

    Args:
        signal: name of a track.
        op: `>=`, `>`, `<=` or `<`.
        threshold: the limit.
        scale: distance from it that is clearly beyond.
        reduce: name of the reducer.
    """

    signal: str
    op: Op
    threshold: float
    scale: float
    reduce: str = "median"

    def truth(self, reading: Reading, span: Span) -> float:
        """Return how true the condition is over `span`: 0.5 at the limit, towards 1 beyond it; NaN if unmeasured."""
        value = reading.value(self.signal, self.reduce, span)
        if math.isnan(value):
            return value
        return margin_confidence(value, self.threshold, self.scale, above=self.op in (">=", ">"))

    def evidence(self, reading: Reading, span: Span) -> list[Evidence]:
        """Return the condition as evidence, or nothing when it does not hold."""
        try:
            return [reading.metric(self.signal, self.op, self.threshold, span, self.reduce)]
        except ValueError:
            return []


def all_of(limits: Iterable[Limit], reading: Reading, span: Span) -> float:
    """Return how true it is that every condition holds: the weakest one; NaN when one is unmeasured."""
    truths = [limit.truth(reading, span) for limit in limits]
    return float("nan") if any(math.isnan(truth) for truth in truths) else min(truths, default=1.0)


def ruled(
    reading: Reading,
    facet: str,
    label: str,
    span: Span,
    truth: float,
    limits: Iterable[Limit],
    *,
    at_most: float = 1.0,
    attributes: dict[str, object] | None = None,
) -> Unit:
    """Return the unit of a rule whose conclusion is `truth` sure, with the conditions that hold as evidence.

    It abstains when the truth is near a half. `at_most` limits the confidence of rules that are known to be rough.
    """
    evidence = [item for limit in limits for item in limit.evidence(reading, span)]
    if math.isnan(truth):
        return reading.abstain(facet, span=span, reason=UNMEASURED)
    if truth < UNDECIDED or not evidence:
        return reading.abstain(facet, span=span, reason=TOO_NEAR, evidence=evidence)
    return reading.unit(
        facet,
        label=label,
        span=span,
        confidence=min(truth, at_most),
        evidence=[*evidence, reading.frame(middle_s(reading, span))],
        attributes=attributes,
    )


def banded(
    reading: Reading,
    facet: str,
    span: Span,
    signal: str,
    *,
    labels: Sequence[str],
    edges: Sequence[float],
    scale: float,
    reduce: str = "median",
    attributes: dict[str, object] | None = None,
) -> Unit:
    """Return the unit that says into which band `reduce(signal)` falls over `span`.

    Args:
        reading: what is known.
        facet: facet of the unit.
        span: where.
        signal: name of the track.
        labels: of the bands, lowest first; one more than `edges`.
        edges: limits between the bands; a value at an edge belongs to the band above it.
        scale: distance from an edge that is clearly beyond it.
        reduce: name of the reducer.
        attributes: further named values of the unit.
    """
    value = rounded(reading.value(signal, reduce, span))
    if math.isnan(value):
        return reading.abstain(facet, span=span, reason=UNMEASURED)
    limits = [rounded(edge) for edge in edges]
    band = band_of(value, limits)
    evidence: list[Evidence] = []
    if band > 0:
        evidence.append(reading.metric(signal, ">=", limits[band - 1], span, reduce))
    if band < len(limits):
        evidence.append(reading.metric(signal, "<", limits[band], span, reduce))
    confidence = band_confidence(value, limits, scale)
    if confidence < UNDECIDED:
        return reading.abstain(facet, span=span, reason=TOO_NEAR, evidence=evidence)
    evidence.append(reading.frame(middle_s(reading, span)))
    return reading.unit(
        facet, label=labels[band], span=span, confidence=confidence, evidence=evidence, attributes=attributes
    )


def middle_s(reading: Reading, span: Span) -> float:
    """Return the time of the frame in the middle of `span`, never one of a neighbouring shot."""
    frames = reading.frames
    at = frames.time_s(frames.index_at(span.middle_s))
    return at if span.contains(at) else span.start_s
