"""Loopability: whether the end of the video runs on into its start, in picture and in sound."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track

FACET = "diss.loopability"
END_S = 0.4
"""Seconds of sound compared at each end."""
SILENCE_DBFS = -50.0
"""Level below which two ends are equally silent."""
JUMP_DB = 24.0
"""Difference of level at which the sound does not join at all; a cut between two songs differs by about 6 dB."""
FREE_DB = 3.0
"""Difference of level that is not heard as a jump."""


@parsers.register(
    "dissemination.loop",
    facets=(FACET, f"{FACET}.visual", f"{FACET}.audio"),
    signals=("loop",),
    optional=("loudness",),
    derives=("loop.sound", "loop.join"),
    card=Card(
        summary="How well the last picture and sound join the first.",
        source="own",
        deviations="Sound is compared by its level only.",
    ),
)
class Loopability:
    """Parser `dissemination.loop`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the tracks, the visual join, the join of the sound where there is any, and both together."""
        seen = reading.track("loop.similarity")
        if len(seen) == 0:
            yield reading.abstain(FACET, span=reading.span, reason="fewer than two frames: nothing to join")
            return
        visual, heard = float(seen.values[0]), sound_join(reading)
        at = seen.times_s[:1]
        joined = visual if math.isnan(heard) else min(visual, 0.6 * visual + 0.4 * heard)
        yield Track(name="loop.sound", unit="share", times_s=at, values=np.array([heard]), kind="event")
        yield Track(name="loop.join", unit="share", times_s=at, values=np.array([joined]), kind="event")
        yield _unit(reading, f"{FACET}.visual", "loop.similarity", visual)
        if not math.isnan(heard):
            yield _unit(reading, f"{FACET}.audio", "loop.sound", heard)
        yield _unit(reading, FACET, "loop.join", joined)


def _unit(reading: Reading, facet: str, track: str, value: float) -> Unit:
    frames = reading.frames
    at = Span.at(float(reading.track(track).times_s[0]))
    pair = reading.frame_pair(frames.time_s(len(frames) - 1), frames.time_s(0))
    evidence: list[Evidence] = [reading.measured(track, at, "first"), pair]
    return reading.unit(facet, span=reading.span, value=value, evidence=evidence)


def sound_join(reading: Reading) -> float:
    """Return how well the level at the end fits that at the start, 0..1; NaN without sound."""
    if "loudness.rms" not in reading.tracks or reading.media.audio is None:
        return float("nan")
    span = reading.span
    ends = (Span.of(max(span.start_s, span.end_s - END_S), span.end_s), Span.of(span.start_s, span.start_s + END_S))
    last, first = (reading.value("loudness.rms", "median", end) for end in ends)
    if math.isnan(last) or math.isnan(first):
        return float("nan")
    apart = abs(max(last, SILENCE_DBFS) - max(first, SILENCE_DBFS))
    return 1 - min(max((apart - FREE_DB) / (JUMP_DB - FREE_DB), 0.0), 1.0)
