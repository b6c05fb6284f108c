"""Padding: what fills the screen round the picture, and the shape of the picture without it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sestina.core.card import Card
from sestina.core.confidence import margin_confidence
from sestina.core.evidence import Box, Evidence, Region
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import F64

PADDING, ACTIVE = "diss.padding", "diss.aspect.active"
INSET_MIN = 0.018
"""Share of the side from which a bar is padding: 1.85 in 16:9 leaves 0.0195, encoders an edge of a few lines."""
INSET_SCALE = 0.01
STEADY = 0.012
"""Share of the side by which a bar may move and still be the same bar."""
EDGE_SHARE_MIN = 0.5
"""Share of the samples that show a bar bare in which the picture begins at it all at once."""
KNOWN_MIN = 0.3
"""Share of samples in which borders must be measurable, else the video is too plain to tell."""
BLACK_LEVEL_MAX, BLACK_CHROMA_MAX = 0.09, 0.04
LETTERING_MIN = 0.01
"""Share of a bar in another colour from which it carries a drawing or lettering."""
ASPECT_TOLERANCE = 0.03
"""Relative difference up to which a shape has the name of the nearest standard one."""
ASPECTS = {
    "9:16": 9 / 16, "3:4": 3 / 4, "4:5": 4 / 5, "1:1": 1.0, "4:3": 4 / 3, "16:9": 16 / 9, "1.85": 1.85, "2.39": 2.39,
}  # fmt: skip
SIDES = ("left", "top", "right", "bottom")
HOW = "p05"
"""Reducer of a bar's width: nearly all samples have at least that much."""


@dataclass(frozen=True)
class Frame:
    """The borders of a video: width at each side (left, top, right, bottom), and how sure they are there."""

    insets: tuple[float, float, float, float]
    share: float

    @property
    def box(self) -> Box:
        """The picture inside."""
        left, top, right, bottom = self.insets
        return Box.of(left, top, 1 - left - right, 1 - top - bottom)


@parsers.register(
    "dissemination.padding",
    facets=(PADDING, ACTIVE),
    signals=("borders",),
    card=Card(
        summary="Letterbox, pillarbox and other fillings of the screen, and the picture's own shape.", source="own"
    ),
)
class Padding:
    """Parser `dissemination.padding`."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the kind of padding and the shape of the active picture, once for the video."""
        known = reading.track("borders.left").values
        if len(known) == 0 or reading.media.video is None:
            return
        if np.mean(~np.isnan(known)) < KNOWN_MIN:
            reason = "the pictures are too plain to tell a border from a background"
            yield reading.abstain(PADDING, span=reading.span, reason=reason)
            yield reading.abstain(ACTIVE, span=reading.span, reason=reason)
            return
        least = reading.threshold(PADDING, "frames_share_min")
        frame = steady_bars(reading, least)
        fill = steady_fill(reading, least) if max(frame.insets) < INSET_MIN else None
        padding = blurred(reading, fill) if fill else barred(reading, frame)
        yield padding
        if padding.status == "abstain":
            yield reading.abstain(ACTIVE, span=reading.span, reason=padding.reason or "")
        else:
            yield active(reading, fill or frame)


def steady_bars(reading: Reading, least: float) -> Frame:
    """Return the bars that at least the share `least` of the measurable samples have.

    What lies inside may look like the bar and widen it, never narrow it: the low end of its widths is the bar. Bars
    come in pairs; a single one is part of the picture.
    """
    insets, shares = [], []
    for side in SIDES:
        widths, edges = _known(reading, f"borders.{side}"), _known(reading, f"borders.{side}_edge")
        width = float(np.percentile(widths, 100 * (1 - least) / 2)) if len(widths) else 0.0
        # Where widths jump between two values the percentile lies between them and fits neither: no bar stays.
        bare = np.abs(widths - width) <= STEADY
        real = width >= INSET_MIN and bool(bare.any()) and edges[bare].mean() >= EDGE_SHARE_MIN
        insets.append(width if real else 0.0)
        shares.append(float(np.mean(widths >= width - STEADY)) if len(widths) else 1.0)
    left, top, right, bottom = insets
    across, along = min(left, right) > 0, min(top, bottom) > 0
    return Frame((left * across, top * along, right * across, bottom * along), min(shares))


def steady_fill(reading: Reading, least: float) -> Frame | None:
    """Return the border filled with a blurred copy, where nearly all measurable samples have one."""
    present = ~np.isnan(np.asarray(reading.track("borders.fill_match").values, np.float64))
    if not len(present) or present.mean() < least:
        return None
    left, top = (float(np.median(_known(reading, f"borders.fill_{side}"))) for side in ("left", "top"))
    return Frame((left, top, left, top), float(present.mean()))


def _known(reading: Reading, name: str) -> F64:
    values = np.asarray(reading.track(name).values, np.float64)
    return values[~np.isnan(values)]


def barred(reading: Reading, frame: Frame) -> Unit:
    """Return which kind of one-coloured padding there is, or that there is none."""
    span = reading.span
    wide = [side for side, inset in zip(SIDES, frame.insets, strict=True) if inset > 0]
    if not wide:
        return bare(reading)
    evidence: list[Evidence] = [
        reading.metric(f"borders.{side}", ">=", INSET_MIN, span, HOW)
        for side in wide
        if reading.value(f"borders.{side}", HOW, span) >= INSET_MIN
    ]
    evidence += [reading.measured(f"borders.{name}", span, "median") for name in ("level", "lettering")]
    smallest = min(frame.insets[SIDES.index(side)] for side in wide)
    return reading.unit(
        PADDING,
        label=kind_of(reading, wide),
        span=span,
        confidence=margin_confidence(smallest, INSET_MIN / 2, INSET_SCALE) * frame.share,
        evidence=evidence,
        region=Region(box=frame.box),
        attributes={side: round(inset, 4) for side, inset in zip(SIDES, frame.insets, strict=True)},
    )


def bare(reading: Reading) -> Unit:
    """Return the unit of a picture that reaches the edge of the screen on at least one of two opposite sides."""
    widths = {side: reading.value(f"borders.{side}", HOW, reading.span) for side in SIDES}
    open_sides = [min(pair, key=lambda side: widths[side]) for pair in (("left", "right"), ("top", "bottom"))]
    evidence: list[Evidence] = [
        reading.metric(f"borders.{side}", "<", INSET_MIN, reading.span, HOW)
        for side in open_sides
        if widths[side] < INSET_MIN
    ]
    if len(evidence) < len(open_sides):
        reason = "plain margins pass into the picture without an edge"
        return reading.abstain(PADDING, span=reading.span, reason=reason, evidence=evidence)
    largest = max(widths[side] for side in open_sides)
    sure = margin_confidence(largest, INSET_MIN, INSET_SCALE, above=False)
    return reading.unit(PADDING, label="none", span=reading.span, confidence=sure, evidence=evidence)


def kind_of(reading: Reading, wide: list[str]) -> str:
    """Return the name of bars on the sides `wide`: by their sides when black, by what they hold when not."""
    level, chroma, lettering = (
        reading.value(f"borders.{name}", "median", reading.span) for name in ("level", "chroma", "lettering")
    )
    if lettering >= LETTERING_MIN:
        return "template_frame"
    if level > BLACK_LEVEL_MAX or chroma > BLACK_CHROMA_MAX:
        return "solid_fill"
    across, along = {"left", "right"} & set(wide), {"top", "bottom"} & set(wide)
    if across and along:
        return "windowbox"
    return "pillarbox" if across else "letterbox"


def blurred(reading: Reading, fill: Frame) -> Unit:
    """Return the unit of a border that is the picture enlarged and blurred."""
    span = reading.span
    sides = [side for side in ("left", "top") if reading.value(f"borders.fill_{side}", "median", span) >= INSET_MIN]
    evidence: list[Evidence] = [
        reading.metric(f"borders.fill_{side}", ">=", INSET_MIN, span, "median") for side in sides
    ]
    evidence += [reading.measured(f"borders.{name}", span, "median") for name in ("fill_match", "fill_sharpness")]
    return reading.unit(
        PADDING,
        label="blurred_fill",
        span=span,
        confidence=margin_confidence(reading.value("borders.fill_match", "median", span), 0.5, 0.2) * fill.share,
        evidence=evidence,
        region=Region(box=fill.box),
    )


def active(reading: Reading, frame: Frame) -> Unit:
    """Return the shape of the picture without its borders."""
    video = reading.media.video
    if video is None:
        raise ValueError("only a video has a shape")
    box = frame.box
    shape = video.display_width * box.w / max(video.display_height * box.h, 1e-9)
    near = min(ASPECTS, key=lambda name: abs(math.log(ASPECTS[name] / shape)))
    off = abs(ASPECTS[near] / shape - 1)
    label = near if off <= ASPECT_TOLERANCE else "other"
    evidence: list[Evidence] = [reading.metadata("video.display_width"), reading.metadata("video.display_height")]
    evidence += [
        reading.measured(f"borders.{side}", reading.span, HOW)
        for side in SIDES
        if not math.isnan(reading.value(f"borders.{side}", HOW, reading.span))
    ]
    return reading.unit(
        ACTIVE,
        label=label,
        span=reading.span,
        confidence=margin_confidence(abs(off - ASPECT_TOLERANCE), 0.0, ASPECT_TOLERANCE / 2),
        evidence=evidence,
        region=Region(box=box),
        attributes={"ratio": round(shape, 4)},
    )
