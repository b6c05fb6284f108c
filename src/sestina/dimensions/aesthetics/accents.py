"""Accents of the sound: hits, pauses, drops, crescendo and decrescendo."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._hearing import Cells, Claim, cells, judged, lasting_at_least, runs, smooth

FACET = "aes.audio.accent"

HIT_STRENGTH = 30.0
"""Onset strength of a drum or a slam; syllables reach 10 to 20."""
HIT_RISE_DB = 12.0
HIT_IN_SPEECH = 45.0
"""Asked for while somebody speaks: plosives near a microphone reach 35."""
ON_BEAT_S = 0.06
HIT_FROM_START_S = 0.3
"""The beginning of the sound is no hit."""
HIT_ALONE_S, HIT_RIVAL = 1.0, 0.8
"""A hit stands alone: no onset of HIT_RIVAL of its strength within a second, as there would be in a beat."""

PAUSE_S = (0.5, 3.0)
PAUSE_BESIDE_S = 1.0

STEP_LU = 9.0
DROP_HOLD_S = 2.0

SLOPE_S = 3.0
SLOPE_LU_S, SWELL_LU, SWELL_S = 1.0, 8.0, 2.0
"""A swell changes by a decibel a second or more for two seconds or more, eight in all."""


@parsers.register(
    "aesthetics.accents",
    card=Card(summary="Hits, pauses, drops and swells, from onset strength and the envelope of loudness."),
    facets=(FACET,),
    signals=("loudness", "onsets"),
    optional=("voice", "music", "tempo"),
    after=("aes.audio.dominant",),
    derives=("accents.rise", "accents.step", "accents.slope"),
)
class Accents:
    """Yields the accents; a video without any yields none."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the curves accents are read from, and the accents."""
        grid = cells(reading)
        if len(grid) < 10 or "onsets.strength" not in reading.tracks:
            return
        curves = [rise_track(reading), step_track(grid), slope_track(grid)]
        yield from curves
        for unit in (
            *_hits(reading),
            *_pauses(reading, grid),
            *_drops(reading, curves[1]),
            *_swells(reading, curves[2]),
        ):
            if unit.status != "abstain":
                yield unit


def rise_track(reading: Reading) -> Track:
    """Return `accents.rise`: the peak of the next 100 ms over the mean of the 300 ms before, dB, every 10
    ms."""
    from scipy.ndimage import maximum_filter1d

    level = reading.track("loudness.rms")
    values = level.values.astype(np.float64)
    after = maximum_filter1d(values, 10, origin=-5, mode="nearest")
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([np.full(30, values[0]), values]))])
    index = np.arange(len(values)) + 30
    before = (sums[index] - sums[index - 30]) / 30
    return Track(name="accents.rise", unit="dB", kind="sampled", times_s=level.times_s, values=after - before)


def step_track(grid: Cells) -> Track:
    """Return `accents.step`: the mean level of the second after less that of the second before, dB, every
    100 ms."""
    level = np.maximum(grid.level_db, -70.0)
    wide = np.concatenate([np.full(10, level[0]), level, np.full(10, level[-1])])
    sums = np.concatenate([[0.0], np.cumsum(wide)])
    index = np.arange(len(level)) + 10
    values = (sums[index + 10] - 2 * sums[index] + sums[index - 10]) / 10
    return Track(name="accents.step", unit="dB", kind="sampled", times_s=_starts(grid), values=values)


def slope_track(grid: Cells) -> Track:
    """Return `accents.slope`: the slope of the level over three seconds around, dB/s, every 100 ms (least
    squares)."""
    half = round(SLOPE_S / 2 / 0.1)
    offset = np.arange(-half, half + 1) * 0.1
    level = np.pad(smooth(np.maximum(grid.level_db, -70.0), 5), half, mode="edge")
    values = np.convolve(level, (offset / np.sum(offset**2))[::-1], mode="valid")
    return Track(name="accents.slope", unit="dB/s", kind="sampled", times_s=_starts(grid), values=values)


def _starts(grid: Cells) -> npt.NDArray[np.float64]:
    return np.round(grid.start_s + 0.1 * np.arange(len(grid), dtype=np.float64), 6)


def _hits(reading: Reading) -> Iterator[Unit]:
    onsets = reading.tracks.get("onsets.onset")
    if onsets is None:
        return
    for i, (time, strength) in enumerate(zip(onsets.times_s.tolist(), onsets.values.tolist(), strict=True)):
        near = np.abs(onsets.times_s - time) <= HIT_ALONE_S
        near[i] = False
        around = Span.of(time - 0.05, time + 0.05).clipped(reading.span)
        least = HIT_IN_SPEECH if _speaks(reading, Span.of(time - 0.2, time + 0.2)) else HIT_STRENGTH
        rivals = bool((onsets.values[near] > HIT_RIVAL * strength).any()) or _on_a_beat(reading, time)
        if strength < least or rivals or time < reading.span.start_s + HIT_FROM_START_S:
            continue
        span = Span.of(time, time + 0.1).clipped(reading.span)
        claims = [
            Claim(signal="onsets.onset", op=">=", threshold=least, scale=10.0, reduce="max", over=around),
            Claim(signal="accents.rise", op=">=", threshold=HIT_RISE_DB, scale=5.0, reduce="max", over=around),
        ]
        yield judged(reading, FACET, "hit", span, claims, at_most=0.85)


def _speaks(reading: Reading, span: Span) -> bool:
    return "voice.active" in reading.tracks and reading.value("voice.active", "mean", span) > 0.5


def _on_a_beat(reading: Reading, time_s: float) -> bool:
    """Return whether the music's own beat falls here."""
    beats = reading.tracks.get("tempo.beat")
    return beats is not None and bool((np.abs(beats.times_s - time_s) <= ON_BEAT_S).any())


def _pauses(reading: Reading, grid: Cells) -> Iterator[Unit]:
    """Yield silences of half a second to three, between sounds that are themselves longer."""
    gate = reading.threshold("aes.audio.dominant", "silence_max_dbfs")
    quiet = lasting_at_least(grid.level_db < gate, round(PAUSE_S[0] / 0.1))
    beside = round(PAUSE_BESIDE_S / 0.1)
    for first, after in runs(quiet):
        sounding = ~quiet[max(0, first - beside) : first], ~quiet[after : after + beside]
        whole = all(len(side) == beside and side.all() for side in sounding)
        if whole and after - first <= round(PAUSE_S[1] / 0.1):
            silent = Claim(signal="loudness.rms", op="<", threshold=gate, scale=5.0, reduce="p75")
            yield judged(reading, FACET, "pause", grid.span(first, after, reading.span), [silent], at_most=0.9)


def _drops(reading: Reading, step: Track) -> Iterator[Unit]:
    """Yield where music comes in loud after something clearly quieter."""
    from scipy.ndimage import maximum_filter1d

    values = step.values
    peak = (values >= STEP_LU) & (values >= maximum_filter1d(values, 31, mode="nearest"))
    for first, after in runs(np.asarray(peak)):
        time = float(step.times_s[(first + after - 1) // 2])
        held = Span.of(time, time + DROP_HOLD_S)
        enough = reading.span.covers(held) and time - reading.span.start_s >= 1.0
        if not enough or "music.lasting" not in reading.tracks:
            continue
        claims = [
            Claim(
                signal="accents.step",
                op=">=",
                threshold=STEP_LU,
                scale=4.0,
                reduce="max",
                over=Span.of(time, time + 0.1),
            ),
            Claim(signal="music.lasting", op=">=", threshold=0.14, scale=0.06, over=held),
            Claim(signal="voice.active", op="<=", threshold=0.25, scale=0.15, over=held),
        ]
        yield judged(reading, FACET, "drop", Span.of(time, time + 0.5), claims, at_most=0.75)


def _swells(reading: Reading, slope: Track) -> Iterator[Unit]:
    """Yield where the level rises or falls steadily while nobody speaks."""
    for label, sign in (("crescendo", 1), ("decrescendo", -1)):
        steep = lasting_at_least(np.asarray(sign * slope.values >= SLOPE_LU_S), round(SWELL_S / 0.1))
        for first, after in runs(steep):
            span = Span.of(float(slope.times_s[first]), float(slope.times_s[after - 1])).clipped(reading.span)
            total = float(np.sum(slope.values[first:after]) * 0.1)
            if abs(total) < SWELL_LU or not _is_one_swell(reading, span, sign):
                continue
            claims = [
                Claim(signal="accents.slope", op=">=" if sign > 0 else "<=", threshold=sign * SLOPE_LU_S, scale=1.0),
                Claim(signal="voice.active", op="<=", threshold=0.25, scale=0.15),
            ]
            yield judged(reading, FACET, label, span, claims, at_most=0.8)


def _is_one_swell(reading: Reading, span: Span, sign: int) -> bool:
    """Return whether the change is spread over the span, rather than one step that the slope smears."""
    level = reading.track("loudness.rms").over(span).astype(np.float64)
    if len(level) < 20:
        return False
    thirds = [float(np.median(part)) for part in np.array_split(np.maximum(level, -70), 4)]
    change = np.diff(thirds) * sign
    return bool((change > 0.8).all() and change.max() < 0.75 * change.sum())
