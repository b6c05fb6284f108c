"""Which streams of a file matter, which decoder reads them, and frames out of packets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av

from sestina.core.errors import DecodeError
from sestina.core.time import seconds
from sestina.media.timeline import Problems

READ_ERRORS = (av.FFmpegError, OSError, ValueError, RuntimeError)
"""What PyAV raises on damaged content; several of its errors are also ValueError or RuntimeError."""

CODEC_THREADS = 2
"""Threads of one video decoder, fixed so that memory is the same on every machine.

On two cores one thread decodes at two thirds of the speed; more than two only help where more cores are free.
"""

ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""Codecs whose alpha FFmpeg's own decoders leave out, and the decoders that bring it."""


RATES_HZ = range(1000, 768_001)
"""Sample rates that sound has; damaged headers name others, and resampling from those takes hours."""


def best_video(container: Any) -> Any | None:
    """Return the video stream with the largest picture, or None; cover art and streams without decoder do not count."""
    found = [s for s in container.streams.video if s.codec_context is not None and not _is_cover(s)]
    return max(found, key=lambda s: (s.width * s.height, -s.index), default=None)


def _is_cover(stream: Any) -> bool:
    covers = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    return bool(stream.disposition & covers)


def best_audio(container: Any) -> Any | None:
    """Return the audio stream marked default, else the one with most channels, else the first; None without any."""
    streams = [s for s in container.streams.audio if s.codec_context is not None]
    found = [s for s in streams if s.codec_context.sample_rate in RATES_HZ]
    default = av.stream.Disposition.default
    return max(found, key=lambda s: (bool(s.disposition & default), s.codec_context.channels, -s.index), default=None)


def stream_at(container: Any, index: int, kind: str) -> Any:
    """Return stream `index`; raises DecodeError when the file has no such `kind` of stream (any more)."""
    streams = container.streams
    if index >= len(streams) or streams[index].type != kind or streams[index].codec_context is None:
        raise DecodeError(f"stream {index} is no {kind}", hint="the file may have changed; probe it again")
    return streams[index]


def decoder_of(stream: Any, threads: int = CODEC_THREADS) -> Any:
    """Return the codec context that decodes `stream`, with alpha where the file has it."""
    context = stream.codec_context
    wanted = ALPHA_DECODERS.get(context.codec.canonical_name)
    if wanted is not None and _has_alpha_layer(stream) and wanted in av.codecs_available:
        alpha: Any = av.CodecContext.create(wanted, "r")
        alpha.extradata = context.extradata
        alpha.width, alpha.height = context.width, context.height
        context = alpha
    context.thread_type = "AUTO"
    context.thread_count = threads
    return context


def _has_alpha_layer(stream: Any) -> bool:
    """WebM keeps alpha as a second picture beside each packet, and says so in a tag."""
    return any(key.lower() == "alpha_mode" and value == "1" for key, value in stream.metadata.items())


def packets_of(container: Any, streams: Any, problems: Problems) -> Iterator[Any]:
    """Yield the packets of `streams`, then one empty packet each to flush; damage ends the file early.

    Theora's empty packets ("show the last frame again") are left out: PyAV takes them for the end.
    """
    packets = container.demux(streams)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, IndexError):
            # IndexError: PyAV miscounts streams that appear on the way (FLV), after it has flushed those we read.
            return
        except READ_ERRORS:
            problems.note("the file cannot be read to its end")
            yield None
            return
        if packet.size == 0 and (packet.pts is not None or packet.dts is not None):
            continue
        yield packet


def frames_of(container: Any, stream: Any, decoder: Any, problems: Problems) -> Iterator[Any]:
    """Yield the decoded frames of `stream` in order of presentation; packets that cannot be decoded are counted."""
    for packet in packets_of(container, stream, problems):
        yield from decoded(decoder, packet, problems)


def decoded(decoder: Any, packet: Any | None, problems: Problems) -> Iterator[Any]:
    """Yield the frames that `packet` (None: flush) completes, each let go before the next is yielded."""
    try:
        frames = decoder.decode(packet)
    except EOFError:
        return
    except READ_ERRORS:
        pts = None if packet is None else packet.pts
        time_s = None if pts is None else _time_s(pts, packet)
        problems.note("data that cannot be decoded", time_s)
        return
    frames.reverse()
    while frames:
        yield frames.pop()


def _time_s(pts: int, packet: Any) -> float | None:
    base = packet.time_base
    return None if not base or abs(pts) > 1 << 60 else seconds(pts * base)
