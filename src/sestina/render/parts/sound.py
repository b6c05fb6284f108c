"""What is heard: music, speech, accents, surroundings, silence; times count from the start of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

MusicStyle = Literal["four", "waltz", "sparse", "ambient"]
BEATS_PER_BAR: dict[str, int] = {"four": 4, "waltz": 3, "sparse": 4, "ambient": 4}


@dataclass(frozen=True, kw_only=True)
class Music:
    """A bed of music.

    Args:
        tempo_bpm: beats a minute; of `ambient`, which has no beats, the pace of its chords.
        first_beat_s: when a first beat falls; it is a downbeat.
        start_s, end_s: when it sounds; None: to the end.
        gain: its loudness, a factor.
        seed: its key and chords.
        style: `four` with a kick on every beat, `waltz` in threes, `sparse` plucks and a soft kick, `ambient` chords.
        fade_in_s, fade_out_s: how long it comes out of silence and goes back into it, evenly in decibels.
        drop_s: when everything comes in after `break_s` of faint chords; None: no drop.
        break_s: how long the music holds its breath before the drop.
    """

    tempo_bpm: float = 120.0
    first_beat_s: float = 0.0
    start_s: float = 0.0
    end_s: float | None = None
    gain: float = 0.35
    seed: int = 0
    style: MusicStyle = "four"
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    drop_s: float | None = None
    break_s: float = 2.0

    def __post_init__(self) -> None:
        if self.tempo_bpm <= 0:
            raise ValueError(f"the tempo must be positive, got {self.tempo_bpm}")
        if self.end_s is not None and self.end_s - self.start_s < self.fade_in_s + self.fade_out_s:
            raise ValueError(f"music from {self.start_s} s to {self.end_s} s is shorter than its fades")


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Spoken words: espeak-ng's voice where it is installed and `natural`, else a voice-like noise.

    `voice` is a name of espeak-ng's: a language and perhaps a variant, such as `en-us+f3` or `de`. `shot` is the number
    of the shot that shows what is said; speech that begins before it or lasts beyond it makes a J- or an L-cut.
    """

    text: str
    start_s: float
    gain: float = 0.5
    pitch: int = 50
    words_per_min: int = 165
    natural: bool = True
    seed: int = 0
    voice: str = ""
    shot: int | None = None


HitKind = Literal["boom", "click", "whoosh", "ding", "riser", "stinger", "scratch", "bass_drop"]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A short accent that begins at `at_s`; a riser of `length_s` reaches its height at its end."""

    at_s: float
    kind: HitKind = "boom"
    gain: float = 0.5
    length_s: float = 1.5


AmbienceKind = Literal["room", "rain", "wind", "crowd"]


@dataclass(frozen=True, kw_only=True)
class Ambience:
    """The sound of surroundings from `start_s` to `end_s` (None: the end)."""

    kind: AmbienceKind = "room"
    start_s: float = 0.0
    end_s: float | None = None
    gain: float = 0.05
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Digital silence over everything."""

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s:
            raise ValueError(f"a gap from {self.start_s} s to {self.end_s} s lasts no time")


Fault = Literal["noisy", "hum", "muffled", "reverberant", "clipped"]
"""Labels of `aes.audio.quality`, in the order in which they come about."""


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Everything heard; all music ducks by `duck_db` while somebody speaks.

    Args:
        music: a bed, or None.
        speech, hits: what is said and struck.
        duck_db: how much lower music lies under a voice, decibels.
        room_noise: white noise all through, RMS of full scale 1.
        beds: further beds; no two may sound at once.
        ambience: surroundings.
        gaps: silences.
        faults: what is wrong with the recording, all through.
        loudness_lufs: integrated loudness of the whole by BS.1770; None: as it comes.
        peak_dbtp: true peak that a wanted loudness may reach; louder peaks are limited.
    """

    music: Music | None = None
    speech: tuple[Speech, ...] = ()
    hits: tuple[Hit, ...] = ()
    duck_db: float = 9.0
    room_noise: float = 0.0
    beds: tuple[Music, ...] = ()
    ambience: tuple[Ambience, ...] = ()
    gaps: tuple[Gap, ...] = ()
    faults: tuple[Fault, ...] = ()
    loudness_lufs: float | None = None
    peak_dbtp: float = -1.5

    def __post_init__(self) -> None:
        for before, after in pairwise(self.music_beds):
            if before.end_s is None or after.start_s < before.end_s - 1e-6:
                raise ValueError(f"music at {after.start_s} s begins before the music at {before.start_s} s ends")
        if self.loudness_lufs is not None and "clipped" in self.faults:
            raise ValueError("clipped sound has no loudness to choose: leave out loudness_lufs")

    @property
    def music_beds(self) -> tuple[Music, ...]:
        """All music, in order of time."""
        every = (*(() if self.music is None else (self.music,)), *self.beds)
        return tuple(sorted(every, key=lambda bed: bed.start_s))
