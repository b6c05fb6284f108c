"""The analyzer asked in words: every question is read as text, and answered from the storyboard without a model."""

from __future__ import annotations

from pathlib import Path

from sestina.answers.extract import Extractor
from sestina.bench.answerers.signals import Signals
from sestina.core.card import Card
from sestina.core.exchange import Answer, Question
from sestina.core.registry import answerers


@answerers.register(
    "extractive",
    card=Card(summary="Reads the question's words, not its fields; answers from the analyzer's storyboard."),
)
class Extractive(Signals):
    """Answers multiple choice as `sestina ask` does: what, when and which option is read off the prompt."""

    only_choices = True

    def answer(self, question: Question, video: Path | None) -> Answer:
        """Return the option, or none where it abstains. Raises MediaError for a file that cannot be read."""
        if video is None:
            return Answer(error="no video")
        return Extractor(self._board(video)).answer(question.prompt)
