"""Lasting tones in chords, none in noise, knocks and gliding tones."""

from __future__ import annotations

import numpy as np
import pytest

from sestina.core.time import Span
from sestina.signals.music import LASTING, STEP_S, Music
from tests.signals.sounds import F32, chord, clicks, heard, noise, seconds, silence, sine, tune

ALL = Span.of(0, 1000)


def lasting(sound: F32) -> float:
    return heard(Music(), sound)["music.lasting"].reduce("mean", ALL)


def glide() -> F32:
    """A voice-like glide: harmonics of a pitch that swings by an octave three times a second."""
    time = seconds(4)
    pitch = 160 * 2 ** (0.5 * np.sin(2 * np.pi * 3 * time))
    phase = 2 * np.pi * np.cumsum(pitch) / 48_000
    return np.asarray(0.05 * sum(np.sin(k * phase) / k for k in range(1, 20)), np.float32)


def test_held_chords_last() -> None:
    assert lasting(chord([220, 277.2, 329.6], 4)) > 0.8
    assert lasting(tune(110, 6)) > 0.5


@pytest.mark.parametrize("sound", [noise(4), clicks(np.arange(0, 4, 0.25), 4), glide(), silence(2)])
def test_what_is_no_music(sound: F32) -> None:
    assert lasting(sound) < 0.08


def test_a_tone_lasts_from_its_160th_millisecond() -> None:
    sound = np.concatenate([silence(1), chord([220, 330], 2), silence(1)])
    track = heard(Music(), sound)["music.lasting"]
    on = track.times_s[track.values > 0.5]
    assert on[0] == pytest.approx(1.0 + LASTING * STEP_S, abs=0.06)
    assert on[-1] == pytest.approx(3.0, abs=0.06)


def test_energy_of_a_tone_is_in_its_peak() -> None:
    assert heard(Music(), sine(440, 2))["music.tonal"].reduce("median", ALL) > 0.9
    assert heard(Music(), noise(2))["music.tonal"].reduce("mean", ALL) < 0.05


def test_the_cut_into_blocks_changes_nothing() -> None:
    sound = tune(100, 2.4) + noise(2.4, -50)
    whole, cut = heard(Music(), sound, blocks=[10**6]), heard(Music(), sound, blocks=[5, 959, 50_000])
    np.testing.assert_array_equal(whole["music.lasting"].values, cut["music.lasting"].values)
    np.testing.assert_array_equal(whole["music.tonal"].values, cut["music.tonal"].values)
