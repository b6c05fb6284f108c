"""A video's frames as candidates: looked at once, some distance apart, and embedded, for selectors to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from sestina.core.exchange import Candidates
from sestina.core.frames import Picture
from sestina.core.roles import Embedder
from sestina.core.storyboard import Storyboard
from sestina.media.pictures import pictures
from sestina.media.source import Source

RATE_HZ = 1.0
"""Candidates a second."""
MOST = 7200
"""Candidates at most: two hours at one a second; longer videos are looked at less often."""
BATCH = 16


class Glance:
    """The candidates of one video, embedded once; questions only add theirs.

    Args:
        source: the video file.
        board: its storyboard, whose media facts say where its frames are.
        embedder: of pictures and questions.
        rate_hz: candidates a second.

    Raises ValueError for a storyboard without video, MediaError when the file cannot be read.
    """

    def __init__(self, source: Source, board: Storyboard, embedder: Embedder, rate_hz: float = RATE_HZ) -> None:
        table = board.media.frame_table()
        if table is None:
            raise ValueError(f"{board.media.name} has no video")
        self.board = board
        self.embedder = embedder
        span = table.span
        count = min(len(table), MOST, max(1, round(span.duration_s * rate_hz)))
        wanted = [span.start_s + span.duration_s * (k + 0.5) / count for k in range(count)]
        self.times_s = np.unique([table.time_s(table.index_at(time_s)) for time_s in wanted])
        seen = pictures(source, board.media, [float(time_s) for time_s in self.times_s])
        rows = [embedder.images(batch) for batch in _batches(seen)]
        self.features = np.concatenate(rows).astype(np.float32)

    def candidates(self, question: str) -> Candidates:
        """Return the candidates with a question's embedding; without one where the embedder knows none of its words."""
        row: npt.NDArray[np.float32] = self.embedder.texts([question])[0]
        return Candidates(
            times_s=self.times_s,
            features=self.features,
            query=row if float(np.abs(row).max()) > 0 else None,
            storyboard=self.board,
        )


def _batches(seen: Iterator[Picture]) -> Iterator[Sequence[Picture]]:
    while batch := list(islice(seen, BATCH)):
        yield batch
