"""Units as an editor shows them: shots as clips, gradual edits as transitions, and all else as coloured markers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sestina.core.storyboard import Dimension, Unit
from sestina.export._conform import Conformed, Join
from sestina.export._timeline import fitting, said
from sestina.export._wrap import one_line

COLOURS: Mapping[Dimension, str] = {
    "subject": "GREEN", "aesthetics": "MAGENTA", "camera": "BLUE",
    "editing": "RED", "narrative": "YELLOW", "dissemination": "CYAN",
}  # fmt: skip
"""One colour a dimension, of those that edit lists and OpenTimelineIO both know."""


def title(unit: Unit) -> str:
    """Return a unit as a marker's name, on one line: `camera.movement=pan_left`."""
    return one_line(said(unit))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What each unit of a storyboard becomes; every unit is exactly one of these.

    Args:
        shots: one unit a clip, None where no shot was recognised.
        joins: gradual edits that fit as transitions, by the frame of the new shot.
        cuts: the edit at the first frame of a clip, by that frame.
        markers: everything else, in the board's order.
    """

    shots: tuple[Unit | None, ...]
    joins: Mapping[int, Join]
    cuts: Mapping[int, Unit]
    markers: tuple[Unit, ...]


def layout(conformed: Conformed) -> Layout:
    """Return what each unit becomes on a sequence."""
    board, clips = conformed.board, conformed.clips
    joins = {join.cut: join for join in fitting(conformed)[0]}
    firsts = {clip.first for clip in clips}
    cuts: dict[int, Unit] = {}
    for unit in board.boundaries:
        frame = conformed.frame(unit.span.start_s)
        if unit.span.is_instant and unit.label is not None and frame in firsts and frame not in joins:
            cuts.setdefault(frame, unit)
    shots = tuple(clip.unit for clip in clips)
    # By identity: a damaged board may hold two units of one id, and neither may get lost.
    taken = {id(unit) for unit in (*shots, *cuts.values(), *(join.unit for join in joins.values()))}
    return Layout(
        shots=shots, joins=joins, cuts=cuts, markers=tuple(unit for unit in board.items if id(unit) not in taken)
    )
