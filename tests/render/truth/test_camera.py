"""Gold of the camera: moves with exact windows, speeds and steadiness by hand, and what is too little to be called."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core import vocabulary
from sestina.core.storyboard import Storyboard, Unit
from sestina.render.camera import SHAKE_BAND_HZ
from sestina.render.parts.edit import Speed
from sestina.render.parts.stage import Camera, Leg, Look, Move, Source, Subject
from sestina.render.render import render
from sestina.render.script import Script, Shot
from sestina.render.timeline import Timeline
from sestina.render.truth.camera import tracks
from sestina.render.truth.paths import Path as CameraPath

WALKER = Subject(kind="walker", at=(-0.1, 0.0), velocity=(0.12, 0.0), size=0.5, depth=2.0)


def shot(camera: Camera, **changes: object) -> Shot:
    made = Shot(source=Source(kind="city", seed=3), duration_s=2.0, camera=camera, look=Look(noise=0.0))
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def gold(tmp_path: Path, *shots: Shot) -> Storyboard:
    return render(Script(shots=shots, width=128, height=72, rate=Fraction(25), sound=None), tmp_path / "clip.mp4")


def units(board: Storyboard, facet: str) -> list[Unit]:
    return [unit for unit in board.items if unit.facet == facet]


def said(board: Storyboard, facet: str) -> list[tuple[str | None, float, float]]:
    """Label, start and end of every unit of a facet; an open one has no label."""
    return [(unit.label, unit.span.start_s, unit.span.end_s) for unit in units(board, facet)]


EASY: dict[Move, float] = {
    "pan_left": 0.1, "tilt_up": 0.1, "truck_right": 0.1, "pedestal_down": 0.1, "zoom_in": 0.2, "dolly_out": 0.2,
    "roll_ccw": 10, "arc_cw": 10, "crane_up": 0.1, "dolly_zoom_in": 0.1,
}  # fmt: skip


def test_every_move_has_its_label(tmp_path: Path) -> None:
    shots = [shot(Camera(move=move, speed=speed)) for move, speed in EASY.items()]
    assert [label for label, _, _ in said(gold(tmp_path, *shots), "camera.movement")] == list(EASY)
    assert all(vocabulary.is_label("camera.movement", label) for label in EASY)


def test_windows_part_a_shot_into_moves_and_rests(tmp_path: Path) -> None:
    """At 25 frames a second 0.4 s is frame 10, 1.0 s frame 25, 1.4 s frame 35."""
    later = Leg(move="tilt_up", speed=0.2, window=(1.0, 1.4))
    camera = Camera(move="pan_right", speed=0.2, window=(0.4, 1.0), then=(later,))
    assert said(gold(tmp_path, shot(camera)), "camera.movement") == [
        ("locked", 0.0, 0.4), ("pan_right", 0.4, 1.0), ("tilt_up", 1.0, 1.4), ("locked", 1.4, 2.0),
    ]  # fmt: skip


def test_moves_at_once_are_compound(tmp_path: Path) -> None:
    later = Leg(move="zoom_in", speed=0.3, window=(1.0, 2.0))
    camera = Camera(move="pan_right", speed=0.2, window=(0.0, 1.6), then=(later,))
    found = said(gold(tmp_path, shot(camera)), "camera.movement")
    assert found == [("pan_right", 0.0, 1.0), ("compound", 1.0, 1.6), ("zoom_in", 1.6, 2.0)]


def test_time_that_runs_backwards_turns_moves_round(tmp_path: Path) -> None:
    back = shot(Camera(move="zoom_in", speed=0.3), speeds=(Speed(kind="reverse", start_s=1.0, end_s=2.0),))
    labels = [label for label, _, _ in said(gold(tmp_path, back), "camera.movement")]
    assert labels == ["zoom_in", "zoom_out"]


def test_held_time_holds_the_camera(tmp_path: Path) -> None:
    held = shot(Camera(move="zoom_in", speed=0.3), speeds=(Speed(kind="freeze_frame", start_s=1.0, end_s=2.0),))
    found = said(gold(tmp_path, held), "camera.movement")
    assert [label for label, _, _ in found] == ["zoom_in", "locked"]
    assert found[0][2] == pytest.approx(1.0, abs=0.05)


def test_what_cannot_be_seen_is_left_open(tmp_path: Path) -> None:
    """Ten thousandths of a width in two seconds, a whip of a second, a pan as fast as a whip, a slow roll."""
    board = gold(
        tmp_path,
        shot(Camera(move="pan_left", speed=0.005)),
        shot(Camera(move="whip_pan_left", speed=1.2, window=(0.2, 1.2))),
        shot(Camera(move="pan_left", speed=1.2, window=(0.2, 1.0))),
        shot(Camera(move="roll_cw", speed=1.0), duration_s=4.0),
        shot(Camera(move="whip_pan_left", speed=1.6, window=(0.4, 0.8))),
    )
    found = [unit for unit in units(board, "camera.movement") if unit.label != "locked"]
    assert [unit.label for unit in found] == [None, None, None, None, "whip_pan_left"]
    assert [unit.status for unit in found] == ["abstain"] * 4 + ["provided"]
    assert [bool(unit.reason) for unit in found] == [True] * 4 + [False]


def test_speed_is_frame_widths_a_second() -> None:
    """A pan's middle passes at its speed; towards the edges a turn is faster by 1 + (x / f)² across."""
    script = Script(shots=(shot(Camera(move="pan_right", speed=0.2, lens=20.0)),), sound=None)
    speeds = CameraPath(Timeline(script), 0).speeds(3.0)
    assert speeds == pytest.approx(np.full(60, 0.2), rel=0.01)
    truck = Script(shots=(shot(Camera(move="truck_right", speed=0.2)),), sound=None)
    path = CameraPath(Timeline(truck), 0)
    assert path.speeds(3.0) == pytest.approx(np.full(60, 0.2), rel=1e-3)
    assert path.speeds(1.5) == pytest.approx(np.full(60, 0.4), rel=1e-3), "twice as fast at half the distance"


def test_a_zooms_speed_is_that_of_the_mean_square_point() -> None:
    """Points pass at rate times distance from the middle: RMS over a grid that reaches to the edges."""
    script = Script(shots=(shot(Camera(move="zoom_in", speed=0.2)),), width=640, height=360, sound=None)
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, 8), np.linspace(-0.5, 0.5, 6) * 360 / 640)
    expected = 0.2 * math.sqrt(float((x**2 + y**2).mean()))
    assert CameraPath(Timeline(script), 0).speeds(3.0) == pytest.approx(np.full(60, expected), rel=0.01)


def test_speeds_have_their_bands(tmp_path: Path) -> None:
    speeds = (0.03, 0.12, 0.5)
    board = gold(tmp_path, shot(Camera()), *(shot(Camera(move="truck_left", speed=speed)) for speed in speeds))
    assert [label for label, _, _ in said(board, "camera.speed")] == ["slow", "slow", "regular", "fast"]


@pytest.mark.parametrize(
    ("shake", "label"), [(0.0, "locked"), (0.002, "smooth"), (0.0125, "handheld"), (0.035, "very_shaky")]
)
def test_steadiness_is_the_hands_fast_tremble(tmp_path: Path, shake: float, label: str) -> None:
    board = gold(tmp_path, shot(Camera(shake=shake)))
    assert [found for found, _, _ in said(board, "camera.steadiness")] == [label]


def test_only_the_part_above_2_hz_counts() -> None:
    """The tremble falls off as 1/f in power between 0.4 and 7 Hz; half of its octaves lie above 2 Hz, with less."""
    script = Script(shots=(shot(Camera(shake=0.01), duration_s=60.0),), sound=None)
    percent = CameraPath(Timeline(script), 0).jitter_pct
    whole = 100 * 0.01 * math.sqrt(2) / math.hypot(1, 9 / 16)
    assert 0.3 * whole < percent < 0.8 * whole
    assert SHAKE_BAND_HZ[0] < 2 < SHAKE_BAND_HZ[1]


def test_level_and_tilted(tmp_path: Path) -> None:
    board = gold(
        tmp_path, shot(Camera()), shot(Camera(roll_deg=10)), shot(Camera(roll_deg=-10)), shot(Camera(roll_deg=4)),
        shot(Camera(roll_deg=10), source=Source(kind="noise")),
    )  # fmt: skip
    labels = [label for label, _, _ in said(board, "camera.roll")]
    assert labels == ["level", "dutch_right", "dutch_left", None, None]


def test_tripod_and_hand(tmp_path: Path) -> None:
    cameras = (Camera(), Camera(shake=0.008), Camera(move="pan_left", speed=0.1))
    board = gold(tmp_path, *(shot(camera) for camera in cameras))
    assert [label for label, _, _ in said(board, "camera.support")] == ["tripod", "handheld", None]


def test_followed_figures_and_stills(tmp_path: Path) -> None:
    board = gold(
        tmp_path,
        shot(Camera(move="side_tracking"), subjects=(WALKER,)),
        shot(Camera(move="pan_tracking"), subjects=(WALKER,)),
        shot(Camera(move="ken_burns_left", speed=0.05)),
        shot(Camera(move="ken_burns_out", speed=0.1)),
    )
    labels = [label for label, _, _ in said(board, "camera.movement")]
    assert labels == ["side_tracking", "pan_tracking", "ken_burns_pan", "ken_burns_zoom"]


def test_the_poses_lie_beside_the_gold(tmp_path: Path) -> None:
    """A pan from 0.1 frame widths left of the middle to 0.1 right of it at focal length 1.5."""
    script = Script(shots=(shot(Camera(move="pan_right", speed=0.1)),), width=128, height=72, sound=None)
    board = render(script, tmp_path / "clip.mp4", tmp_path / "clip.gold.json")
    with np.load(tmp_path / "clip.gold.npz") as side:
        yaw, times = side["camera.pose.yaw.values"], side["camera.pose.yaw.times_s"]
    assert len(yaw) == 60
    assert times[1] == pytest.approx(1 / 30, abs=1e-6)
    assert yaw[[0, 30]] == pytest.approx(np.degrees([-0.1 / 1.5, 0.0]))
    assert board.signals.file == "clip.gold.npz"
    assert {track.name for track in board.signals.tracks} == set(tracks(Timeline(script)))
    assert Storyboard.from_json(tmp_path / "clip.gold.json") == board
