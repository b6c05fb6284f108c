"""Brand presence by text: a handle, a lasting mark or an address that the video shows as its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import AsrEvidence, Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track

OWN = ("handle", "channel_watermark", "logo_bug", "url", "end_card")
"""Kinds of overlay that name who made the video."""
ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?|\.(?:com|net|org|io|co|shop|store|tv|app).*$")
"""What stands around the name in a web address."""
SURE = 0.5
"""Nothing here knows a brand; the most shown own name stands for it."""
B = "diss.brand."


@parsers.register(
    "dissemination.brand",
    card=Card(
        summary="Presence of the name a video shows most as its own: handle, lasting mark or address.",
        source="measures after the ABCDs detector's features (Google, Apache-2.0), own implementation",
        deviations="without supplied context no brand is known; logos are not recognised",
    ),
    facets=tuple(
        B + part
        for part in (
            "first_text", "first_speech", "total_on_screen_s", "share_of_time", "mean_area", "mentions", "in_first_5s",
            "in_last_5s",
        )
    ),
    optional=("ocr", "speech"),
    after=("diss.overlay.kind",),
    derives=("brand.shown_s", "brand.area"),
    kind="rule",
)  # fmt: skip
class Brand:
    """Yields when, how long and how large the most shown own name is seen, and how often it is said."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the numbers of the most shown name; nothing when no name is shown as its own."""
        named = _most_shown(reading)
        if named is None:
            return
        name, units = named
        times = np.asarray([unit.span.start_s for unit in units])
        lengths = np.asarray([unit.span.duration_s for unit in units])
        areas = np.asarray([unit.region.box.area if unit.region else np.nan for unit in units])
        yield Track(name="brand.shown_s", unit="s", times_s=times, values=lengths, kind="event")
        yield Track(name="brand.area", unit="share", times_s=times, values=areas, kind="event")
        yield from _seen(reading, name, units)
        yield from _said(reading, name, units)


def name_of(text: str) -> str:
    """Return the bare name in a handle, address or mark: letters and digits, folded."""
    return re.sub(r"[\W_]+", "", ADDRESS.sub("", text.strip().casefold()))


def _most_shown(reading: Reading) -> tuple[str, list[Unit]] | None:
    shown: dict[str, list[Unit]] = defaultdict(list)
    for unit in reading.of("diss.overlay.kind"):
        if unit.label in OWN[:4] and unit.text and len(name_of(unit.text)) >= 3:
            shown[name_of(unit.text)].append(unit)
    if not shown:
        return None
    return max(shown.items(), key=lambda item: (sum(u.span.duration_s for u in item[1]), item[0]))


def _union_s(spans: Sequence[Span]) -> float:
    """Return the seconds that any of the spans covers."""
    total, reach = 0.0, -np.inf
    for span in sorted(spans, key=lambda s: s.start_s):
        total += max(0.0, span.end_s - max(span.start_s, reach))
        reach = max(reach, span.end_s)
    return float(total)


def _seen(reading: Reading, name: str, units: Sequence[Unit]) -> Iterator[Unit]:
    whole = reading.span
    part = partial(reading.unit, span=whole, confidence=SURE, attributes={"name": name})
    cited = reading.cite(*units)
    length = reading.measured("brand.shown_s", whole, "sum")
    seen_s = _union_s([unit.span for unit in units])
    yield part(B + "first_text", value=units[0].span.start_s - whole.start_s, evidence=cited[:1])
    yield part(B + "total_on_screen_s", value=seen_s, evidence=[*cited, length])
    yield part(B + "share_of_time", value=min(1.0, seen_s / max(whole.duration_s, 1e-6)), evidence=[*cited, length])
    area = reading.measured("brand.area", whole, "mean")
    yield part(B + "mean_area", value=area.value, evidence=[area, *cited])
    for facet, window in (("in_first_5s", "first"), ("in_last_5s", "last")):
        limit = reading.threshold(B + facet, "window_s")
        near = _window(whole, limit, last=window == "last")
        hits = [unit for unit in units if unit.span.overlaps(near)]
        evidence: list[Evidence] = list(reading.cite(*(hits or units)))
        yield part(B + facet, label="true" if hits else "false", evidence=evidence)


def _window(whole: Span, length_s: float, *, last: bool) -> Span:
    if last:
        return Span.of(max(whole.start_s, whole.end_s - length_s), whole.end_s)
    return Span.of(whole.start_s, min(whole.end_s, whole.start_s + length_s))


def _said(reading: Reading, name: str, units: Sequence[Unit]) -> Iterator[Unit]:
    part = partial(reading.unit, span=reading.span, confidence=SURE, attributes={"name": name})
    spoken = [word for word in reading.transcript.words if name_of(word.text) == name]
    quotes: list[Evidence] = [
        AsrEvidence(quote=word.text, span=Span.of(word.start_s, max(word.end_s, word.start_s)).clipped(reading.span))
        for word in spoken
    ]
    if quotes:
        yield part(B + "first_speech", value=spoken[0].start_s - reading.span.start_s, evidence=quotes[:1])
    yield part(B + "mentions", value=float(len(units) + len(spoken)), evidence=[*reading.cite(*units), *quotes])
