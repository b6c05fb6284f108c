"""The video behind a storyboard, opened for an export that shows or cuts it: frames by number, sound by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sestina.core.errors import DecodeError, SestinaError
from sestina.core.frames import Picture
from sestina.core.media_info import VideoInfo
from sestina.core.storyboard import Storyboard
from sestina.core.time import FrameTable
from sestina.export._pictures import pictures_of
from sestina.media.decode import audio_blocks, pictures
from sestina.media.probe import probe
from sestina.media.source import resolve

F32 = npt.NDArray[np.float32]

AAC_RATES_HZ = frozenset({8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000})
"""Sample rates that AAC has (ISO/IEC 14496-3); sound of another one is resampled to 48 kHz."""


class Film:
    """A storyboard's video. Frame n is the document's frame n.

    Another file of the same number of frames may stand in for the one that was analysed: then times are its own.

    Args:
        board: the document.
        video: the file; None raises SestinaError, with what to do.

    Raises OpenError when the file cannot be read, SestinaError when it is not the storyboard's video.
    """

    def __init__(self, board: Storyboard, video: Path | None) -> None:
        if video is None:
            raise SestinaError(f"the video {board.media.name!r} was not found", hint="name it with --video")
        self.source = resolve(video)
        self.is_same_file = self.source.sha256 == board.media.sha256
        self.info = board.media if self.is_same_file else probe(self.source)
        ours, theirs = _frames(board.media.frame_table()), _frames(self.info.frame_table())
        if ours != theirs:
            raise SestinaError(
                f"{self.source.name!r} is not the video of this storyboard: {theirs} frames, not {ours}",
                hint="name the one that was analysed with --video, or analyze this one",
            )

    @cached_property
    def video(self) -> VideoInfo:
        """Facts of the picture. Raises SestinaError for a file of sound alone."""
        return pictures_of(self.info)[0]

    @cached_property
    def table(self) -> FrameTable:
        """Times of the frames. Raises SestinaError for a file of sound alone."""
        return pictures_of(self.info)[1]

    def frames(self, numbers: Sequence[int]) -> Iterator[Picture]:
        """Yield the frames of these numbers, in the order given; one pass over the video as long as they ascend.

        Raises SeekError or DecodeError where the file is damaged.
        """
        turns = [n for n, (a, b) in enumerate(pairwise(numbers), 1) if b < a]
        for start, after in pairwise([0, *turns, len(numbers)]):
            run = numbers[start:after]
            shown = pictures(self.source, self.info, [self.table.time_s(number) for number in run])
            for number, picture in zip(run, shown, strict=True):
                if picture.pts != int(self.table.pts[number]):
                    raise DecodeError(
                        f"frame {number} of {self.info.name!r} cannot be decoded", hint="the file is damaged there"
                    )
                yield picture


def _frames(table: FrameTable | None) -> int:
    return 0 if table is None else len(table)


class Sound:
    """The sound of a film by time; forward reading is one pass, going back starts anew.

    `rate_hz` is the file's own where AAC has it; `channels` is 1 or 2, more are mixed down.
    """

    def __init__(self, film: Film) -> None:
        audio = film.info.audio
        if audio is None:
            raise ValueError(f"{film.info.name} has no sound")
        self.rate_hz = audio.rate_hz if audio.rate_hz in AAC_RATES_HZ else 48_000
        self.channels = 1 if audio.channels == 1 else 2
        self._film = film
        self._rewind()

    def _rewind(self) -> None:
        self._blocks = audio_blocks(self._film.source, self._film.info, rate_hz=self.rate_hz, channels=self.channels)
        self._held: F32 = np.zeros((self.channels, 0), np.float32)
        self._first: int | None = None

    def read(self, start_s: float, end_s: float) -> F32:
        """Return float32 [channels, n], from the sample nearest to one time up to the one nearest to another.

        Silence where the file has no sound.
        """
        start, after = round(start_s * self.rate_hz), round(end_s * self.rate_hz)
        if self._first is not None and start < self._first:
            self._rewind()
        out = np.zeros((self.channels, after - start), np.float32)
        while self._end < after and (block := next(self._blocks, None)) is not None:
            if self._first is None:
                self._first = round(block.start_s * self.rate_hz)
            keep = min(max(0, start - self._first), self._held.shape[1])
            self._held = np.concatenate([self._held[:, keep:], block.samples], axis=1)
            self._first += keep
        if self._first is not None:
            low, high = max(start, self._first), min(after, self._end)
            if low < high:
                out[:, low - start : high - start] = self._held[:, low - self._first : high - self._first]
        return out

    @property
    def _end(self) -> int:
        return -1 if self._first is None else self._first + self._held.shape[1]
