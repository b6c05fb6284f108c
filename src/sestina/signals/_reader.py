"""The OCR engine behind one small door: boxes of text lines in a picture, and what a line says.

rapidocr runs the PP-OCR models its wheel brings (detector after Liao et al. 2020, "Real-time Scene Text Detection
with Differentiable Binarization"; recogniser after Du et al. 2022, "SVTR"). It is imported only when reading starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.errors import MissingExtra
from sestina.core.frames import U8

DETECTOR_SIDE = 640
"""Long side the detector sees; measured to find 96 % of words where 736 finds 97 % at a third more time."""
THREADS = 2
TALL = 1.5
"""A quadrilateral taller than this many times its width holds a vertical line."""


@dataclass(frozen=True, kw_only=True)
class LineBox:
    """One line of text found in a picture.

    Args:
        quad: float32 [4,2] corners in pixels, clockwise from the top left of the line.
        score: the detector's, 0..1.
    """

    quad: npt.NDArray[np.float32]
    score: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) in pixels."""
        (left, top), (right, bottom) = self.quad.min(axis=0), self.quad.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    @property
    def rotation_deg(self) -> float:
        """Angle of the line against the level, clockwise positive, -180..180."""
        along = self.quad[1] - self.quad[0]
        return float(np.degrees(np.arctan2(along[1], along[0])))


class Reader:
    """Finds and reads lines of text. Raises MissingExtra at birth when rapidocr is not installed."""

    def __init__(self) -> None:
        try:
            import rapidocr
        except ImportError as error:
            raise MissingExtra("reading text needs rapidocr", hint="pip install rapidocr onnxruntime") from error
        self._engine: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTOR_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self.name = f"rapidocr {getattr(rapidocr, '__version__', '')}".strip()

    def find(self, rgb: U8) -> list[LineBox]:
        """Return the lines in a picture [H,W,3], in reading order."""
        height, width = rgb.shape[:2]
        scale = min(1.0, DETECTOR_SIDE / max(height, width))
        size = (max(32, round(width * scale)), max(32, round(height * scale)))
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) if size != (width, height) else rgb
        found = self._engine(np.ascontiguousarray(small[..., ::-1]), use_det=True, use_cls=False, use_rec=False)
        if getattr(found, "boxes", None) is None:
            return []
        back = np.asarray([width / size[0], height / size[1]], np.float32)
        quads = np.asarray(found.boxes, np.float32) * back
        return [LineBox(quad=quad, score=float(score)) for quad, score in zip(quads, found.scores, strict=True)]

    def read(self, crop: U8) -> tuple[str, float]:
        """Return what the upright line in `crop` [h,w,3] says, and the recogniser's score 0..1."""
        image = np.ascontiguousarray(crop[..., ::-1])
        found = self._engine(image, use_det=False, use_cls=False, use_rec=True)
        if not getattr(found, "txts", None):
            return "", 0.0
        return str(found.txts[0]).strip(), float(found.scores[0])


def upright(rgb: U8, line: LineBox) -> U8:
    """Return the line cut out of the picture, turned so that it runs from left to right [h,w,3]."""
    quad = line.quad
    width = max(2, round(float(np.linalg.norm(quad[1] - quad[0]))))
    height = max(2, round(float(np.linalg.norm(quad[3] - quad[0]))))
    if abs(line.rotation_deg) < 2:
        left, top, right, bottom = line.bounds
        crop = rgb[max(0, int(top)) : int(np.ceil(bottom)), max(0, int(left)) : int(np.ceil(right))]
    else:
        target = np.asarray([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        warp = cv2.getPerspectiveTransform(quad, target)
        crop = cv2.warpPerspective(rgb, warp, (width, height), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    if crop.shape[0] >= TALL * crop.shape[1] and crop.size:
        crop = np.rot90(crop)
    return np.ascontiguousarray(crop)


def surroundings(rgb: U8, line: LineBox) -> U8:
    """Return pixels [n,3] of a frame around the line, a line's height away from it, inside the picture."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = (round(v) for v in line.bounds)
    away = max(4, bottom - top)
    runs = []
    for y in (top - away, bottom + away - 1):
        if 0 <= y < height:
            runs.append(rgb[y, max(0, left - away) : right + away])
    for x in (left - 2 * away, right + 2 * away - 1):
        if 0 <= x < width:
            runs.append(rgb[max(0, top - away) : bottom + away, x])
    return np.concatenate(runs) if runs else np.zeros((0, 3), np.uint8)
