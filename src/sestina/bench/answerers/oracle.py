"""The oracle: gold in, so that whatever keeps it from 1 is a fault of the benchmark."""

from __future__ import annotations

from pathlib import Path

from sestina.bench.setting import Setting
from sestina.core.card import Card
from sestina.core.exchange import Answer, Question
from sestina.core.registry import answerers
from sestina.tasks.feedbench.lookup import look_up


@answerers.register("oracle", card=Card(summary="Answers with the gold storyboard; must score 1 everywhere."))
class Oracle:
    """Knows the truth."""

    sees = False
    only_choices = False

    def __init__(self, setting: Setting) -> None:
        self.golds = setting.golds

    def answer(self, question: Question, video: Path | None) -> Answer:
        """Return the gold storyboard, or the option it supports. Raises KeyError for a video that was not opened."""
        gold = self.golds[question.video]
        return Answer(choice=look_up(gold, question)) if question.options else Answer(storyboard=gold)
