"""Edits of the sound, cuts on beats and cuts the sound explains, on sounds and cuts that were put together
here."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.editing.beats import null_p, offsets
from sestina.render.parts.sound import Music, Sound, Speech
from sestina.render.sound import soundtrack
from sestina.render.speech import has_espeak, say
from tests.dimensions.audible import Clip, found, gain, labels, ramp
from tests.signals.sounds import F32, RATE, chord, clicks, noise, silence, sine, tune

EDIT, FUNCTION, RATIONALE = "edit.audio", "edit.cut_function", "edit.cut_rationale"
HARD = "hard_cut"


def voice(
    text: str = "We went to the old house and nobody was there so we waited for a while", gain_: float = 0.4
) -> F32:
    if not has_espeak():
        pytest.skip("needs the espeak-ng library")
    return say(Speech(text=text, start_s=0.0)).samples * np.float32(gain_)


def edits(sound: F32, *cuts: tuple[float, str]) -> list[Unit]:
    return Clip(sound, cuts).parse("aesthetics.audio", "aesthetics.accents", "editing.audio")


def test_music_comes_in_and_goes_out() -> None:
    sound = np.concatenate([noise(4, -40), tune(110, 6), noise(4, -40)])
    units = [u for u in found(edits(sound), EDIT) if str(u.label).startswith("music")]
    assert [u.label for u in units] == ["music_in", "music_out"]
    assert [u.span.start_s for u in units] == pytest.approx([4, 10], abs=0.5)


def test_a_gap_of_silence() -> None:
    sound = np.concatenate([noise(3, -30), silence(1.2), noise(3, -30)])
    (gap,) = [u for u in found(edits(sound), EDIT) if u.label == "silence_gap"]
    assert (gap.span.start_s, gap.span.end_s) == pytest.approx((3.0, 4.2), abs=0.15)


def test_music_ducked_under_a_voice() -> None:
    words = voice()
    bed = chord([220, 277, 330, 440], 5 + len(words) / RATE, -14)[: 5 * RATE + len(words)]
    ducked = np.concatenate([bed[: 5 * RATE], gain(bed[5 * RATE :], -14) + words])
    assert "duck_under_voice" in labels(edits(ducked), EDIT)
    level = np.concatenate([gain(bed[: 5 * RATE], -10), gain(bed[5 * RATE :], -10) + words])
    assert "duck_under_voice" not in labels(edits(level), EDIT)


@pytest.mark.parametrize(("duck_db", "ducked"), [(9.0, True), (0.0, False)])
def test_a_rendered_bed_under_rendered_speech(duck_db: float, ducked: bool) -> None:
    if not has_espeak():
        pytest.skip("needs the espeak-ng library")
    text = "Here is the trick that nobody tells you about. It takes two minutes and it works every time."
    script = Sound(music=Music(tempo_bpm=110), speech=(Speech(text=text, start_s=5.0),), duck_db=duck_db)
    made = soundtrack(script, 16.0)
    units = edits(made.samples)
    assert labels(units, "aes.audio.dominant") == ["music", "mixed", "music"]
    assert ("duck_under_voice" in labels(units, EDIT)) == ducked
    speech = found(units, "aes.audio.dominant")[1].span
    assert speech.start_s == pytest.approx(made.words[0].start_s, abs=0.3)
    assert speech.end_s == pytest.approx(made.words[-1].end_s, abs=0.6)


@pytest.mark.parametrize("out", [True, False])
def test_fades(out: bool) -> None:
    body, slope = noise(4, -20), ramp(noise(2, 0), -20, -75)
    sound = np.concatenate([body, slope]) if out else np.concatenate([slope[::-1], body])
    (fade,) = [u for u in found(edits(sound), EDIT) if u.label == "audio_fade"]
    assert fade.attributes["to"] == ("silence" if out else "sound")
    middle = 4.5 if out else 1.5
    assert fade.span.contains(middle)


def test_an_abrupt_end_is_no_fade() -> None:
    sound = np.concatenate([silence(1), noise(4, -20), silence(2)])
    assert "audio_fade" not in labels(edits(sound), EDIT)


def test_a_hit_on_a_cut() -> None:
    sound = noise(8, -40) + gain(clicks([4.0], 8), 8)
    assert "sfx_hit" in labels(edits(sound, (4.02, HARD)), EDIT)
    assert "sfx_hit" not in labels(edits(sound, (6.0, HARD)), EDIT)


def test_the_room_jumps_at_a_cut() -> None:
    sound = np.concatenate([noise(3, -48), noise(3, -30, seed=1)])
    (jump,) = [u for u in found(edits(sound, (3.0, HARD)), EDIT) if u.label == "room_tone_jump"]
    assert jump.span == Span.at(3.0)
    assert "room_tone_jump" not in labels(edits(noise(6, -40), (3.0, HARD)), EDIT)


def test_a_voice_cut_off() -> None:
    words = voice()
    end = 2.0
    while np.sqrt(np.mean(words[round((end - 0.06) * RATE) : round(end * RATE)] ** 2)) < 0.03:
        end += 0.02
    sound = np.concatenate([words[: round(end * RATE)], silence(2)])
    assert "voice_cut" in labels(edits(sound, (end, HARD)), EDIT)


# --- cuts on beats ------------------------------------------------------------------------------------------------


def synced(sound: F32, times: list[float]) -> list[Unit]:
    return Clip(sound, tuple((round(t, 3), HARD) for t in times)).parse("editing.beats")


def test_cuts_on_every_other_beat() -> None:
    times = [1.0, 2.0, 3.5, 4.0, 6.0, 7.5, 9.0, 11.0]
    units = synced(tune(120, 14), times)
    (rate,), (p,) = found(units, "edit.beat_sync"), found(units, "edit.beat_sync.null_p")
    (offset,) = found(units, "edit.beat_sync.mean_offset")
    assert rate.value == 1.0
    assert p.value is not None
    assert p.value < 0.01
    assert offset.value == pytest.approx(0.0, abs=0.03)


def test_beat_cuts_are_claimed_when_chance_is_ruled_out() -> None:
    """At 80 beats a minute 160 of 750 ms hit; sixteen of sixteen is no chance."""
    beats = np.arange(0, 30, 0.75)
    times = [float(t) for t in beats[[2, 3, 5, 8, 9, 12, 14, 15, 18, 20, 21, 25, 27, 30, 31, 34]]]
    units = synced(tune(80, 30), times)
    cuts = found(units, FUNCTION)
    assert [u.label for u in cuts] == ["beat_cut"] * len(times)
    reasons = found(units, RATIONALE)
    assert {u.label for u in reasons} == {"rhythm"}
    assert [u.evidence[0].unit for u in reasons] == [u.id for u in cuts]  # type: ignore[union-attr]  # unit evidence


def test_cuts_at_random_are_no_beat_cuts() -> None:
    times = sorted(float(t) for t in np.random.default_rng(5).uniform(1, 29, 14))
    units = synced(tune(80, 30), times)
    assert found(units, FUNCTION) == []
    (p,) = found(units, "edit.beat_sync.null_p")
    assert p.value is not None
    assert p.value > 0.05


@pytest.mark.parametrize(
    ("sound", "times", "why"),
    [(tune(120, 8), [1.0, 2.0], "fewer than"), (noise(10), [1.0, 2.0, 3.0, 4.0, 5.0], "no steady beat")],
)
def test_abstains_with_a_reason(sound: F32, times: list[float], why: str) -> None:
    (unit,) = synced(sound, times)
    assert unit.status == "abstain"
    assert why in str(unit.reason)


def test_offsets_by_hand() -> None:
    beats = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(offsets(np.array([0.9, 1.4, 1.6, 3.3]), beats), [-0.1, 0.4, -0.4, 0.3])


def test_chance_by_hand() -> None:
    """Beats every half second and 50 ms: a fifth of all times hit, so two of two hit by chance once in 25."""
    beats = np.arange(0, 10, 0.5)
    assert null_p(np.array([1.0, 2.5]), beats, 0.05) == pytest.approx(0.04)
    assert null_p(np.array([1.0, 2.7]), beats, 0.05) == pytest.approx(1 - 0.8**2)


def test_an_even_slideshow_is_one_coincidence() -> None:
    beats = np.arange(0, 30, 0.5)
    assert null_p(np.arange(2.0, 20.0, 2.0), beats, 0.08) == pytest.approx(0.32)


@given(st.lists(st.floats(0.5, 19.5), min_size=4, max_size=20), st.floats(0.01, 0.2))
def test_p_is_a_probability(cuts: list[float], tolerance: float) -> None:
    beats = np.arange(0, 20.1, 0.5)
    p = null_p(np.sort(cuts), beats, tolerance)
    assert 0 < p <= 1
    assert null_p(np.sort(cuts), beats, 0.25) == pytest.approx(1.0), "every time is within half a beat of one"


# --- cuts the sound explains ---------------------------------------------------------------------------------------


def explained(sound: F32, *cuts: tuple[float, str]) -> list[Unit]:
    return Clip(sound, cuts).parse("aesthetics.audio", "editing.sound_cuts")


@pytest.mark.parametrize(("lag_s", "label"), [(0.6, "l_cut"), (-0.6, "j_cut")])
def test_sound_that_changes_after_or_before_the_picture(lag_s: float, label: str) -> None:
    change = 4.0
    sound = np.concatenate([noise(change, -35), sine(500, 5, -20) + noise(5, -60)])
    (unit,) = found(explained(sound, (change - lag_s, HARD)), FUNCTION)
    assert unit.label == label
    assert unit.attributes["lag_s"] == pytest.approx(lag_s, abs=0.12)
    assert unit.confidence <= 0.6


def test_sound_that_changes_with_the_picture_is_a_straight_cut() -> None:
    sound = np.concatenate([noise(4, -35), sine(500, 5, -20)])
    assert found(explained(sound, (4.0, HARD)), FUNCTION) == []


def test_several_changes_say_nothing() -> None:
    parts = [noise(3.4, -35), sine(500, 1, -20), noise(1, -35), sine(800, 3, -20)]
    assert found(explained(np.concatenate(parts), (4.0, HARD)), FUNCTION) == []


def test_a_pause_taken_out_at_a_jump_cut() -> None:
    one, two = voice("The first thing you need is a good sharp knife"), voice("and then you cut the bread into slices")
    trimmed = one[: np.flatnonzero(np.abs(one) > 0.02)[-1]], two[np.flatnonzero(np.abs(two) > 0.02)[0] :]
    pauses = [np.concatenate([voice("That is all I know"), silence(0.6)]) for _ in range(3)]
    sound = np.concatenate([*trimmed, silence(0.6), *pauses])
    join = len(trimmed[0]) / RATE
    units = explained(sound, (join, "jump_cut"))
    assert labels(units, FUNCTION) == ["dead_air_removal"]
    assert labels(units, RATIONALE) == ["time_compression"]
    kept = np.concatenate([trimmed[0], silence(0.5), trimmed[1], silence(0.6), *pauses])
    assert labels(explained(kept, (join + 0.25, "jump_cut")), FUNCTION) == []
