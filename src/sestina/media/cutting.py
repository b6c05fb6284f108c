"""Cutting without encoding: runs of packets that are exactly some frames, copied into a file of their own.

A run can be copied when it starts with a key frame and its packets lie together in decoding order: then nothing
outside is needed to decode it, and nothing inside is shown before or after it. Sound is copied with the packets before
the cut that decoders of lapped transforms need; an edit list hides what lies before the first frame.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from sestina.core.errors import DecodeError
from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.media.source import Source, open_container
from sestina.media.streams import READ_ERRORS, packets_of, stream_at
from sestina.media.timeline import Problems

I64 = npt.NDArray[np.int64]

VIDEO_CODECS = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})
SOUND_CODECS = frozenset({"aac", "alac"})
"""What MP4 holds and may be cut between packets."""

NO_TICK = -(1 << 62)
"""Stands for a packet without time stamp."""
PRE_ROLL = 2
"""Packets of sound copied from before the cut: AAC needs one, with spectral band replication two."""
LEAD_S = 1.0
"""How much earlier than the cut reading starts, for sound that lies before its picture in the file."""


def uncopiable(info: MediaInfo) -> str:
    """Return why no part of this file can be copied; "" where some may be."""
    if info.video is None or info.video.codec not in VIDEO_CODECS:
        return f"{info.video.codec if info.video else 'sound alone'} is not copied into MP4"
    if info.audio is not None and info.audio.codec not in SOUND_CODECS:
        return f"{info.audio.codec} sound cannot be cut between packets in MP4"
    return ""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Packets that are exactly the frames of a cut.

    `dts` holds the tick at which each is decoded, int64 [N]; `start_pts` is the tick of the first frame, `end_pts` that
    at which the last one stops being shown.
    """

    dts: I64
    start_pts: int
    end_pts: int


class PacketTable:
    """Every packet of a video stream in decoding order: PTS and DTS in ticks, and whether it is a key frame.

    Raises OpenError when the file is gone.
    """

    def __init__(self, source: Source, video: VideoInfo) -> None:
        pts, dts, keys = array("q"), array("q"), bytearray()
        with open_container(source) as container:
            stream = stream_at(container, video.stream_index, "video")
            for packet in packets_of(container, stream, Problems()):
                if packet is not None and packet.size:
                    shown = packet.pts is not None and not packet.is_discard
                    pts.append(packet.pts if shown else NO_TICK)
                    dts.append(packet.dts if packet.dts is not None else NO_TICK)
                    keys.append(packet.is_keyframe)
        self._pts: I64 = np.array(pts, np.int64)
        self._dts = _filled(np.array(dts, np.int64), max(1, round(1 / (video.frame_rate * video.time_base))))
        self._keys = keys

    @cached_property
    def _shown(self) -> I64:
        """Numbers of the packets in the order they are shown."""
        return np.argsort(self._pts, kind="stable")

    @cached_property
    def _ticks(self) -> I64:
        return self._pts[self._shown]

    def run(self, start_pts: int, end_pts: int, frames: int) -> Run | str:
        """Return the run of packets shown from `start_pts` up to, not including, `end_pts`, or why there is none.

        Args:
            start_pts: tick of the first frame.
            end_pts: tick at which the last one stops being shown.
            frames: how many there are by decoding; a packet more or less is a reason not to trust the packets.
        """
        low, high = np.searchsorted(self._ticks, [start_pts, end_pts])
        numbers = self._shown[low:high]
        if len(numbers) != frames or frames == 0:
            return f"{len(numbers)} packets for {frames} frames"
        first = int(numbers.min())
        if int(self._pts[first]) != start_pts or not self._keys[first]:
            return "the first frame is no key frame"
        if int(numbers.max()) - first + 1 != frames:
            return "frames outside are coded between those inside"
        dts = self._dts[first : first + frames]
        if NO_TICK in dts or np.any(np.diff(dts) <= 0) or np.any(dts > self._pts[first : first + frames]):
            return "packets without usable decoding times"
        return Run(dts=dts, start_pts=start_pts, end_pts=end_pts)


def _filled(dts: I64, step: int) -> I64:
    """Give the first packets the DTS that Matroska does not store and FFmpeg only knows once it has seen B-frames."""
    known = np.flatnonzero(dts != NO_TICK)
    if len(known):
        first = int(known[0])
        dts[:first] = dts[first] - step * np.arange(first, 0, -1)
    return dts


def copy_run(source: Source, info: MediaInfo, run: Run, target: Path) -> None:
    """Write a run, and the sound of the same time, to an MP4 file whose first frame is shown at 0 s.

    Raises DecodeError when the packets are not found or cannot be written, OpenError when the file is gone.
    """
    video = info.video
    if video is None:
        raise ValueError(f"{info.name} has no video")
    start_s = float(run.start_pts * video.time_base)
    try:
        # Where a seek lands too late, everything is read.
        for seek_s in [start_s - LEAD_S, None] if start_s > LEAD_S else [None]:
            with open_container(source) as container:
                streams = [stream_at(container, video.stream_index, "video")]
                if info.audio is not None:
                    streams.append(stream_at(container, info.audio.stream_index, "audio"))
                if seek_s is not None:
                    container.seek(round(seek_s * av.time_base), backward=True)
                if _Copy(run, info, target).write(container, streams, whole=seek_s is None):
                    return
    except READ_ERRORS as error:
        raise DecodeError(f"cannot copy packets of {info.name!r}: {error}", hint="encode instead") from error
    raise DecodeError(f"packets of {info.name!r} were not found again", hint="encode instead")


class _Copy:
    """Copies one run while reading through a container."""

    def __init__(self, run: Run, info: MediaInfo, target: Path) -> None:
        if info.video is None:
            raise ValueError(f"{info.name} has no video")
        self._run, self._info, self._target = run, info, target
        self._start = run.start_pts * info.video.time_base
        self._end = run.end_pts * info.video.time_base
        self._taken = 0
        self._seen: set[int] = set()
        self._before: deque[Any] = deque(maxlen=PRE_ROLL)
        self._heard = info.audio is None

    def write(self, container: Any, streams: list[Any], *, whole: bool) -> bool:
        """Copy from where the container stands; return False where, unless that is its start, it is too late."""
        options = {"fflags": "+bitexact", "movflags": "+faststart"}
        with av.open(f"file:{self._target}", "w", format="mp4", container_options=options) as out:
            copies = {}
            for stream in streams:
                copy = out.add_stream_from_template(stream, opaque=True)  # AV1's decoder has no encoder of its name
                copy.time_base = stream.time_base
                copies[stream.index] = copy
            for packet in packets_of(container, streams, Problems()):
                if packet is None or not packet.size:
                    continue
                if not whole and self._is_late(packet):
                    return False
                for wanted in self._wanted(packet):
                    copy = copies[wanted.stream.index]
                    shift = round(self._start / wanted.time_base)
                    wanted.pts = wanted.pts - shift
                    wanted.dts = wanted.dts - shift
                    wanted.stream = copy
                    out.mux(wanted)
                if self._taken == len(self._run.dts) and self._heard:
                    break
        return self._taken == len(self._run.dts)

    def _is_late(self, packet: Any) -> bool:
        """Return whether the first packet of a stream that was seen already lies behind the run's start."""
        index = packet.stream.index
        if index in self._seen:
            return False
        self._seen.add(index)
        if packet.stream.type == "video":
            return packet.dts is None or packet.dts > int(self._run.dts[0])
        return packet.pts is None or packet.pts * packet.time_base > self._start

    def _wanted(self, packet: Any) -> Iterator[Any]:
        if packet.stream.type == "video":
            is_start = packet.is_keyframe and packet.pts == self._run.start_pts
            if self._taken < len(self._run.dts) and (self._taken or is_start):
                packet.dts = int(self._run.dts[self._taken])
                self._taken += 1
                yield packet
        elif packet.pts is not None and packet.dts is not None:
            yield from self._sound(packet)

    def _sound(self, packet: Any) -> Iterator[Any]:
        if packet.pts * packet.time_base >= self._end:
            self._heard = True
        elif (packet.pts + (packet.duration or 0)) * packet.time_base <= self._start:
            self._before.append(packet)
        else:
            while self._before:
                yield self._before.popleft()
            # The last one counts up to the end only, as encoders write a last packet that is not full.
            left = round(self._end / packet.time_base) - packet.pts
            packet.duration = max(1, min(packet.duration or left, left))
            yield packet
