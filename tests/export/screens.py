"""What the subtitle tests share: writing to memory, and what a player shows of a cue on each frame."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from tests.export.boards import RATES, board

ALL_KINDS: tuple[tuple[Fraction, dict[str, Any]], ...] = (
    *((rate, {}) for rate in RATES),
    (Fraction(30), {"vfr": True}),
    (Fraction(30000, 1001), {"size": (720, 1280)}),
)
"""Every rate, a variable one, and an upright picture: what `board` takes."""


def made(name: str, of: Storyboard, **options: Any) -> bytes:
    """Return what an exporter writes; it must write the same twice."""
    files = io.BytesIO(), io.BytesIO()
    for file in files:
        exporters.get(name).make(of, file, **options)
    assert files[0].getvalue() == files[1].getvalue()
    return files[0].getvalue()


def frames(rate: Fraction, start_ms: int, end_ms: int, **facts: Any) -> tuple[int, int]:
    """Return the first frame on which a player shows a cue, and the first on which it does not any more."""
    table = board(rate, **facts).media.frame_table()
    assert table is not None
    seen = [k for k, time_s in enumerate(table.times_s) if start_ms / 1000 <= time_s < end_ms / 1000]
    assert seen == list(range(seen[0], seen[-1] + 1))
    return seen[0], seen[-1] + 1
