"""Reading: everything a parser reads, and the helpers that turn a finding into a unit with evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent, unknown
from sestina.core.evidence import (
    Evidence,
    FrameEvidence,
    FramePairEvidence,
    MetadataEvidence,
    MetricEvidence,
    OcrEvidence,
    Op,
    Region,
    UnitEvidence,
    holds,
)
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Level, Links, Producer, ScreenText, Status, Transcript, Unit, digest
from sestina.core.time import FrameTable, Span
from sestina.core.track import BoxTrack, Track

VALUE_DIGITS = 6
"""Significant digits a metric's value is written with."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is known of one video so far.

    Args:
        media: facts about the file.
        tracks: measured and derived tracks by name.
        boxes: rectangles followed over time.
        transcript: speech and on-screen text.
        units: what earlier parsers found, in canonical order.
        producer: who makes the units of `unit()`; the pipeline sets it for each parser.
        missing: signals that could not run, with the reason ("needs the extra asr").
    """

    media: MediaInfo
    tracks: Mapping[str, Track] = field(default_factory=dict)
    boxes: Sequence[BoxTrack] = ()
    transcript: Transcript = Transcript()
    units: Sequence[Unit] = ()
    producer: Producer = Producer(kind="rule", name="unnamed")
    missing: Mapping[str, str] = field(default_factory=dict)

    def with_(self, **changes: object) -> Reading:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]  # dataclasses.replace is untyped by field

    @property
    def span(self) -> Span:
        """The whole video."""
        return self.media.span

    @cached_property
    def frames(self) -> FrameTable:
        """PTS of every frame. Raises ValueError for media without video."""
        table = self.media.frame_table()
        if table is None:
            raise ValueError(f"{self.media.name} has no video frames")
        return table

    def track(self, name: str) -> Track:
        """Return a track by name. Raises UnknownComponent."""
        try:
            return self.tracks[name]
        except KeyError:
            raise unknown("track", name, self.tracks) from None

    def value(self, signal: str, how: str, span: Span) -> float:
        """Return track `signal` reduced over `span`; NaN when nothing was measured there."""
        return self.track(signal).reduce(how, span)

    def of(self, facet: str, span: Span | None = None) -> tuple[Unit, ...]:
        """Return the units found so far of one facet, those overlapping `span` when given."""
        return tuple(u for u in self.units if u.facet == facet and (span is None or u.span.overlaps(span)))

    @cached_property
    def shots(self) -> tuple[Unit, ...]:
        """Units of facet `edit.shot`, in order."""
        return self.of("edit.shot")

    @cached_property
    def boundaries(self) -> tuple[Unit, ...]:
        """Units of facet `edit.transition` that join two shots (not `start` and `end`), in order."""
        return tuple(u for u in self.of("edit.transition") if u.label not in ("start", "end"))

    def texts(self, span: Span | None = None) -> tuple[ScreenText, ...]:
        """Return on-screen texts, those overlapping `span` when given."""
        return tuple(t for t in self.transcript.screen if span is None or t.span.overlaps(span))

    def threshold(self, facet: str, name: str) -> float:
        """Return the facet's threshold `name` from the vocabulary. Raises UnknownComponent."""
        values = vocabulary.facet(facet).thresholds
        if name not in values:
            raise unknown(f"threshold of {facet}", name, values)
        return float(values[name])

    # --- making units ---------------------------------------------------------------------------------------

    def metric(self, signal: str, op: Op, threshold: float, span: Span, reduce: str = "mean") -> MetricEvidence:
        """Return metric evidence whose value is computed here, from the track.

        Raises ValueError when nothing was measured in the span or the value does not satisfy `op threshold`: such a
        metric is evidence of nothing.
        """
        track = self.track(signal)
        value = rounded(track.reduce(reduce, span))
        limit = rounded(threshold)
        if math.isnan(value) or not holds(value, op, limit):
            raise ValueError(f"{reduce}({signal}) over {span} is {value}, which is not {op} {limit}")
        return MetricEvidence(
            signal=signal, reduce=reduce, op=op, threshold=limit, value=value, unit=track.unit, span=span
        )

    def measured(self, signal: str, span: Span, reduce: str = "mean") -> MetricEvidence:
        """Return metric evidence that states a measured number as it is (`value == value`)."""
        value = rounded(self.track(signal).reduce(reduce, span))
        return self.metric(signal, "==", value, span, reduce)

    def frame(self, at_s: float) -> FrameEvidence:
        """Return the frame on screen at `at_s`, by its own time and PTS."""
        index = self.frames.index_at(at_s)
        return FrameEvidence(at_s=self.frames.time_s(index), pts=int(self.frames.pts[index]))

    def frame_pair(self, first_s: float, second_s: float) -> FramePairEvidence:
        """Return the two frames on screen at `first_s` and `second_s`."""
        one, two = self.frame(first_s), self.frame(second_s)
        return FramePairEvidence(at_s=(one.at_s, two.at_s), pts=(one.pts or 0, two.pts or 0))

    def ocr(self, text: ScreenText) -> OcrEvidence:
        """Return the quote of an on-screen text."""
        return OcrEvidence(quote=text.text, box=text.region.box, at_s=text.span.start_s)

    def metadata(self, key: str) -> MetadataEvidence:
        """Return the fact at dotted `key` of the document's `media`, such as `video.width`. Raises UnknownComponent."""
        return MetadataEvidence(key=key, value=media_fact(self.media, key))

    def cite(self, *units: Unit) -> list[Evidence]:
        """Return evidence that points at other units."""
        return [UnitEvidence(unit=unit.id) for unit in units]

    def unit(
        self,
        facet: str,
        *,
        span: Span,
        evidence: Sequence[Evidence] = (),
        label: str | None = None,
        text: str | None = None,
        value: float | None = None,
        confidence: float = 1.0,
        status: Status = "observed",
        level: Level | None = None,
        region: Region | None = None,
        attributes: Mapping[str, object] | None = None,
        reason: str | None = None,
        links: Links | None = None,
    ) -> Unit:
        """Return a unit of `facet`, its id derived from what it says and where.

        Level defaults to the facet's first, the number's unit to the facet's. Raises UnknownComponent for a label
        that is not in the vocabulary and ValueError for a unit without evidence that does not abstain.
        """
        known = vocabulary.facet(facet)
        if label is not None and not vocabulary.is_label(facet, label):
            raise UnknownComponent(f"{facet} has no label {label!r}", hint="see the vocabulary page of the docs")
        if not evidence and status != "abstain":
            raise ValueError(f"{facet} {label or text or value}: a unit needs evidence, or abstains")
        number = None if value is None else rounded(value)
        identity: list[object] = [facet, label, text, number, span.start_s, span.end_s, status]
        identity += [region.box.model_dump()] if region else []
        # In a video of one shot, what is said of the video and of the shot has one span.
        identity += [level] if level not in (None, known.levels[0]) else []
        return Unit(
            id=f"{facet}/{digest(identity)[7:15]}",
            dimension=known.dimension,
            facet=facet,
            label=label,
            text=text,
            value=number,
            unit=known.unit if value is not None else None,
            level=level or known.levels[0],
            span=span,
            region=region,
            confidence=round(min(max(confidence, 0.0), 1.0), 4),
            status=status,
            producer=self.producer,
            evidence=tuple(evidence),
            attributes=dict(attributes or {}),
            links=links or Links(),
            reason=reason,
        )

    def abstain(self, facet: str, *, span: Span, reason: str, evidence: Sequence[Evidence] = ()) -> Unit:
        """Return the unit that says `facet` was examined over `span` and why no decision was made."""
        return self.unit(facet, span=span, evidence=evidence, status="abstain", confidence=0.0, reason=reason)


def rounded(value: float) -> float:
    """Return `value` with six significant digits, so that JSON and equality are stable."""
    if math.isnan(value) or value == 0:
        return value
    return round(value, VALUE_DIGITS - 1 - math.floor(math.log10(abs(value))))


def media_fact(media: MediaInfo, key: str) -> str | float | bool:
    """Return the plain value at dotted `key` of `media`, "none" where it is absent. Raises UnknownComponent."""
    data: object = media.model_dump(mode="json")
    for part in key.split("."):
        if not isinstance(data, dict) or part not in data:
            raise unknown("media fact", key, media.model_dump(mode="json"))
        data = data[part]
    if data is None:  # a fact too: there is no sound, or the header claims nothing
        return "none"
    if not isinstance(data, str | int | float | bool):
        raise UnknownComponent(f"media fact {key!r} is not a plain value: {data!r}")
    return data
