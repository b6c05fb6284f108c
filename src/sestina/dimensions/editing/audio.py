"""What the edit did to the sound: music in and out, silence, ducking, fades, hits, and jumps of the room at
cuts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import AudioEvidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._hearing import Claim, Mask, cells, judged, lasting_at_least, runs

FACET = "edit.audio"
MUSICAL = ("music", "mixed")

GAP_S = 0.8
"""Shortest silence between sounds that is a gap of the edit and not a breath."""

DUCK_DB, DUCK_LEAST_S, DUCK_TONES = 6.0, 1.0, 0.10
"""Music is ducked when, in the pauses of the voice over it, it lies this much under where nobody speaks."""

FADE_DB, FADE_LEAST_S, FADE_MOST_S, FADE_FLOOR_DB = 20.0, 1.2, 8.0, -70.0
FADE_STRAIGHT = 0.85
"""Correlation of the level with time above which a slope is a fade and not a sound that dies away in
steps."""

ROOM_DB, ROOM_S = 8.0, 1.5
ROOM_LEAST_S, BESIDE_VOICE_S = 0.2, 0.1
"""Room tone is heard between voices: so much of it is needed on either side of the cut, that far from any
voice."""

CUT_FALL_DB, CUT_NEAR_S = 20.0, 0.06


@parsers.register(
    "editing.audio",
    card=Card(summary="Music in and out, silence gaps, ducking, fades, hits, voice cut off and room tone that jumps."),
    facets=(FACET,),
    signals=("loudness",),
    optional=("voice", "music", "onsets"),
    after=("aes.audio.dominant", "aes.audio.accent", "edit.transition"),
    derives=("sound_edit.room", "sound_edit.fall"),
)
class SoundEdits:
    """Yields events; where a number is too near its limit there is none."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield what the edit did to the sound."""
        curves = [room_track(reading), fall_track(reading)]
        yield from curves
        for unit in (
            *_music(reading), *_gaps(reading), *_ducks(reading), *_fades(reading), *_hits(reading), *_joins(reading),
        ):  # fmt: skip
            if unit.status != "abstain":
                yield unit


def _music(reading: Reading) -> Iterator[Unit]:
    """Yield where music begins and ends inside the video."""
    parts = [unit for unit in reading.of("aes.audio.dominant") if unit.span.duration_s > 0]
    musical = [unit.label in MUSICAL for unit in parts]
    for (before, after), (was, now) in zip(pairwise(parts), pairwise(musical), strict=True):
        if was == now or "abstain" in (before.status, after.status):
            continue
        side = after if now else before
        others = before if now else after
        at = Span.at(after.span.start_s)
        tones = reading.value("music.lasting", "mean", side.span)
        rest = reading.value("music.lasting", "mean", others.span)
        if not tones > 2 * rest:
            continue
        limit = (tones + rest) / 2
        yield reading.unit(
            FACET,
            label="music_in" if now else "music_out",
            span=at,
            confidence=0.9 * min(side.confidence, others.confidence),
            evidence=[
                reading.metric("music.lasting", ">=", limit, side.span),
                reading.metric("music.lasting", "<", limit, others.span),
                *reading.cite(before, after),
            ],
        )


def _gaps(reading: Reading) -> Iterator[Unit]:
    """Yield silences inside the sound."""
    grid = cells(reading)
    gate = reading.threshold("aes.audio.dominant", "silence_max_dbfs")
    quiet = lasting_at_least(grid.level_db < gate, round(GAP_S / 0.1))
    for first, after in runs(quiet):
        if first > 0 and after < len(grid):
            silent = Claim(signal="loudness.rms", op="<", threshold=gate, scale=5.0, reduce="p75")
            yield judged(reading, FACET, "silence_gap", grid.span(first, after, reading.span), [silent], at_most=0.9)


def _ducks(reading: Reading) -> Iterator[Unit]:
    """Yield voices over music that lies lower than the music beside them."""
    parts = [unit for unit in reading.of("aes.audio.dominant") if unit.status != "abstain"]
    for i, unit in enumerate(parts):
        beside = [p for p in parts[max(0, i - 1) : i + 2] if p.label == "music" and p.span.duration_s >= DUCK_LEAST_S]
        if unit.label not in ("mixed", "speech") or not beside or unit.span.duration_s < DUCK_LEAST_S:
            continue
        clear = max(beside, key=lambda part: part.span.duration_s)
        level = reading.value("loudness.rms", "median", clear.span)
        if not reading.value("music.lasting", "mean", unit.span) >= DUCK_TONES:
            continue
        claims = [
            Claim(signal="loudness.rms", op="<=", threshold=level - DUCK_DB, scale=4.0, reduce="p05"),
            Claim(signal="voice.active", op=">=", threshold=0.5, scale=0.2),
            Claim(signal="music.lasting", op=">=", threshold=DUCK_TONES * 0.9, scale=0.04),
        ]
        also = [reading.measured("loudness.rms", clear.span, "median"), *reading.cite(clear)]
        yield judged(reading, FACET, "duck_under_voice", unit.span, claims, at_most=0.75, also=also)


def _fades(reading: Reading) -> Iterator[Unit]:
    """Yield where the sound comes out of silence or goes into it along a straight line."""
    level = reading.track("loudness.rms")
    smooth = np.convolve(np.pad(np.maximum(level.values, -90.0), 10, mode="edge"), np.full(21, 1 / 21), mode="valid")
    for first, after in runs(np.asarray(smooth > FADE_FLOOR_DB)):
        if after - first < FADE_LEAST_S * 100:
            continue
        body = smooth[first:after]
        loud = float(np.percentile(body, 75)) - 3
        above = np.flatnonzero(body >= loud)
        for rise, part in ((True, body[: above[0] + 1]), (False, body[above[-1] :])):
            start = first if rise else first + int(above[-1])
            if unit := _fade(reading, level, part, start, rise=rise):
                yield unit


def _fade(reading: Reading, level: Track, part: np.ndarray, first: int, *, rise: bool) -> Unit | None:
    """Return the fade that `part` of the smoothed level, from index `first`, is; None when it is none."""
    if not FADE_LEAST_S * 100 <= len(part) <= FADE_MOST_S * 100 or np.ptp(part) < FADE_DB:
        return None
    straight = float(np.corrcoef(np.arange(len(part)), part)[0, 1])
    steps = np.abs(np.diff(part[:: max(1, len(part) // 8)]))
    if straight * (1 if rise else -1) < FADE_STRAIGHT or steps.max() > 0.5 * np.ptp(part):
        return None
    times = level.times_s[first], level.times_s[first + len(part) - 1] + 0.01
    span = Span.of(float(times[0]), float(times[1])).clipped(reading.span)
    limit = FADE_DB / 2 if rise else -FADE_DB / 2
    claims = [Claim(signal="loudness.rms", op=">=" if rise else "<=", threshold=limit, scale=6.0, reduce="change")]
    return judged(
        reading, FACET, "audio_fade", span, claims, at_most=0.75, attributes={"to": "sound" if rise else "silence"}
    )


def _hits(reading: Reading) -> Iterator[Unit]:
    """Yield hits that fall on a cut: a sound laid there by the edit."""
    for hit in reading.of("aes.audio.accent"):
        near = [b for b in reading.boundaries if abs(b.span.start_s - hit.span.start_s) <= 0.1]
        if hit.label == "hit" and near:
            metric = reading.measured("onsets.onset", hit.span, "max") if _has_onset(reading, hit.span) else None
            evidence = [*reading.cite(hit, near[0]), *([metric] if metric else []), AudioEvidence(span=hit.span)]
            yield reading.unit(
                FACET, label="sfx_hit", span=hit.span, confidence=0.8 * hit.confidence, evidence=evidence
            )


def _has_onset(reading: Reading, span: Span) -> bool:
    return "onsets.onset" in reading.tracks and reading.value("onsets.onset", "count", span) > 0


def room_track(reading: Reading) -> Track:
    """Return `sound_edit.room`: how much louder it is after each cut than before where nobody speaks, dB."""
    level, free = reading.track("loudness.rms"), between_voices(reading)
    times, values = [], []
    for boundary in reading.boundaries:
        time = boundary.span.start_s
        sides = [level.slice(Span.of(a, b)) for a, b in ((time - ROOM_S, time), (time, time + ROOM_S))]
        heard = [np.maximum(level.values[side][free[side]], -70.0) for side in sides]
        if all(len(side) >= ROOM_LEAST_S * 100 for side in heard):
            times.append(time)
            values.append(float(np.percentile(heard[1], 25) - np.percentile(heard[0], 25)))
    return _events("sound_edit.room", times, values)


def between_voices(reading: Reading) -> Mask:
    """Return which values of `loudness.rms` lie away from any voice."""
    level, voice = reading.track("loudness.rms"), reading.tracks.get("voice.active")
    if voice is None or not len(voice):
        return np.ones(len(level), bool)
    speaks = np.interp(level.times_s, voice.times_s, voice.values) > 0
    beside = np.ones(2 * round(BESIDE_VOICE_S * 100) + 1)
    return np.asarray(np.convolve(speaks, beside, mode="same") == 0)


def fall_track(reading: Reading) -> Track:
    """Return `sound_edit.fall`: at each cut, the level of the 60 ms before less that of the 100 ms after,
    dB."""
    times, values = [], []
    level = reading.track("loudness.rms")
    for boundary in reading.boundaries:
        time = boundary.span.start_s
        before = level.over(Span.of(max(time - CUT_NEAR_S, 0), time))
        after = level.over(Span.of(time + 0.01, time + 0.11))
        if len(before) >= 4 and len(after) >= 8:
            times.append(time)
            values.append(float(np.maximum(before, -90).mean() - np.maximum(after, -90).mean()))
    return _events("sound_edit.fall", times, values)


def _events(name: str, times_s: list[float], values: list[float]) -> Track:
    return Track(
        name=name, unit="dB", kind="event", times_s=np.array(times_s, np.float64), values=np.array(values, np.float64)
    )


def _joins(reading: Reading) -> Iterator[Unit]:
    """Yield cuts at which the room's noise jumps while nobody's music covers it, or a voice breaks off."""
    speaks = "voice.active" in reading.tracks
    for boundary in reading.boundaries:
        time = boundary.span.start_s
        at = Span.at(time)
        around = Span.of(time - ROOM_S, time + ROOM_S).clipped(reading.span)
        covered = any(unit.label in MUSICAL for unit in reading.of("aes.audio.dominant", around))
        jump = reading.value("sound_edit.room", "first", at)
        if not covered and abs(jump) >= ROOM_DB:
            op, limit = (">=", ROOM_DB) if jump > 0 else ("<=", -ROOM_DB)
            claim = Claim(signal="sound_edit.room", op=op, threshold=limit, scale=6.0, reduce="first")  # type: ignore[arg-type]  # op is one of two literals
            yield judged(reading, FACET, "room_tone_jump", at, [claim], at_most=0.7, also=reading.cite(boundary))
        before = Span.of(time - 0.15, time).clipped(reading.span)
        if speaks and reading.value("voice.active", "mean", before) > 0.5:
            fall = Claim(signal="sound_edit.fall", op=">=", threshold=CUT_FALL_DB, scale=8.0, reduce="first")
            spoke = Claim(signal="voice.active", op=">=", threshold=0.5, scale=0.2, over=before)
            yield judged(reading, FACET, "voice_cut", at, [fall, spoke], at_most=0.7, also=reading.cite(boundary))
