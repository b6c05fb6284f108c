"""Every role of the house on one page: small protocols that components fill and pipelines drive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from sestina.core.correction import Correction
from sestina.core.exchange import Answer, Budget, Candidates, Question, Selection
from sestina.core.frames import AudioBlock, FrameBatch, Picture
from sestina.core.media_info import MediaInfo
from sestina.core.prompting import Limits, Prompt
from sestina.core.reading import Reading
from sestina.core.storyboard import ScreenText, Storyboard, Unit, Word
from sestina.core.task import Sample, Score
from sestina.core.track import BoxTrack, Track


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What one signal found: tracks, followed rectangles, spoken words, on-screen texts, and facts about its engine.

    `engine` names the engine that read words or texts, `language` their BCP-47 code when known.
    """

    tracks: Sequence[Track] = ()
    boxes: Sequence[BoxTrack] = ()
    words: Sequence[Word] = ()
    screen: Sequence[ScreenText] = ()
    engine: str | None = None
    language: str | None = None


class Signal(Protocol):
    """Measures every frame. Promise: the same tracks for batches of 1 and of 64."""

    def start(self, info: MediaInfo) -> None:
        """Get ready for one video."""

    def feed(self, batch: FrameBatch) -> None:
        """Take the next frames."""

    def finish(self) -> Measurement:
        """Return what was measured."""


class AudioSignal(Protocol):
    """Measures the sound. Promise: the same tracks however the sound is cut into blocks."""

    def start(self, info: MediaInfo) -> None:
        """Get ready for one video."""

    def feed(self, block: AudioBlock) -> None:
        """Take the next run of sound."""

    def finish(self) -> Measurement:
        """Return what was measured."""


class StillSignal(Protocol):
    """Looks at a few full-size pictures, chosen from what is known so far."""

    def choose(self, reading: Reading) -> Sequence[float]:
        """Return the times, seconds, of the frames it wants."""

    def feed(self, picture: Picture) -> None:
        """Take one picture; pictures come in order of time."""

    def finish(self) -> Measurement:
        """Return what was found."""


@runtime_checkable
class Parser(Protocol):
    """Turns tracks and transcript into units. Promise: every unit satisfies the invariants; deterministic."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield units, and the derived tracks that their evidence cites."""


class Selector(Protocol):
    """Chooses which frames are looked at.

    Promise: never more than the budget; the same under one seed; a video no longer than the budget is taken whole.
    """

    def __call__(self, candidates: Candidates, budget: Budget, *, seed: int = 0) -> Selection:
        """Return what to look at."""


class Model(Protocol):
    """Looks at frames and answers in words. Made from a `ModelSetting`.

    Promise: a malformed reply, a timeout or a refusal becomes `Answer.error`, never an exception; the same answer under
    one seed at temperature 0; frames are seen in order. A missing package or wrong weights raise when it is made.
    """

    limits: Limits

    def describe(self) -> Mapping[str, Any]:
        """Return what a result depends on, as plain values without secrets: kind, name, revision, settings."""

    def answer(self, prompt: Prompt) -> Answer:
        """Return `text`, `parsed` where a schema was asked for, `usage` (`input_tokens`, ..., `wall_s`), or `error`."""


class Embedder(Protocol):
    """Pictures and texts in one space. Promise: unit length; batch size does not change results."""

    width: int

    def images(self, pictures: Sequence[Picture]) -> npt.NDArray[np.float32]:
        """Return one row a picture, float32 [N, width]."""

    def texts(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one row a text, float32 [N, width]; a row of zeros for a text it can say nothing about."""


class Exporter(Protocol):
    """Writes a storyboard in another format. Promise: written twice, identical bytes.

    What comes after the first two parameters are its options, keyword-only, annotated and with defaults; an option
    named `video` is given the video's path where it is found.
    """

    def __call__(self, storyboard: Storyboard, file: BinaryIO, **options: Any) -> None:
        """Write `storyboard` to `file`."""


class FolderExporter(Protocol):
    """Writes several files into a folder that exists and is empty. Promise: written twice, identical files."""

    def __call__(self, storyboard: Storyboard, folder: Path, **options: Any) -> None:
        """Write `storyboard` into `folder`."""


class CorpusExporter(Protocol):
    """Writes many storyboards into one file or one folder, one at a time. Promise: as an exporter's."""

    def __call__(self, storyboards: Iterable[Storyboard], target: Any, **options: Any) -> None:
        """Write every storyboard to `target`, a binary file or a folder as its entry's suffix says."""


class Importer(Protocol):
    """Reads what people did to an export. Promise: an untouched export brings no change."""

    def __call__(self, file: BinaryIO, onto: Storyboard, **options: Any) -> Iterable[Correction]:
        """Yield what the file says; raise SchemaError, with the place, for a file that is not of this format."""


class Task(Protocol):
    """A benchmark's task. Promise: gold scores 1, an empty answer does not; ids unique, order stable."""

    def samples(self) -> Iterator[Sample]:
        """Yield every sample, always in the same order."""

    def score(self, sample: Sample, answer: Answer) -> Score:
        """Return what `answer` is worth; an answer with an error is unscored."""


class Answerer(Protocol):
    """Answers questions about a video. Promise: the same answer to the same question; what fails is `Answer.error`."""

    sees: bool
    """Whether it needs the video file."""
    only_choices: bool
    """Whether it answers multiple choice only; it is asked nothing else."""

    def answer(self, question: Question, video: Path | None) -> Answer:
        """Return the answer; `video` is None where the file is not at hand."""
