"""Spoken words with known times: espeak-ng's voice where its library is installed, else a voice-like noise.

espeak-ng reports the sample at which each word begins, so word times are its own; a word ends where the next one
begins or, when it is quiet before that, where its sound does. The stand-in is a train of glottal pulses through three
resonators a syllable (source-filter model, Fant 1960) after a burst of noise.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sestina.core.storyboard import Word
from sestina.render.script import Speech

F32 = npt.NDArray[np.float32]

SAMPLE_RATE_HZ = 48_000
"""Rate of all sound that is rendered."""

SYNCHRONOUS, UTF8 = 2, 1
EVENT_END, EVENT_WORD = 0, 1
RATE, PITCH = 1, 3
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


class _Event(ctypes.Structure):
    """`espeak_EVENT` of espeak-ng's speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int), ("uid", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int), ("sample", ctypes.c_int), ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )  # fmt: skip


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


def say(speech: Speech) -> Spoken:
    """Return the words of `speech` as sound with word times."""
    if speech.natural and espeak() is not None:
        return _espoken(speech)
    return _hummed(speech)


@lru_cache(maxsize=1)
def espeak() -> tuple[Any, int] | None:
    """Return espeak-ng's library and its sample rate in Hz, or None where it is not installed."""
    name = ctypes.util.find_library("espeak-ng")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    rate_hz = int(library.espeak_Initialize(SYNCHRONOUS, 0, None, 0))
    return (library, rate_hz) if rate_hz > 0 else None


def _espoken(speech: Speech) -> Spoken:
    found = espeak()
    if found is None:
        return _hummed(speech)
    library, rate_hz = found
    blocks, marks = _synthesised(library, speech)
    voice = np.concatenate(blocks) if blocks else np.zeros(1, np.float32)
    voice = voice / max(1e-6, float(np.abs(voice).max()))
    starts = [position / 1000 for position, _ in marks]
    words = []
    for k, (_, text) in enumerate(marks):
        end_s = starts[k + 1] if k + 1 < len(marks) else len(voice) / rate_hz
        words.append(_word(text, starts[k], _sounding_end(voice, rate_hz, starts[k], end_s)))
    return Spoken(_resampled(voice, rate_hz), tuple(words), "espeak-ng")


def _synthesised(library: Any, speech: Speech) -> tuple[list[F32], list[tuple[int, str]]]:
    """Return blocks of samples -1..1 and (milliseconds, word) marks."""
    blocks: list[F32] = []
    marks: list[tuple[int, str]] = []

    def take(samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            block = np.ctypeslib.as_array(samples, (count,)) / 32768
            blocks.append(np.asarray(block, np.float32))
        k = 0
        while events[k].type != EVENT_END:
            if events[k].type == EVENT_WORD:
                start = events[k].text_position - 1
                marks.append((events[k].audio_position, speech.text[start : start + events[k].length]))
            k += 1
        return 0

    callback = _CALLBACK(take)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetVoiceByName(b"en-us")
    library.espeak_SetParameter(RATE, speech.words_per_min, 0)
    library.espeak_SetParameter(PITCH, speech.pitch, 0)
    raw = speech.text.encode()
    library.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, 1, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return blocks, marks


def _word(text: str, start_s: float, end_s: float) -> Word:
    return Word(text=text.strip(".,!?;:"), start_s=round(start_s, 3), end_s=round(end_s, 3))


def _sounding_end(voice: F32, rate_hz: int, start_s: float, end_s: float) -> float:
    """Return where the sound between two times stops, at the latest `end_s`."""
    piece = np.abs(voice[round(start_s * rate_hz) : round(end_s * rate_hz)])
    loud = np.flatnonzero(piece > QUIET)
    return start_s + (int(loud[-1]) + 1) / rate_hz if len(loud) else end_s


def _resampled(voice: F32, rate_hz: int) -> F32:
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(voice, SAMPLE_RATE_HZ, rate_hz), np.float32)


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
    from scipy.signal import lfilter

    n = round(length_s * SAMPLE_RATE_HZ)
    glide = pitch_hz * np.linspace(1.04, 0.94, n)
    phase = np.cumsum(glide) / SAMPLE_RATE_HZ
    pulses = np.diff(np.floor(phase), prepend=0.0) + 0.01 * rng.standard_normal(n)
    voice = np.zeros(n)
    for formant_hz, width_hz in zip(VOWELS[int(rng.integers(len(VOWELS)))], (80, 100, 140), strict=True):
        radius = np.exp(-np.pi * width_hz / SAMPLE_RATE_HZ)
        turn = 2 * np.pi * formant_hz / SAMPLE_RATE_HZ
        voice += (1 - radius) * lfilter([1.0], [1.0, -2 * radius * np.cos(turn), radius**2], pulses)
    burst = rng.standard_normal(n) * np.exp(-np.arange(n) / (0.02 * SAMPLE_RATE_HZ)) * 0.15 * np.abs(voice).max()
    envelope = np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / (0.03 * SAMPLE_RATE_HZ))
    return np.asarray(voice * envelope + burst, np.float32)
