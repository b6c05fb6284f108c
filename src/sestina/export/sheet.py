"""The storyboard sheet: a frame a shot with time code, the edit before it and labels by dimension, and the beats.

As one PNG, as a PDF of pages, and as a contact sheet with frames and times alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal

from sestina.core.card import Card as MethodCard
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._cards import Card, cards
from sestina.export._conform import Conformed
from sestina.export._film import Film
from sestina.export._images import coded
from sestina.export._page import Layout, Page
from sestina.export._pdf import PdfWriter
from sestina.export._pieces import Piece, frames_in, pieces
from sestina.export.stills import frame_of

PAGE_DPI = 150
PAGE = (1754, 1240)
"""A4 on its side at 150 dots an inch, pixels."""
JPEG_QUALITY = 90
TALLEST_PNG = 20_000
"""Pixels; a taller picture is opened by few viewers and needs hundreds of megabytes."""

At = Literal["middle", "first", "last"]


@exporters.register(
    "sheet-png",
    suffix=".sheet.png",
    packages=("PIL",),
    card=MethodCard(summary="The storyboard sheet as one picture: frames, time codes, edits, labels, beats."),
)
def sheet_png(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    by: str = "shots",
    at: At = "middle",
    width: int = 1600,
    columns: int = 0,
    video: Path | None = None,
) -> None:
    """Write the sheet as one PNG.

    Args:
        storyboard: the document.
        file: where to.
        by: `shots`, `beats`, or an expression over labels (see `core.query`).
        at: which frame of each stands on its card.
        width: pixels.
        columns: cards a row; 0: by the shape of the picture.
        video: the storyboard's video.

    Raises QueryError for the expression, SestinaError without the video, without pictures, or where too much would
    stand in one picture.
    """
    conformed = Conformed(storyboard)
    parts = pieces(storyboard, by)
    layout = _layout(conformed, width, columns)
    file.write(_one_picture(storyboard, conformed, parts, cards(storyboard, parts, conformed), layout, at, video))


@exporters.register(
    "sheet-pdf",
    suffix=".sheet.pdf",
    packages=("PIL",),
    card=MethodCard(summary="The storyboard sheet as a PDF of A4 pages.", source="ISO 32000-1:2008"),
)
def sheet_pdf(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    by: str = "shots",
    at: At = "middle",
    columns: int = 0,
    video: Path | None = None,
) -> None:
    """Write the sheet as PDF, one page at a time; arguments and errors as `sheet_png`."""
    conformed = Conformed(storyboard)
    parts = pieces(storyboard, by)
    layout = _layout(conformed, PAGE[0], columns or _two_rows(conformed))
    height = max(PAGE[1], layout.height(1))
    each = layout.rows(height) * layout.columns
    writer = PdfWriter(file, storyboard.media.name)
    found = cards(storyboard, parts, conformed)
    shown = _pictures(storyboard, parts, at, video)
    count = max(1, -(-len(parts) // each))
    for number in range(count):
        here = slice(number * each, (number + 1) * each)
        page = Page(layout, height)
        _fill(page, storyboard, conformed, parts[here], found[here], shown, f"{number + 1} / {count}")
        writer.add_page(coded(_pixels(page), "jpg", JPEG_QUALITY), layout.width, height, PAGE_DPI)
    writer.close()


@exporters.register(
    "sheet-contact",
    suffix=".contact.png",
    packages=("PIL",),
    card=MethodCard(summary="A contact sheet: frames and their time codes."),
)
def sheet_contact(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    by: str = "even",
    count: int = 24,
    at: At = "middle",
    width: int = 1600,
    columns: int = 0,
    video: Path | None = None,
) -> None:
    """Write a contact sheet as PNG; arguments and errors as `sheet_png`, and:

    Args:
        storyboard: the document.
        file: where to.
        by: `even` for `count` frames from the middles of equal stretches, or as for the sheet.
        count: how many, from 1.
        at, width, columns, video: as for the sheet.
    """
    conformed = Conformed(storyboard)
    if count < 1:
        raise SestinaError(f"{count=}", hint="at least 1")
    table = storyboard.media.frame_table()
    parts = _even(storyboard, count) if by == "even" else pieces(storyboard, by)
    layout = _layout(conformed, width, columns, lines=0)
    times = [conformed.frame(table.time_s(frame_of(part, at))) for part in parts] if table is not None else []
    found = [Card(title=conformed.code(frame)) for frame in times]
    file.write(_one_picture(storyboard, conformed, parts, found, layout, at, video))


def _even(board: Storyboard, count: int) -> tuple[Piece, ...]:
    whole, table = board.media.span, board.media.frame_table()
    if table is None or whole.is_instant:
        return ()
    count = min(count, len(table))
    edges = [whole.start_s + k * whole.duration_s / count for k in range(count + 1)]
    spans = [Span.of(edges[k], edges[k + 1]) for k in range(count)]
    bounds = [frames_in(table, span) for span in spans]
    return tuple(
        Piece(name=str(n), span=span, units=(), first=first, after=after)
        for n, (span, (first, after)) in enumerate(zip(spans, bounds, strict=True), 1)
    )


def _layout(conformed: Conformed, width: int, columns: int, lines: int | None = None) -> Layout:
    if not 200 <= width <= TALLEST_PNG or not 0 <= columns <= width // 100:
        raise SestinaError(
            f"{width=}, {columns=}", hint=f"width from 200 to {TALLEST_PNG}, a column at least 100 pixels wide"
        )
    video = conformed.video
    aspect = video.display_width / video.display_height
    columns = columns or (4 if aspect >= 1 else 6)
    return Layout(width, columns, aspect) if lines is None else Layout(width, columns, aspect, lines, head=False)


def _two_rows(conformed: Conformed) -> int:
    """Return the fewest columns, from 3, with which a page has room for two rows."""
    rows = ((columns, _layout(conformed, PAGE[0], columns).rows(PAGE[1])) for columns in range(3, 10))
    return next((columns for columns, count in rows if count > 1), 9)


def _one_picture(
    board: Storyboard, conformed: Conformed, parts: Sequence[Piece], found: Sequence[Card], layout: Layout, at: At,
    video: Path | None,
) -> bytes:  # fmt: skip
    height = layout.height(-(-len(parts) // layout.columns))
    if height > TALLEST_PNG:
        raise SestinaError(
            f"{len(parts)} cards make a picture {height} pixels high", hint="write sheet-pdf, or choose more columns"
        )
    page = Page(layout, height)
    _fill(page, board, conformed, parts, found, _pictures(board, parts, at, video), "")
    return coded(_pixels(page), "png", JPEG_QUALITY)


def _fill(
    page: Page, board: Storyboard, conformed: Conformed, parts: Sequence[Piece], found: Sequence[Card],
    shown: Iterator[Any], number: str,
) -> None:  # fmt: skip
    """Draw a page's head and its cards, taking their pictures off `shown`."""
    if page.layout.head:
        page.head(board.media.name, _facts(board, conformed), number)
        page.bar(board, parts)
    for place, card in enumerate(found):
        page.card(place, card, next(shown))


def _pictures(board: Storyboard, parts: Sequence[Piece], at: At, video: Path | None) -> Iterator[Any]:
    if parts:
        film = Film(board, video)
        yield from (picture.rgb for picture in film.frames([frame_of(part, at) for part in parts]))


def _facts(board: Storyboard, conformed: Conformed) -> str:
    video = conformed.video
    size = f"{video.display_width}x{video.display_height}"
    count = len(board.shots)
    shots = f"{count} shot{'s' * (count != 1)}"
    said = [f"{board.media.duration_s:.2f} s", f"{float(conformed.rate):.6g} frames a second", size, shots]
    return " · ".join([*said, *([conformed.note] if conformed.note else [])])


def _pixels(page: Page) -> Any:
    import numpy as np

    return np.asarray(page.picture)
