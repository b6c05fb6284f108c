"""The hook: how long the opening lasts, through which channel it works, and which tactic and device it shows.

The span is a rule over shot joins and texts; tactics are proposals from words; devices from measured tracks. A model
may decide better, so confidence stays moderate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.narrative._lexicon import TACTICS, matches
from sestina.dimensions.narrative._lines import Line, lines

HOOK_MIN_S = 1.0
"""A hook shorter than this is a stray frame: too short to be read or understood."""
BLACK_LUMA = 0.05
BLACK_MIN_S = 0.2
ZOOM_RATE = 0.5
"""Log scale per second of a sudden zoom: about a doubling in 1.4 s."""
BURST_OVER_MEDIAN = 2.0
BURST_MIN = 0.1
"""Frame widths a second."""
SLAM_HEIGHT = 0.06
"""Height of one line of text, as a share of the picture, that counts as large."""


@parsers.register(
    "narrative.hook",
    card=Card(summary="Bounds the opening by shots and texts and names its channel, tactic and visual device by rule."),
    facets=(
        "narr.hook", "narr.hook.hook_end", "narr.hook.modality", "narr.hook.tactic", "narr.hook.tactic.primary",
        "narr.hook.visual_device",
    ),
    optional=("motion", "luma", "loudness", "onsets", "voice", "ocr", "speech"),
    after=("edit.shot", "edit.transition", "diss.overlay.kind", "narrative.opening"),
    kind="rule",
)  # fmt: skip
class Hook:
    """Yields the hook, where it ends, and what it works with."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the units of the opening; nothing for media without shots."""
        if not reading.shots:
            return
        span = hook_span(reading)
        spoken_or_written = [line for line in lines(reading) if line.span.overlaps(span)]
        evidence: list[Evidence] = [
            reading.frame(span.start_s),
            *(item for line in spoken_or_written[:4] for item in line.evidence),
        ]
        ending = [unit for unit in reading.boundaries if unit.span.start_s <= span.end_s <= unit.span.end_s]
        evidence += reading.cite(*ending)
        sure = 0.4 + 0.15 * bool(ending) + 0.2 * bool(spoken_or_written)
        hook = reading.unit("narr.hook", label="hook", span=span, confidence=sure, evidence=evidence)
        yield hook
        yield reading.unit(
            "narr.hook.hook_end", value=span.end_s - reading.span.start_s, span=reading.span, confidence=sure,
            evidence=reading.cite(hook),
        )  # fmt: skip
        yield from _tactics(reading, span, spoken_or_written)
        devices = list(_devices(reading, span))
        yield from devices
        yield from _modality(reading, span, spoken_or_written, devices)


def hook_span(reading: Reading) -> Span:
    """Return the opening: to the first shot join between one and five seconds that no opening text crosses.

    Without such a join it lasts to the end of the opening text, else three seconds, never longer than five.
    """
    start = reading.span.start_s
    latest = min(start + reading.threshold("narr.beat", "hook_window_max_s"), reading.span.end_s)
    usual = min(start + reading.threshold("narr.beat", "hook_window_s"), reading.span.end_s)
    joins = [shot.span.start_s for shot in reading.shots[1:] if start + HOOK_MIN_S <= shot.span.start_s <= latest]
    begun = [line for line in lines(reading) if not line.spoken and line.span.start_s < start + HOOK_MIN_S]
    opening = [line.span.end_s for line in begun if line.span.end_s <= latest]
    read_until = max(opening, default=start)
    after_text = [join for join in joins if join >= read_until - 0.1]
    if after_text or joins:
        return Span.of(start, (after_text or joins[-1:])[0])
    if read_until >= start + HOOK_MIN_S:
        return Span.of(start, read_until)
    return Span.of(start, usual)


def _tactics(reading: Reading, span: Span, opening: list[Line]) -> Iterator[Unit]:
    found: dict[str, Line] = {}
    for line in opening:
        for label in matches(TACTICS, line.text):
            found.setdefault(label, line)
    if not found:
        reason = (
            "no word of the opening gives a tactic away"
            if opening
            else "the opening has no words that could be read or heard"
        )
        yield reading.abstain("narr.hook.tactic", span=span, reason=reason)
        return
    units = [
        reading.unit(
            "narr.hook.tactic", label=label, span=span, confidence=0.6 * line.confidence, evidence=line.evidence
        )
        for label, line in found.items()
    ]
    yield from units
    first = next(label for label in TACTICS if label in found)
    primary = next(unit for unit in units if unit.label == first)
    yield reading.unit(
        "narr.hook.tactic.primary", label=first, span=span, confidence=0.5 * found[first].confidence,
        evidence=[*found[first].evidence, *reading.cite(primary)],
    )  # fmt: skip


def _devices(reading: Reading, span: Span) -> Iterator[Unit]:
    yield from _black_start(reading)
    yield from _motion_devices(reading, span)
    for text in reading.texts(span):
        if text.locked is not False and text.region.box.h >= SLAM_HEIGHT and text.span.start_s < span.end_s:
            yield reading.unit(
                "narr.hook.visual_device", label="text_slam", span=text.span.clipped(span), region=text.region,
                confidence=0.5 * text.confidence, evidence=[reading.ocr(text)],
            )  # fmt: skip
            return


def _black_start(reading: Reading) -> Iterator[Unit]:
    if "luma.mean" not in reading.tracks:
        return
    track = reading.track("luma.mean")
    bright = np.flatnonzero(track.values > BLACK_LUMA)
    end = float(track.times_s[bright[0]]) if len(bright) else reading.span.end_s
    dark = Span.of(reading.span.start_s, end)
    if dark.duration_s >= BLACK_MIN_S:
        metric = reading.metric("luma.mean", "<=", BLACK_LUMA, dark, "max")
        yield reading.unit("narr.hook.visual_device", label="black_start", span=dark, confidence=0.8, evidence=[metric])


def _motion_devices(reading: Reading, span: Span) -> Iterator[Unit]:
    if "motion.log_scale_rate" in reading.tracks:
        rate = reading.value("motion.log_scale_rate", "max_abs", span)
        if rate >= ZOOM_RATE:
            metric = reading.metric("motion.log_scale_rate", ">=", ZOOM_RATE, span, "max_abs")
            yield reading.unit(
                "narr.hook.visual_device", label="sudden_zoom", span=span, confidence=min(0.7, rate), evidence=[metric]
            )
    if "motion.residual" in reading.tracks:
        middle = reading.value("motion.residual", "median", reading.span)
        least = max(BURST_MIN, BURST_OVER_MEDIAN * (0.0 if np.isnan(middle) else middle))
        if reading.value("motion.residual", "p75", span) >= least:
            metric = reading.metric("motion.residual", ">=", least, span, "p75")
            yield reading.unit(
                "narr.hook.visual_device", label="motion_burst", span=span, confidence=0.5, evidence=[metric]
            )


def _modality(reading: Reading, span: Span, opening: list[Line], devices: list[Unit]) -> Iterator[Unit]:
    """Yield each channel that works in the opening, and `combined` where there are several."""
    channels: dict[str, list[Evidence]] = {}
    if devices:
        channels["visual"] = list(reading.cite(*devices))
    for label, spoken in (("text", False), ("verbal", True)):
        quotes = [item for line in opening if line.spoken is spoken for item in line.evidence]
        if quotes:
            channels[label] = quotes
    if (
        "verbal" not in channels
        and "voice.active" in reading.tracks
        and reading.value("voice.active", "mean", span) >= 0.3
    ):
        channels["verbal"] = [reading.metric("voice.active", ">=", 0.3, span)]
    units = [
        reading.unit("narr.hook.modality", label=label, span=span, confidence=0.6, evidence=evidence)
        for label, evidence in channels.items()
    ]
    yield from units
    if len(units) > 1:
        yield reading.unit(
            "narr.hook.modality", label="combined", span=span, confidence=0.6, evidence=reading.cite(*units)
        )
