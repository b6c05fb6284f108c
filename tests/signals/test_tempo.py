"""Tempo and beats of rendered music whose beats are known, and silence about everything else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.time import Span
from sestina.render.parts.sound import Music, Sound
from sestina.render.sound import soundtrack
from sestina.signals.tempo import STEADY, TEMPI, Tempo, best_path, correlation, place_beats, runs, steady
from tests.signals.sounds import F32, clicks, heard, noise, silence, sine, tune

ALL = Span.of(0, 10_000)


def farthest(of: np.ndarray, among: np.ndarray) -> float:
    """The largest time from any of `of` to the nearest of `among`."""
    return float(np.abs(of[:, None] - among[None, :]).min(axis=1).max())


@pytest.mark.parametrize("bpm", [60, 75, 92, 100, 120, 128, 140, 174, 200])
@pytest.mark.parametrize("kind", ["clicks", "tune"])
def test_tempo_within_one_percent_and_beats_within_30_ms(kind: str, bpm: int) -> None:
    truth = np.arange(0.0, 15.99, 60 / bpm)
    sound = clicks(truth, 16) if kind == "clicks" else tune(bpm, 16)
    found = heard(Tempo(), sound)
    assert found["tempo.bpm"].reduce("median", ALL) == pytest.approx(bpm, rel=0.01)
    assert found["tempo.confidence"].reduce("min", ALL) > 0.7
    beats = found["tempo.beat"].times_s
    assert farthest(beats[beats < truth[-1] + 0.03], truth) < 0.03, "every beat is one"
    assert farthest(truth[truth > 1.0], beats) < 0.03, "and none is missed"


@settings(max_examples=8, deadline=None)
@given(bpm=st.floats(70, 180), phase_s=st.floats(0, 0.3))
def test_any_tempo(bpm: float, phase_s: float) -> None:
    truth = np.arange(0.2 + phase_s, 12, 60 / bpm)
    found = heard(Tempo(), clicks(truth, 12.2))
    beats = found["tempo.beat"].times_s
    slope = np.polyfit(np.arange(len(beats)), beats, 1)[0]
    assert 60 / slope == pytest.approx(bpm, rel=0.01)
    assert farthest(beats, truth) < 0.03


@pytest.mark.parametrize("bpm", [78, 104, 126, 165])
def test_a_rendered_bed_of_kick_hat_and_chords(bpm: int) -> None:
    made = soundtrack(Sound(music=Music(tempo_bpm=bpm, first_beat_s=0.2)), 12.0)
    found = heard(Tempo(), made.samples)
    truth = np.array(made.beats_s)
    assert found["tempo.bpm"].reduce("median", ALL) == pytest.approx(bpm, rel=0.01)
    assert farthest(truth, found["tempo.beat"].times_s) < 0.03


def test_beats_go_on_under_a_voice() -> None:
    confidence = np.array([0.5, 0.4, 0.2, 0.18, 0.2, 0.6, 0.2, 0.1])
    bpm = np.array([120.0, 120, 121, 120, 120, 120, 90, 120])
    assert steady(bpm, confidence).tolist() == [True] * 6 + [False] * 2
    assert not steady(bpm, confidence * 0.5).any()


def test_a_change_of_tempo_is_followed() -> None:
    times = np.concatenate([np.arange(0, 15, 0.5), np.arange(15, 30, 60 / 90)])
    bpm = heard(Tempo(), clicks(times, 30))["tempo.bpm"]
    assert bpm.reduce("median", Span.of(2, 11)) == pytest.approx(120, rel=0.01)
    assert bpm.reduce("median", Span.of(19, 28)) == pytest.approx(90, rel=0.01)


@pytest.mark.parametrize(
    "sound",
    [
        noise(20),
        sine(440, 20),
        silence(10),
        clicks(np.sort(np.random.default_rng(1).uniform(0, 20, 40)), 20),
        clicks([3.0], 20),
    ],
    ids=["noise", "tone", "silence", "clicks at random", "one click"],
)
def test_what_does_not_repeat_has_no_beats(sound: F32) -> None:
    found = heard(Tempo(), sound)
    assert "tempo.beat" not in found
    assert found["tempo.confidence"].reduce("max", ALL) < STEADY
    assert np.isnan(found["tempo.bpm"].values).all()


def test_too_short_to_tell() -> None:
    assert not heard(Tempo(), clicks(np.arange(0, 3, 0.5), 3))
    assert not heard(Tempo(), silence(1)[:1])


def test_the_cut_into_blocks_changes_nothing() -> None:
    sound = tune(110, 9)
    whole, cut = heard(Tempo(), sound, blocks=[10**6]), heard(Tempo(), sound, blocks=[11, 50_000, 777])
    for name, track in whole.items():
        np.testing.assert_array_equal(track.values, cut[name].values)
        np.testing.assert_array_equal(track.times_s, cut[name].times_s)


def test_correlation_of_a_repeating_row() -> None:
    row = np.tile([1.0, 0, 0, 0], 50)[None]
    found = correlation(row)[0]
    assert found[0] == pytest.approx(found[4], abs=0.02) == pytest.approx(found[8], abs=0.02)
    assert found[2] < 0


def test_the_best_path_jumps_only_when_it_pays() -> None:
    scores = np.zeros((6, len(TEMPI)))
    scores[:, 100] = 0.5
    scores[2, 250] = 0.6  # one window disagrees a little
    assert best_path(scores).tolist() == [100] * 6
    scores[2:, 250] = 1.0
    assert best_path(scores).tolist() == [100, 100, 250, 250, 250, 250]


def test_beats_bridge_a_missing_onset() -> None:
    strength = np.zeros(500)
    strength[[50, 100, 150, 250, 300, 350, 400]] = 2.0
    assert place_beats(strength, np.full(500, 50.0)).tolist() == [50, 100, 150, 200, 250, 300, 350, 400]


def test_runs_by_hand() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.zeros(3, bool)) == []
