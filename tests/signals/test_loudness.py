"""Loudness against the numbers of the standards, against ffmpeg, and under any cut into blocks."""

from __future__ import annotations

import re
import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.frames import AudioBlock
from sestina.core.time import Span
from sestina.signals.loudness import Loudness, clipped_samples, windows
from tests.signals.sounds import F32, RATE, heard, info, noise, silence, sine, tracks

ALL = Span.of(-10, 10_000)


def programme(*parts: tuple[float, float], hz: float = 1000.0) -> F32:
    """Sines one after the other: (peak dBFS, seconds)."""
    return np.concatenate([sine(hz, length, level) for level, length in parts])


def value(samples: F32, name: str, reduce: str = "max") -> float:
    return heard(Loudness(), samples)[f"loudness.{name}"].reduce(reduce, ALL)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        pytest.param([(-23.0, 20)], -23.0, id="3341-1"),
        pytest.param([(-33.0, 20)], -33.0, id="3341-2"),
        pytest.param([(-36.0, 10), (-23.0, 60), (-36.0, 10)], -23.0, id="3341-3: the relative gate"),
        pytest.param([(-72.0, 10), (-36.0, 10), (-23.0, 60), (-36.0, 10), (-72.0, 10)], -23.0, id="3341-4"),
        pytest.param([(-26.0, 20), (-20.0, 20.1), (-26.0, 20)], -23.0, id="3341-5"),
    ],
)
def test_integrated_loudness_of_ebu_tech_3341(parts: list[tuple[float, float]], lufs: float) -> None:
    assert value(programme(*parts), "integrated") == pytest.approx(lufs, abs=0.1)


def test_a_997_hz_sine_at_minus_23_in_both_channels_reads_minus_23() -> None:
    """BS.1770: 0 dBFS at 997 Hz in one channel reads -3.01; both channels add 3.01."""
    tone = sine(997.0, 5, -23.0)
    assert value(tone, "integrated") == pytest.approx(-23.0, abs=0.05)
    left = np.stack([tone, np.zeros_like(tone)])
    assert value(left, "integrated") == pytest.approx(-26.0, abs=0.05)


def test_a_mono_file_counts_its_one_channel() -> None:
    """It is fed as two equal channels, and would read 3 LU too loud."""
    signal, tone = Loudness(), sine(997.0, 5, -23.0)
    signal.start(info(5, channels=1))
    signal.feed(AudioBlock(samples=np.stack([tone, tone]), rate_hz=RATE, start_s=0.0))
    assert tracks(signal.finish())["loudness.integrated"].reduce("last", ALL) == pytest.approx(-26.0, abs=0.05)


@pytest.mark.parametrize(
    ("levels", "lu"),
    [
        pytest.param((-20.0, -30.0), 10.0, id="3342-1"),
        pytest.param((-20.0, -15.0), 5.0, id="3342-2"),
        pytest.param((-40.0, -20.0), 20.0, id="3342-3"),
        pytest.param((-50.0, -35.0, -20.0, -35.0, -50.0), 15.0, id="3342-4"),
    ],
)
def test_loudness_range_of_ebu_tech_3342(levels: tuple[float, ...], lu: float) -> None:
    assert value(programme(*((level, 20) for level in levels)), "range") == pytest.approx(lu, abs=1.0)


@pytest.mark.parametrize(("hz", "phase_deg", "dbtp"), [(RATE / 4, 45, 0.0), (RATE / 4, 0, 0.0), (RATE / 6, 60, 0.0)])
def test_true_peak_finds_what_lies_between_samples(hz: float, phase_deg: float, dbtp: float) -> None:
    """EBU Tech 3341 case 15 and on: at a quarter of the rate and 45 degrees samples miss the crest by 3
    dB."""
    n = np.arange(RATE)
    fade = np.clip(np.minimum(n, n[::-1]) / 2000, 0, 1)
    tone = (0.5 * fade * np.sin(2 * np.pi * hz * n / RATE + np.deg2rad(phase_deg))).astype(np.float32)
    assert value(tone, "true_peak") == pytest.approx(dbtp - 6.02, abs=0.3)


def test_sample_peak_and_rms_of_a_sine() -> None:
    tone = sine(1000.0, 2, -12.0)
    assert value(tone, "sample_peak") == pytest.approx(-12.0, abs=0.01)
    assert value(tone, "rms", "median") == pytest.approx(-15.01, abs=0.05)


def test_windows_by_hand() -> None:
    np.testing.assert_allclose(windows(np.array([1.0, 3.0, 5.0, 7.0]), 2), [2, 4, 6])
    assert len(windows(np.array([1.0]), 2)) == 0


def test_times_are_the_middles_of_the_windows() -> None:
    found = heard(Loudness(), sine(1000, 4), start_s=2.0)
    assert found["loudness.momentary"].times_s[0] == pytest.approx(2.2)
    assert found["loudness.short_term"].times_s[[0, -1]] == pytest.approx([3.5, 4.5])
    assert found["loudness.rms"].times_s[0] == pytest.approx(2.005)
    assert found["loudness.integrated"].times_s[0] == 2.0


def test_a_constant_is_not_sound() -> None:
    steady = np.full(3 * RATE, 0.5, np.float32)
    assert heard(Loudness(), steady)["loudness.rms"].reduce("last", ALL) < -60


def test_clipped_tops_are_counted_and_sines_are_not() -> None:
    drive = 3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    assert clipped_samples(np.clip(drive, -0.9, 0.9).astype(np.float32)).mean() > 0.5
    for hz in (20.0, 50.0, 440.0, 5000.0):
        assert not clipped_samples(sine(hz, 1, -1.0)).any()
    assert not clipped_samples(noise(1, -20)).any()


@settings(max_examples=12, deadline=None)
@given(blocks=st.lists(st.integers(1, 60_000), min_size=1, max_size=5))
def test_the_cut_into_blocks_changes_nothing(blocks: list[int]) -> None:
    if sum(blocks) < 500 * len(blocks):
        blocks = [size * 500 for size in blocks]
    sound = np.stack([noise(2.35, -20, 1), sine(300, 2.35)])
    whole, cut = (heard(Loudness(), sound, blocks=way) for way in ([10**6], blocks))
    assert whole.keys() == cut.keys()
    for name, track in whole.items():
        np.testing.assert_array_equal(track.values, cut[name].values, err_msg=name)
        np.testing.assert_array_equal(track.times_s, cut[name].times_s, err_msg=name)


@pytest.mark.parametrize("samples", [1, 100, 4799, 19_199])
def test_too_short_for_a_block_has_levels_but_no_loudness(samples: int) -> None:
    found = heard(Loudness(), noise(1)[:samples])
    assert "loudness.integrated" not in found
    assert len(found["loudness.rms"]) == -(-samples // 480)


def test_silence_not_a_number_and_infinity_stay_finite() -> None:
    bad = silence(1)
    bad[100:200] = np.nan
    bad[300:310] = np.inf
    for sound in (silence(1), bad):
        found = heard(Loudness(), sound)
        assert all(np.isfinite(track.values).all() for track in found.values())
        assert "loudness.integrated" not in found, "nothing passes the absolute gate"


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs the ffmpeg program")
def test_agrees_with_ffmpeg(tmp_path: Path) -> None:
    swell = np.interp(np.arange(12 * RATE) / RATE, [0, 4, 5, 9, 12], [0.05, 0.6, 0.1, 0.3, 0.02])
    sound = np.stack([noise(12, -12, 3) * swell, noise(12, -14, 4) * swell])
    path = tmp_path / "noise.wav"
    save(path, sound)
    command = ["ffmpeg", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr.rsplit("Summary:", 1)[1]
    theirs = {key: float(number) for key, number in re.findall(r"(I|LRA|Peak):\s+(-?[\d.]+) (?:LU|dB)", said)}
    mine = heard(Loudness(), sound.astype(np.float32))
    assert mine["loudness.integrated"].reduce("last", ALL) == pytest.approx(theirs["I"], abs=0.1)
    assert mine["loudness.range"].reduce("last", ALL) == pytest.approx(theirs["LRA"], abs=0.3)
    assert mine["loudness.true_peak"].reduce("max", ALL) == pytest.approx(
        theirs["Peak"], abs=0.4
    )  # what Tech 3341 allows


def save(path: Path, sound: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").T.tobytes())
