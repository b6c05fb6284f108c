"""What can be told of a video or of a part of it in a line: the main label of each facet that people ask for first."""

from __future__ import annotations

from collections import defaultdict

from sestina.answers.compute import answer_of, at, when
from sestina.answers.passages import Units, told
from sestina.answers.reading import Asked
from sestina.core.exchange import Answer
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span

MOST_TOLD = 10
TOLD = (
    "narr.format", "narr.topic", "narr.beat", "edit.pacing_class", "edit.transition", "camera.scale", "camera.movement",
    "camera.steadiness", "subject.kind.primary", "subject.count", "subject.action", "subject.location",
    "aes.light.brightness", "aes.light.key", "aes.color.dominant", "aes.color.temperature", "aes.audio.dominant",
    "aes.audio.loudness.integrated", "diss.overlay.text", "narr.hook.tactic.primary", "narr.tone", "diss.cta.target",
)  # fmt: skip
"""Facets of an overview, in its order."""
PARTS = {
    "camera": ("camera.",), "lighting": ("aes.light.",), "light": ("aes.light.",), "colour": ("aes.color.",),
    "color": ("aes.color.",), "sound": ("aes.audio.",), "audio": ("aes.audio.",), "editing": ("edit.",),
    "story": ("narr.",), "narrative": ("narr.",), "hook": ("narr.hook",), "overlays": ("diss.overlay.",),
    "captions": ("diss.overlay.",), "composition": ("aes.comp.",), "people": ("subject.",), "subject": ("subject.",),
}  # fmt: skip
"""Word of a question to what its overview is of."""


def overview(board: Storyboard, units: Units, asked: Asked) -> Answer:
    """Return the main labels of the video, of the time or of the side of it that was asked about; all cited."""
    text = asked.text.casefold().replace("colours", "colour").replace("colors", "color")
    part = next((begins for word, begins in PARTS.items() if word in text.split()), None)
    facets = TOLD if part is None else tuple(
        facet for facet in dict.fromkeys((*TOLD, *(unit.facet for unit in board.items))) if facet.startswith(part)
    )  # fmt: skip
    around = asked.span or board.media.span
    main = [unit for facet in facets if (unit := _main(units, facet, around, asked.span)) is not None][:MOST_TOLD]
    if not main:
        where = "" if asked.span is None else f" {when(asked.span)}"
        return Answer(text=f"I cannot tell: the storyboard decides nothing{where}.", abstained=True)
    first = "" if part is not None else f"{board.media.duration_s:.2f} s, {_shots(len(board.shots))}: "
    first = f"{when(asked.span)}: ".capitalize() if asked.span is not None else first
    return answer_of(first + "; ".join(told(unit) for unit in main) + ".", main)


def _shots(count: int) -> str:
    return f"{count} shot" if count == 1 else f"{count} shots"


def _main(units: Units, facet: str, around: Span, asked: Span | None) -> Unit | None:
    """Return the unit whose label holds longest there; the first of those that say it."""
    lengths: dict[str, float] = defaultdict(float)
    here = [unit for unit in units.of(facet) if unit.status != "abstain" and unit.label not in ("start", "end", "none")]
    here = [unit for unit in here if asked is None or at(unit, asked)]
    for unit in here:
        lengths[unit.claim] += unit.span.overlap_s(around) + 1e-6
    if not lengths:
        return None
    longest = max(lengths, key=lambda claim: lengths[claim])
    return min((unit for unit in here if unit.claim == longest), key=lambda unit: unit.order)
