"""Frames and samples to a file: H.264 and AAC, the same bytes for the same input.

A file appears under its name only when it is complete: it is written as a hidden `.part` beside it and
renamed by `close`. Frames carry their own PTS, so a variable frame rate is written as it is.
"""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
import numpy.typing as npt

from sestina.core.errors import SestinaError

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""File suffix -> container."""

BT709 = 1
"""Matrix, primaries and transfer of HD video in ITU-T H.273."""

LIMITED = 1
"""Video range, black at 16 and white at 235, in FFmpeg's numbering."""

ENCODER_THREADS = 2
"""Fixed, since x264's bytes depend on how many threads it uses and must not depend on the machine."""

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


class VideoWriter:
    """Write RGB frames, and sound when `sample_rate_hz` is given, to a video file.

    Used in a `with` block: leaving it in order completes the file, leaving it by an error removes what was
    written.

    Args:
        path: target; its suffix chooses the container (.mp4 .m4v .mov .mkv).
        width: pixels; even unless `pixel_format` is yuv444p.
        height: pixels; likewise.
        rate: nominal frames a second.
        sample_rate_hz: rate of the sound; None writes none.
        channels: 1, 2 or 6.
        crf: quality of x264, 0 (lossless) .. 51.
        preset: speed of x264, `ultrafast` .. `placebo`.
        gop: frames between key frames at most.
        pixel_format: of the coded video; `yuv444p` keeps colour at full size.
        time_base: seconds a tick of the frames' `pts`; None: 1 / rate.
        b_frames: frames predicted from both sides in a row at most; 0 makes the header's duration exact for a
            variable frame rate too (MP4 sums it over decoding order).

    Raises ValueError for sizes, suffixes or channel counts that cannot be written, SestinaError when the disk
    refuses.
    """

    def __init__(
        self,
        path: Path,
        *,
        width: int,
        height: int,
        rate: Fraction,
        sample_rate_hz: int | None = None,
        channels: int = 2,
        crf: int = 20,
        preset: str = "veryfast",
        gop: int = 60,
        pixel_format: str = "yuv420p",
        time_base: Fraction | None = None,
        b_frames: int = 3,
    ) -> None:
        self.path = Path(path)
        self.size = (width, height)
        self.rate = Fraction(rate)
        self._check(channels, pixel_format)
        self.time_base = Fraction(time_base) if time_base is not None else 1 / self.rate
        if self.time_base <= 0:
            raise ValueError(f"the time base must be positive, got {self.time_base}")
        self._last_pts: int | None = None
        self._samples = 0
        self._part = self.path.with_name(f".{self.path.name[:40]}.{os.getpid()}.part")
        self._container: Any = self._open(FORMATS[self.path.suffix.lower()])
        self._video = self._add_video(crf, preset, gop, pixel_format)
        self._video.codec_context.max_b_frames = b_frames
        self._audio = self._add_audio(sample_rate_hz, channels) if sample_rate_hz else None
        self._channels = channels

    def add_frame(self, rgb: U8, pts: int | None = None) -> None:
        """Append one picture.

        Args:
            rgb: uint8 [H,W,3], sRGB.
            pts: tick of `time_base`, later than the last one; None: one frame duration after it (0 at first).

        Raises ValueError for another shape or a PTS that does not increase, SestinaError when writing fails.
        """
        if rgb.shape != (self.size[1], self.size[0], 3) or rgb.dtype != np.uint8:
            raise ValueError(f"expected uint8 {(self.size[1], self.size[0], 3)}, got {rgb.dtype} {rgb.shape}")
        tick = self._next_pts() if pts is None else pts
        if self._last_pts is not None and tick <= self._last_pts:
            raise ValueError(f"pts {tick} does not come after {self._last_pts}")
        self._last_pts = tick
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        frame = frame.reformat(format=self._video.pix_fmt, dst_colorspace=BT709, dst_color_range=LIMITED)
        frame.pts, frame.time_base, frame.duration = tick, self.time_base, self._step
        self._write(self._video, frame)

    def add_audio(self, samples: F32) -> None:
        """Append sound, float32 [channels, n] in -1..1; the first sample plays at 0 s.

        Raises ValueError for another shape or a writer without sound, SestinaError when writing fails.
        """
        if self._audio is None:
            raise ValueError("this writer has no sound: give it a sample_rate_hz")
        if samples.ndim != 2 or len(samples) != self._channels:
            raise ValueError(f"expected [{self._channels}, n] samples, got {samples.shape}")
        if samples.shape[1] == 0:
            return
        clipped = np.ascontiguousarray(np.clip(samples, -1, 1), dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(clipped, format="fltp", layout=LAYOUTS[self._channels])
        frame.sample_rate = self._audio.codec_context.sample_rate
        frame.pts, frame.time_base = self._samples, Fraction(1, frame.sample_rate)
        self._samples += samples.shape[1]
        self._write(self._audio, frame)

    def close(self) -> None:
        """Complete the file and give it its name; a second call does nothing.

        Raises ValueError when no frame was added, SestinaError when writing fails; either leaves no file.
        """
        if self._container is None:
            return
        if self._last_pts is None:
            self.abort()
            raise ValueError("a video needs at least one frame")
        self._write(self._video, None)
        if self._audio is not None and self._samples:
            self._write(self._audio, None)
        try:
            self._container.close()
            self._container = None
            os.replace(self._part, self.path)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from error

    def abort(self) -> None:
        """Drop what was written; does nothing after `close`."""
        container, self._container = self._container, None
        if container is None:
            return
        try:
            container.close()
        except (av.FFmpegError, OSError):
            pass  # the first error is on its way already, and the file goes anyway
        finally:
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    @property
    def _step(self) -> int:
        return max(1, round(1 / (self.rate * self.time_base)))

    def _next_pts(self) -> int:
        return 0 if self._last_pts is None else self._last_pts + self._step

    def _check(self, channels: int, pixel_format: str) -> None:
        width, height = self.size
        if self.path.suffix.lower() not in FORMATS:
            raise ValueError(f"cannot write {self.path.suffix!r} files; known: {', '.join(FORMATS)}")
        if width < 1 or height < 1 or ("444" not in pixel_format and (width % 2 or height % 2)):
            raise ValueError(f"width and height must be even and positive, got {width}x{height}")
        if channels not in LAYOUTS:
            raise ValueError(f"channels must be one of {sorted(LAYOUTS)}, got {channels}")
        if self.rate <= 0:
            raise ValueError(f"the rate must be positive, got {self.rate}")

    def _open(self, container: str) -> Any:
        options = {"fflags": "+bitexact"}
        if container in ("mp4", "mov"):
            options["movflags"] = "+faststart"
        try:
            self._part.open("wb").close()
            # `file:` keeps a name such as `a:b.mp4` from being read as a protocol.
            target = f"file:{self._part}"
            return av.open(target, "w", format=container, container_options=options)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from error

    def _add_video(self, crf: int, preset: str, gop: int, pixel_format: str) -> Any:
        # Macroblock tree off: its SIMD code reads memory nobody wrote when the width in macroblocks is not a multiple
        # of 8 and there are B-frames, so that two runs would give different bytes (x264 core 165, measured).
        options = {"crf": str(crf), "preset": preset, "mbtree": "0"}
        stream: Any = self._container.add_stream("libx264", rate=self.rate, options=options)
        stream.width, stream.height = self.size
        stream.pix_fmt = pixel_format
        stream.time_base = stream.codec_context.time_base = self.time_base
        context = stream.codec_context
        context.gop_size = gop
        context.thread_count = ENCODER_THREADS
        context.color_range = LIMITED
        context.colorspace = context.color_primaries = context.color_trc = BT709
        context.flags |= int(av.codec.context.Flags.bitexact) | int(av.codec.context.Flags.frame_duration)
        return stream

    def _add_audio(self, sample_rate_hz: int, channels: int) -> Any:
        stream: Any = self._container.add_stream("aac", rate=sample_rate_hz, layout=LAYOUTS[channels])
        stream.codec_context.bit_rate = 64_000 * channels
        stream.codec_context.flags |= int(av.codec.context.Flags.bitexact)
        return stream

    def _write(self, stream: Any, frame: Any) -> None:
        if self._container is None:
            raise ValueError("the writer is closed")
        try:
            self._container.mux(stream.encode(frame))
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> SestinaError:
        if getattr(self, "_container", None) is not None:
            self.abort()
        self._part.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        return SestinaError(
            f"cannot write {str(self.path)!r}: {reason}", hint="free some space or choose another folder"
        )
