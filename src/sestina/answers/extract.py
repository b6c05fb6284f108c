"""Answers without a model: computed where the question names facets, read off where it offers options, else found.

An answer says where it was taken from; every citation has been opened again, and an answer of which none holds
abstains.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sestina.answers.choose import chosen
from sestina.answers.cite import verified
from sestina.answers.compute import placed
from sestina.answers.passages import ANY, ASKING, Passage, Passages, Units, asked_words, near
from sestina.answers.reading import Asked, read
from sestina.answers.rules import computed
from sestina.answers.whole import overview
from sestina.core.exchange import Answer
from sestina.core.storyboard import Storyboard
from sestina.core.text import STOP

MOST_FOUND = 3
"""Passages that an answer by retrieval quotes."""
PRICE = ("diss.overlay.kind", "price_tag")
MONEY = re.compile(r"[$€£¥₹]\s*\d|\d\s*(?:[$€£¥₹]|(?:usd|eur|gbp|dollars?|euros?|pounds?)\b)", re.IGNORECASE)
"""An amount of money."""


class Extractor:
    """Answers questions about one storyboard, whose units and passages are sorted once.

    Args:
        board: what is read; nothing else is looked at.
    """

    def __init__(self, board: Storyboard) -> None:
        self.board = board
        self.units = Units(board)
        self.passages = Passages(board)

    def answer(self, question: str) -> Answer:
        """Return an answer with verified citations, or an abstention that says what was looked at."""
        return self.answer_to(read(question, self.board.media.span))

    def answer_to(self, asked: Asked) -> Answer:
        """Return the answer to a question that was taken apart before."""
        answer = checked(self._answer(asked), self.board)
        if asked.mended and answer.text is not None:
            read_as = ", ".join(f"“{slip}” as “{word}”" for slip, word in asked.mended)
            answer = replace(answer, text=f"{answer.text} (I read {read_as}.)")
        return answer

    def _answer(self, asked: Asked) -> Answer:
        if asked.beyond_s is not None:
            end_s = self.board.media.span.end_s
            return Answer(text=f"I cannot tell: the video ends at {end_s:.2f} s.", abstained=True)
        if asked.options:
            return chosen(self.board, asked)
        bare = asked.kind == "which" and asked.span is not None and not asked.topics and not asked_words(asked.words)
        if bare and asked.text.casefold().startswith("what"):
            return overview(self.board, self.units, asked)
        if asked.kind in ("words", "whole"):
            there = placed(self.units, asked)
            if isinstance(there, Answer):
                return there
            return overview(self.board, self.units, there) if asked.kind == "whole" else self._words(there)
        found = computed(self.units, asked)
        if found is not None and not found.abstained:
            return found
        if any(PRICE in meant.topics for meant in asked.topics) and (quoted := self._prices(asked)) is not None:
            return quoted
        if found is not None and asked.topics and not asked_words(asked.words):
            return found
        quoted = self._found(asked)
        return found if found is not None and quoted.abstained else quoted

    def _words(self, asked: Asked) -> Answer:
        """Return what was said or shown: the words asked about, or all of the time asked about."""
        sources = _sources(asked)
        every = sorted((one for one in self.passages.all if one.citation.source in sources), key=_start)
        if not every:
            where = {"speech": "speech was transcribed", "screen": "text on screen was read"}
            lacking = " and no ".join(where[source] for source in sources)
            return Answer(text=f"I cannot tell: no {lacking}.", abstained=True)
        if re.search(r"\bhow many words\b", asked.text.casefold()):
            return self._count(asked)
        if asked_words(asked.words):
            return self._found(asked, sources)
        inside = [one for one in every if asked.span is None or near(one.span, asked.span)]
        if not inside:
            return Answer(text="I cannot tell: nothing is said or shown then.", abstained=True)
        if asked.number is not None or re.search(r"\bfirst\b", asked.text.casefold()):
            inside = [inside[asked.number or 0]] if -len(inside) <= (asked.number or 0) < len(inside) else []
        return _quoted(inside[: 2 * MOST_FOUND], len(inside))

    def _count(self, asked: Asked) -> Answer:
        words = [one for one in self.board.transcript.words if asked.span is None or asked.span.contains(one.start_s)]
        inside = [one for one in self.passages.all if one.citation.source == "speech"]
        inside = [one for one in inside if asked.span is None or near(one.span, asked.span)]
        answer = _quoted(inside[:MOST_FOUND], 0)
        return replace(answer, text=f"{len(words)} spoken words.")

    def _prices(self, asked: Asked) -> Answer | None:
        """Return what was said or shown with an amount of money in it."""
        named = [one for one in self.passages.all if one.citation.source and MONEY.search(one.text)]
        named = [one for one in named if asked.span is None or near(one.span, asked.span)]
        return _quoted(named[:MOST_FOUND], len(named)) if named else None

    def _found(self, asked: Asked, sources: tuple[str, ...] = ANY) -> Answer:
        """Return the passages that share the question's words, quoted.

        Where the question names a facet, only what was said or shown can add to what was computed.
        """
        if asked.topics and sources == ANY:
            sources = ANY[:2]
        text = asked.words if asked.topics else asked.text
        hits = self.passages.search(text, MOST_FOUND, asked.span, sources=sources)
        if not hits:
            looked = f"{len(self.board)} units, {len(self.board.transcript.words)} spoken words and "
            looked += f"{len(self.board.transcript.screen)} texts on screen"
            hint = "" if asked.topics or _english(asked.text) else " Without a model, questions are read in English."
            return Answer(text=f"I cannot tell: none of {looked} speaks of it.{hint}", abstained=True)
        return _quoted([one for one, _ in hits], 0)


def _quoted(passages: list[Passage], count: int) -> Answer:
    """Return passages quoted with their times; `count` says of how many they are."""
    if not passages:
        return Answer(text="I cannot tell: there is nothing of that number.", abstained=True)
    said = "; ".join(f"{one.span.start_s:.2f} s: {one.text}" if one.citation.source else one.text for one in passages)
    more = f"; and {count - len(passages)} more" if count > len(passages) else ""
    spans = tuple(one.span for one in passages)
    return Answer(text=said + more, spans=spans, citations=tuple(one.citation for one in passages))


def _sources(asked: Asked) -> tuple[str, ...]:
    """Return where words may come from: from the screen, from speech, or from either."""
    text = asked.text.casefold()
    if re.search(r"\b(screen|texts?|written|write|reads?|captions?|subtitles?|titles?|sign|shown|overlays?)\b", text):
        return ("screen",)
    spoken = re.search(r"\b(said|says?|word|spoken|speak|voice|transcript|transcribe)\b", text)
    return ("speech",) if spoken else ANY[:2]


def _english(text: str) -> bool:
    """Return whether any word of a question is a common English one; a word or two in Latin letters may be."""
    common = set(re.findall(r"[a-z]+", text.casefold())) & (STOP | ASKING)
    return bool(common) or (len(text.split()) < 3 and text.isascii())


def checked(answer: Answer, board: Storyboard) -> Answer:
    """Return the answer with its citations verified; one of whose citations nothing holds becomes an abstention."""
    opened = tuple(verified(citation, board) for citation in answer.citations)
    if opened and not any(citation.verified for citation in opened):
        text = f"I cannot tell: nothing that was cited could be verified ({opened[0].why})."
        return replace(answer, text=text, choice=None, citations=opened, abstained=True)
    return replace(answer, citations=opened)


def _start(passage: Passage) -> float:
    return passage.span.start_s
