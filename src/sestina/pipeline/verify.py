"""verify: open the video again and recompute what every `observed` unit cites."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sestina.core.errors import UnknownComponent
from sestina.core.evidence import (
    AsrEvidence,
    AudioEvidence,
    ContextEvidence,
    Evidence,
    FrameEvidence,
    FramePairEvidence,
    MetadataEvidence,
    MetricEvidence,
    OcrEvidence,
    RegionEvidence,
    SpanEvidence,
    UnitEvidence,
    holds,
)
from sestina.core.invariants import normalised, problems
from sestina.core.reading import media_fact, rounded
from sestina.core.storyboard import Storyboard, Unit
from sestina.media.fingerprint import hamming
from sestina.media.source import resolve
from sestina.pipeline.analyze import Analysis, measure
from sestina.pipeline.sweep import Progress, silent

RELATIVE_TOLERANCE = 1e-3
"""How far a recomputed number may lie from the stated one: decoders and processors round differently."""
HASH_BITS = 6
"""Bits of 64 that may differ between two hashes of one frame."""


@dataclass(frozen=True)
class Verdict:
    """Whether one unit still holds, and the first reason why not."""

    unit: Unit
    holds: bool
    why: str = ""


@dataclass(frozen=True)
class VerifyReport:
    """What recomputation found.

    Args:
        verdicts: one for every `observed` unit, in canonical order.
        problems: broken invariants of the document itself.
        same_media: whether the video is byte for byte the one the document describes.
    """

    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...]
    same_media: bool

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """Units that no longer hold."""
        return tuple(verdict for verdict in self.verdicts if not verdict.holds)

    @property
    def ok(self) -> bool:
        """Whether every observed unit holds and no invariant is broken."""
        return not self.failed and not self.problems

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "observed": len(self.verdicts),
            "hold": len(self.verdicts) - len(self.failed),
            "same_media": self.same_media,
            "failed": [{"id": v.unit.id, "claim": v.unit.claim, "why": v.why} for v in self.failed],
            "problems": list(self.problems),
        }


def verify(
    storyboard: Storyboard,
    path: str | Path | None = None,
    *,
    allow_url: bool = False,
    progress: Progress = silent,
) -> VerifyReport:
    """Recompute the evidence of every `observed` unit from the video at `path` (default: where the document says).

    A unit holds when each of its evidence items does and its producer, run again on the video, makes the same claim.

    Raises MediaError when the video cannot be read.
    """
    settings = storyboard.provenance.settings
    again = measure(
        path if path is not None else storyboard.media.path,
        only=tuple(settings.get("only", ())),
        skip=tuple(settings.get("skip", ())),
        allow_url=allow_url,
        progress=progress,
    )
    claims = {_claim(unit) for unit in again.storyboard.items}
    observed = [unit for unit in storyboard.canonical().items if unit.status == "observed"]
    return VerifyReport(
        verdicts=tuple(_judge(unit, storyboard, again, claims) for unit in observed),
        problems=tuple(str(problem) for problem in problems(storyboard)),
        same_media=again.storyboard.media.sha256 == storyboard.media.sha256,
    )


def source_digest(path: str | Path) -> str:
    """Return the SHA-256 of the file at `path`. Raises MediaError."""
    return resolve(path).sha256


def _claim(unit: Unit) -> tuple[Any, ...]:
    value = None if unit.value is None else float(f"{unit.value:.3g}")
    return (unit.facet, unit.label, unit.text, value, unit.span.start_s, unit.span.end_s)


def _judge(unit: Unit, storyboard: Storyboard, again: Analysis, claims: set[tuple[Any, ...]]) -> Verdict:
    for item in unit.evidence:
        why = _broken(item, storyboard, again)
        if why:
            return Verdict(unit, False, why)
    if _claim(unit) not in claims:
        return Verdict(unit, False, "its evidence holds, but the producer no longer draws this conclusion from it")
    return Verdict(unit, True)


def _broken(item: Evidence, storyboard: Storyboard, again: Analysis) -> str:
    """Return why `item` does not hold, or an empty string."""
    reason: str = CHECKS[type(item)](item, storyboard, again)
    return reason


def _metric(item: MetricEvidence, _: Storyboard, again: Analysis) -> str:
    track = again.tracks.get(item.signal)
    if track is None:
        return f"{item.signal} can no longer be measured"
    value = rounded(track.reduce(item.reduce, item.span))
    if not math.isclose(value, item.value, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-6):
        return f"{item.reduce}({item.signal}) is {value}, not {item.value}"
    if not holds(item.value, item.op, item.threshold):
        return f"{item.value} is not {item.op} {item.threshold}"
    return ""


def _same_frame(at_s: float, pts: int | None, dhash: str | None, again: Analysis) -> str:
    table = again.storyboard.media.frame_table()
    if table is None or not again.storyboard.media.span.contains(at_s):
        return f"there is no frame at {at_s} s"
    index = table.index_at(at_s)
    if abs(table.time_s(index) - at_s) > 1e-6 or (pts is not None and int(table.pts[index]) != pts):
        return f"no frame has the time {at_s} s"
    found = again.hashes.get(int(table.pts[index]))
    if dhash is not None and found is not None and hamming(dhash, found) > HASH_BITS:
        return f"the frame at {at_s} s shows another picture"
    return ""


def _frame(item: FrameEvidence, _: Storyboard, again: Analysis) -> str:
    return _same_frame(item.at_s, item.pts, item.dhash, again)


def _frame_pair(item: FramePairEvidence, _: Storyboard, again: Analysis) -> str:
    ticks, hashes = item.pts or (None, None), item.dhash or (None, None)
    found = [_same_frame(at, tick, dhash, again) for at, tick, dhash in zip(item.at_s, ticks, hashes, strict=True)]
    return found[0] or found[1]


def _ocr(item: OcrEvidence, _: Storyboard, again: Analysis) -> str:
    wanted = normalised(item.quote)
    for text in again.storyboard.transcript.screen:
        near = text.span.contains(item.at_s) or text.span.end_s == item.at_s
        if near and f" {wanted} " in f" {normalised(text.text)} ":
            return ""
    return f"{item.quote!r} is not read on screen at {item.at_s} s"


def _asr(item: AsrEvidence, _: Storyboard, again: Analysis) -> str:
    words = [w for w in again.storyboard.transcript.words if item.span.contains(w.start_s)]
    said = normalised(" ".join(word.text for word in words))
    return "" if f" {normalised(item.quote)} " in f" {said} " else f"{item.quote!r} is not heard there"


def _metadata(item: MetadataEvidence, _: Storyboard, again: Analysis) -> str:
    try:
        found = media_fact(again.storyboard.media, item.key)
    except UnknownComponent:
        return f"the media has no {item.key}"
    return "" if found == item.value else f"{item.key} is {found}, not {item.value}"


def _inside(item: SpanEvidence | AudioEvidence, _: Storyboard, again: Analysis) -> str:
    return "" if again.storyboard.media.span.covers(item.span) else f"{item.span} leaves the video"


def _region(item: RegionEvidence, _: Storyboard, again: Analysis) -> str:
    inside = again.storyboard.media.span.start_s <= item.at_s <= again.storyboard.media.span.end_s
    return "" if inside else f"{item.at_s} s lies outside the video"


def _unit(item: UnitEvidence, storyboard: Storyboard, again: Analysis) -> str:
    """A cited unit must be there, and hold itself where it is observed."""
    cited = next((unit for unit in storyboard.items if unit.id == item.unit), None)
    if cited is None:
        return f"{item.unit} is not in the document"
    if cited.status != "observed":
        return ""
    broken = (_broken(own, storyboard, again) for own in cited.evidence if not isinstance(own, UnitEvidence))
    reason = next((why for why in broken if why), "")
    return f"{item.unit} does not hold: {reason}" if reason else ""


def _context(_: ContextEvidence, __: Storyboard, ___: Analysis) -> str:
    return "context came with the video and cannot be recomputed; such a unit is `provided`, not `observed`"


CHECKS: Mapping[type, Callable[[Any, Storyboard, Analysis], str]] = {
    MetricEvidence: _metric,
    FrameEvidence: _frame,
    FramePairEvidence: _frame_pair,
    OcrEvidence: _ocr,
    AsrEvidence: _asr,
    MetadataEvidence: _metadata,
    SpanEvidence: _inside,
    AudioEvidence: _inside,
    RegionEvidence: _region,
    UnitEvidence: _unit,
    ContextEvidence: _context,
}
"""How each kind of evidence is recomputed: returns why it does not hold, or an empty string."""
