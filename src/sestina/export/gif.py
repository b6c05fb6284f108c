"""A small moving picture: of a span, or of a moment of every shot, beat or match."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.core.time import FrameTable, Span
from sestina.export._film import Film
from sestina.export._images import within
from sestina.export._pieces import pieces

CENTISECOND = 0.01
"""GIF counts time in these; most viewers slow down what is shorter than two."""
MOST_FPS = 50.0


@exporters.register(
    "gif",
    suffix=".gif",
    packages=("PIL",),
    card=Card(summary="An animated GIF of a span, or of a moment of every shot.", source="GIF89a, 1990"),
)
def gif(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    by: str = "span",
    start_s: float = 0.0,
    length_s: float = 5.0,
    each_s: float = 0.8,
    width: int = 320,
    fps: float = 12.5,
    video: Path | None = None,
) -> None:
    """Write an animated GIF that plays for ever.

    Args:
        storyboard: the document.
        file: where to.
        by: `span`, from `start_s` for `length_s`; or `shots`, `beats` or an expression, the first `each_s` of each.
        start_s, length_s, each_s: seconds.
        width: pixels; the height follows, and nothing is enlarged.
        fps: pictures a second; each is the frame on screen at its time.
        video: the storyboard's video.

    Raises QueryError for the expression, SestinaError without the video, where nothing is left to show, or for options
    out of range.
    """
    if not (length_s > 0 and each_s > 0 and width > 0 and 0 < fps <= MOST_FPS):
        raise SestinaError(
            f"{length_s=:g}, {each_s=:g}, {width=}, {fps=:g}", hint=f"all above 0, fps at most {MOST_FPS:g}"
        )
    spans = _spans(storyboard, by, start_s, length_s, each_s)
    if not spans:
        raise SestinaError(f"nothing to show: by={by}, start_s={start_s:g}", hint="choose a time inside the video")
    film = Film(storyboard, video)
    times = list(_times(film.table, spans, 1 / fps))
    shown = film.frames([number for number, _ in times])
    pictures = (_indexed(within(picture.rgb, width, picture.rgb.shape[0])) for picture in shown)
    first = next(pictures)
    durations_ms = [10 * ticks for _, ticks in times]
    first.save(file, "GIF", save_all=True, append_images=pictures, duration=durations_ms, loop=0, disposal=1)


def _spans(board: Storyboard, by: str, start_s: float, length_s: float, each_s: float) -> list[Span]:
    whole = board.media.span
    if by == "span":
        start = whole.start_s + start_s
        wanted = [Span.of(start, start + length_s)]
    else:
        starts = [(part.span.start_s, part.span.end_s) for part in pieces(board, by)]
        wanted = [Span.of(start, min(end, start + each_s) if end > start else start + each_s) for start, end in starts]
    kept = (span.intersection(whole) for span in wanted)
    return [span for span in kept if span is not None and not span.is_instant]


def _times(table: FrameTable, spans: list[Span], step_s: float) -> Iterator[tuple[int, int]]:
    """Yield frame numbers and how long each stays, in centiseconds; rounding does not add up."""
    for span in spans:
        count = max(1, round(span.duration_s / step_s))
        edges = [round(k * span.duration_s / count / CENTISECOND) for k in range(count + 1)]
        for k in range(count):
            yield table.index_at(span.start_s + k * span.duration_s / count), max(2, edges[k + 1] - edges[k])


def _indexed(rgb: Any) -> Any:
    """Return a picture in 256 colours of its own."""
    from PIL import Image

    return Image.fromarray(rgb).quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
