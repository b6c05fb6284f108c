"""A region marked in a frame, as Perception LM was trained to be shown one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sestina.core.frames import Picture

RED = (255, 0, 0)
LINE_PX = 4
SAME_S = 0.001
"""Times closer than this are one frame's."""


def with_region(picture: Picture, corners_px: Sequence[float]) -> Picture:
    """Return the picture with a red outline of 4 pixels along x1, y1, x2, y2 (Cho et al., 2025; its repository)."""
    from PIL import Image, ImageDraw

    image = Image.fromarray(picture.rgb)
    x1, y1, x2, y2 = corners_px
    ImageDraw.Draw(image).rectangle((x1, y1, x2, y2), outline=RED, width=LINE_PX)
    return Picture(rgb=np.asarray(image), pts=picture.pts, time_base=picture.time_base)


def with_regions(frames: Sequence[Picture], regions: Sequence[Sequence[float]]) -> tuple[Picture, ...]:
    """Return the frames, those whose time a region names with it; a region is time_s, x1, y1, x2, y2."""
    marked = []
    for frame in frames:
        for time_s, *corners_px in regions:
            if abs(frame.time_s - time_s) < SAME_S:
                frame = with_region(frame, corners_px)
        marked.append(frame)
    return tuple(marked)
