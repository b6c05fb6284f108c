"""Text as pictures: wrapping lines and drawing them in a style, with Pillow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np

from sestina.core.writing import direction_of
from sestina.render.packaging.art import U8, Art, Tone, Written, bounds, composed, ink_box, rounded, toned
from sestina.render.packaging.fonts import face_for, font, runs_both_ways

PITCH = 1.75
"""From one line to the next, in heights of a capital."""
MARGIN = 0.7
"""Free room around the lines, in heights of a capital."""


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """How text is drawn: height of the capitals in pixels, the widest line allowed, colours, style, face, side."""

    cap_px: int
    max_width_px: int
    colour: Tone = (255, 255, 255)
    back: Tone = (20, 22, 30)
    accent: Tone = (255, 209, 74)
    style: str = "plain"
    serif: bool = False
    weight: str = "bold"
    align: Literal["left", "centre"] = "centre"


def lettered(text: str, how: Lettering, lit: int | None = None, shown: int | None = None) -> Art:
    """Return `text` as a picture.

    Args:
        text: with its own line breaks.
        how: size, colours, style.
        lit: number of the word drawn in `accent`, or None.
        shown: number of letters drawn, or None for all; the layout is that of the whole text.

    Raises MissingFont when this machine cannot draw it, ValueError when words of mixed direction are to be lit.
    """
    face = font(face_for(text, how.serif, how.weight), how.cap_px)
    lines = wrapped(text, face, how.max_width_px)
    if lit is not None and runs_both_ways(text):
        raise ValueError(f"words of mixed direction cannot light up one by one: {text!r}")
    pad = max(4, round(how.cap_px * MARGIN))
    width = round(max(face.getlength(line) for line in lines)) + 2 * pad
    height = round(how.cap_px * (PITCH * (len(lines) - 1) + 1.3)) + 2 * pad
    ink = np.zeros((height, width, 4), np.uint8)
    ink[..., :3] = how.colour
    boxes, left = [], len(text) if shown is None else shown
    for row, line in enumerate(lines):
        base = pad + how.cap_px + round(row * how.cap_px * PITCH)
        x = _start(line, how, face, width, pad)
        whole = _alpha(line, face, (x, base), ink.shape)
        boxes.append(ink_box(toned(whole, how.colour)))
        typed = line[: max(0, left)]
        rest = face.getlength(line) - face.getlength(typed) if direction_of(line) == "rtl" else 0
        part = whole if typed == line else _alpha(typed, face, (x + round(rest), base), ink.shape)
        ink[..., 3] = np.maximum(ink[..., 3], part)
        _light(ink, line, (x, base), face, how, lit)
        left -= len(line)
        lit = None if lit is None else lit - len(line.split())
    if how.style == "gradient":
        ink[..., :3] = _ramp(how, boxes, height)
    written = Written(text, tuple(lines), bounds(boxes), how.cap_px)
    return Art(_styled(ink, how, boxes), (written,))


def wrapped(text: str, face: Any, width_px: int) -> list[str]:
    """Return the lines of `text`: at its own line breaks, and where a line would be wider than `width_px`.

    Words wider than a line, and scripts without spaces, are broken between letters.
    """
    lines = []
    for given in text.split("\n"):
        line = ""
        for word in given.split():
            longer = f"{line} {word}".strip()
            if line and face.getlength(longer) > width_px:
                lines.append(line)
                longer = word
            *full, line = _broken(longer, face, width_px)
            lines += full
        lines.append(line)
    return lines


def _broken(word: str, face: Any, width_px: int) -> list[str]:
    """Return a word in pieces that fit, the longest first pieces that do; one letter at least each."""
    pieces = []
    while len(word) > 1 and face.getlength(word) > width_px:
        fits = 1
        while face.getlength(word[: fits + 1]) <= width_px:
            fits += 1
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def _start(line: str, how: Lettering, face: Any, width: int, pad: int) -> int:
    """Return where a line begins at the left; lines of right-to-left text end at the right of a left-aligned block."""
    free = width - 2 * pad - float(face.getlength(line))
    if how.align == "centre":
        return pad + round(free / 2)
    return pad + (round(free) if direction_of(line) == "rtl" else 0)


def _light(ink: U8, line: str, at: tuple[int, int], face: Any, how: Lettering, lit: int | None) -> None:
    """Give word number `lit` of a line the accent colour, in place."""
    rtl = direction_of(line) == "rtl"
    x, base = at
    words = line.split()
    if lit is None or not 0 <= lit < len(words):
        return
    until = face.getlength(" ".join(words[: lit + 1]))
    since = face.getlength(" ".join([*words[:lit], ""])) if lit else 0.0
    low, high = (face.getlength(line) - until, face.getlength(line) - since) if rtl else (since, until)
    top, bottom = base - round(how.cap_px * 1.35), base + round(how.cap_px * 0.7)
    ink[max(0, top) : bottom, x + round(low) : x + round(high) + 1, :3] = how.accent


def _alpha(text: str, face: Any, at: tuple[int, int], shape: tuple[int, ...]) -> U8:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (shape[1], shape[0]), 0)
    ImageDraw.Draw(picture).text(at, text, font=face, fill=255, anchor="ls")
    return np.asarray(picture, np.uint8)


def _ramp(how: Lettering, boxes: list[tuple[int, int, int, int]], height: int) -> U8:
    """Return the colours of rows from `colour` at the top of every line to `accent` at its foot, [H,1,3]."""
    rows = np.zeros((height, 1, 3), np.float32)
    rows[:] = how.colour
    for _, top, _, bottom in boxes:
        share = np.linspace(0, 1, max(1, bottom - top), dtype=np.float32)[:, None, None]
        rows[top:bottom] = np.asarray(how.colour, np.float32) * (1 - share) + np.asarray(how.accent, np.float32) * share
    return rows.round().astype(np.uint8)


def _styled(ink: U8, how: Lettering, boxes: list[tuple[int, int, int, int]]) -> U8:
    """Return the letters with what their style lays under them."""
    alpha = ink[..., 3]
    if how.style == "outline":
        return under(ink, _grown(alpha, max(1, round(how.cap_px * 0.12))), how.back)
    if how.style in ("shadow", "gradient"):
        soft = cv2.GaussianBlur(_grown(alpha, 2), (0, 0), max(1.0, how.cap_px * 0.10))
        return under(ink, np.asarray(np.roll(soft, max(1, how.cap_px // 14), (0, 1)), np.uint8), how.back)
    if how.style == "box":
        return under(ink, rounded(ink.shape[1], ink.shape[0], round(how.cap_px * 0.35)), how.back)
    if how.style == "highlight_bar":
        bars = np.zeros(alpha.shape, np.uint8)
        for top, bottom, left, right in _bars(boxes, how.cap_px):
            bars[top:bottom, left:right] = 255
        return under(ink, bars, how.back)
    return ink


def _bars(boxes: list[tuple[int, int, int, int]], cap_px: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield top, bottom, left, right of the bar behind every line."""
    room = round(0.35 * cap_px)
    for left, top, right, bottom in boxes:
        yield max(0, top - room), bottom + room, max(0, left - room), right + room


def _grown(alpha: U8, radius: int) -> U8:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(alpha, kernel), np.uint8)


def under(ink: U8, alpha: U8, tone: Tone) -> U8:
    """Return RGBA `ink` with a plain colour of the given alpha [H,W] laid under it."""
    return composed(ink, toned(alpha, tone))
