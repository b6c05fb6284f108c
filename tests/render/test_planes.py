"""Flat pictures in space: where they show, what is cut off, how they are laid over each other."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.render.camera import Pose, projected
from sestina.render.planes import Plane, blurred, bounds, draw, homography, lay, panel, rgbc, warped

FRAME = (200, 120)


def shown(at: Pose, plane: Plane, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of a picture shows, pixels of the frame."""
    u, v, w = homography(at, plane, FRAME) @ (x, y, 1)
    return float(u / w), float(v / w)


small = st.floats(-0.3, 0.3)


@given(small, small, small, small, small, st.floats(1, 2), small, small)
def test_a_planes_homography_is_the_projection_of_its_points(
    x: float, y: float, yaw: float, pitch: float, roll: float, focal: float, shift: float, turn: float
) -> None:
    at = Pose(x=x, y=y, z=0.2, yaw=yaw, pitch=pitch, roll=roll, focal=focal, shift_x=shift)
    plane = Plane.facing(np.array([0.1, 0.0, 2.0]), 0.01, (80, 60), turn)
    for pixel in ((0, 0), (79, 10), (30.5, 59)):
        u, v = projected(at, plane.point(*pixel)[None])[0]
        assert shown(at, plane, *pixel) == pytest.approx((u * 200 + 99.5, v * 200 + 59.5))


def test_a_floor_meets_the_horizon() -> None:
    """Level planes below the camera rise towards the middle of the frame the farther away they are."""
    floor = Plane(np.array([0.0, 0.5, 1.0]), np.array([0.01, 0, 0]), np.array([0, 0, 0.01]))
    rows = [shown(Pose(focal=1.0), floor, 0, y)[1] for y in (0, 100, 900, 1e6)]
    assert rows == pytest.approx([59.5 + 100, 59.5 + 50, 59.5 + 10, 59.5], abs=0.1)


def test_only_what_lies_before_the_camera_is_drawn() -> None:
    """A floor that runs on below and behind the camera is seen from its near clip to its far edge."""
    floor = Plane(np.array([-1.0, 0.5, 2.0]), np.array([0.02, 0, 0]), np.array([0, 0, -0.04]))
    found = bounds(homography(Pose(focal=1.0), floor, FRAME), (100, 100), FRAME)
    assert found is not None
    assert found[1] in (108, 109), "its far edge, 0.5 below at distance 2: a quarter of the width below the middle"
    assert found[3] == 120
    behind = Plane.facing(np.array([0.0, 0.0, -1.0]), 0.01, (50, 50))
    assert bounds(homography(Pose(), behind, FRAME), (50, 50), FRAME) is None
    aside = Plane.facing(np.array([5.0, 0.0, 1.0]), 0.01, (50, 50))
    assert bounds(homography(Pose(), aside, FRAME), (50, 50), FRAME) is None


def test_a_panel_fills_exactly_its_place() -> None:
    sight = np.zeros((120, 200, 3), np.uint8)
    plane = Plane.facing(np.array([0.0, 0.0, 1.5]), 0.01, (62, 42))
    draw(sight, panel(np.full((40, 60, 3), 200, np.uint8)), homography(Pose(focal=1.5), plane, FRAME))
    rows, columns = np.nonzero(sight[..., 0] > 100)
    # 60 pixels of 0.01 at distance 1.5 and focal length 1.5: 0.6 of 200.
    assert columns.max() - columns.min() + 1 == pytest.approx(120, abs=1)
    assert rows.max() - rows.min() + 1 == pytest.approx(80, abs=1)
    assert (columns.mean(), rows.mean()) == pytest.approx((99.5, 59.5), abs=0.6)


def test_endless_pictures_are_mirrored_at_their_edges() -> None:
    ramp = np.repeat(np.arange(100, dtype=np.uint8)[None, :, None], 40, 0).repeat(3, 2)
    shifted = warped(ramp, np.array([[1.0, 0, -60], [0, 1, 0], [0, 0, 1]]), (80, 40), endless=True)
    assert shifted[5, 0, 0] == 60
    assert shifted[5, 39, 0] == 99
    assert shifted[5, 49, 0] == 89, "ten further on it comes back"


def test_affine_and_projective_drawing_agree() -> None:
    """Where a homography hardly bends, the faster map gives the same picture."""
    rng = np.random.default_rng(0)
    picture = blurred(rng.integers(0, 255, (80, 120, 3)).astype(np.uint8), 2.0)
    flat = np.array([[1.1, 0.05, -9], [-0.04, 1.08, -6], [0, 0, 1.0]])
    bent = flat + np.array([[0, 0, 0], [0, 0, 0], [2e-6, 0, 0]])
    one, other = (warped(picture, m, (100, 60), endless=True).astype(int) for m in (flat, bent))
    assert np.abs(one - other).max() <= 3


@pytest.mark.parametrize(("alpha", "expected"), [(0, 50), (255, 200), (128, 125)])
def test_laying_mixes_by_alpha(alpha: int, expected: int) -> None:
    target = np.full((4, 4, 3), 50, np.uint8)
    patch = np.concatenate([np.full((4, 4, 3), 200, np.uint8), np.full((4, 4, 1), alpha, np.uint8)], axis=2)
    lay(target, rgbc(patch))
    assert target == pytest.approx(np.full((4, 4, 3), expected), abs=1)


def test_blur_reaches_around_what_is_blurred() -> None:
    """What is out of focus spreads beyond its sharp outline, and keeps its light."""

    def drawn(sigma: float) -> npt.NDArray[np.uint8]:
        sight = np.zeros((120, 200, 3), np.uint8)
        plane = Plane.facing(np.array([0.0, 0.0, 1.5]), 0.01, (42, 42))
        picture = panel(np.full((40, 40, 3), 200, np.uint8))
        draw(sight, picture, homography(Pose(), plane, FRAME), sigma_px=sigma)
        return sight

    sharp, soft = drawn(0.0), drawn(4.0)
    assert (soft > 0).sum() > 1.3 * (sharp > 0).sum()
    assert float(soft.sum()) == pytest.approx(float(sharp.sum()), rel=0.02)


def test_facing_planes_turn_about_their_middle() -> None:
    middle = np.array([0.3, -0.2, 2.0])
    plane = Plane.facing(middle, 0.01, (41, 21), math.radians(40))
    assert plane.point(20, 10) == pytest.approx(middle)
    assert np.linalg.norm(plane.across) == pytest.approx(0.01)
    assert plane.point(40, 10)[2] < 2.0, "its right side comes nearer when it faces a camera that looks right"
