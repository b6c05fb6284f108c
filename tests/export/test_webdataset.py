"""WebDataset shards, read back by the package itself and by tarfile."""

from __future__ import annotations

import io
import json
import tarfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from webdataset.autodecode import Decoder, imagehandler
from webdataset.tariterators import group_by_keys, tar_file_expander

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export.webdataset import webdataset
from tests.export import films
from tests.export.boards import HOSTILE, NAME, RATES, board, unit

ALL_TRAIN: dict[str, Any] = {"val": 0.0, "test": 0.0}


def samples(folder: Path, split: str = "train") -> list[dict[str, Any]]:
    """Return the samples of a split as the package's own readers give them: JSON parsed, pictures opened.

    `WebDataset(urls)` does the same, but leaves its files open.
    """
    decoded = Decoder([imagehandler("pil")])
    found = []
    for path in sorted(folder.glob(f"{split}-*.tar")):
        with path.open("rb") as stream:
            members = tar_file_expander([{"url": str(path), "stream": stream}])
            found += [decoded(one) for one in group_by_keys(members)]
    return found


def write(folder: Path, *boards: Storyboard, **options: Any) -> list[dict[str, Any]]:
    folder.mkdir(exist_ok=True)
    webdataset(iter(boards), folder, **{**ALL_TRAIN, **options})
    return samples(folder)


@pytest.mark.parametrize("rate", RATES)
def test_frames_and_units_come_back_exactly(rate: Fraction, tmp_path: Path) -> None:
    one = board(rate)
    (found,) = write(tmp_path, one)
    said = found["json"]
    assert said["units"] == one.to_dict()["units"]
    table = one.media.frame_table()
    assert table is not None
    assert said["frame_times_s"] == [table.time_s(frame) for frame in said["frame_indices"]]
    assert said["split"] == "train"
    assert [word["text"] for word in said["words"]] == [word.text for word in one.transcript.words]


@pytest.mark.parametrize("facts", [{"vfr": True}, {"size": (720, 1280)}, {"name": NAME, "text": HOSTILE}])
def test_any_shape_rate_and_text_comes_back(facts: dict[str, Any], tmp_path: Path) -> None:
    one = board(Fraction(30000, 1001), **facts)
    (found,) = write(tmp_path, one)
    assert found["json"]["units"] == one.to_dict()["units"]
    assert found["json"]["media"]["name"] == one.media.name


def test_a_sample_can_be_a_shot(tmp_path: Path) -> None:
    found = write(tmp_path, board(), sample="shot")
    assert [one["__key__"] for one in found] == [f"000000-{'0' * 16}-{n:04d}" for n in range(3)]
    assert [one["json"]["span"]["start_s"] for one in found] == [0.0, 1.6, 3.233333]
    assert [one["json"]["frame_indices"][0] for one in found] == [0, 48, 97]
    facets = [{said["facet"] for said in one["json"]["units"]} for one in found]
    assert all("diss.aspect" not in seen for seen in facets)  # it is said of the video
    assert "camera.scale" in facets[1]


def test_statuses_are_chosen(tmp_path: Path) -> None:
    one = board()
    hook = unit("h", "narr.beat", Span.of(0, 1), label="hook", status="human")
    told = one.model_copy(update={"items": (*one.items, hook)})
    (found,) = write(tmp_path, told, statuses="human")
    assert [said["id"] for said in found["json"]["units"]] == ["h"]


def test_frames_are_those_that_the_json_names(tmp_path: Path) -> None:
    path = films.film(tmp_path / "a.mp4", 60, Fraction(30000, 1001))
    (found,) = write(tmp_path / "out", films.board(path, (0, 20)), frames=True, fps=4, video=path)
    shown = found["json"]["frame_indices"]
    pictures = [found[name] for name in sorted(name for name in found if name.endswith(".jpg"))]
    assert [films.number_in(np.asarray(picture)) for picture in pictures] == shown
    assert len(shown) == 8


def test_frames_of_variable_rate_are_those_that_the_json_names(tmp_path: Path) -> None:
    ticks = [3 * n + (n % 3 == 2) for n in range(45)]
    path = films.film(tmp_path / "a.mkv", 45, Fraction(30), pts=ticks, time_base=Fraction(1, 90))
    one = films.board(path, (0, 20))
    assert one.media.video is not None
    assert one.media.video.vfr
    found = write(tmp_path / "out", one, sample="shot", frames=True, videos=tmp_path)
    for part in found:
        pictures = [part[name] for name in sorted(name for name in part if name.endswith(".jpg"))]
        assert [films.number_in(np.asarray(picture)) for picture in pictures] == part["json"]["frame_indices"]


def test_pictures_are_no_larger_than_asked(tmp_path: Path) -> None:
    path = films.film(tmp_path / "a.mp4", 10, Fraction(30))
    write(tmp_path / "out", films.board(path, (0,)), frames=True, side=48, video=path)
    with tarfile.open(tmp_path / "out/train-000000.tar") as tar:
        member = tar.extractfile(next(name for name in tar.getnames() if name.endswith("000.jpg")))
        assert member is not None
        assert Image.open(io.BytesIO(member.read())).size == (48, 32)
    with pytest.raises(SestinaError, match="side=0"):
        write(tmp_path / "none", films.board(path, (0,)), frames=True, side=0, video=path)


def test_wanted_frames_of_a_video_that_is_not_there_are_no_empty_promise(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="was not found") as refused:
        write(tmp_path, board(), frames=True)
    assert "--video" in refused.value.hint


def test_shards_are_tar_files_without_owner_or_time_and_of_limited_size(tmp_path: Path) -> None:
    boards = [board(text=f"{n} " + "long " * 40_000) for n in range(8)]
    assert len(write(tmp_path, *boards, shard_mb=1)) == 8
    shards = sorted(tmp_path.glob("*.tar"))
    assert len(shards) > 1
    assert all(path.stat().st_size <= 1_000_000 for path in shards)
    with tarfile.open(shards[0]) as tar:
        assert {(one.mtime, one.uid, one.gid, one.uname) for one in tar.getmembers()} == {(0, 0, 0, "")}
    told = json.loads((tmp_path / "dataset.json").read_text())
    assert told["splits"]["train"] == {"samples": 8, "files": [path.name for path in shards]}


def test_the_split_is_the_videos_and_the_licence_is_carried(tmp_path: Path) -> None:
    write(tmp_path, board(), val=0.0, test=1.0, license="CC-BY-4.0")
    assert [path.name for path in tmp_path.glob("*.tar")] == ["test-000000.tar"]
    (found,) = samples(tmp_path, "test")
    assert found["json"]["license"] == "CC-BY-4.0"


def test_sound_alone_is_a_sample_without_frames(tmp_path: Path) -> None:
    one = board()
    heard = Storyboard(media=one.media.model_copy(update={"video": None}), transcript=one.transcript)
    (found,) = write(tmp_path, heard, frames=True)
    assert found["json"]["frame_indices"] == []
    assert len(found["json"]["words"]) == 8
