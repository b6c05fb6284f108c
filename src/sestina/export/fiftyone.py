"""FiftyOne: a folder that `fiftyone.types.FiftyOneDataset` loads, a video a sample.

Stretches of time are `TemporalDetections` (support counts frames from 1, both ends included), boxes `Detections` in
every frame, what is said of the whole video classifications and numbers in fields that end in `_video`. A facet is
a field. The layout is the plain one without a version key, in which FiftyOne finds the fields by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit
from sestina.export._annotate import Counted, Followed, known, told
from sestina.export._json import line

Label = dict[str, Any]


@exporters.register("fiftyone", many=True, card=Card(
    summary="A FiftyOne dataset: temporal detections, boxes in frames, classifications.",
    source="FiftyOneDataset on disk, FiftyOne 1.22 (Voxel51, 2026)",
))  # fmt: skip
def fiftyone(
    storyboards: Iterable[Storyboard], folder: Path, *, facets: str = "", videos: str = "", step: int = 1
) -> None:
    """Write `metadata.json`, `samples.json` and the boxes of each video in `frames/`; the videos stay where they are.

    Args:
        storyboards: with video.
        folder: exists and is empty.
        facets: ids with commas between, `narr.` for all of a kind; all when empty.
        videos: folder of the videos, put before their names; empty: they lie in the folder that is written.
        step: every how many frames boxes are written; the app shows them in those frames only.

    Raises SestinaError for a storyboard without video and a folder that cannot be written, ValueError for a step
    below 1.
    """
    if step < 1:
        raise ValueError(f"step must be at least 1, got {step}")
    try:
        (folder / "frames").mkdir()
        with (folder / "samples.json").open("wb") as file:
            file.write(b'{"samples": [')
            for count, board in enumerate(storyboards):
                sample = _sample(board, count, folder, facets, videos, step)
                file.write(f"{',' if count else ''}\n{line(sample)}".encode())
            file.write(b"\n]}\n")
        info = {"made_by": "sestina", "support": "frames from 1, both ends included"}
        (folder / "metadata.json").write_text(line({"media_type": "video", "info": info}) + "\n", encoding="utf-8")
    except OSError as error:
        raise SestinaError(f"cannot write {str(folder)!r}: {error.strerror}", hint="choose another -o") from error


def _sample(board: Storyboard, count: int, folder: Path, facets: str, videos: str, step: int) -> dict[str, Any]:
    """Return one sample, and write its boxes to the file that it names."""
    grid = Counted(board)
    whole: dict[str, list[Unit]] = {}
    spans: dict[str, list[Label]] = {}
    boxed: list[Unit] = []
    for unit in told(board, facets):
        if unit.region is not None:
            boxed.append(unit)
        elif unit.level == "video" and unit.span == board.media.span:
            whole.setdefault(unit.facet, []).append(unit)
        else:
            first, after = grid.frames(unit.span)
            label = _label("TemporalDetection", unit, support=[first + 1, after])
            spans.setdefault(unit.facet, []).append(label)
    frames = f"frames/{count:06d}.json"
    with (folder / frames).open("wb") as file:
        file.write(b'{"frames": {')
        for number, (frame, fields) in enumerate(_frames(boxed, grid, step)):
            comma = "," if number else ""
            file.write(f'{comma}\n"{frame + 1}": {{"frame_number": {frame + 1}, {fields}}}'.encode())
        file.write(b"\n}}\n")
    path, name = board.media.path, board.media.name
    path = path if "://" in path else f"{videos.rstrip('/')}/{name}" if videos else name
    return {
        "filepath": path, "tags": [], "metadata": _metadata(board, grid), "sha256": board.media.sha256,
        **{_field(facet): {"_cls": "TemporalDetections", "detections": found} for facet, found in spans.items()},
        **{f"{_field(facet)}_video": _classified(facet, group) for facet, group in whole.items()},
        "frames": frames,
    }  # fmt: skip


def _field(facet: str) -> str:
    return facet.replace(".", "_")  # a dot would look inside a field


def _metadata(board: Storyboard, grid: Counted) -> Label:
    return {
        "_cls": "VideoMetadata", "size_bytes": board.media.size_bytes, "frame_width": grid.video.display_width,
        "frame_height": grid.video.display_height, "frame_rate": float(grid.video.frame_rate),
        "total_frame_count": grid.frame_count, "duration": grid.table.span.duration_s,
        "encoding_str": grid.video.codec,
    }  # fmt: skip


def _label(kind: str, unit: Unit, **more: Any) -> Label:
    """Return a label of FiftyOne with what a unit says, its exact time and where it comes from."""
    said = {"text": unit.text, "value": unit.value, "unit": unit.unit}
    return {
        "_cls": kind, "tags": [], "label": unit.claim, "confidence": unit.confidence, **more,
        "unit_id": unit.id, "status": unit.status, "start_s": unit.span.start_s, "end_s": unit.span.end_s,
        **{name: value for name, value in said.items() if value is not None},
    }  # fmt: skip


def _classified(facet_id: str, group: list[Unit]) -> Any:
    """Return the field of a facet of the whole video: a number, one classification, or several."""
    facet = known(facet_id)
    if facet is not None and not facet.multi:
        first = group[0]
        return first.value if facet.type == "num" else _label("Classification", first)
    labels = [_label("Classification", unit) for unit in group]
    return {"_cls": "Classifications", "classifications": labels}


def _frames(units: list[Unit], grid: Counted, step: int) -> Iterator[tuple[int, str]]:
    """Yield each frame that shows boxes, with the JSON of its fields; a unit's number is its `index` everywhere."""
    waiting = sorted(((*grid.frames(unit.span), index) for index, unit in enumerate(units)), reverse=True)
    shown: dict[int, tuple[int, Followed, str, str]] = {}
    frame = 0
    while waiting or shown:
        while waiting and waiting[-1][0] <= frame:
            _, after, index = waiting.pop()
            unit = units[index]
            if unit.region is not None:
                # What does not change from frame to frame is written once.
                text = line(_label("Detection", unit, attributes={}, index=index + 1))[:-1]
                shown[index] = (after, Followed(unit.region), _field(unit.facet), text)
        shown = {index: one for index, one in sorted(shown.items()) if one[0] > frame}
        fields: dict[str, list[str]] = {}
        for _, followed, field, text in shown.values():
            found = followed.at(grid.time_s(frame))
            if found is not None:
                box, drawn = [round(edge, 5) for edge in found[0]], "true" if found[1] else "false"
                fields.setdefault(field, []).append(f'{text}, "bounding_box": {box}, "interpolated": {drawn}}}')
        if fields:
            yield frame, ", ".join(
                f'"{field}": {{"_cls": "Detections", "detections": [{", ".join(labels)}]}}'
                for field, labels in fields.items()
            )
        gap = waiting[-1][0] - frame if waiting and not shown else 0
        frame += max(1, -(-gap // step)) * step
