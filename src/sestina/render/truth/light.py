"""True light: brightness, contrast, key and exposure of each shot, by the vocabulary's definitions of them.

They are numbers over the pictures as rendered, before the encoder; where a number lies near a limit gold decides
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product

import numpy as np

from sestina.core import vocabulary
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.render.glimpses import Glimpse
from sestina.render.truth.bands import undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.paths import Path
from sestina.render.truth.scene import quiet

FACETS = (
    "aes.light.key", "aes.light.brightness", "aes.light.brightness.bright_dark", "aes.light.contrast",
    "aes.light.exposure", "aes.tech.black", "aes.tech.freeze",
)  # fmt: skip

DARK_LUMA, CLIP_HIGH, CLIP_LOW = 0.20, 0.98, 0.02
MARGINS = {"p05": 0.03, "p50": 0.025, "p95": 0.03, "range": 0.03, "dark": 0.04, "high": 0.015, "low": 0.015}
"""How much the encoder and another size of analysis may change each number."""
UNDER_P95_MAX, OVER_P05_MIN = 0.35, 0.45
"""Highlights and shadows that stay below and above these make a picture under- and overexposed."""
HUMPS = (0.78, 0.88)
"""Otsu's criterion (Otsu, 1979) up to which a histogram surely has one hump, and from which it has two: 0.75 is an even
spread."""
BLACK_P99 = 0.05
BLACK_MIN_S, FREEZE_MIN_S = 0.08, 0.5


def units(made: Made) -> Iterator[Unit]:
    """Yield the light of every shot, and runs of black and of unchanging frames."""
    for number in range(len(made.script.shots)):
        span = made.timeline.shot_span(number)
        yield from _lit(made.glimpses.over(span), number, span)
    yield from _runs(made, "aes.tech.black", made.glimpses.black, BLACK_MIN_S)
    frozen = list(_runs(made, "aes.tech.freeze", made.glimpses.repeats, FREEZE_MIN_S))
    yield from frozen
    for number in range(len(made.script.shots)):
        for place, span in enumerate(quiet(Path(made.timeline, number))):
            if not any(run.span.overlaps(span) for run in frozen):
                name = f"{number}.{place}.quiet"
                yield undecided("aes.tech.freeze", name, "event", span, "the encoder may make equal frames")


def _lit(seen: list[Glimpse], number: int, span: Span) -> Iterator[Unit]:
    rows = [numbers(one) for one in seen]
    if not rows or np.median([row["p99"] for row in rows]) <= 0.12:
        for facet in FACETS[:5]:
            yield undecided(facet, number, "shot", span, "the picture is black, or nearly")
        return
    values = {name: float(np.median([row[name] for row in rows])) for name in rows[0]}
    margins = {name: max(least, values.get(f"{name}_spread", 0.0)) for name, least in MARGINS.items()}
    for facet, rule in RULES.items():
        label = settled(rule, values, margins)
        if label is None:
            yield undecided(facet, number, "shot", span, "a number lies near a limit")
        else:
            yield unit(facet, number, "shot", span, label=label)
    humps = values["otsu"]
    facet = "aes.light.brightness.bright_dark"
    if HUMPS[0] < humps < HUMPS[1]:
        yield undecided(facet, number, "shot", span, f"Otsu's criterion is {humps:.2f}")
    else:
        yield unit(facet, number, "shot", span, label="true" if humps >= HUMPS[1] else "false")


def numbers(seen: Glimpse) -> dict[str, float]:
    """Return percentiles of luma, their range, the shares of dark and clipped pixels, and Otsu's criterion.

    A `spread` is how far a percentile moves when its rank moves a little: far where a picture has two flat parts.
    """
    luma = seen.luma.ravel()
    low, high, left, right = (float(v) for v in np.percentile(luma, (4, 6, 48, 52)))
    upper, top = (float(v) for v in np.percentile(luma, (94, 96)))
    p05, p50, p95, p99 = (float(v) for v in np.percentile(luma, (5, 50, 95, 99)))
    return {
        "p05": p05, "p50": p50, "p95": p95, "p99": p99, "range": p95 - p05,
        "dark": float((luma < DARK_LUMA).mean()), "high": float((luma >= CLIP_HIGH).mean()),
        "low": float((luma <= CLIP_LOW).mean()), "otsu": otsu(luma), "p50_spread": (right - left) / 2,
        "p05_spread": (high - low) / 2, "p95_spread": (top - upper) / 2,
        "range_spread": (high - low + top - upper) / 2,
    }  # fmt: skip


def otsu(luma: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    """Return the largest share of the variance of luma [N] that two classes explain (Otsu, 1979)."""
    counts, edges = np.histogram(luma, 128, (0, 1))
    share, level = counts / len(luma), (edges[:-1] + edges[1:]) / 2
    below, mean = np.cumsum(share), np.cumsum(share * level)
    whole, variance = mean[-1], float(share @ (level - mean[-1]) ** 2)
    between = (whole * below - mean) ** 2 / np.maximum(below * (1 - below), 1e-9)
    return float(between.max() / variance) if variance > 1e-6 else 0.0


def settled(
    rule: Callable[[Mapping[str, float]], str], values: Mapping[str, float], margins: Mapping[str, float]
) -> str | None:
    """Return the label of `rule` for `values`, or None when it changes as they change within their margins."""
    used = [name for name in margins if name in values]
    found = set()
    for signs in product((-1, 1), repeat=len(used)):
        found.add(rule({**values, **{n: values[n] + s * margins[n] for n, s in zip(used, signs, strict=True)}}))
        if len(found) > 1:
            return None
    return found.pop()


def _limit(facet: str, name: str) -> float:
    return vocabulary.threshold(facet, name)


def _key(v: Mapping[str, float]) -> str:
    def limit(name: str) -> float:
        return _limit("aes.light.key", name)

    wide = v["p50"] < limit("low_key_p50_max") and v["range"] > limit("low_key_range_min")
    if wide or v["dark"] > limit("low_key_dark_share_min"):
        return "low_key"
    high = v["p50"] > limit("high_key_p50_min") and v["dark"] < limit("high_key_dark_share_max")
    return "high_key" if high else "mid"


def _brightness(v: Mapping[str, float]) -> str:
    dark, bright = (_limit("aes.light.brightness", name) for name in ("dark_max", "bright_min"))
    return "dark" if v["p50"] < dark else "bright" if v["p50"] >= bright else "medium"


def _contrast(v: Mapping[str, float]) -> str:
    low, high = (_limit("aes.light.contrast", name) for name in ("low_max", "high_min"))
    return "low" if v["range"] < low else "high" if v["range"] >= high else "medium"


def _exposure(v: Mapping[str, float]) -> str:
    share = _limit("aes.light.exposure", "clip_share_min")
    if max(v["high"], v["low"]) > share:
        return "clipped_high" if v["high"] > v["low"] else "clipped_low"
    return "under" if v["p95"] < UNDER_P95_MAX else "over" if v["p05"] > OVER_P05_MIN else "normal"


RULES: dict[str, Callable[[Mapping[str, float]], str]] = {
    "aes.light.key": _key, "aes.light.brightness": _brightness, "aes.light.contrast": _contrast,
    "aes.light.exposure": _exposure,
}  # fmt: skip


def _runs(made: Made, facet: str, frames: list[int], least_s: float) -> Iterator[Unit]:
    """Yield a unit for every run of neighbouring written frames that lasts long enough."""
    place = {frame: k for k, frame in enumerate(made.timeline.kept)}
    rows = sorted(place[frame] for frame in frames)
    breaks = [0, *(k + 1 for k, (a, b) in enumerate(pairwise(rows)) if b != a + 1), len(rows)]
    kept = (*made.timeline.kept, made.timeline.frame_count)
    number = 0
    for first, after in pairwise(breaks):
        if first == after:
            continue
        span = Span.of(made.timeline.time_s(kept[rows[first]]), made.timeline.time_s(kept[rows[after - 1] + 1]))
        if span.duration_s >= least_s:
            yield unit(facet, number, "event", span, label="true")
            number += 1
