"""Spoken words with known times: espeak-ng's voice where its library is installed, else a voice-like noise.

espeak-ng reports the sample at which each word begins, so word times are its own; a word ends where the next one
begins or, when it is quiet before that, where its sound does. The stand-in is a train of glottal pulses through three
resonators a syllable (source-filter model, Fant 1960) after a burst of noise.
"""

from __future__ import annotations

import ctypes.util
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sestina.core.storyboard import Word
from sestina.render.parts.sound import Speech

F32 = npt.NDArray[np.float32]

SAMPLE_RATE_HZ = 48_000
"""Rate of all sound that is rendered."""

WORKER = Path(__file__).with_name("espeak_worker.py")
"""The file that is run for every phrase."""

VOICE, NO_VOICE = "en-us", 3
"""Voice of speech that names none, and how the worker ends where a voice is not known."""

QUIET = 0.02
"""Share of the loudest sample below which a voice counts as silent."""

VOWELS = (
    (730, 1090, 2440), (530, 1840, 2480), (390, 1990, 2550), (570, 840, 2410), (440, 1020, 2240), (640, 1190, 2390),
)  # fmt: skip
"""First three formants of a, e, i, o, u and the mid vowel, Hz (Peterson and Barney 1952, men)."""


@dataclass(frozen=True)
class Spoken:
    """A voice, float32 [n] at 48 kHz, and its words, seconds from the voice's start."""

    samples: F32
    words: tuple[Word, ...]
    engine: str


@lru_cache(maxsize=64)
def say(speech: Speech) -> Spoken:
    """Return the words of `speech` as sound with word times; the same every time on one machine.

    Raises ValueError when espeak-ng has no voice of that name.
    """
    answer = _espoken(speech) if speech.natural and has_espeak() else None
    return answer if answer is not None else _hummed(speech)


@lru_cache(maxsize=1)
def has_espeak() -> bool:
    """Return whether espeak-ng's library is installed."""
    return ctypes.util.find_library("espeak-ng") is not None


def _espoken(speech: Speech) -> Spoken | None:
    """Return espeak-ng's voice, or None when its library is there but gives no sound."""
    voice = speech.voice or VOICE
    asked = {"text": speech.text, "voice": voice, "words_per_min": speech.words_per_min, "pitch": speech.pitch}
    command = [sys.executable, "-I", "-S", str(WORKER)]
    try:
        done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == NO_VOICE:
        raise ValueError(f"espeak-ng has no voice {voice!r}: `espeak-ng --voices` lists those it has")
    head, _, raw = done.stdout.partition(b"\n")
    if done.returncode or not raw:
        return None
    facts = json.loads(head)
    wave = np.frombuffer(raw, np.int16).astype(np.float32)
    wave = wave / max(1e-6, float(np.abs(wave).max()))
    words = _words(speech.text, facts["marks"], wave, facts["rate_hz"])
    return Spoken(_resampled(wave, facts["rate_hz"]), words, "espeak-ng")


def _words(text: str, marks: list[tuple[int, int, int]], voice: F32, rate_hz: int) -> tuple[Word, ...]:
    """Return the words at (milliseconds, first character, characters); marks of punctuation end the word before."""
    starts_s = [mark[0] / 1000 for mark in marks] + [len(voice) / rate_hz]
    words = []
    for (_, first, count), start_s, end_s in zip(marks, starts_s, starts_s[1:], strict=False):
        said = text[first : first + count].strip(".,!?;: ")
        if said:
            words.append(_word(said, start_s, _sounding_end(voice, rate_hz, start_s, end_s)))
    return tuple(words)


def _word(text: str, start_s: float, end_s: float) -> Word:
    return Word(text=text.strip(".,!?;:"), start_s=round(start_s, 3), end_s=round(end_s, 3))


def _sounding_end(voice: F32, rate_hz: int, start_s: float, end_s: float) -> float:
    """Return where the sound between two times stops, at the latest `end_s`."""
    piece = np.abs(voice[round(start_s * rate_hz) : round(end_s * rate_hz)])
    loud = np.flatnonzero(piece > QUIET)
    return start_s + (int(loud[-1]) + 1) / rate_hz if len(loud) else end_s


def _resampled(voice: F32, rate_hz: int) -> F32:
    """Return the voice at 48 kHz, its spectrum filled up with zeros; added silence keeps its ends apart."""
    length = round(len(voice) * SAMPLE_RATE_HZ / rate_hz)
    padded = len(voice) + rate_hz // 2
    wide = round(padded * SAMPLE_RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(voice, padded)
    return np.asarray(np.fft.irfft(spectrum, wide)[:length] * (wide / padded), np.float32)


def _hummed(speech: Speech) -> Spoken:
    """Return a voice-like noise: one vowel for every group of vowel letters, in time with the words."""
    rng = np.random.default_rng([speech.seed, 21])
    syllable_s = 60 / speech.words_per_min / 1.9
    blocks, words, now_s = [], [], 0.0
    base_hz = 90 + speech.pitch * 0.9
    for text in speech.text.split():
        start_s = now_s
        for _ in range(max(1, len(re.findall(r"[aeiouy]+", text.lower())))):
            block = _syllable(rng, base_hz * float(rng.uniform(0.88, 1.15)), syllable_s * float(rng.uniform(0.85, 1.2)))
            blocks.append(block)
            now_s += len(block) / SAMPLE_RATE_HZ
        words.append(_word(text, start_s, now_s))
        pause = np.zeros(round(SAMPLE_RATE_HZ * (0.28 if text[-1] in ".,!?;:" else 0.05)), np.float32)
        blocks.append(pause)
        now_s += len(pause) / SAMPLE_RATE_HZ
    voice = np.concatenate(blocks)
    return Spoken(voice / max(1e-6, float(np.abs(voice).max())), tuple(words), "voice-like noise")


def _syllable(rng: np.random.Generator, pitch_hz: float, length_s: float) -> F32:
    n = round(length_s * SAMPLE_RATE_HZ)
    glide = pitch_hz * np.linspace(1.04, 0.94, n)
    phase = np.cumsum(glide) / SAMPLE_RATE_HZ
    pulses = np.diff(np.floor(phase), prepend=0.0) + 0.01 * rng.standard_normal(n)
    voice = np.zeros(n)
    for formant_hz, width_hz in zip(VOWELS[int(rng.integers(len(VOWELS)))], (80, 100, 140), strict=True):
        voice += _resonated(pulses, formant_hz, width_hz)
    burst = rng.standard_normal(n) * np.exp(-np.arange(n) / (0.02 * SAMPLE_RATE_HZ)) * 0.15 * np.abs(voice).max()
    envelope = np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / (0.03 * SAMPLE_RATE_HZ))
    return np.asarray(voice * envelope + burst, np.float32)


def _resonated(pulses: npt.NDArray[np.float64], centre_hz: float, width_hz: float) -> npt.NDArray[np.float64]:
    """Return a signal through a two-pole resonator, by its impulse response."""
    n = np.arange(len(pulses))
    radius = np.exp(-np.pi * width_hz / SAMPLE_RATE_HZ)
    turn = 2 * np.pi * centre_hz / SAMPLE_RATE_HZ
    response = (1 - radius) * radius**n * np.sin((n + 1) * turn) / np.sin(turn)
    size = 2 * len(pulses)
    ringing = np.fft.irfft(np.fft.rfft(pulses, size) * np.fft.rfft(response, size), size)
    return np.asarray(ringing[: len(pulses)], np.float64)
