"""True overlays, and the texts they put on the screen."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.evidence import Box, Region
from sestina.core.storyboard import ScreenText, Unit
from sestina.core.time import Span
from sestina.render.overlays import Overlays
from sestina.render.timeline import Timeline
from sestina.render.truth.made import Made, unit

FACETS = ("diss.overlay.kind",)


def units(made: Made) -> Iterator[Unit]:
    """Yield every overlay with its kind, text, time and box."""
    for number, placed in enumerate(made.overlays.placed):
        span = Span.of(made.timeline.time_s(placed.first), made.timeline.time_s(placed.after))
        facts = {"position": placed.position, "style": placed.overlay.style, "animation": placed.overlay.animation}
        text = placed.text or None
        yield unit(
            "diss.overlay.kind", number, "overlay", span,
            label=placed.overlay.kind, text=text, region=Region(box=placed.region), attributes=facts,
        )  # fmt: skip


def screen(timeline: Timeline, overlays: Overlays) -> Iterator[ScreenText]:
    """Yield every text on the screen."""
    for number, (text, first, after, box) in enumerate(overlays.texts):
        span = Span.of(timeline.time_s(first), timeline.time_s(after))
        region = Region(box=Box.of(box.x, box.y, box.w, box.h))
        yield ScreenText(id=f"t{number}", text=text, span=span, region=region, confidence=1.0, locked=True)
