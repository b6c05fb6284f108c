"""What a storyboard says, as passages that can be searched: units, sentences of speech, texts on screen."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sestina.answers.words import claim_of, name_of
from sestina.core.exchange import Citation
from sestina.core.storyboard import Storyboard, Unit, Word
from sestina.core.text import plain_words
from sestina.core.time import Span

PAUSE_S = 0.6
"""A silence that ends a sentence where no punctuation does."""
LONGEST_WORDS = 30
"""Words after which a sentence is cut."""
ANY = ("speech", "screen", "")
"""Where passages come from; the last are units."""
LEAST_SCORE = 0.5
"""BM25 below which nothing that was asked for is there."""

LEAST_OF_UNIT, LEAST_OF_WORDS = 0.6, 0.4
"""Share of a question's words, weighed by rarity, that a unit or what was said or shown must have to answer it."""
ASKING = frozenset((
    "start", "end", "begin", "stop", "say", "said", "says", "speak", "spoken", "tell", "told", "mention", "mentioned",
    "name", "named", "talk", "show", "shown", "seen", "see", "appear", "read", "written", "text", "word", "video",
    "clip", "film", "about", "me", "he", "she", "we", "can", "could", "has", "have", "had", "any", "first", "last",
    "many", "much", "long", "often", "time", "happen", "happening", "please", "give", "list", "all", "like", "look",
    "be", "been", "being", "not", "if", "kind", "used", "use", "second", "minute", "during", "after", "before",
    "between", "until", "within", "while", "visible", "occur", "contain", "include", "whole", "total", "presenter",
    "viewer", "picture", "frame", "most", "common", "different", "main", "which", "whether", "up", "make", "take",
    "camera", "longest", "shortest", "so", "really", "actually", "thing", "anything", "share", "percentage", "part",
    "reason", "one", "number", "count", "exact", "approximately", "roughly", "something", "now", "ever", "then", "also",
    "get", "exactly", "screen",
))  # fmt: skip
"""Words of questions that say how it is asked, not what about."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One thing the storyboard says: its words, when, and what to cite for it."""

    text: str
    span: Span
    citation: Citation


class Units:
    """The units of one storyboard by facet, sorted once.

    Args:
        board: whose units.
    """

    def __init__(self, board: Storyboard) -> None:
        self.media = board.media.span
        self._by_facet: dict[str, list[Unit]] = {}
        for unit in board.items:
            self._by_facet.setdefault(unit.facet, []).append(unit)

    def of(self, facet: str) -> tuple[Unit, ...]:
        """Return the units of a facet, those without a decision too, in the order of the document."""
        return tuple(self._by_facet.get(facet, ()))


class Passages:
    """The passages of one storyboard, indexed once.

    Retrieval is BM25 (Robertson and Zaragoza, 2009) over words without plural endings. A passage answers only where
    it has enough of the question's words, each weighed by how rare it is here.
    """

    def __init__(self, board: Storyboard) -> None:
        self.all = (*_spoken(board.transcript.words), *_written(board), *_units(board))

    @cached_property
    def _index(self) -> Any:
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG and writes to stderr
        index = bm25s.BM25()
        index.index([words or [""] for words in self._words], show_progress=False)
        return index

    @cached_property
    def _words(self) -> list[list[str]]:
        return [plain_words(passage.text) for passage in self.all]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(word for words in self._words for word in set(words))

    def search(
        self, text: str, count: int = 5, within: Span | None = None, *, sources: Sequence[str] = ANY,
        loosely: bool = False,
    ) -> tuple[tuple[Passage, float], ...]:
        """Return the best passages for a text with their scores, those of score `LEAST_SCORE` or more, best first.

        Args:
            text: a question, or its words.
            count: passages at most.
            within: only those that overlap this.
            sources: of these: `speech`, `screen`, "" for units.
            loosely: whether a passage with one of the words will do.
        """
        words = asked_words(text)
        if not self.all or not words:
            return ()
        scores = self._index.get_scores(words)
        worth = np.flatnonzero(scores >= LEAST_SCORE)
        found: list[tuple[Passage, float]] = []
        for i in worth[np.argsort(-scores[worth], kind="stable")]:
            if len(found) == count:
                break
            one = self.all[i]
            if one.citation.source not in sources or (within is not None and not one.span.overlaps(within)):
                continue
            least = LEAST_OF_UNIT if one.citation.source == "" else LEAST_OF_WORDS
            if loosely or self._share(words, int(i)) >= least:
                found.append((one, float(scores[i])))
        return tuple(found)

    def _share(self, words: Sequence[str], index: int) -> float:
        """Return the share of a question's words that a passage has, each weighed by its rarity."""
        weights = {word: math.log(1 + len(self.all) / (1 + self._counts.get(word, 0))) for word in words}
        held = set(self._words[index])
        return sum(weight for word, weight in weights.items() if word in held) / sum(weights.values())


def near(one: Span, other: Span) -> bool:
    """Return whether two stretches meet, ends included for an instant."""
    if one.overlaps(other):
        return True
    return other.is_instant and one.start_s <= other.start_s <= one.end_s


def asked_words(text: str) -> list[str]:
    """Return the words of a question that say what it is about."""
    return [word for word in plain_words(text) if word not in ASKING and (len(word) > 1 or not word.isascii())]


def sentences(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield spoken words sentence by sentence: up to a full stop, a pause, or `LONGEST_WORDS`."""
    part: list[Word] = []
    for word in words:
        if part and (word.start_s - part[-1].end_s > PAUSE_S or len(part) >= LONGEST_WORDS):
            yield part
            part = []
        part.append(word)
        if word.text.rstrip("\"'”’)").endswith((".", "!", "?", "。", "！", "？")):
            yield part
            part = []
    if part:
        yield part


def _spoken(words: Sequence[Word]) -> Iterator[Passage]:
    for part in sentences(words):
        text = " ".join(word.text for word in part)
        span = Span.of(part[0].start_s, max(part[0].start_s, part[-1].end_s))
        yield Passage(text=text, span=span, citation=Citation(quote=text, source="speech", span=span))


def _written(board: Storyboard) -> Iterator[Passage]:
    for one in board.transcript.screen:
        citation = Citation(quote=one.text, source="screen", span=one.span, box=one.region.box)
        yield Passage(text=one.text, span=one.span, citation=citation)


def _units(board: Storyboard) -> Iterator[Passage]:
    for unit in board.items:
        if unit.status != "abstain":
            yield Passage(text=told(unit), span=unit.span, citation=cited(unit))


def told(unit: Unit) -> str:
    """Return what a unit says in words: facet and claim."""
    return f"{name_of(unit.facet)}: {claim_of(unit.facet, unit.claim)}"


def cited(unit: Unit) -> Citation:
    """Return the citation of a unit."""
    return Citation(unit=unit.id, span=unit.span)
