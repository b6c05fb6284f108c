"""Signal `lines` on drawn scenes whose tilt is known."""

from __future__ import annotations

import math
from fractions import Fraction

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sestina.core.frames import FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.signals.lines import Lines, described, dominant_tilt

U8 = npt.NDArray[np.uint8]
INFO = MediaInfo(path="film.mp4", sha256="0", size_bytes=1, container="mp4", span=Span.of(0, 10))


def house(roll_deg: float) -> U8:
    """A wall with windows seen by a camera rolled clockwise by `roll_deg`."""
    wall = np.full((270, 480), 150, np.uint8)
    for x in range(40, 440, 80):
        for y in range(30, 240, 70):
            cv2.rectangle(wall, (x, y), (x + 45, y + 40), 50, -1)
    matrix = cv2.getRotationMatrix2D((240, 135), roll_deg, 1.0)  # anticlockwise content is a clockwise camera
    return cv2.warpAffine(wall, matrix, (480, 270), borderValue=150).astype(np.uint8)


def measured(picture: U8, frames: int = 50, batch: int = 16) -> dict[str, Track]:
    signal = Lines()
    signal.start(INFO)
    chroma = np.full((frames, 4, 4), 128, np.uint8)
    luma = np.broadcast_to(picture, (frames, *picture.shape))
    for i in range(0, frames, batch):
        part = slice(i, min(i + batch, frames))
        signal.feed(
            FrameBatch(
                luma=luma[part],
                cb=chroma[part],
                cr=chroma[part],
                pts=np.arange(part.start, part.stop, dtype=np.int64),
                time_base=Fraction(1, 25),
                index=i,
            )
        )
    return {track.name.removeprefix("lines."): track for track in signal.finish().tracks}


@pytest.mark.parametrize("roll_deg", [-20.0, -7.0, 0.0, 10.0, 25.0])
def test_the_roll_of_a_wall_is_found(roll_deg: float) -> None:
    tracks = measured(house(roll_deg))
    assert float(np.median(tracks["tilt"].values)) == pytest.approx(roll_deg, abs=1.0)
    assert float(np.median(tracks["support"].values)) > 0.7


def test_two_looks_a_second_whatever_the_batches() -> None:
    one, all_ = measured(house(5.0), batch=1), measured(house(5.0), batch=64)
    assert len(one["tilt"]) == 4
    for name, track in one.items():
        np.testing.assert_array_equal(track.values, all_[name].values)


def test_a_picture_without_lines_says_so() -> None:
    tracks = measured(np.full((270, 480), 90, np.uint8))
    assert np.isnan(tracks["tilt"].values).all()
    assert tracks["length"].values.max() == 0.0
    assert np.isnan(measured(np.zeros((2, 2), np.uint8))["tilt"].values).all()


def test_directions_share_the_length() -> None:
    lines = np.array([[0, 0, 100, 0], [0, 0, 0, 50], [0, 0, 30, 40]], float)
    row = described(lines, width=100)
    assert row["length"] == pytest.approx(2.0)
    assert (row["flat"], row["upright"], row["slanted"]) == pytest.approx((0.5, 0.25, 0.25))


def test_uprights_and_flats_vote_for_one_tilt() -> None:
    tilt, support = dominant_tilt(np.array([5.0, 95.0, 140.0]), np.array([1.0, 1.0, 0.5]))
    assert tilt == pytest.approx(-5.0)
    assert support == pytest.approx(0.8)
    assert math.isclose(abs(dominant_tilt(np.array([45.0]), np.ones(1))[0]), 45.0, abs_tol=1.0)
