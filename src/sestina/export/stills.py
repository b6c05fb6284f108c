"""One still a shot, beat or match, at a frame's own time, at full size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export._film import Film
from sestina.export._images import coded, within
from sestina.export._pieces import Piece, pieces

INDEX = "index.json"
LARGEST = 65_535
"""Pixels; no picture format here holds a longer side."""


@exporters.register(
    "stills", suffix="", card=Card(summary="One still a shot, beat or match of a label expression, at an exact frame.")
)
def stills(
    storyboard: Storyboard,
    folder: Path,
    *,
    by: str = "shots",
    at: Literal["middle", "first", "last"] = "middle",
    form: Literal["png", "jpg"] = "png",
    max_side: int = 0,
    quality: int = 92,
    video: Path | None = None,
) -> None:
    """Write one picture a part into `folder`, and an `index.json` that names frame and time of each.

    Args:
        storyboard: the document.
        folder: exists and is empty.
        by: `shots`, `beats`, or an expression over labels (see `core.query`).
        at: which of a part's frames.
        form: png is lossless.
        max_side: pixels of the longer side at most; 0: as displayed.
        quality: of jpg, 1 .. 100.
        video: the storyboard's video.

    Raises QueryError for the expression, SestinaError without the video or for options out of range.
    """
    if max_side < 0 or not 1 <= quality <= 100:
        raise SestinaError(f"max_side={max_side}, quality={quality}", hint="max_side from 0, quality from 1 to 100")
    parts = pieces(storyboard, by)
    rows = []
    if parts:
        film = Film(storyboard, video)
        _ = film.video  # sound alone has no stills
        side = max_side or LARGEST
        for part, picture in zip(parts, film.frames([frame_of(part, at) for part in parts]), strict=True):
            name = f"{part.name}.{form}"
            (folder / name).write_bytes(coded(within(picture.rgb, side, side), form, quality))
            base = picture.time_base
            exact = {"frame": frame_of(part, at), "time_s": picture.time_s, "pts": picture.pts}
            rows.append({"file": name, **exact, "time_base": f"{base.numerator}/{base.denominator}", **part.facts()})
    index = {"format": "sestina stills 1", "video": storyboard.media.name, "by": by, "stills": rows}
    (folder / INDEX).write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def frame_of(part: Piece, at: Literal["middle", "first", "last"]) -> int:
    """Return the number of a part's first, middle or last frame."""
    return {"first": part.first, "middle": (part.first + part.after - 1) // 2, "last": part.after - 1}[at]
