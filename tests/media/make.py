"""Tiny real files for the tests: every frame carries its number as a grey level, so that any frame can be named."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

LEVELS = 40
STEP = 5
DARKEST = 30

os.environ.setdefault("SVT_LOG", "1")  # the AV1 encoder prints its settings otherwise

X264 = {"crf": "12", "preset": "ultrafast", "tune": "fastdecode"}


def level(index: int) -> int:
    """Grey level 0..255 of frame `index`; repeats after `LEVELS` frames."""
    return DARKEST + STEP * (index % LEVELS)


def number(luma: npt.NDArray[Any]) -> int:
    """Frame number (modulo `LEVELS`) read from any picture of the frame."""
    return round((float(luma.mean()) - DARKEST) / STEP)


def grey(index: int, width: int, height: int) -> U8:
    """RGB picture of frame `index`."""
    return np.full((height, width, 3), level(index), np.uint8)


def numbered(count: int, width: int = 96, height: int = 64) -> list[U8]:
    return [grey(i, width, height) for i in range(count)]


def corners(width: int = 96, height: int = 64) -> U8:
    """Dark picture with a white square in the top left quarter and a red one in the bottom right quarter."""
    picture = np.full((height, width, 3), 40, np.uint8)
    picture[: height // 2, : width // 2] = 255
    picture[height // 2 :, width // 2 :] = (220, 20, 20)
    return picture


def tone(seconds: float, rate_hz: int = 48_000, hz: float = 440.0, channels: int = 2, start_s: float = 0.0) -> F32:
    """Sine of amplitude 0.5, float32 [channels, n]."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz + start_s
    return np.repeat(0.5 * np.sin(2 * np.pi * hz * t)[None], channels, axis=0).astype(np.float32)


class Sink:
    """A target that cannot seek, such as a pipe: headers cannot be completed afterwards."""

    def __init__(self) -> None:
        self.data = io.BytesIO()

    def write(self, data: bytes) -> int:
        return self.data.write(data)


def video(
    path: Path,
    frames: Iterable[U8],
    *,
    codec: str = "libx264",
    rate: Fraction | int = 25,
    pts: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    container: str | None = None,
    muxing: dict[str, str] | None = None,
    gop: int = 12,
    b_frames: int = 2,
    sar: Fraction | None = None,
    sound: F32 | None = None,
    sound_rate_hz: int = 48_000,
    sound_codec: str = "aac",
    sound_pts: int = 0,
    metadata: dict[str, str] | None = None,
    seekable: bool = True,
    colour: dict[str, int] | None = None,
    sound_only: bool = False,
) -> Path:
    """Encode `frames` (uint8 [H,W,3]; [H,W,4] with alpha) to `path` and return it."""
    sink = Sink()
    target: Any = f"file:{path}" if seekable else sink
    with av.open(target, "w", format=container, container_options=muxing or {}) as out:
        pictures = list(frames)
        stream: Any = None
        if not sound_only:
            stream = out.add_stream(codec, rate=Fraction(rate))
            _set_up(stream, pictures[0], rate, time_base, pixel_format, gop, b_frames, sar, colour)
            stream.options = dict(options if options is not None else X264 if codec == "libx264" else {})
            stream.metadata.update(metadata or {})
        audio: Any = None
        if sound is not None:
            layout = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}[len(sound)]
            audio = out.add_stream(sound_codec, rate=sound_rate_hz, layout=layout)
        if stream is not None:
            _encode(out, stream, pictures, pts)
        if audio is not None and sound is not None:
            _encode_sound(out, audio, sound, sound_rate_hz, sound_pts)
    if not seekable:
        path.write_bytes(sink.data.getvalue())
    return path


def _set_up(
    stream: Any,
    picture: U8,
    rate: Fraction | int,
    time_base: Fraction | None,
    pixel_format: str,
    gop: int,
    b_frames: int,
    sar: Fraction | None,
    colour: dict[str, int] | None,
) -> None:
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt = pixel_format
    context = stream.codec_context
    stream.time_base = context.time_base = time_base or 1 / Fraction(rate)
    context.gop_size, context.max_b_frames, context.thread_count = gop, b_frames, 1
    if sar is not None:
        context.sample_aspect_ratio = sar
    for name, value in (colour or {}).items():
        setattr(context, name, value)


def _encode(out: Any, stream: Any, pictures: Sequence[U8], pts: Sequence[int] | None) -> None:
    for i, picture in enumerate(pictures):
        form = "rgba" if picture.shape[2] == 4 else "rgb24"
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format=form)
        if stream.pix_fmt.startswith("yuv"):
            full = stream.pix_fmt.startswith("yuvj") or stream.codec_context.color_range == 2
            frame = frame.reformat(
                width=stream.width, height=stream.height, format=stream.pix_fmt, dst_color_range=2 if full else 1
            )
        frame.pts = i if pts is None else pts[i]
        frame.time_base = stream.codec_context.time_base
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def _encode_sound(out: Any, stream: Any, sound: F32, rate_hz: int, start: int) -> None:
    layout = stream.codec_context.layout.name
    for at in range(0, sound.shape[1], 1024):
        part = np.ascontiguousarray(sound[:, at : at + 1024])
        # Packed, since PyAV cannot count eight planes.
        frame = av.AudioFrame.from_ndarray(part.T.reshape(1, -1).copy(), format="flt", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, start + at, Fraction(1, rate_hz)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def wave(path: Path, samples: F32, rate_hz: int = 48_000) -> Path:
    """Write 16-bit PCM, float32 [channels, n], as a WAV file."""
    pcm = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").T.tobytes()
    channels = len(samples)
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * channels * 2, channels * 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(pcm)) + pcm
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


MATRICES = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def rotate(path: Path, degrees: int) -> Path:
    """Set the display matrix of an MP4's first track to a clockwise turn (ISO/IEC 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = MATRICES[degrees]
    one = 1 << 16
    data[at : at + 36] = struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def cut(path: Path, start: float = 0.0, end: float = 1.0) -> Path:
    """Keep only the bytes between two shares of the file's length."""
    data = path.read_bytes()
    path.write_bytes(data[round(start * len(data)) : round(end * len(data))])
    return path


def sequential(path: Path) -> list[tuple[int, U8]]:
    """Decode a file from its start with nothing but PyAV: (PTS, RGB in BT.601 or as PyAV chooses) of every frame."""
    out = []
    with av.open(f"file:{path}") as container:
        for packet in container.demux(video=0):
            if packet.size or packet.pts is None:
                out += [(int(frame.pts or 0), frame.to_ndarray(format="rgb24")) for frame in packet.decode()]
    return [(pts, np.asarray(rgb, np.uint8)) for pts, rgb in out]
