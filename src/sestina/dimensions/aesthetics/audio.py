"""What is heard: speech, music, both, ambience, effects or silence, and how intense it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.evidence import AudioEvidence
from sestina.core.reading import Reading, rounded
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._hearing import (
    STEP_S,
    Cells,
    Claim,
    Mask,
    cells,
    filled,
    held,
    judged,
    lasting_at_least,
    runs,
    smooth,
    tiled,
)

MUSIC_SHARE = 0.14
"""Share of spectral peaks that last, above which there is music. Over clips of known kind: music .16-.49,
speech .02-.11, rain, water, birds and barking .00-.06; a kinetic-type clip with dense percussion .07."""

MUSIC_ENTER, MUSIC_LEAVE = 0.16, 0.12
PULSE, PULSE_SHARE = 0.5, 0.03
"""Percussive music has few lasting tones: from this clear a pulse on, PULSE_SHARE of them is enough."""

VOICE_ALLOWANCE, MIXED_SHARE = 0.10, 0.20
"""A slow or sung voice holds tones itself: this much is taken off where somebody speaks, and music under a
voice is claimed from MIXED_SHARE on."""

CLEAR, BESIDE = 0.7, 10
BRIDGED_SHARE = 0.10
"""Share that is enough under a voice with clear music within BESIDE cells both before and after."""

VOICE_SHARE, NO_VOICE_SHARE = 0.5, 0.25
SPEECH_GAP, SILENCE_LEAST, MUSIC_LEAST, MUSIC_GAP, PART_LEAST = 7, 5, 20, 15, 5
"""In cells: pauses up to 0.7 s belong to the speech; silence is 0.5 s or longer; music 1.5 s or longer, its
gaps filled up to as much; parts shorter than 0.5 s join a neighbour."""

SPEECH, MUSIC, MIXED, SILENCE, OTHER = range(5)
REFINE = 15
"""Cells around a bound of music in which its exact place is sought."""

AMBIENCE_ONSETS, AMBIENCE_LEAST_S = 1.0, 1.0
SFX_LONGEST_S, SFX_STRENGTH = 2.0, 20.0

LEVELS = 5
INTENSITY_S = 3.0
FLUX_SHARE = 0.25
"""How much of the intensity is the strength of onsets; the rest is loudness."""

INTENSITY_MIN_DBFS = -60.0
"""A video that is never louder has no intensity to rank."""

EVEN_LU = 3.0
"""A video whose short-term loudness varies less than this is of one intensity."""


@parsers.register(
    "aesthetics.audio",
    card=Card(
        summary="Parts the sound into speech, music, both, ambience, effects and silence, and ranks its intensity.",
        source="own rules over Silero VAD, lasting spectral peaks (Minami et al. 1998) and level",
    ),
    facets=("aes.audio.dominant", "aes.audio.intensity", "aes.tech.silence"),
    signals=("loudness",),
    optional=("voice", "music", "tempo", "onsets"),
    derives=("audio.intensity",),
)
class Audio:
    """Yields events that follow each other through the sound; unclear ones abstain."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the parts of the sound and their intensity."""
        grid = cells(reading)
        if not len(grid):
            return
        gate = reading.threshold("aes.audio.dominant", "silence_max_dbfs")
        tiles = [(kind, grid.span(first, after, reading.span)) for kind, first, after in parts(grid, gate)]
        tiles = [(kind, span) for kind, span in tiles if not span.is_instant]
        for i, (kind, span) in enumerate(tiles):
            beside = [near for other, near in tiles[max(0, i - 1) : i + 2] if other == MUSIC]
            yield _dominant(reading, kind, span, gate, beside)
        yield from _silences(reading, grid)
        curve = intensity(reading)
        if curve is not None:
            yield curve
            yield from _intensities(reading, curve)


def _silences(reading: Reading, grid: Cells) -> Iterator[Unit]:
    """Yield every stretch in which the sound stays below the gate, inside speech as well."""
    gate = reading.threshold("aes.tech.silence", "silence_max_dbfs")
    for first, after in runs(lasting_at_least(grid.level_db < gate, SILENCE_LEAST)):
        quiet = Claim(signal="loudness.rms", op="<", threshold=gate, scale=3.0, reduce="p90")
        unit = judged(reading, "aes.tech.silence", "true", grid.span(first, after, reading.span), [quiet])
        if unit.status != "abstain":
            yield unit


def parts(grid: Cells, gate_dbfs: float) -> list[tuple[int, int, int]]:
    """Return (kind, first cell, cell after) of the parts that tile the sound."""
    return _refined(tiled(_kinds(grid, gate_dbfs), PART_LEAST), grid)


def _refined(found: list[tuple[int, int, int]], grid: Cells) -> list[tuple[int, int, int]]:
    """Return the parts with each bound of music, found in windows of two seconds, moved to where the tones
    set in."""
    result = [list(part) for part in found]
    for before, after in pairwise(result):
        if (before[0] in (MUSIC, MIXED)) == (after[0] in (MUSIC, MIXED)) or SILENCE in (before[0], after[0]):
            continue
        low = max(before[1] + PART_LEAST, after[1] - REFINE)
        places = range(low, min(after[2] - PART_LEAST, after[1] + REFINE) + 1)
        sign = 1 if after[0] in (MUSIC, MIXED) else -1
        if len(places):
            before[2] = after[1] = max(places, key=lambda at: sign * _tones_set_in(grid, at))
    return [(kind, first, last) for kind, first, last in result]


def _tones_set_in(grid: Cells, at: int) -> float:
    """Return how much more lasts in the second after cell `at` than in the second before."""
    before, after = grid.lasting[max(0, at - 10) : at], grid.lasting[at : at + 10]
    return float(after.mean() - before.mean()) if len(before) and len(after) else 0.0


def _kinds(grid: Cells, gate_dbfs: float) -> npt.NDArray[np.int64]:
    quiet = grid.level_db < gate_dbfs
    voice = filled(grid.voice >= 0.5, SPEECH_GAP)
    silent = lasting_at_least(quiet & ~voice, SILENCE_LEAST)
    music = is_music(grid, ~quiet) & ~silent
    kinds = np.full(len(grid), OTHER, np.int64)
    kinds[music] = MUSIC
    kinds[voice] = SPEECH
    kinds[voice & music] = MIXED
    kinds[silent] = SILENCE
    return kinds


def is_music(grid: Cells, sounding: Mask) -> Mask:
    """Return the cells that hold music."""
    weight = smooth(sounding.astype(np.float64), 20)
    share = smooth(grid.lasting * sounding, 20) / np.maximum(weight, 0.05)
    share = share - VOICE_ALLOWANCE * smooth(grid.voice, 20)
    tonal = held(share, MUSIC_ENTER, MUSIC_LEAVE)
    beating = (grid.pulse >= PULSE) & (share >= PULSE_SHARE)
    found = filled((tonal | beating) & sounding, MUSIC_GAP)
    return _carried(lasting_at_least(found, MUSIC_LEAST), grid)


def _carried(music: Mask, grid: Cells) -> Mask:
    """Return `music` with whole voices added under which it goes on faintly, as it was clear before or after
    them."""
    result = music.copy()
    for first, after in runs(filled(grid.voice >= 0.5, SPEECH_GAP)):
        sides = music[max(0, first - BESIDE) : first].any(), music[after : after + BESIDE].any()
        faint = float(grid.lasting[first:after].mean())
        if any(sides) and faint >= (BRIDGED_SHARE if all(sides) else MUSIC_SHARE):
            result[first:after] = True
    return result


def _dominant(reading: Reading, kind: int, span: Span, gate: float, beside: list[Span]) -> Unit:
    facet = "aes.audio.dominant"
    speaks = Claim(signal="voice.active", op=">=", threshold=VOICE_SHARE, scale=0.2)
    no_voice = Claim(signal="voice.active", op="<=", threshold=NO_VOICE_SHARE, scale=0.15)
    no_music = Claim(signal="music.lasting", op="<=", threshold=MUSIC_SHARE, scale=0.06)
    tones = Claim(signal="music.lasting", op=">=", threshold=MUSIC_SHARE, scale=0.06)
    if not tones.truth(reading, span) >= 0.5:
        tones = Claim(signal="tempo.confidence", op=">=", threshold=PULSE - 0.1, scale=0.1)
    loud = Claim(signal="loudness.rms", op=">=", threshold=gate, scale=4.0, reduce="p90")
    if kind == SILENCE:
        quiet = Claim(signal="loudness.rms", op="<", threshold=gate, scale=4.0, reduce="median")
        return judged(reading, facet, "silence", span, [quiet])
    if kind == SPEECH:
        return judged(reading, facet, "speech", span, [speaks, no_music])
    if kind == MUSIC:
        return judged(reading, facet, "music", span, [tones, no_voice])
    if kind == MIXED:
        return _mixed(reading, span, speaks, beside)
    return _other(reading, span, [no_voice, no_music, loud])


def _mixed(reading: Reading, span: Span, speaks: Claim, beside: list[Span]) -> Unit:
    """Return voice over music: by tones that clearly last under the voice, or by music beside it that goes
    on faintly."""
    under = Claim(signal="music.lasting", op=">=", threshold=MIXED_SHARE, scale=0.06)
    if not beside or under.truth(reading, span) >= CLEAR:
        return judged(reading, "aes.audio.dominant", "mixed", span, [speaks, under], at_most=0.8)
    music = max(beside, key=lambda near: near.duration_s)
    faint = [
        Claim(signal="music.lasting", op=">=", threshold=BRIDGED_SHARE * 0.9, scale=0.04),
        Claim(signal="music.lasting", op=">=", threshold=MUSIC_SHARE, scale=0.06, over=music),
    ]
    return judged(reading, "aes.audio.dominant", "mixed", span, [speaks, *faint], at_most=0.65)


def _other(reading: Reading, span: Span, claims: list[Claim]) -> Unit:
    """Return ambience, an effect, or an abstention for sound that is neither voice nor music."""
    facet = "aes.audio.dominant"
    onsets = reading.value("onsets.onset", "count", span) if "onsets.onset" in reading.tracks else 0.0
    rate = onsets / max(span.duration_s, STEP_S)
    if span.duration_s >= AMBIENCE_LEAST_S and rate <= AMBIENCE_ONSETS:
        return judged(reading, facet, "ambience", span, claims, at_most=0.75)
    strong = Claim(signal="onsets.strength", op=">=", threshold=SFX_STRENGTH, scale=8.0, reduce="max")
    if span.duration_s <= SFX_LONGEST_S:
        return judged(reading, facet, "sfx", span, [*claims, strong], at_most=0.65)
    listen = AudioEvidence(span=span)
    return reading.abstain(
        facet, span=span, reason="neither voice nor lasting tones, but many onsets", evidence=[listen]
    )


def intensity(reading: Reading) -> Track | None:
    """Return the track of intensity, 0..1: the rank of loudness within this video, with a share of onset
    strength."""
    loud = reading.tracks.get("loudness.short_term")
    if (
        loud is None
        or len(loud.over(reading.span)) < 2
        or reading.value("loudness.rms", "p90", reading.span) < INTENSITY_MIN_DBFS
    ):
        return None
    level = loud.values.astype(np.float64)
    rank = _ranks(level) if np.ptp(np.percentile(level, (5, 95))) >= EVEN_LU else np.full(len(level), 0.5)
    strength = reading.tracks.get("onsets.strength")
    if strength is not None and len(strength):
        around = smooth(strength.values.astype(np.float64), 300)
        flux = np.interp(loud.times_s, strength.times_s, around)
        rank = (1 - FLUX_SHARE) * rank + FLUX_SHARE * (_ranks(flux) if np.ptp(flux) > 1 else 0.5)
    return Track(name="audio.intensity", unit="", kind="sampled", times_s=loud.times_s, values=smooth(rank, 10))


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the share of values not above each, its ties averaged, 0..1."""
    ordered = np.sort(values)
    low, high = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    return np.asarray((low + high) / 2 / len(values))


def _intensities(reading: Reading, curve: Track) -> Iterator[Unit]:
    """Yield one unit a stretch of about equal intensity, at least INTENSITY_S long; they tile the sound."""
    inside = curve.slice(reading.span)
    fifth = np.minimum((curve.values[inside] * LEVELS).astype(np.int64), LEVELS - 1)
    bounds = [inside.start + first for _, first, _ in tiled(fifth, round(INTENSITY_S / STEP_S))]
    times = [reading.span.start_s, *(float(curve.times_s[i]) for i in bounds[1:]), reading.span.end_s]
    spans = [Span.of(a, b) for a, b in pairwise(times)]
    at = 1
    while at < len(spans):  # the mean of a stretch, not of its cells, decides: equal neighbours become one
        if _fifth(reading, spans[at - 1]) == _fifth(reading, spans[at]):
            spans[at - 1 : at + 1] = [spans[at - 1].union(spans[at])]
            at = max(1, at - 1)
        else:
            at += 1
    for span in spans:
        yield _intensity(reading, _fifth(reading, span), span, even=len(spans) == 1)


def _fifth(reading: Reading, span: Span) -> int:
    return min(int(rounded(reading.value("audio.intensity", "mean", span)) * LEVELS), LEVELS - 1)


def _intensity(reading: Reading, level: int, span: Span, *, even: bool) -> Unit:
    evidence = []
    if level > 0:
        evidence.append(reading.metric("audio.intensity", ">=", level / LEVELS, span))
    if level < LEVELS - 1:
        evidence.append(reading.metric("audio.intensity", "<=", (level + 1) / LEVELS, span))
    evidence.append(reading.measured("loudness.short_term", span, "median"))
    return reading.unit(
        "aes.audio.intensity",
        label=str(level + 1),
        span=span,
        confidence=0.5 if even else 0.7,
        level="event",
        evidence=evidence,
    )
