"""Camera paths: what the pictures do is what the label and the speed say."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sestina.render.camera import Pose, frame_box, pose, projected, subject_place
from sestina.render.parts.stage import TRACKING, Camera, Leg, Look, Move, Source, Subject
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
    assert agreement(later, expected) > 0.99
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


def seen(shot: Shot, time_s: float, x: float, y: float, depth: float) -> tuple[float, float]:
    """Where a thing that the resting camera sees at (x, y) shows at a time, frame widths."""
    lens = shot.camera.lens
    u, v = projected(pose(shot, time_s), np.array([[depth * x / lens, depth * y / lens, depth]]))[0]
    return float(u), float(v)


def test_a_resting_camera_sees_things_where_they_are_put() -> None:
    assert seen(Shot(), 0.7, 0.2, -0.1, 1.3) == pytest.approx((0.2, -0.1))


def test_projection_by_hand() -> None:
    """Two to the right, one down and four ahead, seen with focal length 1.5: 1.5 * 2 / 4 and 1.5 * 1 / 4."""
    point = np.array([[2.0, 1.0, 4.0]])
    assert projected(Pose(), point)[0] == pytest.approx((0.75, 0.375))
    assert projected(Pose(x=1, z=2), point)[0] == pytest.approx((0.75, 0.75)), "one right, one down, two ahead"
    quarter = Pose(yaw=math.pi / 2, focal=1.0)
    assert projected(quarter, np.array([[4.0, 1.0, -2.0]]))[0] == pytest.approx((0.5, 0.25)), "looking along x"
    up = Pose(pitch=math.pi / 2, focal=1.0)
    assert projected(up, np.array([[1.0, -4.0, 2.0]]))[0] == pytest.approx((0.25, 0.5)), "ahead is now below"
    assert projected(Pose(roll=math.pi / 2), point)[0] == pytest.approx((0.375, -0.75)), "the right is now above"
    assert projected(Pose(shift_x=0.2), point)[0] == pytest.approx((0.55, 0.375))
    assert np.isnan(projected(Pose(z=5), point)).all(), "behind the camera"


def test_pans_have_no_parallax_and_trucks_have() -> None:
    pan = Shot(camera=Camera(move="pan_right", speed=0.2), duration_s=2.0)
    assert seen(pan, 1.8, 0.1, 0.05, 3.0) == pytest.approx(seen(pan, 1.8, 0.1, 0.05, 1.0))
    truck = replace(pan, camera=Camera(move="truck_right", speed=0.2))
    far, near = ((seen(truck, 1.5, 0, 0, z)[0], seen(truck, 1.5, 0.3, 0, z)[0]) for z in (3.0, 1.5))
    assert far == pytest.approx((-0.1, 0.2)), "the far layer's frame widths"
    assert near == pytest.approx((-0.2, 0.1)), "half as far away, twice as fast"


def test_dollies_scale_near_things_more_and_zooms_all_alike() -> None:
    shot = Shot(camera=Camera(move="dolly_in", speed=0.2), duration_s=2.0)
    z = 3.0 * (1 - math.exp(-0.2))
    assert seen(shot, 1.0, 0.1, 0, 3.0)[0] == pytest.approx(0.1 * math.exp(0.2))
    assert seen(shot, 1.0, 0.1, 0, 1.6)[0] == pytest.approx(0.1 * 1.6 / (1.6 - z))
    zoom = replace(shot, camera=Camera(move="zoom_in", speed=0.2))
    assert seen(zoom, 1.0, 0.1, 0, 3.0)[0] == seen(zoom, 1.0, 0.1, 0, 1.6)[0] == pytest.approx(0.1 * math.exp(0.2))


def test_pans_bend_the_picture_and_trucks_do_not() -> None:
    """Turned right, the camera sees the right side from nearer to straight ahead: level lines there converge."""
    pan = Shot(camera=Camera(move="pan_right", speed=0.2), duration_s=2.0)
    edge = [seen(pan, 2.0, 0.4, y, 3.0)[1] for y in (-0.2, 0.2)]
    middle = [seen(pan, 2.0, 0.0, y, 3.0)[1] for y in (-0.2, 0.2)]
    assert edge[1] - edge[0] < middle[1] - middle[0]
    truck = replace(pan, camera=Camera(move="truck_right", speed=0.2))
    assert [seen(truck, 2.0, 0.4, y, 3.0)[1] for y in (-0.2, 0.2)] == pytest.approx([-0.2, 0.2])


DOLLY_ZOOMS: tuple[tuple[Move, float], ...] = (("dolly_zoom_in", -1), ("dolly_zoom_out", 1))


@pytest.mark.parametrize(("move", "sign"), DOLLY_ZOOMS)
def test_dolly_zooms_keep_the_subject_and_scale_the_background(move: Move, sign: float) -> None:
    shot = Shot(camera=Camera(move=move, speed=0.15, pivot=1.6), duration_s=2.0)
    subject = [seen(shot, t, 0.2, 0, 1.6)[0] for t in (0.0, 1.0, 2.0)]
    assert subject == pytest.approx([subject[0]] * 3)
    background = np.diff([seen(shot, t, 0.2, 0, 3.0)[0] for t in (0.0, 1.0, 2.0)])
    assert (sign * background > 0.005).all(), "coming nearer makes the background smaller"
    place = np.diff([pose(shot, t).z for t in (0.0, 1.0, 2.0)])
    assert (sign * place < 0).all()


ARCS: tuple[tuple[Move, float], ...] = (("arc_cw", 1), ("arc_ccw", -1))


@pytest.mark.parametrize(("move", "sign"), ARCS)
def test_arcs_go_round_what_stays_in_the_middle(move: Move, sign: float) -> None:
    """Clockwise seen from above: the camera travels to its left, and the background sweeps by to the left."""
    shot = Shot(camera=Camera(move=move, speed=10, pivot=1.6), duration_s=2.0)
    for t in (0.0, 0.6, 2.0):
        at = pose(shot, t)
        assert seen(shot, t, 0, 0, 1.6) == pytest.approx((0, 0), abs=1e-9)
        assert math.hypot(at.x, 1.6 - at.z) == pytest.approx(1.6), "a circle"
    assert sign * (pose(shot, 2.0).x - pose(shot, 0.0).x) < 0
    assert sign * (seen(shot, 2.0, 0, 0, 3.0)[0] - seen(shot, 0.0, 0, 0, 3.0)[0]) < 0


def test_cranes_rise_and_look_down_at_the_pivot() -> None:
    shot = Shot(camera=Camera(move="crane_up", speed=0.1, pivot=2.0), duration_s=2.0)
    first, last = pose(shot, 0.0), pose(shot, 2.0)
    assert last.y < first.y
    assert last.pitch < first.pitch
    assert seen(shot, 1.7, 0, 0, 2.0) == pytest.approx((0, 0), abs=1e-9)


def test_ken_burns_moves_a_flat_picture() -> None:
    """Whatever the depth, a still moves and grows as one sheet."""
    camera = Camera(move="ken_burns_in", speed=0.1, then=(Leg(move="ken_burns_right", speed=0.1),))
    shot = Shot(camera=camera, duration_s=2.0)
    x, y = seen(shot, 2.0, 0.1, 0.05, 3.0)
    assert (x, y) == pytest.approx((0.1 * math.exp(0.2) - 0.1, 0.05 * math.exp(0.2)))
    assert seen(shot, 2.0, 0.1, 0.05, 1.0) == pytest.approx((x, y))


def test_tracking_keeps_the_figure_where_it_is() -> None:
    walker = Subject(kind="walker", at=(-0.2, 0.1), velocity=(0.2, 0.0), depth=2.0)
    for move in TRACKING[:2]:
        shot = Shot(camera=Camera(move=move), subjects=(walker,), duration_s=2.0)
        places = [subject_place(walker, t, 3.0, 1.5) for t in (0.0, 1.0, 2.0)]
        shown = [projected(pose(shot, t), place[None])[0, 0] for t, place in zip((0, 1, 2), places, strict=True)]
        assert shown == pytest.approx([-0.2] * 3, abs=2e-3), move
    ahead = Subject(kind="walker", depth=2.4, approach=0.3)
    shot = Shot(camera=Camera(move="lead_tracking"), subjects=(ahead,), duration_s=2.0)
    assert pose(shot, 2.0).z == pytest.approx(-0.6), "backwards ahead of somebody who comes nearer"


def test_tracking_needs_somebody_to_follow() -> None:
    with pytest.raises(ValueError, match="follows figure 0 of 0"):
        pose(Shot(camera=Camera(move="side_tracking")), 0.0)


def test_moves_come_one_after_another_and_together() -> None:
    later = Leg(move="zoom_in", speed=0.2, window=(1.0, 2.0))
    camera = Camera(move="pan_right", speed=0.15, window=(0.0, 1.5), then=(later,))
    shot = Shot(camera=camera, duration_s=2.5)
    yaw = [pose(shot, t).yaw for t in (0.0, 1.0, 1.5, 2.0)]
    assert yaw == pytest.approx([-0.075, 0.025, 0.075, 0.075])
    zooms = [pose(shot, t).focal / 1.5 for t in (0.5, 1.5, 2.4)]
    assert zooms == pytest.approx([1, math.exp(0.1), math.exp(0.2)])


def test_paths_that_leave_the_scene_are_refused() -> None:
    crash = Shot(source=Source(near="posts"), duration_s=9.0, camera=Camera(move="dolly_in", speed=0.3))
    with pytest.raises(ValueError, match="near layer"):
        pose(crash, 9.0)
    with pytest.raises(ValueError, match="65 degrees"):
        pose(Shot(camera=Camera(move="pan_left", speed=1.0), duration_s=5.0), 0.0)
    with pytest.raises(ValueError, match="floor"):
        pose(Shot(source=Source(floor="plain"), camera=Camera(move="crane_down", speed=0.3), duration_s=3.0), 3.0)


def test_windows_hold_still_outside() -> None:
    camera = Camera(move="pan_right", speed=0.3, window=(0.5, 1.5), ease="smooth")
    shot = Shot(duration_s=2.0, camera=camera)
    pans = [1.5 * pose(shot, t).yaw for t in (0.0, 0.5, 1.0, 1.5, 2.0)]
    assert pans == pytest.approx([-0.15, -0.15, 0.0, 0.15, 0.15])


def test_smooth_moves_start_and_stop_softly() -> None:
    camera = Camera(move="pan_right", speed=1.0, window=(0.0, 1.0), ease="smooth")
    path = [pose(Shot(camera=camera), t / 100).yaw for t in range(101)]
    speeds = np.diff(path)
    assert speeds[0] < 0.1 * speeds[50]
    assert speeds[-1] < 0.1 * speeds[50]
    assert (speeds > 0).all()


@pytest.mark.parametrize("shake", [0.002, 0.01])
def test_shake_has_the_rms_it_says(shake: float) -> None:
    shot = Shot(camera=Camera(shake=shake))
    path = np.array([1.5 * ((p := pose(shot, t / 30)).yaw + 1j * p.pitch) for t in range(3000)])
    rms = math.sqrt((abs(path - path.mean()) ** 2).mean() / 2)
    assert rms == pytest.approx(shake, rel=0.2)


def test_shake_stays_in_its_band() -> None:
    shot = Shot(camera=Camera(shake=0.01))
    path = np.array([pose(shot, t / 60).yaw for t in range(3600)])
    power = np.abs(np.fft.rfft(path * np.hanning(len(path)))) ** 2
    hz = np.fft.rfftfreq(len(path), 1 / 60)
    assert power[(hz > 0.3) & (hz < 7.5)].sum() > 0.99 * power.sum()


@pytest.mark.parametrize(("values", "says"), [({"move": "pan_left"}, "speed"), ({"zoom": 0.5}, "at least 1")])
def test_contradictions_are_refused(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Camera(**values)  # type: ignore[arg-type]  # wrong on purpose


def test_boxes_are_fractions_of_the_frame() -> None:
    box = frame_box((0.0, 0.0), (0.5, 0.25), 2.0)
    assert (box.x, box.y, box.w, box.h) == (0.25, 0.25, 0.5, 0.5)
