"""Words of a text for comparing and for searching."""

from __future__ import annotations

import re

STOP = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "by", "did", "do", "does", "for", "from", "how", "in", "is", "it", "its",
    "of", "on", "or", "that", "the", "their", "there", "they", "this", "to", "was", "were", "what", "when", "where",
    "which", "who", "why", "will", "with", "you", "your",
))  # fmt: skip
"""Words that say nothing of what a text is about."""


def plain_words(text: str) -> list[str]:
    """Return the words of a text that say something: lower case, no plural endings, common ones left out."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words if word not in STOP]
