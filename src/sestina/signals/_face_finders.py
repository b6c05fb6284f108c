"""Engines that find faces in one picture, behind one small interface; the best one at hand is chosen.

Haar cascades come with OpenCV and are the floor. A YuNet model file named by the environment variable `SESTINA_YUNET`,
or MediaPipe 0.10.21 where it is installed, find more and err less.
"""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from sestina.core.errors import MissingExtra
from sestina.core.frames import U8
from sestina.core.track import F64

YUNET = "SESTINA_YUNET"
"""Environment variable with the path of a YuNet ONNX file."""
LONG_SIDE = 512
"""Pixels on the long side that engines look at; faces below about 24 of them are missed."""
PROFILE_SIDE = 400
"""The same for the profile cascade, which costs more and finds little that is small."""
LEAST_PIXELS = 24
VIEWS = ("front", "three_quarter", "profile")


@dataclass(frozen=True)
class Face:
    """One face: its box (x, y, w, h in fractions of the picture), score 0..1, and view where the engine tells."""

    box: tuple[float, float, float, float]
    score: float
    view: str = ""


class FaceFinder(Protocol):
    """Finds faces in a picture."""

    name: str

    def find(self, rgb: U8) -> list[Face]:
        """Return the faces in an RGB picture uint8 [H,W,3]."""


def best_finder() -> FaceFinder:
    """Return the best engine at hand. Raises MissingExtra when `SESTINA_YUNET` names no file."""
    named = os.environ.get(YUNET)
    if named:
        if not Path(named).is_file():
            raise MissingExtra(f"{YUNET} names {named!r}, which is not a file", hint=f"unset {YUNET} or correct it")
        return YuNet(named)
    if importlib.util.find_spec("mediapipe") is not None:
        return MediaPipe()
    return Haar()


def shrunk(rgb: U8, long_side: int = LONG_SIDE) -> U8:
    """Return the picture [H,W,...] with at most `long_side` pixels on its long side."""
    scale = long_side / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass
class Haar:
    """Viola and Jones (2001) with OpenCV's `alt2` cascade for front views and its profile cascade for both sides.

    A cascade's own weight becomes the score by a logistic curve round `HAAR_MIDDLE`.
    """

    name: str = "haar"
    _cascades: dict[str, Any] = field(default_factory=dict)

    def find(self, rgb: U8) -> list[Face]:
        """Return the faces in an RGB picture uint8 [H,W,3]."""
        grey = np.asarray(cv2.equalizeHist(cv2.cvtColor(shrunk(rgb), cv2.COLOR_RGB2GRAY)), np.uint8)
        front = self._run("haarcascade_frontalface_alt2.xml", grey, "front")
        small = shrunk(grey, PROFILE_SIDE)
        side = self._run("haarcascade_profileface.xml", small, "profile")
        other = self._run("haarcascade_profileface.xml", np.asarray(cv2.flip(small, 1), np.uint8), "profile")
        mirrored = [Face((1 - f.box[0] - f.box[2], *f.box[1:]), f.score, f.view) for f in other]
        return without_doubles([*front, *side, *mirrored])

    def _run(self, file: str, grey: U8, view: str) -> list[Face]:
        if file not in self._cascades:
            self._cascades[file] = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / file))
        if min(grey.shape) < LEAST_PIXELS:
            return []
        boxes, _, weights = self._cascades[file].detectMultiScale3(
            grey, scaleFactor=1.12, minNeighbors=4, minSize=(LEAST_PIXELS, LEAST_PIXELS), outputRejectLevels=True
        )
        height, width = grey.shape
        return [
            Face((x / width, y / height, w / width, h / height), _haar_score(float(weight), view), view)
            for (x, y, w, h), weight in zip(boxes, np.ravel(weights), strict=True)
        ]


HAAR_MIDDLE = {"front": 1.0, "profile": 2.2}
"""Cascade weight with score 0.5. Profiles fire on hands, clocks and lettering with weights near 1, on faces near 3."""


def _haar_score(weight: float, view: str) -> float:
    return float(1 / (1 + np.exp(-1.5 * (weight - HAAR_MIDDLE[view]))))


@dataclass
class YuNet:
    """YuNet (Wu et al. 2023) by OpenCV's `FaceDetectorYN`, with a model file that the user gives."""

    model: str
    name: str = "yunet"
    _detector: Any = None

    def find(self, rgb: U8) -> list[Face]:
        """Return the faces in an RGB picture uint8 [H,W,3]."""
        small = cv2.cvtColor(shrunk(rgb), cv2.COLOR_RGB2BGR)
        height, width = small.shape[:2]
        if self._detector is None:
            self._detector = cv2.FaceDetectorYN.create(self.model, "", (width, height), 0.7)
        self._detector.setInputSize((width, height))
        _, rows = self._detector.detect(small)
        scale = np.array([width, height, width, height], np.float64)
        return [
            Face(_four(row[:4] / scale), float(row[14]), view_of(row[4:14].reshape(5, 2)))
            for row in (rows if rows is not None else ())
        ]


def view_of(points: F64) -> str:
    """Return the view that five landmarks [5,2] show: right eye, left eye, nose, right and left corner of the mouth.

    The nose leaves the middle of the eyes as the head turns; at 20 degrees by a fifth of their distance, at 65 by most.
    """
    right, left, nose = (np.asarray(point, np.float64) for point in points[:3])
    apart = float(np.linalg.norm(left - right))
    off = abs(float(nose[0] - (left[0] + right[0]) / 2))
    turn = off / max(apart, 1e-6)
    return VIEWS[int(turn >= 0.2) + int(turn >= 0.75)]


@dataclass
class MediaPipe:
    """BlazeFace (Bazarevsky et al. 2019), the full-range model inside MediaPipe's wheel."""

    name: str = "mediapipe"
    _detector: Any = None

    def find(self, rgb: U8) -> list[Face]:
        """Return the faces in an RGB picture uint8 [H,W,3]."""
        if self._detector is None:
            import mediapipe

            self._detector = mediapipe.solutions.face_detection.FaceDetection(model_selection=1)
        found = self._detector.process(np.ascontiguousarray(shrunk(rgb))).detections or ()
        faces = []
        for item in found:
            box = item.location_data.relative_bounding_box
            points = np.array([(p.x, p.y) for p in item.location_data.relative_keypoints[:3]], np.float64)
            faces.append(Face((box.xmin, box.ymin, box.width, box.height), float(item.score[0]), view_of(points)))
        return faces


def _four(values: F64) -> tuple[float, float, float, float]:
    x, y, w, h = (float(v) for v in values)
    return x, y, w, h


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Return intersection over union of two boxes (x, y, w, h)."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / max(one[2] * one[3] + other[2] * other[3] - shared, 1e-12)


def without_doubles(faces: list[Face]) -> list[Face]:
    """Return the faces, surest first, without those that overlap a surer one."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda f: (-f.score, f.box)):
        if all(overlap(face.box, other.box) < 0.3 for other in kept):
            kept.append(face)
    return kept
