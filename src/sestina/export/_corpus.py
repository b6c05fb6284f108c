"""What data sets share: the split a video belongs to, the frames shown of it, where its file is, and shards.

Storyboards come one at a time and are forgotten, so a corpus needs no more memory than its largest member.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO, Literal, Protocol, Self, TypeVar, get_args

import numpy as np

from sestina.core.errors import SestinaError
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import ScreenText, Status, Storyboard, Unit, Word
from sestina.core.time import FrameTable, Span
from sestina.export._facets import listed

T = TypeVar("T")
Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
LEAST, STEP = 4, 2
"""Fewest frames that are sampled, and the number that their count is a multiple of."""
JPEG_QUALITY = 90


@dataclass(frozen=True, kw_only=True)
class Shares:
    """How much of a corpus is for validation and for the test; the rest is for training.

    Raises SestinaError for shares that are negative or more than everything.
    """

    val: float
    test: float

    def __post_init__(self) -> None:
        if not (self.val >= 0 and self.test >= 0 and self.val + self.test <= 1):
            raise SestinaError(
                f"val={self.val:g} and test={self.test:g} are no shares of a whole", hint="such as val=0.1, test=0.1"
            )

    def split(self, sha256: str) -> Split:
        """Return the split of a video, from its SHA-256 alone.

        So two storyboards of one video never lie on both sides, whatever else is in the corpus, and a video leaves
        the test only when its share shrinks.
        """
        digest = hashlib.sha256(f"sestina split {sha256}".encode()).digest()
        place = int.from_bytes(digest[:7], "big") / 256**7
        return "test" if place < self.test else "val" if place < self.test + self.val else "train"


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """Frames spread evenly from the first to the last, `fps` a second and at most `most`.

    The rule of Qwen2-VL (Wang et al., 2024), so that a trainer which samples the video itself with the same two
    numbers shows the frames that the text speaks of. Raises SestinaError for numbers that leave nothing to show.
    """

    fps: float
    most: int

    def __post_init__(self) -> None:
        if not (0 < self.fps < math.inf and self.most >= LEAST):
            raise SestinaError(
                f"fps={self.fps:g} and max_frames={self.most} leave nothing to show",
                hint=f"fps above 0 and max_frames at least {LEAST}",
            )

    def frames(self, table: FrameTable | None, span: Span | None = None) -> list[int]:
        """Return the numbers of the frames shown of the video, or of those on screen in `span`."""
        if table is None:
            return []
        first, after, lasts_s = 0, len(table), table.span.duration_s
        if span is not None:
            (first, after), lasts_s = frames_of(table, span), span.duration_s
        total = after - first
        wanted = min(max(lasts_s * self.fps, LEAST), self.most - self.most % STEP, total)
        count = max(1, math.floor(wanted / STEP) * STEP)
        return [first + round(float(k)) for k in np.linspace(0, total - 1, count)]


def chosen(statuses: str) -> frozenset[str]:
    """Return the statuses in a list with commas. Raises SestinaError for a word that is none."""
    names = listed(statuses)
    strangers = sorted(set(names) - set(get_args(Status)))
    if strangers or not names:
        said = ", ".join(map(repr, strangers)) or "an empty list"
        raise SestinaError(f"no such status: {said}", hint=f"choose among {', '.join(get_args(Status))}")
    return frozenset(names)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One sample: a whole video, or one shot of it.

    Args:
        span: its stretch.
        units: all, or those whose middle lies in the shot.
        words: said in it: those that begin there.
        screen: texts that are shown in it.
        number: the shot's place among the shots, None for the whole video.
    """

    span: Span
    units: tuple[Unit, ...]
    words: tuple[Word, ...]
    screen: tuple[ScreenText, ...]
    number: int | None = None


def parts(board: Storyboard, sample: Literal["video", "shot"], statuses: frozenset[str]) -> Iterator[Part]:
    """Yield the samples of a storyboard, with the units of these statuses.

    A shot has no part in what is said of the video as a whole. Where no shot is known, the video is one sample.
    """
    units = tuple(unit for unit in board.canonical().items if unit.status in statuses)
    shots = [unit for unit in board.canonical().shots if unit.status != "abstain"]
    words, screen = board.transcript.words, board.transcript.screen
    if sample == "video" or not shots:
        yield Part(span=board.media.span, units=units, words=words, screen=screen)
        return
    said = _during(shots, words, [Span.at(word.start_s) for word in words])
    shown = _during(shots, screen, [text.span for text in screen])
    for number, (shot, inside) in enumerate(zip(shots, within(shots, units), strict=True)):
        yield Part(
            span=shot.span, units=tuple(inside), words=tuple(said[number]), screen=tuple(shown[number]), number=number
        )


def _during(shots: Sequence[Unit], things: Sequence[T], spans: Sequence[Span]) -> list[list[T]]:
    """Return, for each shot (in order), the things whose span overlaps it."""
    starts = [shot.span.start_s for shot in shots]
    found: list[list[T]] = [[] for _ in shots]
    for thing, span in zip(things, spans, strict=True):
        first = max(0, bisect_right(starts, span.start_s) - 1)
        for place in range(first, max(first + 1, bisect_left(starts, span.end_s))):
            if shots[place].span.overlaps(span):
                found[place].append(thing)
    return found


def within(shots: Sequence[Unit], units: Iterable[Unit]) -> list[list[Unit]]:
    """Return, for each shot (in order), the units whose middle lies in it; those of level `video` lie in none."""
    starts = [shot.span.start_s for shot in shots]
    found: list[list[Unit]] = [[] for _ in shots]
    for unit in units:
        place = bisect_right(starts, unit.span.middle_s) - 1
        if unit.level != "video" and place >= 0 and shots[place].span.contains(unit.span.middle_s):
            found[place].append(unit)
    return found


def key(number: int, board: Storyboard, part: Part | None = None) -> str:
    """Return a sample's name, unique in a corpus: the storyboard's place in it, the media's hash, the shot's number.

    It names files, so of a document's hash nothing but letters and digits goes into it.
    """
    shot = "" if part is None or part.number is None else f"-{part.number:04d}"
    return f"{number:06d}-{re.sub('[^0-9A-Za-z]', '', board.media.sha256)[:16]}{shot}"


def license_of(board: Storyboard, given: str) -> str:
    """Return the licence given for the corpus, else what the file's own tags say, else `unknown`."""
    tags = {name.lower(): value for name, value in board.media.tags.items()}
    return given or tags.get("license") or tags.get("copyright") or "unknown"


def public_path(media: MediaInfo, root: str = "") -> str:
    """Return the video's path as the document has it, below `root` its name only.

    An absolute path tells of the machine it was analyzed on, and is its name only.
    """
    local = PurePosixPath(media.path).is_absolute() or PureWindowsPath(media.path).is_absolute()
    path = file_name(media) if root or local or media.path.startswith("file:") else media.path
    return f"{root.rstrip('/')}/{path}" if root else path


def file_name(media: MediaInfo) -> str:
    """Return the video's name without folders, wherever it was analyzed."""
    path = PureWindowsPath(media.path)
    return path.name if path.is_absolute() else media.name


@dataclass
class Videos:
    """Finds the files of a corpus: in `folder` by name, or where the document says.

    `given` is the file of the first storyboard, whatever its name and content.
    """

    given: Path | None = None
    folder: Path | None = None
    _first: bool = field(default=True, init=False)

    def of(self, board: Storyboard) -> Path:
        """Return the file of the next storyboard. Raises SestinaError when it is not there or another one."""
        from sestina.media.source import resolve

        first, self._first = self._first, False
        if first and self.given is not None:
            return self.given
        places = [] if self.folder is None else [self.folder / file_name(board.media)]
        path = next((place for place in (*places, Path(board.media.path)) if place.is_file()), None)
        if path is None:
            hint = "name its folder, --set videos=FOLDER; for one storyboard, --video"
            raise SestinaError(f"the video {board.media.name!r}, whose frames are wanted, was not found", hint=hint)
        if resolve(path).sha256 != board.media.sha256:
            hint = "its frames may differ; analyze this file, or give it with --video to use it all the same"
            raise SestinaError(f"{str(path)!r} is not the file that the storyboard describes", hint=hint)
        return path


def stills(board: Storyboard, video: Path, frames: Sequence[int], side: int) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the JPEG of each frame, longer side at most `side` pixels.

    Raises SestinaError for a side that is no size and for another video, MediaError where it cannot be decoded.
    """
    from sestina.export._film import Film
    from sestina.media.thumbnail import jpeg

    if side < 1:
        raise SestinaError(f"side={side} is no size of a picture", hint="pixels of the longer side, such as 448")
    for frame, picture in zip(frames, Film(board, video).frames(frames), strict=True):
        yield frame, jpeg(picture.rgb, max_side=side, quality=JPEG_QUALITY)


def frames_of(table: FrameTable, span: Span) -> tuple[int, int]:
    """Return the first frame on screen in a span and the first after it; the frame on screen for an instant."""
    first = table.index_at(span.start_s)
    return first, max(first + 1, int(np.searchsorted(table.times_s, span.end_s)))


def rate_of(frames: Sequence[int], span: Span) -> float:
    """Return how many of these frames are shown a second of a span."""
    return round(len(frames) / span.duration_s, 6) if span.duration_s else 0.0


def times_of(table: FrameTable | None, frames: Sequence[int]) -> list[float]:
    """Return the presentation time of each frame, seconds."""
    return [] if table is None else [table.time_s(frame) for frame in frames]


class Shards:
    """Files of a split that are filled one after the other, none larger than `limit_mb` unless one sample is.

    Args:
        folder: where they go.
        pattern: of their names, with `{split}` and `{number}`.
        limit_mb: megabytes (10^6 bytes) from which on the next one is begun.
        tail: bytes that end each file.
    """

    def __init__(self, folder: Path, pattern: str, limit_mb: int, tail: bytes = b"") -> None:
        if limit_mb < 1:
            raise SestinaError(f"shard_mb={limit_mb} is no size of a file", hint="megabytes, such as 256")
        self.samples = dict.fromkeys(SPLITS, 0)
        self.files: dict[Split, list[str]] = {split: [] for split in SPLITS}
        self._folder, self._pattern, self._limit, self._tail = folder, pattern, limit_mb * 1_000_000, tail
        self._open: dict[Split, BinaryIO] = {}

    def write(self, split: Split, data: bytes) -> None:
        """Add one sample to a split."""
        stream = self._open.get(split)
        if stream is not None and stream.tell() + len(data) + len(self._tail) > self._limit:
            self._end(split)
            stream = None
        (stream or self._begin(split)).write(data)
        self.samples[split] += 1

    def _begin(self, split: Split) -> BinaryIO:
        name = self._pattern.format(split=split, number=len(self.files[split]))
        self.files[split].append(name)
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open[split] = path.open("wb")
        return self._open[split]

    def _end(self, split: Split) -> None:
        stream = self._open.pop(split)
        stream.write(self._tail)
        stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for split in tuple(self._open):
            self._end(split)


class Filed(Protocol):
    """What was written, by split."""

    samples: dict[Split, int]
    files: dict[Split, list[str]]


def write_manifest(folder: Path, shards: Filed, **facts: Any) -> None:
    """Write `dataset.json`: what was written, how, and how many samples and which files each split has."""
    splits = {split: {"samples": shards.samples[split], "files": shards.files[split]} for split in SPLITS}
    text = json.dumps({**facts, "splits": splits}, ensure_ascii=False, indent=1) + "\n"
    (folder / "dataset.json").write_bytes(text.encode())
