"""What a media file is: what its header claims, and what its packets show, found without decoding the whole of it.

`probe` reads every packet and decodes only the first frames, so its frame table is a forecast: edit lists, broken
starts and damage can take frames away. `refined` replaces it by the times that a full decode saw.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sestina.core.errors import DecodeError, EmptyError, OpenError
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.time import FrameTable, Span, seconds, snap_rate
from sestina.media.source import Source, open_container, resolve
from sestina.media.streams import best_audio, best_video, decoded, decoder_of, packets_of
from sestina.media.timeline import GAP_S, Clock, Problems, is_regular, table_of

SAMPLES = 4
"""Frames decoded to see what headers do not tell: rotation, interlacing, colour, the first frame's time."""

TRIES = 3000
"""Packets tried before a stream counts as undecodable; a broken start is rarely longer than a minute."""

PLAIN_RATE = Fraction(25)
"""Frame rate assumed when nothing tells it: a single picture without duration."""

LONGEST_TICK_S = 3600
"""A time base above this is damage; even time lapses tick faster."""

HDR_TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}
TRANSFERS = {1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear", 13: "srgb"} | (
    {14: "bt2020-10", 15: "bt2020-12"} | HDR_TRANSFERS
)
"""Transfer characteristics by their number in ITU-T H.273, named as FFmpeg does."""


@dataclass
class _Scan:
    """What the packets of one stream show; ticks of its time base."""

    pts: array[int] = field(default_factory=lambda: array("q"))
    last_end: int | None = None
    last_ticks: int = 0
    bytes: int = 0
    tries: int = 0
    frames: list[Any] = field(default_factory=list)

    def add(self, packet: Any) -> None:
        """Take one packet into account."""
        self.bytes += packet.size
        tick = packet.pts if packet.pts is not None else packet.dts
        if tick is None or packet.is_discard:
            return
        self.pts.append(tick)
        ticks = packet.duration or 0
        if self.last_end is None or tick + ticks > self.last_end:
            self.last_end, self.last_ticks = tick + ticks, ticks


def probe(path: str | Path | Source, *, allow_url: bool = False) -> MediaInfo:
    """Return the facts of a media file.

    Raises OpenError when the file cannot be opened, EmptyError when it holds neither picture nor sound, DecodeError
    when nothing in it can be decoded.
    """
    source = resolve(path, allow_url=allow_url)
    problems = Problems()
    with open_container(source) as container:
        video, audio = best_video(container), best_audio(container)
        if video is None and audio is None:
            raise _nothing(container, source)
        scans = _scan(container, [s for s in (video, audio) if s is not None], problems)
        video_info = _video_info(video, scans[video.index], problems) if video is not None else None
        audio_info = _audio_info(audio, scans[audio.index]) if audio is not None else None
        if video is not None and video_info is None:
            problems.note("the video stream cannot be decoded")
        if audio is not None and audio_info is None:
            problems.note("the audio stream cannot be decoded")
        if video_info is None and audio_info is None:
            raise DecodeError(f"nothing in {source.name!r} can be decoded", hint="the file is damaged; get it again")
        return _media_info(source, container, video_info, audio_info, problems)


def _nothing(container: Any, source: Source) -> Exception:
    kinds = sorted({stream.type for stream in container.streams})
    if "video" in kinds or "audio" in kinds:
        return OpenError(f"no decoder for the streams of {source.name!r}", hint="convert it to H.264 first")
    inside = f"only {', '.join(kinds)}" if kinds else "no streams"
    return EmptyError(f"{source.name!r} holds no picture or sound ({inside})", hint="name a video or audio file")


def _scan(container: Any, streams: Sequence[Any], problems: Problems) -> dict[int, _Scan]:
    """Read every packet of `streams`, decoding until each has given its first frames."""
    scans = {stream.index: _Scan() for stream in streams}
    decoders = {stream.index: decoder_of(stream, threads=1) for stream in streams}
    wanted = {stream.index: SAMPLES if stream.type == "video" else 1 for stream in streams}
    for packet in packets_of(container, list(streams), problems):
        if packet is None:
            continue
        index = packet.stream.index  # the packets that flush carry no index of their own
        scan = scans[index]
        if packet.size:
            scan.add(packet)
        if len(scan.frames) < wanted[index] and scan.tries < TRIES:
            scan.tries += 1
            # What cannot be decoded here is counted by the sweep, once.
            scan.frames.extend(decoded(decoders[index], packet, Problems()))
    for index, scan in scans.items():
        if not scan.frames:
            scan.frames.extend(decoded(decoders[index], None, Problems()))
    return scans


def _video_info(stream: Any, scan: _Scan, problems: Problems) -> VideoInfo | None:
    if not scan.frames:
        return None
    first = scan.frames[0]
    nominal = _nominal_rate(stream)
    time_base = _time_base(stream, problems)
    table = _forecast(scan, time_base, nominal)
    rotation = round(-first.rotation / 90) * 90 % 360
    sar = _sar(stream)
    width, height = _display_size(first.width, first.height, sar, rotation)
    parts = first.format.components
    info = VideoInfo(
        codec=stream.codec_context.codec.canonical_name,
        pixel_format=first.format.name,
        bit_depth=max((part.bits for part in parts), default=8),
        width=first.width,
        height=first.height,
        display_width=width,
        display_height=height,
        sar=sar,
        rotation_deg=rotation,
        frame_count_from_header=stream.frames or None,
        duration_from_header_s=_header_duration_s(stream),
        time_base=time_base,
        bit_rate_bps=_bit_rate(scan, table.span.duration_s),
        full_range=first.color_range == 2 or first.format.name.startswith("yuvj") or first.format.is_rgb,
        interlaced=any(frame.interlaced_frame for frame in scan.frames),
        has_alpha=any(part.is_alpha for part in parts) and not _opaque_gif(stream, scan.frames),
        transfer=TRANSFERS.get(first.color_trc),
        hdr=first.color_trc in HDR_TRANSFERS,
        stream_index=stream.index,
        **_timing(table, nominal),
    )
    if first.rotation % 90:
        problems.note(f"rotated by {first.rotation} degrees, shown as the nearest quarter turn")
    return info


def _forecast(scan: _Scan, time_base: Fraction, nominal: Fraction) -> FrameTable:
    """Return the frame table that the packets promise, beginning with the first frame that could be decoded."""
    step = round(1 / (nominal * time_base))
    first = scan.frames[0].pts
    clock = Clock(time_base, step, Problems())
    ticks = sorted({tick for tick in scan.pts if first is None or tick >= first})
    placed = [tick for tick in map(clock.place, ticks) if tick is not None]
    if not placed:
        placed = [tick for tick in (clock.place(frame.pts) for frame in scan.frames) if tick is not None]
    return table_of(placed, time_base, last_frame_ticks(scan.last_ticks, placed, step, time_base))


def last_frame_ticks(stated: int, pts: Sequence[int], step: int, time_base: Fraction) -> int:
    """Return how long the last frame is shown: as stated, else as long as most frames, else `step`; at least 1."""
    if 0 < stated * time_base <= GAP_S:
        return stated
    return max(1, int(np.median(np.diff(np.asarray(pts[-1000:])))) if len(pts) > 1 else step)


def _timing(table: FrameTable, nominal: Fraction) -> dict[str, Any]:
    """Return the fields of VideoInfo that say when frames are shown."""
    rate = _rate(table, nominal)
    regular = is_regular(table, rate)
    return {
        "frame_rate": rate,
        "vfr": table.is_vfr,
        "frame_count_from_content": len(table),
        "first_pts": int(table.pts[0]),
        "end_pts": table.end_pts,
        "frame_times": None if regular else tuple(table.pts.tolist()),
    }


def _rate(table: FrameTable, nominal: Fraction) -> Fraction:
    """Return the header's rate where it gives the table's length to two ticks (milliseconds round), else the mean."""
    claimed = snap_rate(nominal)
    ticks = table.end_pts - int(table.pts[0])
    if len(table) == 1 or abs(len(table) / (claimed * table.time_base) - ticks) <= 2:
        return claimed
    return table.rate


def refined(
    info: MediaInfo, pts: npt.NDArray[np.int64], *, end_pts: int | None = None, problems: Iterable[str] = ()
) -> MediaInfo:
    """Return `info` with the frame times that a full decode saw in place of the forecast.

    Args:
        info: from `probe`.
        pts: int64 [N], strictly increasing ticks of the video's time base; N may be 0.
        end_pts: tick at which the last frame stops being shown; None: as `info` says, or one frame.
        problems: what the decode met, added to `info.problems` where new.

    Raises DecodeError when there were no frames although `info` has a video.
    """
    video = info.video
    if video is None:
        return info
    if len(pts) == 0:
        raise DecodeError(f"no frame of {info.name!r} can be decoded", hint="the file is damaged; get it again")
    step = round(1 / (video.frame_rate * video.time_base))
    end = max(end_pts if end_pts is not None else int(pts[-1]) + step, int(pts[-1]) + 1)
    table = FrameTable(pts=np.asarray(pts, np.int64), time_base=video.time_base, end_pts=end)
    exact = video.model_copy(update=_timing(table, video.frame_rate))
    kept = [line for line in info.problems if not line.startswith("header says")]
    lines = dict.fromkeys([*kept, *_lies(exact, table), *problems])
    return info.model_copy(update={"video": exact, "span": table.span, "problems": tuple(lines)})


def _lies(video: VideoInfo, table: FrameTable) -> list[str]:
    """Return where the header's claims about the video part from its content by more than 2 % and 0.1 s."""
    lines = []
    claimed, shown = video.duration_from_header_s, table.span.duration_s
    if claimed is not None and abs(claimed - shown) > max(0.1, 0.02 * shown, 2 / float(video.frame_rate)):
        lines.append(f"header says {claimed:.2f} s of video, content shows {shown:.2f} s")
    frames, counted = video.frame_count_from_header, len(table)
    if frames is not None and abs(frames - counted) > max(2, 0.02 * counted):
        lines.append(f"header says {frames} frames, content has {counted}")
    return lines


def _time_base(stream: Any, problems: Problems) -> Fraction:
    """Return seconds a tick; a tick of hours is damage, and its frames are shown as 25 a second."""
    base = stream.time_base
    if base is not None and 0 < base <= LONGEST_TICK_S:
        return Fraction(base)
    problems.note("time stamps without a usable unit, read as 25 a second")
    return 1 / PLAIN_RATE


def _nominal_rate(stream: Any) -> Fraction:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate is not None and 1 / GAP_S <= rate <= 1000:
            return Fraction(rate)
    return PLAIN_RATE


def _sar(stream: Any) -> Fraction:
    sar = stream.sample_aspect_ratio
    return Fraction(sar) if sar is not None and Fraction(1, 16) <= sar <= 16 else Fraction(1)


def _display_size(width: int, height: int, sar: Fraction, rotation: int) -> tuple[int, int]:
    square = (width if is_nearly_square(sar) else max(1, round(width * sar))), height
    return (square[1], square[0]) if rotation in (90, 270) else square


def is_nearly_square(sar: Fraction) -> bool:
    """Return whether pixels are square but for the rounding of an encoder (640:639 and the like)."""
    return abs(sar - 1) <= Fraction(1, 200)


def _opaque_gif(stream: Any, frames: Sequence[Any]) -> bool:
    """GIF is always decoded with alpha; most are opaque all the same."""
    if stream.codec_context.codec.canonical_name != "gif":
        return False
    return all(int(frame.to_ndarray(format="rgba")[..., 3].min()) == 255 for frame in frames)


def _header_duration_s(stream: Any) -> float | None:
    if stream.duration is not None and stream.duration > 0:
        return seconds(stream.duration * (stream.time_base or 0))
    return _clock_s(stream.metadata.get("DURATION", ""))


def _clock_s(text: str) -> float | None:
    """Return `00:01:02.5` in seconds (Matroska's DURATION tag), or None."""
    parts = text.split(":")
    try:
        hours, minutes, secs = (float(part) for part in parts)
    except ValueError:
        return None
    total = hours * 3600 + minutes * 60 + secs
    return seconds(total) if math.isfinite(total) and total > 0 else None


def _bit_rate(scan: _Scan, duration_s: float) -> float | None:
    return round(scan.bytes * 8 / duration_s, 1) if duration_s > 0 else None


def _audio_info(stream: Any, scan: _Scan) -> AudioInfo | None:
    if not scan.frames:
        return None
    first = scan.frames[0]
    start = first.pts if first.pts is not None else min(scan.pts, default=0)
    start_s = seconds(start * stream.time_base) if abs(start * stream.time_base) < GAP_S * 1000 else 0.0
    end = scan.last_end if scan.last_end is not None else start
    duration_s = min(max(0.0, seconds((end - start) * stream.time_base)), GAP_S * 1000)
    return AudioInfo(
        codec=stream.codec_context.codec.canonical_name,
        rate_hz=first.sample_rate,
        channels=len(first.layout.channels),
        layout=first.layout.name,
        start_s=start_s,
        duration_s=duration_s,
        bit_rate_bps=_bit_rate(scan, duration_s),
        stream_index=stream.index,
    )


def _media_info(
    source: Source, container: Any, video: VideoInfo | None, audio: AudioInfo | None, problems: Problems
) -> MediaInfo:
    name = container.format.name.split(",")
    suffix = source.path.suffix.lower().lstrip(".")
    span = Span.of(0, 0)
    info = MediaInfo(
        path=source.name,
        sha256=source.sha256,
        size_bytes=source.size_bytes,
        container=suffix if suffix in name else name[0],
        duration_from_header_s=seconds(container.duration / 1e6) if (container.duration or 0) > 0 else None,
        span=span,
        video=video,
        audio=audio,
        tags={key[:100]: value[:1000] for key, value in sorted(container.metadata.items())},
    )
    table = info.frame_table()
    lines = list(problems.lines())
    if table is not None and video is not None:
        span, lines = table.span, [*_lies(video, table), *lines]
    elif audio is not None:
        span = Span.of(audio.start_s, audio.start_s + (audio.duration_s or 0.0))
    return info.model_copy(update={"span": span, "problems": tuple(lines)})
