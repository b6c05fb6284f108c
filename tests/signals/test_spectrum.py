"""Hum, treble and change of sounds with known spectra."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from sestina.core.time import Span
from sestina.signals.spectrum import BANDS, Spectrum, band_edges, change
from tests.signals.sounds import F32, RATE, heard, noise, seconds, silence, sine

ALL = Span.of(0, 1000)


def hum(mains_hz: int, duration_s: float = 4) -> F32:
    time = seconds(duration_s)
    return np.asarray(0.01 * sum(np.sin(2 * np.pi * mains_hz * k * time) / k for k in range(1, 7)), np.float32)


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_mains_hum_stands_out_of_noise(mains_hz: int) -> None:
    with_hum, without = noise(4, -55) + hum(mains_hz), noise(4, -55)
    assert heard(Spectrum(), with_hum)["spectrum.hum"].reduce("p10", ALL) > 15
    assert heard(Spectrum(), without)["spectrum.hum"].reduce("p90", ALL) < 8


def test_one_low_tone_is_no_hum() -> None:
    found = heard(Spectrum(), noise(3, -55) + sine(100, 3, -20))["spectrum.hum"]
    assert found.reduce("max", ALL) < 8


def test_a_low_pass_takes_the_treble() -> None:
    bright = noise(2, -20)
    dull = sosfilt(butter(10, 3000, fs=RATE, output="sos"), bright).astype(np.float32)
    assert heard(Spectrum(), bright)["spectrum.treble"].reduce("median", ALL) == pytest.approx(4.1, abs=0.5)
    assert heard(Spectrum(), dull)["spectrum.treble"].reduce("p75", ALL) < -35


def test_treble_of_silence_is_not_measurable() -> None:
    assert np.isnan(heard(Spectrum(), silence(1))["spectrum.treble"].values).all()


def test_change_peaks_where_the_sound_becomes_another() -> None:
    sound = np.concatenate([noise(2, -30), sine(500, 2, -20)])
    track = heard(Spectrum(), sound)["spectrum.change"]
    assert track.times_s[track.values.argmax()] == pytest.approx(2.0, abs=0.11)
    assert track.reduce("max", ALL) > 20
    assert track.reduce("max", Span.of(0.6, 1.4)) < 4


def test_change_by_hand() -> None:
    levels = np.zeros((6, 2))
    levels[3:] = 6.0
    np.testing.assert_allclose(change(levels), [0, 6 * 3 / 5, 6 * 3 / 4, 6, 6 * 3 / 4, 6 * 3 / 5])
    assert change(levels[:1]).tolist() == [0.0]


def test_bands_follow_each_other() -> None:
    edges = band_edges()
    assert len(edges) == BANDS + 1
    assert (np.diff(edges) > 0).all()


def test_the_cut_into_blocks_changes_nothing() -> None:
    sound = noise(2.2, -30) + sine(220, 2.2)
    whole, cut = heard(Spectrum(), sound, blocks=[10**6]), heard(Spectrum(), sound, blocks=[9, 50_000])
    for name, track in whole.items():
        np.testing.assert_array_equal(track.values, cut[name].values)
