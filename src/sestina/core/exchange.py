"""What goes between whoever asks and whoever answers: a question about one video, the frames looked at, an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of one video, in words for a model and in fields for a program; it never holds the answer.

    Args:
        video: which video, by its id in the benchmark.
        prompt: the question in words, options included.
        facets: facets the answer speaks of; a name that ends in a dot stands for all below it.
        span: the part of the video that is asked about, None for all of it.
        level: the level of the units that are asked about, "" when the facets say enough.
        options: multiple choice only: the labels to choose from, in the order of their letters.
    """

    video: str
    prompt: str
    facets: tuple[str, ...] = ()
    span: Span | None = None
    level: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How many frames may be looked at."""

    frames: int

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise ValueError(f"a budget holds at least one frame, got {self.frames}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """The frames of a video that a selector chooses from.

    Args:
        times_s: float64 [N], increasing, seconds; N at least 1.
        features: float32 [N,D], one picture's embedding a row, unit length.
        query: float32 [D], the question's embedding in the same space, unit length; None where there is none.
        score: relevance of some candidates to the question by other means, such as a model that is asked: int64 [K]
            indices to float [K]; None: the cosine of features and query.
        span_s: first and last second of the video; None: of the times.
        storyboard: of the video, for those that look at it.
    """

    times_s: npt.NDArray[np.float64]
    features: npt.NDArray[np.float32]
    query: npt.NDArray[np.float32] | None = None
    score: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]] | None = None
    span_s: tuple[float, float] | None = None
    storyboard: Storyboard | None = None

    def __post_init__(self) -> None:
        if self.times_s.ndim != 1 or len(self.times_s) == 0 or np.any(np.diff(self.times_s) <= 0):
            raise ValueError(f"times must be a non-empty increasing vector, got shape {self.times_s.shape}")
        if self.features.ndim != 2 or len(self.features) != len(self.times_s):
            raise ValueError(f"features must be [{len(self.times_s)}, D], got {self.features.shape}")
        if self.query is not None and self.query.shape != self.features.shape[1:]:
            raise ValueError(f"the query must be [{self.features.shape[1]}], got {self.query.shape}")

    def __len__(self) -> int:
        return len(self.times_s)

    def __repr__(self) -> str:
        asked = "asked" if self.query is not None or self.score is not None else "unasked"
        return f"Candidates(frames={len(self)}, width={self.features.shape[1]}, {asked})"

    def relevance(self, indices: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.float64]:
        """Return the relevance of the candidates at `indices` (None: all) to the question, [K]; zeros without one."""
        which = np.arange(len(self)) if indices is None else np.asarray(indices, np.int64)
        if self.score is not None:
            return np.asarray(self.score(which), np.float64)
        if self.query is None:
            return np.zeros(len(which))
        return np.asarray(self.features[which] @ self.query, np.float64)

    @cached_property
    def likeness(self) -> npt.NDArray[np.float64]:
        """Cosines of neighbouring candidates, [N-1]."""
        return np.asarray((self.features[1:] * self.features[:-1]).sum(axis=1), np.float64)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The candidates that were chosen, in order of time; `looked` is how many had their relevance asked for."""

    indices: tuple[int, ...]
    looked: int = 0

    @classmethod
    def of(cls, indices: Any, looked: int = 0) -> Selection:
        """Return the selection of these candidates, each once, in order."""
        return cls(indices=tuple(sorted({int(index) for index in indices})), looked=looked)


@dataclass(frozen=True, kw_only=True)
class Citation:
    """What an answer rests on: a unit, a stretch, a quote, a frame or a place; several of them say one thing together.

    Args:
        unit: id of a unit of the storyboard.
        span: when.
        quote: words, and `source`: `speech` or `screen`, "" for either.
        frame_s: time of one frame, seconds.
        box: where in the picture.
        verified: whether everything it names is there.
        why: what was found, or what is wrong.
    """

    unit: str | None = None
    span: Span | None = None
    quote: str | None = None
    source: Literal["speech", "screen", ""] = ""
    frame_s: float | None = None
    box: Box | None = None
    verified: bool = False
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values; what it does not name is left out."""
        found = {
            "unit": self.unit,
            "span": None if self.span is None else [self.span.start_s, self.span.end_s],
            "quote": self.quote,
            "source": self.source or None,
            "frame_s": self.frame_s,
            "box": None if self.box is None else self.box.model_dump(),
        }
        named = {key: value for key, value in found.items() if value is not None}
        return {**named, "verified": self.verified, "why": self.why}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered: a storyboard (whole or in part), or a choice, or why there is neither.

    Args:
        storyboard: the answer as a document.
        text: what a model wrote, where that is no valid document.
        choice: multiple choice only: index of the chosen option.
        parsed: a model's reply as JSON values, where a schema was asked for and it could be read.
        spans: stretches of the video that the answer names.
        citations: what it rests on.
        abstained: whether it says that it cannot tell; `text` says why and what was looked at.
        error: why there is no answer; an error is counted apart and never scored as a wrong answer.
        usage: what it cost, by name with unit: `wall_s`, `input_tokens`.
    """

    storyboard: Storyboard | None = None
    text: str | None = None
    choice: int | None = None
    parsed: Any = None
    spans: tuple[Span, ...] = ()
    citations: tuple[Citation, ...] = ()
    abstained: bool = False
    error: str | None = None
    usage: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain JSON values; of a storyboard no more than its size."""
        found = {
            "units": None if self.storyboard is None else len(self.storyboard),
            "text": self.text,
            "choice": self.choice,
            "error": self.error,
        }
        return {key: value for key, value in found.items() if value is not None}
