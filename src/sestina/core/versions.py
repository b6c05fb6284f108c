"""Upgrade path: every past version of the document becomes today's before it is validated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sestina.core.errors import SchemaError

CURRENT = "1.0"
UPGRADES: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {}
"""Past version to the next one and the function that rewrites the plain document; empty while 1.0 is the first."""


def upgraded(data: object) -> dict[str, Any]:
    """Return plain document `data` as version `CURRENT`.

    Raises SchemaError when it is no object, names no version, or a version from the future.
    """
    if not isinstance(data, dict):
        raise SchemaError(f"a storyboard is a JSON object, got {type(data).__name__}")
    version = data.get("sv6d")
    if not isinstance(version, str):
        raise SchemaError("the document names no SV6D version (key `sv6d`)", hint="is this a storyboard?")
    while version in UPGRADES:
        version, step = UPGRADES[version]
        data = {**step(data), "sv6d": version}
    if version != CURRENT:
        raise SchemaError(
            f"SV6D version {version!r} is not known here",
            hint=f"this program reads up to {CURRENT}; upgrade it",
        )
    return data
