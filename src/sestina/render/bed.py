"""Music with known beats, in several styles."""

from __future__ import annotations

import math

import numpy as np

from sestina.render.parts.sound import BEATS_PER_BAR, Music
from sestina.render.speech import SAMPLE_RATE_HZ
from sestina.render.waves import F32, F64, add, times

PROGRESSIONS = ((0, 5, 3, 4), (0, 3, 5, 4), (5, 3, 0, 4), (0, 4, 5, 3))
"""Chords of four bars as steps of the scale, by turns of the seed."""

SCALE = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the major scale."""

FADE_FLOOR_DB = -60.0
"""Level from which a fade-in rises and to which a fade-out falls, against the music at its full level."""

BREATH_DB = -20.0
"""Level of the chords in the break before a drop."""


def beat_times(music: Music, duration_s: float) -> F64:
    """Return the times of all beats of a bed inside a clip, seconds; those of `ambient` are not heard as beats."""
    end_s = duration_s if music.end_s is None else min(music.end_s, duration_s)
    step_s = 60 / music.tempo_bpm
    first = first_beat(music)
    count = max(0, math.ceil((end_s - music.first_beat_s) / step_s - 1e-9) - first)
    return np.asarray(music.first_beat_s + step_s * (first + np.arange(count)), np.float64)


def first_beat(music: Music) -> int:
    """Return the number of the first beat that sounds, counted from the downbeat at `first_beat_s`."""
    return max(0, math.ceil((music.start_s - music.first_beat_s) * music.tempo_bpm / 60 - 1e-9))


def bed(music: Music, beats: tuple[float, ...], n: int) -> F32:
    """Return the music, float32 [2, n] at 48 kHz; zero outside its time."""
    out = np.zeros((2, n), np.float32)
    {"four": _four, "waltz": _waltz, "sparse": _sparse, "ambient": _ambient}[music.style](out, music, beats)
    _break(out, music, beats)
    start = round(music.start_s * SAMPLE_RATE_HZ)
    end = n if music.end_s is None else min(n, round(music.end_s * SAMPLE_RATE_HZ))
    out[:, :start] = out[:, end:] = 0
    _faded(out[:, start:end], music.fade_in_s, rises=True)
    _faded(out[:, start:end], music.fade_out_s, rises=False)
    return music.gain * out


def _faded(part: F32, length_s: float, *, rises: bool) -> None:
    """Fade a piece in or out in place, evenly in decibels."""
    n = min(part.shape[1], round(length_s * SAMPLE_RATE_HZ))
    if n > 0:
        gain = (10 ** (np.linspace(FADE_FLOOR_DB, 0, n) / 20)).astype(np.float32)
        if rises:
            part[:, :n] *= gain
        else:
            part[:, -n:] *= gain[::-1]


def _break(out: F32, music: Music, beats: tuple[float, ...]) -> None:
    """Put faint chords in place of everything before the drop."""
    if music.drop_s is None:
        return
    first, after = (max(0, round(at * SAMPLE_RATE_HZ)) for at in (music.drop_s - music.break_s, music.drop_s))
    chords = np.zeros_like(out)
    _ambient(chords, music, beats)
    out[:, first:after] = chords[:, first:after] * np.float32(10 ** (BREATH_DB / 20))


def _four(out: F32, music: Music, beats: tuple[float, ...]) -> None:
    """Kick and bass on every beat, a hat between, a chord a bar."""
    step_s = 60 / music.tempo_bpm
    root_hz, chords = _key(music)
    kick, hat = _kick(), _hat(music.seed)
    for number, beat_s in enumerate(beats, start=first_beat(music)):
        step = chords[number // 4 % 4]
        add(out, kick, beat_s)
        add(out, 0.5 * hat, beat_s + step_s / 2)
        add(out, _bass(scale_hz(root_hz, step) / 2, step_s * 0.9), beat_s)
        if number % 4 == 0:
            add(out, _pad(root_hz * 2, step, 4 * step_s), beat_s)


def _waltz(out: F32, music: Music, beats: tuple[float, ...]) -> None:
    """Kick and bass on the first of three beats, short chords on the others."""
    step_s = 60 / music.tempo_bpm
    root_hz, chords = _key(music)
    kick, hat = _kick(), _hat(music.seed)
    for number, beat_s in enumerate(beats, start=first_beat(music)):
        step = chords[number // 3 % 4]
        if number % 3 == 0:
            add(out, kick, beat_s)
            add(out, _bass(scale_hz(root_hz, step) / 2, step_s * 0.95), beat_s)
        else:
            add(out, 0.8 * hat, beat_s)
            add(out, 1.6 * _pad(root_hz * 2, step, step_s * 0.6, attack_s=0.008), beat_s)


def _sparse(out: F32, music: Music, beats: tuple[float, ...]) -> None:
    """One plucked note a beat that rings on, a soft kick on downbeats."""
    step_s = 60 / music.tempo_bpm
    root_hz, chords = _key(music)
    kick = 0.5 * _kick()
    for number, beat_s in enumerate(beats, start=first_beat(music)):
        step = chords[number // 4 % 4] + (0, 4, 2, 4)[number % 4]
        add(out, _pluck(scale_hz(root_hz * 2, step), 2 * step_s), beat_s)
        if number % 4 == 0:
            add(out, kick, beat_s)


def _ambient(out: F32, music: Music, beats: tuple[float, ...]) -> None:
    """Chords that grow into each other, two bars each."""
    root_hz, chords = _key(music)
    length_s = 8 * 60 / music.tempo_bpm
    start_s, end_s = music.start_s, out.shape[1] / SAMPLE_RATE_HZ
    for number in range(math.ceil((end_s - start_s) / length_s) + 1):
        chord = _pad(root_hz * 2, chords[number % 4], 1.25 * length_s, attack_s=0.25 * length_s)
        add(out, 2.0 * chord, start_s + (number - 0.25) * length_s)


def _key(music: Music) -> tuple[float, tuple[int, ...]]:
    return 110 * 2 ** ((music.seed % 5) / 12), PROGRESSIONS[music.seed % len(PROGRESSIONS)]


def scale_hz(root_hz: float, step: int) -> float:
    """Return the frequency of a step of the major scale over a root, Hz."""
    return float(root_hz * 2 ** ((SCALE[step % 7] + 12 * (step // 7)) / 12))


def _kick() -> F32:
    t = times(0.22)
    sweep = np.cumsum(50 + 110 * np.exp(-t * 38)) / SAMPLE_RATE_HZ
    click = np.exp(-t * 900) * 0.5
    return np.asarray(1.1 * np.sin(2 * np.pi * sweep) * np.exp(-t * 16) + click, np.float32)


def _hat(seed: int) -> F32:
    t = times(0.06)
    noise = np.diff(np.random.default_rng([seed, 31]).standard_normal(len(t) + 1))
    return np.asarray(0.22 * noise * np.exp(-t * 90), np.float32)


def _bass(hz: float, length_s: float) -> F32:
    t = times(length_s)
    fade = np.minimum(1, np.minimum(t / 0.01, (length_s - t) / 0.03))
    return np.asarray(0.35 * (np.sin(2 * np.pi * hz * t) + 0.2 * np.sin(4 * np.pi * hz * t)) * fade, np.float32)


def _pluck(hz: float, length_s: float) -> F32:
    """Return a plucked string: harmonics that fade the sooner the higher they are."""
    t = times(length_s)
    tone = np.zeros_like(t)
    for k in (1, 2, 3, 4, 5):
        tone += np.sin(2 * np.pi * k * hz * t) * np.exp(-t * (1.2 + 1.1 * k)) / k
    fade = np.minimum(1, np.minimum(t / 0.003, (length_s - t) / 0.05))
    return np.asarray(0.35 * tone * fade, np.float32)


def _pad(root_hz: float, step: int, length_s: float, attack_s: float = 0.08) -> F32:
    """Return a soft chord of three notes, a little wide, [2, m]."""
    t = times(length_s)
    fade = np.minimum(1, np.minimum(t / attack_s, (length_s - t) / max(0.12, attack_s)))
    sides = []
    for detune in (0.998, 1.002):
        tone = np.zeros_like(t)
        for degree in (0, 2, 4):
            hz = scale_hz(root_hz, step + degree) * detune
            tone += np.sin(2 * np.pi * hz * t) + 0.3 * np.sin(4 * np.pi * hz * t) + 0.12 * np.sin(6 * np.pi * hz * t)
        sides.append(0.09 * tone * fade)
    return np.asarray(np.stack(sides), np.float32)


def bar(music: Music) -> int:
    """Return how many beats a bar of the music has."""
    return BEATS_PER_BAR[music.style]
