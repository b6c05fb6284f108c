"""Full-size pictures at chosen times, exactly those that decoding from the start would show.

A picture is reached from the last key frame at or before it, when that saves decoding; frames that come after such a
key frame in presentation are whole even where groups of pictures are open. The jump is checked against the file's own
packets, and where a file cannot be jumped in reliably it is read on, or again from the start.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sestina.core.errors import SeekError
from sestina.core.frames import Picture
from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.core.time import seconds
from sestina.media.colour import rgb_of
from sestina.media.source import Source, open_container, resolve
from sestina.media.streams import READ_ERRORS, decoded, decoder_of, packets_of, stream_at
from sestina.media.timeline import FAR_S, GAP_S, Clock, Problems

WORTH = 8
"""Frames that a jump must save; flushing and refilling the decoder costs about as many."""


def pictures(path: str | Path | Source, info: MediaInfo, times_s: Sequence[float]) -> Iterator[Picture]:
    """Yield the picture on screen at each of `times_s`, in order of time, one for each (repeats too).

    On screen is the last frame whose time is not after the time asked for; before the first frame that is the first.

    Raises ValueError when `info` has no video, SeekError when no frame can be decoded, OpenError when the file is gone.
    """
    if info.video is None:
        raise ValueError(f"{info.name} has no video")
    if not len(times_s):
        return
    source = resolve(path)
    reader = _Reader(source, info.video, _jumps(source, info.video))
    try:
        held: Picture | None = None
        for time_s in sorted(seconds(time) for time in times_s):
            frame, tick = reader.at(time_s)
            if held is None or held.pts != tick:
                held = _picture(frame, tick, info)
            yield held
    finally:
        reader.close()


def _picture(frame: Any, tick: int, info: MediaInfo) -> Picture:
    video = info.video
    if video is None:
        raise ValueError(f"{info.name} has no video")
    try:
        return Picture(rgb=rgb_of(frame, video), pts=tick, time_base=video.time_base)
    except READ_ERRORS as error:
        raise SeekError(
            f"the frame at {seconds(tick * video.time_base)} s of {info.name!r} cannot be converted",
            hint="the file is damaged there; choose another time",
        ) from error


@dataclass(frozen=True)
class _Key:
    """Where a key packet lies: ticks, and byte position where the container tells it."""

    pts: int
    dts: int | None
    pos: int | None

    def is_reached_from(self, packet: Any) -> bool:
        """Return whether reading on from `packet` comes past this one."""
        if self.pos is not None and packet.pos is not None:
            return bool(packet.pos <= self.pos)
        return self.dts is not None and packet.dts is not None and bool(packet.dts <= self.dts)


@dataclass
class _Jumps:
    """Key packets one may start from: presentation times in seconds (increasing), packets, rank among all packets."""

    times_s: list[float] = field(default_factory=list)
    keys: list[_Key] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)

    def before(self, time_s: float) -> int | None:
        """Return the number of the last key packet presented at or before `time_s`."""
        found = bisect_right(self.times_s, time_s) - 1
        return found if found >= 0 else None


def _jumps(source: Source, video: VideoInfo) -> _Jumps:
    """Read all packets and return where one may jump; nowhere when time stamps would need repair."""
    jumps, seen, count = _Jumps(), [], 0
    with open_container(source) as container:
        stream = stream_at(container, video.stream_index, "video")
        for packet in packets_of(container, stream, Problems()):
            if packet is None or (packet.size and packet.pts is None):
                return _Jumps()
            if not packet.size:
                continue
            count += 1
            if not packet.is_discard:
                seen.append(packet.pts)
            time_s = float(packet.pts * video.time_base)
            if packet.is_keyframe and abs(time_s) < FAR_S and (not jumps.times_s or time_s > jumps.times_s[-1]):
                jumps.times_s.append(seconds(packet.pts * video.time_base))
                jumps.keys.append(_Key(packet.pts, packet.dts, packet.pos))
                jumps.ranks.append(count)
    seen.sort()
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    plain = all(0 < gap * video.time_base < GAP_S for gap in gaps)
    return jumps if plain else _Jumps()


class _Reader:
    """Reads forward through one video, jumping ahead when that saves work."""

    def __init__(self, source: Source, video: VideoInfo, jumps: _Jumps) -> None:
        self._source, self._video, self._jumps = source, video, jumps
        self._start()

    def _start(self) -> None:
        """Open the file and stand before its first frame."""
        self._opened = open_container(self._source)
        self._container = self._opened.__enter__()
        self._stream = stream_at(self._container, self._video.stream_index, "video")
        self._decoder = decoder_of(self._stream)
        self._packets = packets_of(self._container, self._stream, Problems())
        self._shown: tuple[Any, int] | None = None
        self._next: tuple[Any, int] | None = None
        self._rank = 0
        step = round(1 / (self._video.frame_rate * self._video.time_base))
        self._clock = Clock(self._video.time_base, step, Problems())
        self._frames = self._run([])

    def close(self) -> None:
        """Close the file."""
        self._frames.close()
        self._opened.__exit__(None, None, None)

    def at(self, time_s: float) -> tuple[Any, int]:
        """Return the frame on screen at `time_s` (not before the last one asked for) and its tick."""
        key = self._jumps.before(time_s)
        if key is not None and self._jumps.ranks[key] > self._rank + WORTH:
            self._jump(key)
        while True:
            if self._next is None:
                self._next = next(self._frames, None)
            if self._next is None or (self._shown is not None and self._time_s(self._next[1]) > time_s):
                break
            self._shown, self._next = self._next, None
        if self._shown is None:
            raise SeekError(
                f"no frame of {self._source.name!r} can be decoded", hint="the file is damaged; get it again"
            )
        return self._shown

    def _time_s(self, tick: int) -> float:
        return seconds(tick * self._video.time_base)

    def _run(self, packets: list[Any], earliest: int | None = None) -> Generator[tuple[Any, int], None, None]:
        """Yield decoded frames with their ticks: of `packets`, then of what follows; none before `earliest`."""
        for packet in self._following(packets):
            for frame in decoded(self._decoder, packet, Problems()):
                if earliest is not None and (frame.pts is None or frame.pts < earliest):
                    continue
                tick = self._clock.place(frame.pts, frame.dts)
                if tick is not None:
                    yield frame, tick

    def _following(self, packets: list[Any]) -> Iterator[Any]:
        while packets:
            self._rank += 1
            yield packets.pop(0)
        for packet in self._packets:
            self._rank += 1
            yield packet

    def _jump(self, key: int) -> None:
        """Go to key packet number `key`; where that does not give its very frame, start over and never jump again."""
        wanted = self._jumps.keys[key]
        first = self._landed(wanted)
        if first is not None:
            self._rank = self._jumps.ranks[key]
            self._clock = Clock(self._video.time_base, self._clock.step, Problems())
            self._frames = self._run([first], earliest=wanted.pts)
            self._shown, self._next = None, next(self._frames, None)
            if self._next is not None and self._next[1] == wanted.pts:
                return
        self.close()
        self._jumps = _Jumps()
        self._start()

    def _landed(self, key: _Key) -> Any | None:
        """Seek so that reading on comes past `key`, and return the first packet read; None when that fails.

        Containers with an index of presentation times want the PTS. Others are searched by DTS, and for them the PTS
        may lie behind the key packet.
        """
        self._frames.close()
        early = key.pts if key.dts is None else min(key.dts, key.pts)
        for target in (key.pts, early, early - 4 * self._clock.step):
            try:
                self._container.seek(target, stream=self._stream, backward=True)
                self._decoder.flush_buffers()
            except READ_ERRORS:
                continue
            self._packets = packets_of(self._container, self._stream, Problems())
            packet = next(self._packets, None)
            if packet is not None and packet.size and key.is_reached_from(packet):
                return packet
        return None
