"""COCO-VID: boxes in pixels of sampled frames, tracks, categories of the vocabulary; read back by pycocotools."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sestina.core import vocabulary
from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.export.coco import FACETS, coco
from tests.export.annotated import BOXES, KEYS, annotated
from tests.export.boards import CUTS, HOSTILE, NAME, RATES, board


def written(*boards: Storyboard, **options: Any) -> dict[str, list[dict[str, Any]]]:
    file = io.BytesIO()
    coco(iter(boards), file, **options)
    found: dict[str, list[dict[str, Any]]] = json.loads(file.getvalue())
    return found


def of(found: dict[str, list[dict[str, Any]]], unit: str) -> list[dict[str, Any]]:
    return [one for one in found["annotations"] if one["attributes"]["unit"] == unit]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("vfr", [False, True])
def test_every_frame_is_listed_with_its_own_time_and_an_overlay_is_in_all_frames_of_its_shot(
    rate: Fraction, vfr: bool
) -> None:
    one = board(rate, vfr=vfr)
    found = written(one, step=1)
    table = one.media.frame_table()
    assert table is not None
    assert [image["time_s"] for image in found["images"]] == table.times_s.tolist()
    assert [image["pts"] for image in found["images"]] == table.pts.tolist()
    images = {image["id"]: image["frame_index"] for image in found["images"]}
    assert [images[one["image_id"]] for one in of(found, "o0")] == list(range(CUTS[1], CUTS[2]))


def test_a_track_runs_in_straight_lines_from_the_first_box_that_was_seen_to_the_last() -> None:
    one = annotated()
    found = written(one, step=5)
    images = {image["id"]: image for image in found["images"]}
    assert [image["frame_index"] for image in found["images"]] == list(range(0, CUTS[-1], 5))
    walked = {images[one["image_id"]]["frame_index"]: one for one in of(found, "p0")}
    assert list(walked) == list(range(KEYS[0], KEYS[2] + 1, 5))
    assert walked[10]["bbox"] == [128.0, 144.0, 256.0, 360.0]
    assert walked[15]["bbox"] == pytest.approx([256.0, 144.0, 256.0, 360.0])  # half-way between 0.1 and 0.3
    assert walked[30]["bbox"] == pytest.approx([0.4 * 1280, 0.25 * 720, 0.15 * 1280, 0.375 * 720])
    assert walked[40]["bbox"] == [value * size for value, size in zip(
        (BOXES[2].x, BOXES[2].y, BOXES[2].w, BOXES[2].h), (1280, 720, 1280, 720), strict=True
    )]  # fmt: skip
    assert [walked[frame]["attributes"]["interpolated"] for frame in (10, 15, 20, 25, 40)] == [
        False, True, False, True, False,
    ]  # fmt: skip
    assert walked[10]["area"] == 256 * 360
    assert len({one["track_id"] for one in walked.values()}) == 1


def test_pixels_are_those_of_the_displayed_picture() -> None:
    one = annotated(size=(720, 1280))
    assert of(written(one, step=10), "p0")[0]["bbox"] == [72.0, 256.0, 144.0, 640.0]


def test_about_two_frames_a_second_are_sampled_unless_told() -> None:
    assert [video["step"] for video in written(board(Fraction(30000, 1001)), board(Fraction(25)))["videos"]] == [15, 12]
    with pytest.raises(ValueError, match="at least 1"):
        written(board(), step=0)


def test_category_numbers_come_from_the_vocabulary_and_not_from_what_was_found() -> None:
    full, bare = written(annotated()), written(Storyboard(media=board().media))
    assert full["categories"] == bare["categories"]
    names = [one["name"] for one in full["categories"]]
    facets = [facet for facet in vocabulary.facets() if facet.id in FACETS.split(",")]
    assert names == [f"{facet.id}={label}" for facet in facets for label in facet.labels]
    assert full["categories"][0] == {"id": 1, "name": "subject.kind=person", "supercategory": "subject.kind"}


def test_several_videos_share_one_document_and_no_number_twice() -> None:
    found = written(annotated(), board(name=NAME), annotated(vfr=True))
    for part in ("videos", "images", "annotations"):
        assert [one["id"] for one in found[part]] == list(range(1, len(found[part]) + 1))
    home = {image["id"]: image["video_id"] for image in found["images"]}
    assert all(home[one["image_id"]] == one["video_id"] for one in found["annotations"])
    assert len({image["file_name"] for image in found["images"]}) == len(found["images"])
    assert [video["name"] for video in found["videos"]] == ["clip.mp4", NAME, "clip.mp4"]


def test_hostile_texts_survive() -> None:
    found = written(annotated(), facets="diss.overlay.text")
    assert {one["attributes"]["text"] for one in found["annotations"]} == {HOSTILE}
    assert [one["name"] for one in found["categories"]] == ["diss.overlay.text"]


def test_a_storyboard_without_pictures_is_refused() -> None:
    heard = board().model_copy(update={"media": board().media.model_copy(update={"video": None})})
    with pytest.raises(SestinaError, match="no pictures"):
        written(heard)


@pytest.mark.filterwarnings("ignore")
def test_pycocotools_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reader = pytest.importorskip("pycocotools.coco").COCO
    path = tmp_path / "all.json"
    with path.open("wb") as file:
        coco(iter([annotated(), annotated(vfr=True)]), file, step=5)
    found = reader(str(path))
    (person,) = found.getCatIds(catNms=["subject.kind=person"])
    assert len(found.getAnnIds(catIds=[person])) == 2 * 7
    frame = next(image for image in found.loadImgs(found.getImgIds()) if image["frame_index"] == 20)
    (seen,) = found.loadAnns(found.getAnnIds(imgIds=[frame["id"]], catIds=[person]))
    assert seen["bbox"] == [0.3 * 1280, 0.2 * 720, 0.2 * 1280, 0.5 * 720]
    assert "index created" in capsys.readouterr().out
