"""One forward pass over a video's frames, decoded on a thread of its own and handed over in batches of small planes.

What the sweep yields is the truth about the frames: their number and times are those of the pictures that decoding
gave, repaired as `media/timeline.py` says. Decoding lets go of the GIL, so it runs beside whatever reads the batches;
two finished batches wait at most, so memory does not grow with the video.
"""

from __future__ import annotations

import queue
import threading
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sestina.core.frames import FrameBatch
from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.media.audio import audio_blocks
from sestina.media.pictures import pictures
from sestina.media.planes import Shrinker
from sestina.media.probe import last_frame_ticks
from sestina.media.source import Source, open_container, resolve
from sestina.media.streams import READ_ERRORS, decoder_of, frames_of, stream_at
from sestina.media.timeline import Clock, Problems

__all__ = ["AHEAD", "Sweep", "audio_blocks", "pictures", "sweep"]

AHEAD = 2
"""Finished batches that may wait for the reader."""

POLL_S = 0.05
"""How often a waiting decoder looks whether it shall stop."""


def sweep(path: str | Path | Source, info: MediaInfo, *, batch: int = 16) -> Sweep:
    """Return an iterator over all frames of the video, as batches of at most `batch` frames; see `Sweep`.

    Raises OpenError or EmptyError when the file is gone, ValueError when `info` has no video or `batch` < 1.
    """
    if info.video is None:
        raise ValueError(f"{info.name} has no video")
    if batch < 1:
        raise ValueError(f"a batch holds at least one frame, got {batch}")
    return Sweep(resolve(path), info.video, batch)


class Sweep:
    """Iterator of `FrameBatch`, and what is known once it is exhausted.

    Use it in a `with` block, or call `close`, when you may stop early; a forgotten one stops by itself. Damage does
    not raise: what could be decoded is yielded, and `problems` says what was not. Errors of opening do raise.

    Interlaced frames are handed over woven, as they are stored. Alpha is composited over black. Y' and chroma keep the
    matrix and transfer of the source (BT.601, BT.709, BT.2020, PQ, HLG). Frames are stretched to the size of the
    first one when the size changes on the way.
    """

    def __init__(self, source: Source, video: VideoInfo, batch: int) -> None:
        self._work = _Work(source, video, batch)
        self._thread: threading.Thread | None = None
        self._done = False

    def __iter__(self) -> Iterator[FrameBatch]:
        return self

    def __next__(self) -> FrameBatch:
        if self._done:
            raise StopIteration
        if self._thread is None:
            self._thread = threading.Thread(target=self._work.run, name="sestina-decode", daemon=True)
            self._thread.start()
        batch = self._work.ready.get()
        if batch is not None:
            return batch
        self.close()
        if self._work.error is not None:
            raise self._work.error
        raise StopIteration

    @property
    def pts(self) -> npt.NDArray[np.int64]:
        """Ticks of the frames decoded so far, int64 [N]; all of them after the last batch."""
        return np.array(self._work.pts, np.int64)

    @property
    def end_pts(self) -> int | None:
        """Tick at which the last frame stops being shown; None without frames. Final after the last batch."""
        return self._work.end_pts()

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong, one line a kind. Final after the last batch."""
        return self._work.problems.lines()

    def close(self) -> None:
        """Stop decoding and wait until the file is closed."""
        self._done = True
        self._work.stop.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # The thread holds the work, never the sweep: dropping the sweep lets the thread end.
        self._work.stop.set()


class _Carry:
    """Keeps the error that ends a block, for another thread to raise."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True


class _Work:
    """The decoding side of a sweep; `run` is the body of its thread, `None` in `ready` marks the end."""

    def __init__(self, source: Source, video: VideoInfo, batch: int) -> None:
        self.ready: queue.Queue[FrameBatch | None] = queue.Queue(AHEAD)
        self.stop = threading.Event()
        self.problems = Problems()
        self.pts = array("q")
        self.error: BaseException | None = None
        self._source, self._video, self._batch = source, video, batch
        self._step = max(1, round(1 / (video.frame_rate * video.time_base)))
        self._last_ticks = 0

    def run(self) -> None:
        """Decode to the end or until told to stop."""
        with _Carry() as carry:
            self._decode()
        self.error = carry.error
        self._put(None)

    def end_pts(self) -> int | None:
        """Return the end of the last frame so far."""
        if not self.pts:
            return None
        return self.pts[-1] + last_frame_ticks(self._last_ticks, self.pts, self._step, self._video.time_base)

    def _decode(self) -> None:
        video = self._video
        shrinker = Shrinker(video)
        clock = Clock(video.time_base, self._step, self.problems)
        with open_container(self._source) as container:
            stream = stream_at(container, video.stream_index, "video")
            planes, filled = shrinker.buffers(self._batch), 0
            for frame in frames_of(container, stream, decoder_of(stream), self.problems):
                if self.stop.is_set():
                    return
                if not self._shrink(shrinker, clock, frame, [plane[filled] for plane in planes]):
                    continue
                filled += 1
                if filled == self._batch:
                    if not self._hand_over(planes, filled):
                        return
                    planes, filled = shrinker.buffers(self._batch), 0
            if filled:
                self._hand_over(planes, filled)

    def _shrink(self, shrinker: Shrinker, clock: Clock, frame: Any, rows: list[Any]) -> bool:
        """Place one frame and fill its planes; return whether it counts."""
        tick = clock.place(frame.pts, frame.dts)
        if tick is None:
            return False
        try:
            shrinker.into(frame, *rows)
        except READ_ERRORS:
            self.problems.note("frame that cannot be converted", float(tick * self._video.time_base))
            return False
        self.pts.append(tick)
        self._last_ticks = frame.duration or 0
        return True

    def _hand_over(self, planes: tuple[Any, Any, Any], count: int) -> bool:
        first = len(self.pts) - count
        luma, cb, cr = (plane[:count] for plane in planes)
        pts = np.array(self.pts[first:], np.int64)
        time_base: Fraction = self._video.time_base
        return self._put(FrameBatch(luma=luma, cb=cb, cr=cr, pts=pts, time_base=time_base, index=first))

    def _put(self, item: FrameBatch | None) -> bool:
        """Wait for room; return False when told to stop."""
        while not self.stop.is_set():
            try:
                self.ready.put(item, timeout=POLL_S)
            except queue.Full:
                continue
            return True
        return False
