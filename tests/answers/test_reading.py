"""A question taken apart: kind, topics, time, number, options."""

from __future__ import annotations

import pytest

from sestina.answers.reading import read
from sestina.core.time import Span

VIDEO = Span.of(0, 12)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When does the presenter first name the price?", "when"),
        ("At what time is the first cut?", "when"),
        ("How long is the longest shot?", "how_long"),
        ("How many hard cuts are there?", "how_many"),
        ("How often does it cut?", "how_often"),
        ("Why is there a cut at 3.2 s?", "why"),
        ("Are there more pans than tilts?", "compare"),
        ("Is there a close-up?", "whether"),
        ("What does the text on screen say?", "words"),
        ("What is this video about?", "whole"),
        ("Which shot scale is it?", "which"),
    ],
)
def test_the_kind_is_told_by_the_words(question: str, kind: str) -> None:
    assert read(question, VIDEO).kind == kind


@pytest.mark.parametrize(
    ("question", "start_s", "end_s"),
    [
        ("Which cut is at 3.20 s?", 3.2, 3.2),
        ("Which cut is at 0:03?", 3, 3),
        ("What is seen from 1.2 s to 4 seconds?", 1.2, 4),
        ("How many cuts in the first 3 seconds?", 0, 3),
        ("How many cuts in the last 2 s?", 10, 12),
        ("Is there a pan after 10 s?", 10, 12),
        ("Is there a pan before 2,5 s?", 0, 2.5),
        ("Is there a pan at 99 s?", 12, 12),
        ("Is there a pan in the second half?", 6, 12),
        ("What happens at the end?", 9, 12),
        ("What is shown 3 seconds in?", 3, 3),
        ("What is seen at 0:00:04?", 4, 4),
    ],
)
def test_times_are_read_and_stay_inside_the_video(question: str, start_s: float, end_s: float) -> None:
    assert read(question, VIDEO).span == Span.of(start_s, end_s)


@pytest.mark.parametrize(
    ("question", "phrase", "topic"),
    [
        ("How many hard cuts?", "hard cuts", ("edit.transition", "hard_cut")),
        ("Which kind of transition is it?", "kind of transition", ("edit.transition", None)),
        ("Where is the extreme close up?", "extreme close up", ("camera.scale", "ECU")),
        ("Does the camera pan?", "pan", ("camera.movement", "pan_left")),
        ("When is the call to action?", "call to action", ("diss.cta", None)),
    ],
)
def test_the_longest_phrase_names_the_topic(question: str, phrase: str, topic: tuple[str, str | None]) -> None:
    meant = read(question, VIDEO).topics[0]
    assert meant.phrase == phrase
    assert topic in meant.topics


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("At which second is the third cut?", 2), ("When is the 5th shot?", 4), ("Describe shot 2", 1),
        ("When is the last shot?", -1), ("When does it first cut?", 0), ("When is the cut?", None),
    ],
)  # fmt: skip
def test_ordinals_count_the_noun_they_stand_at(question: str, number: int | None) -> None:
    assert read(question, VIDEO).number == number


def test_a_phrase_behind_a_preposition_is_a_time() -> None:
    main, placing = read("Is there a dissolve after the hook?", VIDEO).topics
    assert (main.phrase, main.relation) == ("dissolve", "")
    assert (placing.phrase, placing.relation) == ("hook", "after")


@pytest.mark.parametrize(
    ("word", "mended"),
    [("transiton", "transition"), ("subtitels", "subtitles"), ("shirt", None), ("garlic", None)],
)
def test_a_slip_of_the_pen_is_mended_and_said(word: str, mended: str | None) -> None:
    assert read(f"When is the {word}?", VIDEO).mended == (((word, mended),) if mended else ())


def test_options_are_taken_off_the_question() -> None:
    asked = read("Which movement is it?\nA. pan left\nB) tilt up\n(C) static\nAnswer with one letter.", VIDEO)
    assert asked.options == ("pan left", "tilt up", "static")
    assert "pan" not in asked.text


def test_what_nobody_knows_is_left_for_retrieval() -> None:
    asked = read("Who is the president of France?", VIDEO)
    assert asked.topics == ()
    assert "president" in asked.words
