"""Structure questions: three variants, options that give nothing away, letters and labels in balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.exchange import Answer
from sestina.core.task import Sample
from sestina.tasks.feedbench.choices import context, pool
from sestina.tasks.feedbench.lookup import look_up
from sestina.tasks.feedbench.qa import StructureQA, clear_units, count_labels
from tests.tasks.golds import MOVES, board, drawn, full, unit


@pytest.fixture(scope="module")
def samples() -> tuple[Sample, ...]:
    """Questions on 600 videos, balanced by the label counts of 600 others."""
    return tuple(StructureQA(drawn(600, 1), seed=5, counts=count_labels(drawn(600, 2))).samples())


def groups(samples: tuple[Sample, ...]) -> Iterator[tuple[Sample, ...]]:
    return zip(samples[0::3], samples[1::3], samples[2::3], strict=True)


def test_every_question_comes_in_three_variants(samples: tuple[Sample, ...]) -> None:
    for plain, reworded, turned in groups(samples):
        assert plain.group == reworded.group == turned.group
        assert plain.question.options == reworded.question.options
        assert plain.question.prompt != reworded.question.prompt
        assert sorted(plain.question.options) == sorted(turned.question.options)
        assert plain.key != turned.key
        answers = {one.question.options[one.key or 0] for one in (plain, reworded, turned)}
        assert len(answers) == 1


def test_options_differ_and_are_labels(samples: tuple[Sample, ...]) -> None:
    for sample in samples:
        facet = vocabulary.facet(sample.question.facets[0])
        options = sample.question.options
        assert len(set(options)) == len(options) == (4 if facet.id == "camera.movement" else 3)
        assert all(facet.is_label(option) for option in options)


def test_letters_are_balanced(samples: tuple[Sample, ...]) -> None:
    """Each letter within four standard errors of its share."""
    keys = Counter(sample.key for sample in samples if len(sample.question.options) == 4)
    total = sum(keys.values())
    for letter in range(4):
        assert abs(keys[letter] / total - 1 / 4) < 4 * (3 / 16 / (total / 3)) ** 0.5


def test_no_label_is_right_more_often_than_another_given_the_options(samples: tuple[Sample, ...]) -> None:
    """Who always takes the commonest label, or the rarest, or any other, is right as often as chance."""
    first = [one for one, _, _ in groups(samples) if one.question.facets[0] == "camera.movement"]
    for label in MOVES:
        offered = [one for one in first if label in one.question.options]
        if not offered:
            continue  # too rare to be asked about
        right = sum(one.question.options[one.key or 0] == label for one in offered)
        assert abs(right / len(offered) - 1 / 4) < 4 * (3 / 16 / len(offered)) ** 0.5, label


def test_rare_labels_leave_more_questions_than_they_cost() -> None:
    """60, 20, 10, 10 and 1: four labels at 10 each leave 40 questions, five at 1 each would leave 5."""
    found = pool(vocabulary.facet("camera.movement"), MOVES)
    assert found is not None
    assert found.keep == {"pan_left": 10 / 60, "zoom_in": 10 / 20, "tilt_up": 1.0, "roll_cw": 1.0}


def test_a_label_and_its_parent_are_never_offered_together() -> None:
    found = pool(vocabulary.facet("camera.movement"), {"inward": 9, "zoom_in": 5, "pan_left": 3})
    assert found is not None
    assert found.labels == ("inward", "pan_left")
    assert pool(vocabulary.facet("camera.movement"), {"inward": 9, "zoom_in": 5}) is None


@given(st.dictionaries(st.sampled_from(vocabulary.facet("narr.format").labels), st.integers(0, 50), max_size=9))
def test_every_label_in_a_pool_is_kept_equally_often(counts: dict[str, int]) -> None:
    found = pool(vocabulary.facet("narr.format"), counts)
    known = [label for label, count in counts.items() if count]
    assert (found is None) == (len(known) < 2)
    if found is not None:
        assert len(found.keep) >= min(4, len(known))
        assert len({round(rate * counts[label], 9) for label, rate in found.keep.items()}) == 1
        assert max(found.keep.values()) <= 1


def test_units_that_share_their_time_are_not_asked_about() -> None:
    one, other = unit("diss.overlay.kind", 0, 5, "handle"), unit("diss.overlay.kind", 4, 6, "url")
    gold = board(one, other, unit("edit.transition", 5, 5, "hard_cut"))
    assert [found.facet for found in clear_units(gold)] == ["edit.transition"]
    near = board(unit("edit.transition", 5, 5, "hard_cut"), unit("edit.transition", 5.3, 5.3, "jump_cut"))
    assert list(clear_units(near)) == []


def test_what_a_question_shows_is_its_context() -> None:
    cut, long = unit("edit.transition", 5, 5, "hard_cut"), unit("edit.transition", 5, 6, "iris")
    assert context(cut.facet, cut.span, cut.level) != context(long.facet, long.span, long.level)
    assert context("narr.format", None, "video") == "narr.format@video"


def test_a_program_looks_the_answer_up() -> None:
    golds = {"v": full(), "w": board(unit("narr.format", 0, 10, "tutorial_howto"))}
    task = StructureQA(golds)
    for sample in task.samples():
        assert look_up(sample.gold, sample.question) == sample.key
        assert look_up(board(), sample.question) is None


def test_no_choice_and_a_wrong_index_are_wrong() -> None:
    task = StructureQA({"v": full(), "w": board(unit("narr.format", 0, 10, "tutorial_howto"))})
    sample = next(task.samples())
    for answer in (Answer(), Answer(choice=9), Answer(choice=-1)):
        score = task.score(sample, answer)
        assert (score.value, score.parts["answered"]) == (0, 0)
