"""True overlays: of what kind, where and when they are, what they say, and the texts they put on the screen.

An overlay with lettering is where its lettering is; a button's plate or a card's whole frame is told by `drawn_box`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.evidence import Box, Region
from sestina.core.storyboard import ScreenText, Unit
from sestina.core.time import Span
from sestina.render.overlays import Overlays, Placed
from sestina.render.parts.overlay import Overlay
from sestina.render.timeline import Timeline
from sestina.render.truth.made import Made, unit

SHADE = 76
"""Brightest channel of a box that is no more than a shade laid under letters."""
FACETS = ("diss.overlay", "diss.overlay.text", "diss.overlay.kind")


def units(made: Made) -> Iterator[Unit]:
    """Yield every overlay with its kind, text, time and box."""
    for number, placed, span in shown(made):
        region = Region(box=placed.region)
        label = "overlay_text" if placed.texts else "overlay_graphic"
        yield unit("diss.overlay", number, "overlay", span, label=label, region=region)
        if placed.texts:
            yield unit("diss.overlay.text", number, "overlay", span, text=placed.text, region=region)
        box, overlay = placed.box, placed.overlay
        facts: dict[str, object] = {"drawn_box": [box.x, box.y, box.w, box.h], "animation": overlay.animation}
        if overlay.kind == "qr_code":
            facts["content"] = overlay.text
        yield unit(
            "diss.overlay.kind", number, "overlay", span,
            label=kind_of(overlay), text=placed.text or None, region=region, attributes=facts,
        )  # fmt: skip


def kind_of(overlay: Overlay) -> str:
    """Return the label of an overlay: a request on a box of a colour that wants to be seen is a button."""
    button = overlay.kind == "cta_text" and overlay.style == "box" and max(overlay.back) > SHADE
    return "cta_button" if button else overlay.kind


def shown(made: Made) -> Iterator[tuple[int, Placed, Span]]:
    """Yield every overlay with its number and its span."""
    for number, placed in enumerate(made.overlays.placed):
        yield number, placed, Span.of(made.timeline.time_s(placed.first), made.timeline.time_s(placed.after))


def written(made: Made) -> Iterator[tuple[int, Placed, Span]]:
    """Yield the overlays that say something."""
    return (found for found in shown(made) if found[1].texts)


def screen(timeline: Timeline, overlays: Overlays) -> Iterator[ScreenText]:
    """Yield every text on the screen."""
    for number, (text, first, after, box) in enumerate(overlays.texts):
        span = Span.of(timeline.time_s(first), timeline.time_s(after))
        region = Region(box=Box.of(box.x, box.y, box.w, box.h))
        yield ScreenText(id=f"t{number}", text=text, span=span, region=region, confidence=1.0, locked=True)
