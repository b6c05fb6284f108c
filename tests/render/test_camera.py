"""Camera paths: what the pictures do is what the label and the speed say."""

from __future__ import annotations

import math
from fractions import Fraction

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.render.camera import Pose, frame_box, inverse_affine, pose, projected, truth
from sestina.render.parts.stage import Camera, Look, Move, Source
from sestina.render.render import Film
from sestina.render.script import Script, Shot

U8 = npt.NDArray[np.uint8]

WIDTH, HEIGHT, RATE = 200, 120, 20
STILL = Look(noise=0.0)


def shown(camera: Camera, second_s: float, *, near: str = "") -> tuple[U8, U8]:
    """The first picture of a two-second shot, and the one `second_s` later."""
    shot = Shot(source=Source(kind="hills", seed=3, near=near), duration_s=2.0, camera=camera, look=STILL)
    film = Film(Script(shots=(shot,), width=WIDTH, height=HEIGHT, rate=Fraction(RATE), sound=None))
    return film.picture(0), film.picture(round(second_s * RATE))


def resampled(picture: U8, linear: npt.NDArray[np.float64], shift: tuple[float, float]) -> U8:
    """The picture whose point p (from the middle) shows what `picture` shows at `linear` p + `shift`."""
    middle = np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2])
    offset = middle + np.array(shift) - linear @ middle
    matrix = np.hstack([linear, offset[:, None]])
    return np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP))


def agreement(a: U8, b: U8) -> float:
    """Correlation of the inner parts of two pictures."""
    inner = np.s_[30:-30, 50:-50]
    return float(np.corrcoef(a[inner].ravel(), b[inner].ravel())[0, 1])


SIDES: tuple[tuple[Move, float, float], ...] = (
    ("pan_right", 1, 0), ("pan_left", -1, 0), ("tilt_up", 0, -1), ("tilt_down", 0, 1),
    ("truck_right", 1, 0), ("truck_left", -1, 0), ("pedestal_up", 0, -1), ("pedestal_down", 0, 1),
)  # fmt: skip


@pytest.mark.parametrize(("move", "right", "down"), SIDES)
def test_shifts_move_the_content_the_other_way(move: Move, right: float, down: float) -> None:
    """0.1 frame widths a second for half a second: the new picture shows what was 10 pixels further on."""
    first, later = shown(Camera(move=move, speed=0.1), 0.5)
    expected = resampled(first, np.eye(2), (10 * right, 10 * down))
    wrong = resampled(first, np.eye(2), (-10 * right, -10 * down))
    assert agreement(later, expected) > 0.995
    assert agreement(later, wrong) < 0.98


@pytest.mark.parametrize(
    ("move", "scale"),
    [
        ("zoom_in", math.exp(0.1)),
        ("dolly_in", math.exp(0.1)),
        ("zoom_out", math.exp(-0.1)),
        ("dolly_out", math.exp(-0.1)),
    ],
)
def test_scales_grow_by_the_log_rate(move: Move, scale: float) -> None:
    first, later = shown(Camera(move=move, speed=0.2), 0.5)
    assert agreement(later, resampled(first, np.eye(2) / scale, (0, 0))) > 0.99
    assert agreement(later, resampled(first, np.eye(2) * scale, (0, 0))) < 0.99


@pytest.mark.parametrize(("move", "sign"), [("roll_cw", 1), ("roll_ccw", -1)])
def test_rolls_turn_the_content_against_the_camera(move: Move, sign: int) -> None:
    """The camera turns clockwise, so what it sees turns anticlockwise: 10 degrees in half a second."""
    first, later = shown(Camera(move=move, speed=20), 0.5)
    turn = math.radians(10) * sign
    clockwise = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    assert agreement(later, resampled(first, clockwise, (0, 0))) > 0.99


def test_static_is_still() -> None:
    first, later = shown(Camera(), 1.5)
    assert (first == later).all()


def test_parallax_follows_depth() -> None:
    """A truck shifts a layer half as far away twice as much; a pan shifts all alike."""
    truck, pan = Pose(x=0.3), Pose(pan_x=0.3)
    assert projected(truck, 3.0, (0, 0))[0] == pytest.approx(-0.1)
    assert projected(truck, 1.5, (0, 0))[0] == pytest.approx(-0.2)
    assert projected(pan, 3.0, (0, 0)) == projected(pan, 1.5, (0, 0)) == (-0.3, 0.0)


def test_dolly_scales_near_things_more() -> None:
    at = Pose(z=1.0)
    far, near = projected(at, 3.0, (0.1, 0))[0], projected(at, 1.6, (0.1, 0))[0]
    assert far == pytest.approx(0.15)
    assert near == pytest.approx(0.1 * 1.6 / 0.6)


def test_a_dolly_stops_before_it_hits_something() -> None:
    shot = Shot(source=Source(near="posts"), duration_s=9.0, camera=Camera(move="dolly_in", speed=0.3))
    with pytest.raises(ValueError, match="near layer"):
        pose(shot, 9.0)


small = st.floats(-0.4, 0.4)


@given(small, small, small, small, st.floats(1, 2), st.floats(-1, 1), small, small)
def test_projection_inverts_the_warp(
    x: float, y: float, pan_x: float, pan_y: float, zoom: float, roll: float, u: float, v: float
) -> None:
    """A layer's point lands where the inverse matrix looks it up."""
    at = Pose(x=x, y=y, z=0.3, pan_x=pan_x, pan_y=pan_y, zoom=zoom, roll=roll)
    px, py = projected(at, 2.0, (u, v))
    pixel = np.array([px * WIDTH + (WIDTH - 1) / 2, py * WIDTH + (HEIGHT - 1) / 2, 1])
    back = inverse_affine(at, 2.0, (WIDTH, HEIGHT), (WIDTH * 2, HEIGHT * 2)) @ pixel
    assert back == pytest.approx([u * WIDTH + WIDTH - 0.5, v * WIDTH + HEIGHT - 0.5], abs=1e-6)


def test_windows_hold_still_outside() -> None:
    camera = Camera(move="pan_right", speed=0.3, window=(0.5, 1.5), ease="smooth")
    shot = Shot(duration_s=2.0, camera=camera)
    pans = [pose(shot, t).pan_x for t in (0.0, 0.5, 1.0, 1.5, 2.0)]
    assert pans == pytest.approx([-0.15, -0.15, 0.0, 0.15, 0.15])


def test_smooth_moves_start_and_stop_softly() -> None:
    camera = Camera(move="pan_right", speed=1.0, window=(0.0, 1.0), ease="smooth")
    path = [pose(Shot(camera=camera), t / 100).pan_x for t in range(101)]
    speeds = np.diff(path)
    assert speeds[0] < 0.1 * speeds[50]
    assert speeds[-1] < 0.1 * speeds[50]
    assert (speeds > 0).all()


@pytest.mark.parametrize("shake", [0.002, 0.01])
def test_shake_has_the_rms_it_says(shake: float) -> None:
    shot = Shot(camera=Camera(shake=shake))
    path = np.array([(p := pose(shot, t / 30)).pan_x + 1j * p.pan_y for t in range(3000)])
    rms = math.sqrt((abs(path - path.mean()) ** 2).mean() / 2)
    assert rms == pytest.approx(shake, rel=0.2)


def test_shake_stays_in_its_band() -> None:
    shot = Shot(camera=Camera(shake=0.01))
    path = np.array([pose(shot, t / 60).pan_x for t in range(3600)])
    power = np.abs(np.fft.rfft(path * np.hanning(len(path)))) ** 2
    hz = np.fft.rfftfreq(len(path), 1 / 60)
    assert power[(hz > 0.3) & (hz < 7.5)].sum() > 0.99 * power.sum()


def test_labels_are_in_the_vocabulary() -> None:
    moves: list[Move] = [move for move, _, _ in SIDES]
    moves += ["zoom_in", "zoom_out", "dolly_in", "dolly_out", "roll_cw", "roll_ccw", "whip_pan_left", "whip_pan_up"]
    labels = {truth(Camera(move=move, speed=0.1)) for move in moves} | {truth(Camera()), truth(Camera(shake=0.01))}
    assert all(vocabulary.is_label("camera.movement", label) for label in labels)
    assert {"locked", "static_shaky"} <= labels


@pytest.mark.parametrize(("values", "says"), [({"move": "pan_left"}, "speed"), ({"zoom": 0.5}, "at least 1")])
def test_contradictions_are_refused(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Camera(**values)  # type: ignore[arg-type]  # wrong on purpose


def test_boxes_are_fractions_of_the_frame() -> None:
    box = frame_box((0.0, 0.0), (0.5, 0.25), 2.0)
    assert (box.x, box.y, box.w, box.h) == (0.25, 0.25, 0.5, 0.5)
