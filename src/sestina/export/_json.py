"""JSON as exports write it: on one line, or piece by piece, so that a long list never stands in memory as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO


def line(value: Any) -> str:
    """Return a value as JSON on one line, letters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def compact(value: Any) -> str:
    """Return the same without a space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def write_object(file: BinaryIO, head: Mapping[str, Any], name: str, items: Iterable[Any]) -> None:
    """Write `{head..., name: [items]}`, one item a line, as UTF-8."""
    facts = "".join(f" {line(key)}: {line(value)},\n" for key, value in head.items())
    file.write(f"{{\n{facts} {line(name)}: [".encode())
    for number, item in enumerate(items):
        file.write(((",\n  " if number else "\n  ") + line(item)).encode())
    file.write(b"\n ]\n}\n")
