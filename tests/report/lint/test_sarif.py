"""SARIF as its own schema has it: models made from the OASIS schema read every log that is written."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

from sestina.core.profiles import profile, profiles
from sestina.core.storyboard import Storyboard
from sestina.report.lint.lint import lint, rules
from sestina.report.lint.sarif import sarif, unit_lines
from tests.export.boards import HOSTILE
from tests.report.lint.boards import UNDER, bare, clean, issue, overlay
from tests.report.lint.test_lint import DEFECTS

TIKTOK = profile("tiktok")
SCHEMA = jsonschema.Draft202012Validator(Log.model_json_schema())
HOSTILE_ID = 'o "1" \\ =é%'


def logged(board: Storyboard, path: str = "clips/clip.sv6d.json") -> dict[str, Any]:
    lines = {path: unit_lines(board.to_json(), [unit.id for unit in board])}
    return sarif([(path, lint(board, TIKTOK))], TIKTOK, version="1.2.3", lines=lines)


def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


@pytest.mark.parametrize(
    "board", [clean(), bare(), *(board for board, _ in DEFECTS.values())], ids=["clean", "bare", *DEFECTS]
)
def test_the_schema_accepts_every_log(board: Storyboard) -> None:
    log = json.loads(json.dumps(logged(board)))
    Log.model_validate(log)
    SCHEMA.validate(log)


def test_hostile_texts_names_and_ids_survive() -> None:
    board = clean(*overlay(UNDER, HOSTILE, HOSTILE_ID))
    log = json.loads(json.dumps(logged(board, "a b/ü&<'\".json")))
    Log.model_validate(log)
    (one,) = results(log)
    place = one["locations"][0]
    assert place["logicalLocations"][0]["fullyQualifiedName"] == HOSTILE_ID
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%BC%26%3C%27%22.json"
    assert "\n" not in one["message"]["text"]


def test_a_result_stands_on_the_line_of_its_unit() -> None:
    board = clean(*overlay(UNDER, name=HOSTILE_ID))
    (one,) = results(logged(board))
    line = one["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert json.loads("{" + board.to_json().splitlines()[line - 1].rstrip(",") + "}") == {"id": HOSTILE_ID}


def test_what_could_not_be_judged_is_open_and_weighs_nothing() -> None:
    assert {(one["kind"], one["level"]) for one in results(logged(bare()))} == {("open", "none")}
    (one,) = results(logged(clean(issue("too_long"))))
    assert (one["kind"], one["level"]) == ("fail", "note")


def test_rules_are_named_once_and_pointed_at() -> None:
    log = logged(DEFECTS["flashing"][0])
    listed = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in listed] == list(rules.names())
    assert [listed[one["ruleIndex"]]["id"] for one in results(log)] == ["flashing"]


def test_fingerprints_tell_findings_apart_and_stay() -> None:
    board = clean(*overlay(UNDER, name="low"), issue("too_long"))
    marks = [one["partialFingerprints"]["ruleAndUnits/v1"] for one in results(logged(board))]
    assert len(set(marks)) == 2
    assert marks == [one["partialFingerprints"]["ruleAndUnits/v1"] for one in results(logged(board, "b.json"))]


def test_absolute_paths_are_file_uris() -> None:
    (one,) = results(logged(clean(issue("too_long")), "/v/a b.json"))
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///v/a%20b.json"


def test_every_profile_can_be_logged() -> None:
    for item in profiles():
        Log.model_validate(sarif([("a.json", lint(clean(), item))], item, version="1"))
