"""The pictures that many exports cannot do without."""

from __future__ import annotations

from sestina.core.errors import SestinaError
from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.core.time import FrameTable


def pictures_of(media: MediaInfo) -> tuple[VideoInfo, FrameTable]:
    """Return the facts of the pictures and the times of the frames. Raises SestinaError for a file of sound alone."""
    video, table = media.video, media.frame_table()
    if video is None or table is None:
        raise SestinaError(f"{media.name!r} has no pictures", hint="export to srt, vtt or csv")
    return video, table
