"""A question in words, taken apart: what kind it is, which facets and labels it speaks of, and when.

No grammar is parsed: kinds are told by their opening words, topics are the longest phrases of the vocabulary and of
`ask.words`, times are numbers with a unit. What is not understood stays in `words`, for retrieval.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sestina.ask.words import Topic, phrases
from sestina.core.time import Span

Kind = Literal["when", "how_long", "how_many", "how_often", "why", "compare", "whether", "which", "whole", "words"]

KINDS: tuple[tuple[Kind, str], ...] = (
    ("when", r"\b(when|at what (time|second|moment|point)|what time|at which (second|moment|point)|how soon)\b"),
    ("how_long", r"\bhow (long|many seconds|much time)\b|\b(duration|length) of\b|\bwhat share of the (video|time)\b"),
    ("how_often", r"\bhow (often|frequently)\b|\bper minute\b"),
    ("how_many", r"\bhow many\b|\bnumber of\b|\bcount the\b"),
    ("why", r"^\s*why\b|\bfor what reason\b"),
    ("compare", r"\b(more|fewer|less|longer|shorter|earlier|later)\b.*\b(or|than)\b|\bcompared? (to|with)\b"),
    ("words", r"\bwhat (is|was|are|were|does|do|did)\b.*\b(say|said|says|written|read|reads|spoken|text)\b"),
    ("whether", r"^\s*(is|are|was|were|does|do|did|has|have|can)\b"),
    ("whole", r"\b(what is (this|the) (video|clip) about|summar|describe (the|this) (video|clip)|what happens)\b"),
)
"""Kinds with what tells them, tried in order; a question of none of them asks which."""

NUMBER = r"(\d+(?:\.\d+)?)"
CLOCK = r"(\d+):(\d{2}(?:\.\d+)?)"
SECONDS = r"\s*(?:s\b|sec\b|secs\b|seconds?\b)"
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6, "eighth": 7}
OPTION = re.compile(r"^\s*\(?([A-H])[.):]\s+(.+?)\s*$", re.MULTILINE)
"""A line that offers an answer to choose."""


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A phrase of the question, and the facets or labels that it may mean."""

    phrase: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question taken apart.

    Args:
        text: the question without its options.
        kind: what is wanted.
        topics: what may be meant, the longest phrase first; empty where none is known.
        span: the time it speaks of; None for all of the video.
        number: which one of several, counted from 0; -1 for the last; None for all.
        options: multiple choice: what is offered.
        words: what is left of the text.
    """

    text: str
    kind: Kind
    topics: tuple[Meant, ...] = ()
    span: Span | None = None
    number: int | None = None
    options: tuple[str, ...] = ()
    words: str = ""


def read(question: str, media: Span) -> Asked:
    """Return what a question asks of a video that spans `media`."""
    options = tuple(text for _, text in OPTION.findall(question))
    stem = OPTION.sub("", question).strip()
    whole = re.sub(r"(?<=\d),(?=\d)", ".", stem.casefold())
    plain = " ".join(re.sub(r"[^\w:.%+&/-]+", " ", whole).split())
    span, rest = _time(plain, media)
    topics, left = _topics(rest)
    kind: Kind = next((kind for kind, pattern in KINDS if re.search(pattern, plain)), "which")
    return Asked(
        text=stem, kind=kind, topics=topics, span=span, number=_number(rest), options=options, words=left,
    )  # fmt: skip


def _time(plain: str, media: Span) -> tuple[Span | None, str]:
    """Return the time a question speaks of, and the question without it."""
    plain = re.sub(CLOCK, lambda found: f"{int(found[1]) * 60 + float(found[2]):g} s", plain)
    start, end = media.start_s, media.end_s
    patterns = (
        (rf"(?:from|between)\s+{NUMBER}{SECONDS}?\s*(?:to|and|until|-)\s*{NUMBER}{SECONDS}", lambda a, b: (a, b)),
        (rf"(?:in|within|during) the (?:first|opening)\s+{NUMBER}{SECONDS}", lambda a: (start, start + a)),
        (rf"(?:in|within|during) the (?:last|final)\s+{NUMBER}{SECONDS}", lambda a: (end - a, end)),
        (r"(?:in|within|during) the first second\b", lambda: (start, start + 1)),
        (r"(?:in|within|during) the (?:last|final) second\b", lambda: (end - 1, end)),
        (rf"(?:after|since)\s+{NUMBER}{SECONDS}", lambda a: (a, end)),
        (rf"(?:before|until)\s+{NUMBER}{SECONDS}", lambda a: (start, a)),
        (rf"(?:at|around|near|about)\s+{NUMBER}{SECONDS}", lambda a: (a, a)),
    )
    for pattern, bounds in patterns:
        found = re.search(pattern, plain)
        if found:
            first, last = bounds(*(float(word) for word in found.groups()))
            inside = sorted(min(max(bound, start), end) for bound in (first, last))
            return Span.of(*inside), plain[: found.start()] + " " + plain[found.end() :]
    return None, plain


def _number(plain: str) -> int | None:
    """Return which one of several is meant."""
    if re.search(r"\b(last|final)\b", plain):
        return -1
    return next((number for word, number in ORDINALS.items() if re.search(rf"\b{word}\b", plain)), None)


def _topics(plain: str) -> tuple[tuple[Meant, ...], str]:
    """Return the known phrases, the longest first, each once, and the words that are left."""
    tokens = plain.replace("-", " ").split()
    longest = max(len(phrase.split()) for phrase in phrases())
    found: list[Meant] = []
    left: list[str] = []
    at = 0
    while at < len(tokens):
        for size in range(min(longest, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + size])
            topics = _meant(phrase)
            if topics:
                found.append(Meant(phrase=phrase, topics=topics))
                at += size
                break
        else:
            left.append(tokens[at])
            at += 1
    ordered = sorted(found, key=lambda one: -len(one.phrase.split()))
    return tuple(dict.fromkeys(ordered)), " ".join(left)


def _meant(phrase: str) -> tuple[Topic, ...]:
    """Return what a phrase means, in the singular too."""
    table = phrases()
    forms = [phrase, phrase.removesuffix("s"), phrase.removesuffix("es"), phrase.removesuffix("ies") + "y"]
    return next((table[form] for form in forms if form in table), ())
