"""Chance: as many shots as usual, cut anywhere, every label drawn from the vocabulary."""

from __future__ import annotations

import random
from pathlib import Path

from sestina.bench.answerers._guess import guess
from sestina.bench.prior import FacetPrior
from sestina.bench.setting import Setting
from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.exchange import Answer, Question
from sestina.core.registry import answerers
from sestina.core.storyboard import Producer
from sestina.media.probe import probe
from sestina.media.source import resolve


@answerers.register("random", card=Card(summary="Draws labels evenly from the vocabulary and cuts at random times."))
class Random:
    """Knows the length of the video and which facets are usual; the rest is drawn, the same for the same question."""

    sees = True
    only_choices = False

    def __init__(self, setting: Setting) -> None:
        self.prior = setting.prior
        self.seed = setting.seed

    def answer(self, question: Question, video: Path | None) -> Answer:
        """Return a drawn storyboard or option. Raises MediaError for a file that cannot be read."""
        rng = random.Random(f"{self.seed}|{question.video}|{question.prompt}")
        if question.options:
            return Answer(choice=rng.randrange(len(question.options)))
        if video is None:
            return Answer(error="no video")
        media = probe(resolve(video))
        usual = self.prior.facets.get("edit.shot")
        length_s = max(0.2, usual.length_s) if usual is not None else media.duration_s
        count = max(1, round(media.duration_s / length_s))
        cuts_s = [rng.uniform(media.span.start_s, media.span.end_s) for _ in range(count - 1)]

        def drawn(facet: str, facts: FacetPrior) -> str | None:
            return rng.choice(vocabulary.facet(facet).labels) if facts.labels else None

        return Answer(storyboard=guess(media, self.prior, cuts_s, drawn, Producer(kind="rule", name="random")))
