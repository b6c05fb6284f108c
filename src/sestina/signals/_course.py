"""Courses: how a gradual transition gets from the old picture to the new one without ever going back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sestina.core.frames import F32


def least(error: F32) -> F32:
    """Return each kind's least total error over courses that never go back, [M], of errors [W,M,L]."""
    total = np.full(error.shape[1:], np.inf, np.float32)
    total[:, 0] = error[0, :, 0]
    for frame in error[1:]:
        total = np.minimum.accumulate(total, axis=1) + frame
    return np.asarray(total[:, -1], np.float32)


def course(error: F32) -> npt.NDArray[np.intp]:
    """Return the levels, [W], of the course that never goes back and leaves least of one kind's errors [W,L].

    It begins with the old picture (level 0) and ends with the new one (the last level).
    """
    frames, levels = error.shape
    places = np.arange(levels)
    total = np.full(levels, np.inf, np.float32)
    total[0] = error[0, 0]
    came = np.zeros((frames, levels), np.intp)
    for frame in range(1, frames):
        lowest = np.minimum.accumulate(total)
        came[frame] = np.maximum.accumulate(np.where(total <= lowest, places, 0))
        total = lowest + error[frame]
    path = np.full(frames, levels - 1, np.intp)
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    return path


def extent(progress: npt.NDArray[np.float64]) -> tuple[int, int]:
    """Return the first mixed and the first clean frame of a course, extended from its middle four fifths.

    The ends of a course are lost in noise and motion, so its pace between 0.1 and 0.9 is carried on to 0 and 1.
    """
    begin = int(np.argmax(progress >= 0.1))
    end = int(np.argmax(progress >= 0.9))
    beyond = round((end - begin) / 8)
    touched = int(np.argmax(progress > 0))
    done = int(np.argmax(progress >= 1 - 1e-9))
    return max(touched, begin - beyond), min(done, end + beyond)
