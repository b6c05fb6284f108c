"""Small JPEG pictures for pages and documents."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]


def jpeg(rgb: U8, max_side: int = 480, quality: int = 80) -> bytes:
    """Return a picture as JPEG, its longer side at most `max_side` pixels; never enlarged.

    Args:
        rgb: uint8 [H,W,3] sRGB, or uint8 [H,W] grey.
        max_side: pixels, at least 1.
        quality: 1 .. 100.

    Raises ValueError for another shape or type, or arguments out of range.
    """
    grey = rgb.ndim == 2
    if rgb.dtype != np.uint8 or not (grey or (rgb.ndim == 3 and rgb.shape[2] == 3)) or rgb.size == 0:
        raise ValueError(f"expected uint8 [H,W,3] or [H,W], got {rgb.dtype} {rgb.shape}")
    if max_side < 1 or not 1 <= quality <= 100:
        raise ValueError(f"max_side must be positive and quality 1..100, got {max_side} and {quality}")
    height, width = rgb.shape[:2]
    scale = min(1.0, max_side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = rgb if scale == 1 else cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    stored = small if grey else cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", stored, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"cannot encode a picture of {rgb.shape}")
    return data.tobytes()
