"""How the sound is packaged: silent or not, when it starts, how loud for a platform, and sudden loud
peaks."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import AudioEvidence, Evidence, Op
from sestina.core.profiles import fitting
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions._hearing import Claim, judged

STARTS_AT_ONCE_S = 0.1
SOUND_LEAST = 5
"""Hundredths of a second in a row that must be above the gate: fewer are a click of the codec or an edit."""

SILENT_SHARE_DBFS = -50.0
BED_SHARE, VOICE_SHARE = 0.5, 0.2
"""Share of the video with music that makes it a bed, and with voice that makes the voice the point."""

ANYWHERE_LUFS = (-18.0, -9.0)
"""Integrated loudness that online services play without turning it far up or down, where no profile fits the
picture."""

BROADCAST = "ctv"
"""Platform whose loudness is a norm of its own (-23), not asked of online videos of the same shape."""

CEILING_DBTP = -1.0
"""True peak above which lossy codecs clip (EBU R 128, AES TD1008)."""

PEAK_OVER_LU = 12.0
"""Momentary loudness over the integrated one that startles; loud syllables and drums reach 8."""


@parsers.register(
    "dissemination.sound",
    card=Card(
        summary="Silence, music bed, time of the first sound, loudness for playing online, sudden loud peaks.",
        source="EBU R 128 (2020); AES TD1008 (2021)",
    ),
    facets=("diss.sound", "diss.sound.loudness_ok", "diss.silent_start", "diss.safety.loud_peak"),
    optional=("loudness", "voice", "music"),
    after=("aes.audio.dominant",),
)
class Sound:
    """Yields packaging of the sound; a video without sound is `silent` by its metadata."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield what the sound says of itself."""
        whole = reading.span
        if reading.media.audio is None:
            evidence: list[Evidence] = [reading.metadata("audio")]
            yield reading.unit("diss.sound", label="silent", span=whole, level="video", evidence=evidence)
            return
        if "loudness.rms" not in reading.tracks:
            return
        gate = reading.threshold("diss.silent_start", "sound_min_dbfs")
        first = first_sound(reading, gate)
        if first is None:
            yield from _silent(reading, gate)
            return
        yield _start(reading, gate, first)
        yield from _packaging(reading)
        yield from _loudness(reading)
        yield from _peaks(reading)


def first_sound(reading: Reading, gate_dbfs: float) -> float | None:
    """Return the time of the first sound above the gate, seconds; None when there is none."""
    level = reading.track("loudness.rms")
    inside = level.slice(reading.span)
    above = (level.values[inside] > gate_dbfs).astype(np.int64)
    if len(above) < SOUND_LEAST:
        return None
    lasting = np.convolve(above, np.ones(SOUND_LEAST, np.int64), mode="valid") == SOUND_LEAST
    if not lasting.any():
        return None
    return max(float(level.times_s[inside][int(lasting.argmax())]) - 0.005, reading.span.start_s)


def _silent(reading: Reading, gate: float) -> Iterator[Unit]:
    quiet = Claim(signal="loudness.rms", op="<=", threshold=gate, scale=3.0, reduce="p99")
    yield judged(reading, "diss.sound", "silent", reading.span, [quiet])
    reason = "no sound ever rises above the gate"
    yield reading.abstain("diss.silent_start", span=reading.span, reason=reason)


def _start(reading: Reading, gate: float, first_s: float) -> Unit:
    """Return the time from the video's start to its first sound."""
    whole = reading.span
    sounding = Span.of(first_s, first_s + SOUND_LEAST * 0.01).clipped(whole)
    evidence: list[Evidence] = [reading.metric("loudness.rms", ">", gate, sounding, "max")]
    before = Span.of(whole.start_s, first_s)
    if first_s - whole.start_s > STARTS_AT_ONCE_S and len(reading.track("loudness.rms").over(before)):
        evidence.append(reading.metric("loudness.rms", "<=", gate, before, "median"))
    else:
        evidence.append(AudioEvidence(span=sounding))
    return reading.unit(
        "diss.silent_start", value=first_s - whole.start_s, span=whole, confidence=0.95, evidence=evidence
    )


def _packaging(reading: Reading) -> Iterator[Unit]:
    """Yield the coarse kinds that sound alone shows: a bed of music; else abstain over the voice's origin."""
    parts = reading.of("aes.audio.dominant")
    total = reading.span.duration_s
    music = [unit for unit in parts if unit.label in ("music", "mixed")]
    voice = sum(unit.span.duration_s for unit in parts if unit.label in ("speech", "mixed"))
    if music and sum(unit.span.duration_s for unit in music) >= BED_SHARE * total:
        weakest = min(unit.confidence for unit in music)
        yield reading.unit(
            "diss.sound", label="licensed_music_bed", span=reading.span, level="video",
            confidence=0.6 * weakest, status="inferred", evidence=reading.cite(*music),
            attributes={"note": "music lies under most of the video; whether it is licensed cannot be heard"},
        )  # fmt: skip
    elif voice >= VOICE_SHARE * total:
        speaking = [unit for unit in parts if unit.label in ("speech", "mixed")]
        reason = "a voice carries the sound; original voice, voice-over or synthesis needs the picture or a model"
        yield reading.abstain("diss.sound", span=reading.span, reason=reason, evidence=reading.cite(*speaking))
    else:
        yield reading.abstain("diss.sound", span=reading.span, reason="neither a voice nor music carries the sound")


def _loudness(reading: Reading) -> Iterator[Unit]:
    """Yield whether the loudness suits the profiles of this shape of picture, with their names and limits."""
    facet, whole = "diss.sound.loudness_ok", reading.span
    names, low, high = wanted_loudness(reading)
    value = _value(reading, "loudness.integrated", "last")
    peak = _value(reading, "loudness.true_peak", "max")
    if math.isnan(value + peak):
        yield reading.abstain(facet, span=whole, reason="too quiet or too short to have an integrated loudness")
        return
    checks: list[tuple[str, str, Op, float, bool]] = [
        ("loudness.integrated", "last", ">=", low, value >= low),
        ("loudness.integrated", "last", "<=", high, value <= high),
        ("loudness.true_peak", "max", "<=", CEILING_DBTP, peak <= CEILING_DBTP),
    ]
    passed = all(check[-1] for check in checks)
    opposite: dict[Op, Op] = {">=": "<", "<=": ">"}
    evidence: list[Evidence] = [
        reading.metric(signal, op if ok else opposite[op], limit, whole, how)
        for signal, how, op, limit, ok in checks
        if ok == passed
    ]
    margin = min(abs(value - low), abs(value - high), abs(peak - CEILING_DBTP))
    yield reading.unit(
        facet, label="true" if passed else "false", span=whole, confidence=0.95 if margin > 0.3 else 0.7,
        evidence=evidence, attributes={"profiles": names, "lufs_min": low, "lufs_max": high, "dbtp_max": CEILING_DBTP},
    )  # fmt: skip


def wanted_loudness(reading: Reading) -> tuple[list[str], float, float]:
    """Return (names of the online profiles that fit the picture's shape, lowest and highest LUFS that suit
    all)."""
    found = [profile for profile in fitting(reading.media) if profile.platform != BROADCAST]
    if not found:
        return ["any"], *ANYWHERE_LUFS
    low, high = max(p.loudness_lufs.min for p in found), min(p.loudness_lufs.max for p in found)
    return [f"{profile.id} {profile.version}" for profile in found], low, high


def _value(reading: Reading, signal: str, how: str) -> float:
    """Return a track reduced over the video, NaN when it was not measured."""
    return reading.value(signal, how, reading.span) if signal in reading.tracks else math.nan


def _peaks(reading: Reading) -> Iterator[Unit]:
    """Yield moments far louder than the rest."""
    level = reading.tracks.get("loudness.momentary")
    limit = _value(reading, "loudness.integrated", "last") + PEAK_OVER_LU
    if level is None or math.isnan(limit):
        return
    over = np.asarray(level.values > limit)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], over.astype(np.int8), [0]])))
    for first, after in edges.reshape(-1, 2).tolist():
        span = Span.of(float(level.times_s[first]) - 0.2, float(level.times_s[after - 1]) + 0.2).clipped(reading.span)
        claim = Claim(signal="loudness.momentary", op=">", threshold=limit, scale=2.0, reduce="max")
        unit = judged(reading, "diss.safety.loud_peak", "true", span, [claim], at_most=0.85)
        if unit.status != "abstain":
            yield unit
