"""Black bars that stay for the whole video, so that light and colour are measured in the picture alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sestina.core.frames import U8

BLACK_LEVEL_MAX = 22
"""Grey level up to which a bar counts as black: compression leaves up to 20 beside the edge of a picture."""


@dataclass
class Bars:
    """Remembers the brightest each row and column ever was.

    A dark frame is no letterbox: only rows and columns at the rim that were black in every frame count.
    """

    _rows: U8 | None = None
    _columns: U8 | None = None

    def feed(self, planes: U8) -> None:
        """Take luma planes uint8 [N,h,w] of one size."""
        brightest = planes.max(axis=0)
        rows, columns = brightest.max(axis=1), brightest.max(axis=0)
        self._rows = rows if self._rows is None else np.maximum(self._rows, rows)
        self._columns = columns if self._columns is None else np.maximum(self._columns, columns)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the picture inside the bars, fractions; the whole when all was dark."""
        if self._rows is None or self._columns is None or self._rows.max() <= BLACK_LEVEL_MAX:
            return 0.0, 0.0, 1.0, 1.0
        x, y = _inset(self._columns), _inset(self._rows)
        return x, y, 1 - x, 1 - y

    @property
    def share(self) -> float:
        """Share of the picture that is bars, 0..1."""
        left, top, right, bottom = self.box
        return 1 - (right - left) * (bottom - top)


def _inset(brightest: npt.NDArray[np.uint8]) -> float:
    """Return the share of rows or columns that is black at both ends alike: a picture dark at one side has no bars."""
    lit = np.flatnonzero(brightest > BLACK_LEVEL_MAX)
    return float(min(lit[0], len(brightest) - 1 - lit[-1]) / len(brightest))
