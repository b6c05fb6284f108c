"""The page that cards lie on: sizes, the head with the bar of beats, and drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._cards import Card
from sestina.export._images import within
from sestina.export._ink import fitted, width_of, wrapped, write
from sestina.export._pieces import BEATS, Piece

U8 = npt.NDArray[np.uint8]

PAPER, INK, GREY, HAIR, BED = "#ffffff", "#1c1c1e", "#6f6f75", "#d8d8dd", "#f1f1f4"
TONES = {
    "subject": "#e8695f", "aesthetics": "#d9962b", "camera": "#3f9b5c", "editing": "#2f86c9", "narrative": "#8a63c9",
    "dissemination": "#c9549c",
}  # fmt: skip
"""The dimensions in the colours they have in the report and in the terminal."""
BEAT_TONES = ("#8a63c9", "#a98bd8")
ON_BEAT = "#ffffff"

LINES = 8
"""Lines of labels a card has room for."""
LINES_EACH = 2
"""Lines of one dimension at most, where others need room."""
TALLEST = 1.2
"""Height of a picture at most, in widths of its card."""


@dataclass(frozen=True)
class Layout:
    """Sizes of a sheet in pixels.

    Args:
        width: of the page.
        columns: cards a row.
        aspect: width of the video's picture over its height.
        lines: of labels on a card.
        head: whether there is a head with the bar of beats.
    """

    width: int
    columns: int
    aspect: float
    lines: int = LINES
    head: bool = True

    @property
    def em(self) -> int:
        """Size of the letters."""
        return max(9, round(min(self.width / 100, self.card_width / 17)))

    @property
    def margin(self) -> int:
        """Free border, and the gap between cards."""
        return max(6, round(self.width / 60))

    @property
    def card_width(self) -> int:
        """Width of a card."""
        return max(24, (self.width - self.margin * (self.columns + 1)) // self.columns)

    @property
    def picture_height(self) -> int:
        """Height of the bed a picture lies on."""
        return max(1, round(min(self.card_width / self.aspect, self.card_width * TALLEST)))

    @property
    def line(self) -> int:
        """Distance between lines of text."""
        return round(self.em * 1.4)

    @property
    def card_height(self) -> int:
        """Height of a card without the gap below."""
        titles = 2 if self.lines else 1
        return self.picture_height + self.line * (titles + self.lines) + self.em // 2

    @property
    def head_height(self) -> int:
        """Height of the head, its margin included."""
        return self.line * 6 + self.margin if self.head else self.margin

    def height(self, rows: int) -> int:
        """Return the height of a page of so many rows."""
        return self.head_height + rows * (self.card_height + self.margin)

    def rows(self, height: int) -> int:
        """Return how many rows fit on a page of a height, at least one."""
        return max(1, (height - self.head_height) // (self.card_height + self.margin))

    def place(self, number: int) -> tuple[int, int]:
        """Return the left top corner of a page's card `number`, from 0."""
        row, column = divmod(number, self.columns)
        x = self.margin + column * (self.card_width + self.margin)
        return x, self.head_height + row * (self.card_height + self.margin)


class Page:
    """One page in the making; `picture` is its Pillow image."""

    def __init__(self, layout: Layout, height: int) -> None:
        from PIL import Image, ImageDraw

        self.layout = layout
        self.picture: Any = Image.new("RGB", (layout.width, height), PAPER)
        self._draw: Any = ImageDraw.Draw(self.picture)

    def head(self, title: str, facts: str, page: str) -> None:
        """Write the head's two lines, and which page this is."""
        layout = self.layout
        room = layout.width - 2 * layout.margin
        aside = width_of(page, layout.em)
        y = layout.margin + layout.line
        big = round(layout.em * 1.5)
        self._write((layout.margin, y), fitted(title, big, room - aside - layout.em, bold=True), big, INK, bold=True)
        self._write((layout.width - layout.margin - aside, y), page, layout.em, GREY)
        self._write((layout.margin, y + layout.line * 1.2), fitted(facts, layout.em, room), layout.em, GREY)

    def bar(self, board: Storyboard, parts: Sequence[Piece]) -> None:
        """Draw the beats over the whole video, where shots begin, and which stretch this page shows."""
        layout, whole = self.layout, board.media.span
        room = layout.width - 2 * layout.margin
        top = layout.margin + layout.line * 3
        bottom = top + round(layout.line * 1.5)

        def across(time_s: float) -> float:
            return layout.margin + room * (time_s - whole.start_s) / max(whole.duration_s, 1e-6)

        self._draw.rectangle((layout.margin, top, layout.margin + room, bottom), fill=BED)
        beats = [unit for unit in board.units(facet=BEATS) if unit.status != "abstain"]
        for number, unit in enumerate(beats):
            self._beat(unit, across(unit.span.start_s), across(unit.span.end_s), top, bottom, BEAT_TONES[number % 2])
        for unit in board.shots:
            x = round(across(unit.span.start_s))
            self._draw.line((x, bottom + 2, x, bottom + layout.em // 2), fill=GREY)
        if parts:
            here = Span.of(parts[0].span.start_s, max(part.span.end_s for part in parts))
            y = bottom + layout.em // 2 + 2
            self._draw.rectangle((across(here.start_s), y, across(here.end_s), y + max(2, layout.em // 6)), fill=INK)

    def _beat(self, unit: Unit, left: float, right: float, top: int, bottom: int, tone: str) -> None:
        em = self.layout.em
        self._draw.rectangle((left, top, max(left, right - 1), bottom), fill=tone)
        said = unit.claim.replace("_", " ")
        if right - left > 2 * em:
            base = (top + bottom) / 2 + em * 0.35
            self._write((left + em / 3, base), fitted(said, em, right - left - em / 2), em, ON_BEAT)

    def card(self, number: int, card: Card, rgb: U8) -> None:
        """Draw card `number` of this page with its picture, uint8 [H,W,3]."""
        layout, em = self.layout, self.layout.em
        x, y = layout.place(number)
        aside = width_of(card.length, em)
        title = fitted(card.title, em, layout.card_width - aside - em, bold=True)
        self._write((x, y + em), title, em, INK, bold=True)
        self._write((x + layout.card_width - aside, y + em), card.length, em, GREY)
        top = y + layout.line
        if layout.lines:
            self._write((x, top + em), fitted(card.edit, em, layout.card_width), em, TONES["editing"])
            top += layout.line
        self._paste(rgb, x, top)
        if layout.lines:
            self._labels(card, x, top + layout.picture_height + em // 2)

    def _paste(self, rgb: U8, x: int, y: int) -> None:
        from PIL import Image

        layout = self.layout
        self._draw.rectangle((x, y, x + layout.card_width - 1, y + layout.picture_height - 1), fill=BED)
        small = within(rgb, layout.card_width, layout.picture_height)
        left = x + (layout.card_width - small.shape[1]) // 2
        self.picture.paste(Image.fromarray(small), (left, y + (layout.picture_height - small.shape[0]) // 2))

    def _labels(self, card: Card, x: int, y: int) -> None:
        layout, em = self.layout, self.layout.em
        left, room = layout.lines, layout.card_width - em
        for number, (dimension, said) in enumerate(card.labels):
            others = len(card.labels) - number - 1
            for line_number, line in enumerate(wrapped(said, em, room, max(1, min(LINES_EACH, left - others)))):
                base = y + em
                if line_number == 0:
                    mark = (x, base - em * 0.65, x + em * 0.5, base - em * 0.1)
                    self._draw.rectangle(mark, fill=TONES[dimension])
                self._write((x + em, base), line, em, INK)
                y, left = y + layout.line, left - 1

    def _write(self, at: tuple[float, float], text: str, em: int, tone: str, bold: bool = False) -> None:
        write(self._draw, at, text, em, tone, bold=bold)
