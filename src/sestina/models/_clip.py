"""Chosen frames as one small video in memory, for servers that take a video part."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any

import numpy as np

from sestina.core.frames import Picture


def mp4(frames: Sequence[Picture], *, side_px: int) -> bytes:
    """Return the frames as H.264 in MP4, each at its own time from the first on; sides even, at most `side_px`."""
    import av
    import cv2

    height, width = frames[0].rgb.shape[:2]
    scale = min(1.0, side_px / max(height, width))
    size = (max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))
    target = BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=1000, options={"crf": "18", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for picture in frames:
            small = np.asarray(cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
            frame = av.VideoFrame.from_ndarray(small, format="rgb24")
            frame.pts, frame.time_base = round((picture.time_s - frames[0].time_s) * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()
