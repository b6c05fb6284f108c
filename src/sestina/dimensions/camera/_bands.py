"""Labels on an ordered scale from one measured number: the band it falls into, with both limits as evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sestina.core import vocabulary
from sestina.core.confidence import band_confidence, band_of
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading, rounded
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span

LEAST_KNOWN = 0.5
"""Share of a span's frames that must have a value."""


def moving_part(reading: Reading, span: Span) -> Span | None:
    """Return `span` from its second frame on (the first one's motion belongs to the cut); None when nothing is left."""
    second = reading.frames.index_at(span.start_s) + 1
    start = reading.frames.time_s(min(second, len(reading.frames)))
    return Span.of(start, span.end_s) if start < span.end_s else None


def known_share(reading: Reading, signal: str, span: Span) -> float:
    """Return the share of frames in `span` at which `signal` has a value; 0 without frames."""
    values = reading.track(signal).over(span)
    return float(sum(not math.isnan(v) for v in values) / len(values)) if len(values) else 0.0


def banded(
    reading: Reading,
    facet: str,
    signal: str,
    reduce: str,
    span: Span,
    edges: Sequence[str],
    *,
    over: Span | None = None,
    level: Level | None = None,
) -> Unit:
    """Return the unit of `facet` whose label is the band of `reduce(signal)` between the thresholds `edges`.

    Args:
        reading: what is known.
        facet: an ordered facet with one label more than `edges`.
        signal: the track.
        reduce: the reducer.
        span: what the unit is about; its first frame is left out of the measurement.
        edges: names of the facet's thresholds, rising.
        over: what is measured, when not `span` less its first frame.
        level: the unit's level; default the facet's first.
    """
    inside = over or moving_part(reading, span)
    if inside is None:
        return reading.abstain(facet, span=span, reason="the shot is too short to measure motion")
    if known_share(reading, signal, inside) < LEAST_KNOWN:
        return reading.abstain(facet, span=span, reason="motion could not be measured in most frames")
    limits = [reading.threshold(facet, name) for name in edges]
    value = rounded(reading.value(signal, reduce, inside))
    band = band_of(value, limits)
    evidence: list[Evidence] = []
    if band > 0:
        evidence.append(reading.metric(signal, ">=", limits[band - 1], inside, reduce))
    if band < len(limits):
        evidence.append(reading.metric(signal, "<", limits[band], inside, reduce))
    near = min(limits, key=lambda limit: abs(limit - value))
    return reading.unit(
        facet,
        label=vocabulary.facet(facet).labels[band],
        span=span,
        level=level,
        confidence=band_confidence(value, limits, 0.5 * near),
        evidence=evidence,
    )
