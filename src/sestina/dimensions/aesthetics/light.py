"""Light: how bright, how contrasty, how dark or light in key, and whether anything is burnt out."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit, all_of, banded, ruled

SCALE = 0.08
"""Luma beyond a limit that is clearly beyond it: an eighth of a stop around mid-grey, and what grading shifts."""
SHARE_SCALE = 0.10
"""Share of pixels beyond a limit that is clearly beyond it."""
CLIP_SCALE = 0.03
BLACK_P99_MAX = 0.08
"""Luma of the brightest hundredth up to which a picture is plain black, and has no light to speak of."""
UNDER_P95_MAX, OVER_P05_MIN = 0.35, 0.45
"""A picture whose highlights stay below, or whose shadows above, is under- or over-exposed (own; graded by eye)."""
TWO_HUMPS_MIN, TWO_HUMPS_SCALE = 0.84, 0.03
"""Otsu's criterion from which a histogram has two humps; an even spread has 0.75."""
STROBE_RATE_MIN = 3.0
"""Flashes a second from which flashing is called a strobe."""
BLACK = "the picture is black"


@parsers.register(
    "aesthetics.light",
    facets=(
        "aes.light.key",
        "aes.light.brightness",
        "aes.light.brightness.bright_dark",
        "aes.light.contrast",
        "aes.light.exposure",
        "aes.light.effect",
    ),
    signals=("luma",),
    optional=("flash",),
    after=("edit.shot",),
    card=Card(summary="Key, brightness, contrast and exposure of each shot, from percentiles of luma.", source="own"),
)
class Light:
    """Parser `aesthetics.light`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the units of light of each shot."""
        for shot in reading.shots:
            span = shot.span
            if reading.value("luma.p99", "p90", span) <= BLACK_P99_MAX:
                yield from _black(reading, span)
                continue
            yield key(reading, span)
            yield brightness(reading, span)
            yield two_humps(reading, span)
            yield contrast(reading, span)
            yield exposure(reading, span)
            yield from strobe(reading, span)


def _black(reading: Reading, span: Span) -> Iterator[Unit]:
    evidence = [reading.metric("luma.p99", "<=", BLACK_P99_MAX, span, "p90")]
    for facet in ("aes.light.key", "aes.light.brightness", "aes.light.contrast", "aes.light.exposure"):
        yield reading.abstain(facet, span=span, reason=BLACK, evidence=evidence)


def key(reading: Reading, span: Span) -> Unit:
    """Return the key of the light: low by dark median and wide range or by many dark pixels, high by few."""

    def limit(name: str) -> float:
        return reading.threshold("aes.light.key", name)

    dark = Limit(signal="luma.dark_share", op=">", threshold=limit("low_key_dark_share_min"), scale=SHARE_SCALE)
    wide = [
        Limit(signal="luma.p50", op="<", threshold=limit("low_key_p50_max"), scale=SCALE),
        Limit(signal="luma.range", op=">", threshold=limit("low_key_range_min"), scale=SCALE),
    ]
    high = [
        Limit(signal="luma.p50", op=">", threshold=limit("high_key_p50_min"), scale=SCALE),
        Limit(signal="luma.dark_share", op="<", threshold=limit("high_key_dark_share_max"), scale=SHARE_SCALE / 2),
    ]
    is_low = max(dark.truth(reading, span), all_of(wide, reading, span))
    is_high = all_of(high, reading, span)
    if is_low >= 0.5 or math.isnan(is_low):
        cause = [dark] if dark.truth(reading, span) >= 0.5 else wide
        return ruled(reading, "aes.light.key", "low_key", span, is_low, cause)
    if is_high >= 0.5:
        return ruled(reading, "aes.light.key", "high_key", span, is_high, high)
    neither = [
        Limit(signal="luma.dark_share", op="<=", threshold=dark.threshold, scale=SHARE_SCALE),
        Limit(signal="luma.p50", op="<=", threshold=high[0].threshold, scale=SCALE),
        Limit(signal="luma.dark_share", op=">=", threshold=high[1].threshold, scale=SHARE_SCALE),
        Limit(signal="luma.p50", op=">=", threshold=wide[0].threshold, scale=SCALE),
        Limit(signal="luma.range", op="<=", threshold=wide[1].threshold, scale=SCALE),
    ]
    return ruled(reading, "aes.light.key", "mid", span, 1 - max(is_low, is_high), neither)


def brightness(reading: Reading, span: Span) -> Unit:
    """Return the band of the median luma."""
    edges = [reading.threshold("aes.light.brightness", name) for name in ("dark_max", "bright_min")]
    labels = ("dark", "medium", "bright")
    return banded(reading, "aes.light.brightness", span, "luma.p50", labels=labels, edges=edges, scale=SCALE)


def two_humps(reading: Reading, span: Span) -> Unit:
    """Return whether the picture falls into a dark and a bright part."""
    return banded(
        reading,
        "aes.light.brightness.bright_dark",
        span,
        "luma.bimodality",
        labels=("false", "true"),
        edges=(TWO_HUMPS_MIN,),
        scale=TWO_HUMPS_SCALE,
    )


def contrast(reading: Reading, span: Span) -> Unit:
    """Return the band of the range from the fifth to the ninety-fifth percentile."""
    edges = [reading.threshold("aes.light.contrast", name) for name in ("low_max", "high_min")]
    labels = ("low", "medium", "high")
    return banded(reading, "aes.light.contrast", span, "luma.range", labels=labels, edges=edges, scale=SCALE)


def exposure(reading: Reading, span: Span) -> Unit:
    """Return the exposure: clipped at the end where more pixels are lost, under or over, else normal."""
    share = reading.threshold("aes.light.exposure", "clip_share_min")
    rules = {
        "clipped_high": Limit(signal="luma.clipped_high", op=">", threshold=share, scale=CLIP_SCALE),
        "clipped_low": Limit(signal="luma.clipped_low", op=">", threshold=share, scale=CLIP_SCALE),
        "under": Limit(signal="luma.p95", op="<", threshold=UNDER_P95_MAX, scale=SCALE),
        "over": Limit(signal="luma.p05", op=">", threshold=OVER_P05_MIN, scale=SCALE),
    }
    truths = {label: rule.truth(reading, span) for label, rule in rules.items()}
    worse = max(("clipped_high", "clipped_low"), key=lambda label: _value(reading, rules[label], span))
    for label in (worse, "under", "over"):
        if truths[label] >= 0.5:
            return ruled(reading, "aes.light.exposure", label, span, truths[label], [rules[label]])
    fine = [
        Limit(signal=rule.signal, op="<=" if rule.op == ">" else ">=", threshold=rule.threshold, scale=rule.scale)
        for rule in rules.values()
    ]
    return ruled(reading, "aes.light.exposure", "normal", span, 1 - max(truths.values()), fine)


def _value(reading: Reading, limit: Limit, span: Span) -> float:
    return reading.value(limit.signal, limit.reduce, span)


def strobe(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield a strobe where brightness flashes often, seen by the flash signal."""
    if "flash.rate" not in reading.tracks:
        return
    often = Limit(signal="flash.rate", op=">", threshold=STROBE_RATE_MIN, scale=1.0, reduce="max")
    if often.truth(reading, span) > 0.5:
        yield ruled(reading, "aes.light.effect", "strobe", span, often.truth(reading, span), [often])
