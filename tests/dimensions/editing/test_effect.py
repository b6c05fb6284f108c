"""Flashes and mirrored pictures, and what only looks like them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sestina.core.reading import Reading
from sestina.dimensions.editing.continuity import Continuity
from sestina.dimensions.editing.effect import Effect, rises
from tests.dimensions.editing.shot_lists import F64, frames, named, run, shot_list

EFFECT, BREAK = "edit.effect", "edit.continuity_break"


def lit(luma: F64, lengths: tuple[float, ...] = (4,), kinds: tuple[str, ...] = ()) -> Reading:
    return shot_list(lengths, kinds, {"luma.mean": luma, "luma.p50": luma})


def flash(at: int, count: int, level: float = 0.9) -> F64:
    luma = frames(4, 0.4)
    luma[at : at + count] = level
    return luma


def test_three_bright_frames() -> None:
    (unit,) = run(lit(flash(50, 3)), Effect())
    assert unit.label == "colour_flash"
    assert (unit.span.start_s, unit.span.end_s) == (2.0, 2.12)


@pytest.mark.parametrize(
    "luma",
    [
        flash(50, 7),  # too long for a flash
        flash(50, 3, 0.5),  # a lamp in the scene: 0.1
        np.where(np.arange(100) < 50, 0.4, 0.9),  # the light is switched on
        np.linspace(0.2, 0.9, 100),
    ],
)
def test_what_is_no_flash(luma: F64) -> None:
    assert run(lit(luma), Effect()) == []


def test_next_to_a_cut_it_is_left_to_the_transition() -> None:
    assert run(lit(flash(50, 2), (2, 2)), Effect()) == []
    assert len(run(lit(flash(54, 2), (2, 2)), Effect())) == 1


def test_rises_by_hand() -> None:
    """Two frames of 0.7 and 0.6 over 0.2 and 0.22: 0.48 and 0.38 above the brighter side."""
    found = rises(np.array([0.2, 0.2, 0.7, 0.6, 0.22, 0.22]))
    assert found == pytest.approx([0, 0, 0.48, 0.38, 0, 0], abs=1e-9)


@given(arrays.arrays(np.float64, st.integers(0, 40), elements=st.floats(0, 1)))
def test_rises_backwards_are_the_same(luma: F64) -> None:
    assert rises(luma[::-1])[::-1] == pytest.approx(rises(luma))
    assert np.all(rises(luma) >= 0)


@pytest.mark.parametrize(
    ("match", "change", "found"), [(0.995, 4.0, [("mirror", 0)]), (0.995, 0.0, []), (0.9, 4.0, [])]
)
def test_halves_that_mirror_each_other_while_they_move(
    match: float, change: float, found: list[tuple[str, float]]
) -> None:
    tracks = {
        "saliency.symmetry_v": frames(4, match),
        "saliency.detail_symmetry_v": frames(4, match),
        "saliency.edges": frames(4, 0.1),
        "difference.luma": frames(4, change),
    }
    assert named(run(shot_list([4], (), tracks), Effect()), EFFECT) == found


class TestContinuity:
    def test_light_that_jumps_within_one_setup(self) -> None:
        luma = np.where(np.arange(100) < 50, 0.4, 0.55)
        assert named(run(lit(luma, (2, 2), ("jump_cut",)), Continuity()), BREAK) == [("exposure_jump", 2)]

    def test_another_setup_may_have_another_light(self) -> None:
        luma = np.where(np.arange(100) < 50, 0.4, 0.55)
        assert run(lit(luma, (2, 2)), Continuity()) == []

    def test_a_new_thing_in_the_picture_moves_the_mean_alone(self) -> None:
        luma = np.where(np.arange(100) < 50, 0.4, 0.55)
        known = shot_list((2, 2), ("jump_cut",), {"luma.mean": luma, "luma.p50": frames(4, 0.4)})
        assert run(known, Continuity()) == []

    def test_room_tone_that_jumps(self) -> None:
        known = lit(frames(4, 0.4), (2, 2), ("jump_cut",))
        cut = known.boundaries[0]
        jump = known.unit("edit.audio", label="room_tone_jump", span=cut.span, evidence=known.cite(cut))
        units = run(known.with_(units=(*known.units, jump)), Continuity())
        assert named(units, BREAK) == [("audio_jump", 2)]
