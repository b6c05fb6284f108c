"""Effects inside a shot that plain photometry and geometry give away: flashes of light, and mirrored pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit
from sestina.dimensions._hearing import runs
from sestina.dimensions.editing._cases import Case, stated

F64 = npt.NDArray[np.float64]
FACET = "edit.effect"

FLASH_MOST_FRAMES = 6
"""Frames a flash lasts at most, as in `edit.transition`."""
FLASH_RISE = 0.12
"""Rise of the mean luma above both sides that is a flash; lamps of other cameras in a scene stay below 0.05."""
RETURN_MOST = 0.04
"""How far the mean luma may lie apart before and after, else it is a change of light."""
CUT_FRAMES = 2
"""Frames around a boundary that are left to the transition."""
MIRROR_MATCH, MIRROR_DETAIL = 0.97, 0.97
"""Correlations of the picture with its mirror image, whole and with the rows' means taken out, for every sample of the
shot. The most symmetric photographs reach 0.9 in detail; two halves that mirror each other exactly, 0.99."""
MIRROR_EDGES, MIRROR_CHANGE = 0.02, 0.5
"""A mirrored picture has something in it (share of edge pixels) and moves (grey levels a frame): a title or a logo is
symmetric too."""


@parsers.register(
    "editing.effect",
    card=Card(
        summary="Flashes of light inside a shot, and shots whose halves mirror each other while they move.",
        source="own",
        status="trial",
        deviations="Zooms made after the shot look like those of a lens, so `digital_zoom` is not told.",
    ),
    facets=(FACET,),
    optional=("luma", "saliency", "difference"),
    after=("edit.shot", "edit.transition"),
    derives=("effects.flash",),
)
class Effect:
    """Yields flashes as events and mirrored shots; other effects take a viewer."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the flash track and the effects found."""
        if "luma.mean" in reading.tracks:
            yield flash_track(reading)
            yield from (unit for unit in _flashes(reading) if unit is not None)
        yield from (unit for unit in _mirrors(reading) if unit is not None)


def flash_track(reading: Reading) -> Track:
    """Return `effects.flash`: by how much each frame's mean luma exceeds that of both sides, as a share of white.

    It is 0 outside of flashes, which last at most `FLASH_MOST_FRAMES` frames and return to where they began, and next
    to boundaries.
    """
    luma = reading.track("luma.mean")
    values = np.zeros(len(luma))
    for shot in reading.shots:
        part = luma.slice(shot.span)
        first, last = (CUT_FRAMES, -CUT_FRAMES)
        values[part][first:last] = rises(np.asarray(luma.values[part], np.float64))[first:last]
    return Track(name="effects.flash", unit="", times_s=luma.times_s, values=values)


def rises(luma: F64) -> F64:
    """Return for each frame of mean luma [N] its rise above the nearest calm frames on both sides that agree, [N].

    For every width up to `FLASH_MOST_FRAMES` the frames just outside are compared; those further apart than
    `RETURN_MOST` bound no flash.
    """
    found = np.zeros(len(luma))
    for width in range(1, FLASH_MOST_FRAMES + 1):
        before, after = luma[: -width - 1], luma[width + 1 :]
        returns = np.abs(before - after) <= RETURN_MOST
        base = np.maximum(before, after)
        for place in range(1, width + 1):
            inside = luma[place : place + len(base)]
            rise = np.where(returns, inside - base, 0.0)
            found[place : place + len(base)] = np.maximum(found[place : place + len(base)], rise)
    return found


def _flashes(reading: Reading) -> Iterator[Unit | None]:
    track = reading.track("effects.flash")
    frames = reading.frames
    for first, after in runs(np.asarray(track.values >= FLASH_RISE / 2)):
        end_s = float(track.times_s[after]) if after < len(track) else reading.span.end_s
        span = Span.of(float(track.times_s[first]), end_s)
        rise = Limit(signal="effects.flash", op=">=", threshold=FLASH_RISE, scale=0.08, reduce="max")
        peak = first + int(np.argmax(track.values[first:after]))
        pair = reading.frame_pair(frames.time_s(max(0, first - 1)), frames.time_s(peak))
        yield stated(reading, FACET, "colour_flash", span, [Case(rise, span)], at_most=0.8, also=[pair])


def _mirrors(reading: Reading) -> Iterator[Unit | None]:
    for shot in reading.shots:
        limits = (
            Limit(signal="saliency.symmetry_v", op=">=", threshold=MIRROR_MATCH, scale=0.01, reduce="p05"),
            Limit(signal="saliency.detail_symmetry_v", op=">=", threshold=MIRROR_DETAIL, scale=0.01, reduce="p05"),
            Limit(signal="saliency.edges", op=">=", threshold=MIRROR_EDGES, scale=0.02),
            Limit(signal="difference.luma", op=">=", threshold=MIRROR_CHANGE, scale=0.5),
        )
        cases = [Case(limit, shot.span) for limit in limits]
        yield stated(reading, FACET, "mirror", shot.span, cases, at_most=0.7, also=[reading.frame(shot.span.start_s)])
