"""Lists of facets as options give them: ids with commas between; `narr.` stands for all that begin so, `` for all."""

from __future__ import annotations

from collections.abc import Collection

from sestina.core import vocabulary


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a list with commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def among(name: str, words: Collection[str]) -> bool:
    """Return whether a name is one of these words, or begins with one that ends in a dot; no words mean all."""
    return not words or any(name == word or (word.endswith(".") and name.startswith(word)) for word in words)


def checked(text: str, there: Collection[str] = ()) -> tuple[str, ...]:
    """Return the words of a list. Raises UnknownComponent for one that means no facet, known or `there`."""
    words, ids = listed(text), (*vocabulary.load().ids, *there)
    for word in words:
        if not any(among(name, (word,)) for name in ids):
            vocabulary.facet(word)
    return words
