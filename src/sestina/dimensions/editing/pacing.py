"""Pacing: how many shots there are, how long they last, and how soon and how often the picture changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit, banded
from sestina.dimensions.editing._cases import events

FACET = "edit.pacing"
CLASS = "edit.pacing_class"

CLASSES = ("hyper", "fast", "moderate", "slow")
"""Classes of a video with cuts, the shortest shots first."""

LENGTH_SCALE_S = 0.2
"""Seconds of mean shot length from a limit that are clearly beyond it: about what one missed cut in twenty adds."""

NUMBERS = (
    ("shots", "pacing.shot_length", "count"),
    ("mean_shot_length", "pacing.shot_length", "mean"),
    ("median_shot_length", "pacing.shot_length", "median"),
    ("sd_shot_length", "pacing.shot_length", "std"),
    ("min_shot_length", "pacing.shot_length", "min"),
    ("max_shot_length", "pacing.shot_length", "max"),
    ("share_under_1s", "pacing.short", "mean"),
)
"""Number of the video, the track it is read off, and the reducer."""


@parsers.register(
    "editing.pacing",
    card=Card(
        summary="Shot lengths, cuts in ten seconds and how soon the first comes, and the class of pace they make.",
        source="own; shot lengths as in Salt 1974 (statistical style analysis)",
    ),
    facets=(FACET, *(f"{FACET}.{name}" for name, _, _ in NUMBERS), f"{FACET}.cuts_per_10s", f"{FACET}.first_cut_at",
            CLASS, f"{CLASS}.quick_5in5", f"{CLASS}.dynamic_start_lt3s"),
    after=("edit.shot", "edit.transition"),
    derives=("pacing.shot_length", "pacing.short", "pacing.join", "pacing.rate"),
    kind="rule",
)  # fmt: skip
class Pacing:
    """Yields numbers of the whole video, the curve over windows of ten seconds, and the class with two flags."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the tracks and what is read off them; nothing where there are no shots."""
        if not reading.shots:
            return
        yield from tracks(reading)
        yield from _numbers(reading)
        yield from _curve(reading)
        yield _class(reading)
        yield from _flags(reading)


def tracks(reading: Reading) -> Iterator[Track]:
    """Yield the length of each shot at its start, s; 1 for those that count as short; the time of each join since the
    start, s; and the joins in ten seconds of the whole video.

    The first shot begins without a join.
    """
    start_s = reading.span.start_s
    starts = [shot.span.start_s for shot in reading.shots]
    lengths = [shot.span.duration_s for shot in reading.shots]
    short_s = reading.threshold(f"{FACET}.share_under_1s", "short_shot_max_s")
    window_s = reading.threshold(f"{FACET}.cuts_per_10s", "window_s")
    yield events("pacing.shot_length", "s", starts, lengths)
    yield events("pacing.short", "", starts, [float(length < short_s) for length in lengths])
    yield events("pacing.join", "s", starts[1:], [time - start_s for time in starts[1:]])
    rate = window_s * (len(starts) - 1) / max(reading.span.duration_s, 1e-6)
    yield events("pacing.rate", "cuts/10s", [start_s], [rate])


def sureness(reading: Reading) -> float:
    """Return how sure the list of shots is: the mean confidence of the shots."""
    return float(np.mean([shot.confidence for shot in reading.shots]))


def _numbers(reading: Reading) -> Iterator[Unit]:
    whole, sure = reading.span, sureness(reading)
    wanted = [(FACET, "pacing.rate", "first"), *((f"{FACET}.{name}", track, how) for name, track, how in NUMBERS)]
    if len(reading.shots) > 1:
        wanted.append((f"{FACET}.first_cut_at", "pacing.join", "first"))
    for facet, track, how in wanted:
        number = reading.measured(track, whole, how)
        yield reading.unit(facet, value=number.value, span=whole, level="video", confidence=sure, evidence=[number])


def _curve(reading: Reading) -> Iterator[Unit]:
    """Yield the joins in each full window; a shorter rest would read as a slower pace."""
    facet = f"{FACET}.cuts_per_10s"
    window_s, whole = reading.threshold(facet, "window_s"), reading.span
    for number in range(int((whole.duration_s + 1e-6) // window_s)):
        start_s = whole.start_s + number * window_s
        window = Span.of(start_s, min(start_s + window_s, whole.end_s))
        joins = reading.measured("pacing.join", window, "count")
        yield reading.unit(
            facet, value=joins.value, span=window, level="segment", confidence=sureness(reading), evidence=[joins]
        )


def _class(reading: Reading) -> Unit:
    whole = reading.span
    if len(reading.shots) == 1:
        none = reading.metric("pacing.join", "==", 0, whole, "count")
        shot = reading.shots[0]
        return reading.unit(
            CLASS, label="single_take", span=whole, confidence=shot.confidence, evidence=[none, *reading.cite(shot)]
        )
    edges = [reading.threshold(CLASS, f"{name}_min_s") for name in CLASSES[1:]]
    return banded(
        reading, CLASS, whole, "pacing.shot_length",
        labels=CLASSES, edges=edges, scale=LENGTH_SCALE_S, reduce="mean",
    )  # fmt: skip


def _flags(reading: Reading) -> Iterator[Unit]:
    """Yield whether the start is quick: many shots in five seconds, and an early first join."""
    facet = f"{CLASS}.quick_5in5"
    least, window_s = reading.threshold(facet, "shots_min"), reading.threshold(facet, "window_s")
    opening = Span.of(reading.span.start_s, min(reading.span.start_s + window_s, reading.span.end_s))
    many = Limit(signal="pacing.shot_length", op=">=", threshold=least, scale=1.0, reduce="count")
    few = Limit(signal="pacing.shot_length", op="<", threshold=least, scale=1.0, reduce="count")
    yield _flag(reading, facet, many, few, opening)
    facet = f"{CLASS}.dynamic_start_lt3s"
    latest = reading.threshold(facet, "first_cut_max_s")
    soon = Span.of(reading.span.start_s, min(reading.span.start_s + latest, reading.span.end_s))
    some = Limit(signal="pacing.join", op=">=", threshold=1, scale=1.0, reduce="count")
    none = Limit(signal="pacing.join", op="<", threshold=1, scale=1.0, reduce="count")
    yield _flag(reading, facet, some, none, soon)


def _flag(reading: Reading, facet: str, yes: Limit, no: Limit, span: Span) -> Unit:
    """Return the flag of the video that one count over `span` decides: counts are whole, so one of both holds."""
    shown: list[Evidence] = yes.evidence(reading, span)
    label = "true" if shown else "false"
    evidence = shown or no.evidence(reading, span)
    return reading.unit(facet, label=label, span=reading.span, confidence=sureness(reading), evidence=evidence)
