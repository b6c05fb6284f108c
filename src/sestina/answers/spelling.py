"""Slips of the pen in a question: a long word that nobody knows is read as the one known word a slip away from it."""

from __future__ import annotations

from functools import cache, lru_cache

from sestina.answers.words import phrases
from sestina.core import vocabulary

SHORTEST = 6
"""Letters from which on a word is mended; shorter ones are too near to others."""


@cache
def _known(_: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for phrase in phrases() for word in phrase.replace("-", " ").split() if word.isalpha())


def corrected(plain: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a text with its slips mended, and what was read as what."""
    mended: list[tuple[str, str]] = []
    words: list[str] = []
    for word in plain.split():
        read = _nearest(word, vocabulary.defined())
        if read != word:
            mended.append((word, read))
        words.append(read)
    return " ".join(words), tuple(mended)


@lru_cache(maxsize=4096)
def _nearest(word: str, defined: tuple[str, ...]) -> str:
    if len(word) < SHORTEST or not word.isascii() or not word.isalpha():
        return word
    known = _known(defined)
    if word in known or any(word.removesuffix(end) in known for end in ("s", "es", "ed", "d", "ing", "ly", "r", "er")):
        return word
    near = [one for one in known if len(one) >= SHORTEST - 1 and one[0] == word[0] and _slip(word, one)]
    plural = [one + "s" for one in known if word.endswith("s") and one[0] == word[0] and _slip(word[:-1], one)]
    found = near or plural
    return found[0] if len(found) == 1 else word


def _slip(word: str, known: str) -> bool:
    """Return whether one letter is missing or too much, or two neighbours are exchanged."""
    if len(word) == len(known):
        differ = [k for k in range(len(word)) if word[k] != known[k]]
        swapped = len(differ) == 2 and differ[1] == differ[0] + 1
        return swapped and word[differ[0]] == known[differ[1]] and word[differ[1]] == known[differ[0]]
    long, short = (word, known) if len(word) > len(known) else (known, word)
    return len(long) == len(short) + 1 and any(long[:k] + long[k + 1 :] == short for k in range(len(long)))
