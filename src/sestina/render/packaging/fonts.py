"""Faces: which font of this machine can draw a text, letter by letter, and the fonts opened at a size."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sestina.core.errors import MissingFont
from sestina.core.writing import script_of

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts", "~/.fonts",
           "~/.local/share/fonts", "~/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
"""Where fonts are looked for."""

FILES: dict[tuple[bool, str], tuple[str, ...]] = {
    (False, "bold"): (
        "DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf", "NotoSansCJK-Bold.ttc",
        "NotoSansArabic-Bold.ttf", "NotoSansHebrew-Bold.ttf", "NotoSansDevanagari-Bold.ttf", "NotoSansThai-Bold.ttf",
        "Hiragino Sans GB.ttc", "msyhbd.ttc", "Arial Unicode.ttf",
    ),
    (False, "regular"): (
        "DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "arial.ttf", "NotoSansCJK-Regular.ttc",
        "NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf", "NotoSansDevanagari-Regular.ttf",
        "NotoSansThai-Regular.ttf", "Hiragino Sans GB.ttc", "msyh.ttc", "Arial Unicode.ttf",
    ),
    (True, "bold"): (
        "DejaVuSerif-Bold.ttf", "NotoSerif-Bold.ttf", "Times New Roman Bold.ttf", "timesbd.ttf",
        "NotoSerifCJK-Bold.ttc", "NotoNaskhArabic-Bold.ttf", "NotoSerifHebrew-Bold.ttf",
    ),
    (True, "regular"): (
        "DejaVuSerif.ttf", "NotoSerif-Regular.ttf", "Times New Roman.ttf", "times.ttf", "NotoSerifCJK-Regular.ttc",
        "NotoNaskhArabic-Regular.ttf", "NotoSerifHebrew-Regular.ttf",
    ),
}  # fmt: skip
"""Files of the faces, (serif, weight) to file names, first choice first. Pillow's own face, Latin only, comes last."""

OWN = "Pillow's own"
CJK_FACES = {"kana": 0, "hangul": 1, "han": 2}
"""Script to the number of its face in the files of Noto CJK."""
MISSING = "\U0010ffff"
"""A code point that no font has: what is drawn for it stands for every letter that is missing."""
PROBE_PX = 40


@dataclass(frozen=True)
class Face:
    """A font file and the number of the face in it; an empty path is Pillow's own face."""

    path: str = ""
    index: int = 0

    @property
    def name(self) -> str:
        """Name for the record."""
        return Path(self.path).stem if self.path else OWN


@lru_cache(maxsize=256)
def face_for(text: str, serif: bool = False, weight: str = "bold") -> Face:
    """Return the first face that has every letter of `text`; a sans stands in where no serif has them.

    Raises MissingFont where this machine has none, or where the letters must be joined or turned around and Pillow
    came without Raqm. A box instead of a letter is never drawn.
    """
    if needs_shaping(text) and not _shapes():
        raise MissingFont(
            f"{text[:40]!r} needs its letters joined or put in order", hint="install a Pillow with Raqm and FriBidi"
        )
    index = CJK_FACES.get(script_of(text) or "", 0)
    letters = "".join(sorted({letter for letter in text if not letter.isspace()}))
    lacks = letters
    for name in (*FILES[serif, weight], *(FILES[False, weight] if serif else ()), ""):
        path = _installed().get(name, "")
        if name and not path:
            continue
        face = Face(path, index if "CJK" in name else 0)
        missing = lacking(letters, face)
        if not missing:
            return face
        lacks = min(lacks, missing, key=len)
    shown = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in lacks[:5])
    raise MissingFont(
        f"no font of this machine has {shown} of {text[:40]!r}", hint="install fonts-noto-core and fonts-noto-cjk"
    )


def needs_shaping(text: str) -> bool:
    """Return whether letters of `text` run from right to left or carry marks."""
    return any(
        unicodedata.bidirectional(letter) in ("R", "AL", "AN") or unicodedata.category(letter) in ("Mn", "Mc")
        for letter in text
        if letter != "\ufe0f"
    )


def runs_both_ways(text: str) -> bool:
    """Return whether some letters of `text` run from left to right and others from right to left."""
    ways = {unicodedata.bidirectional(letter) for letter in text}
    return "L" in ways and bool(ways & {"R", "AL"})


def lacking(letters: str, face: Face) -> str:
    """Return those of `letters` that `face` draws as it draws a letter it does not have."""
    font = opened(face, PROBE_PX)
    nothing = _drawn(font, MISSING)
    return "".join(letter for letter in letters if _drawn(font, letter) == nothing)


def _drawn(font: Any, letter: str) -> tuple[Any, bytes, float]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask), float(font.getlength(letter))


def _shapes() -> bool:
    from PIL import features

    return bool(features.check("raqm"))


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    """Return file name to path of every font file on this machine."""
    found: dict[str, str] = {}
    wanted = {name for names in FILES.values() for name in names}
    for folder in FOLDERS:
        for parent, folders, names in os.walk(Path(folder).expanduser()):
            folders.sort()
            for name in sorted(wanted.intersection(names)):
                found.setdefault(name, str(Path(parent) / name))
    return found


@lru_cache(maxsize=64)
def opened(face: Face, em_px: int) -> Any:
    """Return the Pillow font of a face at `em_px` pixels."""
    from PIL import ImageFont

    if not face.path:
        return ImageFont.load_default(em_px)
    return ImageFont.truetype(face.path, em_px, index=face.index)


@lru_cache(maxsize=64)
def font(face: Face, cap_px: int) -> Any:
    """Return the Pillow font whose capitals are `cap_px` pixels high."""
    return opened(face, max(6, round(cap_px / _cap_share(face))))


@lru_cache(maxsize=16)
def _cap_share(face: Face) -> float:
    """Return the height of a capital as a share of the em; of scripts without capitals the usual one."""
    if lacking("H", face):
        return 0.71
    box = opened(face, 200).getbbox("H")
    return float(box[3] - box[1]) / 200


def forget() -> None:
    """Look for fonts anew, after some were installed."""
    for cached in (face_for, _installed, opened, font, _cap_share):
        cached.cache_clear()
