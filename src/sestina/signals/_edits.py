"""Tracks of edits: where cuts are, where gradual transitions are, and how well each kind of them fits."""

from __future__ import annotations

import numpy as np

from sestina.core.frames import U8
from sestina.core.track import F64, Track
from sestina.signals._gradual import ABRUPT, Gradual, abruptness, gradual

DIPS = ("dip_to_black", "dip_to_white", "dip_to_colour")
FITS = (
    "cross_dissolve", "fade_in", "fade_out", *DIPS, "linear_wipe", "iris", "clock", "barn_door", "push", "slide",
    "cover",
)  # fmt: skip
"""Kinds of gradual transition; a track of each says how much of the frames it explains, 0 outside transitions."""
EDITS = ("cut", "abrupt", "progress", "ground", "gradual")
"""Tracks of cuts, and of the course of gradual transitions."""
SURE = 0.5
"""Cut score from which a frame may begin a shot."""
BLACK, WHITE = 40.0, 215.0
"""Grey levels of a plain picture up to which it is black, from which white."""
COLOURED = 16.0
"""Mean distance of chroma from neutral from which a plain picture is coloured."""


def edits(times: F64, luma: U8, chroma: U8, scores: F64, tall: float) -> list[Track]:
    """Return the tracks `difference.` + `EDITS` and `FITS`.

    Args:
        times: seconds, [N].
        luma: small pictures, uint8 [N,h,w].
        chroma: both of their chroma planes in a row, uint8 [N,C].
        scores: cut score of every frame, [N].
        tall: height of the real picture over its width.
    """
    rate = (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 25.0
    abrupt = abruptness(luma, np.flatnonzero(scores >= SURE), rate)
    scores = np.where(abrupt < ABRUPT, scores / 2, scores)
    cuts = [int(k) for k in np.flatnonzero(scores >= SURE)]
    found = gradual(luma, rate, cuts, tall) if len(times) > 1 else []
    frames = {name: np.zeros(len(times)) for name in FITS}
    progress, ground = np.full(len(times), np.nan), np.full(len(times), np.nan)
    for item in found:
        span = slice(item.first, item.clean)
        for kind, fit in named_fits(item, chroma).items():
            frames[kind][span] = max(0.0, fit)
        progress[span] = item.course
        ground[span] = np.nan if item.plainest is None else luma[item.plainest].mean() / 255
    tracks = {"cut": (scores, ""), "abrupt": (abrupt, "share"), **{k: (v, "share") for k, v in frames.items()}}
    tracks |= {"progress": (progress, "share"), "ground": (ground, "share")}
    out = [Track(name=f"difference.{k}", unit=unit, times_s=times, values=v) for k, (v, unit) in tracks.items()]
    return [*out, _events(times, found, 1 / rate)]


def _events(times: F64, found: list[Gradual], step_s: float) -> Track:
    """Return the event track of gradual transitions: when each begins, and how long its mixed frames last."""
    ends = np.append(times, times[-1] + step_s if len(times) else 0.0)
    starts = np.array([times[item.first] for item in found])
    lengths = np.array([ends[item.clean] - times[item.first] for item in found])
    return Track(name="difference.gradual", unit="s", times_s=starts, values=lengths, kind="event")


def named_fits(item: Gradual, chroma: U8) -> dict[str, float]:
    """Return the fits of one transition by the names of `FITS`: which dip or fade it is depends on what it shows."""
    fits = dict(item.fits)
    if "dip" in fits and item.plainest is not None and item.ground is not None:
        away = float(np.abs(chroma[item.plainest].astype(np.int16) - 128).mean())
        plain = "black" if item.ground <= BLACK else "white" if item.ground >= WHITE else "colour"
        fits["dip_to_colour" if away > COLOURED and plain != "black" else f"dip_to_{plain}"] = fits.pop("dip")
    fits.pop("dip", None)
    if any(item.plain):
        fits["fade_out" if item.plain[1] else "fade_in"] = fits.pop("cross_dissolve")
    return fits
