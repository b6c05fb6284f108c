"""Speech recognition by an engine that the user provides; nothing is ever downloaded.

`faster-whisper` with a model folder named by SESTINA_WHISPER or the argument; `pocketsphinx` (English, weak
on anything but slow clear speech, labelled as such) only when it is asked for by name.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sestina.core.card import Card
from sestina.core.errors import MissingExtra
from sestina.core.frames import F32, AudioBlock
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.storyboard import Word
from sestina.signals._audio import RATE_HZ, Chunks, Decimator

MODEL_VARIABLE, ENGINE_VARIABLE = "SESTINA_WHISPER", "SESTINA_ASR"
ENGINE_RATE_HZ = 16_000
DECIMATION = RATE_HZ // ENGINE_RATE_HZ

SPAN_S = 300.0
"""Sound is handed to the engine in runs of about this length, so that an hour does not have to be in memory
at once."""

SEARCH_S = 15.0
"""A run ends in the quietest tenth of a second of its last SEARCH_S, so that no word is cut."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What an engine made of one run of sound.

    Args:
        words: with times from the start of the run.
        language: BCP-47 code, None when the engine does not say.
    """

    words: tuple[Word, ...]
    language: str | None = None


class Engine(Protocol):
    """Turns sound into words."""

    name: str

    def hear(self, samples: F32) -> Heard:
        """Return the words in mono `samples` [n] at 16 kHz, -1..1."""


class Whisper:
    """OpenAI's Whisper by faster-whisper (CTranslate2), from a folder on this machine.

    Args:
        folder: holds `model.bin` and `config.json`.

    Raises MissingExtra when the package is not installed or the folder holds no model.
    """

    def __init__(self, folder: Path) -> None:
        if importlib.util.find_spec("faster_whisper") is None:
            raise MissingExtra("speech recognition needs faster-whisper", hint="pip install 'sestina[asr]'")
        if not (folder / "model.bin").is_file():
            raise MissingExtra(
                f"no Whisper model in {str(folder)!r}: model.bin is missing",
                hint=f"set {MODEL_VARIABLE} to a folder with a CTranslate2 Whisper model",
            )
        from faster_whisper import WhisperModel

        self._model = WhisperModel(str(folder), device="auto", compute_type="default", local_files_only=True)
        self._language: str | None = None
        self.name = f"faster-whisper:{folder.name}"

    def hear(self, samples: F32) -> Heard:
        """Return the words in mono `samples` [n] at 16 kHz; the first run decides the language."""
        segments, info = self._model.transcribe(
            samples, language=self._language, word_timestamps=True, vad_filter=True, beam_size=5
        )
        words = tuple(_whisper_words(segments))
        if words:
            self._language = str(info.language)
        return Heard(words=words, language=self._language)


def _whisper_words(segments: Iterable[Any]) -> Iterable[Word]:
    for segment in segments:
        for word in segment.words or ():
            text = word.word.strip()
            if text:
                end = max(float(word.end), float(word.start))
                yield Word(
                    text=text, start_s=float(word.start), end_s=end, confidence=min(max(float(word.probability), 0), 1)
                )


class Pocketsphinx:
    """CMU Pocketsphinx, whose wheel carries an English model: a last resort, right for about three words in
    four of slow clear speech and useless elsewhere.

    Raises MissingExtra when the package is not installed.
    """

    name = "pocketsphinx:en-us"
    MOST_CONFIDENT = 0.4
    """Its own scores are no probabilities, so no word is claimed with more."""

    def __init__(self) -> None:
        if importlib.util.find_spec("pocketsphinx") is None:
            raise MissingExtra("the engine pocketsphinx is not installed", hint="pip install pocketsphinx")
        pocketsphinx: Any = importlib.import_module("pocketsphinx")
        self._decoder = pocketsphinx.Decoder(samprate=ENGINE_RATE_HZ, loglevel="FATAL")

    def hear(self, samples: F32) -> Heard:
        """Return the words in mono `samples` [n] at 16 kHz."""
        data = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        self._decoder.start_utt()
        self._decoder.process_raw(data, full_utt=True)
        self._decoder.end_utt()
        rate = self._decoder.config["frate"]
        found = self._decoder.seg() if self._decoder.hyp() is not None else ()
        words = [
            Word(
                text=item.word.split("(")[0],
                start_s=item.start_frame / rate,
                end_s=(item.end_frame + 1) / rate,
                confidence=self.MOST_CONFIDENT,
            )
            for item in found
            if not item.word.startswith(("<", "["))
        ]
        return Heard(words=tuple(words), language="en")


def make_engine(engine: str | None = None, model: str | Path | None = None) -> Engine:
    """Return the engine asked for: `whisper` (default) or `pocketsphinx`.

    Args:
        engine: name; None reads the variable SESTINA_ASR, else takes `whisper`.
        model: folder of the Whisper model; None reads SESTINA_WHISPER.

    Raises MissingExtra when it cannot run here, ValueError for an unknown name.
    """
    name = engine or os.environ.get(ENGINE_VARIABLE) or "whisper"
    if name == "pocketsphinx":
        return Pocketsphinx()
    if name != "whisper":
        raise ValueError(f"unknown speech engine {name!r}; known: whisper, pocketsphinx")
    folder = model or os.environ.get(MODEL_VARIABLE)
    if not folder:
        raise MissingExtra(
            "speech recognition needs the extra asr and a model folder",
            hint=f"pip install 'sestina[asr]' and set {MODEL_VARIABLE} to a folder with a CTranslate2 Whisper model",
        )
    return Whisper(Path(folder))


@signals.register(
    "speech",
    input="audio",
    group="asr",
    card=Card(
        summary="Spoken words with their times, by an engine the user provides.",
        source="Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 2022 (faster-whisper)",
        needs=("asr",),
        status="trial",
    ),
)
class Speech:
    """Words with presentation times.

    Args:
        engine: an engine, the name of one, or None for the default.
        model: folder of the Whisper model.

    `start` raises MissingExtra when no engine can run.
    """

    def __init__(self, engine: Engine | str | None = None, model: str | Path | None = None) -> None:
        self._asked, self._model = engine, model

    def start(self, info: MediaInfo) -> None:
        """Load the engine."""
        named = self._asked is None or isinstance(self._asked, str)
        self._engine: Engine = make_engine(self._asked, self._model) if named else self._asked  # type: ignore[assignment,arg-type]  # told apart by `named`
        self._chunks, self._low = Chunks(RATE_HZ), Decimator(DECIMATION)
        self._waiting: list[F32] = []
        self._done = 0
        self._words: list[Word] = []
        self._language: str | None = None

    def feed(self, block: AudioBlock) -> None:
        """Take the next run of sound."""
        for samples in self._chunks.feed(block):
            self._waiting.append(self._low.feed(samples.mean(axis=0, dtype=np.float32)))
            if len(self._waiting) >= SPAN_S:
                self._hear(last=False)

    def finish(self) -> Measurement:
        """Return the words."""
        rest = self._chunks.rest()
        if rest.shape[1]:
            self._waiting.append(self._low.feed(rest.mean(axis=0, dtype=np.float32)))
        self._hear(last=True)
        return Measurement(words=tuple(self._words), engine=self._engine.name, language=self._language)

    def _hear(self, *, last: bool) -> None:
        """Have the waiting sound recognised; unless it is the last, what follows the quietest moment waits
        on."""
        if not self._waiting:
            return
        samples = np.concatenate(self._waiting)
        end = len(samples) if last else _quietest(samples)
        self._waiting = [samples[end:]] if end < len(samples) else []
        heard = self._engine.hear(samples[:end])
        begin_s = self._chunks.start_s + self._done / ENGINE_RATE_HZ
        self._words += [
            word.model_copy(
                update={"start_s": round(word.start_s + begin_s, 3), "end_s": round(word.end_s + begin_s, 3)}
            )
            for word in heard.words
        ]
        self._language = self._language or heard.language
        self._done += end


def _quietest(samples: F32) -> int:
    """Return where in the last SEARCH_S of `samples` the quietest tenth of a second lies."""
    size = ENGINE_RATE_HZ // 10
    first = max(0, len(samples) - round(SEARCH_S * ENGINE_RATE_HZ))
    count = (len(samples) - first) // size
    power = (samples[first : first + count * size].reshape(count, size) ** 2).mean(axis=1)
    return first + int(power.argmin()) * size + size // 2
