"""Onsets at known times, and none where nothing begins."""

from __future__ import annotations

import numpy as np
import pytest

from sestina.signals.onsets import STEP_S, Onsets, filterbank, pick
from tests.signals.sounds import RATE, chord, clicks, heard, noise, seconds, silence, sine


def onsets(sound: np.ndarray, **how: object) -> np.ndarray:
    return heard(Onsets(), sound, **how)["onsets.onset"].times_s


@pytest.mark.parametrize("apart_s", [0.06, 0.25, 1.0])
def test_every_click_is_found_where_it_is(apart_s: float) -> None:
    truth = np.arange(0.3, 3.7, apart_s)
    found = onsets(clicks(truth, 4))
    assert len(found) == len(truth)
    np.testing.assert_allclose(found, truth, atol=0.011)


def test_notes_begin_and_do_not_end_with_an_onset() -> None:
    sound = np.concatenate([silence(1), chord([220, 277, 330], 1), silence(0.5), chord([196, 247], 1), silence(1)])
    np.testing.assert_allclose(onsets(sound), [1.0, 2.5], atol=0.03)


def test_vibrato_is_no_onset() -> None:
    time = seconds(4)
    sung = 0.2 * np.sin(2 * np.pi * 440 * time + 3 * np.sin(2 * np.pi * 6 * time))
    found = heard(Onsets(), sung.astype(np.float32)).get("onsets.onset")
    assert found is None or (found.times_s < 0.05).all(), "only its beginning"


def test_steady_sounds_have_no_onsets_after_their_beginning() -> None:
    for sound in (noise(5, -30), sine(300, 5)):
        found = heard(Onsets(), sound).get("onsets.onset")
        assert found is None or (found.times_s < 0.05).all()


def test_silence_has_strength_zero() -> None:
    found = heard(Onsets(), silence(2))
    assert "onsets.onset" not in found
    assert not found["onsets.strength"].values.any()


def test_times_follow_the_start_of_the_sound() -> None:
    np.testing.assert_allclose(onsets(clicks([1.0], 2), start_s=3.5), [4.5], atol=0.011)


def test_picking_by_hand() -> None:
    strength = np.zeros(100)
    strength[[20, 22, 60]] = 10, 20, 3
    assert pick(strength).tolist() == [22], "two within 30 ms are one, and 3 is too weak"


def test_filters_are_averages_from_low_to_high() -> None:
    bank = filterbank()
    np.testing.assert_allclose(bank.sum(axis=0), 1, rtol=1e-5)
    assert (np.diff(bank.argmax(axis=0)) > 0).all()


def test_the_cut_into_blocks_changes_nothing() -> None:
    sound = clicks([0.2, 0.9, 1.7], 2.3) + noise(2.3, -60)
    whole, cut = heard(Onsets(), sound, blocks=[10**6]), heard(Onsets(), sound, blocks=[3, 479, 50_000])
    np.testing.assert_array_equal(whole["onsets.strength"].values, cut["onsets.strength"].values)


@pytest.mark.parametrize("samples", [1, 479, 1025])
def test_the_shortest_sounds(samples: int) -> None:
    strength = heard(Onsets(), noise(1)[:samples])["onsets.strength"]
    assert len(strength) == 1 + samples // round(RATE * STEP_S)
