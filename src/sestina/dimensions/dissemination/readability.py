"""Readability: whether a viewer can read what is laid over the picture, check by check, with the number of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence, OcrEvidence, Op
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.core.writing import reading_length
from sestina.dimensions.dissemination._overlays import Overlay, overlays_of
from sestina.dimensions.dissemination._words import words_of

FACET, ISSUES = "diss.readability", "diss.readability.issues"
LARGE_CAP = 0.03
"""Share of the frame height from which capitals count as large text (WCAG: 18 point, here on a phone held upright)."""
BUSY = 0.3
"""Share of the background on edges; measured 0.05 behind captions over plain scenes, 0.3 and more over foliage."""
EDGE = 0.004
"""Fractions of the frame: a box this near its border is cut off by it."""
OVERLAP = 0.15
"""Share of a text's box that another text may cover."""
FACE_SHARE = 0.2
"""Share of a face that a text may cover."""
SAME_WORDS = 0.6
MARKS = ("logo_bug", "channel_watermark", "other_platform_watermark", "disclaimer", "end_card")
"""Kinds that nobody has to read in passing."""
NAMES = ("chars_per_s", "line_chars", "lines", "on_screen_s", "overlap", "edge", "face", "sync")


@dataclass(frozen=True)
class Check:
    """One check: the issue, the track that holds its number, and the comparison that fails it."""

    issue: str
    signal: str
    op: Op
    limit: float


@parsers.register(
    "dissemination.readability",
    card=Card(
        summary="Checks height, contrast, pace, length, background, clipping, overlap and sync of every overlay text.",
        source="WCAG 2.2 (contrast); subtitle guidelines for pace and length; thresholds of the vocabulary",
    ),
    facets=(
        FACET, ISSUES, f"{FACET}.cap_height", f"{FACET}.contrast", f"{FACET}.chars_per_s", f"{FACET}.line_chars",
        f"{FACET}.sync_offset",
    ),
    optional=("ocr", "faces", "speech"),
    after=("diss.overlay.kind",),
    derives=tuple(f"readability.{name}" for name in NAMES),
    kind="rule",
)  # fmt: skip
class Readability:
    """Yields, for every overlay text, the share of checks it passes, the issues, and the numbers."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield tracks of the numbers, then units in order of time."""
        overlays = [overlay for overlay in overlays_of(reading) if overlay.first.locked is not False]
        if not overlays:
            return
        tracks = list(_tracks(reading, overlays))
        yield from tracks
        known = reading.with_(tracks={**reading.tracks, **{track.name: track for track in tracks}})
        kinds = {(unit.text, unit.span.start_s): unit.label or "" for unit in reading.of("diss.overlay.kind")}
        for overlay in overlays:
            kind = kinds.get((overlay.text, overlay.span.start_s), "")
            yield from _units(known, overlay, kind)


def _tracks(reading: Reading, overlays: Sequence[Overlay]) -> Iterator[Track]:
    """Yield the numbers of all overlays as event tracks."""
    times = np.asarray([overlay.events_s[0] for overlay in overlays])
    measures: dict[str, tuple[str, Callable[[Overlay], float]]] = {
        "chars_per_s": ("1/s", lambda o: reading_length(o.text)[0] / max(o.span.duration_s, 0.04)),
        "line_chars": ("count", lambda o: float(max(reading_length(line)[0] for line in o.lines))),
        "lines": ("count", lambda o: float(len(o.lines))),
        "on_screen_s": ("s", lambda o: o.span.duration_s),
        "overlap": ("share", lambda o: _overlap(o, overlays)),
        "edge": ("share", _edge),
        "face": ("share", partial(_face, reading)),
        "sync": ("s", partial(_sync, reading)),
    }
    for name, (unit, measure) in measures.items():
        values = np.asarray([measure(overlay) for overlay in overlays], np.float64)
        yield Track(name=f"readability.{name}", unit=unit, times_s=times, values=values, kind="event")


def _overlap(overlay: Overlay, every: Sequence[Overlay]) -> float:
    """Return the largest share of the overlay's box that another text covers while both show."""
    box = overlay.first.region.box
    shares = [
        box.overlap(other.first.region.box) / max(box.area, 1e-9)
        for other in every
        if other is not overlay and other.span.overlap_s(overlay.span) > 0.2
    ]
    return max(shares, default=0.0)


def _edge(overlay: Overlay) -> float:
    """Return the distance of the overlay's box from the nearest frame edge, fractions."""
    box = overlay.first.region.box
    return min(box.x, box.y, 1 - box.x - box.w, 1 - box.y - box.h)


def _face(reading: Reading, overlay: Overlay) -> float:
    """Return the largest share of a face's box that the overlay covers; NaN where no face was looked for."""
    faces = [track for track in reading.boxes if track.kind == "face"]
    if not faces:
        return float("nan")
    box = overlay.first.region.box
    shares = [0.0]
    for face in faces:
        inside = (face.times_s >= overlay.span.start_s) & (face.times_s < overlay.span.end_s)
        for x, y, w, h in face.boxes[inside]:
            width = min(box.x + box.w, x + w) - max(box.x, x)
            height = min(box.y + box.h, y + h) - max(box.y, y)
            shares.append(max(0.0, width) * max(0.0, height) / max(w * h, 1e-9))
    return float(max(shares))


def _sync(reading: Reading, overlay: Overlay) -> float:
    """Return how much later the text comes than its first word is said; NaN where it is not said."""
    near = [
        word
        for word in reading.transcript.words
        if overlay.span.start_s - 2 <= word.start_s <= overlay.span.end_s + 2
    ]
    said = {token for word in near for token in words_of(word.text)}
    if not overlay.words or sum(word in said for word in overlay.words) < SAME_WORDS * len(overlay.words):
        return float("nan")
    first = [word.start_s for word in near if overlay.words[0] in words_of(word.text)]
    return overlay.span.start_s - min(first, key=lambda t: abs(t - overlay.span.start_s)) if first else float("nan")


def checks(reading: Reading, overlay: Overlay, kind: str) -> list[Check]:
    """Return the checks that apply to an overlay of `kind`; those without a measured number do not."""
    limit = partial(reading.threshold, ISSUES)
    _, cjk = reading_length(overlay.text)
    video = reading.media.video
    tall = video is not None and video.display_height > video.display_width
    large = overlay.measure("cap_height") >= LARGE_CAP
    wide = "line_chars_portrait_max" if tall else "line_chars_landscape_max"
    found = [
        Check("too_small", "ocr.cap_height", "<", limit("cap_height_min")),
        Check("low_contrast", "ocr.contrast", "<", limit("contrast_large_min" if large else "contrast_min")),
        Check("busy_background", "ocr.busyness", ">", BUSY),
        Check("clipped_at_edge", "readability.edge", "<", EDGE),
        Check("overlapping_text", "readability.overlap", ">", OVERLAP),
        Check("covers_face", "readability.face", ">", FACE_SHARE),
    ]
    if kind not in MARKS:
        pace = "cjk_chars_per_s_max" if cjk else "latin_chars_per_s_max"
        found += [
            Check("too_fast", "readability.chars_per_s", ">", limit(pace)),
            Check("too_fast", "readability.on_screen_s", "<", limit("on_screen_min_s")),
            Check("too_long", "readability.lines", ">", limit("lines_max")),
            Check("too_long", "readability.line_chars", ">", limit(wide)),
            Check("out_of_sync", "readability.sync", ">", limit("sync_max_s")),
            Check("out_of_sync", "readability.sync", "<", -limit("sync_max_s")),
        ]
    at = Span.at(overlay.events_s[0])
    return [c for c in found if c.signal in reading.tracks and not np.isnan(reading.value(c.signal, "first", at))]


def _units(reading: Reading, overlay: Overlay, kind: str) -> Iterator[Unit]:
    at = Span.at(overlay.events_s[0])
    part = partial(reading.unit, span=overlay.span, region=overlay.first.region)
    quote = reading.ocr(overlay.first)
    applied = checks(reading, overlay, kind)
    if not applied:
        return
    failed: dict[str, list[Evidence]] = {}
    cited: list[Evidence] = [quote]
    for check in applied:
        cited.append(reading.measured(check.signal, at, "first"))
        try:
            evidence = reading.metric(check.signal, check.op, check.limit, at, "first")
        except ValueError:
            continue  # the check is passed
        failed.setdefault(check.issue, []).append(evidence)
    known = {check.issue for check in applied}
    yield part(
        FACET, value=1 - len(failed) / len(known), confidence=0.7, evidence=list(dict.fromkeys(cited)),
        attributes={"issues": sorted(failed), "checks": sorted(known)},
    )  # fmt: skip
    for issue, reasons in sorted(failed.items()):
        yield part(ISSUES, label=issue, confidence=0.7, evidence=[*reasons, quote])
    yield from _numbers(reading, overlay, at, quote)


def _numbers(reading: Reading, overlay: Overlay, at: Span, quote: OcrEvidence) -> Iterator[Unit]:
    """Yield the measured numbers themselves."""
    for name, signal in (
        ("cap_height", "ocr.cap_height"), ("contrast", "ocr.contrast"), ("chars_per_s", "readability.chars_per_s"),
        ("line_chars", "readability.line_chars"), ("sync_offset", "readability.sync"),
    ):  # fmt: skip
        if signal in reading.tracks and not np.isnan(reading.value(signal, "first", at)):
            measured = reading.measured(signal, at, "first")
            value = max(1.0, measured.value) if name == "contrast" else measured.value
            yield reading.unit(
                f"{FACET}.{name}", value=value, span=overlay.span, region=overlay.first.region, confidence=0.75,
                evidence=[measured, quote],
            )  # fmt: skip
