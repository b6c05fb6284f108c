"""What a finished clip was made of, and the units that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sestina.core.evidence import ContextEvidence
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Dimension, Level, Producer, Unit
from sestina.core.time import Span
from sestina.core.vocabulary import PREFIXES
from sestina.render.glimpses import Glimpses
from sestina.render.overlays import Overlays
from sestina.render.padded import Padded
from sestina.render.script import Script
from sestina.render.sound import Soundtrack
from sestina.render.timeline import Timeline

PRODUCER = Producer(kind="context", name="render")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished clip: its script, its frames and times, its overlays as drawn, its sound (None: silent), its file, and
    where the picture lies in the frame, and small pictures of it before it was encoded."""

    script: Script
    timeline: Timeline
    overlays: Overlays
    heard: Soundtrack | None
    media: MediaInfo
    padded: Padded
    glimpses: Glimpses


def unit(facet: str, number: int | str, level: Level, span: Span, **values: Any) -> Unit:
    """Return the unit `facet/number` of the gold; `values` are further fields of `Unit`.

    With `status="abstain"` and a `reason` it says that the script leaves the facet open there; nobody is scored on it.
    """
    dimension: Dimension = PREFIXES[facet.partition(".")[0]]
    open_ = values.get("status") == "abstain"
    said = values.get("label") or values.get("text") or str(values.get("value"))
    fields = {
        "confidence": 0.0 if open_ else 1.0,
        "status": "provided",
        "evidence": () if open_ else (ContextEvidence(key="render", quote=said),),
        **values,
    }
    return Unit(
        id=f"{facet}/{number}", dimension=dimension, facet=facet, level=level, span=span, producer=PRODUCER, **fields
    )
