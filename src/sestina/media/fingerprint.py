"""A fingerprint by which a frame is known again after scaling and recompression."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]

DIGITS = 16


def dhash(picture: U8) -> str:
    """Return the 64-bit difference hash of a picture as 16 hex digits (Krawetz, "Kind of Like That", 2013).

    The picture is averaged down to 9 x 8 grey pixels; each bit says whether a pixel is brighter than the one to its
    right, row by row. Flat pictures give zeros. Two encodings of one frame differ in a few bits, see `hamming`.

    Args:
        picture: uint8 [h,w] luma or [h,w,3] RGB.

    Raises ValueError for another shape or type.
    """
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.size == 0:
        raise ValueError(f"expected uint8 [h,w] or [h,w,3], got {picture.dtype} {picture.shape}")
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = small[:, :-1] > small[:, 1:]
    return np.packbits(bits).tobytes().hex()


def hamming(first: str, second: str) -> int:
    """Return in how many of 64 bits two hashes differ; raises ValueError when one is not 16 hex digits."""
    if len(first) != DIGITS or len(second) != DIGITS:
        raise ValueError(f"a hash has {DIGITS} hex digits, got {first!r} and {second!r}")
    return (int(first, 16) ^ int(second, 16)).bit_count()
