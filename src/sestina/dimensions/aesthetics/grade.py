"""Grade over the whole video, and how far colour jumps at each edit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track
from sestina.dimensions._bands import Limit, all_of, ruled

GRADE = "aes.color.grade"
LUMA_SCALE = 0.02
CRUSHED_SHARE_MIN = 0.12
"""Share of pixels at the lowest level from which shadows are crushed."""
CRUSHED_RANGE_MIN = 0.5
"""A crushed picture still has highlights; a night scene without them is merely dark."""
SEPIA_CHROMA = (6.0, 35.0)
SEPIA_HUE = (50.0, 95.0)
"""Hue of brown toning in CIE Lab, degrees: (112, 66, 20), the pigment, lies at 68."""
SEPIA_SHARE_MIN = 0.9
TEAL_ORANGE_SHARE_MIN = 0.25
TEAL_ORANGE_CONFIDENCE = 0.6
"""A scene may be teal and orange by itself; a rule on two hues cannot tell."""
SIDE_S = 0.3
"""Seconds on each side of an edit whose nearest sample is compared."""
HISTOGRAM_BINS = 32


@parsers.register(
    "aesthetics.grade",
    facets=(GRADE, "aes.color.continuity", "aes.color.continuity.histogram_emd"),
    signals=("colour", "luma"),
    after=("edit.shot", "edit.transition"),
    derives=("colour.brown_share", "colour.delta_e", "colour.histogram_emd"),
    card=Card(
        summary="Grade of the video (lifted or crushed blacks, black and white, sepia) and colour jumps at edits.",
        source="colour difference: CIE76; histograms: earth mover's distance in one dimension (Werman et al. 1985)",
    ),
)
class Grade:
    """Parser `aesthetics.grade`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the derived tracks, the grades of the whole video, and the colour continuity of every edit."""
        if not reading.shots:
            return
        tiny = reading.track("colour.tiny")
        share = np.array([brown_share(np.asarray(lab, np.float64).reshape(-1, 3)) for lab in tiny.values])
        yield Track(name="colour.brown_share", unit="share", times_s=tiny.times_s, values=share, kind="sampled")
        yield from grades(reading)
        yield from continuity(reading)


def grades(reading: Reading) -> Iterator[Unit]:
    """Yield every grade that the numbers show, or one abstention."""
    found = [
        ruled(reading, GRADE, label, reading.span, truth, limits, at_most=at_most)
        for label, (limits, at_most) in _rules(reading).items()
        if (truth := all_of(limits, reading, reading.span)) >= 0.5
    ]
    known = [unit for unit in found if unit.status != "abstain"]
    yield from known
    if not known:
        reason = "no measurable grade; looks without a numeric rule need a viewer"
        yield reading.abstain(GRADE, span=reading.span, reason=reason)


def _rules(reading: Reading) -> dict[str, tuple[list[Limit], float]]:
    """Return each grade's conditions over the whole video, and the most confidence its rule deserves."""
    lit = Limit(signal="luma.p99", op=">=", threshold=0.3, scale=0.1)
    lifted = Limit(
        signal="luma.p01", op=">", threshold=reading.threshold(GRADE, "lifted_p1_min"), scale=LUMA_SCALE, reduce="p25"
    )
    toned = [
        Limit(signal="colour.chroma", op=">=", threshold=SEPIA_CHROMA[0], scale=3.0),
        Limit(signal="colour.chroma", op="<=", threshold=SEPIA_CHROMA[1], scale=6.0),
        Limit(signal="colour.brown_share", op=">=", threshold=SEPIA_SHARE_MIN, scale=0.05, reduce="p25"),
    ]
    grey = [
        Limit(signal="colour.chroma", op="<", threshold=4.0, scale=1.5, reduce="p90"),
        Limit(signal="colour.chroma_p95", op="<", threshold=8.0, scale=2.0, reduce="p90"),
    ]
    crushed = [
        Limit(signal="luma.clipped_low", op=">", threshold=CRUSHED_SHARE_MIN, scale=0.06),
        Limit(signal="luma.range", op=">", threshold=CRUSHED_RANGE_MIN, scale=0.1),
    ]
    split = Limit(signal="colour.split_tone", op=">=", threshold=TEAL_ORANGE_SHARE_MIN, scale=0.1)
    return {
        "lifted_blacks": ([lifted, lit], 1.0),
        "crushed_blacks": (crushed, 0.9),
        "noir_bw": ([*grey, lit], 1.0),
        "sepia": (toned, 0.95),
        "teal_orange": ([split], TEAL_ORANGE_CONFIDENCE),
    }


def brown_share(pixels: F64) -> float:
    """Return the share of the coloured Lab pixels [N,3] whose hue is that of brown toning; 0 when few are coloured."""
    chroma = np.hypot(pixels[:, 1], pixels[:, 2])
    tinted = pixels[chroma >= 4.0]
    if len(tinted) < 0.5 * len(pixels):
        return 0.0
    hue = np.degrees(np.arctan2(tinted[:, 2], tinted[:, 1])) % 360
    return float(((hue >= SEPIA_HUE[0]) & (hue <= SEPIA_HUE[1])).mean())


def continuity(reading: Reading) -> Iterator[Unit | Track]:
    """Yield how far mean colour and histogram move at each edit, in the tracks the units cite."""
    pairs = [(edit, *sides(reading, edit.span)) for edit in reading.boundaries]
    known = [(edit, before, after) for edit, before, after in pairs if before is not None and after is not None]
    times = np.array([edit.span.start_s for edit, _, _ in known])
    measures = {"delta_e": delta_e, "histogram_emd": histogram_emd}
    units = {"delta_e": "dE", "histogram_emd": "share"}
    facets = {"delta_e": "aes.color.continuity", "histogram_emd": "aes.color.continuity.histogram_emd"}
    for name, measure in measures.items():
        values = np.array([measure(before, after) for _, before, after in known])
        yield Track(name=f"colour.{name}", unit=units[name], times_s=times, values=values, kind="event")
        for (edit, _, _), value in zip(known, values, strict=True):
            at = Span.at(edit.span.start_s)
            evidence = [reading.measured(f"colour.{name}", at, "first"), *reading.cite(edit)]
            yield reading.unit(facets[name], span=edit.span, value=float(value), evidence=evidence)


def sides(reading: Reading, edit: Span) -> tuple[F64 | None, F64 | None]:
    """Return the Lab pixels [N,3] of the samples nearest to both sides of an edit; None where there is none near.

    Samples beyond a neighbouring edit show another shot and do not count.
    """
    track = reading.track("colour.tiny")
    edges = [reading.span.start_s, *(t for shot in pairwise(reading.shots) for t in (shot[1].span.start_s,))]
    inner = [t for t in edges if t < edit.start_s - 1e-6]
    outer = [t for t in (*edges, reading.span.end_s) if t > edit.end_s + 1e-6]
    before = Span.of(max(edit.start_s - SIDE_S, max(inner, default=0.0)), max(edit.start_s, max(inner, default=0.0)))
    after = Span.of(edit.end_s, min(edit.end_s + SIDE_S, min(outer, default=edit.end_s)))
    old, new = track.over(before), track.over(after)
    return (_pixels(old[-1]) if len(old) else None), (_pixels(new[0]) if len(new) else None)


def _pixels(lab: npt.NDArray[np.floating]) -> F64:
    return np.asarray(lab, np.float64).reshape(-1, 3)


def delta_e(before: F64, after: F64) -> float:
    """Return the CIE76 difference of the mean colours of two sets of Lab pixels [N,3]."""
    return float(np.linalg.norm(before.mean(axis=0) - after.mean(axis=0)))


def histogram_emd(before: F64, after: F64) -> float:
    """Return the earth mover's distance of two L* histograms as a share of the largest possible, 0..1."""
    counts = [
        np.histogram(pixels[:, 0], bins=HISTOGRAM_BINS, range=(0, 100))[0] / len(pixels) for pixels in (before, after)
    ]
    return float(np.abs(np.cumsum(counts[0] - counts[1])).sum() / (HISTOGRAM_BINS - 1))
