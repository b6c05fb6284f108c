"""The sound of a clip: music with known beats, spoken words with known times, accents, surroundings, silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sestina.core.storyboard import Word
from sestina.render.bed import bar, beat_times, bed, first_beat
from sestina.render.loudness import brought_to
from sestina.render.parts.sound import Music, Sound
from sestina.render.rooms import clipped, spoiled, surroundings
from sestina.render.speech import SAMPLE_RATE_HZ, say
from sestina.render.strikes import strike
from sestina.render.waves import F32, F64, add

CEILING = 0.95
"""Largest sample of the mix, of 1."""

GATE_DBFS = -50.0
"""Level below which nothing is heard: `silence_max_dbfs` of `aes.audio.dominant`."""
CELL_S, ONSET_CELLS = 0.01, 5
"""Length of the cells that the level is taken in, and how many in a row make a sound."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A bed of music as it sounds: its script, when (to the end of the clip at most), and its level.

    `level_db` has one value for every tenth of a second of the clip, dB of full scale before mastering.
    """

    music: Music
    start_s: float
    end_s: float
    level_db: F64


@dataclass(frozen=True, kw_only=True)
class Soundtrack:
    """A clip's sound and what is true of it.

    Args:
        samples: float32 [2, n] at 48 kHz.
        words: spoken words, seconds from the start.
        beats_s: times of the beats, seconds.
        downbeats: whether each beat begins a bar.
        hits_s: times of the accents, seconds.
        tempo_bpm: beats a minute of the first music that has a beat, None without.
        voice: engine of the speech, "" without any.
        beds: music as it sounds.
        level_db: level of the whole, dB of full scale, in cells of `CELL_S`.
    """

    samples: F32
    words: tuple[Word, ...] = ()
    beats_s: tuple[float, ...] = ()
    downbeats: tuple[bool, ...] = ()
    hits_s: tuple[float, ...] = ()
    tempo_bpm: float | None = None
    voice: str = ""
    beds: tuple[Heard, ...] = ()
    level_db: F64

    @property
    def music_s(self) -> tuple[tuple[float, float], ...]:
        """When music sounds, seconds."""
        return tuple((heard.start_s, heard.end_s) for heard in self.beds)

    @property
    def first_sound_s(self) -> float | None:
        """When sound is first heard for more than a click, seconds; None when never."""
        above = (self.level_db > GATE_DBFS).astype(np.int64)
        if len(above) < ONSET_CELLS:
            return None
        lasting = np.convolve(above, np.ones(ONSET_CELLS, np.int64), "valid") == ONSET_CELLS
        return float(lasting.argmax()) * CELL_S if lasting.any() else None


def soundtrack(sound: Sound, duration_s: float) -> Soundtrack:
    """Return the sound of a clip of `duration_s` seconds.

    Raises ValueError when a wanted loudness cannot be reached.
    """
    n = round(duration_s * SAMPLE_RATE_HZ)
    voice, words, engine = _voices(sound, n)
    mix, beds = voice + surroundings(sound, n), []
    beats: list[float] = []
    downbeats: list[bool] = []
    for music in sound.music_beds:
        times = tuple(float(t) for t in beat_times(music, duration_s))
        played = bed(music, times, n) * _ducked(voice, sound.duck_db)
        mix += played
        end_s = duration_s if music.end_s is None else min(music.end_s, duration_s)
        beds.append(Heard(music=music, start_s=max(0.0, music.start_s), end_s=end_s, level_db=levels(played, 0.1)))
        if music.style != "ambient":
            beats += times
            downbeats += [number % bar(music) == 0 for number, _ in enumerate(times, start=first_beat(music))]
    for hit in sound.hits:
        add(mix, strike(hit), hit.at_s)
    mix = mastered(_silenced(spoiled(mix, sound), sound), sound)
    beating = [music.tempo_bpm for music in sound.music_beds if music.style != "ambient"]
    return Soundtrack(
        samples=mix, words=tuple(w for w in words if not _in_gap(w, sound)), beats_s=tuple(beats),
        downbeats=tuple(downbeats), hits_s=tuple(hit.at_s for hit in sound.hits),
        tempo_bpm=beating[0] if beating else None, voice=engine, beds=tuple(beds), level_db=levels(mix, CELL_S),
    )  # fmt: skip


def mastered(mix: F32, sound: Sound) -> F32:
    """Return the mix at its wanted loudness, clipped where that is its fault, else below `CEILING`."""
    if "clipped" in sound.faults:
        return clipped(mix)
    if sound.loudness_lufs is not None:
        return brought_to(mix, sound.loudness_lufs, sound.peak_dbtp)
    peak = float(np.abs(mix).max()) if mix.size else 0.0
    return mix * np.float32(CEILING / peak) if peak > CEILING else mix


def levels(samples: F32, cell_s: float) -> F64:
    """Return the RMS level of both channels in cells of `cell_s` seconds, dB of full scale; -120 for silence."""
    size = round(cell_s * SAMPLE_RATE_HZ)
    count = samples.shape[1] // size
    power = (samples[:, : count * size].astype(np.float64) ** 2).reshape(2, count, size).mean(axis=(0, 2))
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)), np.float64)


def _silenced(mix: F32, sound: Sound) -> F32:
    """Silence the gaps; the sound dies and comes within 5 ms outside of them."""
    edge = round(0.005 * SAMPLE_RATE_HZ)
    for gap in sound.gaps:
        first, after = round(gap.start_s * SAMPLE_RATE_HZ), round(gap.end_s * SAMPLE_RATE_HZ)
        mix[:, first:after] = 0
        fall = mix[:, max(0, first - edge) : first]
        fall *= np.linspace(1, 0, fall.shape[1], dtype=np.float32)
        rise = mix[:, after : after + edge]
        rise *= np.linspace(0, 1, rise.shape[1], dtype=np.float32)
    return mix


def _in_gap(word: Word, sound: Sound) -> bool:
    return any(word.start_s < gap.end_s and gap.start_s < word.end_s for gap in sound.gaps)


def _voices(sound: Sound, n: int) -> tuple[F32, list[Word], str]:
    track = np.zeros((2, n), np.float32)
    words: list[Word] = []
    engine = ""
    for speech in sound.speech:
        spoken = say(speech)
        engine = spoken.engine
        add(track, np.stack([spoken.samples] * 2) * speech.gain, speech.start_s)
        for word in spoken.words:
            start_s, end_s = word.start_s + speech.start_s, word.end_s + speech.start_s
            if end_s <= n / SAMPLE_RATE_HZ:
                words.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
    return track, sorted(words, key=lambda word: word.start_s), engine


def _ducked(voice: F32, duck_db: float) -> F32:
    """Return the gain [n] of the music under a voice: down while it speaks, soft at both ends."""
    window = round(0.25 * SAMPLE_RATE_HZ)
    talking = np.abs(voice[0]) > 0.01
    near = np.convolve(talking[::48].astype(np.float32), np.ones(window // 48, np.float32), "same") > 0
    soft = np.convolve(near.astype(np.float32), np.ones(150, np.float32) / 150, "same")
    smooth = np.interp(np.arange(len(talking)), np.arange(len(soft)) * 48, soft)
    return np.asarray(10 ** (-duck_db * smooth / 20), np.float32)
