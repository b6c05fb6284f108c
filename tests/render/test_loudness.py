"""Loudness by BS.1770 on signals whose loudness is known, and sound brought to a loudness."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from sestina.render.loudness import SAMPLE_RATE_HZ, brought_to, integrated, loudness_range, true_peak
from sestina.render.parts.sound import Hit, Music, Sound, Speech
from sestina.render.sound import soundtrack

F32 = npt.NDArray[np.float32]


def sine(peak_dbfs: float, length_s: float, hz: float = 1000.0) -> F32:
    t = np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.stack([10 ** (peak_dbfs / 20) * np.sin(2 * np.pi * hz * t)] * 2).astype(np.float32)


@pytest.mark.parametrize("peak_dbfs", [-23.0, -33.0])
def test_a_stereo_tone_is_as_loud_as_its_peak(peak_dbfs: float) -> None:
    """EBU Tech 3341, cases 1 and 2: a tone of 1 kHz at -23 dBFS on both channels has -23.0 LUFS within 0.1."""
    loud = integrated(sine(peak_dbfs, 5))
    assert loud == pytest.approx(peak_dbfs, abs=0.1)


def test_quiet_parts_do_not_count() -> None:
    """EBU Tech 3341, case 3: -36, -23 and -36 dBFS, where the quiet ends fall under the relative gate."""
    parts = [sine(-36, 4), sine(-23, 20), sine(-36, 4)]
    assert integrated(np.concatenate(parts, axis=1)) == pytest.approx(-23, abs=0.1)
    assert integrated(np.zeros((2, 48_000), np.float32)) is None


def test_the_range_is_between_the_loud_and_the_quiet() -> None:
    """EBU Tech 3342, case 1: 20 s at -20 dBFS and 20 s at -30 dBFS have a range of 10 LU within 1."""
    assert loudness_range(np.concatenate([sine(-20, 20), sine(-30, 20)], axis=1)) == pytest.approx(10, abs=1)


def test_peaks_between_samples_count() -> None:
    """A quarter of the sampling rate, an eighth of a turn late: samples reach 3 dB less than the wave."""
    t = np.arange(4800)
    wave = np.stack([0.5 * np.sin(np.pi / 2 * t + np.pi / 4)] * 2).astype(np.float32)
    assert 20 * np.log10(np.abs(wave).max()) == pytest.approx(-9.03, abs=0.01)
    assert true_peak(wave) == pytest.approx(-6.02, abs=0.4)
    assert true_peak(np.zeros((2, 100), np.float32)) is None


@pytest.mark.parametrize("wanted_lufs", [-23.0, -16.0, -12.0])
def test_sound_reaches_its_loudness_below_its_peak(wanted_lufs: float) -> None:
    sound = Sound(
        music=Music(), speech=(Speech(text="One two three four.", start_s=1.0, natural=False),),
        hits=(Hit(at_s=2.0),), loudness_lufs=wanted_lufs,
    )  # fmt: skip
    made = soundtrack(sound, 5.0)
    peak = true_peak(made.samples)
    assert integrated(made.samples) == pytest.approx(wanted_lufs, abs=0.3)
    assert peak is not None
    assert peak <= -1.2


def test_a_loudness_that_cannot_be_reached_is_refused() -> None:
    click = np.zeros((2, 48_000), np.float32)
    click[:, 24_000] = 0.5
    with pytest.raises(ValueError, match="leave no room"):
        brought_to(click, -8.0, -1.0)
    with pytest.raises(ValueError, match="clipped"):
        Sound(faults=("clipped",), loudness_lufs=-14)
