"""The score: examples computed by hand, and what the page promises for every document."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.errors import SchemaError
from sestina.core.evidence import Box
from sestina.core.facet import Facet
from sestina.core.storyboard import Storyboard
from sestina.objective.chance import of_facet, table
from sestina.objective.reading import Source
from sestina.objective.score import ScoreConfig, prepare, score, score_many
from tests.objective.boards import PLAIN, board, boards, moved, say, shown, silent

GOLD = board(
    say("edit.shot", 0, 8, "shot"),
    say("edit.shot", 8, 20, "shot"),
    say("edit.transition", 8, 8, "hard_cut"),
    say("camera.scale", 0, 8, "MS"),
    say("camera.scale", 8, 20, "CU"),
    say("aes.audio.tempo", 0, 20, 120.0),
    shown(1, 3, "cta_text", "follow me", Box(x=0.1, y=0.1, w=0.5, h=0.1)),
)


def tiled(lengths_s: list[float]) -> Storyboard:
    """Return shots of these lengths one after the other, with a hard cut at each join."""
    bounds = [sum(lengths_s[:k]) for k in range(len(lengths_s) + 1)]
    shots = [say("edit.shot", start, end, "shot") for start, end in pairwise(bounds)]
    return board(*shots, *(say("edit.transition", at, at, "hard_cut") for at in bounds[1:-1]), length_s=bounds[-1])


class TestByHand:
    def test_a_facet_is_the_soft_f1_of_its_units(self) -> None:
        """One shot instead of two: the longer half overlaps by 12 / 20, so F = 2 * 0.6 / 3."""
        found = score(board(say("edit.shot", 0, 20, "shot")), board(*GOLD.items[:2]), PLAIN).facets["edit.shot"]
        assert (found.predicted, found.gold) == (1, 2)
        assert (found.matched, found.precision, found.recall, found.score) == pytest.approx((0.6, 0.6, 0.3, 0.4))

    def test_a_dimension_is_the_soft_f1_of_all_its_units(self) -> None:
        """Editing: 0.6 matched of shots, the cut 0.2 s late 0.6; (2 * 1.2) / (2 + 3)."""
        pred = board(say("edit.shot", 0, 20, "shot"), say("edit.transition", 8.2, 8.2, "hard_cut"))
        found = score(pred, board(*GOLD.items[:3]), PLAIN)
        assert found.dimensions == {"editing": pytest.approx(2.4 / 5)}

    def test_the_structure_is_the_mean_over_dimensions(self) -> None:
        pred = board(*GOLD.items[:3])  # editing right, three dimensions missing
        found = score(pred, GOLD, PLAIN)
        assert found.dimensions == {"aesthetics": 0, "camera": 0, "editing": 1, "dissemination": 0}
        assert found.structure == found.score == 1 / 4
        weighted = ScoreConfig(chance={}, weights={"editing": 3, "dissemination": 0})
        assert score(pred, GOLD, weighted).structure == 3 / 5

    def test_chance_is_taken_off(self) -> None:
        """Two facets of one unit each, one right by chance 0.8 and one missed: (1 - 0.8 + 0 - 0.1) / (0.2 + 0.9)."""
        gold = board(say("diss.aspect", 0, 20, "9:16"), say("diss.cta", 18, 20, "cta"))
        pred = board(say("diss.aspect", 0, 20, "9:16"), say("diss.cta", 2, 4, "cta"))
        config = ScoreConfig(chance={"diss.aspect": 0.8, "diss.cta": 0.1})
        assert score(pred, gold, config).structure == pytest.approx(0.1 / 1.1)
        assert score(pred, gold, PLAIN).structure == 1 / 2

    def test_a_dimension_of_giveaways_weighs_little(self) -> None:
        """Editing missed (no chance), aspect right (chance 0.9): 0.1 * 1 / (0.1 + 1)."""
        gold = board(say("diss.aspect", 0, 20, "9:16"), say("edit.transition", 8, 8, "hard_cut"))
        pred = board(say("diss.aspect", 0, 20, "9:16"))
        found = score(pred, gold, ScoreConfig(chance={"diss.aspect": 0.9}))
        assert found.structure == pytest.approx(0.1 / 1.1)

    def test_filling_a_missed_dimension_with_giveaways_does_not_make_it_light(self) -> None:
        gold = board(*GOLD.items[:3], say("diss.cta", 18, 20, "cta"))
        config = ScoreConfig(chance={"diss.aspect": 0.9, "diss.cta": 0.1})
        junk = [say("diss.aspect", start, start + 1, "9:16") for start in range(12)]
        missed, filled = board(*GOLD.items[:3]), board(*GOLD.items[:3], *junk)
        assert score(filled, gold, config).structure == score(missed, gold, config).structure == 1 / 1.9

    def test_a_facet_that_only_the_prediction_has_counts_by_its_units(self) -> None:
        """Two right units, and two of a facet gold has not: 2 * 2 / (4 + 2)."""
        extra = [say("camera.movement", 0, 8, "static"), say("camera.movement", 8, 20, "static")]
        found = score(board(*GOLD.items[3:5], *extra), board(*GOLD.items[3:5]), PLAIN)
        assert found.facets["camera.movement"].score == 0
        assert found.dimensions == {"camera": pytest.approx(4 / 6)}

    def test_it_says_which_unit_answered_which(self) -> None:
        pred = board(say("camera.scale", 0, 8, "MCU", id="mine"), say("camera.scale", 14, 18, "no_subject", id="odd"))
        found = score(pred, board(*GOLD.items[3:5]), PLAIN)
        (match,) = found.matches
        assert (match.pred_id, match.gold_id) == ("mine", GOLD.items[3].id)
        assert (match.temporal, match.label, match.region) == pytest.approx((1, 5 / 6, 1))
        assert (found.unmatched_pred, found.unmatched_gold) == (("odd",), (GOLD.items[4].id,))


class TestScope:
    def test_only_facets_in_scope_count_in_both_documents(self) -> None:
        pred = board(*GOLD.items[:3], say("narr.hook", 0, 3, "hook"))
        config = ScoreConfig(chance={}, facets=frozenset({"edit."}))
        assert score(pred, GOLD, config).score == 1
        assert set(score(pred, GOLD, config).facets) == {"edit.shot", "edit.transition"}

    def test_gold_declares_its_scope(self) -> None:
        gold = board(*GOLD.items, scope=["edit.shot", "camera."])
        assert set(score(GOLD, gold).facets) == {"edit.shot", "camera.scale"}
        assert set(score(GOLD, gold, ScoreConfig(facets=frozenset({"aes."}))).facets) == {"aes.audio.tempo"}

    def test_quality_looks_only_at_the_scope_and_at_the_unknown(self) -> None:
        bad = say("camera.scale", 0, 8, "huge")
        inside = ScoreConfig(facets=frozenset({"edit."}))
        assert score(board(*GOLD.items, bad), GOLD, inside).score == 1
        unknown = bad.model_copy(update={"facet": "camera.mood"})
        assert score(board(*GOLD.items, unknown), GOLD, inside).quality.rates["broken"] == 1 / 4

    def test_a_malformed_scope_is_a_malformed_gold(self) -> None:
        with pytest.raises(SchemaError, match="list of facet ids"):
            score(GOLD, board(scope="edit."))


class TestAbstention:
    def test_where_gold_abstains_nothing_counts(self) -> None:
        gold = board(GOLD.items[3], silent("camera.scale", 8, 20))
        assert score(board(GOLD.items[3], say("camera.scale", 8, 20, "ECU")), gold).score == 1
        assert score(board(GOLD.items[3]), gold).score == 1

    def test_elsewhere_it_does(self) -> None:
        gold = board(GOLD.items[3], silent("camera.scale", 15, 20))
        assert score(board(GOLD.items[3], say("camera.scale", 8, 20, "ECU")), gold, PLAIN).structure == 2 / 3

    def test_a_prediction_that_abstains_says_nothing(self) -> None:
        assert score(board(silent("camera.scale", 0, 20)), GOLD).score == 0


class TestEmpty:
    def test_empty_gold(self) -> None:
        found = score(GOLD, board())
        assert (found.score, found.reason) == (0, "gold says nothing in scope, the prediction does")

    def test_both_empty(self) -> None:
        found = score(board(), board())
        assert (found.score, found.reason) == (1, "neither document says anything in scope")

    def test_empty_prediction(self) -> None:
        found = score(board(), GOLD)
        assert (found.score, found.reason) == (0, "the prediction says nothing")


class TestPromises:
    @given(boards())
    def test_identity(self, given_board: Storyboard) -> None:
        assert score(given_board, given_board, PLAIN).structure == 1
        assert score(given_board, given_board).structure == 1

    @given(boards(), boards())
    def test_symmetric_and_bounded(self, one: Storyboard, other: Storyboard) -> None:
        for config in (PLAIN, ScoreConfig()):
            here, there = score(one, other, config), score(other, one, config)
            assert here.structure == pytest.approx(there.structure, abs=1e-12)
            assert 0 <= here.score <= here.structure <= 1

    @given(boards(), boards(), st.randoms())
    def test_order_does_not_matter(self, one: Storyboard, other: Storyboard, chance: random.Random) -> None:
        mixed = list(one.items)
        chance.shuffle(mixed)
        assert score(board(*mixed), other) == score(one, other)

    @given(st.lists(st.integers(4, 40), min_size=1, max_size=8), st.sampled_from([PLAIN, ScoreConfig()]))
    def test_decreases_when_every_span_is_shifted_further(self, lengths: list[int], config: ScoreConfig) -> None:
        """Shots that tile, and a cut at each join, shifted by up to half of the shortest (a full one may fit again)."""
        gold = tiled([length / 4 for length in lengths])
        shifts = [min(lengths) / 4 * step / 10 for step in range(6)]
        found = [score(moved(gold, by_s), gold, config).structure for by_s in shifts]
        assert found[0] == 1
        assert all(before > after or after == 0 for before, after in pairwise(found))

    @given(boards(), st.lists(st.integers(0, 80), min_size=2, max_size=6))
    def test_a_unit_alone_in_its_facet_decreases_however_far(self, gold: Storyboard, steps: list[int]) -> None:
        alone = board(*{unit.facet: unit for unit in gold.items}.values())
        found = [score(moved(alone, step / 8), alone, PLAIN).structure for step in sorted(set(steps))]
        assert all(before > after or after == 0 for before, after in pairwise(found)) or not alone.items

    @given(boards(), boards())
    def test_the_report_is_json(self, one: Storyboard, other: Storyboard) -> None:
        text = json.dumps(score(one, other).to_dict(), allow_nan=False)
        assert json.loads(text)["score"] == score(one, other).score

    @given(boards(), boards(), boards(4))
    def test_units_that_match_nothing_never_help(self, one: Storyboard, gold: Storyboard, more: Storyboard) -> None:
        """Beside everything said already, units far outside the video cannot raise the score."""
        far = moved(more, 1000).items
        both = board(*one.items, *far)
        assert score(both, gold, PLAIN).structure <= score(one, gold, PLAIN).structure + 1e-12 or not one.items


class TestMany:
    def test_in_order_with_and_without_processes(self) -> None:
        pairs: list[tuple[object, Source]] = [(GOLD, GOLD), (board(), GOLD), (GOLD.to_json(), GOLD.to_dict())]
        assert [report.score for report in score_many(pairs)] == [1, 0, 1]

    @pytest.mark.slow
    def test_over_processes(self) -> None:
        """Also with a facet that a user defined: the other processes learn it."""
        toy = Facet(
            id="camera.mood", dimension="camera", levels=("shot",), type="nom", labels=("calm", "wild"),
            evidence="A toy.", source="V",
        )  # fmt: skip
        vocabulary.define(toy)
        try:
            gold = board(*GOLD.items, say("camera.mood", 0, 8, "calm"))
            pairs: list[tuple[object, Source]] = [(gold, gold), (GOLD, gold), ("{", gold)] * 2
            found = score_many(pairs, workers=2)
            assert found == score_many(pairs)
            assert found[0].score == 1 > found[1].score
        finally:
            vocabulary.forget("camera.mood")

    def test_needs_a_worker(self) -> None:
        with pytest.raises(ValueError, match="positive"):
            score_many([], workers=0)

    def test_a_prepared_gold_gives_the_same(self) -> None:
        assert score(GOLD, prepare(GOLD.to_json())) == score(GOLD, GOLD)


class TestSettings:
    def test_lambda_weighs_the_penalty(self) -> None:
        copies = board(*GOLD.items, *(unit.model_copy(update={"id": unit.id + "+"}) for unit in GOLD.items))
        half, none = score(copies, GOLD, PLAIN), score(copies, GOLD, ScoreConfig(chance={}, lam=0))
        assert none.score == none.structure == half.structure == pytest.approx(2 / 3)
        assert half.score == max(0, half.structure - 0.5 * half.quality.total)

    @pytest.mark.parametrize(
        "wrong", [{"weights": {"mood": 1.0}}, {"lam": -1}, {"rates": {"broken": -1}}, {"chance": {"edit.shot": 1.0}}]
    )
    def test_nonsense_is_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError):
            ScoreConfig(**wrong)  # type: ignore[arg-type]  # wrong on purpose

    def test_the_shipped_chances_are_chances(self) -> None:
        assert table()["facets"]
        assert all(0 <= of_facet(facet) < 1 for facet in vocabulary.facets())


def test_the_worked_example_of_the_page() -> None:
    """docs/objective.md, "A worked example": every number on it."""
    gold = board(
        say("edit.shot", 0, 4, "shot"), say("edit.shot", 4, 10, "shot"), say("edit.transition", 4, 4, "hard_cut"),
        say("camera.movement", 1, 2.5, "pan_left"), length_s=10,
    )  # fmt: skip
    pred = board(
        say("edit.shot", 0, 4.2, "shot"), say("edit.shot", 4.2, 10, "shot"),
        say("edit.transition", 4.2, 4.2, "hard_cut"), say("camera.movement", 1, 3, "lateral_left"), length_s=10,
    )  # fmt: skip
    plain = score(pred, gold, PLAIN)
    shots, cut, movement = (plain.facets[name] for name in ("edit.shot", "edit.transition", "camera.movement"))
    assert (round(shots.matched, 3), round(shots.score, 3)) == (1.919, 0.960)
    assert (round(cut.score, 3), round(movement.score, 3)) == (0.600, 0.375)
    assert {name: round(value, 3) for name, value in plain.dimensions.items()} == {"camera": 0.375, "editing": 0.840}
    assert round(plain.score, 3) == 0.607
    chance = {"edit.shot": 0.4, "edit.transition": 0.1, "camera.movement": 0.1}
    found = score(pred, gold, ScoreConfig(chance=chance))
    assert {name: round(value, 3) for name, value in found.dimensions.items()} == {"camera": 0.306, "editing": 0.771}
    assert round(found.score, 3) == 0.509
