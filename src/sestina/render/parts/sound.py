"""What is heard: music, speech, accents; times count from the start of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Music:
    """A bed of kick, hat and chords: `tempo_bpm`, first beat at `first_beat_s`, from `start_s` to `end_s`."""

    tempo_bpm: float = 120.0
    first_beat_s: float = 0.0
    start_s: float = 0.0
    end_s: float | None = None
    gain: float = 0.35
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Spoken words: espeak-ng's voice where it is installed and `natural`, else a voice-like noise."""

    text: str
    start_s: float
    gain: float = 0.5
    pitch: int = 50
    words_per_min: int = 165
    natural: bool = True
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A short accent at `at_s`: `boom`, `click`, `whoosh` or `ding`."""

    at_s: float
    kind: Literal["boom", "click", "whoosh", "ding"] = "boom"
    gain: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Everything heard; the music ducks by `duck_db` while somebody speaks."""

    music: Music | None = None
    speech: tuple[Speech, ...] = ()
    hits: tuple[Hit, ...] = ()
    duck_db: float = 9.0
    room_noise: float = 0.0
