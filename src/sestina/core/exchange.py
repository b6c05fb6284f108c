"""What goes between a task and whoever answers it: a question about one video, and an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
class Answer:
    """What was answered: a storyboard (whole or in part), or a choice, or why there is neither.

    Args:
        storyboard: the answer as a document.
        text: what a model wrote, where that is no valid document.
        choice: multiple choice only: index of the chosen option.
        error: why there is no answer; an error is counted apart and never scored as a wrong answer.
        usage: what it cost, by name with unit: `wall_s`, `input_tokens`.
    """

    storyboard: Storyboard | None = None
    text: str | None = None
    choice: int | None = None
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
