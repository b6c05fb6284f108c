"""Lines: what is written and what is said, as pieces of text with their time and their evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sestina.core.evidence import AsrEvidence, Evidence
from sestina.core.reading import Reading
from sestina.core.storyboard import Word
from sestina.core.time import Span

PAUSE_S = 0.6
"""Silence between two words that ends a spoken line; about a breath."""
LINE_END = (".", "?", "!", "。", "？", "！", "؟")


@dataclass(frozen=True)
class Line:
    """One piece of text, its span, how sure it is read, whether it is spoken, and the evidence that quotes it."""

    text: str
    span: Span
    confidence: float
    spoken: bool
    evidence: Evidence


def lines(reading: Reading) -> list[Line]:
    """Return every on-screen text that is not scene text and every spoken line, in order of time."""
    written = [
        Line(text.text, text.span, text.confidence, False, reading.ocr(text))
        for text in reading.texts()
        if text.text.strip() and text.locked is not False
    ]
    return sorted([*written, *_spoken(reading.transcript.words)], key=lambda line: (line.span.start_s, line.text))


def _spoken(words: tuple[Word, ...]) -> Iterator[Line]:
    run: list[Word] = []
    for word in words:
        if run and (word.start_s - run[-1].end_s > PAUSE_S or run[-1].text.endswith(LINE_END)):
            yield _said(run)
            run = []
        run.append(word)
    if run:
        yield _said(run)


def _said(run: list[Word]) -> Line:
    text = " ".join(word.text for word in run)
    span = Span.of(run[0].start_s, max(run[-1].end_s, run[0].start_s))
    sure = sum(word.confidence for word in run) / len(run)
    return Line(text, span, sure, True, AsrEvidence(quote=text, span=span))
