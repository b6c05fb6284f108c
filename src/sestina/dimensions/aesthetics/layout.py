"""Layout: whether the screen shows one picture, several beside each other, one inside another, or a still one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED, margin_confidence
from sestina.core.evidence import Box, Evidence, Region
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track
from sestina.dimensions._bands import TOO_NEAR, Limit, all_of, middle_s, ruled

LAYOUT, MEDIUM = "aes.layout", "aes.medium"
COVERED_MIN = 0.88
"""Share of the picture's height (or width) along which a line must run to be a seam; forty clips without seams have at
most 0.77 apart from the edges of their bars and of windows on filmed screens."""
RIM = 0.16
"""Share of the side at each end in which a line is a border: a part of a split screen takes a sixth at least."""
BAR_MIN, BAR_NEAR = 0.018, 0.025
SAMPLES_MIN = 4
"""Samples a shot must have before its layout can be told."""
MOVES_LEVELS = 0.6
"""Mean change in grey levels between samples from which a part of the picture moves."""
TOGETHER_MAX = 0.75
"""Correlation of the changes on both sides of a seam up to which they are two pictures and not one."""
SPLIT_AT_MOST, FULL_AT_MOST, INSET_AT_MOST = 0.85, 0.85, 0.7
"""A door frame before a fixed camera may be a perfect seam; layouts without seams (green screen) need a viewer."""
BRIEF_AT_MOST = 0.7
GRID_UNPROVEN = 0.6
"""Confidence in a grid of which only one part moves: several perfect seams in a moving picture are no accident."""
STILL_REPEATS_MIN, STILL_REPEATS_SCALE = 0.9, 0.05
"""Share of frames that repeat the one before in a still picture; a codec redraws some at its key frames."""
DRAWN_FLAT_MIN, DRAWN_FLAT_SCALE = 0.8, 0.04
"""Share of neighbours with one colour in a drawn picture or a user interface; photographs have up to 0.75."""
DRAWN_AXIS_MIN = 0.3
SCREEN_CHANGE_MAX = 0.6
SCREEN_CONFIDENCE = 0.6


@dataclass(frozen=True)
class Seam:
    """One lasting line: its axis (x: upright), its place, a share of the width or height, and half its width."""

    axis: str
    place: float
    reach: float


@parsers.register(
    "aesthetics.layout",
    facets=(LAYOUT, MEDIUM),
    signals=("seams", "difference"),
    optional=("borders",),
    after=("edit.shot",),
    derives=("layout.seam", "layout.together", "layout.repeat", "layout.inset"),
    card=Card(
        summary="Full frame, split screens and grids by lasting seams, picture in picture, still pictures, screens.",
        source="own",
        deviations="Parts must move differently to count as two pictures.",
    ),
)
class Layout:
    """Parser `aesthetics.layout`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the derived tracks, then layout and medium of each shot."""
        spans = [shot.span for shot in reading.shots]
        found = [lasting_seams(reading, span) for span in spans]
        times = reading.track("seams.x").times_s
        present = np.full(len(times), np.nan)
        inset = np.asarray(~np.isnan(reading.track("seams.inset_left").values), np.float64)
        for span, seams in zip(spans, found, strict=True):
            inside = reading.track("seams.x").slice(span)
            present[inside] = seam_present(reading, span, seams)
        together = np.array([most_together(reading, s, seams) for s, seams in zip(spans, found, strict=True)])
        change = reading.track("difference.luma")
        repeat = (np.asarray(change.values) <= 0).astype(np.float64)
        starts = np.array([span.start_s for span in spans])
        yield Track(name="layout.seam", unit="", times_s=times, values=present, kind="sampled")
        yield Track(name="layout.inset", unit="", times_s=times, values=inset, kind="sampled")
        yield Track(name="layout.together", unit="", times_s=starts, values=together, kind="event")
        yield Track(name="layout.repeat", unit="", times_s=change.times_s, values=repeat, kind="frame")
        for span, seams in zip(spans, found, strict=True):
            yield layout(reading, span, seams)
            yield from medium(reading, span)


def lasting_seams(reading: Reading, span: Span) -> list[Seam]:
    """Return the lines that reach across the picture in enough samples of `span`, away from its rim and its bars."""
    share = reading.threshold(LAYOUT, "seam_frames_share_min")
    seams = []
    for axis, name in (("x", "columns"), ("y", "rows")):
        covered = np.asarray(reading.track(f"seams.{name}").over(span), np.float64)
        if len(covered) < SAMPLES_MIN:
            return []
        lasting = (_widened(covered) >= COVERED_MIN).mean(axis=0) >= share
        places = (np.arange(covered.shape[1]) + 0.5) / covered.shape[1]
        bars = bar_edges(reading, axis, span)
        free = [i for i in np.flatnonzero(lasting) if RIM <= places[i] <= 1 - RIM]
        clear = [i for i in free if all(abs(places[i] - bar) > BAR_NEAR for bar in bars)]
        step = 1.5 / covered.shape[1]
        seams += [Seam(axis, (a + b) / 2, (b - a) / 2 + step) for a, b in _grouped([float(places[i]) for i in clear])]
    return seams


def _widened(covered: F64) -> F64:
    """Return coverage [N,P] with each place taking the largest of itself and its neighbours."""
    padded = np.pad(covered, ((0, 0), (1, 1)))
    return np.maximum(np.maximum(padded[:, :-2], padded[:, 2:]), covered)


def _grouped(places: Sequence[float]) -> list[tuple[float, float]]:
    """Return the first and last of each run of places that lie next to each other."""
    groups: list[list[float]] = []
    for place in places:
        if groups and place - groups[-1][-1] < 0.03:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [(group[0], group[-1]) for group in groups]


def bar_edges(reading: Reading, axis: str, span: Span) -> list[float]:
    """Return where bars end along an axis in `span`, shares of the side."""
    sides = ("left", "right") if axis == "x" else ("top", "bottom")
    edges = []
    for side in sides:
        if f"borders.{side}" in reading.tracks:
            width = reading.value(f"borders.{side}", "median", span)
            if not math.isnan(width) and width >= BAR_MIN:
                edges.append(width if side in ("left", "top") else 1 - width)
    return edges


def seam_present(reading: Reading, span: Span, seams: Sequence[Seam]) -> F64:
    """Return the share of seams that each sample of `span` shows, 0..1; 0 without seams."""
    count = len(reading.track("seams.x").over(span))
    if not seams:
        return np.zeros(count)
    flags = []
    for seam in seams:
        covered = np.asarray(
            reading.track("seams.columns" if seam.axis == "x" else "seams.rows").over(span), np.float64
        )
        near = np.abs((np.arange(covered.shape[1]) + 0.5) / covered.shape[1] - seam.place) <= seam.reach
        flags.append(covered[:, near].max(axis=1) >= COVERED_MIN)
    return np.asarray(np.mean(flags, axis=0), np.float64)


def most_together(reading: Reading, span: Span, seams: Sequence[Seam]) -> float:
    """Return the largest correlation of change on both sides of a seam; NaN without one both of whose sides move.

    A side at rest may be a second picture, and as well a bar, a panel of text or a wall.
    """
    found = []
    for seam in seams:
        strips = np.asarray(reading.track(f"seams.motion_{seam.axis}").over(span)[1:], np.float64)
        edge = min(max(round(seam.place * strips.shape[1]), 1), strips.shape[1] - 1) if len(strips) else 1
        one, other = (part.mean(axis=1) for part in (strips[:, :edge], strips[:, edge:])) if len(strips) else ((), ())
        found.append(correlation(np.asarray(one), np.asarray(other)))
    known = [value for value in found if not math.isnan(value)]
    return max(known) if known else float("nan")


def correlation(one: npt.NDArray[np.floating], other: npt.NDArray[np.floating]) -> float:
    """Return how two runs of change [N] go together; NaN when one rests or there are too few; 0 for steady change."""
    if len(one) < SAMPLES_MIN - 1 or min(one.mean(), other.mean()) < MOVES_LEVELS:
        return float("nan")
    if min(one.std(), other.std()) < 1e-3:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def layout(reading: Reading, span: Span, seams: Sequence[Seam]) -> Unit:
    """Return the layout of one shot."""
    if len(reading.track("seams.x").over(span)) < SAMPLES_MIN:
        return brief(reading, span)
    still = still_limits()
    if all_of(still, reading, span) > UNDECIDED:
        return ruled(reading, LAYOUT, "slideshow_photo", span, all_of(still, reading, span), still)
    if all_of(screen_limits(), reading, span) > UNDECIDED:
        return screen(reading, span, LAYOUT, "screen_recording")
    if seams:
        return split(reading, span, seams)
    inset = inset_limits()
    if all_of(inset, reading, span) > UNDECIDED:
        return picture_in_picture(reading, span, inset)
    whole = [Limit(signal="layout.seam", op="<", threshold=0.8, scale=0.3, reduce="mean")]
    return ruled(reading, LAYOUT, "full_frame", span, whole[0].truth(reading, span), whole, at_most=FULL_AT_MOST)


def brief(reading: Reading, span: Span) -> Unit:
    """Return the layout of a shot too short for a seam to last: a full frame where no line crosses the picture."""
    none = [
        Limit(signal=f"seams.{axis}", op="<", threshold=COVERED_MIN, scale=0.1, reduce="max") for axis in ("x", "y")
    ]
    truth = all_of(none, reading, span)
    if math.isnan(truth) or truth < UNDECIDED:
        return reading.abstain(LAYOUT, span=span, reason="the shot is too short to tell a seam from an edge")
    return ruled(reading, LAYOUT, "full_frame", span, truth, none, at_most=BRIEF_AT_MOST)


def split(reading: Reading, span: Span, seams: Sequence[Seam]) -> Unit:
    """Return the split screen that `seams` make, if the parts move differently."""
    share, at = reading.threshold(LAYOUT, "seam_frames_share_min"), Span.at(span.start_s)
    evidence: list[Evidence] = [reading.metric("layout.seam", ">=", 0.5, span, "mean")]
    together = reading.value("layout.together", "first", at)
    if math.isnan(together) and len(seams) > 1 and reading.value("seams.change", "median", span) >= MOVES_LEVELS:
        evidence.append(reading.metric("seams.change", ">=", MOVES_LEVELS, span, "median"))
        return parts(reading, span, seams, GRID_UNPROVEN, evidence)
    if math.isnan(together):
        reason = "a seam divides the picture, but not both of its sides move"
        return reading.abstain(LAYOUT, span=span, reason=reason, evidence=evidence)
    sure = margin_confidence(together, TOGETHER_MAX, 0.2, above=False)
    evidence.append(reading.measured("layout.together", at, "first"))
    if sure < UNDECIDED:
        reason = TOO_NEAR if sure > 0.45 else "a seam divides the picture, but both sides move as one"
        return reading.abstain(LAYOUT, span=span, reason=reason, evidence=evidence)
    lasting = reading.value("layout.seam", "mean", span)
    sure = min(SPLIT_AT_MOST, sure, 0.5 + 0.5 * lasting / max(share, 1e-6))
    return parts(reading, span, seams, sure, evidence)


def parts(reading: Reading, span: Span, seams: Sequence[Seam], sure: float, evidence: Sequence[Evidence]) -> Unit:
    """Return the unit that names the parts which `seams` divide the picture into."""
    upright, level = [s for s in seams if s.axis == "x"], [s for s in seams if s.axis == "y"]
    label = "split_n_grid"
    if len(seams) == 1:
        label = "split_2_h" if upright else "split_2_v"
    return reading.unit(
        LAYOUT,
        label=label,
        span=span,
        confidence=sure,
        evidence=[*evidence, reading.frame(middle_s(reading, span))],
        attributes={
            "upright": [round(seam.place, 3) for seam in upright],
            "level": [round(seam.place, 3) for seam in level],
        },
    )


def still_limits() -> list[Limit]:
    """Return what a still photograph shows: frames that repeat, and few flat areas."""
    return [
        Limit(
            signal="layout.repeat",
            op=">=",
            threshold=STILL_REPEATS_MIN,
            scale=STILL_REPEATS_SCALE,
            reduce="mean",
        ),
        Limit(signal="seams.flat", op="<", threshold=DRAWN_FLAT_MIN, scale=DRAWN_FLAT_SCALE),
    ]


def screen_limits() -> list[Limit]:
    """Return what a user interface shows: flat areas, edges along the axes, and hardly any change."""
    return [
        Limit(signal="seams.flat", op=">=", threshold=DRAWN_FLAT_MIN, scale=DRAWN_FLAT_SCALE),
        Limit(signal="seams.axis_edges", op=">=", threshold=DRAWN_AXIS_MIN, scale=0.05),
        Limit(signal="seams.change", op="<=", threshold=SCREEN_CHANGE_MAX, scale=0.3),
        Limit(signal="seams.x", op=">=", threshold=0.25, scale=0.1),
        Limit(signal="seams.y", op=">=", threshold=0.4, scale=0.1),
    ]


def screen(reading: Reading, span: Span, facet: str, label: str) -> Unit:
    """Return the unit that takes the picture for a recorded screen; a viewer would have to confirm it."""
    limits = screen_limits()
    unit = ruled(reading, facet, label, span, all_of(limits, reading, span), limits, at_most=SCREEN_CONFIDENCE)
    return unit.model_copy(update={"status": "inferred"}) if unit.status == "observed" else unit


def inset_limits() -> list[Limit]:
    """Return what a picture in a picture shows: a lasting rectangle, with movement inside and outside it."""
    return [
        Limit(signal="layout.inset", op=">=", threshold=0.5, scale=0.15, reduce="mean"),
        Limit(signal="seams.inset_inside", op=">=", threshold=MOVES_LEVELS, scale=1.0),
        Limit(signal="seams.inset_outside", op=">=", threshold=MOVES_LEVELS, scale=1.0),
        Limit(signal="seams.inset_left", op="<=", threshold=0.02, scale=0.01, reduce="std"),
        Limit(signal="seams.inset_width", op="<=", threshold=0.02, scale=0.01, reduce="std"),
    ]


def picture_in_picture(reading: Reading, span: Span, limits: list[Limit]) -> Unit:
    """Return the unit of a picture in a picture, its region the inner one."""
    unit = ruled(
        reading, LAYOUT, "picture_in_picture", span, all_of(limits, reading, span), limits, at_most=INSET_AT_MOST
    )
    sides = (reading.value(f"seams.inset_{side}", "median", span) for side in ("left", "top", "width", "height"))
    return unit.model_copy(update={"region": Region(box=Box.of(*sides))})


def medium(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield the medium where numbers tell it: a still photograph, or (likely) a recorded screen."""
    if len(reading.track("seams.x").over(span)) < SAMPLES_MIN:
        return
    still = all_of(still_limits(), reading, span)
    if still > UNDECIDED:
        yield ruled(reading, MEDIUM, "still_photo", span, still, still_limits())
    elif all_of(screen_limits(), reading, span) > UNDECIDED:
        yield screen(reading, span, MEDIUM, "screen_capture")
