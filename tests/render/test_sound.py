"""Sound: beats, words, accents and silence lie where the gold says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.render.bed import beat_times
from sestina.render.parts.sound import Hit, Music, Sound, Speech
from sestina.render.sound import soundtrack
from sestina.render.speech import SAMPLE_RATE_HZ, has_espeak, say

F32 = npt.NDArray[np.float32]


def level(samples: F32, start_s: float, end_s: float) -> float:
    """RMS between two times."""
    piece = samples[..., round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
    return float(np.sqrt((piece.astype(np.float64) ** 2).mean()))


@pytest.mark.parametrize("tempo_bpm", [90.0, 120.0])
def test_kicks_fall_on_the_beats(tempo_bpm: float) -> None:
    """A kick begins with a click, so the wave's largest step in a tenth of a second is at the beat's own sample."""
    made = soundtrack(Sound(music=Music(tempo_bpm=tempo_bpm, first_beat_s=0.25)), 5.0)
    steps = np.abs(np.diff(made.samples.mean(axis=0), prepend=0))
    assert made.beats_s[0] == 0.25
    assert made.tempo_bpm == tempo_bpm
    for beat_s in made.beats_s:
        at, around = round(beat_s * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ // 20
        assert int(np.argmax(steps[at - around : at + around])) == around


@given(st.floats(40, 220), st.floats(0, 2), st.floats(0.5, 20))
@settings(max_examples=60)
def test_beats_are_even_and_inside(tempo_bpm: float, first_s: float, duration_s: float) -> None:
    beats = beat_times(Music(tempo_bpm=tempo_bpm, first_beat_s=first_s), duration_s)
    assert ((beats >= 0) & (beats < duration_s + 1e-6)).all()
    assert np.diff(beats) == pytest.approx(60 / tempo_bpm)


def test_music_keeps_to_its_time() -> None:
    made = soundtrack(Sound(music=Music(start_s=1.0, end_s=2.0)), 3.0)
    assert level(made.samples, 0, 0.99) == 0
    assert level(made.samples, 1, 2) > 0.05
    assert level(made.samples, 2.01, 3) == 0
    assert made.beats_s == (1.0, 1.5)


def test_nothing_is_silence() -> None:
    made = soundtrack(Sound(), 1.5)
    assert made.samples.shape == (2, 72_000)
    assert not made.samples.any()
    assert made.tempo_bpm is None


def test_stand_in_voice_sounds_in_its_words_only() -> None:
    spoken = say(Speech(text="Hello wonderful day, again.", start_s=0.0, natural=False))
    assert [word.text for word in spoken.words] == ["Hello", "wonderful", "day", "again"]
    gaps = pairwise(spoken.words)
    assert all(level(spoken.samples, word.start_s, word.end_s) > 0.02 for word in spoken.words)
    assert all(level(spoken.samples, a.end_s + 0.005, b.start_s - 0.005) < 0.002 for a, b in gaps)
    lengths = {word.text: word.end_s - word.start_s for word in spoken.words}
    assert lengths["wonderful"] > 1.8 * lengths["day"], "three syllables against one"


def test_stand_in_voice_is_pitched() -> None:
    """Its spectrum stands on multiples of the pitch that was asked for, about 90 + 0.9 x 50 Hz."""
    spoken = say(Speech(text="aaa", start_s=0.0, natural=False))
    piece = spoken.samples[3000:7000].astype(np.float64)
    lagged = np.correlate(piece, piece, "full")[len(piece) - 1 :]
    lag = 250 + int(np.argmax(lagged[250:600]))
    assert SAMPLE_RATE_HZ / lag == pytest.approx(135, rel=0.2)


def test_the_same_words_sound_the_same() -> None:
    speech = Speech(text="One two three", start_s=0.0, natural=False, seed=4)
    assert (say(speech).samples == say(speech).samples).all()


@pytest.mark.skipif(not has_espeak(), reason="needs espeak-ng's library")
def test_espeak_times_its_words() -> None:
    spoken = say(Speech(text="Stop scrolling. Look at this!", start_s=0.0))
    assert spoken.engine == "espeak-ng"
    assert [word.text for word in spoken.words] == ["Stop", "scrolling", "Look", "at", "this"]
    starts = [word.start_s for word in spoken.words]
    assert starts == sorted(starts)
    assert all(level(spoken.samples, word.start_s, word.end_s) > 0.02 for word in spoken.words)
    pause = (spoken.words[1].end_s + 0.02, spoken.words[2].start_s - 0.02)
    assert pause[1] - pause[0] > 0.1
    assert level(spoken.samples, *pause) < 0.02
    assert say(Speech(text="Stop scrolling. Look at this!", start_s=0.0)).words == spoken.words


def test_speech_starts_when_it_should() -> None:
    made = soundtrack(Sound(speech=(Speech(text="Hello there", start_s=1.0, natural=False),)), 3.0)
    assert level(made.samples, 0, 0.99) == 0
    assert made.words[0].start_s == 1.0
    assert level(made.samples, 1.0, made.words[-1].end_s) > 0.02


def test_words_cut_off_by_the_end_are_not_claimed() -> None:
    made = soundtrack(Sound(speech=(Speech(text="one two three four five six", start_s=0.5, natural=False),)), 1.2)
    assert 0 < len(made.words) < 6
    assert made.words[-1].end_s <= 1.2


def test_music_ducks_under_speech() -> None:
    music = Music(tempo_bpm=120)
    alone = soundtrack(Sound(music=music), 4.0)
    silent_talk = Speech(text="la la la la", start_s=1.0, natural=False, gain=0.05)
    ducked = soundtrack(Sound(music=music, speech=(silent_talk,), duck_db=20), 4.0)
    assert level(ducked.samples, 1.2, 1.8) < 0.5 * level(alone.samples, 1.2, 1.8)
    assert level(ducked.samples, 3.0, 4.0) == pytest.approx(level(alone.samples, 3.0, 4.0), rel=0.02)


@pytest.mark.parametrize("kind", ["boom", "click", "whoosh", "ding"])
def test_hits_begin_at_their_time(kind: str) -> None:
    made = soundtrack(Sound(hits=(Hit(at_s=0.5, kind=kind),)), 1.5)  # type: ignore[arg-type]  # a kind by its name
    assert level(made.samples, 0, 0.499) == 0
    assert level(made.samples, 0.5, 0.8) > 0.01
    assert made.hits_s == (0.5,)


def test_the_mix_never_clips() -> None:
    loud = Sound(music=Music(gain=3.0), hits=(Hit(at_s=0.5, gain=4.0),))
    assert np.abs(soundtrack(loud, 2.0).samples).max() <= 0.951
