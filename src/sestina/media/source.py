"""A file or URL, checked before any decoder sees it, and the only door through which FFmpeg opens it.

A name can never become a protocol: FFmpeg gets `file:` and an absolute path, may use no other protocol, and may not
use the formats that pull in other files (playlists, manifests, numbered images) or draw text as video.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import av

from sestina.core.errors import EmptyError, OpenError

CHUNK_BYTES = 1 << 20

UNSAFE_FORMATS = frozenset(
    {"concat", "dash", "hls", "imf", "image2", "image2pipe", "alias_pix", "brender_pix", "sdp", "rtsp", "rtp",
     "sap", "tty", "bin", "adf", "idf", "xbin", "ffmetadata", "vapoursynth", "avisynth", "lavfi", "tedcaptions"}
)
"""Demuxers left out: they open further files or the network, or take any text for pictures."""

URL = re.compile(r"^https?://", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A local media file that exists, is not empty and may be read.

    Args:
        path: absolute path of the bytes.
        given: what the user wrote, path or URL.
        size_bytes: length.
    """

    path: Path
    given: str
    size_bytes: int

    @property
    def name(self) -> str:
        """What the user wrote, safe to print and to put in JSON (undecodable bytes are escaped)."""
        return self.given.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, hex digits."""
        digest = hashlib.sha256()
        with self.path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()

    @cached_property
    def head(self) -> bytes:
        """First 4 KiB."""
        with self.path.open("rb") as stream:
            return stream.read(4096)


def resolve(path_or_url: str | Path | Source, *, allow_url: bool = False) -> Source:
    """Return the local file behind a path, or behind an http(s) URL when `allow_url` says that fetching is meant.

    Raises OpenError (missing, a folder, no permission, not a regular file, a URL without `allow_url`) and EmptyError.
    """
    if isinstance(path_or_url, Source):
        return path_or_url
    given = str(path_or_url)
    if URL.match(given):
        if not allow_url:
            raise OpenError(
                f"{given!r} is a URL", hint="download it first, or allow fetching (--allow-url, allow_url=True)"
            )
        from sestina.media.download import download

        return _local(download(given), given)
    return _local(Path(path_or_url), given)


def _local(path: Path, given: str) -> Source:
    shown = repr(given)
    try:
        path = path.expanduser().absolute()
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise OpenError(f"{shown} is a folder", hint="name a video file inside it")
        if not stat.S_ISREG(facts.st_mode):
            raise OpenError(f"{shown} is not a regular file", hint="copy the stream into a file first")
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise OpenError(f"{shown} does not exist", hint=_nearest(path)) from error
    except PermissionError as error:
        raise OpenError(f"no permission to read {shown}", hint="check the file's owner and mode") from error
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OpenError(f"cannot read {shown}: {reason}", hint="check the path") from error
    if facts.st_size == 0:
        raise EmptyError(f"{shown} is empty (0 bytes)", hint="the copy or download may have failed; get it again")
    return Source(path=path, given=given, size_bytes=facts.st_size)


def _nearest(path: Path) -> str:
    from difflib import get_close_matches

    if not path.parent.is_dir():
        return f"its folder {str(path.parent)!r} does not exist either"
    try:
        near = get_close_matches(path.name, os.listdir(path.parent), n=1, cutoff=0.6)
    except OSError:
        near = []
    return f"did you mean {near[0]!r}?" if near else "check the path"


@cache
def _safe_formats() -> str:
    return ",".join(sorted(av.formats_available - UNSAFE_FORMATS))


@contextmanager
def open_container(source: Source) -> Iterator[Any]:
    """Open `source` with FFmpeg for reading, and close it afterwards.

    Raises OpenError when it is no media file, or one that would open other files.
    """
    options = {"protocol_whitelist": "file", "format_whitelist": _safe_formats()}
    target = f"file:{source.path}"
    try:
        container = av.open(target, "r", container_options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError, RuntimeError) as error:
        _local(source.path, source.given)  # a file that has gone since says so better
        raise OpenError(f"{source.name!r} is not a video that can be read", hint=_why(source)) from error
    try:
        yield container
    finally:
        container.close()


def _why(source: Source) -> str:
    """Return the likeliest reason that FFmpeg refused the file."""
    head = source.head
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"#EXTM3U", b"ffconcat")) or b"<MPD" in text[:600]:
        return "it is a playlist that names other files; give one of those files"
    if text[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return "it is a web page or XML; the download may have failed"
    if head[4:8] in (b"ftyp", b"mdat", b"free", b"wide", b"skip") and not has_box(source, b"moov"):
        return "its index (moov) is missing: the recording or copy was cut off before the end"
    if not any(head):
        return "it begins with zeros only: the download may not have finished"
    if all(byte >= 32 or byte in b"\t\r\n\f\x1b" for byte in head):
        return "it is a text file"
    return "it may be damaged or not a media file; try to play it"


def has_box(source: Source, kind: bytes) -> bool:
    """Return whether an MP4 file has a top-level box of `kind` (ISO/IEC 14496-12), walking box by box."""
    position = 0
    with source.path.open("rb") as stream:
        for _ in range(1000):
            stream.seek(position)
            header = stream.read(16)
            if len(header) < 8:
                return False
            size = int.from_bytes(header[:4], "big")
            if size == 1 and len(header) == 16:
                size = int.from_bytes(header[8:], "big")
            if header[4:8] == kind:
                return True
            position += size
            if size < 8 or position >= source.size_bytes:
                return False
    return False
