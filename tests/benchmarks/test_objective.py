"""The objective's benchmarks: sizes as asked, chance by hand."""

from __future__ import annotations

import pytest

from benchmarks.chance import chances, tally
from benchmarks.objective import imperfect, sized
from sestina.objective.score import ScoreConfig, score
from tests.objective.boards import board, say


@pytest.mark.parametrize("units", [30, 300])
def test_documents_of_a_size_and_predictions_mostly_right(units: int) -> None:
    gold = sized(units, 3)
    assert len(gold) == units
    assert 0.3 < score(imperfect(gold, 0), gold, ScoreConfig(chance={})).score < 1


def test_chance_is_what_the_best_blind_answer_gets() -> None:
    """Two videos of one length, both upright; one shows the call to action at the start, the other at the end."""
    aspect = say("diss.aspect", 0, 20, "9:16")
    boards = [board(aspect, say("diss.cta", 0, 5, "cta")), board(aspect, say("diss.cta", 15, 20, "cta"))]
    found: dict[str, dict[str, list[float]]] = {}
    tally(boards, found)
    table = chances(found)
    assert table["facets"]["diss.aspect"] == 0.95  # always right, cut so that it keeps a little weight
    assert table["facets"]["diss.cta"] == 0.25  # the usual label over the whole video: 5 of 20 s
    assert table["kinds"] == {"nom/event": 0.25, "nom/video": 0.95}
