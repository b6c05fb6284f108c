"""A video copied packet by packet into another container, with chapters: nothing is decoded.

Pictures, sound, subtitles and tags are copied; data streams, attachments and chapters of the source are not. MP4 gets
both kinds of chapters that players know, QuickTime's text track and Nero's `chpl` (FFmpeg's muxer).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av

from sestina.core.errors import OpenError, SestinaError

COPIED = ("video", "audio", "subtitle")
MILLISECOND = Fraction(1, 1000)
OWN = ("major_brand", "minor_version", "compatible_brands", "encoder")
"""Tags that a file has of its own making."""
OPTIONS = {
    # No random ids and no dates, so that the same input gives the same bytes.
    "fflags": "+bitexact",
    # Sound that begins before 0 stays there; by default every stream would come late by its lead-in.
    "avoid_negative_ts": "disabled",
}


def with_chapters(source: Path, target: BinaryIO, container: str, chapters: Sequence[tuple[int, int, str]]) -> None:
    """Copy `source` into `target` with chapters.

    Args:
        source: the video.
        target: where; must allow seeking.
        container: FFmpeg's name of the format: `mp4`, `matroska`.
        chapters: (start, end, title), milliseconds.

    Raises OpenError when the source cannot be read, SestinaError when the container cannot hold its streams.
    """
    try:
        read: Any = av.open(f"file:{source}")
    except (av.FFmpegError, OSError) as error:
        raise OpenError(f"cannot read {str(source)!r}: {error}", hint="name the video with --video") from error
    try:
        with read, av.open(target, "w", format=container, container_options=OPTIONS) as write:
            _copy(read, write, chapters)
    except (av.FFmpegError, ValueError) as error:
        raise SestinaError(
            f"{container} cannot hold what is in {source.name!r}: {error}",
            hint="use chapters-mkv, which holds nearly everything, or chapters-ffmetadata beside the video",
        ) from error


def _copy(read: Any, write: Any, chapters: Sequence[tuple[int, int, str]]) -> None:
    streams = {one.index: _added(write, one) for one in read.streams if one.type in COPIED}
    write.metadata.update({name: text for name, text in read.metadata.items() if name not in OWN})
    write.set_chapters(
        [
            {"id": number, "start": start, "end": end, "time_base": MILLISECOND, "metadata": {"title": title}}
            for number, (start, end, title) in enumerate(chapters, 1)
        ]
    )
    for packet in read.demux([one for one in read.streams if one.index in streams]):
        if packet.size:  # the last ones of a stream are empty and only flush decoders
            packet.stream = streams[packet.stream.index]
            write.mux_one(packet)


def _added(write: Any, stream: Any) -> Any:
    added = write.add_stream_from_template(stream, opaque=True)
    added.metadata.update(stream.metadata)
    added.disposition = stream.disposition
    return added
