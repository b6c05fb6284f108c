"""Pictures made smaller, and as PNG or JPEG bytes, the same for the same picture."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from sestina.media.thumbnail import jpeg

U8 = npt.NDArray[np.uint8]


def within(rgb: U8, width: int, height: int) -> U8:
    """Return a picture at the largest size that fits a box, never enlarged, uint8 [H,W,3]."""
    scale = min(1.0, width / rgb.shape[1], height / rgb.shape[0])
    if scale == 1:
        return rgb
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def coded(rgb: U8, form: Literal["png", "jpg"], quality: int) -> bytes:
    """Return a picture, uint8 [H,W,3] sRGB, as PNG (lossless) or JPEG of that quality, 1 .. 100."""
    if form == "jpg":
        return jpeg(rgb, max(rgb.shape), quality)
    done, data = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 6])
    if not done:
        raise ValueError(f"cannot encode a picture of {rgb.shape}")
    return data.tobytes()
