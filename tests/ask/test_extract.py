"""Answers from the storyboard alone: computed, chosen, quoted, or honestly withheld."""

from __future__ import annotations

import pytest

from sestina.ask.extract import Extractor
from sestina.core.exchange import Answer
from tests.export.boards import board

BOARD = board()
ASK = Extractor(BOARD)


@pytest.mark.parametrize(
    ("question", "said", "units"),
    [
        ("How many shots are there?", "3: shots", ["s0", "s1", "s2"]),
        ("How many hard cuts are there?", "1: hard cuts", ["t1"]),
        ("How many cuts are there in the first second?", "None", []),
        ("When is the cross dissolve?", "from 3.07 to 3.40 s", ["t2"]),
        ("Which shot scale is seen at 2 s?", "MCU", ["z1"]),
        ("Which camera movement is there in the first shot?", "pan left", ["m0"]),
        ("Is there a pan?", "Yes", ["m0"]),
        ("Is there a tilt?", "No", []),
        ("How long is the hook?", "1.60 s", ["b0"]),
        ("Which is longer, the hook or the development?", "the larger is development", ["b0", "b1"]),
        ("How often does it cut?", "2 times, 24.0 a minute", ["t1", "t2"]),
    ],
)
def test_what_can_be_computed_is_and_cites_its_units(question: str, said: str, units: list[str]) -> None:
    answer = ASK.answer(question)
    assert said.casefold() in (answer.text or "").casefold()
    assert [citation.unit for citation in answer.citations] == units
    assert all(citation.verified for citation in answer.citations)
    assert not answer.abstained


def test_words_are_quoted_with_their_time_and_place() -> None:
    shown = ASK.answer("What does the text on screen say at 2 s?")
    assert "Only $9.99 today" in (shown.text or "")
    assert shown.citations[0].source == "screen"
    assert shown.citations[0].box is not None
    spoken = ASK.answer("What is said about how it works?")
    assert spoken.citations[0].source == "speech"
    assert spoken.citations[0].verified


@pytest.mark.parametrize(
    "question",
    [
        "Who is the president of France?", "Which shot scale is seen at 4 s?", "Why is there a cut at 1.6 s?",
        "", "?!", "a" * 9999,
    ],
)
def test_what_the_storyboard_does_not_say_is_not_answered(question: str) -> None:
    answer = ASK.answer(question)
    assert answer.abstained
    assert (answer.text or "").startswith("I cannot tell")


def choice(question: str) -> Answer:
    return ASK.answer(question + "\nA. ECU\nB. medium close-up\nC. LS\nAnswer with one letter.")


def test_options_are_read_as_labels() -> None:
    assert choice("Which shot scale is seen at 2 s?").choice == 1
    nowhere = choice("Which shot scale is seen at 4.5 s?")
    assert nowhere.choice is None
    assert nowhere.abstained


def test_an_empty_storyboard_abstains() -> None:
    nothing = BOARD.model_copy(update={"items": (), "transcript": type(BOARD.transcript)()})
    assert Extractor(nothing).answer("How many shots are there?").abstained
