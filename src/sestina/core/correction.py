"""What a person's file says of one unit: the form in which corrections come back from other tools."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sestina.core.evidence import Region
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One unit as another tool gives it back.

    Args:
        place: where in the file it stands, for messages: `line 12`, `region 3f0a`.
        facet: of the vocabulary.
        span: its time as the file has it, seconds.
        unit: id of the unit it came from; None for one that a person added.
        mark: `mark` of that unit when it was exported; None where the format did not carry it.
        removed: whether a person deleted it.
        label, text, value: what it says; all None where the format does not carry that part.
        region: where in the picture; None where the format does not carry it.
        level: for added units; None: the facet's first level.
        attributes: further named values; empty where the format does not carry them.
        slack_s: times closer than this to the unit's own are the unit's own: the format rounds them.
    """

    place: str
    facet: str
    span: Span
    unit: str | None = None
    mark: str | None = None
    removed: bool = False
    label: str | None = None
    text: str | None = None
    value: float | None = None
    region: Region | None = None
    level: Level | None = None
    attributes: tuple[tuple[str, Any], ...] = ()
    slack_s: float = 0.0005


def mark(unit: Unit) -> str:
    """Return eight hex digits that change whenever what a unit says, when or where does.

    An export carries them beside the id, so that an import can tell a correction of this unit from one of an older
    state of it.
    """
    said = (unit.facet, unit.label, unit.text, unit.value, unit.span.start_s, unit.span.end_s, unit.region)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8]
