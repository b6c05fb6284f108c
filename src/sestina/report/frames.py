"""Which frames the page carries, and their pictures, all fetched in one pass over the video."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.errors import SestinaError
from sestina.core.evidence import FrameEvidence, FramePairEvidence, OcrEvidence, RegionEvidence
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import FrameTable
from sestina.media.decode import pictures

U8 = npt.NDArray[np.uint8]

MOST_FRAMES = 160
MOST_BYTES = 1_500_000
"""All cited frames together, before base64."""
FRAME_SIDE = 320
"""Longer side of a cited frame, pixels."""
FRAME_QUALITY = 74
STRIP_HEIGHT = 90
STRIP_HEIGHT_ALONE = 180
"""Where the browser cannot play the video, the filmstrip stands in for it and is sharper."""
STRIP_QUALITY = 66
STRIP_MOST = 120
STRIP_PER_S = 2.0
SHEET_COLUMNS = 12


@dataclass(kw_only=True)
class Stills:
    """Pictures for the page.

    Args:
        frames: frame number -> JPEG bytes of a cited frame.
        strip: frame numbers of the filmstrip, in order.
        sheet: JPEG of all filmstrip frames in a grid of `columns`, row by row; empty when there is none.
        cell: width and height of one of them, pixels.
        columns: of the grid.
        left_out: cited frames beyond the limits.
    """

    frames: dict[int, bytes] = field(default_factory=dict)
    strip: list[int] = field(default_factory=list)
    sheet: bytes = b""
    cell: tuple[int, int] = (0, 0)
    columns: int = SHEET_COLUMNS
    left_out: int = 0


def cited_frames(board: Storyboard, table: FrameTable, most: int = MOST_FRAMES) -> tuple[list[int], int]:
    """Return the numbers of the frames to carry, and how many cited ones are left out.

    Both sides of the edits come first, then what is read on screen and marked in the picture, then the rest; where a
    kind has too many, they are taken evenly over the video.
    """
    ranks: dict[int, int] = {}
    for unit in board.items:
        for time_s, rank in _wanted(unit):
            index = table.index_at(time_s)
            ranks[index] = min(rank, ranks.get(index, rank))
    chosen: list[int] = []
    for rank in sorted(set(ranks.values())):
        chosen += _evenly(sorted(index for index in ranks if ranks[index] == rank), most - len(chosen))
    return sorted(chosen), len(ranks) - len(chosen)


def _wanted(unit: Unit) -> Iterator[tuple[float, int]]:
    """Yield the times whose pictures a unit cites, with their rank, 0 first."""
    first = unit.facet in ("edit.transition", "narr.hook", "diss.cta")
    seen = False
    for item in unit.evidence:
        if isinstance(item, FramePairEvidence):
            seen = True
            yield from ((time_s, 0 if first else 2) for time_s in item.at_s)
        elif isinstance(item, FrameEvidence):
            seen = True
            yield item.at_s, 0 if first else 3
        elif isinstance(item, OcrEvidence | RegionEvidence):
            seen = True
            yield item.at_s, 1
    if unit.region is not None and not seen:
        yield unit.span.middle_s, 2
    if unit.facet == "edit.shot":
        yield unit.span.middle_s, 2


def _evenly(indices: Sequence[int], most: int) -> list[int]:
    if len(indices) <= most:
        return list(indices)
    places = np.linspace(0, len(indices) - 1, max(0, most)).round().astype(int)
    return [indices[place] for place in sorted(set(places.tolist()))]


def strip_frames(table: FrameTable) -> list[int]:
    """Return frame numbers at regular times, the middles of equal stretches of the video."""
    span = table.span
    count = min(len(table), STRIP_MOST, max(8, round(span.duration_s * STRIP_PER_S)))
    times = span.start_s + (np.arange(count) + 0.5) * span.duration_s / count
    return sorted({table.index_at(float(time_s)) for time_s in times})


def take_stills(board: Storyboard, video: Path, *, sharp_strip: bool = False) -> Stills:
    """Return the page's pictures, decoded in one pass; where the video is damaged, those that could be read.

    Args:
        board: the document.
        video: its video.
        sharp_strip: whether the filmstrip has to stand in for a player.

    Raises OpenError when the video cannot be opened and SeekError when no frame at all can be decoded.
    """
    media = board.media
    table = media.frame_table()
    if media.video is None or table is None:
        return Stills()
    cited, left_out = cited_frames(board, table)
    strip = strip_frames(table)
    stills = Stills(left_out=left_out)
    side = STRIP_HEIGHT_ALONE if sharp_strip else STRIP_HEIGHT
    stills.cell = (max(2, round(side * _aspect(media))), side)
    cells: list[U8] = []
    for index, rgb in _pictures(video, media, table, sorted({*cited, *strip})):
        if index in cited:
            stills.frames[index] = jpeg(shrunk(rgb, *_fitted(media)), FRAME_QUALITY)
        if index in strip:
            stills.strip.append(index)
            cells.append(shrunk(rgb, *stills.cell))
    stills.sheet = jpeg(_sheet(cells, stills.columns), STRIP_QUALITY) if cells else b""
    _within_budget(stills, cited)
    return stills


def _pictures(video: Path, media: MediaInfo, table: FrameTable, wanted: list[int]) -> Iterator[tuple[int, U8]]:
    """Yield (frame number, picture) for every wanted frame that can be decoded."""
    found = pictures(video, media, [table.time_s(index) for index in wanted])
    for count, index in enumerate(wanted):
        try:
            yield index, next(found).rgb
        except (SestinaError, StopIteration):
            if count == 0:
                raise
            return


def _aspect(media: MediaInfo) -> float:
    video = media.video
    return video.display_width / video.display_height if video is not None else 1.0


def _fitted(media: MediaInfo) -> tuple[int, int]:
    aspect = _aspect(media)
    wide = (FRAME_SIDE, max(2, round(FRAME_SIDE / aspect)))
    return wide if aspect >= 1 else (max(2, round(FRAME_SIDE * aspect)), FRAME_SIDE)


def shrunk(rgb: U8, width: int, height: int) -> U8:
    """Return the picture at `width` x `height`, uint8 [height,width,3]."""
    smaller = width < rgb.shape[1]
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR))


def jpeg(rgb: U8, quality: int) -> bytes:
    """Return uint8 [H,W,3] sRGB as JPEG bytes, the same for the same picture."""
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), flags)
    if not done:
        raise ValueError(f"a picture of shape {rgb.shape} cannot be written as JPEG")
    return data.tobytes()


def _sheet(cells: Sequence[U8], columns: int) -> U8:
    height, width = cells[0].shape[:2]
    rows = -(-len(cells) // columns)
    sheet = np.zeros((rows * height, min(columns, len(cells)) * width, 3), np.uint8)
    for place, cell in enumerate(cells):
        y, x = place // columns * height, place % columns * width
        sheet[y : y + height, x : x + width] = cell
    return sheet


def _within_budget(stills: Stills, cited: Sequence[int]) -> None:
    """Drop frames, evenly over the video, until all together fit."""
    total = sum(map(len, stills.frames.values()))
    if total > MOST_BYTES:
        kept = set(_evenly([i for i in cited if i in stills.frames], int(len(stills.frames) * MOST_BYTES / total)))
        stills.left_out += len(stills.frames) - len(kept)
        stills.frames = {index: data for index, data in stills.frames.items() if index in kept}


def data_uri(data: bytes, mime: str = "image/jpeg") -> str:
    """Return bytes as a `data:` address."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
