"""What a finished clip was made of, and the units that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sestina.core.evidence import ContextEvidence
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Dimension, Level, Producer, Unit
from sestina.core.time import Span
from sestina.core.vocabulary import PREFIXES
from sestina.render.overlays import Overlays
from sestina.render.script import Script
from sestina.render.sound import Soundtrack
from sestina.render.timeline import Timeline

PRODUCER = Producer(kind="context", name="render")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished clip: its script, its frames and times, its overlays as drawn, its sound (None: silent), its file."""

    script: Script
    timeline: Timeline
    overlays: Overlays
    heard: Soundtrack | None
    media: MediaInfo


def unit(facet: str, number: int | str, level: Level, span: Span, **values: Any) -> Unit:
    """Return the unit `facet/number` of the gold; `values` are further fields of `Unit`."""
    dimension: Dimension = PREFIXES[facet.partition(".")[0]]
    said = values.get("label") or values.get("text") or str(values.get("value"))
    return Unit(
        id=f"{facet}/{number}",
        dimension=dimension,
        facet=facet,
        level=level,
        span=span,
        confidence=1.0,
        status="provided",
        producer=PRODUCER,
        evidence=(ContextEvidence(key="render", quote=said),),
        **values,
    )
