"""What every task promises: gold scores 1, an empty answer does not; ids are unique, the order is stable."""

from __future__ import annotations

import json

import pytest

from sestina.core.exchange import Answer
from sestina.core.registry import tasks
from sestina.core.roles import Task
from sestina.core.storyboard import Storyboard
from sestina.core.task import Sample
from sestina.tasks.feedbench import real
from tests.tasks.golds import board, full, unit


def golds() -> dict[str, Storyboard]:
    """Return a storyboard with something for every task, a bare one, and everything people annotated."""
    bare = board(unit("edit.shot", 0, 10, "shot"))
    return {"full": full(), "bare": bare, **{name: real.gold(name) for name in real.names()}}


def made(name: str) -> Task:
    task: Task = tasks.get(name).make(golds(), seed=3)
    return task


def right(sample: Sample) -> Answer:
    return Answer(storyboard=sample.gold) if sample.key is None else Answer(choice=sample.key)


@pytest.mark.parametrize("name", tasks.names())
class TestTask:
    def test_gold_scores_one(self, name: str) -> None:
        task = made(name)
        for sample in task.samples():
            score = task.score(sample, right(sample))
            assert score.value == 1, (sample.id, score)

    def test_an_empty_answer_does_not(self, name: str) -> None:
        task = made(name)
        for sample in task.samples():
            nothing = sample.gold.model_copy(update={"items": ()})
            for answer in (Answer(), Answer(storyboard=nothing), Answer(text="I see a dog."), Answer(text='{"sv6d":')):
                value = task.score(sample, answer).value
                assert value is not None, (sample.id, answer)
                assert value < 1, (sample.id, answer)

    def test_damage_costs_what_it_hits(self, name: str) -> None:
        """One broken unit in a model's text leaves the others standing; hostile values are worth nothing."""
        task = made(name)
        for sample in (one for one in task.samples() if one.key is None and one.video == "full"):
            whole = sample.gold.to_dict()
            hostile = {"curve": [1e400, "x", None], "rate_hz": -1}
            whole["units"] += [{"facet": 7}, "x", {**whole["units"][0], "id": "h", "attributes": hostile, "label": "?"}]
            value = task.score(sample, Answer(text=json.dumps(whole))).value
            assert value is not None
            assert value > 0.5

    def test_an_error_is_unscored_and_not_zero(self, name: str) -> None:
        task = made(name)
        score = task.score(next(task.samples()), Answer(error="no reply"))
        assert (score.value, score.reason) == (None, "no reply")

    def test_ids_are_unique_and_the_order_is_stable(self, name: str) -> None:
        first, second = ([(s.id, s.question) for s in made(name).samples()] for _ in range(2))
        assert first == second
        assert len({one for one, _ in first}) == len(first)

    def test_questions_hold_no_gold_and_samples_say_their_task(self, name: str) -> None:
        for sample in made(name).samples():
            assert sample.task == name
            assert sample.id.split("/")[0] == sample.video
            assert sample.question.facets

    def test_another_video_gets_less(self, name: str) -> None:
        """A storyboard with nothing but one static shot is no good answer to a rich video."""
        task = made(name)
        sample = next(task.samples())
        answer = Answer(storyboard=golds()["bare"]) if sample.key is None else Answer(choice=(sample.key + 1) % 2)
        value = task.score(sample, answer).value
        assert value is not None
        assert value < 1
