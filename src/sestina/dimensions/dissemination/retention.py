"""Retention design: devices that give a reason to go on watching, and how often something interrupts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track

OVERLAY_DEVICES = {
    "progress_bar": "progress_bar",
    "countdown_timer": "countdown",
    "list_counter": "list_progress",
    "step_label": "list_progress",
}
"""Kind of overlay to the retention device it is."""
TEXT_DEVICES = (
    (
        "wait_for_it_text",
        re.compile(r"\bwait\s+(?:for|till|until)\b|\bwatch\s+till\b|\bespera\b|\battends\b", re.IGNORECASE),
    ),
    ("part_n_series", re.compile(r"\bpart\s*\d+\b|\bparte\s*\d+\b|\bteil\s*\d+\b|\bepisode\s*\d+\b", re.IGNORECASE)),
    ("comment_prompt", re.compile(r"\bcomment\b|\btell\s+me\b|\bcomenta\b|\bkommentier", re.IGNORECASE)),
    ("on_screen_question", re.compile(r"[?？؟]")),
)
SUDDEN = ("hit", "drop", "stinger", "whoosh", "record_scratch", "bass_boost")
"""Accents of sound that come at once."""
MID = (0.15, 0.85)
"""Shares of the video between which a call to act counts as one in the middle."""


@parsers.register(
    "dissemination.retention",
    card=Card(summary="Collects interrupts (cuts, texts, accents) and devices such as counters, bars and questions."),
    facets=(
        "diss.retention", "diss.retention.interrupts_per_10s", "diss.retention.longest_static_gap",
        "diss.retention.novelty_curve",
    ),
    optional=("ocr", "text", "difference"),
    after=("edit.transition", "aes.audio.accent", "diss.overlay.kind", "diss.cta", "diss.loopability"),
    derives=("retention.interrupt", "retention.gap", "retention.novelty"),
    kind="rule",
)  # fmt: skip
class Retention:
    """Yields devices as events and the density of interrupts as numbers of the video."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield what holds a viewer, with the units and texts it is seen in."""
        if not reading.shots:
            return
        yield from _from_overlays(reading)
        yield from _from_texts(reading)
        yield from _from_units(reading)
        yield from _density(reading)
        yield from _novelty(reading)


def _device(reading: Reading, label: str, source: Unit) -> Unit:
    return reading.unit(
        "diss.retention", label=label, span=source.span, region=source.region, confidence=source.confidence,
        evidence=reading.cite(source),
    )  # fmt: skip


def _from_overlays(reading: Reading) -> Iterator[Unit]:
    for unit in reading.of("diss.overlay.kind"):
        if unit.label in OVERLAY_DEVICES and unit.status != "abstain":
            yield _device(reading, OVERLAY_DEVICES[unit.label], unit)


def _from_texts(reading: Reading) -> Iterator[Unit]:
    for text in reading.texts():
        for label, pattern in TEXT_DEVICES:
            if text.locked is not False and pattern.search(text.text):
                yield reading.unit(
                    "diss.retention", label=label, span=text.span, region=text.region, confidence=0.7 * text.confidence,
                    evidence=[reading.ocr(text)],
                )  # fmt: skip
                break


def _from_units(reading: Reading) -> Iterator[Unit]:
    for cut in reading.boundaries:
        if cut.label in ("punch_in", "punch_out"):
            yield _device(reading, "zoom_reset" if cut.label == "punch_out" else "pattern_interrupt", cut)
    low, high = (reading.span.start_s + share * reading.span.duration_s for share in MID)
    for call in reading.of("diss.cta"):
        if call.status != "abstain" and call.level != "video" and low <= call.span.start_s < high:
            yield _device(reading, "mid_cta", call)


def interrupts(reading: Reading) -> list[float]:
    """Return when something new begins: a shot, an overlay text, an accent of sound; close ones counted once."""
    times = [unit.span.start_s for unit in reading.boundaries]
    times += [unit.span.start_s for unit in reading.of("aes.audio.accent") if unit.label in SUDDEN]
    times += [text.span.start_s for text in reading.texts() if text.locked is not False]
    merge_s = reading.threshold("diss.retention.interrupts_per_10s", "merge_s")
    kept: list[float] = []
    for time in sorted(time for time in times if time > reading.span.start_s):
        if not kept or time - kept[-1] >= merge_s:
            kept.append(time)
    return kept


def _density(reading: Reading) -> Iterator[Unit | Track]:
    times = interrupts(reading)
    yield Track(
        name="retention.interrupt", unit="count", kind="event", times_s=np.array(times), values=np.ones(len(times))
    )
    edges = [reading.span.start_s, *times, reading.span.end_s]
    gaps = np.array([b - a for a, b in pairwise(edges)])
    yield Track(name="retention.gap", unit="s", kind="event", times_s=np.array(edges[:-1]), values=gaps)
    count = reading.measured("retention.interrupt", reading.span, "count")
    rate = 10 * len(times) / max(reading.span.duration_s, 1e-6)
    yield reading.unit(
        "diss.retention.interrupts_per_10s", value=rate, span=reading.span, confidence=0.8, evidence=[count]
    )
    longest = reading.measured("retention.gap", reading.span, "max")
    at = edges[int(np.argmax(gaps))]
    where = Span.of(at, min(at + float(gaps.max()), reading.span.end_s))
    yield reading.unit(
        "diss.retention.longest_static_gap", value=longest.value, span=reading.span, confidence=0.8,
        evidence=[longest], attributes={"start_s": where.start_s, "end_s": where.end_s},
    )  # fmt: skip


def _novelty(reading: Reading) -> Iterator[Unit | Track]:
    """Novelty: how far the picture's mean change, twice a second, stands above the calm of this video (0..1)."""
    if "difference.luma" not in reading.tracks:
        return
    track = reading.track("difference.luma")
    times = np.arange(reading.span.start_s, reading.span.end_s, 0.5)
    means = np.array([track.reduce("mean", Span.of(t, t + 0.5)) for t in times])
    means = np.nan_to_num(means)
    top = float(np.percentile(means, 95)) if len(means) else 0.0
    if top <= 0:
        return
    values = np.clip(means / top, 0, 1)
    yield Track(name="retention.novelty", unit="share", kind="sampled", times_s=np.round(times, 6), values=values)
    metric = reading.measured("retention.novelty", reading.span)
    yield reading.unit(
        "diss.retention.novelty_curve", value=metric.value, span=reading.span, confidence=0.5, evidence=[metric]
    )
