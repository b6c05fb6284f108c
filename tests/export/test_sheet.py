"""Sheets: what stands on the cards, and which frames, read off the pixels of PNG and PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from PIL import Image

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._cards import cards
from sestina.export._conform import Conformed
from sestina.export._ink import ELLIPSIS, fitted, pieces_of, width_of, wrapped
from sestina.export._page import Layout
from sestina.export._pieces import pieces
from sestina.export.sheet import sheet_contact, sheet_pdf, sheet_png
from tests.export import boards, films
from tests.export.boards import HOSTILE, NAME, unit
from tests.media import make

RATES = [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60)]
CUTS = (0, 20, 33, 40, 57)
MIDDLES = [9, 26, 36, 48, 58]


def picture(write: Callable[..., None], board: Storyboard, video: Path | None, **options: Any) -> make.U8:
    """Return what an exporter wrote as pixels; written twice, the bytes are the same."""
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        write(board, file, video=video, **options)
    assert files[0].getvalue() == files[1].getvalue()
    with Image.open(files[0]) as image:
        return np.asarray(image.convert("RGB"))


def shown(pixels: make.U8, layout: Layout, count: int) -> list[int]:
    """Return the numbers in the pictures of a page's cards, whose shape is that of the bed."""
    found = []
    for number in range(count):
        x, y = layout.place(number)
        y += layout.line * (2 if layout.lines else 1)
        found.append(films.number_in(pixels[y : y + layout.picture_height, x : x + layout.card_width]))
    return found


@pytest.mark.parametrize("rate", RATES)
def test_the_sheet_shows_the_middle_frame_of_every_shot(tmp_path: Path, rate: Fraction) -> None:
    video = films.film(tmp_path / "a.mp4", 60, rate, size=(480, 270), sound=False)
    pixels = picture(sheet_png, films.board(video, CUTS), video, columns=4, width=1200)
    layout = Layout(1200, 4, 480 / 270)
    assert pixels.shape == (layout.height(2), 1200, 3)
    assert shown(pixels, layout, 5) == MIDDLES


def test_a_variable_rate_and_the_first_frames(tmp_path: Path) -> None:
    ticks = [20 * n + 7 * (n % 3) for n in range(60)]
    video = films.film(
        tmp_path / "a.mkv", 60, Fraction(50), pts=ticks, time_base=Fraction(1, 1000), size=(480, 270), sound=False
    )
    pixels = picture(sheet_png, films.board(video, CUTS), video, columns=3, width=900, at="first")
    assert shown(pixels, Layout(900, 3, 480 / 270), 5) == list(CUTS)


def test_the_contact_sheet_is_evenly_spaced_or_by_shot(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 60, Fraction(25), size=(480, 270), sound=False)
    layout = Layout(1200, 4, 480 / 270, lines=0, head=False)
    pixels = picture(sheet_contact, films.board(video, CUTS), video, count=6, width=1200)
    assert shown(pixels, layout, 6) == [4, 14, 24, 34, 44, 54]
    pixels = picture(sheet_contact, films.board(video, CUTS), video, by="shots", width=1200)
    assert shown(pixels, layout, 5) == MIDDLES


def test_the_pdf_has_pages_that_another_reader_opens(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 60, Fraction(25), size=(480, 270), sound=False)
    board = films.board(video, tuple(range(0, 60, 5)))
    board = board.model_copy(update={"media": board.media.model_copy(update={"path": NAME})})
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        sheet_pdf(board, file, video=video, columns=4)
    assert files[0].getvalue() == files[1].getvalue()
    reader = pypdf.PdfReader(files[0], strict=True)
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.creation_date) == (NAME, None)
    layout = Layout(1754, 4, 480 / 270)
    found: list[int] = []
    for page in reader.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]  # A4 in points
        (image,) = page.images
        assert image.image is not None
        found += shown(np.asarray(image.image.convert("RGB")), layout, min(8, 12 - len(found)))
    assert (len(reader.pages), found) == (2, [5 * n + 2 for n in range(12)])


def test_what_the_cards_say() -> None:
    board = boards.board(Fraction(30000, 1001), text="Only\n$9.99")
    parts = pieces(board, "shots")
    one, two, three = cards(board, parts, Conformed(board))
    assert [card.title for card in (one, two, three)] == ["1  00:00:00;00", "2  00:00:01;18", "3  00:00:03;07"]
    assert (one.length, one.edit, two.edit, three.edit) == ("1.60 s", "", "hard cut", "cross dissolve, 0.33 s")
    assert one.labels == [("aesthetics", "light key: high key"), ("camera", "movement: pan left")]
    assert two.labels == [("camera", "scale: MCU · movement: static"), ("dissemination", "overlay: overlay text")]


def test_labels_stand_where_they_share_half() -> None:
    board = boards.board(Fraction(30))
    (first, second, _) = board.shots
    middle = (first.span.end_s + second.span.end_s) / 2
    more = [
        unit("x0", "camera.movement", Span.of(first.span.end_s - 0.1, middle), label="tilt_up"),
        unit("x1", "subject.utterance", second.span, text="said", level="event"),
        unit("x2", "camera.movement", Span.at(middle), label="whip"),
        unit("x3", "camera.movement", second.span, status="abstain", reason="dark"),
        unit("x4", "aes.tech.freeze", second.span, label="true", level="event"),
        unit("x5", "aes.tech.black", second.span, label="false", level="event"),
    ]
    board = Storyboard(media=board.media, items=(first, second, *more))
    one, two = cards(board, pieces(board, "shots"), Conformed(board))
    assert one.labels == []
    assert two.labels == [("subject", "“said”"), ("aesthetics", "tech freeze"), ("camera", "movement: tilt up")]


def test_hostile_names_and_texts_are_drawn_within_their_width() -> None:
    for text in (HOSTILE, NAME, "\x00\x1b[31m", "שלום 日本 🎬 end", "a" * 10_000, ""):
        for bold in (True, False):
            line = fitted(text, 16, 200, bold=bold)
            assert width_of(line, 16, bold=bold) <= 200
            assert not any(ord(letter) < 32 for part, _ in pieces_of(text, bold) for letter in part)
        lines = wrapped(text, 16, 200, 3)
        assert len(lines) <= 3
        assert all(width_of(line, 16) <= 200 for line in lines)
    assert fitted("a short line", 16, 400) == "a short line"
    assert fitted("a" * 99, 16, 100).endswith(ELLIPSIS)
    assert " ".join(wrapped("one two three four", 16, 80, 9)) == "one two three four"


def test_nothing_to_show_is_a_sheet_without_cards() -> None:
    empty = Storyboard(media=boards.media(Fraction(25)))
    assert picture(sheet_png, empty, None).shape[0] == Layout(1600, 4, 16 / 9).height(0)


def test_what_is_refused(tmp_path: Path) -> None:
    board = boards.board(Fraction(25))
    sound = Storyboard(media=board.media.model_copy(update={"video": None}))
    many = Storyboard(media=boards.media(Fraction(25), 2000), items=tuple(
        unit(f"s{n}", "edit.shot", Span.of(n / 25, (n + 1) / 25), label="shot", level="shot") for n in range(2000)
    ))  # fmt: skip
    refused = [(board, {"width": 10}), (board, {"columns": 99}), (board, {"at": "middle"}), (sound, {}), (many, {})]
    for one, options in refused:
        with pytest.raises(SestinaError) as error:
            sheet_png(one, io.BytesIO(), **options)  # type: ignore[arg-type]  # one of several types
        assert error.value.hint
    with pytest.raises(SestinaError):
        sheet_contact(board, io.BytesIO(), count=0)
