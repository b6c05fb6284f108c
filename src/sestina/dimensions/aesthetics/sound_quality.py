"""Flaws of the sound: clipped, noisy, hum, muffled; clean where each was looked for and is far away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import Track
from sestina.dimensions._hearing import Claim, cells, filled, judged

FACET = "aes.audio.quality"

CLIPPED_SAMPLES = 2.0
"""Clipped samples a tenth of a second, on average: 20 a second. Clean masters at full scale have under 6."""

HUM_DB = 10.0
"""Level of the mains' multiples over their surroundings in the quietest tenth of the seconds; speech and
music 0-3."""

MUFFLED_DB = -37.0
"""Power from 5 to 12 kHz against 300 Hz to 3 kHz in the brightest quarter. Speech -31 to -5, music -34 to
-11; sources sampled at 11 kHz, old film sound and a low-pass at 3 kHz -40 to -60."""

NOISY_FLOOR_DB, NOISY_SPREAD_DB = -48.0, 20.0
"""Level in the pauses of speech that is noise, and how far the speech may stand above it."""

CLEAN_FLOOR_DB = -58.0
LEAST_PAUSES_S, LEAST_SPEECH_S = 0.6, 2.0


@parsers.register(
    "aesthetics.sound_quality",
    card=Card(summary="Clipping, mains hum, missing treble and noise in the pauses of speech."),
    facets=(FACET,),
    signals=("loudness", "spectrum"),
    optional=("voice", "music"),
    after=("aes.audio.dominant",),
    derives=("sound_quality.pause_level", "sound_quality.speech_level"),
)
class SoundQuality:
    """Yields the flaws that are clear; `clean` only when there is speech with pauses and no flaw is near."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the labels of the whole video, or one abstention."""
        whole = reading.span
        gate = reading.threshold("aes.audio.dominant", "silence_max_dbfs")
        if not reading.value("loudness.rms", "p90", whole) >= gate:
            yield reading.abstain(FACET, span=whole, reason="there is next to no sound to judge")
            return
        tracks = levels(reading, gate)
        yield from tracks
        found = [unit for label, rule in _flaws(bool(tracks)) if (unit := _if(reading, label, rule)) is not None]
        yield from found
        if not found:
            yield _clean(reading, bool(tracks))


def _flaws(speech: bool) -> list[tuple[str, list[Claim]]]:
    clipped = Claim(signal="loudness.clipped", op=">=", threshold=CLIPPED_SAMPLES, scale=2.0)
    hum = Claim(signal="spectrum.hum", op=">=", threshold=HUM_DB, scale=4.0, reduce="p10")
    dull = Claim(signal="spectrum.treble", op="<=", threshold=MUFFLED_DB, scale=6.0, reduce="p75")
    floor = Claim(signal="sound_quality.pause_level", op=">=", threshold=NOISY_FLOOR_DB, scale=5.0, reduce="median")
    rules = [("clipped", [clipped]), ("hum", [hum]), ("muffled", [dull])]
    return [*rules, ("noisy", [floor])] if speech else rules


def _if(reading: Reading, label: str, rule: list[Claim]) -> Unit | None:
    """Return the flaw's unit when its rule holds with a margin."""
    if label == "noisy":
        stand = _stand_out(reading)
        if not stand <= NOISY_SPREAD_DB:
            return None
    unit = judged(reading, FACET, label, reading.span, rule, at_most=0.85)
    return unit if unit.status != "abstain" else None


def _stand_out(reading: Reading) -> float:
    """Return how far speech stands above its pauses, dB; NaN when either is missing."""
    speech = reading.value("sound_quality.speech_level", "median", reading.span)
    return speech - reading.value("sound_quality.pause_level", "median", reading.span)


def _clean(reading: Reading, speech: bool) -> Unit:
    if not speech:
        reason = "no speech with pauses in it, which the noise floor is judged by"
        return reading.abstain(FACET, span=reading.span, reason=reason)
    far = [
        Claim(signal="loudness.clipped", op="<=", threshold=CLIPPED_SAMPLES / 4, scale=0.3),
        Claim(signal="spectrum.hum", op="<=", threshold=HUM_DB / 2, scale=3.0, reduce="p10"),
        Claim(signal="spectrum.treble", op=">=", threshold=MUFFLED_DB + 5, scale=6.0, reduce="p75"),
        Claim(signal="sound_quality.pause_level", op="<=", threshold=CLEAN_FLOOR_DB, scale=5.0, reduce="median"),
    ]
    return judged(reading, FACET, "clean", reading.span, far, at_most=0.85)


def levels(reading: Reading, gate_dbfs: float) -> list[Track]:
    """Return the level in the short pauses of speech and in the speech, where there is enough of both and no
    music."""
    grid = cells(reading)
    heard = grid.voice >= 0.5
    if "voice.active" not in reading.tracks or not heard.any():
        return []
    music = np.zeros(len(grid), bool)
    for unit in reading.of("aes.audio.dominant"):
        if unit.label in ("music", "mixed"):
            first, after = ((t - grid.start_s) / 0.1 for t in (unit.span.start_s, unit.span.end_s))
            music[max(0, round(first)) : round(after)] = True
    pause = filled(heard, 12) & ~heard & ~music
    # The cells beside speech hold its last breath and its echo.
    beside = np.convolve(heard, [1, 1, 1], mode="same") > 0
    pause, speech = pause & ~beside, heard & ~music
    if pause.sum() * 0.1 < LEAST_PAUSES_S or speech.sum() * 0.1 < LEAST_SPEECH_S:
        return []
    times = np.round(grid.start_s + 0.1 * np.arange(len(grid)) + 0.05, 6)
    return [
        Track(name=f"sound_quality.{name}", unit="dBFS", kind="sampled", times_s=times[at], values=grid.level_db[at])
        for name, at in (("pause_level", pause), ("speech_level", speech))
    ]
