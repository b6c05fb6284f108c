"""Frames whose pixels are noise, at uneven times."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sestina.core.frames import Picture


def noise(count: int, *, seed: int = 0, size: tuple[int, int] = (100, 60), step_ms: int = 1300) -> tuple[Picture, ...]:
    """Return `count` frames of `size`, the first at half a second."""
    rng = np.random.default_rng(seed)
    shape, base = (size[1], size[0], 3), Fraction(1, 1000)
    return tuple(
        Picture(rgb=rng.integers(0, 256, shape, np.uint8), pts=500 + index * step_ms, time_base=base)
        for index in range(count)
    )
