"""What a script says about itself: facts that are true because the clip is made that way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Note:
    """One fact about the clip that its makers know, which becomes a unit of the gold storyboard as it stands.

    Args:
        facet: id in the vocabulary.
        label, text, value, unit: what holds, as in a storyboard's unit.
        level: the unit's level; "" takes the facet's usual one.
        start_s, end_s: when it holds, seconds of the clip, snapped to frames. None: the clip's own bounds.
        join: number of a shot: it holds at the boundary into that shot (the number of shots: at the clip's end).
        said: number of a spoken line of the script's sound: it holds while that line is said.
        box: left, top, width and height in fractions of the frame, or None.
        attributes: further named values.
    """

    facet: str
    label: str | None = None
    text: str | None = None
    value: float | None = None
    unit: str | None = None
    level: str = ""
    start_s: float | None = None
    end_s: float | None = None
    join: int | None = None
    said: int | None = None
    box: tuple[float, float, float, float] | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
