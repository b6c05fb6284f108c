"""The Hugging Face folder, read back by `datasets` itself, and by pyarrow."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from PIL import Image

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.export import hf as module
from sestina.export.hf import hf
from tests.export import films
from tests.export.boards import HOSTILE, NAME, RATES, board

ALL_TRAIN: dict[str, Any] = {"val": 0.0, "test": 0.0}


def write(folder: Path, *boards: Storyboard, **options: Any) -> list[dict[str, Any]]:
    """Return the rows of the training split, read by pyarrow."""
    folder.mkdir(exist_ok=True)
    hf(iter(boards), folder, **{**ALL_TRAIN, **options})
    files = sorted(folder.glob("data/train-*.parquet"))
    return [row for path in files for row in pq.read_table(path).to_pylist()]


def header(folder: Path) -> dict[str, Any]:
    """Return the card's header."""
    found: dict[str, Any] = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    return found


@pytest.mark.parametrize("rate", RATES)
def test_rows_hold_the_units_and_the_whole_document(rate: Fraction, tmp_path: Path) -> None:
    one = board(rate)
    (row,) = write(tmp_path, one)
    assert Storyboard.from_json(row["storyboard"]) == one
    assert [(said["id"], said["start_s"], said["end_s"]) for said in row["units"]] == [
        (said.id, said.span.start_s, said.span.end_s) for said in one.items
    ]
    assert row["fps"] == float(rate)
    assert row["frame_times_s"] == [one.media.frame_time_s(frame) for frame in row["frame_indices"]]


@pytest.mark.parametrize("facts", [{"vfr": True}, {"size": (720, 1280)}, {"name": NAME, "text": HOSTILE}])
def test_any_shape_rate_and_text_comes_back(facts: dict[str, Any], tmp_path: Path) -> None:
    one = board(Fraction(30000, 1001), **facts)
    (row,) = write(tmp_path, one)
    assert Storyboard.from_json(row["storyboard"]) == one
    assert (row["width"], row["height"]) == facts.get("size", (1280, 720))
    assert row["screen"][0]["text"] == one.transcript.screen[0].text


def test_the_reader_of_hugging_face_loads_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Splits, columns and nested units as `load_dataset(folder)` gives them, streaming included."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets", reason="the data sets library of the test extra")
    boards = [board(text=HOSTILE), board(Fraction(25))]
    boards[1] = boards[1].model_copy(update={"media": boards[1].media.model_copy(update={"sha256": "3" * 64})})
    (tmp_path / "out").mkdir()
    hf(iter(boards), tmp_path / "out", val=0.4, test=0.4)  # "0" * 64 is for validation then, "3" * 64 for the test
    found = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    told = json.loads((tmp_path / "out/dataset.json").read_text())["splits"]
    names = {"train": "train", "val": "validation", "test": "test"}
    assert {name: len(found[name]) for name in found} == {
        names[split]: told[split]["samples"] for split in told if told[split]["samples"]
    }
    rows = [row for name in found for row in found[name]]
    assert {Storyboard.from_json(row["storyboard"]).media.sha256 for row in rows} == {"0" * 64, "3" * 64}
    assert all(row["units"][0]["facet"] for row in rows)
    streamed = datasets.load_dataset(str(tmp_path / "out"), streaming=True)
    assert next(iter(streamed[next(iter(found))]))["sv6d"] == "1.0"


def test_pictures_load_as_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets", reason="the data sets library of the test extra")
    path = films.film(tmp_path / "a.mp4", 40, Fraction(30000, 1001))
    (row,) = write(tmp_path / "out", films.board(path, (0, 20)), frames=True, fps=4, video=path)
    stored = [films.number_in(np.asarray(Image.open(io.BytesIO(one["bytes"])))) for one in row["frames"]]
    assert stored == row["frame_indices"]
    (loaded,) = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))["train"]
    assert [films.number_in(np.asarray(picture)) for picture in loaded["frames"]] == row["frame_indices"]


def test_a_row_can_be_a_shot(tmp_path: Path) -> None:
    rows = write(tmp_path, board(), sample="shot")
    assert [(row["shot"], row["start_s"], row["end_s"]) for row in rows] == [
        (0, 0.0, 1.6), (1, 1.6, 3.233333), (2, 3.233333, 5.0)
    ]  # fmt: skip
    assert {row["storyboard"] for row in rows} == {None}
    assert [word["text"] for row in rows for word in row["words"]] == [word.text for word in board().transcript.words]


def test_units_that_were_not_chosen_are_in_no_column(tmp_path: Path) -> None:
    one = board()
    mixed = (*one.items[:-1], one.items[-1].model_copy(update={"status": "human"}))
    (row,) = write(tmp_path, one.model_copy(update={"items": mixed}), statuses="human")
    assert [said["id"] for said in row["units"]] == [one.items[-1].id]
    assert [said.id for said in Storyboard.from_json(row["storyboard"])] == [one.items[-1].id]


def test_the_card_says_licence_splits_and_columns(tmp_path: Path) -> None:
    rows = write(tmp_path, board(), license="CC-BY-4.0")
    assert rows[0]["license"] == "CC-BY-4.0"
    assert header(tmp_path)["license"] == "cc-by-4.0"
    files = header(tmp_path)["configs"][0]["data_files"]
    assert files == [{"split": "train", "path": "data/train-*.parquet"}]
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in text for name in rows[0])
    assert "The videos are not part of it" in text


def test_a_licence_in_words_cannot_write_the_header(tmp_path: Path) -> None:
    write(tmp_path, board(), license="mine\n---\nlicense: mit")
    assert header(tmp_path)["license"] == "other"
    assert "Licence of the videos: mine --- license: mit." in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_nothing_tells_of_the_machine(tmp_path: Path) -> None:
    (row,) = write(tmp_path, board(name="/srv/ada/clip.mp4"))
    assert row["name"] == "clip.mp4"
    assert "ada" not in row["storyboard"]


def test_rows_are_written_in_groups_and_files_of_limited_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GROUP_BYTES", 500_000)
    rng = np.random.default_rng(0)
    boards = [board(text=rng.bytes(150_000).hex()) for _ in range(12)]
    assert len(write(tmp_path, *boards, shard_mb=1)) == 12
    files = sorted(tmp_path.glob("data/*.parquet"))
    assert len(files) > 1
    assert max(pq.ParquetFile(path).num_row_groups for path in files) > 1
    with pytest.raises(SestinaError, match="shard_mb"):
        write(tmp_path / "none", board(), shard_mb=0)


def test_no_storyboard_is_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="at least one"):
        write(tmp_path)
