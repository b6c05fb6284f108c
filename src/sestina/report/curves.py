"""Tracks as a browser can read them: values in 16 bits, times as briefly as they can be said, both in base64."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from sestina.core.evidence import MetricEvidence
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.core.track import Track

F64 = npt.NDArray[np.float64]

MOST_VALUES = 6000
"""A longer track is drawn by the least and greatest value of each bin."""
HOLE = -32768
"""Stands for a value that could not be measured."""
STEPS = 65534
"""Steps between a track's least and greatest value; -32767..32767 fit an int16 beside the hole."""
CUT_RATE_WINDOW_S = 5.0
CUT_RATE_HZ = 4.0

SHOWN = (
    ("Tension", "narrative", ("tension.curve",)),
    ("Loudness", "aesthetics", ("loudness.short_term", "loudness.momentary", "loudness.rms")),
    ("Motion", "camera", ("motion.speed", "motion.residual", "difference.plain")),
    ("Luma", "aesthetics", ("luma.mean",)),
    ("Cut rate", "editing", ("cut_rate",)),
)
"""The curves under the lanes: name, dimension, and the tracks that can carry it, best first."""


def load_tracks(board: Storyboard, side: Path | None) -> dict[str, Track] | None:
    """Return the tracks of the side file that `board` names in folder `side`; None when there is no such file."""
    name = board.signals.file
    if name is None or side is None or "/" in name or "\\" in name or not (side / name).is_file():
        return None
    infos = {info.name: info for info in board.signals.tracks}
    found: dict[str, Track] = {}
    try:
        with (side / name).open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            for key in arrays.files:
                stem = key.removesuffix(".values")
                if stem == key or stem not in infos or f"{stem}.times_s" not in arrays:
                    continue
                info = infos[stem]
                found[stem] = Track(
                    name=stem, unit=info.unit, kind=info.kind, times_s=arrays[f"{stem}.times_s"], values=arrays[key]
                )
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error):
        return None
    return found


def real_cuts(board: Storyboard) -> list[Unit]:
    """Return the edits between two shots; where the medium starts and ends is none."""
    return [cut for cut in board.boundaries if cut.status != "abstain" and cut.label not in ("start", "end", "none")]


def cut_rate(board: Storyboard) -> Track:
    """Return cuts in ten seconds around every quarter second, read off the boundaries."""
    span = board.media.span
    times = np.arange(span.start_s, span.end_s, 1 / CUT_RATE_HZ)
    cuts = np.array([cut.span.middle_s for cut in real_cuts(board)])
    half = CUT_RATE_WINDOW_S / 2
    near = np.abs(times[:, None] - cuts[None, :]) <= half if len(cuts) else np.zeros((len(times), 0), bool)
    seen = np.minimum(times + half, span.end_s) - np.maximum(times - half, span.start_s)
    values = near.sum(axis=1) * 10 / np.maximum(seen, 1e-6)
    return Track(name="cut_rate", unit="cuts/10s", kind="sampled", times_s=np.round(times, 6), values=values)


def cited(board: Storyboard) -> set[str]:
    """Return the names of all tracks that evidence cites."""
    return {item.signal for unit in board.items for item in unit.evidence if isinstance(item, MetricEvidence)}


def shown_curves(tracks: Mapping[str, Track]) -> list[dict[str, str]]:
    """Return the curves that can be drawn: name, dimension, track."""
    rows = []
    for name, dimension, choices in SHOWN:
        usable = [choice for choice in choices if choice in tracks and is_drawable(tracks[choice])]
        if usable:
            rows.append({"name": name, "dimension": dimension, "track": usable[0]})
    return rows


def is_drawable(track: Track) -> bool:
    """Return whether the track is a row of plain numbers with at least one that could be measured."""
    return track.values.ndim == 1 and bool(np.isfinite(track.values.astype(np.float64)).any())


def pack_track(track: Track, span: Span) -> dict[str, Any]:
    """Return a track as JSON values.

    `lo` and `hi` are its least and greatest value; `v` little-endian int16 in base64, -32767 at `lo`, 32767 at `hi`,
    -32768 where not measured. `t` is either `[first_s, step_s]` or base64 of float32 seconds since `span` starts.
    """
    times, values = thinned(np.asarray(track.times_s, np.float64), np.asarray(track.values, np.float64))
    good = np.isfinite(values)
    lo, hi = float(values[good].min()), float(values[good].max())
    scale = STEPS / (hi - lo) if hi > lo else 0.0
    codes = np.where(good, np.round((np.where(good, values, lo) - lo) * scale) - STEPS / 2, HOLE)
    return {
        "unit": track.unit,
        "kind": track.kind,
        "lo": float(f"{lo:.6g}"),
        "hi": float(f"{hi:.6g}"),
        "t": _pack_times(times, span.start_s),
        "v": base64.b64encode(codes.astype("<i2").tobytes()).decode(),
    }


def thinned(times: F64, values: F64, most: int = MOST_VALUES) -> tuple[F64, F64]:
    """Return at most about `most` samples: of every bin the least and the greatest value, in their order of time."""
    if len(times) <= most:
        return times, values
    edges = np.linspace(0, len(times), most // 2 + 1).astype(int)
    keep: list[int] = []
    for first, end in pairwise(edges.tolist()):
        run = values[first:end]
        if np.isfinite(run).any():
            keep += sorted({first + int(np.nanargmin(run)), first + int(np.nanargmax(run))})
        else:
            keep.append(first)
    return times[keep], values[keep]


def _pack_times(times: F64, start_s: float) -> list[float] | str:
    if len(times) > 2:
        step = (times[-1] - times[0]) / (len(times) - 1)
        ideal = times[0] + step * np.arange(len(times))
        # A tenth of a frame at 60 a second is invisible in a drawing, and most frame tracks shrink to two numbers.
        if np.abs(times - ideal).max() < 0.0016:
            return [round(float(times[0]), 6), round(float(step), 9)]
    return base64.b64encode((times - start_s).astype("<f4").tobytes()).decode()
