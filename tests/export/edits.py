"""Storyboards for editors: edits of any kind at given frames, beside the known cuts of `boards`."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._merge import Merge, merge
from tests.export.boards import CUTS, NAME, board, media, unit

RANGES = {"s0": (0, 48), "s1": (48, 97), "s2": (97, 150), "t2": (92, 102), "m0": (0, 48), "m1": (48, 97),
          "z1": (48, 97), "b0": (0, 48), "b1": (48, 150), "k0": (0, 48), "d0": (0, 150), "o0": (48, 97),
          "n0": (0, 48), "t1": (48, None)}  # fmt: skip
"""First frame and first frame after of every unit of `board`; None for an instant."""
SAID = {"s0": "edit.shot=shot", "t1": "edit.transition=hard_cut", "z1": "camera.scale=MCU", "n0": "subject.count=1",
        "d0": "diss.aspect=16:9"}  # fmt: skip
"""What some of them say."""


def edited(*edits: tuple[str, int, int], cuts: tuple[int, ...] = CUTS, rate: Fraction = Fraction(25)) -> Storyboard:
    """Return shots that meet at `cuts` and gradual edits (label, first frame, first frame after)."""
    info = media(rate, cuts[-1])
    at = info.frame_time_s
    shots = [unit(f"s{n}", "edit.shot", Span.of(at(a), at(b)), label="shot", level="shot")
             for n, (a, b) in enumerate(pairwise(cuts))]  # fmt: skip
    joins = [unit(f"t{n}", "edit.transition", Span.of(at(first), at(after)), label=label, level="boundary")
             for n, (label, first, after) in enumerate(edits)]  # fmt: skip
    return Storyboard(media=info, items=(*shots, *joins)).canonical()


def telling(text: str) -> Storyboard:
    """Return a storyboard with a unit that says any text, of a file with a hostile name."""
    one = board(Fraction(30000, 1001), name=NAME)
    spoken = unit("x1", "subject.entity.name", one.shots[1].span, text=text)
    return one.model_copy(update={"items": (*one.items, spoken)}).canonical()


def written(name: str, storyboard: Storyboard, **options: Any) -> bytes:
    """Return what an exporter writes."""
    file = io.BytesIO()
    exporters.get(name).make(storyboard, file, **options)
    return file.getvalue()


def merged(name: str, data: bytes, onto: Storyboard) -> Merge:
    """Return a storyboard with what an edited file says."""
    return merge(onto, importers.get(name).make(io.BytesIO(data), onto), who="ada", tool=name)


def changed(found: Merge, onto: Storyboard) -> dict[str, Unit]:
    """Return the units that differ from `onto`, by id."""
    before = {one.id: one for one in onto.items}
    return {one.id: one for one in found.board.items if before.get(one.id) != one}
