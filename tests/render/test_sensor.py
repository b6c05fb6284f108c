"""Optics, sensor and grading: each does what its name says, as numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from sestina.render.parts.stage import Look
from sestina.render.sensor import Sensor, streaked

U8 = npt.NDArray[np.uint8]
QUIET = Look(noise=0.0)


def finished(look: Look, picture: U8, frame: int = 0) -> U8:
    return Sensor(look, picture.shape[1], picture.shape[0], 5).picture(picture, frame)


def plain(red: int, green: int, blue: int, size: tuple[int, int] = (60, 80)) -> U8:
    return np.broadcast_to(np.array([red, green, blue], np.uint8), (*size, 3)).copy()


def test_a_plain_look_changes_nothing() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (40, 60, 3)).astype(np.uint8)
    assert (finished(QUIET, picture) == picture).all()


@pytest.mark.parametrize("deviation", [2.0, 9.0])
def test_noise_has_the_deviation_it_says(deviation: float) -> None:
    """0.85 of it in brightness, 0.5 in each channel: 0.986 of it in all."""
    left = finished(Look(noise=deviation), plain(120, 120, 120, (200, 300))).astype(float) - 120
    assert left.std() == pytest.approx(0.986 * deviation, rel=0.05)
    assert left.mean() == pytest.approx(0, abs=0.1)


def test_noise_is_white_and_grain_is_coarse_and_colourless() -> None:
    def neighbours(look: Look) -> float:
        rest = finished(look, plain(120, 120, 120, (200, 300)))[..., 1].astype(float) - 120
        return float((rest[:, 1:] * rest[:, :-1]).mean() / rest.var())

    assert abs(neighbours(Look(noise=8.0))) < 0.05
    assert neighbours(Look(noise=0, grain=8.0)) > 0.5
    grainy = finished(Look(noise=0, grain=8.0), plain(120, 120, 120))
    assert (grainy[..., 0] == grainy[..., 2]).all()


def test_noise_changes_from_frame_to_frame_and_comes_again() -> None:
    picture = plain(90, 90, 90)
    one, other, again = (finished(Look(noise=4.0), picture, frame) for frame in (1, 2, 1))
    assert (one == again).all()
    assert (one != other).mean() > 0.5


def test_exposure_and_contrast() -> None:
    assert finished(replace(QUIET, gain=1.5), plain(100, 40, 200))[0, 0].tolist() == [150, 60, 255]
    low = finished(replace(QUIET, contrast=0.5), plain(0, 255, 128))[0, 0]
    assert low.tolist() == pytest.approx([64, 191, 128], abs=1)


def test_saturation_and_black_and_white_keep_luma() -> None:
    """Pure green has luma 0.7152 of 255."""
    for look in (replace(QUIET, saturation=0.0), replace(QUIET, grade="bw")):
        assert finished(look, plain(0, 255, 0))[0, 0].tolist() == pytest.approx([182, 182, 182], abs=1)


def test_grades_move_colours_their_way() -> None:
    grey, dark, light = plain(128, 128, 128), plain(50, 50, 50), plain(210, 210, 210)

    def shift(look: Look, picture: U8) -> float:
        r, _, b = (int(v) for v in finished(look, picture)[0, 0])
        return r - b

    assert shift(replace(QUIET, grade="warm"), grey) > 20
    assert shift(replace(QUIET, grade="cool"), grey) < -20
    assert shift(replace(QUIET, grade="sepia"), grey) > 20
    assert shift(replace(QUIET, grade="teal_orange"), dark) < -5, "teal shadows"
    assert shift(replace(QUIET, grade="teal_orange"), light) > 20, "orange highlights"
    assert finished(replace(QUIET, grade="faded"), plain(0, 0, 0)).min() > 0.06 * 255
    assert finished(replace(QUIET, grade="crushed"), plain(30, 30, 30)).max() == 0


def test_a_vignette_darkens_the_corners_by_its_share() -> None:
    picture = finished(replace(QUIET, vignette=0.5), plain(200, 200, 200, (61, 81)))
    assert picture[30, 40, 0] == 200
    assert picture[0, 0, 0] == picture[-1, -1, 0] == pytest.approx(100, abs=1)


def test_barrels_bow_straight_lines_outwards() -> None:
    """A level line above the middle comes down towards the frame's sides."""
    picture = plain(0, 0, 0, (121, 161))
    picture[20] = 255
    bent = finished(replace(QUIET, distortion=0.2), picture)[..., 0].astype(int)
    middle, side = bent[:, 80].argmax(), bent[:, 20].argmax()
    assert side > middle
    pinched = finished(replace(QUIET, distortion=-0.2), picture)[..., 0].astype(int)
    assert pinched[:, 20].argmax() < pinched[:, 80].argmax()


@pytest.mark.parametrize("way", [(9.0, 0.0), (0.0, 9.0), (7.0, 7.0), (1.0, 0.0)])
def test_streaks_keep_light_and_spread_it_along_the_way(way: tuple[float, float]) -> None:
    picture = plain(0, 0, 0, (41, 41))
    picture[20, 20] = 255
    spread = streaked(picture, way)[..., 0].astype(float)
    rows, columns = np.nonzero(spread)
    length = max(1.0, np.hypot(*way))
    assert spread.sum() == pytest.approx(255, rel=0.25)
    assert np.ptp(columns) == pytest.approx(way[0] if length > 1.5 else 0, abs=1.5)
    assert np.ptp(rows) == pytest.approx(way[1] if length > 1.5 else 0, abs=1.5)


@pytest.mark.parametrize(
    ("values", "says"),
    [({"noise": -1}, "noise"), ({"vignette": 1.5}, "vignette"), ({"focus_to": 2.0}, "belong together"),
     ({"focus_to": 2.0, "rack": (1.0, 1.0)}, "ends at")],
)  # fmt: skip
def test_looks_out_of_range_are_refused(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Look(**values)  # type: ignore[arg-type]  # wrong on purpose
