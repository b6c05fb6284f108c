"""FiftyOne: supports that count frames from 1 with both ends, boxes in frames, and fields of one type each."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.export.fiftyone import fiftyone
from tests.export.annotated import BOXES, KEYS, annotated
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board


def written(folder: Path, *boards: Storyboard, **options: Any) -> list[dict[str, Any]]:
    """Return the samples, each with its boxes by frame in place of the name of their file."""
    folder.mkdir(exist_ok=True)
    fiftyone(iter(boards), folder, **options)
    samples: list[dict[str, Any]] = json.loads((folder / "samples.json").read_bytes())["samples"]
    for sample in samples:
        sample["frames"] = json.loads((folder / sample["frames"]).read_bytes())["frames"]
    return samples


def supports(sample: dict[str, Any], field: str) -> list[tuple[str, list[int]]]:
    assert sample[field]["_cls"] == "TemporalDetections"
    return [(one["label"], one["support"]) for one in sample[field]["detections"]]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("vfr", [False, True])
def test_supports_count_frames_from_1_with_both_ends_at_every_rate(rate: Fraction, vfr: bool, tmp_path: Path) -> None:
    (sample,) = written(tmp_path, board(rate, vfr=vfr))
    assert supports(sample, "edit_shot") == [("shot", [CUTS[n] + 1, CUTS[n + 1]]) for n in range(3)]
    assert supports(sample, "edit_transition") == [
        ("hard_cut", [CUTS[1] + 1, CUTS[1] + 1]), ("cross_dissolve", [DISSOLVE[0] + 1, DISSOLVE[1]]),
    ]  # fmt: skip
    assert list(map(int, sample["frames"])) == list(range(CUTS[1] + 1, CUTS[2] + 1))
    assert all(number == str(frame["frame_number"]) for number, frame in sample["frames"].items())
    assert sample["metadata"]["total_frame_count"] == 150
    assert sample["metadata"]["frame_rate"] == pytest.approx(float(rate))


def test_a_track_keeps_its_number_and_ends_with_what_was_seen(tmp_path: Path) -> None:
    (sample,) = written(tmp_path, annotated())
    walked = {
        int(number) - 1: one
        for number, frame in sample["frames"].items()
        for one in frame.get("subject_kind", {"detections": []})["detections"]
    }
    assert list(walked) == list(range(KEYS[0], KEYS[2] + 1))
    assert walked[KEYS[1]]["bounding_box"] == [BOXES[1].x, BOXES[1].y, BOXES[1].w, BOXES[1].h]
    assert walked[15]["bounding_box"] == pytest.approx([0.2, 0.2, 0.2, 0.5])
    assert (walked[15]["interpolated"], walked[KEYS[1]]["interpolated"]) == (True, False)
    assert {one["index"] for one in walked.values()} == {1}


def test_with_a_step_boxes_are_in_every_so_many_frames(tmp_path: Path) -> None:
    (sample,) = written(tmp_path, annotated(), step=10)
    assert list(sample["frames"]) == ["11", "21", "31", "41", "51", "61", "71", "81", "91"]
    with pytest.raises(ValueError, match="at least 1"):
        fiftyone(iter([]), tmp_path, step=0)


def test_facts_of_the_whole_video_are_classifications_and_numbers(tmp_path: Path) -> None:
    (sample,) = written(tmp_path, annotated())
    assert (sample["diss_aspect_video"]["_cls"], sample["diss_aspect_video"]["label"]) == ("Classification", "16:9")
    tags = sample["diss_context_hashtags_video"]
    assert (tags["_cls"], [one["label"] for one in tags["classifications"]]) == ("Classifications", ["#one", "#two"])
    assert sample["diss_resolution_width_video"] == 1280.0


def test_hostile_texts_survive_and_exact_times_stand_beside_frames(tmp_path: Path) -> None:
    one = annotated(name=NAME)
    (sample,) = written(tmp_path, one)
    (claim,) = sample["narr_claim"]["detections"]
    assert (claim["label"], claim["text"]) == (HOSTILE, HOSTILE)
    (between,) = sample["narr_persuasion"]["detections"]
    assert (between["start_s"], between["end_s"]) == (one["e0"].span.start_s, one["e0"].span.end_s)
    assert sample["filepath"] == NAME


def test_videos_lie_in_the_folder_in_another_one_or_at_an_address(tmp_path: Path) -> None:
    boards = (board(name="there/a.mp4"), board(name="https://example.org/b.mp4"))
    assert [one["filepath"] for one in written(tmp_path / "a", *boards)] == ["a.mp4", "https://example.org/b.mp4"]
    assert written(tmp_path / "b", boards[0], videos="clips/")[0]["filepath"] == "clips/a.mp4"


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="cannot write"):
        fiftyone(iter([board()]), tmp_path / "missing")
    heard = board().model_copy(update={"media": board().media.model_copy(update={"video": None})})
    with pytest.raises(SestinaError, match="no pictures"):
        fiftyone(iter([heard]), tmp_path)


@pytest.mark.filterwarnings("ignore")
def test_fiftyones_own_importer_reads_it(tmp_path: Path) -> None:
    reason = "fiftyone installs a gigabyte and needs a MongoDB to hold a dataset; docs/exports/fiftyone.md"
    data = pytest.importorskip("fiftyone.utils.data", reason=reason)
    boards = (annotated(Fraction(30000, 1001), name=NAME), annotated(vfr=True))
    written(tmp_path, *boards)
    with data.LegacyFiftyOneDatasetImporter(str(tmp_path)) as importer:
        samples = list(importer)
    assert len(samples) == 2
    for sample, one in zip(samples, boards, strict=True):
        assert (sample.media_type, sample.filepath) == ("video", str(tmp_path / one.media.name))
        assert [tuple(shot.support) for shot in sample["edit_shot"].detections] == [(1, 48), (49, 97), (98, 150)]
        (person,) = sample.frames[21]["subject_kind"].detections
        assert person.bounding_box == [BOXES[1].x, BOXES[1].y, BOXES[1].w, BOXES[1].h]
        assert sample["diss_aspect_video"].label == "16:9"
