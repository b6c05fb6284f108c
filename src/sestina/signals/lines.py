"""Straight lines: how they lie in the picture, and how far the camera is rolled against them."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import Track
from sestina.signals._sampling import Sampler
from sestina.signals.motion import working_plane

U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

RATE_HZ = 2.0
"""Looks a second: lines change slowly."""
SHORTEST_SHARE = 0.06
"""Segments shorter than this share of the picture's width are noise of textures."""
BIN_DEG = 1.0
AROUND_DEG = 3
"""A line votes for the tilt of the dominant lines when it lies within this angle of theirs."""
LEAST_LENGTH_FW = 0.8
"""Total length of lines, frame widths, below which the tilt is left open."""
LEAST_SUPPORT = 0.35
"""Share of line length that must vote for one tilt; evenly spread directions would give 0.08."""
AXIS_DEG = 20.0
"""Lines within this angle of an axis count as upright or flat, the rest as slanted."""

UNITS = {"tilt": "deg", "support": "", "length": "frame_widths", "upright": "", "flat": "", "slanted": ""}


@signals.register(
    "lines",
    input="frames",
    tracks=tuple(f"lines.{name}" for name in UNITS),
    card=Card(
        summary="Line segments on sampled small planes, and the dominant one of their directions modulo 90 degrees.",
        source="LSD (von Gioi et al., 2012) of OpenCV; the vote is our own",
        cost="about 3 ms a look, two looks a second",
    ),
)
class Lines:
    """Signal `lines`, sampled `RATE_HZ` times a second.

    `tilt` is the camera's clockwise roll (scene lines lean the other way), within 45 degrees, NaN where too little
    agrees; `support` the share of line length that agrees with it, `length` all of it; `upright`, `flat` and `slanted`
    the shares of line length by direction.
    """

    def start(self, info: MediaInfo) -> None:
        """Get ready for one video."""
        self._detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)
        self._sampler = Sampler(RATE_HZ)
        self._times: list[float] = []
        self._rows: list[dict[str, float]] = []

    def feed(self, batch: FrameBatch) -> None:
        """Look at the frames whose turn it is."""
        for row in self._sampler.pick(batch.times_s):
            plane = working_plane(batch.half[row])
            self._times.append(float(batch.times_s[row]))
            self._rows.append(described(segments(self._detector, plane), plane.shape[1]))

    def finish(self) -> Measurement:
        """Return what was measured."""
        times = np.asarray(self._times)
        tracks = (
            Track(
                name=f"lines.{name}",
                unit=unit,
                times_s=times,
                values=np.asarray([row[name] for row in self._rows]),
                kind="sampled",
            )
            for name, unit in UNITS.items()
        )
        return Measurement(tracks=tuple(tracks))


def segments(detector: cv2.LineSegmentDetector, plane: U8) -> F64:
    """Return line segments of `plane` [h,w] long enough to count: [N,4] x1 y1 x2 y2 in pixels."""
    if min(plane.shape) < 16:
        return np.zeros((0, 4))
    found = detector.detect(plane)[0]
    if found is None:
        return np.zeros((0, 4))
    lines = np.asarray(found, np.float64).reshape(-1, 4)
    length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    long: F64 = lines[length >= SHORTEST_SHARE * plane.shape[1]]
    return long


def described(lines: F64, width: int) -> dict[str, float]:
    """Return the values of every track for the segments `lines` [N,4] of a plane `width` pixels wide."""
    along_x, along_y = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    length = np.hypot(along_x, along_y) / width
    angle = np.degrees(np.arctan2(along_y, along_x)) % 180  # clockwise from the horizontal, y down
    total = float(length.sum())
    if total == 0:
        return {"tilt": math.nan, "support": 0.0, "length": 0.0, "upright": 0.0, "flat": 0.0, "slanted": 0.0}
    upright = float(length[np.abs(angle - 90) <= AXIS_DEG].sum()) / total
    flat = float(length[np.minimum(angle, 180 - angle) <= AXIS_DEG].sum()) / total
    tilt, support = dominant_tilt(angle, length)
    sure = total >= LEAST_LENGTH_FW and support >= LEAST_SUPPORT
    return {
        "tilt": tilt if sure else math.nan,
        "support": support,
        "length": total,
        "upright": upright,
        "flat": flat,
        "slanted": max(0.0, 1 - upright - flat),
    }


def dominant_tilt(angle_deg: F64, length: F64) -> tuple[float, float]:
    """Return (camera roll, degrees clockwise in -45..45; share of line length that agrees) from line angles [N].

    Walls stand and floors lie: folded modulo 90 degrees both vote for one tilt.
    """
    folded = (angle_deg + 45) % 90 - 45
    bins = round(90 / BIN_DEG)
    place = np.floor((folded + 45) / BIN_DEG).astype(int) % bins
    votes = np.bincount(place, weights=length, minlength=bins)
    reach = round(AROUND_DEG / BIN_DEG)
    around = sum(np.roll(votes, shift) for shift in range(-reach, reach + 1))
    peak = (int(np.argmax(around)) + 0.5) * BIN_DEG - 45
    distance = (folded - peak + 45) % 90 - 45
    near = np.abs(distance) <= AROUND_DEG + BIN_DEG / 2
    weight = float(length[near].sum())
    lean = peak + float((distance[near] * length[near]).sum()) / weight
    return -((lean + 45) % 90 - 45), weight / float(length.sum())
