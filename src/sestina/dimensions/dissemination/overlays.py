"""Overlays: what is laid over the picture, of what kind, and what is lettering of the scene itself."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.evidence import Box, Evidence, RegionEvidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import BoxTrack
from sestina.dimensions.dissemination._kinds import kind_of
from sestina.dimensions.dissemination._overlays import Overlay, overlays_of

INSIDE_SHOT_S = 0.15
"""A text that comes or goes this far from every cut was laid over the picture, for a sign does not appear."""
NO_RULE = "the text fits no kind's rule with a margin"
PAGE = 9
"""More texts at once than this are an interface or a page, whose parts have other roles than overlays."""
A_PAGE = "one of many texts shown at once, as on a page or in an interface"
SCENE_CONFIDENCE = 0.7
BESIDE = 0.02
"""Fractions of the frame between an emblem and the name beside it."""
EMBLEM = 2
"""So few letters inside a mark are its drawing: a ring is read as 0."""


@parsers.register(
    "dissemination.overlays",
    card=Card(
        summary="Tells overlay text from scene text by what stays on the screen, and its kind by text and behaviour.",
        source="own rules over the vocabulary's evidence column",
    ),
    facets=("diss.overlay", "diss.overlay.text", "diss.overlay.kind"),
    optional=("text", "ocr"),
    after=("edit.shot", "edit.transition"),
    kind="text",
)
class Overlays:
    """Yields, for every overlay, whether it is one, what it says, and its kind."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the overlays in order of time."""
        for overlay in overlays_of(reading):
            yield from _units(overlay, reading)
        for box in reading.boxes:
            yield from _graphic(box, reading)


def _units(overlay: Overlay, reading: Reading) -> Iterator[Unit]:
    evidence = overlay.evidence(reading)
    region = overlay.first.region
    label, sure = placed(overlay, reading)
    yield reading.unit(
        "diss.overlay", label=label, span=overlay.span, region=region, confidence=sure, evidence=evidence
    )
    yield reading.unit(
        "diss.overlay.text", text=overlay.text, span=overlay.span, region=region, confidence=overlay.confidence,
        evidence=evidence,
    )  # fmt: skip
    if label == "scene_text":
        return
    verdict = kind_of(overlay, reading) if overlay.crowd <= PAGE else None
    if verdict is None:
        yield reading.unit(
            "diss.overlay.kind", span=overlay.span, region=region, status="abstain", confidence=0.0,
            reason=NO_RULE if overlay.crowd <= PAGE else A_PAGE, evidence=evidence,
        )  # fmt: skip
        return
    cited: list[Evidence] = list(evidence)
    if verdict.metric is not None:
        cited.append(overlay.metric(reading, *verdict.metric))
    yield reading.unit(
        "diss.overlay.kind", label=verdict.label, text=overlay.text, span=overlay.span, region=region,
        confidence=verdict.confidence * min(1.0, 0.3 + overlay.confidence), evidence=cited,
    )  # fmt: skip


def placed(overlay: Overlay, reading: Reading) -> tuple[str, float]:
    """Return `overlay_text` or `scene_text` and how sure: by the lock to the screen, else by when it comes and goes."""
    if overlay.first.locked is False:
        return "scene_text", SCENE_CONFIDENCE
    if overlay.first.locked is True:
        return "overlay_text", 0.95
    cuts = [bound for shot in reading.shots for bound in (shot.span.start_s, shot.span.end_s)]
    comes = all(abs(overlay.span.start_s - cut) > INSIDE_SHOT_S for cut in cuts)
    goes = all(abs(overlay.span.end_s - cut) > INSIDE_SHOT_S for cut in cuts)
    return "overlay_text", 0.9 if comes and goes else 0.8 if comes or goes else 0.55


def _is_lettered(mark: BoxTrack, reading: Reading) -> bool:
    """Whether a lasting text stands in or beside a mark, so that the text's own unit tells of it."""
    near = Box.of(mark.box.x - BESIDE, mark.box.y - BESIDE, mark.box.w + 2 * BESIDE, mark.box.h + 2 * BESIDE)
    return any(
        near.overlap(text.region.box) > 0 and len(text.text) > EMBLEM and text.span.iou(mark.span) > 0.5
        for text in reading.texts(mark.span)
    )


def _graphic(box: BoxTrack, reading: Reading) -> Iterator[Unit]:
    """Yield an overlay without lettering: a QR code, a bar that fills, a mark in a corner."""
    if box.kind not in ("qr", "progress", "static_region"):
        return
    label = {"qr": "qr_code", "progress": "progress_bar", "static_region": "logo_bug"}[box.kind]
    if box.kind == "static_region" and _is_lettered(box, reading):
        return
    span = box.span.clipped(reading.span)
    sure = {"qr": 0.98, "progress": 0.85, "static_region": 0.6}[box.kind] * float(box.scores.mean())
    evidence: list[Evidence] = [
        RegionEvidence(box=box.box, at_s=span.start_s, note=box.kind), reading.frame(span.start_s),
    ]  # fmt: skip
    yield reading.unit(
        "diss.overlay", label="overlay_graphic", span=span, region=box.region, confidence=sure, evidence=evidence
    )
    facts = {"content": box.label} if box.label else {}
    yield reading.unit(
        "diss.overlay.kind", label=label, span=span, region=box.region, confidence=sure, evidence=evidence,
        attributes=facts,
    )  # fmt: skip
