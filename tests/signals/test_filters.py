"""The small filters against scipy's, which take too long to import where they are used."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import freqz, sosfilt

from sestina.signals._audio import Decimator
from sestina.signals._filters import Convolver, Strided, lowpass, response
from sestina.signals.loudness import HIGH_PASS, RESPONSE, SHELF
from tests.signals.sounds import RATE, noise, sine


def test_the_weightings_response_is_the_recursive_filters() -> None:
    impulse = np.zeros(RESPONSE)
    impulse[0] = 1.0
    expected = sosfilt(np.array([HIGH_PASS, SHELF]), impulse)
    np.testing.assert_allclose(response((HIGH_PASS, SHELF), RESPONSE), expected, atol=1e-12)
    assert np.abs(expected[-100:]).max() < 1e-9, "it is over by then"


@pytest.mark.parametrize("cut", [1, 100, 4096, 10_000])
def test_running_convolution_is_the_recursive_filter(cut: int) -> None:
    sound = np.stack([noise(0.5, -10, 1), noise(0.5, -10, 2)])
    running = Convolver(response((HIGH_PASS, SHELF), RESPONSE)[None], 2, 10_000)
    runs = [sound[:, i : i + cut] for i in range(0, min(sound.shape[1], 40 * cut), cut)]
    found = np.concatenate([running.feed(run)[0] for run in runs], axis=1)
    expected = sosfilt(np.array([HIGH_PASS, SHELF]), np.concatenate(runs, axis=1), axis=1)
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_strided_is_convolution_sampled() -> None:
    sound, kernels = noise(0.1)[None], np.stack([lowpass(9, 0.5), np.arange(9, dtype=np.float32)])
    running = Strided(kernels, 1, step=3)
    found = np.concatenate([running.feed(sound[:, i : i + 600]) for i in range(0, 4800, 600)], axis=1)
    for i, kernel in enumerate(kernels):
        np.testing.assert_allclose(found[0, :, i], np.convolve(sound[0], kernel)[:4800:3], atol=1e-5)


def test_a_low_pass_passes_and_stops() -> None:
    _, gain = freqz(lowpass(49, 0.3), worN=np.pi * np.array([0.0, 0.15, 0.3, 0.5, 0.9]))
    np.testing.assert_allclose(np.abs(gain[:3]), [1, 1, 0.5], atol=0.01)
    assert (np.abs(gain[3:]) < 0.002).all()


def test_decimation_keeps_low_tones_and_drops_high_ones() -> None:
    low, high = sine(1000, 1), sine(11_000, 1)
    kept, gone = Decimator(3).feed(low), Decimator(3).feed(high)
    assert len(kept) == RATE // 3
    assert np.abs(kept[100:-100]).max() == pytest.approx(0.1, rel=0.01)
    assert np.abs(gone[100:-100]).max() < 0.001
