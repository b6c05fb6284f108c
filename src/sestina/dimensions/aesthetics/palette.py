"""Palettes: the few colours that a shot, and the whole video, is made of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track
from sestina.dimensions._bands import middle_s
from sestina.dimensions.aesthetics._palette import Swatch, palette

FACET = "aes.color.palette"
SWATCH_TRACKS = tuple(f"palette.swatch{rank}" for rank in range(1, 7))
"""Share of the largest swatch of each shot, of the second, ..."""
WHOLE_TRACKS = ("palette.share", "palette.l", "palette.a", "palette.b")
WHOLE_UNITS = ("share", "L*", "a*", "b*")


@parsers.register(
    "aesthetics.palette",
    facets=(FACET, f"{FACET}.swatch", f"{FACET}.l", f"{FACET}.a", f"{FACET}.b"),
    signals=("colour",),
    after=("edit.shot",),
    derives=(*SWATCH_TRACKS, *WHOLE_TRACKS),
    card=Card(
        summary="Up to six swatches of each shot and of the video, by their share of the picture.",
        source="k-means (Lloyd 1982) in CIE Lab from a fixed start; near swatches are merged",
    ),
)
class Palettes:
    """Parser `aesthetics.palette`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the tracks and units of each shot's palette, then those of the whole video."""
        if not reading.shots:
            return
        found = [swatches(reading, shot.span) for shot in reading.shots]
        starts = np.array([shot.span.start_s for shot in reading.shots])
        for rank, name in enumerate(SWATCH_TRACKS):
            shares = [some[rank].share if rank < len(some) else float("nan") for some in found]
            yield Track(name=name, unit="share", times_s=starts, values=np.array(shares), kind="event")
        for shot, some in zip(reading.shots, found, strict=True):
            for rank, swatch in enumerate(some):
                yield of_shot(reading, shot.span, rank, swatch)
        yield from of_video(reading, swatches(reading, reading.span))


def swatches(reading: Reading, span: Span) -> list[Swatch]:
    """Return the palette of all small pictures in `span`, the largest share first."""
    most = min(len(SWATCH_TRACKS), int(reading.threshold(FACET, "swatches_max")))
    pixels: F64 = np.asarray(reading.track("colour.tiny").over(span), np.float64).reshape(-1, 3)
    return palette(pixels, most)


def of_shot(reading: Reading, span: Span, rank: int, swatch: Swatch) -> Unit:
    """Return the unit of one swatch of a shot; its colour stands in the text and in the attributes."""
    evidence: list[Evidence] = [reading.measured(SWATCH_TRACKS[rank], Span.at(span.start_s), "first")]
    return reading.unit(
        FACET,
        span=span,
        value=swatch.share,
        text=swatch.hex,
        evidence=[*evidence, reading.frame(middle_s(reading, span))],
        attributes={"swatch": swatch.hex, **dict(zip("lab", swatch.lab, strict=True))},
    )


def of_video(reading: Reading, found: list[Swatch]) -> Iterator[Unit | Track]:
    """Yield the tracks of the video's palette, one value a swatch, and its units.

    A palette has no times of its own: swatch r stands r milliseconds after the start, so that evidence can cite it.
    """
    span = reading.span
    times = np.array([min(span.start_s + 0.001 * rank, span.end_s) for rank in range(len(found))])
    rows = np.array([(swatch.share, *swatch.lab) for swatch in found]).reshape(-1, len(WHOLE_TRACKS))
    for name, unit, values in zip(WHOLE_TRACKS, WHOLE_UNITS, rows.T, strict=True):
        yield Track(name=name, unit=unit, times_s=times, values=values, kind="event")
    facets = (FACET, f"{FACET}.l", f"{FACET}.a", f"{FACET}.b")
    for swatch, time, row in zip(found, times.tolist(), rows.tolist(), strict=True):
        shown: list[Evidence] = [reading.measured(name, Span.at(time), "first") for name in WHOLE_TRACKS]
        for facet, value, item in zip(facets, row, shown, strict=True):
            yield reading.unit(facet, span=span, level="video", value=value, text=swatch.hex, evidence=[item])
        yield reading.unit(f"{FACET}.swatch", span=span, level="video", text=swatch.hex, evidence=shown)
