"""The document: queries, canonical JSON, its schema and its errors."""

from pathlib import Path

import jsonschema
import pytest

from sestina.core.errors import SchemaError, SestinaError
from sestina.core.storyboard import Storyboard, json_schema
from sestina.core.time import Span
from tests.core.boards import two_shots, unit

SAMPLES = Path(__file__).parent / "samples"


def test_units_are_found_by_what_they_say_and_when() -> None:
    board = two_shots(unit("camera.movement", 1, 3, label="inward", level="event", confidence=0.4))
    assert [u.facet for u in board.units(dimension="camera", at_s=2.0)] == ["camera.movement"]
    assert board.units(dimension="camera", at_s=3.0) == ()
    assert board.units(dimension="camera", min_confidence=0.5) == ()
    assert len(board.units(facet="edit.")) == 3
    assert len(board.units(span=Span.of(3.5, 4.5))) == 3
    assert [shot.span.start_s for shot in board.shots] == [0, 4]
    assert board["camera.movement/1"].label == "inward"


def test_json_is_canonical_whatever_the_order_of_units() -> None:
    board = two_shots()
    shuffled = board.model_copy(update={"items": tuple(reversed(board.items))})
    assert shuffled.to_json() == board.to_json()


def test_json_round_trips_through_a_file(tmp_path: Path) -> None:
    board = two_shots()
    board.to_json(tmp_path / "a.json")
    assert Storyboard.from_json(tmp_path / "a.json") == board.canonical()


def test_the_binding_names_of_the_representation_page_are_there() -> None:
    data = two_shots().to_dict()
    assert {"sv6d", "media", "units", "signals", "transcript", "provenance"} == set(data)
    shot = data["units"][0]
    assert {
        "id",
        "dimension",
        "facet",
        "label",
        "level",
        "span",
        "confidence",
        "status",
        "producer",
        "evidence",
    } <= set(shot)
    assert shot["span"] == {"start_s": 0.0, "end_s": 4.0}
    assert data["media"]["video"]["frame_rate"] == "25/1"


def test_every_document_satisfies_the_published_schema() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(two_shots().to_dict())) == []
    broken = two_shots().to_dict()
    broken["units"][0]["confidence"] = 1.5
    assert [list(error.path) for error in validator.iter_errors(broken)] == [["units", 0, "confidence"]]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_every_past_version_still_loads(path: Path) -> None:
    assert Storyboard.from_json(path).sv6d == "1.0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ('{"sv6d": "1.0", "media": ', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "JSON object"),
        ("{}", "no SV6D version"),
        ('{"sv6d": "9.0"}', "not known"),
        ('{"sv6d": "1.0", "media": {}}', "not an SV6D document"),
    ],
)
def test_a_damaged_document_is_one_named_error(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        Storyboard.from_json(text)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(value: str) -> None:
    text = two_shots().to_json().replace('"confidence": 0.9', f'"confidence": {value}', 1)
    with pytest.raises(SchemaError):
        Storyboard.from_json(text)


def test_writing_into_a_missing_folder_names_the_path(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="cannot write"):
        two_shots().to_json(tmp_path / "none" / "a.json")
    assert list(tmp_path.iterdir()) == []
