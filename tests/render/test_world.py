"""Scenes as the camera sees them: parallax, solids, focus, motion blur, and pictures that do not depend on threads."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sestina.render.parts.stage import Camera, Leg, Look, Move, Solid, Source, Subject
from sestina.render.script import Shot
from sestina.render.world import World, sides_of

U8 = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 240, 136
STILL = Look(noise=0.0)


def seen(shot: Shot, *times_s: float) -> list[U8]:
    """The pictures of a shot at some times."""
    world = World(shot, WIDTH, HEIGHT, 30.0, 1)
    return [world.picture(time_s, round(30 * time_s)) for time_s in times_s]


def shifts(first: U8, later: U8, rows: slice) -> float:
    """How many pixels the content of some rows has gone to the right (phase correlation)."""
    one, other = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY)[rows].astype(np.float32) for p in (first, later))
    window = cv2.createHanningWindow((one.shape[1], one.shape[0]), cv2.CV_32F)
    return cv2.phaseCorrelate(one, other, window)[0][0]


def with_pillar(move: Move) -> Shot:
    """A wall, and below the middle a wide box half as far away."""
    box = Solid(kind="noise", at=(0.0, 0.22), size=(1.8, 0.24, 0.02), depth=1.5, turn_deg=0.0, seed=4)
    return Shot(
        source=Source(kind="noise", seed=3, extent=(3.0, 2.0), solids=(box,)), duration_s=2.0, look=STILL,
        camera=Camera(move=move, speed=0.05),
    )  # fmt: skip


def test_near_things_pass_faster_in_a_truck_and_alike_in_a_pan() -> None:
    """0.05 frame widths a second for one second: 12 pixels, and twice that at half the distance."""
    top, bottom = slice(0, 56), slice(90, 130)
    first, later = seen(with_pillar("truck_right"), 0.5, 1.5)
    assert shifts(first, later, top) == pytest.approx(-12, abs=1)
    assert shifts(first, later, bottom) == pytest.approx(-24, abs=2)
    first, later = seen(with_pillar("pan_right"), 0.5, 1.5)
    assert shifts(first, later, top) == pytest.approx(-12, abs=1)
    assert shifts(first, later, bottom) == pytest.approx(-12, abs=1)


def test_dolly_zoom_keeps_the_subject_while_the_background_shrinks() -> None:
    """A red ball at the pivot keeps its size; the wall's pattern behind it does not keep its own."""
    ball = Subject(kind="ball", size=0.4, depth=1.6, seed=2)
    shot = Shot(
        source=Source(kind="noise", seed=3), subjects=(ball,), duration_s=2.0, look=STILL,
        camera=Camera(move="dolly_zoom_in", speed=0.12),
    )  # fmt: skip
    with_ball = seen(shot, 0.0, 1.9)
    without = seen(replace(shot, subjects=(), camera=replace(shot.camera, pivot=1.6)), 0.0, 1.9)
    areas = [int((np.abs(a.astype(int) - b).max(axis=2) > 12).sum()) for a, b in zip(with_ball, without, strict=True)]
    assert areas[1] == pytest.approx(areas[0], rel=0.05)
    assert np.abs(without[0].astype(int) - without[1]).mean() > 5


def test_solids_show_the_sides_that_face_the_camera() -> None:
    solid = Solid(at=(0.0, 0.0), size=(0.2, 0.2, 0.2), depth=2.0, turn_deg=0.0)
    facing = [float(plane.origin @ outward) < 0 for _, plane, outward in sides_of(solid, 1.5, WIDTH)]
    assert facing == [True, False, False, False, False, False], "straight ahead only its front"
    low = replace(solid, at=(0.0, 0.6))
    facing = [float(plane.origin @ outward) < 0 for _, plane, outward in sides_of(low, 1.5, WIDTH)]
    assert facing[0]
    assert facing[4], "from above its top too"


def test_a_solids_sides_close() -> None:
    """The corners of neighbouring sides are the same points: eight in all."""
    solid = Solid(turn_deg=35.0)
    corners = set()
    for picture, plane, _ in sides_of(solid, 1.5, WIDTH):
        h, w = picture.shape[0] - 2, picture.shape[1] - 2
        for x, y in ((0.5, 0.5), (w + 0.5, 0.5), (0.5, h + 0.5), (w + 0.5, h + 0.5)):
            corners.add(tuple(np.round(plane.point(x, y), 6) + 0.0))
    assert len(corners) == 8


def test_the_floor_spreads_below_its_line() -> None:
    shot = Shot(source=Source(kind="plain", floor="bars", floor_at=0.15), look=STILL)
    with_floor, without = seen(shot, 0.0)[0], seen(replace(shot, source=replace(shot.source, floor="")), 0.0)[0]
    rows = np.flatnonzero((with_floor != without).any(axis=(1, 2)))
    assert rows.min() == pytest.approx(HEIGHT / 2 + 0.15 * WIDTH, abs=1.5)
    assert rows.max() == HEIGHT - 1


def sharpness(picture: U8, rows: slice = slice(None)) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture[rows], cv2.COLOR_RGB2GRAY), cv2.CV_32F).std())


def test_focus_goes_from_far_to_near() -> None:
    look = Look(noise=0, aperture=0.02, focus=3.0, focus_to=1.5, rack=(0.5, 1.5))
    shot = replace(with_pillar("pan_right"), camera=Camera(), look=look)
    first, last = seen(shot, 0.0, 1.8)
    far, near = slice(0, 56), slice(90, 130)
    assert sharpness(first, far) > 2 * sharpness(last, far)
    assert sharpness(last, near) > 1.5 * sharpness(first, near)


MOVES: tuple[tuple[Move, float], ...] = (("whip_pan_right", 1.5), ("crash_zoom", 3.0), ("roll_cw", 120.0))


@pytest.mark.parametrize(("move", "speed"), MOVES)
def test_an_open_shutter_smears_what_moves(move: Move, speed: float) -> None:
    shot = Shot(source=Source(kind="city", seed=3), camera=Camera(move=move, speed=speed, window=(0.0, 0.3)))
    sharp = seen(replace(shot, look=STILL), 0.15)[0]
    smeared = seen(replace(shot, look=replace(STILL, shutter=0.8)), 0.15)[0]
    assert sharpness(smeared) < 0.6 * sharpness(sharp)
    at_rest = [seen(replace(shot, look=look), 0.5)[0] for look in (STILL, replace(STILL, shutter=0.8))]
    assert (at_rest[0] == at_rest[1]).all()


def everything() -> Shot:
    return Shot(
        source=Source(kind="room", seed=1, near="plants", floor="plain", solids=(Solid(),)), duration_s=1.0,
        subjects=(Subject(kind="walker", depth=2.0, velocity=(0.2, 0)), Subject(kind="bust", at=(0.3, 0.1), depth=1.8)),
        camera=Camera(move="arc_cw", speed=8, then=(Leg(move="zoom_in", speed=0.1),), shake=0.003),
        look=Look(
            grade="teal_orange", grain=3, aperture=0.004, distortion=0.1, vignette=0.3, shutter=0.5, contrast=1.1
        ),
    )  # fmt: skip


def test_pictures_do_not_depend_on_threads_or_on_what_was_seen_before() -> None:
    threads = cv2.getNumThreads()
    digests = set()
    try:
        for count, before in ((1, ()), (2, ()), (4, (0.2, 0.7, 0.69))):
            cv2.setNumThreads(count)
            picture = seen(everything(), *before, 0.7)[-1]
            digests.add(hashlib.sha256(picture.tobytes()).hexdigest())
    finally:
        cv2.setNumThreads(threads)
    assert len(digests) == 1


def test_what_stands_still_is_kept() -> None:
    """A kept background gives the picture that drawing anew gives, and pictures handed out are the caller's own."""
    walker = Subject(kind="walker", velocity=(0.3, 0.0), size=0.4)
    shot = Shot(source=Source(kind="city", seed=3, near="posts"), subjects=(walker,), look=STILL)
    world = World(shot, WIDTH, HEIGHT, 30.0, 1)
    for frame in range(4):
        world.picture(frame / 30, frame)[...] = 0
    assert (world.picture(0.5, 15) == seen(shot, 0.5)[0]).all()


def test_a_still_keeps_its_grain_and_a_camera_does_not() -> None:
    """Ken Burns: the noise is part of the photograph, so it moves along; a sensor makes new noise every time."""
    rough = Look(noise=8.0)
    still = Shot(camera=Camera(move="ken_burns_right", speed=0.25, window=(0.0, 0.4)), look=rough, duration_s=1.0)
    first, later = seen(still, 0.6, 0.9)
    assert (first == later).all()
    first, later = seen(Shot(look=rough), 0.6, 0.9)
    assert (first != later).mean() > 0.5
