"""A component's card: where its method comes from and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Card:
    """Facts about a method, shown on the docs page of methods.

    Args:
        summary: what it does, one sentence.
        source: paper or standard, with year; "own" when there is none.
        status: trial until measured, then stable.
        needs: any of gpu, audio, network, and names of extras.
        cost: measured cost, with unit.
        deviations: where it differs from its source.
    """

    summary: str
    source: str = "own"
    status: Literal["trial", "stable"] = "stable"
    needs: tuple[str, ...] = ()
    cost: str = ""
    deviations: str = ""
