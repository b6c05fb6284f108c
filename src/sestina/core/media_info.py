"""Facts about a media file: what its header claims beside what its content shows.

Where both exist they have names of their own (`frame_count_from_header`, `frame_count_from_content`) and one property
chooses, content first.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from sestina.core.time import FrameTable, Span, seconds


def _fraction(value: Any) -> Fraction:
    return Fraction(value)


Rational = Annotated[
    Fraction,
    PlainValidator(_fraction),
    PlainSerializer(lambda value: f"{value.numerator}/{value.denominator}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+/\d+$"}),
]
"""A fraction, written `30000/1001` in JSON."""


def _rounded_multiples(step: Fraction, count: int) -> npt.NDArray[np.int64]:
    """Return round(i * step) for i below `count`, exactly, halves to the even number as `round` does; int64 [N]."""
    whole, rest = np.divmod(np.arange(count, dtype=np.int64) * step.numerator, step.denominator)
    up = (2 * rest > step.denominator) | ((2 * rest == step.denominator) & (whole % 2 == 1))
    return np.asarray(whole + up, np.int64)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class VideoInfo(_Frozen):
    """One video stream.

    `width` and `height` are the stored size; `display_width` and `display_height` what a player shows after `sar`
    (sample aspect ratio) and `rotation_deg` (clockwise, 0 90 180 270). `frame_times` holds every frame's PTS, and only
    where spacing varies (`vfr`); otherwise `first_pts`, `frame_rate` and `frame_count` say the same.
    """

    codec: str
    pixel_format: str
    bit_depth: int = 8
    width: int
    height: int
    display_width: int
    display_height: int
    sar: Rational = Fraction(1)
    rotation_deg: int = 0
    frame_rate: Rational
    vfr: bool = False
    frame_count_from_header: int | None = None
    frame_count_from_content: int | None = None
    duration_from_header_s: float | None = None
    time_base: Rational
    first_pts: int = 0
    end_pts: int | None = None
    frame_times: tuple[int, ...] | None = None
    bit_rate_bps: float | None = None
    full_range: bool = False
    interlaced: bool = False
    has_alpha: bool = False
    transfer: str | None = None
    hdr: bool = False
    stream_index: int = 0

    @property
    def frame_count(self) -> int:
        """Frames in the stream: as counted, else as the header claims, else 0."""
        counted = self.frame_count_from_content
        return counted if counted is not None else self.frame_count_from_header or 0


class AudioInfo(_Frozen):
    """One audio stream; `start_s` is the presentation time of its first sample."""

    codec: str
    rate_hz: int
    channels: int
    layout: str = ""
    start_s: float = 0.0
    duration_s: float | None = None
    bit_rate_bps: float | None = None
    stream_index: int = 0


class MediaInfo(_Frozen):
    """The file: identity, container facts, its best video and audio stream, and the span that units live in."""

    path: str
    sha256: str
    size_bytes: int
    container: str
    duration_from_header_s: float | None = None
    span: Span
    video: VideoInfo | None = None
    audio: AudioInfo | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Last part of the path or URL."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]

    @property
    def duration_s(self) -> float:
        """Length of the span, seconds."""
        return self.span.duration_s

    def frame_table(self) -> FrameTable | None:
        """Return the PTS of every frame, from the stored table or from rate and count; None without video."""
        video = self.video
        if video is None or not video.frame_count:
            return None
        if video.frame_times is not None:
            pts = np.asarray(video.frame_times, np.int64)
        else:
            step = 1 / (video.frame_rate * video.time_base)
            pts = video.first_pts + _rounded_multiples(step, video.frame_count)
        last = int(pts[-1])
        end = (
            video.end_pts
            if video.end_pts is not None
            else last + max(1, round(1 / (video.frame_rate * video.time_base)))
        )
        return FrameTable(pts=pts, time_base=video.time_base, end_pts=max(end, last + 1))

    def frame_time_s(self, frame: int) -> float:
        """Return frame `frame`'s own time in seconds; raises ValueError without video."""
        table = self.frame_table()
        if table is None:
            raise ValueError(f"{self.name} has no video frames")
        return seconds(table.time_s(frame))
