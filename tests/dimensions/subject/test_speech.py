"""Speech as units: where nobody speaks, pauses, rate and fillers, with truth from rendered speech."""

from __future__ import annotations

import numpy as np
import pytest

from sestina.core.evidence import AsrEvidence, MetricEvidence
from sestina.core.storyboard import Unit, Word
from sestina.dimensions.subject.speech import plain, speech_blocks
from sestina.pipeline.parse import reading_of
from sestina.render.parts.sound import Speech
from sestina.render.speech import has_espeak, say
from tests.dimensions.audible import Clip, found, labels
from tests.signals.sounds import F32, RATE, noise, silence, tune

MODE = "subject.speech_mode"


def spoken(text: str, before_s: float = 0.0) -> tuple[F32, tuple[Word, ...]]:
    if not has_espeak():
        pytest.skip("needs the espeak-ng library")
    said = say(Speech(text=text, start_s=0.0))
    words = [w.model_copy(update={"start_s": w.start_s + before_s, "end_s": w.end_s + before_s}) for w in said.words]
    return np.concatenate([silence(before_s), said.samples * np.float32(0.4)]), tuple(words)


def parsed(sound: F32, words: tuple[Word, ...] = (), language: str | None = None) -> list[Unit]:
    return Clip(sound, words=words, language=language).parse("aesthetics.audio", "subject.speech")


def test_no_voice_in_music() -> None:
    (unit,) = found(parsed(tune(100, 6)), MODE)
    assert unit.label == "none"
    assert (unit.span.start_s, unit.span.end_s) == (0.0, 6.0)


def test_silence_before_speech_has_no_voice_and_the_speech_abstains() -> None:
    sound, _ = spoken("Here is what we are going to do about it today", before_s=4.0)
    units = found(parsed(sound), MODE, abstaining=True)
    assert [unit.status for unit in units] == ["observed", "abstain"]
    assert units[0].label == "none"
    assert units[0].span.end_s == pytest.approx(4.0, abs=0.3)


def test_pause_ratio_is_the_silence_inside_the_speech() -> None:
    one, _ = spoken("This is the first of the two sentences that are said")
    two, _ = spoken("and this is the second one of them")
    sound = np.concatenate([silence(3), one, silence(1.2), two, silence(3)])
    (ratio,) = found(parsed(sound), "subject.pause_ratio")
    said_s = (len(one) + len(two)) / RATE
    assert ratio.value == pytest.approx(1.2 / (said_s + 1.2), abs=0.07)


def test_rate_counts_words_a_second_of_speech() -> None:
    sound, words = spoken("one small step for a man and one giant leap for all of mankind in the end", before_s=2.0)
    (rate,) = found(parsed(sound, words), "subject.speech_rate")
    truth = len(words) / (words[-1].end_s - words[0].start_s)
    assert rate.value == pytest.approx(truth, rel=0.15)
    quotes = [e for e in rate.evidence if isinstance(e, AsrEvidence)]
    assert quotes[0].quote.startswith("one small step")


def test_fillers_are_quoted() -> None:
    sound, words = spoken("so um this is uh the place where we er live and work and play and sleep")
    (rate,) = found(parsed(sound, words, "en-US"), "subject.filler_rate")
    assert [e.quote for e in rate.evidence if isinstance(e, AsrEvidence)] == ["um", "uh", "er"]
    counted = next(e for e in rate.evidence if isinstance(e, MetricEvidence))
    assert rate.value == counted.value
    assert rate.value == pytest.approx(3 / (len(sound) / RATE) * 60, rel=0.25)


def test_no_fillers_is_zero_and_an_unknown_language_abstains() -> None:
    sound, words = spoken("this is the place where we live and work and play")
    (none,) = found(parsed(sound, words, "en"), "subject.filler_rate")
    assert none.value == 0
    (unit,) = found(parsed(sound, words, "xx"), "subject.filler_rate", abstaining=True)
    assert unit.status == "abstain"


def test_without_words_there_is_no_rate() -> None:
    sound, _ = spoken("this is the place where we live and work")
    assert not found(parsed(sound), "subject.speech_rate", abstaining=True)


def test_ambience_is_a_source_by_itself() -> None:
    assert labels(parsed(noise(5, -35)), "subject.sound_source") == ["ambience"]
    (music,) = found(parsed(tune(100, 5)), "subject.sound_source", abstaining=True)
    assert music.status == "abstain"


def test_blocks_bridge_pauses_but_not_long_silence() -> None:
    one, _ = spoken("this is the first sentence of the two")
    sound = np.concatenate([one, silence(1.0), one, silence(4.0), one])
    assert len(speech_blocks(reading_of(Clip(sound).gathered))) == 2


def test_plain_words() -> None:
    assert [plain(text) for text in ("Um,", "UH...", "don't")] == ["um", "uh", "dont"]
