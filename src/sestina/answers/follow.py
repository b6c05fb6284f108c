"""Follow-ups: what a question leaves open is taken from the one before it: `and how long is it?`, `and at 3 s?`."""

from __future__ import annotations

import re
from dataclasses import replace

from sestina.answers.passages import asked_words
from sestina.answers.reading import Asked, ordinal

OPENS = r"^\s*(and|but|so|then|what about|how about)\b"
POINTS = r"\b(it|its|that|this|they|them|these|those|there|one)\b"
BARE = 2
"""Words of a question that says nothing but its kind: `Why?`, `How many?`"""
KIND = r"\b(when|what|which|how|why|who|where|is|are|was|were|does|do|did|has|have)\b"


def followed(asked: Asked, before: Asked | None) -> Asked:
    """Return a question with the topic, the kind or the time of the one before, where it has none of its own.

    Only a question that begins as a follow-up (`and`, `what about`), names nothing but `it` or is a bare `why?` takes
    anything over.
    """
    text = asked.text.casefold()
    opens = re.match(OPENS, text) is not None
    if before is None or asked.options or asked.kind == "whole":
        return asked
    points = re.search(POINTS, text) is not None and not asked.topics and not asked_words(asked.words)
    bare = len(text.split()) <= BARE and asked.span is None and not asked.topics and not asked_words(asked.words)
    if not opens and not points and not bare:
        return asked
    rest = re.sub(OPENS, "", text)
    kind = asked.kind if re.search(KIND, rest) or asked.kind != "which" else before.kind
    span = asked.span if asked.span is not None else before.span
    if asked.topics or asked_words(asked.words):
        return replace(asked, kind=kind, span=span)
    ordinals = [number for word in asked.words.split() if (number := ordinal(word)) is not None]
    number = ordinals[0] if ordinals else asked.number if asked.number is not None else before.number
    most = asked.most or before.most
    return replace(
        asked, kind=kind, span=span, number=number, topics=before.topics, most=most, words=before.words
    )  # fmt: skip
