"""Flashing that may set off seizures in photosensitive viewers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span

FACET = "diss.safety.photosensitive_flash"
TRACKS = {"general": "flash.rate", "red": "flash.red_rate"}
WINDOW_S = 1.0
"""The rate counts flashes of the last second, so flashing began up to a second before the rate passes the limit."""
RATE_SCALE = 1.0


@parsers.register(
    "dissemination.flash",
    facets=(FACET,),
    signals=("flash",),
    card=Card(
        summary="Runs of more than three flashes a second over more than a quarter of the picture.",
        source="WCAG 2.2 success criterion 2.3.1; ITU-R BT.1702-3 (2023)",
    ),
)
class PhotosensitiveFlash:
    """Parser `dissemination.flash`."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield every run of dangerous flashing."""
        limit = reading.threshold(FACET, "flashes_per_s_max")
        for label, track in TRACKS.items():
            for span in spans_above(reading, track, limit):
                peak = reading.frame(_peak_s(reading, track, span))
                evidence: list[Evidence] = [reading.metric(track, ">", limit, span, "max"), peak]
                yield reading.unit(FACET, label=label, span=span, evidence=evidence)


def spans_above(reading: Reading, name: str, limit: float) -> list[Span]:
    """Return the spans whose flashes make the rate exceed `limit`, joined where they touch."""
    track = reading.track(name)
    above = np.flatnonzero(track.values > limit)
    found: list[Span] = []
    for index in above:
        end = reading.frames.time_s(int(index) + 1)
        here = Span.of(max(reading.span.start_s, float(track.times_s[index]) - WINDOW_S), min(end, reading.span.end_s))
        if found and here.start_s <= found[-1].end_s:
            found[-1] = found[-1].union(here)
        else:
            found.append(here)
    return found


def _peak_s(reading: Reading, name: str, span: Span) -> float:
    track = reading.track(name)
    inside = track.slice(span)
    return float(track.times_s[inside][int(np.argmax(track.values[inside]))])
