"""A script as a file: every field of `Script` as JSON, with a version, checked when it is read."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sestina.core.errors import ScriptError
from sestina.render.script import Script

VERSION = "1.0"
"""Version of the file format; it is raised when a field changes its meaning or goes away."""

_ADAPTER = TypeAdapter(Script)


def dumps(script: Script) -> str:
    """Return a script as JSON text, one-space indent, ending in a newline."""
    data = {"script": VERSION, **_ADAPTER.dump_python(script, mode="json")}
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def loads(data: dict[str, Any]) -> Script:
    """Return the script in plain JSON values; fields left out have their defaults.

    Raises ScriptError that names every field at fault: an unknown one, one of the wrong kind, one that contradicts
    another; and for a version this code does not know.
    """
    if data.get("script") != VERSION:
        raise ScriptError([f"script: version {data.get('script')!r} is not known here, {VERSION!r} is"])
    fields = {key: value for key, value in data.items() if key != "script"}
    try:
        script = _ADAPTER.validate_python(_tupled(fields))
    except ValidationError as error:
        raise ScriptError([_line(one) for one in error.errors(include_url=False)]) from error
    strangers = list(_strangers(fields, _ADAPTER.dump_python(script, mode="json"), ""))
    if strangers:
        raise ScriptError([f"{path}: no such field" for path in strangers], hint="see docs/renderer.md for the fields")
    return script


def _tupled(value: Any) -> Any:
    """Turn lists into tuples, which is what the dataclasses hold."""
    if isinstance(value, dict):
        return {key: _tupled(one) for key, one in value.items()}
    return tuple(_tupled(one) for one in value) if isinstance(value, list) else value


def _line(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"]) or "script"
    return f"{where}: {problem['msg'].removeprefix('Value error, ')}"


def _strangers(given: Any, known: Any, path: str) -> list[str]:
    """Return the paths of keys that were given and left no trace in what was understood."""
    if isinstance(given, dict) and isinstance(known, dict):
        found = [f"{path}{key}" for key in given if key not in known]
        return found + [p for key in given if key in known for p in _strangers(given[key], known[key], f"{path}{key}.")]
    if isinstance(given, (list, tuple)) and isinstance(known, (list, tuple)):
        pairs = enumerate(zip(given, known, strict=False))
        return [p for number, (one, other) in pairs for p in _strangers(one, other, f"{path}{number}.")]
    return []
