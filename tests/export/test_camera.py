"""Camera paths: directions by label, amounts by measurement, and the exact poses of a rendered clip."""

from __future__ import annotations

import io
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sestina.core import vocabulary
from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export.camera import FACET, MEANS, WAYS, camera_path
from sestina.render.parts.stage import Camera, Source
from sestina.render.render import render
from sestina.render.script import Script, Shot
from tests.export.boards import CUTS, RATES, board, media, unit


def path(storyboard: Storyboard, **options: Any) -> dict[str, Any]:
    stream = io.BytesIO()
    camera_path(storyboard, stream, **options)
    found: dict[str, Any] = json.loads(stream.getvalue())
    return found


def moved(label: str, **more: Any) -> dict[str, Any]:
    """Return how one movement over a shot of two seconds is told."""
    shot = unit("s", "edit.shot", Span.of(0, 2), label="shot", level="shot")
    move = unit("m", FACET, Span.of(0, 2), label=label, **more)
    found = path(Storyboard(media=media(Fraction(30), 60), items=(shot, move)).canonical())
    (told,) = found["shots"][0]["moves"]
    return dict(told)


@pytest.mark.parametrize(
    ("label", "direction", "means"),
    [
        ("pan_left", {"right": -1}, "turn"), ("truck_right", {"right": 1}, "travel"),
        ("tilt_up", {"up": 1}, "turn"), ("crane_down", {"up": -1}, "travel"),
        ("dolly_in", {"forward": 1}, "travel"), ("zoom_out", {"forward": -1}, "zoom"),
        ("roll_cw", {"clockwise": 1}, "turn"), ("roll_ccw", {"clockwise": -1}, "turn"),
        ("arc_cw", {"right": -1}, "travel"), ("whip_pan_up", {"up": 1}, "turn"),
        ("dolly_zoom_in", {"forward": 1}, "travel"), ("side_tracking", {}, None), ("static", {}, None),
        ("lateral_left", {"right": -1}, None), ("inward", {"forward": 1}, None),
    ],
)  # fmt: skip
def test_directions_and_means(label: str, direction: dict[str, int], means: str | None) -> None:
    """A family leaves open by what means the camera moves: the picture goes left by a pan and by a truck."""
    found = moved(label)
    assert (found["direction"], found["means"]) == (direction, means)


def test_tables_speak_the_vocabulary() -> None:
    labels = vocabulary.facet(FACET).labels
    assert set(WAYS) <= set(labels)
    assert all(any(label.startswith(word) for label in labels) for word in MEANS)


def test_amounts_are_measured_rates_over_time() -> None:
    """A quarter frame width and ln 2 / 2 a second for two seconds: half a frame width, and twice as large."""
    rates = {"right_fw_s": 0.25, "up_fw_s": 0.0, "log_scale_rate": math.log(2) / 2, "clockwise_deg_s": -3.0}
    assert moved("compound", attributes=rates)["amount"] == {
        "right_frame_widths": 0.5, "up_frame_widths": 0.0, "scale": 2.0, "clockwise_deg": -6.0,
    }  # fmt: skip
    assert moved("pan_left", attributes={"speed": 0.12, "unit": "frame_widths/s"})["amount"] == {"frame_widths/s": 0.12}
    assert moved("pan_left")["amount"] == {}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("vfr", [False, True])
def test_moves_lie_on_the_shots_frames(rate: Fraction, vfr: bool) -> None:
    shots = path(board(rate, vfr=vfr))["shots"]
    assert [(m["frame"], m["frame"] + m["frames"]) for s in shots for m in s["moves"]] == [(0, CUTS[1]), CUTS[1:3]]
    assert [m["unit"] for s in shots for m in s["moves"]] == ["m0", "m1"]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storyboard, Path]:
    """Return the gold of a pan and a still shot, 96x64, half a second each, and its side file."""
    folder = tmp_path_factory.mktemp("gold")
    shots = (
        Shot(duration_s=0.5, source=Source(kind="room", extent=(2.4, 1.6)), camera=Camera(move="pan_right", speed=0.3)),
        Shot(duration_s=0.5, source=Source(kind="hills", seed=2)),
    )
    script = Script(width=96, height=64, shots=shots, sound=None)
    return render(script, folder / "c.mp4", folder / "c.gold.json"), folder / "c.gold.npz"


def test_poses_are_the_renderers_own(rendered: tuple[Storyboard, Path]) -> None:
    gold, side = rendered
    first, second = path(gold, poses=side)["shots"]
    with np.load(side) as arrays:
        yaw = arrays["camera.pose.yaw.values"]
    assert [len(shot["poses"]["time_s"]) for shot in (first, second)] == [first["frames"], second["frames"]] == [15, 15]
    assert first["poses"]["yaw"] + second["poses"]["yaw"] == pytest.approx(yaw.tolist(), abs=1e-6)
    assert first["poses"]["yaw"][-1] > first["poses"]["yaw"][0]
    assert len(set(second["poses"]["yaw"])) == 1
    assert second["poses"]["time_s"][0] == second["start_s"]


def test_without_a_side_file_nothing_is_claimed_of_poses(rendered: tuple[Storyboard, Path]) -> None:
    found = path(rendered[0])
    assert "axes" not in found
    assert all("poses" not in shot for shot in found["shots"])


def test_another_clips_poses_are_refused(rendered: tuple[Storyboard, Path], tmp_path: Path) -> None:
    gold, side = rendered
    with np.load(side) as arrays:
        changed = {name: arrays[name] + (1 if name.endswith("yaw.values") else 0) for name in arrays.files}
    np.savez(tmp_path / side.name, **changed)
    with pytest.raises(SestinaError, match="not the file"):
        path(gold, poses=tmp_path / side.name)


@pytest.mark.parametrize("data", [None, b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_bad_side_file_is_named(data: bytes | None, tmp_path: Path) -> None:
    side = tmp_path / "bad.npz"
    if data is not None:
        side.write_bytes(data)
    with pytest.raises(SestinaError, match=r"bad\.npz") as stopped:
        path(board(), poses=side)
    assert stopped.value.hint


def test_a_side_file_of_other_tracks_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", luma=np.zeros(3))
    with pytest.raises(SestinaError, match="no camera poses"):
        path(board(), poses=tmp_path / "x.npz")
