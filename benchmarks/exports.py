"""How long every exporter takes for a large storyboard, and how much memory beyond the storyboard itself.

    python -m benchmarks.exports [--units 10000] [--hours 10] [--only srt,otio]

A storyboard of that many units over that many hours, shots of a few seconds with labels, overlays, speech and beats, is
written by every exporter that needs no video. The target for 10,000 units is 2 s; memory is the peak of what Python
allocates while writing, measured in a run of its own.
"""

from __future__ import annotations

import argparse
import inspect
import io
import shutil
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.tables import table
from sestina.core.errors import SestinaError
from sestina.core.evidence import Box, OcrEvidence, Region, SpanEvidence
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.registry import Entry, exporters
from sestina.core.storyboard import Producer, ScreenText, Storyboard, Transcript, Unit, Word
from sestina.core.time import Span, seconds

RATE = Fraction(30000, 1001)
SHOT_UNITS = 10
"""Units that stand for one shot: itself, its cut, six labels, an overlay, a beat."""
LABELS = (
    ("camera.scale", "MCU"), ("camera.steadiness", "locked"), ("aes.light.key", "high_key"),
    ("aes.light.brightness", "bright"), ("aes.color.temperature", "warm"), ("narr.shot_tension", "low"),
)  # fmt: skip
WRITER = Producer(kind="rule", name="written")


class Sink(io.RawIOBase):
    """A file that forgets what is written and counts it."""

    def __init__(self) -> None:
        self.size = 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Count the bytes."""
        self.size += len(data)
        return len(data)


def large(units: int, hours: float) -> Storyboard:
    """Return a valid storyboard of about `units` units over `hours` at 29.97 frames a second."""
    shots = max(1, units // SHOT_UNITS)
    frames = round(hours * 3600 * RATE)
    edges = [seconds(frames * k // shots / RATE) for k in range(shots + 1)]
    items: list[Unit] = []
    words: list[Word] = []
    screen: list[ScreenText] = []
    for k in range(shots):
        span = Span.of(edges[k], edges[k + 1])
        items += _shot(k, span)
        box = Region(box=Box(x=0.1, y=0.8, w=0.6, h=0.1))
        screen.append(ScreenText(id=f"x{k}", text=f"Caption {k}", span=span, region=box, confidence=0.9))
        words.append(Word(text=f"word{k}", start_s=span.start_s, end_s=min(span.end_s, span.start_s + 0.4)))
    video = VideoInfo(
        codec="h264", pixel_format="yuv420p", width=1280, height=720, display_width=1280, display_height=720,
        frame_rate=RATE, time_base=1 / RATE, frame_count_from_content=frames,
    )  # fmt: skip
    audio = AudioInfo(codec="aac", rate_hz=48_000, channels=2, layout="stereo", duration_s=edges[-1])
    media = MediaInfo(
        path="long.mp4", sha256="0" * 64, size_bytes=1, container="mp4", span=Span.of(0, edges[-1]), video=video,
        audio=audio,
    )  # fmt: skip
    spoken = Transcript(words=tuple(words), screen=tuple(screen), speech_language="en")
    return Storyboard(media=media, items=tuple(items), transcript=spoken).canonical()


def _shot(number: int, span: Span) -> list[Unit]:
    def unit(name: str, facet: str, where: Span, **says: Any) -> Unit:
        evidence = says.pop("evidence", (SpanEvidence(span=where),))
        return Unit(
            id=f"{name}{number}", facet=facet, span=where, confidence=0.9, status="inferred", producer=WRITER,
            evidence=evidence, **says,
        )  # fmt: skip

    found = [unit("s", "edit.shot", span, label="shot", level="shot", dimension="editing")]
    if number:
        cut = Span.at(span.start_s)
        found.append(unit("t", "edit.transition", cut, label="hard_cut", level="boundary", dimension="editing"))
    for facet, label in LABELS:
        dimension = {"aes": "aesthetics", "narr": "narrative"}.get(facet.split(".")[0], facet.split(".")[0])
        found.append(unit(facet, facet, span, label=label, level="shot", dimension=dimension))
    box = Box(x=0.1, y=0.8, w=0.6, h=0.1)
    quote = (OcrEvidence(quote=f"Caption {number}", box=box, at_s=span.start_s),)
    found.append(
        unit("o", "diss.overlay", span, label="overlay_text", level="overlay", dimension="dissemination",
             region=Region(box=box), evidence=quote)
    )  # fmt: skip
    beat = "hook" if number == 0 else "development"
    found.append(unit("b", "narr.beat", span, label=beat, level="segment", dimension="narrative"))
    return found


def once(entry: Entry[Any], board: Storyboard, folder: Path) -> int:
    """Write `board`; return the bytes written."""
    given: Any = iter([board]) if entry.many else board
    if entry.suffix:
        sink = Sink()
        entry.make(given, sink)
        return sink.size
    folder.mkdir()
    try:
        entry.make(given, folder)
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    finally:
        shutil.rmtree(folder)


def row(entry: Entry[Any], board: Storyboard, folder: Path) -> list[str]:
    """Return one line of the table: seconds, bytes and peak memory, or why there are none."""
    try:
        once(entry, board, folder)
        start = time.perf_counter()
        size = once(entry, board, folder)
        took = time.perf_counter() - start
    except SestinaError as error:
        return [entry.name, "-", "-", "-", str(error)[:60]]
    tracemalloc.start()
    once(entry, board, folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return [entry.name, f"{took:.2f}", f"{size / 1e6:.1f}", f"{peak / 1e6:.0f}", ""]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--hours", type=float, default=10.0)
    parser.add_argument("--only", default="", help="comma-separated formats")
    options = parser.parse_args(arguments)
    board = large(options.units, options.hours)
    only = {word for word in options.only.split(",") if word}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for entry in exporters:
            if "video" in inspect.signature(entry.make).parameters and entry.name not in only:
                continue
            if not only or entry.name in only:
                rows.append(row(entry, board, Path(folder) / "out"))
    print(f"{len(board)} units, {options.hours:g} hours\n")
    print(table(rows, ["format", "s", "MB written", "MB of memory at most", "why not"]))


if __name__ == "__main__":
    main()
