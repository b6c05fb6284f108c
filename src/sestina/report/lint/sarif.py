"""Findings as SARIF 2.1.0 (OASIS, 2020), the form in which code hosts and editors show what a checker found.

A storyboard is the artifact and a unit its logical location; where the document's text is at hand the unit's own line
is the place that an editor jumps to. Seconds and places in the picture are in each result's properties.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sestina.core.profiles import Profile
from sestina.report.lint.finding import Finding
from sestina.report.lint.lint import rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"open": "none", "note": "note", "warning": "warning", "error": "error"}
UNIT_ID = re.compile(r'^ *"id": "((?:[^"\\]|\\.)*)"')


def sarif(
    checked: Sequence[tuple[str, Sequence[Finding]]],
    profile: Profile,
    *,
    version: str,
    lines: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, Any]:
    """Return a SARIF log as plain JSON values.

    Args:
        checked: path of each storyboard, as it was given, and its findings.
        profile: for which they were found.
        version: of the program.
        lines: for a path, the line of each unit id; see `unit_lines`.
    """
    numbers = {name: number for number, name in enumerate(rules.names())}
    driver = {
        "name": "sestina",
        "version": version,
        "rules": [_rule(name) for name in numbers],
        "properties": {"profile": profile.id, "profileVersion": profile.version, "profileDate": profile.date},
    }
    results = [
        _result(found, path, numbers[found.rule], (lines or {}).get(path, {}))
        for path, findings in checked
        for found in findings
    ]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def unit_lines(text: str, units: Iterable[str]) -> dict[str, int]:
    """Return the line, from 1, on which each of these unit ids stands in a document's text."""
    wanted = {_in_json(unit): unit for unit in units}
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        hit = UNIT_ID.match(line)
        if hit is not None and hit[1] in wanted:
            found.setdefault(wanted[hit[1]], number)
    return found


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _rule(name: str) -> dict[str, Any]:
    entry = rules.get(name)
    return {
        "id": name,
        "shortDescription": {"text": entry.card.summary},
        "fullDescription": {"text": f"{entry.card.summary} Source: {entry.card.source}."},
        "defaultConfiguration": {"level": LEVELS[entry.make.severity]},
    }


def _result(found: Finding, path: str, number: int, lines: Mapping[str, int]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    line = next((lines[unit] for unit in found.units if unit in lines), None)
    if line is not None:
        place["region"] = {"startLine": line}
    location: dict[str, Any] = {"physicalLocation": place}
    if found.units:
        location["logicalLocations"] = [{"fullyQualifiedName": unit, "kind": "unit"} for unit in found.units]
    told = "\n".join([found.rule, *found.units])
    return {
        "ruleId": found.rule,
        "ruleIndex": number,
        # SARIF 3.27.9: `open` is a rule that was evaluated without enough information to decide.
        "kind": "open" if found.severity == "open" else "fail",
        "level": LEVELS[found.severity],
        "message": {"text": f"{found.message}. {found.hint[:1].upper()}{found.hint[1:]}."},
        "locations": [location],
        "partialFingerprints": {"ruleAndUnits/v1": hashlib.sha256(told.encode()).hexdigest()[:32]},
        "properties": {key: value for key, value in found.to_dict().items() if key in ("span", "region")},
    }


def _uri(path: str) -> str:
    """Return a path as it was given as a URI: relative ones stay relative."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())
