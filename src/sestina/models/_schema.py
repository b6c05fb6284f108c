"""JSON Schema as far as prompts use it: whether a reply has the form, and the smallest reply that has it.

Of JSON Schema (draft 2020-12): type, enum, const, properties, required, additionalProperties, items, minItems,
maxItems, minLength, maxLength, minimum, maximum, anyOf, and local $ref. Any other word is refused by name.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

RULES = (
    "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
    "minLength", "maxLength", "minimum", "maximum", "anyOf", "$ref",
)  # fmt: skip
REMARKS = ("$defs", "title", "description", "default", "examples", "$schema", "$id", "$comment")
KNOWN = frozenset(RULES + REMARKS)
FENCE = re.compile(r"^\s*```[a-zA-Z]*\n(.*?)\n?```\s*$", re.DOTALL)


def read_json(text: str) -> Any:
    """Return the JSON value that a reply is, or that stands alone in a fence or inside prose.

    Raises ValueError for none, for more than one object in prose, for a half one, and for numbers JSON has not.
    """
    fenced = FENCE.match(text)
    body = (fenced[1] if fenced else text).strip()
    try:
        return _strict(body)
    except ValueError:
        first, last = body.find("{"), body.rfind("}")
        if first < 0 or last < first or (first == 0 and last == len(body) - 1):
            raise ValueError("it is no JSON") from None
    try:
        return _strict(body[first : last + 1])
    except ValueError:
        raise ValueError("it holds no whole JSON object") from None


def parsed(text: str, schema: Mapping[str, Any]) -> tuple[Any, str]:
    """Return the value that a reply is, and what is wrong with it or "".

    A value that breaks the schema only inside is kept, because whoever asked may still use the rest of it; None stands
    for no JSON, and for a value of another type altogether.
    """
    try:
        value = read_json(text)
    except ValueError as error:
        return None, str(error)
    whole = {"type": schema["type"]} if "type" in schema else {}
    return None if problem(value, whole) else value, problem(value, schema)


def _strict(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def problem(value: Any, schema: Mapping[str, Any], *, root: Mapping[str, Any] | None = None, at: str = "reply") -> str:
    """Return the first thing about `value` that breaks `schema`, with its place, or "" where nothing does.

    Raises ValueError for a schema with words that are not known here.
    """
    root = schema if root is None else root
    if strange := set(schema) - KNOWN:
        raise ValueError(f"the schema uses {sorted(strange)}, which is not known here")
    if "$ref" in schema:
        return problem(value, _resolved(schema["$ref"], root), root=root, at=at)
    if "anyOf" in schema and all(problem(value, one, root=root, at=at) for one in schema["anyOf"]):
        return f"{at} is none of the forms allowed"
    types = schema.get("type", ())
    names = [types] if isinstance(types, str) else list(types)
    if names and not any(_is(value, name) for name in names):
        return f"{at} must be {' or '.join(names)}"
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if allowed is not None and not any(_same(value, one) for one in allowed):
        return f"{at} must be one of {json.dumps(allowed)[:200]}"
    if isinstance(value, dict):
        return _object_problem(value, schema, root, at)
    return _size_problem(value, schema, at) or _items_problem(value, schema, root, at)


def _object_problem(value: Mapping[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> str:
    missing = [name for name in schema.get("required", ()) if name not in value]
    if missing:
        return f"{at} lacks {missing[0]}"
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, inside in value.items():
        rule = known.get(name, other)
        if rule is False:
            return f"{at} may not have {name[:60]}"
        found = problem(inside, rule, root=root, at=f"{at}.{name}") if rule is not True else ""
        if found:
            return found
    return ""


def _items_problem(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> str:
    if not isinstance(value, list) or "items" not in schema:
        return ""
    found = (problem(one, schema["items"], root=root, at=f"{at}[{index}]") for index, one in enumerate(value))
    return next((one for one in found if one), "")


def _size_problem(value: Any, schema: Mapping[str, Any], at: str) -> str:
    size: float
    if isinstance(value, str | list):
        size, word = len(value), "Items" if isinstance(value, list) else "Length"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        size, word = value, "imum"
    else:
        return ""
    if size < schema.get(f"min{word}", size):
        return f"{at} is below {schema[f'min{word}']}"
    if size > schema.get(f"max{word}", size):
        return f"{at} is above {schema[f'max{word}']}"
    return ""


def _is(value: Any, name: str) -> bool:
    if name in ("number", "integer"):
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return number and (name == "number" or float(value).is_integer())
    kinds: dict[str, type | tuple[type, ...]] = {
        "string": str, "boolean": bool, "object": dict, "array": list, "null": type(None),
    }  # fmt: skip
    return isinstance(value, kinds[name])


def _same(left: Any, right: Any) -> bool:
    """Return whether two JSON values are equal; to Python 1 is True, to JSON it is not."""
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _resolved(address: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for part in address.removeprefix("#").strip("/").split("/") if address != "#" else []:
        found = found[part]
    if not isinstance(found, Mapping):
        raise ValueError(f"{address!r} is no schema")
    return found


def smallest(schema: Mapping[str, Any], *, root: Mapping[str, Any] | None = None) -> Any:
    """Return a small value of the form: what is required and nothing more, first labels, lowest numbers."""
    root = schema if root is None else root
    if "$ref" in schema:
        return smallest(_resolved(schema["$ref"], root), root=root)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if "anyOf" in schema:
        return smallest(schema["anyOf"][0], root=root)
    types = schema.get("type", "null")
    name = types if isinstance(types, str) else types[0]
    if name == "object":
        inside = schema.get("properties", {})
        return {key: smallest(inside.get(key, {}), root=root) for key in schema.get("required", ())}
    if name == "array":
        return [smallest(schema.get("items", {}), root=root) for _ in range(schema.get("minItems", 0))]
    if name == "string":
        return "x" * schema.get("minLength", 0)
    if name in ("number", "integer"):
        low = schema.get("minimum", min(0, schema.get("maximum", 0)))
        return math.ceil(low) if name == "integer" else low
    return {"boolean": False, "null": None}[name]
