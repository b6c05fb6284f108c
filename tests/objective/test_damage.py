"""What a model may write instead of a storyboard: all of it scores, nothing raises, the report says what was wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.errors import SchemaError
from sestina.objective import reading
from sestina.objective.report import ScoreReport
from sestina.objective.score import score
from tests.objective.boards import PLAIN, board, say

GOLD = board(*(say("edit.shot", start, start + 2, "shot") for start in range(0, 20, 2)))
Row = dict[str, Any]
PLAIN_VALUES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
KEYS = st.sampled_from(["id", "facet", "span", "start_s", "end_s", "units", "label", "region", "box", "type"])
VALUES = st.recursive(
    PLAIN_VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)


def rules(found: ScoreReport) -> set[tuple[str, str]]:
    """Return the rule and the unit of every problem."""
    return {(problem.rule, problem.unit_id) for problem in found.problems}


def changed(change: Callable[[Row], object]) -> ScoreReport:
    """Return the report on the gold whose first unit was changed in place."""
    data = GOLD.to_dict()
    change(data["units"][0])
    return score(data, GOLD, PLAIN)


FIRST = GOLD.to_dict()["units"][0]["id"]


class TestWholeDocuments:
    @pytest.mark.parametrize(
        ("damaged", "rule"),
        [
            ("", "not-json"),
            ("{", "not-json"),
            (GOLD.to_json()[:-200], "not-json"),  # cut short: nothing is salvaged
            (b"\xff\xfe\x00", "not-json"),
            ("[" * 100_000, "not-json"),
            ("9" * 10_000, "not-json"),
            ("null", "not-sv6d"),
            ("[]", "not-sv6d"),
            ('{"units": []}', "not-sv6d"),
            ('{"sv6d": 1.0, "units": []}', "not-sv6d"),
            ('{"sv6d": "9.9", "units": []}', "not-sv6d"),
            ('{"sv6d": "1.0", "units": {}}', "not-sv6d"),
            (None, "not-sv6d"),
            (3.5, "not-sv6d"),
            ({1: 2}, "not-sv6d"),
        ],
    )
    def test_score_zero_with_a_reason(self, damaged: object, rule: str) -> None:
        found = score(damaged, GOLD)
        assert (found.score, found.quality.rates["unparsable"]) == (0, 1)
        assert rules(found) == {(rule, "")}
        assert found.reason.startswith("the prediction could not be read")

    def test_units_count_where_the_parts_around_them_are_damaged(self) -> None:
        found = score({**GOLD.to_dict(), "media": {"path": 3}}, GOLD, PLAIN)
        assert found.structure == 1
        assert rules(found) == {("schema", "")}

    def test_quotes_are_looked_up_where_only_the_transcript_is_whole(self) -> None:
        quote = {"type": "asr", "quote": "hello", "span": {"start_s": 0, "end_s": 1}}
        data = GOLD.to_dict()
        data["units"][0]["evidence"] = [quote]
        word = {"text": "Hello", "start_s": 0, "end_s": 1}
        assert rules(score({**data, "media": 1, "transcript": {"words": [word]}}, GOLD)) == {("schema", "")}
        assert ("quote-occurs", FIRST) in rules(score({**data, "transcript": 7}, GOLD))

    def test_text_beyond_a_limit_is_not_parsed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "BYTES_LIMIT", 1000)
        assert rules(score(GOLD.to_json(), GOLD)) == {("too-long", "")}

    def test_a_malformed_gold_raises(self) -> None:
        hostile = {**GOLD.to_dict(), "units": [{"span": {"start_s": [], "end_s": 1}}]}
        for damaged in ("{", {"sv6d": "1.0"}, {"sv6d": "9.9"}, hostile):
            with pytest.raises(SchemaError):
                score(GOLD, damaged)


class TestUnits:
    @pytest.mark.parametrize("key", ["id", "producer", "confidence", "status", "level", "dimension"])
    def test_a_missing_key_costs_form_and_not_the_answer(self, key: str) -> None:
        found = changed(lambda row: row.pop(key))
        name = "units[0]" if key == "id" else FIRST
        assert (found.structure, found.quality.rates["broken"]) == (1, 1 / 10)
        assert ("schema", name) in rules(found)

    @pytest.mark.parametrize(
        "span",
        [
            None, 3, [], {}, {"start_s": 0}, {"start_s": 2, "end_s": 1}, {"start_s": float("nan"), "end_s": 1},
            {"start_s": 0, "end_s": float("inf")}, {"start_s": "0", "end_s": [1]}, {"start_s": 0, "end_s": 10**400},
            {"start_s": True, "end_s": None},
        ],
    )  # fmt: skip
    def test_a_unit_without_time_is_unreadable(self, span: object) -> None:
        found = changed(lambda row: row.update(span=span))
        assert ("unreadable", FIRST) in rules(found)
        assert found.quality.rates["unparsable"] == 1 / 10
        assert found.structure == pytest.approx(18 / 19)

    @pytest.mark.parametrize("row", [None, 7, "shot", [], {}, {"id": 3}, {"facet": ["edit.shot"]}])
    def test_a_unit_that_is_none(self, row: object) -> None:
        found = score({**GOLD.to_dict(), "units": [*GOLD.to_dict()["units"], row]}, GOLD, PLAIN)
        assert ("unreadable", "units[10]") in rules(found)
        assert found.structure == 1

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"facet": "edit.mood"}, "known-facet"),
            ({"dimension": "camera"}, "known-facet"),
            ({"label": "scene"}, "known-label"),
            ({"level": "frame"}, "known-level"),
            ({"label": None}, "claim"),
            ({"span": {"start_s": 0, "end_s": 21}}, "time-inside"),
            ({"span": {"start_s": -3, "end_s": 2}}, "time-inside"),
            ({"region": {"box": {"x": 0.8, "y": 0, "w": 0.4, "h": 0.1}}}, "box-inside"),
            ({"evidence": [{"type": "asr", "quote": "hello", "span": {"start_s": 0, "end_s": 1}}]}, "quote-occurs"),
            ({"evidence": [{"type": "ocr", "quote": "hello", "at_s": 1}]}, "quote-occurs"),
            (
                {"evidence": [{"type": "metric", "signal": "luma.mean", "op": ">=", "threshold": 2, "value": 1,
                               "span": {"start_s": 0, "end_s": 1}}]},
                "metric-holds",
            ),
        ],
    )  # fmt: skip
    def test_a_broken_rule_is_named_with_its_unit(self, change: Row, rule: str) -> None:
        found = changed(lambda row: row.update(change))
        assert (rule, FIRST) in rules(found)
        assert found.quality.rates["broken"] == 1 / 10

    def test_duplicated_ids(self) -> None:
        data = GOLD.to_dict()
        for row in data["units"]:
            row["id"] = "same"
        found = score(data, GOLD, PLAIN)
        assert (found.structure, found.quality.rates["broken"]) == (1, 9 / 10)

    def test_a_media_that_lies_about_its_length_permits_nothing(self) -> None:
        longer = board(*GOLD.items[:9], say("edit.shot", 18, 90, "shot"), length_s=90)
        assert ("time-inside", "edit.shot/18-90/shot") in rules(score(longer, GOLD))


def test_a_gold_with_a_facet_nobody_knows_says_so() -> None:
    strange = GOLD.items[0].model_copy(update={"facet": "edit.mood", "id": "odd"})
    found = score(GOLD, board(*GOLD.items, strange))
    assert found.score == 1
    assert rules(found) == {("gold-facet", "odd")}


class TestHostile:
    @given(VALUES)
    def test_no_value_whatever_raises(self, value: object) -> None:
        whole = GOLD.to_dict()
        one = {**whole["units"][0], "span": value, "region": value, "evidence": [value]}
        for damaged in (value, {**whole, "units": value}, {**whole, "units": [value, one]}, {**whole, "media": value}):
            found = score(damaged, GOLD)
            json.dumps(found.to_dict(), allow_nan=False)
            assert 0 <= found.score <= 1

    def test_depth_within_a_unit(self) -> None:
        deep: Any = []
        for _ in range(50_000):
            deep = [deep]
        assert changed(lambda row: row.update(attributes={"x": deep})).structure > 0.9
        assert ("unreadable", FIRST) in rules(changed(lambda row: row.update(span=deep)))

    def test_beyond_the_limit_units_are_counted_and_not_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "UNIT_LIMIT", 5)
        found = score(GOLD.to_dict(), GOLD, PLAIN)
        assert (found.facets["edit.shot"].predicted, found.facets["edit.shot"].matched) == (10, 5)
        assert rules(found) == {("too-many", "")}

    @pytest.mark.slow
    def test_fifty_megabytes(self) -> None:
        row = GOLD.to_dict()["units"][0]
        text = json.dumps({**GOLD.to_dict(), "units": [{**row, "id": str(k)} for k in range(150_000)]})
        assert len(text) > 40_000_000
        began = time.perf_counter()
        found = score(text, GOLD)
        assert time.perf_counter() - began < 30
        assert found.score < 0.1
        assert ("too-many", "") in rules(found)

    def test_a_text_of_megabytes_is_cut(self) -> None:
        gold = board(say("narr.claim", 0, 5, "it works"))
        began = time.perf_counter()
        found = score(board(say("narr.claim", 0, 5, "it works " * 500_000, id="long")), gold, PLAIN)
        assert found.structure < 0.1
        assert ("text-cut", "long") in rules(found)
        assert time.perf_counter() - began < 5
