"""A question in words, taken apart: what kind it is, which facets and labels it speaks of, and when.

No grammar is parsed: kinds are told by their opening words, topics are the longest phrases of the vocabulary and of
`answers.words`, times are numbers with a unit (`answers.times`). What is not understood stays for retrieval.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from sestina.answers.spelling import corrected
from sestina.answers.times import time_of
from sestina.answers.words import COMMON, Topic, phrases, said
from sestina.core import vocabulary
from sestina.core.time import Span

Kind = Literal["when", "how_long", "how_many", "how_often", "why", "compare", "whether", "which", "whole", "words"]

KINDS: tuple[tuple[Kind, str], ...] = (
    ("words", r"\bhow many words\b|\b(first|last) (spoken )?words?\b"),
    ("when", r"\bhow long (until|till|before|does it take)\b"
             r"|\b(when|at what (time|second|moment|point)|what time|at which (second|moment|point)|how soon)\b"),
    ("how_long", r"\bhow (long|many seconds|much time|much of the (video|clip|time))\b|\b(duration|length) of\b"
                 r"|\bwhat (share|percentage|part|fraction) of the (video|clip|time)\b|\bduration$"),
    ("how_often", r"\bhow (often|frequently)\b|\bper minute\b"),
    ("how_many", r"\bhow many\b|\bnumber of\b|\bcount the\b"),
    ("why", r"^\s*(and |but |so )?why\b|\bfor what reason\b|\breasons? for\b"),
    ("compare", r"\b(more|fewer|less|longer|shorter|earlier|later|first)\b.*\b(or|than)\b|\bcompared? (to|with)\b"
                r"|^\s*compare\b"),
    ("words", r"\bwhat (is|was|are|were|does|do|did|s)\b.*\b(say|said|says|written|read|reads|spoken|text)\b"
              r"|\b(what|which) (texts?|captions?|subtitles?|words)\b|\b(transcript|transcribe|quote)\b"),
    ("whole", r"\b(what is (this|the) (video|clip) about|what s (this|the) (video|clip) about|summar\w*"
              r"|describe|tell me (more )?about|what (happens|happened|is happening|is going on|s going on)"
              r"|what (can be seen|do we see)|what is (shown|seen|visible)|overview)\b"),
    ("whether", r"^\s*(?:and |but |so )?(is|are|was|were|does|do|did|has|have|can|any)\b"),
)  # fmt: skip
"""Kinds with what tells them, tried in order; a question of none of them asks which."""

ORDINALS = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    )
} | {"last": -1, "final": -1, "opening": 0, "closing": -1}
LOOSE = ("first", "last", "final")
"""Ordinals that count apart from a noun too: `when does it first cut`."""
RELATIONS = ("after", "before", "during", "while", "within", "in", "at", "of")
FILLING = ("the", "a", "an", "this", "that", "very")
OPTION = re.compile(r"^\s*\(?([A-H])[.):]\s+(.+?)\s*$", re.MULTILINE)
"""A line that offers an answer to choose."""


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A phrase of the question, and the facets or labels that it may mean.

    Args:
        phrase: as it was asked.
        topics: what it may mean.
        number: which one, counted from 0; -1 for the last; None for all.
        relation: the word before it that makes it a time: `after`, `in`; "" where it is what is asked for.
    """

    phrase: str
    topics: tuple[Topic, ...]
    number: int | None = None
    relation: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question taken apart.

    Args:
        text: the question without its options.
        kind: what is wanted.
        topics: what may be meant, the longest phrase first; empty where none is known.
        span: the time it speaks of; None for all of the video.
        beyond_s: a time it names that the video does not reach, seconds.
        number: which one of several, counted from 0; -1 for the last; None for all.
        most: `longest` or `shortest` where one of several is meant by its length.
        options: multiple choice: what is offered.
        words: what is left of the text.
        mended: words that were read as others, as (asked, read).
    """

    text: str
    kind: Kind
    topics: tuple[Meant, ...] = ()
    span: Span | None = None
    beyond_s: float | None = None
    number: int | None = None
    most: Literal["longest", "shortest", ""] = ""
    options: tuple[str, ...] = ()
    words: str = ""
    mended: tuple[tuple[str, str], ...] = ()


def read(question: str, media: Span) -> Asked:
    """Return what a question asks of a video that spans `media`."""
    options = tuple(text for _, text in OPTION.findall(question))
    stem = OPTION.sub("", question).strip()
    whole = re.sub(r"(?<=\d),(?=\d)", ".", stem.casefold())
    plain = " ".join(re.sub(r"[^\w:.%+&/-]+|\.(?!\d)", " ", whole).split())
    plain, mended = corrected(plain)
    span, beyond_s, rest = time_of(plain, media)
    topics, left = _topics(rest)
    kind: Kind = next((kind for kind, pattern in KINDS if re.search(pattern, plain)), "which")
    if kind not in ("words", "whole") and topics and all(one.relation for one in topics):
        topics = (replace(topics[0], relation=""), *topics[1:])
    if kind in ("whether", "when", "how_long", "how_many", "how_often"):
        topics = tuple(sorted(topics, key=lambda one: (bool(one.relation), _loose(one))))
    if kind == "whether" and " or " in plain and topics:
        kind = "which"
    most = re.search(r"\b(longest|shortest)\b", rest)
    return Asked(
        text=stem, kind=kind, topics=topics, span=span, beyond_s=beyond_s, number=_number(topics, left),
        most="" if most is None else "longest" if most[1] == "longest" else "shortest", options=options, words=left,
        mended=mended,
    )  # fmt: skip


def _number(topics: tuple[Meant, ...], left: str) -> int | None:
    """Return which one of several is meant: by the ordinal at the main phrase, or by a loose one."""
    if topics and topics[0].number is not None:
        return topics[0].number
    return next((ORDINALS[word] for word in left.split() if word in LOOSE), None)


def _topics(plain: str) -> tuple[tuple[Meant, ...], str]:
    """Return the known phrases, what is asked for first, each once, and the words that are left."""
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
                number, relation = _before(tokens[:at])
                if number is not None:
                    left.pop()
                at += size
                if number is None and at < len(tokens) and tokens[at].isdigit() and topics == (("edit.shot", None),):
                    number = max(0, int(tokens[at]) - 1)
                    at += 1
                found.append(Meant(phrase=phrase, topics=topics, number=number, relation=relation))
                break
        else:
            left.append(tokens[at])
            at += 1
    told = [_narrowed(meant, left) for meant in sorted(found, key=_rank)]
    return tuple(dict.fromkeys(told)), " ".join(left)


def _narrowed(meant: Meant, left: list[str]) -> Meant:
    """Return a facet with the everyday word that is one of its labels: `tension` and `high`; the word is taken."""
    if len(meant.topics) != 1 or meant.topics[0][1] is not None:
        return meant
    facet = vocabulary.facet(meant.topics[0][0])
    label = next((one for one in facet.labels if said(one) in COMMON and said(one) in left), None)
    if label is None or facet.type == "bool":
        return meant
    left.remove(said(label))
    return replace(meant, phrase=f"{meant.phrase} {said(label)}", topics=((facet.id, label),))


def _rank(meant: Meant) -> tuple[bool, bool, int]:
    """Sort what is asked for before the times it is asked of, names before `shot`, and long phrases first."""
    return bool(meant.relation), meant.topics == (("edit.shot", None),), -len(meant.phrase.split())


def _loose(meant: Meant) -> bool:
    """Return whether a phrase names facets only; in `is the sound clipped` the label is what is asked."""
    return all(label is None for _, label in meant.topics)


def _before(tokens: list[str]) -> tuple[int | None, str]:
    """Return the ordinal just before a phrase, and the word that makes the phrase a time."""
    number = ordinal(tokens[-1]) if tokens else None
    rest = tokens[:-1] if number is not None else tokens
    while rest and rest[-1] in FILLING:
        rest = rest[:-1]
    relation = rest[-1] if rest and rest[-1] in RELATIONS and (number is not None or rest[-1] != "of") else ""
    return number, relation


def ordinal(token: str) -> int | None:
    """Return the number that a word counts, from 0; -1 for the last, None for another word."""
    written = re.fullmatch(r"(\d+)(st|nd|rd|th)", token)
    return max(0, int(written[1]) - 1) if written else ORDINALS.get(token)


def _meant(phrase: str) -> tuple[Topic, ...]:
    """Return what a phrase means, in the singular too."""
    table = phrases()
    forms = [phrase, phrase.removesuffix("s"), phrase.removesuffix("es"), phrase.removesuffix("ies") + "y"]
    return next((table[form] for form in forms if form in table), ())
