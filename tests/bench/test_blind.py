"""The control has teeth: who never sees the video is at chance, and far above it where questions are unbalanced."""

from __future__ import annotations

import math

from sestina.bench.answerers.blind import Blind
from sestina.bench.answerers.frequency import Frequency
from sestina.bench.prior import Prior, measure
from sestina.bench.setting import Setting
from sestina.core.roles import Answerer
from sestina.tasks.feedbench.choices import Counts
from sestina.tasks.feedbench.qa import StructureQA
from tests.tasks.golds import drawn

VIDEOS = 800


def lead(answerer: Answerer, counts: Counts) -> float:
    """Return how many standard errors an answerer without eyes is above chance, one variant of each question."""
    task = StructureQA(drawn(VIDEOS, 11), seed=1, counts=counts)
    above, spread = 0.0, 0.0
    for sample in list(task.samples())[::3]:
        score = task.score(sample, answerer.answer(sample.question, None))
        chance = score.parts["chance"]
        above += (score.value or 0.0) - chance
        spread += chance * (1 - chance)
    return above / math.sqrt(spread)


def dev() -> Prior:
    return measure(drawn(VIDEOS, 12))


def test_blind_is_at_chance() -> None:
    prior = dev()
    for answerer in (Blind(Setting(prior=prior)), Frequency(Setting(prior=prior))):
        assert abs(lead(answerer, prior.questions)) < 4


def test_blind_guesses_what_is_unbalanced() -> None:
    """Asked of everything with any wrong options, the same questions are guessed far above chance."""
    prior = dev()
    flat = {place: dict.fromkeys(counts, 1) for place, counts in prior.questions.items()}
    assert lead(Blind(Setting(prior=prior)), flat) > 20
