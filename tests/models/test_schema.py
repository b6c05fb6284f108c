"""JSON Schema as far as prompts use it, against an independent implementation."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.models._schema import parsed, problem, read_json, smallest

values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text("abc", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("string", "number", "integer", "boolean", "object", "array", "null")


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    """Schemas of the words that are known, deep enough to hold objects in lists in objects."""
    kind = draw(st.sampled_from((*NAMES, "enum", "const", "anyOf", "two")))
    inner = schemas(depth - 1) if depth else st.just({"type": "null"})
    if kind in ("enum", "const"):
        several = draw(st.lists(values, min_size=1, max_size=3))
        return {"enum": several} if kind == "enum" else {"const": several[0]}
    if kind == "anyOf":
        return {"anyOf": draw(st.lists(inner, min_size=1, max_size=2))}
    if kind == "two":
        return {"type": draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))}
    found: dict[str, Any] = {"type": kind}
    low = draw(st.integers(0, 2))
    if kind == "object":
        found["properties"] = draw(st.dictionaries(st.sampled_from("abc"), inner, max_size=3))
        found["required"] = draw(st.lists(st.sampled_from("abc"), max_size=2, unique=True))
        if draw(st.booleans()):
            found["additionalProperties"] = False
            found["required"] = [name for name in found["required"] if name in found["properties"]]
    elif kind == "array":
        found |= {"items": draw(inner), "minItems": low, "maxItems": low + 1}
    elif kind == "string":
        found |= {"minLength": low, "maxLength": low + 2}
    elif kind in ("number", "integer"):
        found |= {"minimum": low, "maximum": low + 1}
    return found


@settings(max_examples=300, deadline=None)
@given(schema=schemas(), value=values)
def test_it_judges_as_jsonschema_does(schema: dict[str, Any], value: Any) -> None:
    expected = jsonschema.Draft202012Validator(schema).is_valid(value)
    assert (problem(value, schema) == "") == expected, problem(value, schema)


@settings(max_examples=200, deadline=None)
@given(schema=schemas())
def test_the_smallest_value_has_the_form(schema: dict[str, Any]) -> None:
    assert problem(smallest(schema), schema) == ""


TREE = {
    "$defs": {"node": {"type": "object", "required": ["kids"], "properties": {
        "kids": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}},
    "$ref": "#/$defs/node",
}  # fmt: skip


def test_references_are_followed() -> None:
    assert problem({"kids": [{"kids": []}]}, TREE) == ""
    assert problem({"kids": [{}]}, TREE) == "reply.kids[0] lacks kids"
    assert smallest(TREE) == {"kids": []}


def test_a_word_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="pattern"):
        problem("x", {"type": "string", "pattern": "^y$"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}), ("```json\n[1, 2]\n```", [1, 2]), ('Sure!\n{"a": {"b": "}"}}\nBye.', {"a": {"b": "}"}}),
        ('"word"', "word"), (" 3 ", 3),
    ],
)  # fmt: skip
def test_json_is_found_alone_in_a_fence_or_in_prose(text: str, value: Any) -> None:
    assert read_json(text) == value


NO_JSON = ("", "word", '{"a": 1', '{"a": 1} or {"a": 2}', "NaN", '{"a": Infinity}', "[" * 99_999)


@pytest.mark.parametrize("text", NO_JSON)
def test_and_nothing_else_is(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_a_value_or_a_reason(text: str) -> None:
    value, wrong = parsed(text, {"type": "object"})
    assert isinstance(value, dict) != bool(wrong)


def test_what_is_wrong_inside_is_kept_and_another_type_is_not() -> None:
    schema = {"type": "object", "required": ["a"]}
    assert parsed("{}", schema) == ({}, "reply lacks a")
    assert parsed("[]", schema) == (None, "reply must be object")


@given(value=values)
def test_what_is_written_is_read(value: Any) -> None:
    assert read_json(json.dumps(value)) == value
