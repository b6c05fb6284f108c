"""Chapters for YouTube, FFmpeg, podcasts, and inside an MP4 or Matroska copy of the video."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export._chapters import KINDS, By, Chapter, chapters, needed, on_grid
from sestina.export._wrap import one_line

LEAST_CHAPTERS, SHORTEST_S = 3, 10
"""YouTube shows chapters only where there are three, the first at 0:00, each of ten seconds (YouTube Help, 2024)."""
MILLISECONDS = 1000
"""Finer starts are of no use: rounded down, a player that seeks there shows the chapter's first frame."""


@exporters.register(
    "chapters-youtube",
    suffix=".chapters.txt",
    card=Card(
        summary="Chapters as lines for a YouTube description; short ones are joined so that YouTube shows them.",
        source="YouTube Help, Video chapters (2024)",
        deviations="whole seconds; chapters under 10 s become part of their neighbour",
    ),
)
def youtube(storyboard: Storyboard, file: BinaryIO, *, by: By = "beats") -> None:
    """Write one line a chapter: `1:05 Title`.

    Args:
        storyboard: what to write.
        file: where.
        by: beats, scenes or shots.

    Raises SestinaError when no three chapters of ten seconds can be made.
    """
    found = _for_youtube(needed(storyboard, by))
    if len(found) < LEAST_CHAPTERS:
        length = storyboard.media.duration_s
        enough = [kind for kind in KINDS if len(_for_youtube(chapters(storyboard, kind))) >= LEAST_CHAPTERS]
        least = f"a video under {LEAST_CHAPTERS * SHORTEST_S} s cannot have any; chapters-podcast has no such rule"
        raise SestinaError(
            f"YouTube wants {LEAST_CHAPTERS} chapters of {SHORTEST_S} s; the {by} of {storyboard.media.name} "
            f"({length:g} s) give {len(found)}",
            hint=f"--set by={enough[0]}" if enough else least,
        )
    for start, _, title in found:
        file.write(f"{_clock(start)} {title}\n".encode())


@exporters.register(
    "chapters-ffmetadata",
    suffix=".ffmetadata",
    card=Card(
        summary="Chapters as FFmpeg's metadata file, for `ffmpeg -i VIDEO -i FILE -map_chapters 1 -codec copy`.",
        source="FFmpeg Formats Documentation, Metadata (2024)",
    ),
)
def ffmetadata(storyboard: Storyboard, file: BinaryIO, *, by: By = "beats") -> None:
    """Write chapters in milliseconds.

    Args:
        storyboard: what to write.
        file: where.
        by: beats, scenes or shots.

    Raises SestinaError where there are none.
    """
    file.write(b";FFMETADATA1\n")
    for start, end, title in on_grid(needed(storyboard, by), MILLISECONDS):
        head = f"[CHAPTER]\nTIMEBASE=1/{MILLISECONDS}\nSTART={start}\nEND={end}\n"
        file.write(f"{head}title={_escaped(title)}\n".encode())


@exporters.register(
    "chapters-podcast",
    suffix=".chapters.json",
    card=Card(summary="Chapters as Podcasting 2.0 JSON.", source="JSON Chapters Format 1.2, podcastindex.org (2023)"),
)
def podcast(storyboard: Storyboard, file: BinaryIO, *, by: By = "beats") -> None:
    """Write chapters with start and end in seconds.

    Args:
        storyboard: what to write.
        file: where.
        by: beats, scenes or shots.

    Raises SestinaError where there are none.
    """
    found = [
        {"startTime": start / MILLISECONDS, "endTime": end / MILLISECONDS, "title": title}
        for start, end, title in on_grid(needed(storyboard, by), MILLISECONDS)
    ]
    data = {"version": "1.2.0", "fileName": one_line(storyboard.media.name), "chapters": found}
    file.write((json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


@exporters.register(
    "chapters-mp4",
    suffix=".chapters.mp4",
    card=Card(
        summary="The video copied into an MP4 with chapters, nothing encoded again.",
        source="QuickTime File Format, Chapter Lists (2001), and Nero's chpl, as FFmpeg writes them",
    ),
)
def mp4(storyboard: Storyboard, file: BinaryIO, *, by: By = "beats", video: Path | None = None) -> None:
    """Write the video's packets and its chapters, in milliseconds.

    Args:
        storyboard: whose chapters.
        file: where; must allow seeking.
        by: beats, scenes or shots.
        video: the video file.

    Raises SestinaError where there are no chapters, no video is at hand, or MP4 cannot hold its streams.
    """
    _muxed(storyboard, file, by, video, "mp4")


@exporters.register(
    "chapters-mkv",
    suffix=".chapters.mkv",
    card=Card(
        summary="The video copied into a Matroska file with chapters, nothing encoded again.",
        source="Matroska, RFC 9559 (2024), as FFmpeg writes it",
        deviations="Matroska keeps the times of frames to the millisecond",
    ),
)
def mkv(storyboard: Storyboard, file: BinaryIO, *, by: By = "beats", video: Path | None = None) -> None:
    """Write the video's packets and its chapters, in milliseconds.

    Args:
        storyboard: whose chapters.
        file: where; must allow seeking.
        by: beats, scenes or shots.
        video: the video file.

    Raises SestinaError where there are no chapters, no video is at hand, or Matroska cannot hold its streams.
    """
    _muxed(storyboard, file, by, video, "matroska")


def _muxed(board: Storyboard, file: BinaryIO, by: By, video: Path | None, container: str) -> None:
    from sestina.export._film import Film
    from sestina.export._remux import with_chapters

    found = on_grid(needed(board, by), MILLISECONDS)
    with_chapters(Film(board, video).source.path, file, container, found)


def _for_youtube(found: Sequence[Chapter]) -> list[tuple[int, int, str]]:
    """Return chapters of at least SHORTEST_S in whole seconds from 0, as many as there can be.

    Each takes the next one in until it is long enough; the last, if it is too short, joins the one before.
    """
    groups: list[list[tuple[int, int, str]]] = []
    for one in on_grid(found, 1):
        if groups and groups[-1][-1][1] - groups[-1][0][0] < SHORTEST_S:
            groups[-1].append(one)
        else:
            groups.append([one])
    if len(groups) > 1 and groups[-1][-1][1] - groups[-1][0][0] < SHORTEST_S:
        last = groups.pop()
        groups[-1] += last
    return [
        (part[0][0] if number else 0, part[-1][1], _together([title for _, _, title in part]))
        for number, part in enumerate(groups)
    ]


def _together(titles: Sequence[str]) -> str:
    """Return the title of joined chapters: both, or the first and the last of many."""
    each = list(dict.fromkeys(titles))
    return ", ".join(each) if len(each) <= 2 else f"{each[0]} … {each[-1]}"


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def _escaped(text: str) -> str:
    """Return a value of the metadata file: `=`, `;`, `#` and the backslash are escaped, and it stays on one line."""
    return re.sub(r"([=;#\\])", r"\\\1", one_line(text))
