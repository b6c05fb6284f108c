"""Transitions: exact first and last mixed frame, seen in the pictures themselves and in the decoded file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.time import Span
from sestina.render.breaks import flashed
from sestina.render.parts.edit import CUTS, Transition
from sestina.render.parts.stage import Camera, Look, Source, Subject
from sestina.render.render import Film, render
from sestina.render.script import Script, Shot, jumped, punched
from sestina.render.timeline import Timeline
from sestina.render.transitions import MIXERS, first_frame, mixed, progress

U8 = npt.NDArray[np.uint8]

GRADUAL = sorted(set(MIXERS) - {"fade_in", "fade_out"})
STILL = Look(noise=0.0)
RED, BLUE = np.full((48, 64, 3), (200, 40, 30), np.uint8), np.full((48, 64, 3), (20, 60, 210), np.uint8)


def pair(how: Transition, rate: Fraction = Fraction(30)) -> Script:
    """Two quiet shots of one second with a transition between."""
    old = Shot(source=Source(kind="shapes", seed=1), duration_s=1.0, look=STILL)
    new = Shot(source=Source(kind="city", seed=2), duration_s=1.0, look=STILL, begin=how)
    return Script(shots=(old, new), width=160, height=90, rate=rate, sound=None, crf=8)


def difference(a: U8, b: U8) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def decoded(path: Path) -> list[U8]:
    with av.open(str(path)) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]


@pytest.mark.parametrize("kind", GRADUAL)
@pytest.mark.parametrize("frames", [5, 12])
def test_mixed_frames_are_exactly_the_span(kind: str, frames: int) -> None:
    """Still shots without noise: every frame outside the span equals a clean one, every frame inside differs."""
    film = Film(pair(Transition(kind=kind, frames=frames)))  # type: ignore[arg-type]  # names of MIXERS are kinds
    old, new = film.picture(0), film.picture(59)
    (mix,) = film.timeline.mixes
    assert mix.after - mix.first == frames
    for frame in range(60):
        picture = film.picture(frame)
        clean = min(difference(picture, old), difference(picture, new))
        assert (clean > 0) == (mix.first <= frame < mix.after), f"frame {frame} of {kind}"


def test_the_join_is_the_middle_mixed_frame() -> None:
    board_span = Timeline(pair(Transition(kind="cross_dissolve", frames=10)))
    (mix,) = board_span.mixes
    assert (mix.first, mix.after) == (25, 35)
    assert board_span.joins == (0, 30, 60)


def test_one_sided_fades_touch_the_join() -> None:
    out, into = Transition(kind="fade_out", frames=8), Transition(kind="fade_in", frames=8)
    assert first_frame(30, out) == 22
    assert first_frame(30, into) == 30
    assert mixed(RED, BLUE, 7, out).max() == 0, "a fade-out ends in black"
    assert mixed(RED, BLUE, 0, into).max() == 0, "a fade-in begins in black"
    assert mixed(RED, BLUE, 0, out).mean() > 0.8 * RED.mean()


def test_dissolve_mixes_linearly() -> None:
    how = Transition(kind="cross_dissolve", frames=3)
    quarters = [mixed(RED, BLUE, k, how)[0, 0, 0] for k in range(3)]
    assert quarters == pytest.approx([155, 110, 65], abs=1)


@pytest.mark.parametrize(("kind", "plain"), [("dip_to_black", 0), ("dip_to_white", 255), ("dip_to_colour", (0, 90, 9))])
def test_dips_hold_their_colour(kind: str, plain: object) -> None:
    how = Transition(kind=kind, frames=12, hold=4, colour=(0, 90, 9))  # type: ignore[arg-type]  # a kind by its name
    held = [k for k in range(12) if (mixed(RED, BLUE, k, how) == plain).all()]
    assert held == [4, 5, 6, 7]


@pytest.mark.parametrize("direction", ["left", "right", "up", "down"])
def test_wipe_edge_travels_its_way(direction: str) -> None:
    how = Transition(kind="linear_wipe", frames=9, direction=direction)  # type: ignore[arg-type]  # a direction by its name
    half = mixed(RED, BLUE, 4, how)
    new_side = {"left": half[:, 40:], "right": half[:, :24], "up": half[28:], "down": half[:20]}[direction]
    old_side = {"left": half[:, :24], "right": half[:, 40:], "up": half[:20], "down": half[28:]}[direction]
    assert (new_side == BLUE[0, 0]).all()
    assert (old_side == RED[0, 0]).all()


def test_push_moves_both_and_slide_and_cover_one() -> None:
    ramp = np.broadcast_to(np.arange(64, dtype=np.uint8)[None, :, None], (48, 64, 3)).copy()
    other = ramp + 100
    push, slide, cover = (
        mixed(ramp, other, 4, Transition(kind=kind, frames=9, direction="left"))
        for kind in ("push", "slide", "cover")
    )  # fmt: skip
    assert push[0, 0, 0] == 32
    assert push[0, 32, 0] == 100
    assert slide[0, 0, 0] == 32
    assert slide[0, 40, 0] == 140
    assert cover[0, 0, 0] == 0
    assert cover[0, 32, 0] == 100


def test_every_transition_of_the_vocabulary_that_signals_know_is_drawn() -> None:
    facet = vocabulary.facet("edit.transition")
    drawn = {*CUTS, *MIXERS, "start", "end"}
    missing = {label for label in facet.labels if label not in drawn}
    assert missing == {"cut", "dissolve", "fade", "wipe", "motion", "effect", "none", "morph"}, "parents, and morph"


def test_a_page_uncovers_the_new_picture_from_where_it_is_lifted() -> None:
    half = mixed(RED, BLUE, 2, Transition(kind="page_turn", frames=9, direction="left"))
    assert (half[:, :30] == RED[0, 0]).all(), "lifted at the right, the left still lies"
    assert half[:, -1].max(axis=0)[2] > 2 * half[:, -1].max(axis=0)[0], "the right shows the new one"


def test_a_dip_to_another_colour_is_not_black_or_white() -> None:
    with pytest.raises(ValueError, match="dip to black or to white"):
        Transition(kind="dip_to_colour", frames=5, colour=(240, 250, 230))


@given(st.sampled_from(GRADUAL), st.integers(1, 40))
def test_progress_rises_and_never_reaches_its_ends(kind: str, frames: int) -> None:
    how = Transition(kind=kind, frames=frames)  # type: ignore[arg-type]  # names of MIXERS are kinds
    shares = [progress(k, how) for k in range(frames)]
    assert all(0 < share < 1 for share in shares)
    assert shares == sorted(shares)


def test_a_flash_is_brightest_in_its_middle() -> None:
    levels = [flashed(RED, k, 5).mean() for k in range(5)]
    assert int(np.argmax(levels)) == 2
    assert min(levels) > RED.mean() + 20


@pytest.mark.parametrize(("frames", "kind"), [(0, "push"), (3, "hard_cut")])
def test_contradictions_are_refused(frames: int, kind: str) -> None:
    with pytest.raises(ValueError, match="mixed frames"):
        Transition(kind=kind, frames=frames)  # type: ignore[arg-type]  # a kind by its name


def test_overlapping_transitions_are_refused() -> None:
    script = pair(Transition(kind="push", frames=20))
    third = replace(script.shots[1], duration_s=0.3)
    with pytest.raises(ValueError, match="overlap"):
        Timeline(replace(script, shots=(script.shots[0], third, script.shots[1])))


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)])
def test_gold_spans_match_the_decoded_file(tmp_path: Path, rate: Fraction) -> None:
    """The file's own frames, by their own PTS: still before the span, changing in it, still after it."""
    how = Transition(kind="cross_dissolve", frames=10)
    board = render(pair(how, rate), tmp_path / "pair.mp4")
    (unit,) = board.boundaries[1:-1]
    table = board.media.frame_table()
    assert table is not None
    frames = decoded(tmp_path / "pair.mp4")
    assert len(frames) == len(table)
    old, new = frames[2], frames[-2]
    changed = [k for k, f in enumerate(frames) if min(difference(f, old), difference(f, new)) > 2.5]
    assert table.time_s(changed[0]) == unit.span.start_s
    assert table.time_s(changed[-1] + 1) == unit.span.end_s


def test_cuts_sit_on_the_new_shots_first_frame(tmp_path: Path) -> None:
    first = Shot(source=Source(kind="shapes", seed=4), duration_s=0.7, look=STILL, subjects=(Subject(size=0.6),))
    shots = (first, punched(first, 1.4, 0.6), jumped(first, 0.6, (0.3, 0.0)),
             Shot(source=Source(kind="bars", seed=5), duration_s=0.5, begin=Transition(kind="hard_cut")))  # fmt: skip
    board = render(Script(shots=shots, width=160, height=90, sound=None), tmp_path / "cuts.mp4")
    frames = decoded(tmp_path / "cuts.mp4")
    jumps = [k for k in range(1, len(frames)) if difference(frames[k], frames[k - 1]) > 6]
    joins = board.boundaries[1:-1]
    spans = [unit.span for unit in joins]
    assert [unit.label for unit in joins] == ["punch_in", "jump_cut", "hard_cut"]
    assert spans == [Span.at(round(k / 30, 6)) for k in jumps]
    assert {unit.label for unit in joins} <= set(CUTS)


def test_a_flash_inside_a_shot_is_no_boundary(tmp_path: Path) -> None:
    from sestina.render.parts.edit import Flash

    shot = Shot(source=Source(seed=3), duration_s=1.0, camera=Camera(shake=0.01), flashes=(Flash(at_s=0.4, frames=3),))
    script = Script(shots=(shot,), width=160, height=90, sound=None)
    bright = [k for k, picture in enumerate(Film(script).picture(k) for k in range(30)) if picture.mean() > 190]
    assert bright == [12, 13, 14]
    assert [unit.label for unit in render(script, tmp_path / "flash.mp4").boundaries] == ["start", "end"]
