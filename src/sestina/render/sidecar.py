"""The gold document on disk, with the camera's poses in a file of numbers beside it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sestina.core.files import write_atomically
from sestina.core.storyboard import SignalInfo, Signals, Storyboard
from sestina.core.track import Track


def save(board: Storyboard, tracks: Mapping[str, Track], path: Path) -> Storyboard:
    """Write `board` to `path` and `tracks` beside it (`clip.gold.json` has `clip.gold.npz`); return what was written.

    The file holds `NAME.times_s` and `NAME.values` for each track, as the analyzer's does.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for name in sorted(tracks):
        arrays[f"{name}.times_s"], arrays[f"{name}.values"] = tracks[name].times_s, tracks[name].values
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]  # numpy types its keywords as one parameter
    side, data = path.with_name(path.name.removesuffix(".json") + ".npz"), stream.getvalue()
    write_atomically(side, data)
    infos = tuple(
        SignalInfo(name=track.name, unit=track.unit, kind=track.kind, count=len(track))
        for _, track in sorted(tracks.items())
    )
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    named = board.model_copy(update={"signals": Signals(tracks=infos, file=side.name, sha256=digest)})
    named.to_json(path)
    return named
