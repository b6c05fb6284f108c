"""What an answerer is made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sestina.bench.prior import Prior
from sestina.core.storyboard import Storyboard


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What an answerer is made with.

    Args:
        prior: averages of the dev split.
        cache: folder for what is worth keeping between runs, None to keep nothing.
        seed: of whatever is drawn.
        skip: what the analyzer leaves out: see `analyze`.
        golds: the truth of the videos opened so far; for the oracle alone.
    """

    prior: Prior
    cache: Path | None = None
    seed: int = 0
    skip: tuple[str, ...] = ()
    golds: dict[str, Storyboard] = field(default_factory=dict)
