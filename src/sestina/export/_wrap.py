"""Text as lines of a subtitle: cleaned, measured in columns, wrapped in any script.

Scripts that write no spaces (Chinese, Japanese, Thai and their neighbours) break between letters, by the simplest rule
of kinsoku shori (JIS X 4051): closing marks never begin a line, opening ones never end it. A wide letter counts as two
columns, a mark that joins the letter before it as none (Unicode Standard Annex 11, East Asian Width).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

OPENING, CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po", "Mn", "Me", "Mc", "Cf", "Lm")
"""Unicode categories that stay with what follows, and with what stands before."""
JOINER = "\u200d"
"""Joins two emoji into one picture."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What no line break may cut, its columns, and when it is said; `glued` to the piece before it without a space."""

    text: str
    width: int
    start_s: float
    end_s: float
    glued: bool = False
    speaker: str | None = None


def clean(text: str) -> tuple[str, ...]:
    """Return the lines of `text` that hold anything, with single spaces and without control characters."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    shown = ("".join(ch for ch in line if ch == " " or unicodedata.category(ch) != "Cc") for line in lines)
    return tuple(line.strip() for line in shown if line.strip())


def one_line(text: str) -> str:
    """Return `text` on one line."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(clean(text))


def columns(text: str) -> int:
    """Return how wide `text` is, in columns of a narrow letter."""
    if text.isascii():
        return len(text)
    return sum(_column(ch) for ch in text)


def _column(ch: str) -> int:
    if unicodedata.category(ch) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def unspaced(ch: str) -> bool:
    """Return whether a letter's script writes words without spaces between them."""
    if ch.isascii():
        return False
    if "\u0e00" <= ch <= "\u0eff" or "\u1000" <= ch <= "\u109f" or "\u1780" <= ch <= "\u17ff":
        return True  # Thai, Lao, Burmese, Khmer
    hangul = "\u1100" <= ch <= "\u11ff" or "\u3130" <= ch <= "\u318f" or "\uac00" <= ch <= "\ud7af"
    return unicodedata.east_asian_width(ch) in "WF" and unicodedata.category(ch)[0] in "LPN" and not hangul


def joined(parts: Sequence[str]) -> str:
    """Return lines or words as one line, with spaces where their script writes them."""
    text = ""
    for part in parts:
        text += part if not text or not part or tight(text[-1], part[0]) else f" {part}"
    return text


def tight(before: str, after: str) -> bool:
    """Return whether no space is written between words that end and begin with these letters."""
    return unspaced(before) and unspaced(after)


def pieces(text: str, start_s: float, end_s: float, *, limit: int, speaker: str | None = None) -> list[Piece]:
    """Return `text` as pieces of at most `limit` columns that share its time by their width."""
    plain = one_line(text)
    if plain.isascii() and " " not in plain and len(plain) <= limit:
        return [Piece(plain, len(plain), start_s, end_s, False, speaker)] if plain else []
    parts: list[tuple[str, bool]] = []
    for word in plain.split(" "):
        for number, atom in enumerate(_atoms(word, limit)):
            parts.append((atom, number > 0 or bool(parts and tight(parts[-1][0][-1], atom[0]))))
    total = sum(columns(part) for part, _ in parts) or 1
    found, done = [], 0
    for part, glued in parts:
        first, done = done, done + columns(part)
        length = end_s - start_s
        times = start_s + length * first / total, start_s + length * done / total
        found.append(Piece(part, done - first, *times, glued, speaker))
    return found


def _atoms(word: str, limit: int) -> list[str]:
    """Return a word cut where a line may break inside it: between wide letters, and where it is longer than a line."""
    if columns(word) <= limit and not any(unspaced(ch) and _column(ch) == 2 for ch in word):
        return [word] if word else []
    atoms: list[str] = []
    for ch in word:
        if atoms and (_stays(atoms[-1][-1], ch) and columns(atoms[-1] + ch) <= limit):
            atoms[-1] += ch
        else:
            atoms.append(ch)
    return atoms


def _stays(before: str, ch: str) -> bool:
    """Whether no line may break between two characters of a word."""
    kind, kind_before = unicodedata.category(ch), unicodedata.category(before)
    if kind in CLOSING or kind_before in OPENING or before == JOINER:
        return True
    return not unspaced(before) and not unspaced(ch)


def tied(run: Sequence[Piece]) -> str:
    """Return pieces as one line."""
    return "".join(piece.text if piece.glued or not number else f" {piece.text}" for number, piece in enumerate(run))


def wrapped(run: Sequence[Piece], *, limit: int, lines: int) -> tuple[str, ...] | None:
    """Return `run` as at most `lines` lines of at most `limit` columns, as even as can be; None if it is longer."""
    if not run:
        return ()
    widths = [piece.width for piece in run]
    spaces = [0, *(0 if piece.glued else 1 for piece in run[1:])]
    total = sum(widths) + sum(spaces)
    if total > lines * (limit + 1):
        return None
    least = total if total <= limit else max(-(-total // lines) - 1, max(widths))
    for width in range(least, limit + 1):
        ends = _filled(widths, spaces, width)
        if len(ends) <= lines:
            starts = [0, *ends[:-1]]
            return tuple(tied(run[a:b]) for a, b in zip(starts, ends, strict=True))
    return None


def evenly(text: str, lines: int) -> tuple[str, ...]:
    """Return `text` on at most `lines` lines, the longest of them as short as can be."""
    total = columns(one_line(text))
    run = pieces(text, 0, 0, limit=max(1, total))
    for width in range(-(-total // lines), total + 1):
        found = wrapped(run, limit=width, lines=lines)
        if found is not None:
            return found
    return (one_line(text),)


def _filled(widths: Sequence[int], spaces: Sequence[int], width: int) -> list[int]:
    """Return the number of the piece after each line, every line filled as far as it goes."""
    ends, used = [], widths[0]
    for number in range(1, len(widths)):
        if used + spaces[number] + widths[number] > width:
            ends.append(number)
            used = widths[number]
        else:
            used += spaces[number] + widths[number]
    return [*ends, len(widths)]
