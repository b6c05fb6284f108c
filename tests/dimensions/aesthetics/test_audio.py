"""Parts of the sound, its loudness, intensity, tempo, quality and accents, on sounds whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from sestina.core.storyboard import Unit
from sestina.dimensions.aesthetics.accents import rise_track, slope_track, step_track
from sestina.dimensions.aesthetics.audio import MUSIC, OTHER, SILENCE, SPEECH, is_music, parts
from sestina.pipeline.parse import reading_of
from sestina.render.parts.sound import Speech
from sestina.render.speech import has_espeak, say
from tests.dimensions.audible import Clip, found, gain, labels, ramp
from tests.signals.sounds import F32, RATE, chord, clicks, noise, seconds, silence, sine, tune

DOMINANT, ACCENT, QUALITY = "aes.audio.dominant", "aes.audio.accent", "aes.audio.quality"
TEXT = "We went to the old house. Nobody was there. The garden was full of flowers and the door was open. So we waited."


def voice(gain_: float = 0.4) -> F32:
    if not has_espeak():
        pytest.skip("needs the espeak-ng library")
    return say(Speech(text=TEXT, start_s=0.0)).samples * np.float32(gain_)


def heard(sound: F32, *names: str) -> list[Unit]:
    return Clip(sound).parse("aesthetics.audio", *names)


def test_parts_follow_each_other_with_their_bounds() -> None:
    sound = np.concatenate([tune(110, 5), silence(1.5), noise(4, -35)])
    units = found(heard(sound), DOMINANT)
    assert [unit.label for unit in units] == ["music", "silence", "ambience"]
    assert [unit.span.start_s for unit in units] == pytest.approx([0, 5, 6.5], abs=0.3)


def test_silence_is_a_technical_finding_too() -> None:
    sound = np.concatenate([noise(2, -30), silence(1.5), noise(2, -30), silence(0.2), noise(1, -30)])
    (unit,) = found(heard(sound), "aes.tech.silence")
    assert unit.label == "true"
    assert (unit.span.start_s, unit.span.end_s) == pytest.approx((2.0, 3.5), abs=0.11)


def test_speech_is_speech_and_music_under_it_makes_it_mixed() -> None:
    words = voice()
    assert labels(heard(words), DOMINANT) == ["speech"]
    bed = gain(chord([220, 277, 330, 440], len(words) / RATE), -8)
    assert labels(heard(words + bed[: len(words)]), DOMINANT) == ["mixed"]


def test_an_isolated_bang_is_an_effect() -> None:
    sound = np.concatenate([silence(2), gain(clicks([0.05], 1.0), 6), silence(2)])
    assert labels(heard(sound), DOMINANT)[0] == "silence"
    assert set(labels(heard(sound), DOMINANT)) <= {"silence", "sfx"}


def test_loose_clicks_are_left_undecided() -> None:
    times = np.sort(np.random.default_rng(4).uniform(0, 6, 40))
    sound = clicks(times, 6) + noise(6, -45)
    units = found(heard(sound), DOMINANT, abstaining=True)
    assert all(unit.status == "abstain" and unit.reason for unit in units)


def test_kinds_on_the_grid_by_hand() -> None:
    from sestina.dimensions._hearing import Cells

    level = np.r_[np.full(20, -20.0), np.full(10, -80.0), np.full(40, -20.0)]
    speech = np.r_[np.ones(20), np.zeros(50)]
    tones = np.r_[np.zeros(30), np.full(40, 0.5)]
    grid = Cells(start_s=0.0, level_db=level, voice=speech, lasting=tones, pulse=np.zeros(70))
    assert parts(grid, -50.0) == [(SPEECH, 0, 20), (SILENCE, 20, 30), (MUSIC, 30, 70)]
    assert not is_music(grid, level > -50)[:20].any()
    none = Cells(start_s=0.0, level_db=level[:20], voice=speech[:20] * 0, lasting=tones[:20], pulse=np.zeros(20))
    assert parts(none, -50.0) == [(OTHER, 0, 20)]


def test_intensity_ranks_quiet_and_loud() -> None:
    sound = np.concatenate([noise(6, -45), noise(6, -30), noise(6, -15)])
    found_ = found(heard(sound), "aes.audio.intensity")
    ranks = [int(str(unit.label)) for unit in found_]
    assert ranks == sorted(ranks)
    assert ranks[-1] - ranks[0] >= 2
    assert [u.label for u in found(heard(noise(8, -20)), "aes.audio.intensity")] == ["3"], "even sound has one rank"


def test_meters_say_what_was_rendered() -> None:
    units = {u.facet: u for u in heard(sine(997, 12, -23.0), "aesthetics.loudness") if u.status != "abstain"}
    assert units["aes.audio.loudness.integrated"].value == pytest.approx(-23.0, abs=0.1)
    assert units["aes.audio.loudness.true_peak"].value == pytest.approx(-23.0, abs=0.1)
    assert units["aes.audio.loudness.range"].value == pytest.approx(0.0, abs=0.1)
    assert "aes.audio.loudness.onset_jump" not in units


def test_the_jump_out_of_silence_is_measured() -> None:
    units = heard(np.concatenate([noise(2, -60), noise(4, -20)]), "aesthetics.loudness")
    (jump,) = found(units, "aes.audio.loudness.onset_jump")
    assert jump.value == pytest.approx(40, abs=6)


def test_tempo_and_every_beat() -> None:
    units = heard(tune(96, 14), "aesthetics.loudness")
    (tempo,) = found(units, "aes.audio.tempo")
    assert tempo.value == pytest.approx(96, rel=0.01)
    assert tempo.level == "video"
    beats = [unit.span.start_s for unit in found(units, "aes.audio.tempo.beat")]
    np.testing.assert_allclose(np.diff(beats), 60 / 96, atol=0.03)


@pytest.mark.parametrize(("bpm", "music_s", "rest_s"), [(96, 3.2, 3.5), (128, 3.2, 2.5), (150, 3.8, 3.5)])
def test_no_tempo_where_the_music_ends_before_the_middle_of_the_only_window(
    bpm: float, music_s: float, rest_s: float
) -> None:
    units = heard(np.concatenate([tune(bpm, music_s), silence(rest_s)]), "aesthetics.loudness")
    assert not found(units, "aes.audio.tempo")


def test_no_tempo_in_noise() -> None:
    (unit,) = found(heard(noise(12), "aesthetics.loudness"), "aes.audio.tempo", abstaining=True)
    assert unit.status == "abstain"


@pytest.mark.parametrize("flaw", ["clipped", "hum", "muffled", "noisy"])
def test_each_flaw_alone(flaw: str) -> None:
    words = np.concatenate([voice(), silence(0.8), voice(), silence(0.8), voice()])
    time = seconds(len(words) / RATE)[: len(words)]
    spoilt = {
        "clipped": np.clip(words * 8, -0.9, 0.9),
        "hum": words + 0.02 * sum(np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 7)),
        "muffled": sosfilt(butter(8, 2500, fs=RATE, output="sos"), words),
        "noisy": words + noise(len(words) / RATE, -32)[: len(words)],
    }[flaw]
    clean = noise(len(words) / RATE, -75)[: len(words)]
    names = labels(heard(np.asarray(spoilt + clean, np.float32), "aesthetics.sound_quality"), QUALITY)
    assert flaw in names
    assert "clean" not in names


def test_clean_speech_has_no_flaw() -> None:
    words = np.concatenate([voice(), silence(0.8), voice(), silence(0.8), voice()])
    sound = words + noise(len(words) / RATE, -80)[: len(words)]
    assert labels(heard(sound, "aesthetics.sound_quality"), QUALITY) in (["clean"], [])


def test_next_to_no_sound_is_not_judged() -> None:
    (unit,) = found(heard(noise(3, -90), "aesthetics.sound_quality"), QUALITY, abstaining=True)
    assert unit.status == "abstain"


def test_a_hit_stands_alone_and_a_beat_is_none() -> None:
    bed = noise(8, -40)
    alone = bed + gain(clicks([3.0], 8), 8)
    (hit,) = found(heard(alone, "aesthetics.accents"), ACCENT)
    assert hit.label == "hit"
    assert hit.span.start_s == pytest.approx(3.0, abs=0.03)
    beat = bed + gain(clicks(np.arange(0.5, 8, 0.5), 8), 8)
    assert "hit" not in labels(heard(beat, "aesthetics.accents"), ACCENT)


def test_a_pause_between_sounds() -> None:
    sound = np.concatenate([noise(2, -25), silence(1.0), noise(2, -25)])
    pauses = [u for u in found(heard(sound, "aesthetics.accents"), ACCENT) if u.label == "pause"]
    assert len(pauses) == 1
    assert pauses[0].span.start_s == pytest.approx(2.0, abs=0.15)
    assert pauses[0].span.end_s == pytest.approx(3.0, abs=0.15)


def test_music_that_comes_in_loud_is_a_drop() -> None:
    sound = np.concatenate([gain(tune(120, 4), -18), tune(120, 5, seed=1)])
    drops = [u for u in found(heard(sound, "aesthetics.accents"), ACCENT) if u.label == "drop"]
    assert [u.span.start_s for u in drops] == pytest.approx([4.0], abs=0.3)


@pytest.mark.parametrize(("first_db", "last_db", "label"), [(-40, -10, "crescendo"), (-10, -40, "decrescendo")])
def test_swells(first_db: float, last_db: float, label: str) -> None:
    sound = np.concatenate([noise(2, first_db), ramp(noise(5, 0), first_db, last_db), noise(2, last_db)])
    swells = [u for u in found(heard(sound, "aesthetics.accents"), ACCENT) if "crescendo" in str(u.label)]
    assert [u.label for u in swells] == [label]
    assert swells[0].span.start_s == pytest.approx(2.0, abs=0.8)
    assert swells[0].span.end_s == pytest.approx(7.0, abs=0.8)


def test_one_step_is_no_swell() -> None:
    sound = np.concatenate([noise(4, -40), noise(4, -10)])
    assert not [n for n in labels(heard(sound, "aesthetics.accents"), ACCENT) if "crescendo" in n]


def test_curves_by_hand() -> None:
    from sestina.dimensions._hearing import cells

    clip = Clip(np.concatenate([noise(3, -50), noise(3, -20)]))
    reading = reading_of(clip.gathered)
    grid = cells(reading)
    step, slope, rise = step_track(grid), slope_track(grid), rise_track(reading)
    assert step.times_s[step.values.argmax()] == pytest.approx(3.0, abs=0.11)
    assert step.values.max() == pytest.approx(30, abs=2)
    assert slope.times_s[slope.values.argmax()] == pytest.approx(3.0, abs=0.3)
    assert rise.times_s[rise.values.argmax()] == pytest.approx(3.0, abs=0.12)


EVERY = (
    "aesthetics.audio", "aesthetics.loudness", "aesthetics.sound_quality", "aesthetics.accents", "editing.audio",
    "editing.beats", "editing.sound_cuts", "subject.speech", "dissemination.sound",
)  # fmt: skip


@pytest.mark.parametrize("shown_s", [0.05, 1.0, 3.0])
@pytest.mark.parametrize("start_s", [0.0, 0.976])
def test_units_stay_inside_a_video_shorter_than_its_sound(shown_s: float, start_s: float) -> None:
    """`Clip.parse` checks the invariants, times inside the media among them."""
    sound = np.concatenate([tune(120, 6), silence(1), gain(clicks([0.2], 1), 8), noise(2, -20)])
    Clip(sound, start_s=start_s, shown_s=shown_s).parse(*EVERY)


@pytest.mark.parametrize("samples", [1, 480, 4_800, 30_000])
def test_shortest_sounds_pass_through_everything(samples: int) -> None:
    Clip(noise(1)[:samples]).parse(*EVERY)


def test_one_sample_and_silence_pass_through_everything() -> None:
    names = ("aesthetics.loudness", "aesthetics.sound_quality", "aesthetics.accents")
    assert labels(heard(silence(3), *names), DOMINANT) == ["silence"]
    heard(noise(1)[:1], *names)
