"""Text as pictures: finding a font, wrapping lines, and drawing them in a style, with Pillow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "~/.fonts", "~/Library/Fonts",
           "C:/Windows/Fonts")  # fmt: skip
"""Where fonts are looked for."""

SANS = ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
SERIF = ("DejaVuSerif-Bold.ttf", "NotoSerif-Bold.ttf", "Times New Roman Bold.ttf", "timesbd.ttf")
"""Files of the faces, first choice first; Pillow's own face where none is found."""


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """How text is drawn: height of the capitals in pixels, colours, style, face, and the widest line allowed."""

    cap_px: int
    max_width_px: int
    colour: Colour = (255, 255, 255)
    back: Colour = (20, 22, 30)
    style: str = "plain"
    serif: bool = False


@lru_cache(maxsize=4)
def font_file(serif: bool = False) -> Path | None:
    """Return the first font file found on this machine, or None."""
    for name in SERIF if serif else SANS:
        for folder in FOLDERS:
            root = Path(folder).expanduser()
            found = sorted(root.rglob(name)) if root.is_dir() else []
            if found:
                return found[0]
    return None


def font_name(serif: bool = False) -> str:
    """Return the name of the face that text is drawn with, for the record."""
    path = font_file(serif)
    return "Pillow's own" if path is None else path.stem


@lru_cache(maxsize=64)
def font(cap_px: int, serif: bool = False) -> Any:
    """Return the Pillow font whose capitals are `cap_px` pixels high."""
    em = max(6, round(cap_px / _cap_share(serif)))
    return _opened(em, serif)


@lru_cache(maxsize=2)
def _cap_share(serif: bool) -> float:
    box = _opened(200, serif).getbbox("H")
    return float(box[3] - box[1]) / 200


def _opened(em: int, serif: bool) -> Any:
    from PIL import ImageFont

    path = font_file(serif)
    return ImageFont.load_default(em) if path is None else ImageFont.truetype(str(path), em)


def wrapped(text: str, face: Any, width_px: int) -> list[str]:
    """Return the lines of `text`: at its own line breaks, and where a line would be wider than `width_px`."""
    lines = []
    for given in text.split("\n"):
        line = ""
        for word in given.split():
            longer = f"{line} {word}".strip()
            if line and face.getlength(longer) > width_px:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def lettered(text: str, how: Lettering, lit: int | None = None, accent: Colour = (255, 209, 74)) -> U8:
    """Return `text` as a tight RGBA picture, uint8 [H,W,4].

    Args:
        text: with its own line breaks.
        how: size, colours, style.
        lit: number of the word drawn in `accent`, or None.
        accent: its colour.
    """
    face = font(how.cap_px, how.serif)
    lines = wrapped(text, face, how.max_width_px)
    pad = max(4, round(how.cap_px * 0.7))
    pitch = round(how.cap_px * 1.75)
    width = round(max(face.getlength(line) for line in lines)) + 2 * pad
    height = pitch * (len(lines) - 1) + round(how.cap_px * 1.5) + 2 * pad
    ink = _ink(lines, how, face, (width, height), lit, accent)
    return _styled(ink, how)


def _ink(lines: list[str], how: Lettering, face: Any, size: tuple[int, int], lit: int | None, accent: Colour) -> U8:
    """Draw centred lines word by word, so that one word may be lit."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGBA", size, (*how.colour, 0))
    draw = ImageDraw.Draw(picture)
    pitch = round(how.cap_px * 1.75)
    number = 0
    for row, line in enumerate(lines):
        x = (size[0] - face.getlength(line)) / 2
        y = max(4, round(how.cap_px * 0.7)) + how.cap_px + row * pitch
        for word in line.split():
            tone = accent if number == lit else how.colour
            draw.text((x, y), word, font=face, fill=(*tone, 255), anchor="ls")
            x += face.getlength(word + " ")
            number += 1
    return np.asarray(picture, np.uint8)


def _styled(ink: U8, how: Lettering) -> U8:
    if how.style == "outline":
        return under(ink, _grown(ink[..., 3], max(1, round(how.cap_px * 0.12))), how.back)
    if how.style == "shadow":
        soft = cv2.GaussianBlur(_grown(ink[..., 3], 2), (0, 0), max(1.0, how.cap_px * 0.10))
        return under(ink, np.asarray(np.roll(soft, max(1, how.cap_px // 14), (0, 1)), np.uint8), how.back)
    if how.style == "box":
        return under(ink, rounded(ink.shape[1], ink.shape[0], round(how.cap_px * 0.35)), how.back)
    return ink


def _grown(alpha: U8, radius: int) -> U8:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(alpha, kernel), np.uint8)


def rounded(width: int, height: int, radius: int) -> U8:
    """Return the alpha of a rounded rectangle, uint8 [height, width]."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", (width * 4, height * 4), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius * 4, fill=255)
    return np.asarray(mask.resize((width, height), Image.Resampling.BOX), np.uint8)


def under(ink: U8, alpha: U8, tone: Colour) -> U8:
    """Return RGBA `ink` with a plain colour of the given alpha [H,W] laid under it."""
    top = ink[..., 3:].astype(np.float32) / 255
    base = alpha[..., None].astype(np.float32) / 255 * (1 - top)
    whole = np.maximum(top + base, 1e-6)
    colour = (ink[..., :3] * top + np.asarray(tone, np.float32) * base) / whole
    return np.concatenate([colour, 255 * (top + base)], axis=2).round().astype(np.uint8)


def ink_box(picture: U8, threshold: int = 128) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of what is opaque in an RGBA picture, pixels; all of it when nothing is."""
    opaque = picture[..., 3] >= threshold
    rows, columns = np.flatnonzero(opaque.any(1)), np.flatnonzero(opaque.any(0))
    if not len(rows):
        return 0, 0, picture.shape[1], picture.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
