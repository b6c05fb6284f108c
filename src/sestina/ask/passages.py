"""What a storyboard says, as passages that can be searched: units, sentences of speech, texts on screen."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sestina.ask.words import name_of, said
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


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One thing the storyboard says: its words, when, and what to cite for it."""

    text: str
    span: Span
    citation: Citation


class Passages:
    """The passages of one storyboard, indexed once.

    Retrieval is BM25 (Robertson and Zaragoza, 2009) over words without plural endings.
    """

    def __init__(self, board: Storyboard) -> None:
        self.all = (*_spoken(board.transcript.words), *_written(board), *_units(board))

    @cached_property
    def _index(self) -> Any:
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG and writes to stderr
        index = bm25s.BM25()
        index.index([plain_words(passage.text) or [""] for passage in self.all], show_progress=False)
        return index

    def search(
        self, text: str, count: int = 5, within: Span | None = None, *, sources: Sequence[str] = ANY
    ) -> tuple[tuple[Passage, float], ...]:
        """Return the best passages for a text with their scores, those of score `LEAST_SCORE` or more, best first.

        Args:
            text: a question, or its words.
            count: passages at most.
            within: only those that overlap this.
            sources: of these: `speech`, `screen`, "" for units.
        """
        words = plain_words(text)
        if not self.all or not words:
            return ()
        scores = self._index.get_scores(words)
        order = sorted(range(len(self.all)), key=lambda i: (-float(scores[i]), i))
        found: list[tuple[Passage, float]] = []
        for i in order:
            if len(found) == count or scores[i] < LEAST_SCORE:
                break
            one = self.all[i]
            if (within is None or one.span.overlaps(within)) and one.citation.source in sources:
                found.append((one, float(scores[i])))
        return tuple(found)


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
    return f"{name_of(unit.facet)}: {said(unit.claim)}"


def cited(unit: Unit) -> Citation:
    """Return the citation of a unit."""
    return Citation(unit=unit.id, span=unit.span)
