"""Looking at some frames only: what changes slowly is sampled in time, the same frames however batches are cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE_HZ = 6.0
"""Samples a second of pictures that change slowly; a shot of a sixth of a second still has one. All signals that take
it look at the same frames, and so share what is computed of them."""


@dataclass
class Sampler:
    """Picks the first frame of every period of `1 / rate_hz` seconds of presentation time.

    Args:
        rate_hz: frames wanted a second; a video with fewer gives all it has.
    """

    rate_hz: float
    _last: int | None = None

    def pick(self, times_s: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
        """Return which of the next frames, whose times are `times_s` [N], to look at, [M]."""
        periods = np.floor(times_s * self.rate_hz + 1e-6).astype(np.int64)
        before = np.concatenate([[periods[0] - 1 if self._last is None else self._last], periods[:-1]])
        self._last = int(periods[-1])
        return np.flatnonzero(periods != before)
