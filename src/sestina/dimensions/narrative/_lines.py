"""Lines: what is written and what is said, as pieces of text with their time and their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sestina.core.evidence import AsrEvidence, Evidence
from sestina.core.reading import Reading
from sestina.core.storyboard import ScreenText, Word
from sestina.core.time import Span

CAPTION_GAP_S = 0.3
"""Two captions farther apart are two lines."""
SAME_HEIGHT = 0.05
"""Captions of one line stand at the same height within this share of the picture."""
PAUSE_S = 0.6
"""Silence between two words that ends a spoken line; about a breath."""
LINE_END = (".", "?", "!", "。", "？", "！", "؟")


@dataclass(frozen=True)
class Line:
    """One sentence or piece of one, its span, how sure it is read, whether it is spoken, and what quotes it."""

    text: str
    span: Span
    confidence: float
    spoken: bool
    evidence: tuple[Evidence, ...]


def lines(reading: Reading) -> list[Line]:
    """Return every on-screen text that is not scene text and every spoken line, in order of time.

    Captions that follow each other at one place without a full stop between them are one line.
    """
    texts = [text for text in reading.texts() if text.text.strip() and text.locked is not False]
    written = [_written(reading, run) for run in caption_runs(texts)]
    return sorted([*written, *_spoken(reading.transcript.words)], key=lambda line: (line.span.start_s, line.text))


def caption_runs(texts: Sequence[ScreenText]) -> list[list[ScreenText]]:
    """Return texts in runs that read as one: the next begins where the last ended, at its height on the screen."""
    runs: list[list[ScreenText]] = []
    for text in texts:
        open_runs = (run for run in runs if _continues(run[-1], text))
        run = next(open_runs, None)
        if run is None:
            runs.append([text])
        else:
            run.append(text)
    return runs


def _continues(before: ScreenText, text: ScreenText) -> bool:
    gap = text.span.start_s - before.span.end_s
    apart = abs(text.region.box.centre[1] - before.region.box.centre[1])
    unfinished = not before.text.rstrip().endswith(LINE_END)
    return unfinished and -0.05 <= gap <= CAPTION_GAP_S and apart <= SAME_HEIGHT


def _written(reading: Reading, run: Sequence[ScreenText]) -> Line:
    span = Span.of(run[0].span.start_s, max(text.span.end_s for text in run))
    words = " ".join(text.text for text in run)
    return Line(words, span, min(text.confidence for text in run), False, tuple(reading.ocr(text) for text in run))


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
    return Line(text, span, sure, True, (AsrEvidence(quote=text, span=span),))
