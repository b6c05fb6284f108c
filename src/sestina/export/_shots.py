"""A storyboard as rows of shots: frames, time codes, the edits at both ends, and which units belong to each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._conform import Conformed


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One shot as tables have it.

    Args:
        number: from 1.
        unit: the shot itself.
        first_frame, after_frame: of the video's own frames, from 0; None without video.
        start_code, end_code: SMPTE time code, at a constant rate where the video's varies; "" without video.
        transition_in, transition_out: labels of the edits at its start and end, "" where none is known.
    """

    number: int
    unit: Unit
    first_frame: int | None
    after_frame: int | None
    start_code: str
    end_code: str
    transition_in: str
    transition_out: str


class Shots:
    """The shots of a storyboard, and where spans lie among them."""

    def __init__(self, board: Storyboard) -> None:
        self._board = board
        self._shots = board.shots
        self._starts = [unit.span.start_s for unit in self._shots]
        self._edits = [unit for unit in board.boundaries if unit.label is not None]
        self._edit_starts = [unit.span.start_s for unit in self._edits]
        self._table = board.media.frame_table()

    def __len__(self) -> int:
        return len(self._shots)

    def __iter__(self) -> Iterator[Shot]:
        for number, unit in enumerate(self._shots, start=1):
            start_s, end_s = unit.span.start_s, unit.span.end_s
            yield Shot(
                number=number, unit=unit, first_frame=self.frame(start_s), after_frame=self.frame(end_s),
                start_code=self._code(start_s), end_code=self._code(end_s),
                transition_in=self._edit(start_s), transition_out=self._edit(end_s),
            )  # fmt: skip

    def frame(self, time_s: float) -> int | None:
        """Return the number of the video's frame whose start is nearest to a time; the frame count for the end."""
        return None if self._table is None else self._table.nearest(time_s)

    def among(self, span: Span) -> Sequence[int]:
        """Return the numbers, from 1, of the shots that a span belongs to.

        A span belongs to a shot when they share more than half of the shorter one; an instant to the shot it lies in,
        at a cut to the new one.
        """
        low = max(0, bisect_right(self._starts, span.start_s) - 1)
        if not self._shots:
            return ()
        if span.is_instant:
            return (low + 1,)
        high = max(low + 1, bisect_left(self._starts, span.end_s))
        return [n + 1 for n in range(low, high) if _shares(span, self._shots[n].span)]

    @cached_property
    def _conformed(self) -> Conformed | None:
        return None if self._table is None else Conformed(self._board)

    def _code(self, time_s: float) -> str:
        return "" if self._conformed is None else self._conformed.code(self._conformed.frame(time_s))

    def _edit(self, time_s: float) -> str:
        """Return the label of the edit at a time: an instant there, else a gradual one around it."""
        last = bisect_right(self._edit_starts, time_s)
        near = [unit for unit in self._edits[max(0, last - 4) : last] if unit.span.end_s >= time_s]
        near.sort(key=lambda unit: unit.span.duration_s)
        return str(near[0].label) if near else ""


def _shares(span: Span, shot: Span) -> bool:
    return span.overlap_s(shot) > 0.5 * min(span.duration_s, shot.duration_s)
