"""Texture: noise, grain, compression blocks and vignette of each shot; and a clean picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track
from sestina.dimensions._bands import Limit, all_of, ruled

FACET = "aes.texture"
NOISE_MIN, NOISE_SCALE = 0.018, 0.002
"""Noise, as a share of the range, from which it is seen: over four grey levels. Compressed clips have 0.001 to 0.006;
cloth, wood and paper that fill the picture reach 0.016."""
CLEAN_MAX = 0.006
GRAIN_CORRELATION_MIN = 0.35
"""Correlation of neighbouring pixels' noise from which it is grain: sensor noise is white until it is filtered."""
GRAIN_CHROMA_MAX = 0.35
"""Noise of chroma over that of luma up to which it may be film grain, which has no colour once scanned."""
BLOCKS_MIN, BLOCKS_SCALE = 1.30, 0.10
"""Step on the block grid over that elsewhere; modern codecs smooth it to 1.0 to 1.2."""
CLEAN_BLOCKS_MAX = 1.2
VIGNETTE_FALL_MIN, VIGNETTE_RANGE_MAX, VIGNETTE_FIT_MIN = 0.28, 0.30, 0.60
"""Fall to the darkest-but-alike corners, their difference, and how much of the brightness a bowl explains."""
SLOPE_MAX = -0.15
"""Slope of that bowl over its middle from which it is a bowl and not a plain."""
KIND_AT_MOST = 0.7
"""Grain and noise are told apart by statistics that filters and codecs change."""


@parsers.register(
    "aesthetics.texture",
    facets=(FACET,),
    signals=("sharpness", "colour"),
    optional=("noise",),
    after=("edit.shot",),
    derives=("texture.bowl", "texture.chroma_ratio"),
    card=Card(
        summary="Noise or grain, compression blocks, vignette, or a clean picture, per shot.",
        source="own",
        deviations="Noise and blocks are judged in one full-size picture a shot, of the longest sixteen shots.",
    ),
)
class Texture:
    """Parser `aesthetics.texture`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the derived tracks, then every texture of each shot that the numbers show."""
        spans = [shot.span for shot in reading.shots]
        fits = np.array([bowl(np.asarray(reading.track("colour.tiny").over(span), np.float64)) for span in spans])
        starts = np.array([span.start_s for span in spans])
        yield Track(name="texture.bowl", unit="share", times_s=starts, values=fits, kind="event")
        noisy = "noise.sigma" in reading.tracks
        if noisy:
            luma, chroma = reading.track("noise.sigma"), reading.track("noise.chroma_sigma")
            ratio = np.asarray(chroma.values / np.maximum(luma.values, 1e-4), np.float64)
            yield Track(name="texture.chroma_ratio", unit="", times_s=luma.times_s, values=ratio, kind=luma.kind)
        for span in spans:
            if noisy:
                yield from grainy(reading, span)
            yield from vignette(reading, span)


def bowl(tiny: F64) -> float:
    """Return how much of the brightness of pictures Lab [N,h,w,3] falls off from the middle, 0..1; 0 if it does not.

    The mean picture's L* is fitted by a plain less the squared distance from the middle.
    """
    if not len(tiny):
        return float("nan")
    light = tiny[..., 0].mean(axis=0)
    height, width = light.shape
    y = (np.arange(height) + 0.5) / height - 0.5
    x = (np.arange(width) + 0.5) / width - 0.5
    radius = (y[:, None] ** 2 + x[None] ** 2).ravel()
    rows = np.stack([np.ones(light.size), radius / 0.5], axis=1)
    (middle, slope), *_ = np.linalg.lstsq(rows, light.ravel(), rcond=None)
    total = float(((light - light.mean()) ** 2).sum())
    if slope > SLOPE_MAX * max(float(middle), 1.0) or total < light.size:
        return 0.0
    rest = float(((light.ravel() - rows @ np.array([middle, slope])) ** 2).sum())
    return 1 - rest / total


def grainy(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield noise or grain, blocks, or clean where none of them shows."""
    loud = Limit(signal="noise.sigma", op=">=", threshold=NOISE_MIN, scale=NOISE_SCALE)
    quiet = Limit(signal="noise.sigma", op="<=", threshold=CLEAN_MAX, scale=NOISE_SCALE)
    blocks = Limit(signal="noise.blockiness", op=">=", threshold=BLOCKS_MIN, scale=BLOCKS_SCALE)
    smooth = Limit(signal="noise.blockiness", op="<=", threshold=CLEAN_BLOCKS_MAX, scale=BLOCKS_SCALE)
    coarse = [
        Limit(signal="noise.correlation", op=">=", threshold=GRAIN_CORRELATION_MIN, scale=0.1),
        Limit(signal="texture.chroma_ratio", op="<=", threshold=GRAIN_CHROMA_MAX, scale=0.1),
    ]
    if loud.truth(reading, span) >= UNDECIDED:
        label = "grain" if all_of(coarse, reading, span) >= 0.5 else "noise"
        limits = [loud, *(coarse if label == "grain" else [])]
        yield ruled(reading, FACET, label, span, loud.truth(reading, span), limits, at_most=KIND_AT_MOST)
    if blocks.truth(reading, span) >= UNDECIDED:
        yield ruled(reading, FACET, "compression_block", span, blocks.truth(reading, span), [blocks])
    clean = [quiet, smooth] if smooth.truth(reading, span) >= 0 else [quiet]
    if all_of(clean, reading, span) >= UNDECIDED:
        yield ruled(reading, FACET, "clean", span, all_of(clean, reading, span), clean)


def vignette(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield a vignette where all four corners are darker alike and a bowl explains the brightness."""
    at = Span.at(span.start_s)
    limits = [
        Limit(signal="sharpness.falloff", op=">=", threshold=VIGNETTE_FALL_MIN, scale=0.1),
        Limit(signal="sharpness.falloff_range", op="<=", threshold=VIGNETTE_RANGE_MAX, scale=0.1),
    ]
    fit = Limit(signal="texture.bowl", op=">=", threshold=VIGNETTE_FIT_MIN, scale=0.15, reduce="first")
    truth = min(all_of(limits, reading, span), fit.truth(reading, at))
    if truth >= UNDECIDED:
        unit = ruled(reading, FACET, "vignette", span, truth, limits, at_most=KIND_AT_MOST)
        yield unit.model_copy(update={"evidence": (*fit.evidence(reading, at), *unit.evidence)})
