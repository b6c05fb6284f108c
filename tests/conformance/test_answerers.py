"""What every answerer promises: the same answer to the same question, and errors of ours for broken videos."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sestina.bench.prior import measure
from sestina.bench.setting import Setting
from sestina.core.errors import SestinaError
from sestina.core.exchange import Answer
from sestina.core.registry import answerers, tasks
from sestina.core.roles import Answerer
from sestina.core.storyboard import Storyboard
from sestina.core.task import Sample
from tests.bench.cases import golds
from tests.media.make import numbered, video

VIDEO = "v0"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    return video(path, numbered(20))


def made(name: str) -> Answerer:
    answerer: Answerer = answerers.get(name).make(Setting(prior=measure(golds(12)), golds=golds(1)))
    return answerer


@cache
def samples() -> tuple[Sample, ...]:
    """Two samples of every task, all of one video."""
    gold = {VIDEO: golds(1)[VIDEO]}
    counts = measure(golds(12)).questions
    made = (tasks.get(name).make(gold, counts=counts).samples() for name in tasks.names())
    return tuple(sample for each in made for sample in tuple(each)[:2])


@pytest.mark.parametrize("name", answerers.names())
class TestAnswerer:
    def test_the_same_question_gets_the_same_answer(self, name: str, clip: Path) -> None:
        first, second = made(name), made(name)
        for sample in asked(first):
            one, other = (who.answer(sample.question, clip) for who in (first, second))
            assert one.choice == other.choice
            assert said(one) == said(other)

    def test_a_choice_is_one_of_the_options_and_a_storyboard_is_one(self, name: str, clip: Path) -> None:
        who = made(name)
        for sample in asked(who):
            answer = who.answer(sample.question, clip)
            assert answer.error is None
            if sample.question.options:
                assert answer.choice is None or 0 <= answer.choice < len(sample.question.options)
            else:
                assert isinstance(answer.storyboard, Storyboard)

    def test_scores_lie_between_nothing_and_gold(self, name: str, clip: Path) -> None:
        who = made(name)
        for sample in asked(who):
            task = tasks.get(sample.task).make({VIDEO: sample.gold})
            value = task.score(sample, who.answer(sample.question, clip)).value
            assert value is not None
            assert value == 1 if name == "oracle" else 0 <= value <= 1

    def test_a_broken_file_is_an_error_of_ours(self, name: str, tmp_path: Path) -> None:
        broken = tmp_path / "clip.mp4"
        broken.write_bytes(b"nothing to see")
        who = made(name)
        for sample in asked(who):
            try:
                assert who.answer(sample.question, broken) is not None
            except SestinaError:
                assert who.sees


def asked(who: Answerer) -> list[Sample]:
    return [sample for sample in samples() if sample.question.options or not who.only_choices]


def said(answer: Answer) -> list[dict[str, object]]:
    board = answer.storyboard
    return [] if board is None else [unit.model_dump() for unit in board.canonical().items]
