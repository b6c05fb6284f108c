"""One item of a benchmark and what an answer to it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sestina.core.exchange import Question
from sestina.core.storyboard import Storyboard


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One question and the truth it is judged by.

    Args:
        id: unique in its task, the same in every run.
        task: name of the task.
        question: what is asked; all that who answers gets to see.
        gold: the true storyboard.
        key: multiple choice only: index of the right option.
        group: samples that ask the same in other words or another order share a group; "" for none.
    """

    id: str
    task: str
    question: Question
    gold: Storyboard
    key: int | None = None
    group: str = ""

    @property
    def video(self) -> str:
        """Which video is asked about: samples of one video are no independent draws, so errors cluster by it."""
        return self.question.video


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One label compared with the truth, kept so that a run can show confusions and macro-averages."""

    facet: str
    gold: str
    said: str | None
    confidence: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Score:
    """What an answer is worth.

    Args:
        value: in [0, 1], 1 for the truth; None when it could not be judged, which is not the same as 0.
        reason: why there is no value, else "".
        parts: sub-metrics by name; names that end in `.hits`, `.missed` and `.false` are counts to be pooled.
        judged: labels compared one by one.
        explanation: the score in a sentence.
    """

    value: float | None
    reason: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)
    judged: tuple[Judged, ...] = ()
    explanation: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) != bool(self.reason):
            raise ValueError(f"a score has a value or a reason for having none, got {self.value} and {self.reason!r}")
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"a score lies in [0, 1], got {self.value}")

    def to_dict(self) -> dict[str, Any]:
        """Return the score as plain JSON values; what is empty is left out."""
        found: dict[str, Any] = {
            "value": self.value,
            "reason": self.reason,
            "parts": dict(self.parts),
            "judged": [[one.facet, one.gold, one.said, round(one.confidence, 4)] for one in self.judged],
            "explanation": self.explanation,
        }
        return {key: value for key, value in found.items() if value not in ("", {}, [])}


def unscored(reason: str) -> Score:
    """Return the score of an answer that could not be judged, with the reason."""
    return Score(value=None, reason=reason)
