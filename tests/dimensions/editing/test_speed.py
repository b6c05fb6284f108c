"""Frozen and stuttering pictures, told from pictures at rest and from a lower frame rate."""

from __future__ import annotations

import numpy as np

from sestina.core.reading import Reading
from sestina.dimensions.editing.speed import Speed
from tests.dimensions.editing.shot_lists import F64, frames, run, shot_list

FACET = "edit.speed"


def moving(seconds: float, held: F64 | None = None, changed: float = 0.6, lengths: tuple[float, ...] = ()) -> Reading:
    """Return shots that move but where `held` (one a frame) says that the frame repeats the one before."""
    still = np.zeros(round(seconds * 25), bool) if held is None else np.asarray(held > 0)
    tracks = {
        "difference.luma": np.where(still, 0.0, 4.0),
        "difference.changed": np.where(still, 0.0, changed),
    }
    return shot_list(lengths or (seconds,), (), tracks)


def spans(known: Reading) -> list[tuple[str | None, float, float]]:
    return [(u.label, u.span.start_s, u.span.end_s) for u in run(known, Speed())]


def hold(seconds: float, *parts: tuple[float, float]) -> F64:
    """Return 1 for frames inside `parts` (start and end in seconds)."""
    held = frames(seconds)
    for start_s, end_s in parts:
        held[round(start_s * 25) : round(end_s * 25)] = 1.0
    return held


def test_a_freeze_in_a_moving_shot() -> None:
    assert spans(moving(6, hold(6, (2, 3)))) == [("freeze_frame", 2, 3)]


def test_a_freeze_up_to_the_cut() -> None:
    assert spans(moving(6, hold(6, (3, 4)), lengths=(4, 2))) == [("freeze_frame", 3, 4)]


def test_a_freeze_at_the_start_is_seen_by_what_follows() -> None:
    assert spans(moving(4, hold(4, (0.04, 1)))) == [("freeze_frame", 0.04, 1)]


def test_a_moment_s_hold_is_no_freeze() -> None:
    assert spans(moving(4, hold(4, (2, 2.2)))) == []


def test_a_still_shot_is_at_rest() -> None:
    assert spans(moving(6, hold(6, (2, 4)), lengths=(2, 2, 2))) == []


def test_a_page_with_a_cursor_that_stops_is_at_rest() -> None:
    assert spans(moving(6, hold(6, (2, 3)), changed=0.02)) == []


def test_frames_held_again_and_again() -> None:
    """Two of every five frames repeat, from 2 s to 3 s; elsewhere all move."""
    parts = [(2 + 0.2 * k, 2 + 0.2 * k + 0.08) for k in range(5)]
    assert spans(moving(6, hold(6, *parts))) == [("stutter", 2, 2.88)]


def test_every_other_frame_all_through_is_a_frame_rate() -> None:
    held = frames(6)
    held[1::2] = 1.0
    assert spans(moving(6, held)) == []


def test_unsteady_drops_are_no_stutter() -> None:
    parts = [(2, 2.04), (2.08, 2.12), (2.44, 2.48), (2.56, 2.6), (2.92, 2.96)]
    assert spans(moving(6, hold(6, *parts))) == []
