"""Colour of each shot: cast, saturation, dominant colours and scheme."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED, margin_confidence
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track
from sestina.dimensions._bands import TOO_NEAR, UNMEASURED, Limit, all_of, banded, middle_s, ruled
from sestina.dimensions.aesthetics._scheme import best_fits

CAST_SCALE = 4.0
"""a* or b* beyond a limit that is clearly beyond it: a step the eye sees on a grey card."""
CHROMA_SCALE = 4.0
SHARE_SCALE = 0.12
NEUTRAL_WEIGHT_MAX = 2.0
"""Mean chroma-weighted colour of a picture below which it has no hue to speak of, and its scheme is neutral."""
FULL_WEIGHT = 8.0
"""Mean weight from which hues decide fully; what little colour a muted picture has says less about a scheme."""
SCHEME_MARGIN_SCALE = 0.06
"""Lead of the best template over the second best that is clear."""
BLACK_SHARE_MAX = 0.97
NAMES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown", "black", "grey", "white")


@parsers.register(
    "aesthetics.colour",
    facets=(
        "aes.color.temperature",
        "aes.color.tint",
        "aes.color.saturation",
        "aes.color.dominant",
        "aes.color.scheme",
    ),
    signals=("colour",),
    after=("edit.shot",),
    derives=("colour.scheme_lead", "colour.scheme_weight"),
    card=Card(
        summary="Cast, saturation, dominant colours and scheme of each shot, in CIE Lab.",
        source="scheme: hue templates (Cohen-Or et al. 2006); else own",
    ),
)
class Colours:
    """Parser `aesthetics.colour`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the derived tracks, then the units of colour of each shot."""
        starts = np.array([shot.span.start_s for shot in reading.shots])
        weights, leads, schemes = _schemes(reading, [shot.span for shot in reading.shots])
        yield Track(name="colour.scheme_weight", unit="C*", times_s=starts, values=weights, kind="event")
        yield Track(name="colour.scheme_lead", unit="", times_s=starts, values=leads, kind="event")
        for number, shot in enumerate(reading.shots):
            yield cast(reading, shot.span, "temperature")
            yield cast(reading, shot.span, "tint")
            yield saturation(reading, shot.span)
            yield from dominant(reading, shot.span)
            yield scheme(reading, shot.span, schemes[number])


def cast(reading: Reading, span: Span, kind: str) -> Unit:
    """Return the temperature (along b*) or the tint (along a*) of the mid-tones of `span`."""
    facet = f"aes.color.{kind}"
    axis, names, labels = {
        "temperature": ("colour.b", ("cool_b_max", "warm_b_min"), ("cool", "neutral", "warm")),
        "tint": ("colour.a", ("green_a_max", "magenta_a_min"), ("green", "none", "magenta")),
    }[kind]
    edges = [reading.threshold(facet, name) for name in names]
    black = Limit(signal="colour.black", op=">", threshold=BLACK_SHARE_MAX, scale=0.01)
    if black.truth(reading, span) > 0.5:
        reason = "the picture is black"
        return reading.abstain(facet, span=span, reason=reason, evidence=black.evidence(reading, span))
    return banded(reading, facet, span, axis, labels=labels, edges=edges, scale=CAST_SCALE)


def saturation(reading: Reading, span: Span) -> Unit:
    """Return the band of the mean chroma; monochrome also asks that hardly any pixel has colour."""
    facet = "aes.color.saturation"
    names = ("muted_min_chroma", "normal_min_chroma", "vivid_min_chroma")
    edges = [reading.threshold(facet, name) for name in names]
    labels = ("monochrome", "muted", "normal", "vivid")
    few = Limit(
        signal="colour.chroma_p95", op="<", threshold=reading.threshold(facet, "monochrome_p95_max"), scale=CHROMA_SCALE
    )
    if reading.value("colour.chroma", "median", span) >= edges[0]:
        return banded(reading, facet, span, "colour.chroma", labels=labels, edges=edges, scale=CHROMA_SCALE)
    grey = Limit(signal="colour.chroma", op="<", threshold=edges[0], scale=CHROMA_SCALE)
    if few.truth(reading, span) >= 0.5:
        return ruled(reading, facet, "monochrome", span, all_of([few, grey], reading, span), [grey, few])
    some = Limit(signal=few.signal, op=">=", threshold=few.threshold, scale=CHROMA_SCALE)
    return ruled(reading, facet, "muted", span, some.truth(reading, span), [grey, some])


def dominant(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield every named colour that holds more than the asked share of the picture."""
    facet = "aes.color.dominant"
    share = reading.threshold(facet, "area_share_min")
    for name in NAMES:
        limit = Limit(signal=f"colour.{name}", op=">", threshold=share, scale=SHARE_SCALE)
        truth = limit.truth(reading, span)
        if truth >= UNDECIDED:
            yield ruled(reading, facet, name, span, truth, [limit])


def _schemes(reading: Reading, spans: Sequence[Span]) -> tuple[F64, F64, list[str]]:
    """Return the colour weight of each span, the lead of its best scheme over the second, and that scheme's name."""
    weights, leads, names = [], [], []
    for span in spans:
        hues = np.asarray(reading.track("colour.hue").over(span), np.float64)
        mean = hues.mean(axis=0) if len(hues) else np.zeros(36)
        fits = best_fits(mean)
        weights.append(float(mean.sum()) if len(hues) else float("nan"))
        leads.append(fits[1].cost - fits[0].cost if fits else float("nan"))
        names.append(fits[0].name if fits else "neutral")
    return np.array(weights), np.array(leads), names


def scheme(reading: Reading, span: Span, name: str) -> Unit:
    """Return the colour scheme: neutral without colour, else the best template where its lead is clear."""
    facet, at = "aes.color.scheme", Span.at(span.start_s)
    weight = reading.value("colour.scheme_weight", "first", at)
    if math.isnan(weight):
        return reading.abstain(facet, span=span, reason=UNMEASURED)
    frame: list[Evidence] = [reading.frame(middle_s(reading, span))]
    if weight < NEUTRAL_WEIGHT_MAX:
        evidence = [reading.metric("colour.scheme_weight", "<", NEUTRAL_WEIGHT_MAX, at, "first")]
        sure = margin_confidence(weight, NEUTRAL_WEIGHT_MAX, NEUTRAL_WEIGHT_MAX / 2, above=False)
        return reading.unit(facet, label="neutral", span=span, confidence=sure, evidence=[*evidence, *frame])
    lead = reading.measured("colour.scheme_lead", at, "first")
    sure = 0.5 + (margin_confidence(lead.value, 0.0, SCHEME_MARGIN_SCALE) - 0.5) * min(1.0, weight / FULL_WEIGHT)
    if sure < UNDECIDED:
        return reading.abstain(facet, span=span, reason=TOO_NEAR, evidence=[lead])
    coloured = reading.metric("colour.scheme_weight", ">=", NEUTRAL_WEIGHT_MAX, at, "first")
    return reading.unit(facet, label=name, span=span, confidence=sure, evidence=[coloured, lead, *frame])
