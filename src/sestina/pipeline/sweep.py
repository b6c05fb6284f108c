"""The sweep: one forward decode feeds every frame signal, a second thread feeds every audio signal.

Memory is bounded: batches are dropped as soon as the signals have seen them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sestina.core.errors import MediaError, MissingExtra
from sestina.core.media_info import MediaInfo
from sestina.core.registry import Entry
from sestina.core.roles import Measurement
from sestina.core.storyboard import ScreenText, Stage, Word
from sestina.core.track import BoxTrack, Track
from sestina.media.decode import audio_blocks
from sestina.media.decode import sweep as decoded
from sestina.media.fingerprint import dhash
from sestina.media.probe import refined
from sestina.media.source import Source
from sestina.media.threads import one_blas_thread

Progress = Callable[[str, float, float], None]
"""Called with (stage, done, total); seconds of media for the sweep, pictures for stills, parsers for parsing."""
BATCH = 32


def silent(stage: str, done: float, total: float) -> None:
    """Report nothing."""


@dataclass
class Gathered:
    """Everything measured so far; grows as signals finish."""

    media: MediaInfo
    tracks: dict[str, Track] = field(default_factory=dict)
    boxes: list[BoxTrack] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    screen: list[ScreenText] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)
    engines: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)

    def add(self, stem: str, found: Measurement) -> None:
        """Take over what one signal found."""
        self.tracks.update({track.name: track for track in found.tracks})
        self.boxes.extend(found.boxes)
        self.words.extend(found.words)
        self.screen.extend(found.screen)
        if found.engine:
            self.engines[stem] = found.engine
        if found.language:
            self.languages["speech" if found.words else "screen"] = found.language

    def merge(self, other: Gathered) -> None:
        """Take over everything `other` gathered, but its media."""
        for name in ("tracks", "languages", "engines", "missing", "hashes"):
            getattr(self, name).update(getattr(other, name))
        for name in ("boxes", "words", "screen", "notes", "stages"):
            getattr(self, name).extend(getattr(other, name))


class Clock:
    """Adds up the wall time of named stages."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def run(self, name: str, work: Callable[..., Any], *args: Any) -> Any:
        """Return `work(*args)`, adding its wall time to stage `name`."""
        began = time.perf_counter()
        result = work(*args)
        self.spent[name] = self.spent.get(name, 0.0) + time.perf_counter() - began
        return result

    def stages(self, entries: Mapping[str, str]) -> list[Stage]:
        """Return the stages with the versions in `entries`."""
        return [
            Stage(name=name, version=entries.get(name, "1"), wall_s=round(spent, 4))
            for name, spent in self.spent.items()
        ]


def started(entries: Sequence[Entry[Any]], gathered: Gathered, info: MediaInfo) -> dict[str, Any]:
    """Return running signals by name; one that lacks its extra is noted in `gathered.missing` and left out."""
    running: dict[str, Any] = {}
    for entry in entries:
        signal = entry.make()
        try:
            if entry.input != "stills":
                signal.start(info)
        except MissingExtra as error:
            gathered.missing[entry.name] = f"{error} ({error.hint})" if error.hint else str(error)
            continue
        running[entry.name] = signal
    return running


def sweep(
    source: Source,
    gathered: Gathered,
    frames: Sequence[Entry[Any]],
    audio: Sequence[Entry[Any]],
    progress: Progress = silent,
) -> None:
    """Decode once, feed every signal, and add what they found to `gathered`.

    `gathered.media` becomes exact: frames are counted and their PTS known. Raises DecodeError when the video stream
    yields no frame at all.
    """
    stop = threading.Event()
    with one_blas_thread(), ThreadPoolExecutor(max_workers=1, thread_name_prefix="sestina-audio") as pool:
        heard = pool.submit(_listen, source, Gathered(media=gathered.media), audio, stop)
        try:
            if gathered.media.video is not None:
                _watch(source, gathered, frames, progress)
        except BaseException:
            stop.set()
            raise
        gathered.merge(heard.result())


def _watch(source: Source, gathered: Gathered, entries: Sequence[Entry[Any]], progress: Progress) -> None:
    clock = Clock()
    info = gathered.media
    running = started(entries, gathered, info)
    began = time.perf_counter()
    with decoded(source, info, batch=BATCH) as stream:
        for batch in stream:
            gathered.hashes.update(zip(batch.pts.tolist(), map(dhash, batch.quarter), strict=True))
            for name, signal in running.items():
                clock.run(name, signal.feed, batch)
            progress("pictures", float(batch.times_s[-1]) - info.span.start_s, info.duration_s)
        gathered.media = refined(info, stream.pts, end_pts=stream.end_pts, problems=stream.problems)
    for name, signal in running.items():
        gathered.add(name, clock.run(name, signal.finish))
    versions = {entry.name: entry.version for entry in entries}
    total = time.perf_counter() - began
    gathered.stages.append(Stage(name="sweep", wall_s=round(total, 4)))
    gathered.stages.extend(clock.stages(versions))
    progress("pictures", info.duration_s, info.duration_s)


def _listen(source: Source, gathered: Gathered, entries: Sequence[Entry[Any]], stop: threading.Event) -> Gathered:
    """Decode the sound and feed the audio signals; runs beside `_watch`."""
    clock = Clock()
    began = time.perf_counter()
    info = gathered.media
    running = started(entries, gathered, info)
    try:
        for block in audio_blocks(source, info) if info.audio is not None and running else ():
            if stop.is_set():
                return gathered
            for name, signal in running.items():
                clock.run(name, signal.feed, block)
    except MediaError as error:
        gathered.notes.append(f"the sound could not be decoded to its end: {error}")
    for name, signal in running.items():
        gathered.add(name, clock.run(name, signal.finish))
    gathered.stages.append(Stage(name="listen", wall_s=round(time.perf_counter() - began, 4)))
    gathered.stages.extend(clock.stages({entry.name: entry.version for entry in entries}))
    return gathered
