"""The blind control: answers structure questions from the question alone, as cleverly as the dev split allows.

It knows how often each label was the answer among questions that look alike: same facet, similar time and length.
Where it beats chance, the questions give themselves away.
"""

from __future__ import annotations

from pathlib import Path

from sestina.bench.setting import Setting
from sestina.core.card import Card
from sestina.core.exchange import Answer, Question
from sestina.core.registry import answerers
from sestina.tasks.feedbench.choices import context


@answerers.register("blind", card=Card(summary="Answers multiple choice from the question alone; must be at chance."))
class Blind:
    """Never opens the video, and is asked nothing but multiple choice."""

    sees = False
    only_choices = True

    def __init__(self, setting: Setting) -> None:
        self.questions = setting.prior.questions

    def answer(self, question: Question, video: Path | None) -> Answer:
        """Return the option that was the answer most often among such questions; the first of several."""
        known = self.questions.get(context(question.facets[0], question.span, question.level), {})
        return Answer(choice=max(range(len(question.options)), key=lambda i: known.get(question.options[i], 0)))
