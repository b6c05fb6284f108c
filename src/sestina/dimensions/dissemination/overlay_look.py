"""How overlays look: place, size, case, lines, colours, style, language and what the words move like."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.core.writing import EMOJI, case_of, direction_of
from sestina.dimensions.dissemination._overlays import Overlay, overlays_of
from sestina.dimensions.dissemination._words import language_of

ROWS, COLUMNS = ("top", "middle", "bottom"), ("left", "centre", "right")
FADE_S = (0.04, 1.5)
"""Seconds from the first trace of a text to its full contrast, between which it fades in."""
AT_ONCE_S = 0.01
"""A text whose contrast rises faster is there at once."""
TURNED_DEG = 3.0
"""A line tilted less is level: the detector's corners jitter by a degree, of short texts by two."""
SURROUNDS = (("outline", "outline"), ("shadow", "shadow"), ("box", "boxed"))
"""Label of `diss.overlay.style` and the measure that tells it."""
P = "diss.overlay."


@parsers.register(
    "dissemination.overlay_look",
    card=Card(summary="Describes every overlay text: place, size, case, lines, colours, style, language, animation."),
    facets=tuple(
        P + part
        for part in (
            "position", "box", "animation", "style", "font_case", "line_count", "colour", "bg_colour", "rotation",
            "language", "script_direction", "emoji_count",
        )
    ),
    optional=("ocr",),
    after=("diss.overlay.kind",),
    derives=("overlay_look.area", "overlay_look.emoji"),
    kind="signal",
)  # fmt: skip
class OverlayLook:
    """Yields the attributes of every overlay text as units of their own."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield attributes in order of time."""
        overlays = [overlay for overlay in overlays_of(reading) if overlay.first.locked is not False]
        if not overlays:
            return
        times = np.asarray([overlay.events_s[0] for overlay in overlays])
        for name, values in (
            ("area", [overlay.first.region.box.area for overlay in overlays]),
            ("emoji", [float(len(EMOJI.findall(overlay.text))) for overlay in overlays]),
        ):
            unit = "share" if name == "area" else "count"
            yield Track(
                name=f"overlay_look.{name}", unit=unit, times_s=times, values=np.asarray(values), kind="event"
            )
        for overlay in overlays:
            yield from _placed(reading, overlay)
            yield from _written(reading, overlay)
            if overlay.measures:
                yield from _drawn(reading, overlay)


def position_of(x: float, y: float) -> str:
    """Return the label of `diss.overlay.position` for a middle at (x, y), fractions."""
    row, column = ROWS[min(2, int(y * 3))], COLUMNS[min(2, int(x * 3))]
    return "centre" if (row, column) == ("middle", "centre") else f"{row}_{column}"


def _placed(reading: Reading, overlay: Overlay) -> Iterator[Unit]:
    part = partial(reading.unit, span=overlay.span, region=overlay.first.region)
    quote: list[Evidence] = [reading.ocr(overlay.first)]
    yield part(P + "position", label=position_of(*overlay.middle), evidence=quote)
    area = reading.measured("overlay_look.area", Span.at(overlay.events_s[0]), "first")
    yield part(P + "box", value=area.value, evidence=[area, *quote])


def _written(reading: Reading, overlay: Overlay) -> Iterator[Unit]:
    quote: list[Evidence] = [reading.ocr(overlay.first)]
    part = partial(reading.unit, span=overlay.span, region=overlay.first.region, evidence=quote)
    yield part(P + "font_case", label=case_of(overlay.text), confidence=0.9 * overlay.confidence)
    yield part(P + "line_count", value=float(len(overlay.lines)), confidence=0.9)
    yield part(P + "script_direction", label=direction_of(overlay.text), confidence=0.95)
    language = language_of(overlay.text)
    if language is not None:
        yield part(P + "language", text=language[0], confidence=language[1])
    emoji = reading.measured("overlay_look.emoji", Span.at(overlay.events_s[0]), "first")
    if emoji.value > 0:
        yield part(P + "emoji_count", value=emoji.value, evidence=[emoji, *quote])


def _drawn(reading: Reading, overlay: Overlay) -> Iterator[Unit]:
    """Yield what is measured on the pixels: colours, style, tilt, and how it comes."""
    part = partial(reading.unit, span=overlay.span, region=overlay.first.region)
    frame: list[Evidence] = [reading.frame(overlay.span.start_s), reading.ocr(overlay.first)]
    for facet, name in (("colour", "ocr.ink"), ("bg_colour", "ocr.paper")):
        colour = _colour(reading, overlay, name)
        if colour is not None:
            yield part(P + facet, text=colour, confidence=0.7, evidence=frame)
    for label, name in SURROUNDS:
        if overlay.measure(name) >= 1:
            yield part(P + "style", label=label, confidence=0.7, evidence=[overlay.metric(reading, name, ">=", 1.0)])
    if all(overlay.measure(name) < 1 for _, name in SURROUNDS):
        plain = [overlay.metric(reading, name, "<", 1.0) for _, name in SURROUNDS]
        yield part(P + "style", label="plain", confidence=0.5, evidence=plain)
    turned = overlay.measure("rotation")
    if abs(turned) >= TURNED_DEG:
        yield part(P + "rotation", value=turned, confidence=0.8, evidence=[overlay.measured(reading, "rotation")])
    if overlay.measure("lit") >= 1 and len(overlay.words) >= 2:
        lit = overlay.metric(reading, "lit", ">=", 1.0)
        yield part(P + "animation", label="word_highlight", confidence=0.75, evidence=[lit])
    elif FADE_S[0] <= overlay.measure("rise") <= FADE_S[1]:
        rise = overlay.metric(reading, "rise", ">=", FADE_S[0])
        yield part(P + "animation", label="fade", confidence=0.6, evidence=[rise])
    elif overlay.measure("rise") < AT_ONCE_S:
        rise = overlay.metric(reading, "rise", "<", AT_ONCE_S)
        yield part(P + "animation", label="none", confidence=0.6, evidence=[rise])


def _colour(reading: Reading, overlay: Overlay, name: str) -> str | None:
    """Return the sRGB hex triplet of the overlay's event in a colour track, None where it was not measured."""
    track = reading.tracks.get(name)
    if track is None:
        return None
    at = track.slice(Span.at(overlay.events_s[0]))
    if at.start >= at.stop:
        return None
    red, green, blue = (int(np.clip(round(float(value)), 0, 255)) for value in track.values[at.start])
    return f"#{red:02x}{green:02x}{blue:02x}"
