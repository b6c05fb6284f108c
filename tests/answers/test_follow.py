"""Follow-ups without a model: what a question leaves open comes from the one before, and nothing else does."""

from __future__ import annotations

import pytest

from sestina.pipeline.ask import Asking
from tests.export.boards import board

BOARD = board()


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("When is the hook?", "and how long is it?", "narrative beat hook: 1.60 s, 32% of the video."),
        ("When is the hook?", "and is it a hook?", "Yes: narrative beat hook from 0.00 to 1.60 s."),
        ("When is the first cut?", "and why?", "I cannot tell: nothing says why there is cut."),
        ("When is the first cut?", "Why is it there?", "I cannot tell: nothing says why there is cut."),
        ("Which camera movement is there at 0.5 s?", "and at 2 s?", "camera movement: static."),
        ("Which camera movement is there at 2 s?", "and the shot scale?", "shot scale: medium close-up (MCU)."),
        ("How many hard cuts are there?", "what about dissolves?", "1: dissolves."),
        ("How many hard cuts are there?", "When?", "transition hard cut: at 1.60 s."),
        ("When is the first cut?", "and the second?", "transition cross dissolve: from 3.07 to 3.40 s."),
        ("When is the first cut?", "How long is the video?", "The video is 5.00 s long."),
        ("Who is the president of France?", "and how long is it?", "The video is 5.00 s long."),
    ],
)
def test_what_a_follow_up_leaves_open_comes_from_the_question_before(first: str, then: str, said: str) -> None:
    session = Asking(BOARD)
    session.ask(first)
    assert session.ask(then).text == said


def test_sessions_know_nothing_of_each_other() -> None:
    Asking(BOARD).ask("When is the hook?")
    assert Asking(BOARD).ask("and how long is it?").text == "The video is 5.00 s long."
