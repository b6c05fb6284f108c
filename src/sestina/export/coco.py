"""COCO-VID: boxes in sampled frames, tracks told by number, and the list of frames to take from the videos.

The form is that of COCO (Lin et al., 2014) with `videos`, and with `video_id`, `frame_id` and `instance_id` as in
CocoVID of MMTracking (OpenMMLab, 2020); `track_id` says the same as `instance_id` for other readers. No picture is
written: every image names its video, its frame and its time, by which it can be taken from the file.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, BinaryIO

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.evidence import OcrEvidence, Region
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._annotate import Counted, Followed, name_of, names_of, told, wanted
from sestina.export._json import line

FACETS = "subject.kind,diss.overlay,diss.overlay.kind"
"""Facets that say what a box holds."""


@exporters.register("coco", suffix=".coco.json", many=True, card=Card(
    summary="COCO-VID: boxes and tracks in sampled frames, for training detectors and trackers.",
    source="Microsoft COCO, Lin et al. 2014; CocoVID, MMTracking 2020",
))  # fmt: skip
def coco(
    storyboards: Iterable[Storyboard], file: BinaryIO, *, facets: str = FACETS, step: int | None = None
) -> None:
    """Write one document for all videos: images, annotations, videos and categories.

    A box track is followed in straight lines between the boxes that were seen, and ends with them. Categories are all
    labels of the chosen facets in the vocabulary's order, so that their numbers do not depend on what was found.

    Args:
        storyboards: with video.
        file: receives JSON.
        facets: ids with commas between, `subject.` for all of a kind.
        step: every how many frames one is sampled; None: about two a second.

    Raises SestinaError for a storyboard without video, ValueError for a step below 1.
    """
    if step is not None and step < 1:
        raise ValueError(f"step must be at least 1, got {step}")
    categories: dict[str, int] = {}
    for facet in vocabulary.facets():
        if wanted(facet.id, facets):
            for name in names_of(facet.id):
                categories.setdefault(name, len(categories) + 1)
    videos: list[dict[str, Any]] = []
    with tempfile.TemporaryFile() as later:  # the list of images is not yet over when annotations are known
        file.write(b'{"info": {"description": "Sestina storyboards as COCO-VID"},\n"licenses": [],\n"images": [')
        images, annotations = _Rows(file), _Rows(later)
        for board in storyboards:
            _video(board, videos, images, annotations, categories, facets, step)
        file.write(b'\n],\n"annotations": [')
        later.seek(0)
        shutil.copyfileobj(later, file)
    file.write(b'\n],\n"videos": [')
    listed = _Rows(file)
    for video in videos:
        listed.add(video)
    file.write(b'\n],\n"categories": [')
    listed = _Rows(file)
    for name, number in categories.items():
        listed.add({"id": number, "name": name, "supercategory": name.partition("=")[0]})
    file.write(b"\n]}\n")


class _Rows:
    """Writes the items of a JSON list, a line each, and counts them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.count = 0
        self._file = file

    def add(self, row: dict[str, Any]) -> None:
        self._file.write(f"{',' if self.count else ''}\n{line(row)}".encode())
        self.count += 1


def _video(
    board: Storyboard, videos: list[dict[str, Any]], images: _Rows, annotations: _Rows, categories: dict[str, int],
    facets: str, step: int | None,
) -> None:  # fmt: skip
    """Add one video: its sampled frames, and the boxes in them."""
    grid = Counted(board)
    every = step or max(1, round(grid.video.frame_rate / 2))
    size = (grid.video.display_width, grid.video.display_height)
    number, before = len(videos) + 1, images.count
    folder = f"{number:06d}_{board.media.sha256[:8]}"  # a name may hold what no file may be called
    videos.append({
        "id": number, "name": board.media.name, "sha256": board.media.sha256, "width": size[0], "height": size[1],
        "fps": round(float(grid.video.frame_rate), 6), "vfr": grid.video.vfr, "frames": grid.frame_count, "step": every,
    })  # fmt: skip
    for count, frame in enumerate(range(0, grid.frame_count, every)):
        images.add({
            "id": images.count + 1, "video_id": number, "file_name": f"{folder}/{count:06d}.jpg",
            "width": size[0], "height": size[1], "frame_id": count, "frame_index": frame,
            "pts": int(grid.table.pts[frame]), "time_s": grid.time_s(frame),
        })  # fmt: skip
    boxed = ((unit, unit.region) for unit in told(board, facets) if unit.region is not None)
    for track, (unit, region) in enumerate(boxed, 1):
        category = categories.setdefault(name_of(unit), len(categories) + 1)
        for count, bbox, between in _boxes(unit, region, grid, every, size):
            annotations.add({
                "id": annotations.count + 1, "image_id": before + count + 1, "video_id": number,
                "category_id": category, "instance_id": track, "track_id": track, "bbox": bbox,
                "area": round(bbox[2] * bbox[3], 2), "segmentation": [], "iscrowd": 0, "score": unit.confidence,
                "attributes": {"unit": unit.id, **_words(unit), "interpolated": between},
            })  # fmt: skip


def _boxes(
    unit: Unit, region: Region, grid: Counted, every: int, size: tuple[int, int]
) -> Iterator[tuple[int, list[float], bool]]:
    """Yield the number of each sampled frame that shows a unit's box, the box in pixels, and whether it was drawn."""
    first, after = grid.frames(unit.span)
    followed = Followed(region)
    for count in range(-(-first // every), -(-after // every)):
        found = followed.at(grid.time_s(count * every))
        if found is not None:
            yield count, [round(edge * full, 2) for edge, full in zip(found[0], size * 2, strict=True)], found[1]


def _words(unit: Unit) -> dict[str, str]:
    """Return what a box's text says: the unit's own, or the one read as its evidence."""
    quotes = (item.quote for item in unit.evidence if isinstance(item, OcrEvidence))
    text = unit.text if unit.text is not None else next(quotes, None)
    return {} if text is None else {"text": text}
