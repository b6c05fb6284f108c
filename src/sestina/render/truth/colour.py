"""True colour: cast, saturation and dominant colours of each shot, the clip's grade, and how colours move at edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from sestina.core import vocabulary
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.render.glimpses import Glimpse
from sestina.render.parts.edit import CUTS
from sestina.render.truth.bands import undecided
from sestina.render.truth.light import settled
from sestina.render.truth.made import Made, unit

F32 = npt.NDArray[np.float32]

FACETS = (
    "aes.color.temperature", "aes.color.tint", "aes.color.saturation", "aes.color.dominant", "aes.color.grade",
    "aes.color.continuity", "aes.color.continuity.histogram_emd",
)  # fmt: skip

MID_TONES = (20.0, 85.0)
"""L* of the mid-tones that a cast is taken from: shadows and highlights are clipped towards neutral."""
VISIBLE_L = 6.0
"""L* below which a pixel has no colour to speak of."""
MARGINS = {"a": 0.9, "b": 0.9, "chroma": 1.2, "chroma_p95": 1.0}
GREY_CHROMA, COLOURED_CHROMA = 8.0, 20.0
"""C* up to which a pixel is grey and from which it is fully coloured; in between it is both in part."""
HUES = {
    "red": 42.0, "orange": 76.0, "yellow": 112.0, "green": 165.0, "cyan": 230.0, "blue": 307.0, "purple": 330.0,
}  # fmt: skip
"""Upper end of each hue in CIE L*a*b*, degrees, from pink's end at 8: the sRGB primaries lie at 40, 136 and 306."""
PINK_END = 8.0
BROWN_L_MAX, PINK_L_MIN, BLACK_L_MAX, WHITE_L_MIN = 55.0, 60.0, 20.0, 82.0
"""Dark orange is brown, light red pink; neutral tones are black, grey or white."""
SHARE_MARGIN = 0.05
GRADES = {"sepia": "sepia", "bw": "noir_bw", "faded": "lifted_blacks", "crushed": "crushed_blacks"}
"""Grade of a look -> label whose definition it meets."""
HISTOGRAM_BINS = 32
DROWNED_MIN = 0.12
"""Share of pixels at the lowest level from which shadows are gone for sure."""


def units(made: Made) -> Iterator[Unit]:
    """Yield the colours of every shot, the grade of the clip, and the continuity of its edits."""
    for number in range(len(made.script.shots)):
        span = made.timeline.shot_span(number)
        yield from _coloured(made.glimpses.over(span), number, span)
    yield _grade(made)
    yield from _continuity(made)


def _coloured(seen: list[Glimpse], number: int, span: Span) -> Iterator[Unit]:
    rows = [numbers(one.lab) for one in seen]
    if not rows or np.median([row["visible"] for row in rows]) < 0.1:
        for facet in FACETS[:4]:
            yield undecided(facet, number, "shot", span, "the picture is black, or nearly")
        return
    values = {name: float(np.median([row[name] for row in rows])) for name in rows[0]}
    for facet, rule in (
        ("aes.color.temperature", _temperature), ("aes.color.tint", _tint), ("aes.color.saturation", _saturation),
    ):  # fmt: skip
        label = settled(rule, values, MARGINS)
        said = None if label is None else unit(facet, number, "shot", span, label=label)
        yield said or undecided(facet, number, "shot", span, "a number lies near a limit")
    yield from _dominant([one.lab for one in seen], number, span)


def numbers(lab: F32) -> dict[str, float]:
    """Return mean a* and b* of the mid-tones, mean and 95th percentile of C*, and the share of visible pixels."""
    pixels = lab.reshape(-1, 3)
    visible = pixels[pixels[:, 0] >= VISIBLE_L]
    if not len(visible):
        return {"a": 0.0, "b": 0.0, "chroma": 0.0, "chroma_p95": 0.0, "visible": 0.0}
    middle = visible[(visible[:, 0] >= MID_TONES[0]) & (visible[:, 0] <= MID_TONES[1])]
    cast = (middle if len(middle) >= 0.02 * len(visible) else visible).mean(axis=0)
    chroma = np.hypot(visible[:, 1], visible[:, 2])
    return {
        "a": float(cast[1]), "b": float(cast[2]), "chroma": float(chroma.mean()),
        "chroma_p95": float(np.percentile(chroma, 95)), "visible": len(visible) / len(pixels),
    }  # fmt: skip


def _temperature(v: Mapping[str, float]) -> str:
    cool, warm = (vocabulary.threshold("aes.color.temperature", name) for name in ("cool_b_max", "warm_b_min"))
    return "cool" if v["b"] <= cool else "warm" if v["b"] >= warm else "neutral"


def _tint(v: Mapping[str, float]) -> str:
    green, magenta = (vocabulary.threshold("aes.color.tint", name) for name in ("green_a_max", "magenta_a_min"))
    return "green" if v["a"] <= green else "magenta" if v["a"] >= magenta else "none"


def _saturation(v: Mapping[str, float]) -> str:
    names = ("muted_min_chroma", "normal_min_chroma", "vivid_min_chroma", "monochrome_p95_max")
    muted, normal, vivid, p95 = (vocabulary.threshold("aes.color.saturation", name) for name in names)
    if v["chroma"] < muted:
        return "monochrome" if v["chroma_p95"] < p95 else "muted"
    return "muted" if v["chroma"] < normal else "normal" if v["chroma"] < vivid else "vivid"


def _dominant(pictures: list[F32], number: int, span: Span) -> Iterator[Unit]:
    facet = "aes.color.dominant"
    shares = [name_shares(lab) for lab in pictures]
    limit = vocabulary.threshold(facet, "area_share_min")
    close = False
    for name in vocabulary.facet(facet).labels:
        share = float(np.median([row.get(name, 0.0) for row in shares]))
        close = close or abs(share - limit) < SHARE_MARGIN
        if share > limit + SHARE_MARGIN:
            yield unit(facet, f"{number}.{name}", "shot", span, label=name, attributes={"share": round(share, 4)})
    if close:
        yield undecided(facet, number, "shot", span, "a colour's share lies near the limit")


def name_shares(lab: F32) -> dict[str, float]:
    """Return the share of the pixels [h,w,3] that each named colour has; a pale pixel is grey in part."""
    light, a, b = lab.reshape(-1, 3).T
    hue, chroma = np.degrees(np.arctan2(b, a)) % 360, np.hypot(a, b)
    ends = np.array(list(HUES.values()))
    names = np.array([*HUES, "pink"])[np.searchsorted(ends, hue, side="right")].astype("U8")
    names[hue < PINK_END] = "pink"
    names[(names == "orange") & (light < BROWN_L_MAX)] = "brown"
    names[(names == "red") & (light >= PINK_L_MIN)] = "pink"
    names[light <= VISIBLE_L] = "black"
    tone = np.where(light <= BLACK_L_MAX, "black", np.where(light >= WHITE_L_MIN, "white", "grey"))
    part = np.clip((chroma - GREY_CHROMA) / (COLOURED_CHROMA - GREY_CHROMA), 0, 1)
    found: dict[str, float] = {}
    for labels, weights in ((names, part), (tone, 1 - part)):
        for name in np.unique(labels):
            found[str(name)] = found.get(str(name), 0.0) + float(weights[labels == name].sum() / len(light))
    return found


def _grade(made: Made) -> Unit:
    """Return the clip's grade where all its shots have one whose definition is met; else nothing is decided."""
    facet, span = "aes.color.grade", made.timeline.span
    looks = {shot.look.grade for shot in made.script.shots}
    label = GRADES.get(next(iter(looks))) if len(looks) == 1 and not made.script.overlays else None
    if label and (label != "crushed_blacks" or _drowned(made) > DROWNED_MIN):
        return unit(facet, 0, "video", span, label=label)
    return undecided(facet, 0, "video", span, "no grade whose definition is surely met all through")


def _drowned(made: Made) -> float:
    """Return the median share of pixels at the lowest level."""
    return float(np.median([(one.luma <= 0.02).mean() for one in made.glimpses.over(made.timeline.span)]))


def _continuity(made: Made) -> Iterator[Unit]:
    """Yield how far the mean colour and the histogram of lightness move at each edit that has both sides."""
    timeline = made.timeline
    spans = {mix.new: timeline.boundary_span(mix) for mix in timeline.mixes}
    for number, shot in enumerate(made.script.shots):
        if not number:
            continue
        cut = Span.at(timeline.shot_span(number).start_s)
        span = cut if shot.begin.kind in CUTS else spans[number]
        whole = Span.of(timeline.shot_span(number - 1).start_s, timeline.shot_span(number).end_s)
        before = made.glimpses.over(Span.of(whole.start_s, max(whole.start_s, span.start_s)))
        after = made.glimpses.over(Span.of(min(span.end_s, whole.end_s), whole.end_s))
        if not before or not after:
            continue
        old, new = before[-1].lab.reshape(-1, 3), after[0].lab.reshape(-1, 3)
        change = float(np.linalg.norm(old.mean(axis=0) - new.mean(axis=0)))
        yield unit("aes.color.continuity", number, "boundary", span, value=round(change, 3), unit="dE")
        moved = histogram_emd(old[:, 0], new[:, 0])
        name = "aes.color.continuity.histogram_emd"
        yield unit(name, number, "boundary", span, value=round(moved, 4), unit="share")


def histogram_emd(old: F32, new: F32) -> float:
    """Return the earth mover's distance of two histograms of L*, 0 alike to 1 black against white (Werman, 1985)."""
    counts = [np.histogram(light, HISTOGRAM_BINS, (0, 100))[0] / len(light) for light in (old, new)]
    return float(np.abs(np.cumsum(counts[0] - counts[1])).sum() / (HISTOGRAM_BINS - 1))
