"""Gold of the scene: how much moves, how many people are seen, how near they are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from sestina.core.storyboard import Storyboard
from sestina.render.parts.edit import Speed
from sestina.render.parts.stage import Camera, Look, Source, Subject
from sestina.render.portraits import framed
from sestina.render.render import render
from sestina.render.script import Script, Shot
from sestina.render.timeline import Timeline
from sestina.render.truth.paths import Path as CameraPath

BASE = Shot(source=Source(kind="city", seed=3), duration_s=1.0, look=Look(noise=4.0))


def gold(tmp_path: Path, *shots: Shot, size: tuple[int, int] = (128, 72)) -> Storyboard:
    made = Script(shots=shots, width=size[0], height=size[1], rate=Fraction(25), sound=None)
    return render(made, tmp_path / "clip.mp4")


def labels(board: Storyboard, facet: str) -> list[str | None]:
    return [unit.label for unit in board.items if unit.facet == facet]


def test_scenes_move_rest_or_freeze(tmp_path: Path) -> None:
    runner = Subject(kind="car", at=(-0.3, 0.1), velocity=(0.6, 0.0), size=0.8)
    board = gold(
        tmp_path,
        BASE,
        replace(BASE, subjects=(runner,)),
        replace(BASE, subjects=(runner,), speeds=(Speed(kind="freeze_frame", start_s=0.0, end_s=1.0),)),
        replace(BASE, look=Look(noise=0.5)),
    )
    assert labels(board, "camera.scene_dynamics") == ["static_scene", "dynamic_scene", "frame_freeze", None]
    assert labels(board, "subject.motion_energy")[0] == "still"


def test_the_cameras_own_motion_is_no_motion_of_the_scene(tmp_path: Path) -> None:
    board = gold(tmp_path, replace(BASE, camera=Camera(move="pan_left", speed=0.4)))
    assert labels(board, "camera.scene_dynamics") == ["static_scene"]


def test_a_figures_speed_is_its_own() -> None:
    """Seen from a camera that pans, a figure that goes 0.2 frame widths a second still does."""
    walker = Subject(kind="car", velocity=(0.2, 0.0), at=(-0.1, 0.0), size=0.5)
    camera = Camera(move="pan_right", speed=0.1, lens=15.0)
    path = CameraPath(Timeline(Script(shots=(replace(BASE, subjects=(walker,), camera=camera),), sound=None)), 0)
    x, y, half, speed = path.figure(walker, 15)
    assert speed == pytest.approx(0.2, rel=1e-2)
    assert (x, y) == pytest.approx((0.0, 0.0), abs=2e-3), "half a second on both stand in the middle"
    assert half == pytest.approx(0.25 * 360 / 640)


def test_people_are_counted_while_they_are_in_view(tmp_path: Path) -> None:
    one = Subject(kind="standing", at=(-0.2, 0.0), depth=2.0)
    board = gold(
        tmp_path,
        BASE,
        replace(BASE, subjects=(one,)),
        replace(BASE, subjects=(one, replace(one, at=(0.2, 0.0), seed=2), Subject(kind="bottle", size=0.3))),
        replace(BASE, subjects=(replace(one, velocity=(2.0, 0.0)),)),
    )
    assert labels(board, "subject.count") == ["0", "1", "2", None]


@pytest.mark.parametrize("size", [(128, 72), (72, 128)])
def test_scales_are_what_they_were_framed_as(tmp_path: Path, size: tuple[int, int]) -> None:
    scales = ["LS", "MLS", "MS", "MCU", "CU"]
    shots = []
    for number, scale in enumerate(scales):
        kind, height, at = framed(scale, size[0] / size[1])
        shots.append(replace(BASE, subjects=(Subject(kind=kind, size=height, at=at, seed=number, depth=2.0),)))
    assert labels(gold(tmp_path, *shots, size=size), "camera.scale") == scales


def test_far_people_and_faces_beyond_the_frame(tmp_path: Path) -> None:
    board = gold(
        tmp_path,
        replace(BASE, subjects=(Subject(kind="standing", size=0.15, at=(0.0, 0.1)),)),
        replace(BASE, subjects=(Subject(kind="bust", size=3.2, at=(0.0, 0.1)),)),
        replace(BASE, subjects=(Subject(kind="bust", size=0.8), Subject(kind="bust", size=0.8, at=(0.3, 0.0)))),
    )
    assert labels(board, "camera.scale") == ["ELS", "ECU", None]


def test_no_framing_for_what_is_no_scale() -> None:
    with pytest.raises(ValueError, match="MCU"):
        framed("insert", 1.0)
