"""What the tasks of FeedBench share: one sample a video, and answers read as storyboards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import ClassVar

from sestina.core.exchange import Answer, Question
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Sample, Score, unscored
from sestina.core.time import Span
from sestina.objective import reading
from sestina.tasks.feedbench.choices import Counts

NEAR_S = 0.5
"""How far what is said of an instant may lie from it, seconds; the objective's own tolerance."""
ASK = "Return a storyboard (SV6D JSON) whose units have these facets: {facets}. {prompt}"


class FeedTask:
    """A task whose answer is a storyboard, whole or of the task's facets only: one sample a video.

    Args:
        golds: the true storyboards by video id.
        seed: for tasks that draw; others ignore it.
        counts: how often labels occur where the videos come from; for tasks that balance.
    """

    name: ClassVar[str]
    facets: ClassVar[tuple[str, ...]]
    prompt: ClassVar[str]

    def __init__(self, golds: Mapping[str, Storyboard], *, seed: int = 0, counts: Counts | None = None) -> None:
        self.golds = golds
        self.seed = seed
        self.counts = counts

    def samples(self) -> Iterator[Sample]:
        """Yield one sample for every video whose gold says something of the task's facets."""
        prompt = ASK.format(facets=", ".join(self.facets), prompt=self.prompt)
        for video, gold in self.golds.items():
            if self.asks(gold):
                question = Question(video=video, prompt=prompt, facets=self.facets)
                yield Sample(id=video, task=self.name, question=question, gold=gold)

    def asks(self, gold: Storyboard) -> bool:
        """Return whether there is anything to ask of this video."""
        return any(said(gold, facet) for facet in self.facets)

    def score(self, sample: Sample, answer: Answer) -> Score:
        """Return what the storyboard in `answer` is worth; what cannot be read of it counts as not said."""
        if answer.error is not None:
            return unscored(answer.error)
        return self.judge(read(answer, sample.gold) or Storyboard(media=sample.gold.media), sample.gold)

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the score of a storyboard against gold."""
        raise NotImplementedError


def read(answer: Answer, gold: Storyboard) -> Storyboard | None:
    """Return the storyboard of an answer; of a damaged text the units that can be read; None where there is nothing."""
    if answer.storyboard is not None or answer.text is None:
        return answer.storyboard
    document = reading.read(answer.text)
    return Storyboard(media=gold.media, items=document.units, transcript=document.transcript)


def said(board: Storyboard, facet: str) -> tuple[Unit, ...]:
    """Return the units of a facet that say something: abstentions left out, canonical order."""
    units = [unit for unit in board.items if unit.facet == facet and unit.status != "abstain"]
    return tuple(sorted(units, key=lambda unit: unit.order))


def answers(board: Storyboard, facet: str, span: Span) -> tuple[Unit, ...]:
    """Return what a storyboard says of a facet over a span: the units whose span is most like it (several may tie).

    An instant is answered by what stands nearest, at most `NEAR_S` away.
    """
    likeness = [(_likeness(unit.span, span), unit) for unit in said(board, facet)]
    best = max((share for share, _ in likeness), default=0.0)
    return tuple(unit for share, unit in likeness if share == best) if best > 0 else ()


def _likeness(one: Span, other: Span) -> float:
    if not other.is_instant:
        return one.iou(other)
    apart_s = max(one.start_s - other.start_s, other.start_s - one.end_s, 0.0)
    return max(0.0, 1.0 - apart_s / NEAR_S)


def labels(units: Sequence[Unit]) -> tuple[str, ...]:
    """Return the labels of units, each once, in order."""
    return tuple(dict.fromkeys(unit.label for unit in units if unit.label is not None))


def mean(parts: Mapping[str, float], names: Sequence[str]) -> float:
    """Return the mean of those named parts that are there; 0 where none is."""
    found = [parts[name] for name in names if name in parts]
    return min(1.0, max(0.0, fmean(found))) if found else 0.0
