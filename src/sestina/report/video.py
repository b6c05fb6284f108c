"""The video on the page: found, then carried inside it or linked beside it."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.media.source import resolve

EMBED_BYTES = 12_000_000
"""A larger video is linked."""
MIME = {
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".mov": "video/mp4",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav",
}  # fmt: skip
"""Containers that browsers play."""
CODECS = frozenset({"h264", "vp8", "vp9", "av1"})
"""Codecs that the common browsers play."""


@dataclass(frozen=True, kw_only=True)
class Film:
    """How the page reaches the video.

    Args:
        path: the local file, or None when it was not found.
        source: address relative to the page; empty when the video is carried inside or missing.
        mime: media type.
        data: base64 of the file when it is carried inside.
        playable: whether common browsers play it, judged by container and codec.
        note: why there is no video, or what is odd about it.
    """

    path: Path | None = None
    source: str = ""
    mime: str = ""
    data: str = ""
    playable: bool = False
    note: str = ""


def find_film(
    board: Storyboard, page: Path, video: str | Path | None, side: Path | None, embed_bytes: int = EMBED_BYTES
) -> Film:
    """Return how `page` reaches the board's video.

    The file is looked for at `video`, or where the document says and then beside the document and the page. A video
    that cannot be opened is no error: the page is useful without it, and says so.
    """
    name = board.media.name
    near = [folder / name for folder in (side, page.parent) if folder is not None]
    places = [Path(video)] if video is not None else [Path(board.media.path), *near]
    problem = ""
    for place in places:
        try:
            source = resolve(place)
        except SestinaError as error:
            problem = problem or str(error)
            continue
        return _film(board, page, source.path, source.sha256, source.size_bytes, embed_bytes)
    return Film(note=f"The page is without pictures: {problem or 'the video was not found'}.")


def _film(board: Storyboard, page: Path, path: Path, sha256: str, size: int, embed_bytes: int) -> Film:
    video = board.media.video
    suffix = path.suffix.lower()
    playable = suffix in MIME and (video is None or video.codec in CODECS)
    other = board.media.sha256 != sha256
    carried = playable and size <= embed_bytes
    return Film(
        path=path,
        source="" if carried else _relative(path, page),
        mime=MIME.get(suffix, "video/mp4"),
        data=base64.b64encode(path.read_bytes()).decode() if carried else "",
        playable=playable,
        note="The video is not byte for byte the one that was analyzed; times may be off." if other else "",
    )


def _relative(path: Path, page: Path) -> str:
    """Return the address of `path` as seen from `page`; an absolute `file:` address on another drive."""
    try:
        return quote(os.fsencode(Path(os.path.relpath(path, page.absolute().parent)).as_posix()))
    except ValueError:
        return path.as_uri()
