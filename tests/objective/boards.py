"""Storyboards for tests of the objective: one video of 20 s, any units, and hypothesis strategies over them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.evidence import Box, ContextEvidence, Region
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Producer, Provenance, Storyboard, Unit
from sestina.core.time import Span
from sestina.objective.score import ScoreConfig

LENGTH_S = 20.0
PLAIN = ScoreConfig(chance={})
"""The soft F1 as it is, nothing taken off for chance: what hand-computed examples speak of."""
OVERLAY = "diss.overlay.kind"
LABELLED = (
    "camera.scale", "camera.movement", "subject.location", "edit.shot", "edit.transition", "narr.beat",
    "edit.cut_rationale",
)  # fmt: skip


def say(facet_id: str, start_s: float, end_s: float, said: str | float | None = None, **changes: Any) -> Unit:
    """Return a unit; `said` is its label, text or number, as its facet's type asks."""
    facet = vocabulary.facet(facet_id)
    name = {"num": "value", "text": "text"}.get(facet.type, "label")
    fields: dict[str, Any] = {
        "id": f"{facet_id}/{start_s:g}-{end_s:g}/{said}",
        "dimension": facet.dimension,
        "facet": facet_id,
        "level": facet.levels[0],
        "span": Span.of(start_s, end_s),
        "confidence": 1.0,
        "status": "human",
        "producer": Producer(kind="human", name="by_hand"),
        "evidence": (ContextEvidence(key="note", quote="seen"),),
        name: said,
    }
    return Unit(**{**fields, **changes})


def silent(facet_id: str, start_s: float, end_s: float) -> Unit:
    """Return a unit that abstains."""
    return say(facet_id, start_s, end_s, status="abstain", reason="too dark", evidence=())


def shown(start_s: float, end_s: float, kind: str, text: str | None, box: Box | None = None) -> Unit:
    """Return an overlay: what it is, what it says, and where."""
    region = None if box is None else Region(box=box)
    return say(OVERLAY, start_s, end_s, kind, text=text, region=region)


def board(*units: Unit, length_s: float = LENGTH_S, **settings: Any) -> Storyboard:
    """Return a document with these units; `settings` stand in its provenance."""
    media = MediaInfo(path="clip.mp4", sha256="0" * 64, size_bytes=1, container="mp4", span=Span.of(0, length_s))
    return Storyboard(media=media, items=units, provenance=Provenance(settings=settings))


def moved(given: Storyboard, by_s: float) -> Storyboard:
    """Return the document with every span shifted; units may leave the video."""
    items = [
        unit.model_copy(update={"span": Span.of(unit.span.start_s + by_s, unit.span.end_s + by_s)})
        for unit in given.items
    ]
    return given.model_copy(update={"items": tuple(items)})


@st.composite
def units(draw: st.DrawFn, facet_id: str | None = None) -> Unit:
    """Draw a labelled unit whose times lie on a grid of a quarter of a second; some are instants."""
    facet = vocabulary.facet(facet_id or draw(st.sampled_from(LABELLED)))
    start = draw(st.integers(0, 60)) / 4
    end = start + draw(st.integers(0, 16)) / 4
    return say(facet.id, start, end, draw(st.sampled_from(facet.labels)))


def boards(most: int = 10, facet_id: str | None = None) -> st.SearchStrategy[Storyboard]:
    """Return documents of up to `most` labelled units, each under an id of its own."""
    return st.lists(units(facet_id), max_size=most).map(numbered)


def numbered(given: list[Unit]) -> Storyboard:
    """Return a document whose units have unique ids."""
    return board(*(unit.model_copy(update={"id": f"{k}"}) for k, unit in enumerate(given)))
