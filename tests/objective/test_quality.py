"""Rates of bad form, each by a hand-made document, and how they are taken off."""

from __future__ import annotations

import pytest

from sestina.core.evidence import Box
from sestina.core.storyboard import Storyboard, Unit
from sestina.objective.quality import RATES
from sestina.objective.score import ScoreConfig, score
from tests.objective.boards import PLAIN, board, say, shown

SHOTS = tuple(say("edit.shot", start, start + 5, "shot") for start in range(0, 20, 5))
GOLD = board(*SHOTS)


def rates(pred: Storyboard, gold: Storyboard = GOLD) -> dict[str, float]:
    """Return the rates that are not zero."""
    return {name: rate for name, rate in score(pred, gold, PLAIN).quality.rates.items() if rate}


def again(unit: Unit, **changes: object) -> Unit:
    """Return the unit under another id, changed."""
    return unit.model_copy(update={"id": unit.id + "+", **changes})


def test_a_sound_document_pays_nothing() -> None:
    assert rates(GOLD) == {}
    assert list(score(GOLD, GOLD).quality.rates) == list(RATES)


def test_units_without_evidence() -> None:
    assert rates(board(SHOTS[0].model_copy(update={"evidence": ()}), *SHOTS[1:])) == {"unevidenced": 1 / 4}


def test_duplicates_and_forbidden_overlap() -> None:
    """A shot said twice is a copy, and takes time that is taken; an overlay said twice is only a copy."""
    assert rates(board(*SHOTS, again(SHOTS[0]))) == {"duplicated": 1 / 5, "overlapping": 1 / 5}
    gold = board(*(shown(start, start + 2, "cta_text", "go") for start in (0, 5, 10)))
    assert rates(board(*gold.items, again(gold.items[0])), gold) == {"duplicated": 1 / 4}


def test_as_many_copies_as_gold_has_are_none() -> None:
    gold = board(*SHOTS, *(say("aes.audio.accent", 3, 3, "hit", id=name) for name in "ab"))
    assert rates(gold, gold) == {}
    assert rates(board(*gold.items, *(say("aes.audio.accent", 3, 3, "hit", id=name) for name in "cd")), gold) == {
        "duplicated": 2 / 8
    }


def test_what_is_elsewhere_or_says_more_is_no_duplicate() -> None:
    corner, other = Box(x=0, y=0, w=0.2, h=0.1), Box(x=0.7, y=0.8, w=0.2, h=0.1)
    gold = board(shown(0, 2, "emoji", None, corner), again(shown(0, 2, "emoji", None, other)))
    assert rates(gold, gold) == {}


def test_uncovered_time_of_facets_that_tile() -> None:
    assert rates(board(*SHOTS[:3])) == {"uncovered": 1 / 4}
    assert rates(board(say("camera.scale", 0, 20, "MS"))) == {}  # shots are missing: that is recall's business


def test_fragments() -> None:
    """Ten pieces where gold has four: two more than twice as many."""
    pieces = board(*(say("edit.shot", start, start + 2, "shot") for start in range(0, 20, 2)))
    assert rates(pieces) == {"fragmented": pytest.approx(2 / 10)}


def test_the_sum_is_cut_at_one_and_weighted() -> None:
    worst = board(*(again(SHOTS[0], id=str(k), evidence=()) for k in range(30)))
    assert score(worst, GOLD).quality.total == 1
    kind = ScoreConfig(chance={}, rates=dict.fromkeys(RATES, 0.0) | {"unevidenced": 0.5})
    assert score(worst, GOLD, kind).quality.total == 0.5
