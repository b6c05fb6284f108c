"""Speech recognition: engines found or missing, times kept, sound handed over in bounded runs cut in
silence."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sestina.core.errors import MissingExtra
from sestina.core.storyboard import Word
from sestina.signals import speech
from sestina.signals.speech import Heard, Speech, _quietest, _whisper_words, make_engine
from tests.signals.sounds import F32, RATE, hear, info, noise, silence
from tests.signals.test_voice import spoken


class Counter:
    """An engine that says how many seconds it was handed, as one word at the middle."""

    name = "counter"

    def __init__(self) -> None:
        self.lengths_s: list[float] = []

    def hear(self, samples: F32) -> Heard:
        length_s = len(samples) / 16_000
        self.lengths_s.append(length_s)
        word = Word(text=f"{length_s:.1f}", start_s=length_s / 2, end_s=length_s / 2 + 0.1)
        return Heard(words=(word,), language="en")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(speech.MODEL_VARIABLE, raising=False)
    monkeypatch.delenv(speech.ENGINE_VARIABLE, raising=False)


def test_words_get_presentation_times() -> None:
    found = hear(Speech(Counter()), noise(4), start_s=2.5)
    assert [(word.text, word.start_s) for word in found.words] == [("4.0", 4.5)]
    assert (found.engine, found.language) == ("counter", "en")


def test_long_sound_is_cut_where_it_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "SPAN_S", 4.0)
    monkeypatch.setattr(speech, "SEARCH_S", 2.0)
    engine = Counter()
    sound = np.concatenate([noise(3), silence(0.3), noise(4.7)])
    found = hear(Speech(engine), sound, blocks=[1000])
    assert engine.lengths_s[0] == pytest.approx(3.15, abs=0.16)
    assert sum(engine.lengths_s) == pytest.approx(8.0, abs=1e-3)
    assert [w.start_s for w in found.words] == sorted(w.start_s for w in found.words)


def test_the_quietest_moment() -> None:
    sound = np.ones(16_000 * 3, np.float32)
    sound[32_000:34_000] = 0
    assert 32_000 <= _quietest(sound) <= 34_000


def test_without_a_model_the_hint_names_extra_and_variable() -> None:
    with pytest.raises(MissingExtra) as missing:
        Speech().start(info())
    assert "asr" in str(missing.value)
    assert speech.MODEL_VARIABLE in missing.value.hint


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingExtra):
        make_engine(model=tmp_path)


def test_unknown_engines_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="vosk"):
        make_engine("vosk")


def test_words_of_whisper_are_stripped_and_bounded() -> None:
    said = [
        SimpleNamespace(word=" Hello", start=0.1, end=0.4, probability=0.9),
        SimpleNamespace(word="  ", start=0.4, end=0.5, probability=0.2),
        SimpleNamespace(word=" world.", start=0.6, end=0.5, probability=1.2),
    ]
    segments = [SimpleNamespace(words=said), SimpleNamespace(words=None)]
    assert [(w.text, w.start_s, w.end_s, w.confidence) for w in _whisper_words(segments)] == [
        ("Hello", 0.1, 0.4, 0.9),
        ("world.", 0.6, 0.6, 1.0),
    ]


@pytest.mark.skipif(importlib.util.find_spec("pocketsphinx") is None, reason="needs the package pocketsphinx")
def test_pocketsphinx_reads_some_of_a_sentence(tmp_path: Path) -> None:
    """It understands espeak's voice badly; what it does say comes with times inside the sound and little
    confidence."""
    sentence = spoken("we will go to the city in the morning", tmp_path)
    sound = np.concatenate([silence(0.5), sentence, silence(0.5)])
    found = hear(Speech("pocketsphinx"), sound)
    assert found.engine == "pocketsphinx:en-us"
    assert len({word.text for word in found.words} & {"we", "will", "go", "city", "the", "morning"}) >= 2
    assert all(0.3 <= word.start_s < word.end_s <= len(sound) / RATE for word in found.words)
    assert all(word.confidence <= 0.4 for word in found.words)


@pytest.mark.skipif(importlib.util.find_spec("pocketsphinx") is None, reason="needs the package pocketsphinx")
def test_pocketsphinx_reads_a_president(clips: Path) -> None:
    import av

    with av.open(str(clips / "whisper__jfk.flac")) as container:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        runs = [f.to_ndarray() for frame in container.decode(audio=0) for f in resampler.resample(frame)]
    words = [word.text for word in hear(Speech("pocketsphinx"), np.concatenate(runs, axis=1)).words]
    assert " ".join(words[-12:]).endswith("you can do for your country")


def test_no_sound_no_words() -> None:
    found = hear(Speech(Counter()), silence(1)[:0])
    assert found.words == ()
