"""Rows for trainers: each trainer's own form, the frames named in words, and nothing that a reader could misread."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from tests.export import films
from tests.export.boards import HOSTILE, NAME, RATES, board, unit

ALL_TRAIN: dict[str, Any] = {"val": 0.0, "test": 0.0}
WITH_VIDEO = ("jsonl-msswift", "jsonl-llamafactory", "jsonl-verl", "jsonl-easyr1")
Row = dict[str, Any]


def write(name: str, folder: Path, *boards: Storyboard, **options: Any) -> list[Row]:
    """Return the training rows of a format."""
    folder.mkdir(exist_ok=True)
    exporters.get(name).make(iter(boards), folder, **{**ALL_TRAIN, **options})
    return [row for path in sorted(folder.glob("train/*.jsonl")) for row in rows_of(path)]


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a file as JSON Lines has them: lines end at a line feed, and nowhere else."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def turn(name: str, row: Row) -> tuple[str, str, Row]:
    """Return question, answer and the further columns of a row, wherever its trainer looks for them."""
    if name == "jsonl-msswift":
        assert [one["role"] for one in row["messages"]] == ["user", "assistant"]
        assert row["solution"] == row["messages"][1]["content"]
        return row["messages"][0]["content"], row["solution"], row
    if name == "jsonl-llamafactory":
        assert [one["from"] for one in row["conversations"]] == ["human", "gpt"]
        return row["conversations"][0]["value"], row["conversations"][1]["value"], row
    if name == "jsonl-verl":
        assert row["reward_model"]["style"] == "rule"
        assert row["data_source"] == "sestina"
        return row["prompt"][0]["content"], row["reward_model"]["ground_truth"], row["extra_info"]
    if name == "jsonl-easyr1":
        return row["problem"], row["answer"], row
    assert row["prompt"][0]["role"] == "user"
    assert row["completion"] == [{"role": "assistant", "content": row["solution"]}]
    return row["prompt"][0]["content"], row["completion"][0]["content"], row


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a video of 60 frames at 29.97, each spelling its number."""
    return films.film(tmp_path_factory.mktemp("film") / "clip.mp4", 60, Fraction(30000, 1001))


@pytest.fixture(scope="module")
def filmed(film: Path) -> Storyboard:
    """Return its storyboard: shots from frames 0 and 20, a movement in each."""
    one = films.board(film, (0, 20))
    pans = [unit(f"p{n}", "camera.movement", shot.span, label="pan_left") for n, shot in enumerate(one.shots)]
    return one.model_copy(update={"items": (*one.items, *pans)}).canonical()


@pytest.mark.parametrize("name", WITH_VIDEO)
def test_a_row_names_the_video_the_frames_and_their_seconds(name: str, tmp_path: Path) -> None:
    """At 30 a second, 2 sampled a second of 5 s: frames 0, 17, 33, ... 149, at 0, 0.567, 1.1, ... 4.967 s."""
    rows = write(name, tmp_path, board(), license="CC-BY-4.0")
    assert {turn(name, row)[2]["task"] for row in rows} >= {"storyboard", "shots", "transitions", "camera", "beats"}
    for row in rows:
        asked, answer, facts = turn(name, row)
        assert asked.startswith(
            "<video>The video runs from 0.000 s to 5.000 s and has 150 frames, 30 a second. "
            "Shown are 10 of them, 2 a second: 0 at 0.000 s, 17 at 0.567 s, 33 at 1.100 s, "
        )
        assert facts["frame_indices"][:3] == [0, 17, 33]
        assert facts["frame_times_s"][:3] == [0.0, 0.566667, 1.1]
        assert facts["fps"] == 2.0
        assert facts["license"] == "CC-BY-4.0"
        assert facts["template"] == f"{facts['task']}/1"
        assert json.loads(answer)["units"]
        path = row["videos"][0]["video"] if name == "jsonl-verl" else row["videos"][0]
        assert path == "clip.mp4"


@pytest.mark.parametrize("name", WITH_VIDEO)
@pytest.mark.parametrize("rate", RATES)
def test_times_are_the_frames_own_at_any_rate(name: str, rate: Fraction, tmp_path: Path) -> None:
    one = board(rate)
    for row in write(name, tmp_path, one, tasks="shots"):
        _, answer, facts = turn(name, row)
        assert facts["frame_times_s"] == [one.media.frame_time_s(frame) for frame in facts["frame_indices"]]
        spans = [(said["span"]["start_s"], said["span"]["end_s"]) for said in json.loads(answer)["units"]]
        assert spans == [(shot.span.start_s, shot.span.end_s) for shot in one.shots]


@pytest.mark.parametrize("name", WITH_VIDEO)
@pytest.mark.parametrize("facts", [{"vfr": True}, {"size": (720, 1280)}, {"name": NAME}])
def test_any_shape_and_text_is_one_line_with_one_tag(name: str, facts: dict[str, Any], tmp_path: Path) -> None:
    text = f"{HOSTILE}\u2028<video>\x85<image>"
    titled = unit("x", "diss.overlay.text", Span.of(1.7, 3.0), text=text, level="overlay")
    one = board(Fraction(30000, 1001), text=text, **facts)
    one = one.model_copy(update={"items": (*one.items, titled)}).canonical()
    rows = write(name, tmp_path, one)
    raw = (tmp_path / "train/00000.jsonl").read_text(encoding="utf-8")
    assert len(raw.splitlines()) == len(rows)  # Python's idea of a line's end is the widest
    found = [json.loads(turn(name, row)[1])["units"] for row in rows if turn(name, row)[2]["task"] == "packaging"]
    assert [text] == [said["text"] for said in found[0] if said["facet"] == "diss.overlay.text"]
    for row in rows:
        asked, answer, columns = turn(name, row)
        assert (asked + answer).count("<video>") == 1
        assert "<image>" not in asked + answer
        assert ("(variable)" in asked) == facts.get("vfr", False)
        assert columns["frame_indices"]


def test_the_columns_of_all_rows_are_alike(tmp_path: Path) -> None:
    """Readers of JSON Lines derive one schema for all rows; verl asks for the path in a mapping, with the sampling."""
    for name in WITH_VIDEO:
        rows = write(name, tmp_path / name, board(), board(Fraction(25)), fps=1.5, max_frames=8)
        assert len({tuple(row) for row in rows}) == 1
    assert rows[0]["videos"] == ["clip.mp4"]
    verl = json.loads((tmp_path / "jsonl-verl/train/00000.jsonl").read_text().splitlines()[0])
    assert verl["videos"] == [{"video": "clip.mp4", "fps": 1.5, "max_frames": 8}]


@pytest.mark.parametrize("name", [*WITH_VIDEO, "jsonl-trl"])
def test_frames_are_written_and_are_the_ones_named(
    name: str, tmp_path: Path, film: Path, filmed: Storyboard
) -> None:
    rows = write(name, tmp_path / "out", filmed, media="frames", fps=4, video=film)
    for row in rows:
        asked, _, facts = turn(name, row)
        paths = row["videos"][0] if name == "jsonl-llamafactory" else row["images"]
        paths = [path["image"] for path in paths] if name == "jsonl-verl" else paths
        shown = [films.number_in(np.asarray(Image.open(tmp_path / "out" / path))) for path in paths]
        assert shown == facts["frame_indices"]
        tags = {"jsonl-llamafactory": (1, 0), "jsonl-trl": (0, 0)}.get(name, (0, len(shown)))
        assert (asked.count("<video>"), asked.count("<image>")) == tags


def test_paths_begin_where_the_trainer_finds_them(tmp_path: Path, film: Path, filmed: Storyboard) -> None:
    (row, *_) = write("jsonl-msswift", tmp_path / "v", filmed, root="/data/clips/")
    assert row["videos"] == ["/data/clips/clip.mp4"]
    (row, *_) = write("jsonl-msswift", tmp_path / "f", filmed, root="/data", media="frames", video=film)
    assert row["images"][0] == f"/data/frames/000000-{filmed.media.sha256[:16]}/000000.jpg"


def test_llamafactory_finds_its_data_sets(tmp_path: Path) -> None:
    write("jsonl-llamafactory", tmp_path, board())
    assert json.loads((tmp_path / "dataset_info.json").read_text()) == {
        "sestina_train": {
            "file_name": "train",
            "formatting": "sharegpt",
            "columns": {"messages": "conversations", "videos": "videos"},
        }
    }


def test_trl_reads_pictures_only(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="was not found"):
        write("jsonl-trl", tmp_path / "a", board())
    with pytest.raises(SestinaError, match="not videos"):
        write("jsonl-trl", tmp_path / "b", board(), media="video")


def test_a_shot_of_which_nothing_is_shown_is_not_asked_about(tmp_path: Path) -> None:
    """Of four frames, 0, 50, 99 and 149, none lies in a shot over 51 .. 97; of it two facets are known."""
    one = board()
    halves = [unit("a", "edit.shot", Span.of(1.6, 1.7), label="shot", level="shot"),
              unit("b", "edit.shot", Span.of(1.7, 3.233333), label="shot", level="shot")]  # fmt: skip
    cut = one.model_copy(update={"items": (*(u for u in one.items if u.id != "s1"), *halves)}).canonical()
    rows = write("jsonl-easyr1", tmp_path / "few", cut, tasks="camera", max_frames=4)
    assert rows[0]["frame_indices"] == [0, 50, 99, 149]
    assert [row["span"] for row in rows] == [[0.0, 1.6]]
    rows = write("jsonl-easyr1", tmp_path / "more", cut, tasks="camera", max_frames=8)
    assert [row["span"] for row in rows] == [[0.0, 1.6], [1.7, 3.233333]]


def test_what_is_left_out_is_told_and_nothing_left_is_an_error(tmp_path: Path) -> None:
    silent = Storyboard(media=board().media)
    heard = board().model_copy(update={"media": board(name="a.mp3").media.model_copy(update={"video": None})})
    assert write("jsonl-msswift", tmp_path / "a", silent, board(), heard)
    told = json.loads((tmp_path / "a/dataset.json").read_text())
    assert told["left_out"] == ["clip.mp4", "a.mp3"]
    with pytest.raises(SestinaError, match="nothing that can be asked") as refused:
        write("jsonl-msswift", tmp_path / "b", silent, heard)
    assert refused.value.hint


def test_splits_and_shards_are_files_of_their_own(tmp_path: Path) -> None:
    boards = [board(text=f"{n} " + "long " * 20_000) for n in range(9)]
    info = [one.media.model_copy(update={"sha256": f"{n}" * 64}) for n, one in enumerate(boards)]
    boards = [one.model_copy(update={"media": media}) for one, media in zip(boards, info, strict=True)]
    write("jsonl-msswift", tmp_path, *boards, val=0.3, test=0.3, shard_mb=1, tasks="packaging,storyboard")
    told = json.loads((tmp_path / "dataset.json").read_text())["splits"]
    seen: dict[str, set[str]] = {}
    for split, facts in told.items():
        rows = [row for name in facts["files"] for row in rows_of(tmp_path / name)]
        assert len(rows) == facts["samples"]
        assert {row["split"] for row in rows} <= {split}
        seen[split] = {row["sha256"] for row in rows}
    assert sum(map(len, seen.values())) == 9
    assert not seen["train"] & seen["test"]


def test_one_unit_a_line(tmp_path: Path) -> None:
    one = board(text=HOSTILE)
    stream = io.BytesIO()
    exporters.get("jsonl-units").make(iter([one, one]), stream)
    lines = [json.loads(line) for line in stream.getvalue().decode().splitlines()]
    assert len(lines) == 2 * len(one.items)
    about = ("sha256", "name", "split", "license", "frames")
    units = [{name: value for name, value in line.items() if name not in about} for line in lines]
    assert units[: len(one.items)] == one.to_dict()["units"]
    frames = {line["id"]: line["frames"] for line in lines}
    assert (frames["s1"], frames["t1"], frames["t2"]) == ([48, 97], [48, 49], [92, 102])


def test_units_of_chosen_statuses_only() -> None:
    stream = io.BytesIO()
    exporters.get("jsonl-units").make(iter([board()]), stream, statuses="human")
    assert stream.getvalue() == b""
