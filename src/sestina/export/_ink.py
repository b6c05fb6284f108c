"""Text on pictures: any text, in whatever faces this machine has, cut to a width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sestina.core.errors import MissingFont
from sestina.render.packaging.fonts import Face, face_for, opened

ELLIPSIS = "…"


@lru_cache(maxsize=4096)
def pieces_of(text: str, bold: bool) -> tuple[tuple[str, Face], ...]:
    """Return a text in parts that one face each can draw: whole where possible, else word by word.

    What no face here has is spelled by its code point, U+1F600, and control characters are left out.
    """
    clean = " ".join("".join(_visible(text)).split())
    whole = _face(clean, bold)
    if whole is not None:
        return ((clean, whole),) if clean else ()
    return tuple(_by_word(clean, bold))


def _visible(text: str) -> Iterator[str]:
    for letter in text:
        if letter.isspace():
            yield " "
        elif unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn") and letter != "\ufe0f":
            yield letter


def _by_word(text: str, bold: bool) -> Iterator[tuple[str, Face]]:
    for word in text.split():
        face = _face(word, bold)
        if face is not None:
            yield word + " ", face
            continue
        spelled = "".join(letter if _face(letter, bold) else f"U+{ord(letter):04X} " for letter in word)
        own = _face(spelled, bold)
        plain = spelled if own is not None else " ".join(f"U+{ord(letter):04X}" for letter in word)
        yield plain + " ", own or face_for("A", weight=_weight(bold))


def _face(text: str, bold: bool) -> Face | None:
    try:
        return face_for("A" if text.isascii() else text, weight=_weight(bold))
    except MissingFont:
        return None


def _weight(bold: bool) -> str:
    return "bold" if bold else "regular"


def width_of(text: str, em_px: int, *, bold: bool = False) -> float:
    """Return how wide a line of text is, pixels."""
    return sum(float(opened(face, em_px).getlength(part)) for part, face in pieces_of(text, bold))


def write(draw: Any, at: tuple[float, float], text: str, em_px: int, tone: str, *, bold: bool = False) -> None:
    """Draw one line; `at` is its left end and its base line.

    Args:
        draw: a Pillow drawing.
        at: pixels.
        text: any.
        em_px: size of the letters.
        tone: colour.
        bold: weight.
    """
    x, y = at
    for part, face in pieces_of(text, bold):
        font = opened(face, em_px)
        draw.text((round(x), round(y)), part, fill=tone, font=font, anchor="ls")
        x += float(font.getlength(part))


def fitted(text: str, em_px: int, width_px: float, *, bold: bool = False) -> str:
    """Return a text cut so that it is no wider than `width_px`, an ellipsis behind it where something went."""
    if width_of(text, em_px, bold=bold) <= width_px:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + ELLIPSIS, em_px, bold=bold) <= width_px:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrapped(text: str, em_px: int, width_px: float, most: int) -> list[str]:
    """Return a text as at most `most` lines no wider than `width_px`; the last is cut where that is too few."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        count = 1
        while count < len(words) and width_of(" ".join(words[: count + 1]), em_px) <= width_px:
            count += 1
        lines.append(fitted(" ".join(words[:count]), em_px, width_px))
        words = words[count:]
    return [*lines, fitted(" ".join(words), em_px, width_px)] if words else lines
