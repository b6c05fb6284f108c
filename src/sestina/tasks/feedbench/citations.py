"""Whether what a unit cites is there: the check of evidence that needs no video."""

from __future__ import annotations

import math

from sestina.core.evidence import (
    AsrEvidence,
    AudioEvidence,
    ContextEvidence,
    Evidence,
    FrameEvidence,
    FramePairEvidence,
    MetadataEvidence,
    MetricEvidence,
    OcrEvidence,
    RegionEvidence,
    SpanEvidence,
    UnitEvidence,
    holds,
)
from sestina.core.invariants import normalised
from sestina.core.media_info import MediaInfo
from sestina.core.reading import media_fact
from sestina.core.storyboard import Storyboard, Transcript, Unit
from sestina.core.time import FrameTable, Span

HALF_FRAME = 0.5
"""Share of a frame's length that a cited time may lie from the frame's own."""
GIVEN = ("provided", "human")
"""Statuses whose context evidence stands for itself: it came with the video, or a person wrote it."""


class Citations:
    """Judges the evidence of one document's units.

    Args:
        board: the document.
        media: the facts of the video that was really asked about.
    """

    def __init__(self, board: Storyboard, media: MediaInfo) -> None:
        self.board = board
        self.media = media
        self._units = {unit.id: unit for unit in board.items}
        self._frames = media.frame_table()
        self._signals = {track.name for track in board.signals.tracks}

    def hold(self, unit: Unit) -> bool:
        """Return whether a unit cites anything and every single citation holds."""
        return bool(unit.evidence) and all(self.holds(item, unit) for item in unit.evidence)

    def holds(self, item: Evidence, unit: Unit) -> bool:
        """Return whether one citation exists and says what it is cited for."""
        match item:
            case UnitEvidence():
                cited = self._units.get(item.unit)
                return cited is not None and cited.id != unit.id and cited.status != "abstain"
            case FrameEvidence():
                return self._is_frame(item.at_s, item.pts)
            case FramePairEvidence():
                ticks = item.pts or (None, None)
                return all(self._is_frame(at_s, pts) for at_s, pts in zip(item.at_s, ticks, strict=True))
            case MetricEvidence():
                named = not self._signals or item.signal in self._signals
                return named and holds(item.value, item.op, item.threshold) and self._inside(item.span)
            case SpanEvidence() | AudioEvidence():
                return self._inside(item.span)
            case RegionEvidence():
                return self._inside(Span.at(item.at_s))
            case OcrEvidence() | AsrEvidence():
                return is_quoted(item, self.board.transcript)
            case MetadataEvidence():
                return _is_fact(item, self.media)
            case ContextEvidence():
                return unit.status in GIVEN and bool(item.quote)
        return False

    def _inside(self, span: Span) -> bool:
        return self.media.span.covers(span)

    def _is_frame(self, at_s: float, pts: int | None) -> bool:
        table = self._frames
        return table is not None and math.isfinite(at_s) and self._inside(Span.at(at_s)) and _shown(table, at_s, pts)


def _shown(table: FrameTable, at_s: float, pts: int | None) -> bool:
    """Return whether a frame has that time stamp, and its own time is the one that is given."""
    index = table.index_at(at_s + HALF_FRAME / float(table.rate))
    near = abs(table.time_s(index) - at_s) <= HALF_FRAME / float(table.rate)
    return near and (pts is None or int(table.pts[index]) == pts)


def is_quoted(item: OcrEvidence | AsrEvidence, transcript: Transcript) -> bool:
    """Return whether the words are in the transcript: spoken for `asr`, written on screen for `ocr`."""
    quote = f" {normalised(item.quote)} "
    if isinstance(item, AsrEvidence):
        return quote.strip() != "" and quote in f" {normalised(transcript.speech)} "
    return quote.strip() != "" and any(quote in f" {normalised(text.text)} " for text in transcript.screen)


def _is_fact(item: MetadataEvidence, media: MediaInfo) -> bool:
    from sestina.core.errors import UnknownComponent

    try:
        return media_fact(media, item.key) == item.value
    except UnknownComponent:
        return False
