"""The sound of a clip: music with known beats, spoken words with known times, accents, silence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sestina.core.storyboard import Word
from sestina.render.parts.sound import Hit, Music, Sound
from sestina.render.speech import SAMPLE_RATE_HZ, say

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

PROGRESSIONS = ((0, 5, 3, 4), (0, 3, 5, 4), (5, 3, 0, 4), (0, 4, 5, 3))
"""Chords of four bars as steps of the scale, by turns of the seed."""

SCALE = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the major scale."""

CEILING = 0.95
"""Largest sample of the mix, of 1."""


@dataclass(frozen=True, kw_only=True)
class Soundtrack:
    """A clip's sound and what is true of it.

    Args:
        samples: float32 [2, n] at 48 kHz.
        words: spoken words, seconds from the start.
        beats_s: times of the beats, seconds.
        hits_s: times of the accents, seconds.
        tempo_bpm: beats a minute, None without music.
        voice: engine of the speech, "" without any.
    """

    samples: F32
    words: tuple[Word, ...] = ()
    beats_s: tuple[float, ...] = ()
    hits_s: tuple[float, ...] = ()
    tempo_bpm: float | None = None
    voice: str = ""


def soundtrack(sound: Sound, duration_s: float) -> Soundtrack:
    """Return the sound of a clip of `duration_s` seconds."""
    n = round(duration_s * SAMPLE_RATE_HZ)
    mix = np.zeros((2, n), np.float32)
    voice, words, engine = _voices(sound, n)
    beats: tuple[float, ...] = ()
    if sound.music is not None:
        beats = tuple(float(t) for t in beat_times(sound.music, duration_s))
        mix += _bed(sound.music, beats, n) * _ducked(voice, sound.duck_db)
    mix += voice
    for hit in sound.hits:
        _add(mix, _accent(hit), hit.at_s)
    if sound.room_noise > 0:
        mix += sound.room_noise * np.random.default_rng(9).standard_normal((2, n)).astype(np.float32)
    peak = float(np.abs(mix).max()) if n else 0.0
    if peak > CEILING:
        mix *= CEILING / peak
    return Soundtrack(
        samples=mix, words=words, beats_s=beats, hits_s=tuple(hit.at_s for hit in sound.hits),
        tempo_bpm=None if sound.music is None else sound.music.tempo_bpm, voice=engine,
    )  # fmt: skip


def beat_times(music: Music, duration_s: float) -> F64:
    """Return the times of all beats of a bed inside a clip, seconds."""
    end_s = duration_s if music.end_s is None else min(music.end_s, duration_s)
    step_s = 60 / music.tempo_bpm
    first = max(0, math.ceil((music.start_s - music.first_beat_s) / step_s - 1e-9))
    count = max(0, math.ceil((end_s - music.first_beat_s) / step_s - 1e-9) - first)
    return np.asarray(music.first_beat_s + step_s * (first + np.arange(count)), np.float64)


def _voices(sound: Sound, n: int) -> tuple[F32, tuple[Word, ...], str]:
    track = np.zeros((2, n), np.float32)
    words: list[Word] = []
    engine = ""
    for speech in sound.speech:
        spoken = say(speech)
        engine = spoken.engine
        _add(track, np.stack([spoken.samples] * 2) * speech.gain, speech.start_s)
        for word in spoken.words:
            start_s, end_s = word.start_s + speech.start_s, word.end_s + speech.start_s
            if end_s <= n / SAMPLE_RATE_HZ:
                words.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
    return track, tuple(words), engine


def _add(mix: F32, piece: F32, at_s: float) -> None:
    """Add a [2, m] or [m] piece to the mix from a time on, cut at the end."""
    start = round(at_s * SAMPLE_RATE_HZ)
    length = min(piece.shape[-1], mix.shape[1] - start)
    if length > 0:
        mix[:, start : start + length] += piece[..., :length]


def _ducked(voice: F32, duck_db: float) -> F32:
    """Return the gain [n] of the music under a voice: down while it speaks, soft at both ends."""
    window = round(0.25 * SAMPLE_RATE_HZ)
    talking = np.abs(voice[0]) > 0.01
    near = np.convolve(talking[::48].astype(np.float32), np.ones(window // 48, np.float32), "same") > 0
    soft = np.convolve(near.astype(np.float32), np.ones(150, np.float32) / 150, "same")
    smooth = np.interp(np.arange(len(talking)), np.arange(len(soft)) * 48, soft)
    return np.asarray(10 ** (-duck_db * smooth / 20), np.float32)


def _bed(music: Music, beats: tuple[float, ...], n: int) -> F32:
    """Return kick, hat, bass and chords, [2, n]."""
    bed = np.zeros((2, n), np.float32)
    step_s = 60 / music.tempo_bpm
    kick, hat = _kick(), _hat(music.seed)
    root_hz = 110 * 2 ** ((music.seed % 5) / 12)
    chords = PROGRESSIONS[music.seed % len(PROGRESSIONS)]
    for number, beat_s in enumerate(beats):
        _add(bed, kick, beat_s)
        _add(bed, 0.5 * hat, beat_s + step_s / 2)
        step = chords[number // 4 % 4]
        _add(bed, _bass(_scale_hz(root_hz, step) / 2, step_s * 0.9), beat_s)
        if number % 4 == 0:
            _add(bed, _pad(root_hz * 2, step, 4 * step_s), beat_s)
    end = n if music.end_s is None else min(n, round(music.end_s * SAMPLE_RATE_HZ))
    bed[:, end:] = 0
    return music.gain * bed


def _scale_hz(root_hz: float, step: int) -> float:
    return float(root_hz * 2 ** ((SCALE[step % 7] + 12 * (step // 7)) / 12))


def _times(length_s: float) -> F64:
    return np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ


def _kick() -> F32:
    t = _times(0.22)
    sweep = np.cumsum(50 + 110 * np.exp(-t * 38)) / SAMPLE_RATE_HZ
    click = np.exp(-t * 900) * 0.5
    return np.asarray(1.1 * np.sin(2 * np.pi * sweep) * np.exp(-t * 16) + click, np.float32)


def _hat(seed: int) -> F32:
    t = _times(0.06)
    noise = np.diff(np.random.default_rng([seed, 31]).standard_normal(len(t) + 1))
    return np.asarray(0.22 * noise * np.exp(-t * 90), np.float32)


def _bass(hz: float, length_s: float) -> F32:
    t = _times(length_s)
    fade = np.minimum(1, np.minimum(t / 0.01, (length_s - t) / 0.03))
    return np.asarray(0.35 * (np.sin(2 * np.pi * hz * t) + 0.2 * np.sin(4 * np.pi * hz * t)) * fade, np.float32)


def _pad(root_hz: float, step: int, length_s: float) -> F32:
    """Return a soft chord of three notes, a little wide, [2, m]."""
    t = _times(length_s)
    fade = np.minimum(1, np.minimum(t / 0.08, (length_s - t) / 0.12))
    sides = []
    for detune in (0.998, 1.002):
        tone = np.zeros_like(t)
        for degree in (0, 2, 4):
            hz = _scale_hz(root_hz, step + degree) * detune
            tone += np.sin(2 * np.pi * hz * t) + 0.3 * np.sin(4 * np.pi * hz * t) + 0.12 * np.sin(6 * np.pi * hz * t)
        sides.append(0.09 * tone * fade)
    return np.asarray(np.stack(sides), np.float32)


def _accent(hit: Hit) -> F32:
    rng = np.random.default_rng([31, len(hit.kind)])
    if hit.kind == "boom":
        t = _times(0.7)
        wave = np.sin(2 * np.pi * np.cumsum(36 + 70 * np.exp(-t * 14)) / SAMPLE_RATE_HZ) * np.exp(-t * 5)
    elif hit.kind == "click":
        t = _times(0.03)
        wave = rng.standard_normal(len(t)) * np.exp(-t * 240)
    elif hit.kind == "whoosh":
        t = _times(0.5)
        rough = np.convolve(rng.standard_normal(len(t)), np.ones(24) / 10, "same")
        wave = rough * np.sin(np.pi * t / 0.5) ** 2
    else:
        t = _times(0.8)
        wave = (np.sin(2 * np.pi * 1318.5 * t) + 0.5 * np.sin(2 * np.pi * 2637 * t)) * np.exp(-t * 7)
    return np.asarray(hit.gain * wave, np.float32)
