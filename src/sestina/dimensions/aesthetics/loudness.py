"""Loudness in numbers, tempo and beats: what the meters say, each with the track it was read from."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import AudioEvidence, Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._hearing import runs

JUMP_WINDOW_S = 1.0
JUMP_FLOOR_LUFS = -70.0
"""Loudness that silence before the first sound counts as: the absolute gate of BS.1770."""

SHORTEST_RANGE_S = 10.0
"""Loudness range of less says little: Tech 3342 is meant for whole programmes, and asks for a minute."""

UNMEASURED = {
    "integrated": "no 0.4 s of sound pass the absolute gate of -70 LUFS",
    "range": "no 3 s of sound pass the absolute gate of -70 LUFS",
    "true_peak": "no sound was measured",
}

SAME_TEMPO = 0.04
LEAST_TEMPO_S = 4.0
MOST_BEATS = 400
"""Beats beyond this many stay in the track `tempo.beat`: an hour of music has about 7000."""

WINDOW_S = 8.0
"""Length of the windows that `tempo.bpm` is measured in; its values are dated at their middles."""


@parsers.register(
    "aesthetics.loudness",
    card=Card(
        summary="Integrated loudness, loudness range, true peak, the jump at the first sound; tempo and beats.",
        source="ITU-R BS.1770-4; EBU Tech 3342; Ellis 2007",
    ),
    facets=("aes.audio.loudness.", "aes.audio.tempo", "aes.audio.tempo."),
    signals=("loudness",),
    optional=("tempo",),
    derives=("meters.jump",),
)
class Loudness:
    """Yields one unit a meter; what cannot be measured (silence, a clip of a second) abstains or is left
    out."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the numbers."""
        yield from _meters(reading)
        jump = jump_track(reading)
        if jump is not None:
            yield jump
            yield from _jump(reading)
        yield from _tempi(reading)
        yield from _beats(reading)


def _meters(reading: Reading) -> Iterator[Unit]:
    whole = reading.span
    for name, how in (("integrated", "last"), ("range", "last"), ("true_peak", "max")):
        facet = f"aes.audio.loudness.{name}"
        value = reading.value(f"loudness.{name}", how, whole) if f"loudness.{name}" in reading.tracks else math.nan
        if math.isnan(value):
            yield reading.abstain(facet, span=whole, reason=UNMEASURED[name])
        elif name == "true_peak" and value <= -119:
            yield reading.abstain(facet, span=whole, reason="digital silence")
        else:
            short = name == "range" and whole.duration_s < SHORTEST_RANGE_S
            metric = reading.measured(f"loudness.{name}", whole, how)
            yield reading.unit(
                facet, value=metric.value, span=whole, confidence=0.6 if short else 0.99, evidence=[metric]
            )


def jump_track(reading: Reading) -> Track | None:
    """Return `meters.jump`: how much louder (LU) the second after each moment is than the second before."""
    track = reading.tracks.get("loudness.momentary")
    if track is None or len(track) < 2:
        return None
    level = np.maximum(track.values.astype(np.float64), JUMP_FLOOR_LUFS)
    size = round(JUMP_WINDOW_S / 0.1)
    wide = np.concatenate([np.full(size, JUMP_FLOOR_LUFS), level, np.full(size, level[-1])])
    sums = np.concatenate([[0.0], np.cumsum(wide)])
    index = np.arange(len(level)) + size
    before, after = sums[index] - sums[index - size], sums[index + size] - sums[index]
    return Track(name="meters.jump", unit="LU", kind="sampled", times_s=track.times_s, values=(after - before) / size)


def _jump(reading: Reading) -> Iterator[Unit]:
    """Yield the jump at the first sound, when something quieter comes before it."""
    facet, whole = "aes.audio.loudness.onset_jump", reading.span
    track = reading.track("loudness.momentary")
    loud = np.flatnonzero(track.values > JUMP_FLOOR_LUFS + 20)
    if not len(loud):
        return
    first = float(track.times_s[loud[0]])
    if first - whole.start_s < JUMP_WINDOW_S / 2 or first >= whole.end_s:
        return  # the sound is there from the start: nothing comes before it to jump from
    near = Span.of(max(first - 0.5, whole.start_s), min(first + 0.5, whole.end_s))
    metric = reading.measured("meters.jump", near, "max")
    yield reading.unit(facet, value=metric.value, span=whole, confidence=0.8, evidence=[metric])


def _tempi(reading: Reading) -> Iterator[Unit]:
    """Yield tempo and its confidence for every stretch of steady tempo; abstain once when there is none."""
    track = reading.tracks.get("tempo.bpm")
    if track is None:
        return
    stretches = list(steady(track))
    if not stretches:
        reason = "onsets do not repeat evenly enough to have a tempo"
        yield reading.abstain("aes.audio.tempo", span=reading.span, reason=reason)
    for first, after in stretches:
        whole = after - first == len(track)
        span = _sounding(reading, reading.span if whole else _stretch(reading, track, first, after))
        if reading.value("tempo.bpm", "count", span) == 0:
            continue  # the sound ends before the middle of the only window
        whole = span == reading.span
        bpm = reading.measured("tempo.bpm", span, "median")
        sure = reading.measured("tempo.confidence", span, "mean")
        evidence: list[Evidence] = [bpm, sure, AudioEvidence(span=span)]
        level: Level = "video" if whole else "segment"
        confidence = min(0.95, max(sure.value, 0.05))
        yield reading.unit(
            "aes.audio.tempo", value=bpm.value, span=span, level=level, confidence=confidence, evidence=evidence
        )
        yield reading.unit("aes.audio.tempo.confidence", value=sure.value, span=span, level=level, evidence=[sure])


def steady(track: Track) -> Iterator[tuple[int, int]]:
    """Yield (first, after) of stretches of `tempo.bpm` whose tempo stays, at least LEAST_TEMPO_S long with
    windows."""
    for first, after in runs(~np.isnan(track.values)):
        start = first
        for i in range(first + 1, after + 1):
            moved = i < after and abs(track.values[i] / track.values[i - 1] - 1) > SAME_TEMPO
            if i == after or moved:
                if i - start >= 2 or after - first == len(track):
                    yield start, i
                start = i


def _stretch(reading: Reading, track: Track, first: int, after: int) -> Span:
    """Return the time from the first to the last window's middle, or to the video's ends."""
    start_s = reading.span.start_s if first == 0 else float(track.times_s[first])
    end_s = reading.span.end_s if after == len(track) else float(track.times_s[after])
    return Span.of(start_s, max(start_s, end_s)).clipped(reading.span)


def _sounding(reading: Reading, span: Span) -> Span:
    """Return `span` without what lies more than a bar of four before its first beat or after its last.

    The windows that the tempo is measured in are long, and reach into silence beside the music.
    """
    track = reading.tracks.get("tempo.beat")
    beats = track.times_s[track.slice(span)] if track is not None else np.zeros(0)
    if len(beats) < 4:
        return span
    bar_s = 4 * float(np.median(np.diff(beats)))
    start_s = span.start_s if beats[0] - span.start_s <= bar_s else float(beats[0])
    end_s = span.end_s if span.end_s - beats[-1] <= bar_s else float(beats[-1])
    return Span.of(start_s, end_s)


def _beats(reading: Reading) -> Iterator[Unit]:
    facet, track = "aes.audio.tempo.beat", reading.tracks.get("tempo.beat")
    if track is None or not len(track):
        return
    if len(track) > MOST_BEATS:
        reason = f"{len(track)} beats; their times are in the track tempo.beat"
        yield reading.abstain(facet, span=reading.span, reason=reason)
        return
    for time in track.times_s.tolist():
        if reading.span.start_s <= time <= reading.span.end_s:
            at = Span.at(time)
            metric = reading.measured("tempo.beat", at, "last")
            confidence = min(0.95, max(metric.value, 0.05))
            yield reading.unit(facet, label="beat", span=at, confidence=confidence, evidence=[metric])
