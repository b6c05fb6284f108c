"""Answers without a model: computed where the question names facets, read off where it offers options, else found.

An answer says where it was taken from; every citation has been opened again, and an answer of which none holds
abstains.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sestina.ask.choose import chosen
from sestina.ask.cite import verified
from sestina.ask.compute import computed
from sestina.ask.passages import ANY, Passages
from sestina.ask.reading import Asked, read
from sestina.core.exchange import Answer
from sestina.core.storyboard import Storyboard

MOST_FOUND = 3
"""Passages that an answer by retrieval quotes."""


class Extractor:
    """Answers questions about one storyboard, whose passages are indexed once.

    Args:
        board: what is read; nothing else is looked at.
    """

    def __init__(self, board: Storyboard) -> None:
        self.board = board
        self.passages = Passages(board)

    def answer(self, question: str) -> Answer:
        """Return an answer with verified citations, or an abstention that says what was looked at."""
        asked = read(question, self.board.media.span)
        return checked(self._answer(asked), self.board)

    def _answer(self, asked: Asked) -> Answer:
        if asked.options:
            return chosen(self.board, asked)
        if asked.kind not in ("words", "whole"):
            found = computed(self.board, asked)
            if found is not None and not found.abstained:
                return found
            quoted = self._found(asked)
            return found if found is not None and quoted.abstained else quoted
        return self._found(asked)

    def _found(self, asked: Asked) -> Answer:
        """Return the passages that share the question's words, quoted.

        Where the question names a facet, only what was said or shown can add to what was computed.
        """
        sources = _sources(asked)
        text = asked.words if asked.topics else asked.text
        hits = self.passages.search(text, MOST_FOUND, asked.span, sources=sources)
        if not hits and asked.kind == "words" and asked.span is not None:
            every = (one for one in self.passages.all if one.citation.source in sources)
            inside = [one for one in every if one.span.overlaps(asked.span)]
            hits = tuple((one, 0.0) for one in inside[:MOST_FOUND])
        if not hits:
            looked = f"{len(self.board)} units, {len(self.board.transcript.words)} spoken words and "
            looked += f"{len(self.board.transcript.screen)} texts on screen"
            return Answer(text=f"I cannot tell: none of {looked} speaks of it.", abstained=True)
        said = "; ".join(f"{one.span.start_s:.2f} s: {one.text}" for one, _ in hits)
        spans = tuple(one.span for one, _ in hits)
        return Answer(text=said, spans=spans, citations=tuple(one.citation for one, _ in hits))


def _sources(asked: Asked) -> tuple[str, ...]:
    """Return where words may come from: from the screen, from speech, or from anywhere."""
    if asked.kind != "words":
        return ANY[:2] if asked.topics else ANY
    if re.search(r"\b(screen|text|written|write|reads?|caption|title|sign|shown)\b", asked.text.casefold()):
        return ("screen",)
    return ("speech",) if re.search(r"\b(said|says?|spoken|speak|voice)\b", asked.text.casefold()) else ANY[:2]


def checked(answer: Answer, board: Storyboard) -> Answer:
    """Return the answer with its citations verified; one of whose citations nothing holds becomes an abstention."""
    opened = tuple(verified(citation, board) for citation in answer.citations)
    if opened and not any(citation.verified for citation in opened):
        text = f"I cannot tell: nothing that was cited could be verified ({opened[0].why})."
        return replace(answer, text=text, choice=None, citations=opened, abstained=True)
    return replace(answer, citations=opened)
