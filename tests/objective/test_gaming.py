"""The objective cannot be gamed: every attack of the table on written storyboards."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.attacks import ATTACKS, Case, Corpus, neighbour, other_video, said
from benchmarks.gaming import LIMITS, attacked, report
from benchmarks.written import GENRES, storyboard
from sestina.core.invariants import problems
from sestina.core.storyboard import Storyboard
from sestina.objective.score import ScoreConfig, score

GOLDS = [storyboard(genre, seed) for seed in (1, 2) for genre in GENRES[:5]]
"""Two of five genres, so that everybody has a neighbour; the table of the docs is made of more."""


@pytest.fixture(scope="module")
def scores() -> dict[str, list[float]]:
    return attacked(GOLDS, ScoreConfig())


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_stays_below_its_limit(name: str, scores: dict[str, list[float]]) -> None:
    assert len(scores[name]) == len(GOLDS)
    assert max(scores[name]) < LIMITS.get(name, 0.1)


def test_the_truth_does_not() -> None:
    assert all(score(gold, gold).score == 1 for gold in GOLDS)


def test_the_truth_with_small_faults_stays_high() -> None:
    """One unit in ten missing and every span 40 ms late is still good work."""
    gold = GOLDS[0]
    late = [
        unit.model_copy(update={"span": unit.span.model_copy(update={"start_s": unit.span.start_s + 0.04})})
        for k, unit in enumerate(gold.items) if k % 10 and not unit.span.is_instant
    ]  # fmt: skip
    kept = [unit for k, unit in enumerate(gold.items) if k % 10 and unit.span.is_instant]
    assert score(gold.model_copy(update={"items": (*late, *kept)}), gold).score > 0.8


def test_written_storyboards_are_valid_and_their_own() -> None:
    assert [problems(gold) for gold in GOLDS] == [[]] * len(GOLDS)
    assert storyboard("news", 3) == storyboard("news", 3) != storyboard("news", 4)
    assert min(len(said(gold)) for gold in GOLDS) >= 10


def test_who_is_a_neighbour() -> None:
    gold = storyboard("news", 1)
    near, far = storyboard("news", 2), storyboard("story", 2)
    case = Case(Corpus([gold, near, far]), 0, np.random.default_rng(0))
    assert [unit.span for unit in neighbour(case)] == [unit.span for unit in near]
    assert [unit.span for unit in other_video(case)] == [unit.span for unit in far]


def test_without_a_genre_everybody_else_is_another_video() -> None:
    def bare(board: Storyboard) -> Storyboard:
        return board.model_copy(update={"provenance": board.provenance.model_copy(update={"settings": {}})})

    found = attacked([bare(gold) for gold in GOLDS[:3]], ScoreConfig())
    assert found["neighbour of the same genre"] == []
    assert len(found["another video"]) == 3


def test_the_table() -> None:
    text = report(GOLDS[:2], ScoreConfig())
    assert "| empty document | 0.000 | 0.000 | 0.000 | 0.1 | 100% |" in text
