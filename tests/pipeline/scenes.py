"""A short real file with a known cut, for journeys from file to storyboard and back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from sestina.media.encode import VideoWriter
from tests.conformance.material import planes, sound

FRAMES = 75
CUT_S = 2.0
"""The first frame of the second shot: two thirds of 75 frames at 25 a second."""


def write_scene(path: Path, *, rate: Fraction = Fraction(25), seed: int = 1) -> Path:
    """Write 75 frames (160x96) of two drifting textures joined by a hard cut at frame 50, with sound; return `path`."""
    luma, _, _ = planes(FRAMES, seed=seed)
    with VideoWriter(path, width=160, height=96, rate=rate, sample_rate_hz=48_000, crf=16) as writer:
        for plane in luma:
            writer.add_frame(np.repeat(plane[:, :, None], 3, axis=2))
        writer.add_audio(sound(float(FRAMES / rate)))
    return path
