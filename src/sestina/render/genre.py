"""Genres: whole scripts by name and seed, whose gold is true because the story was made that way."""

from __future__ import annotations

import importlib

from sestina.core.errors import UnknownComponent
from sestina.render.genres.grammar import Grammar, composed
from sestina.render.script import Script

GENRES: tuple[str, ...] = (
    "listicle", "tutorial", "before_after", "product_demo", "story", "reaction", "talking_head", "slideshow",
    "gameplay", "news",
)  # fmt: skip
"""Names of the genres."""


def compose(genre: str, seed: int) -> Script:
    """Return the script of a genre's story; the same name and seed give the same script on every machine.

    Raises UnknownComponent for another name.
    """
    return composed(grammar(genre), GENRES.index(genre), seed)


def grammar(genre: str) -> Grammar:
    """Return the grammar of a genre. Raises UnknownComponent for another name."""
    if genre not in GENRES:
        raise UnknownComponent(f"no genre is called {genre!r}", hint=f"known: {', '.join(GENRES)}")
    found: Grammar = importlib.import_module(f"sestina.render.genres.{genre}").GRAMMAR
    return found
