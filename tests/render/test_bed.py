"""Music, accents, surroundings and faults: each sounds when and how its script says."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import numpy.typing as npt
import pytest

from sestina.render.bed import bar
from sestina.render.parts.sound import (
    Ambience,
    AmbienceKind,
    Fault,
    Gap,
    Hit,
    HitKind,
    Music,
    MusicStyle,
    Sound,
    Speech,
)
from sestina.render.sound import soundtrack
from sestina.render.speech import SAMPLE_RATE_HZ, has_espeak, say

F32 = npt.NDArray[np.float32]
TALK = Speech(text="One two three four five.", start_s=0.5, natural=False)


def level_db(samples: F32, start_s: float, end_s: float) -> float:
    piece = samples[..., round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)].astype(np.float64)
    return float(10 * np.log10(max(1e-12, float((piece**2).mean()))))


def treble_share(samples: F32) -> float:
    power = np.abs(np.fft.rfft(samples[0])) ** 2
    hz = np.fft.rfftfreq(samples.shape[1], 1 / SAMPLE_RATE_HZ)
    return float(power[hz > 3000].sum() / power.sum())


@pytest.mark.parametrize("style", get_args(MusicStyle))
def test_every_style_sounds_in_its_time_only(style: MusicStyle) -> None:
    made = soundtrack(Sound(music=Music(style=style, start_s=1.0, end_s=3.0)), 4.0)
    assert level_db(made.samples, 0, 0.99) == level_db(made.samples, 3.01, 4) == -120
    assert level_db(made.samples, 1.2, 2.8) > -35
    assert (made.tempo_bpm is None) == (style == "ambient") == (made.beats_s == ())
    assert made.music_s == ((1.0, 3.0),)


def test_a_waltz_has_three_beats_a_bar() -> None:
    waltz = Music(style="waltz", tempo_bpm=120, first_beat_s=0.25)
    made = soundtrack(Sound(music=waltz), 3.0)
    assert bar(waltz) == 3
    assert [at for at, down in zip(made.beats_s, made.downbeats, strict=True) if down] == [0.25, 1.75]


def test_bars_count_from_the_first_downbeat_though_the_music_starts_later() -> None:
    made = soundtrack(Sound(music=Music(tempo_bpm=60, start_s=2.0)), 8.0)
    assert [at for at, down in zip(made.beats_s, made.downbeats, strict=True) if down] == [4.0]


def test_fades_fall_evenly_in_decibels() -> None:
    """60 dB in two seconds: 15 dB in half a second, of chords whose own level stays."""
    pad = Music(style="ambient", tempo_bpm=30)
    full, faded = (soundtrack(Sound(music=replace(pad, end_s=6.0, fade_out_s=fade)), 6.0) for fade in (0.0, 2.0))
    for at_s, below_db in ((4.5, 15), (5.0, 30), (5.5, 45)):
        lost = level_db(full.samples, at_s - 0.05, at_s + 0.05) - level_db(faded.samples, at_s - 0.05, at_s + 0.05)
        assert lost == pytest.approx(below_db, abs=1.5)


def test_the_music_holds_its_breath_before_a_drop() -> None:
    made = soundtrack(Sound(music=Music(drop_s=4.0, break_s=2.0)), 7.0)
    assert level_db(made.samples, 4.0, 5.0) - level_db(made.samples, 3.0, 4.0) > 9, "a drop by the accents' own measure"


def test_beds_follow_each_other() -> None:
    first, second = Music(end_s=2.0), Music(tempo_bpm=90, start_s=2.0, first_beat_s=2.0)
    made = soundtrack(Sound(beds=(second, first)), 4.0)
    assert made.music_s == ((0.0, 2.0), (2.0, 4.0))
    assert list(made.beats_s[:4]) == [0.0, 0.5, 1.0, 1.5]
    assert made.beats_s[5] == pytest.approx(2 + 2 / 3)
    with pytest.raises(ValueError, match="begins before"):
        Sound(music=first, beds=(replace(second, start_s=1.0),))


@pytest.mark.parametrize("kind", get_args(HitKind))
def test_every_accent_begins_at_its_time(kind: HitKind) -> None:
    made = soundtrack(Sound(hits=(Hit(at_s=0.5, kind=kind),)), 3.0)
    assert level_db(made.samples, 0, 0.499) == -120
    assert level_db(made.samples, 0.5, 0.8) > -50
    assert level_db(made.samples, 2.1, 3.0) == -120


@pytest.mark.parametrize("kind", get_args(AmbienceKind))
def test_surroundings_have_their_level(kind: AmbienceKind) -> None:
    made = soundtrack(Sound(ambience=(Ambience(kind=kind, start_s=1.0, end_s=3.0, gain=0.05),)), 4.0)
    assert level_db(made.samples, 0, 1) == level_db(made.samples, 3, 4) == -120
    assert level_db(made.samples, 1, 3) == pytest.approx(20 * np.log10(0.05), abs=0.5)


def test_gaps_silence_everything_and_take_words_away() -> None:
    plain = soundtrack(Sound(speech=(TALK,), ambience=(Ambience(),)), 4.0)
    gap = Gap(start_s=plain.words[1].start_s, end_s=plain.words[2].end_s)
    made = soundtrack(Sound(speech=(TALK,), ambience=(Ambience(),), gaps=(gap,)), 4.0)
    assert level_db(made.samples, gap.start_s, gap.end_s) == -120
    assert level_db(made.samples, gap.end_s + 0.01, 4.0) > -50
    assert [word.text for word in made.words] == ["One", "four", "five"]


def test_faults_are_heard() -> None:
    plain = soundtrack(Sound(speech=(TALK,)), 4.0).samples
    spoiled = {
        fault: soundtrack(Sound(speech=(TALK,), faults=(fault,)), 4.0).samples
        for fault in get_args(Fault)
    }
    assert level_db(plain, 0, 0.4) == -120
    assert level_db(spoiled["noisy"], 0, 0.4) == pytest.approx(-38.4, abs=0.5)
    assert -40 < level_db(spoiled["hum"], 0, 0.4) < -25
    assert treble_share(spoiled["muffled"]) < 0.1 * treble_share(plain)
    after_s = soundtrack(Sound(speech=(TALK,)), 4.0).words[-1].end_s + 0.2
    assert level_db(spoiled["reverberant"], after_s, after_s + 0.2) > level_db(plain, after_s, after_s + 0.2) + 20
    assert (np.abs(spoiled["clipped"]) >= 1).mean() > 0.001


def test_the_same_sound_twice() -> None:
    sound = Sound(
        music=Music(style="sparse", seed=3), ambience=(Ambience(kind="rain"),), faults=("reverberant",),
        hits=(Hit(at_s=1.0, kind="riser"),), loudness_lufs=-16,
    )  # fmt: skip
    assert (soundtrack(sound, 3.0).samples == soundtrack(sound, 3.0).samples).all()


@pytest.mark.skipif(not has_espeak(), reason="needs espeak-ng's library")
def test_voices_speak_their_own_language() -> None:
    english, german = (say(Speech(text="eins zwei drei", start_s=0, voice=voice)) for voice in ("", "de"))
    assert [word.text for word in german.words] == ["eins", "zwei", "drei"]
    assert len(english.samples) != len(german.samples)
    with pytest.raises(ValueError, match="no voice"):
        say(Speech(text="hello", start_s=0, voice="klingon-x"))
