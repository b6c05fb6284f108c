"""Rows as the trainers' own code reads them.

The trainers bring torch and more, so they are no part of the test extra; where one is installed, its reader is asked.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from tests.export import films
from tests.export.boards import HOSTILE, board

pytestmark = [
    pytest.mark.slow,
    # What the trainers warn of is theirs.
    pytest.mark.filterwarnings("ignore"),
]
datasets = pytest.importorskip("datasets", reason="the data sets library of the test extra")
TRAIN: dict[str, Any] = {"val": 0.0, "test": 0.0}


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep readers from the network, and their caches out of the way."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "modelscope"))


def write(name: str, folder: Path, *boards: Storyboard, **options: Any) -> list[str]:
    """Return the files of the training split."""
    folder.mkdir()
    exporters.get(name).make(iter(boards), folder, **{**TRAIN, **options})
    return sorted(map(str, folder.glob("train/*.jsonl")))


def loaded(files: list[str], tmp_path: Path) -> Any:
    """Return rows as `datasets` reads JSON Lines, the way every one of these trainers does."""
    return datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))


def two_boards() -> tuple[Storyboard, Storyboard]:
    return board(Fraction(30000, 1001), text=HOSTILE), board(Fraction(25), vfr=True)


@pytest.mark.parametrize("name", ["jsonl-msswift", "jsonl-llamafactory", "jsonl-verl", "jsonl-easyr1"])
def test_all_rows_share_one_schema(name: str, tmp_path: Path) -> None:
    """Arrow derives column types from the first rows; EasyR1 reads a folder by the suffix of its first file."""
    write(name, tmp_path / "out", *two_boards())
    rows = datasets.load_dataset(
        "json", data_dir=str(tmp_path / "out/train"), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert len(rows) > 10
    column = {"jsonl-verl": "prompt", "jsonl-llamafactory": "conversations", "jsonl-easyr1": "problem"}
    assert all(row[column.get(name, "messages")] for row in rows)


def test_ms_swift_takes_every_row(tmp_path: Path) -> None:
    swift = pytest.importorskip("swift.dataset", reason="ms-swift brings torch")
    rows = loaded(write("jsonl-msswift", tmp_path / "out", *two_boards()), tmp_path)
    taken = swift.AutoPreprocessor()(rows, strict=True, load_from_cache_file=False)
    assert len(taken) == len(rows)
    assert taken[0]["messages"][0]["content"].startswith("<video>")
    assert taken[0]["videos"] == ["clip.mp4"]
    assert taken[0]["solution"] == taken[0]["messages"][1]["content"]  # what GRPO hands to rewards


@pytest.mark.parametrize("media", ["video", "frames"])
def test_llamafactory_takes_every_row(media: str, tmp_path: Path) -> None:
    parser = pytest.importorskip("llamafactory.data.parser", reason="LLaMA-Factory brings torch")
    converter = pytest.importorskip("llamafactory.data.converter", reason="LLaMA-Factory brings torch")
    film = films.film(tmp_path / "clip.mp4", 40, Fraction(30))
    files = write("jsonl-llamafactory", tmp_path / "out", films.board(film, (0, 20)), media=media, video=film)
    (known,) = parser.get_dataset_list(["sestina_train"], str(tmp_path / "out"))
    assert (tmp_path / "out" / known.dataset_name).is_dir()
    where = str(tmp_path / "out") if media == "frames" else str(tmp_path)
    align = converter.SharegptDatasetConverter(known, SimpleNamespace(media_dir=where))
    rows = [align(row) for row in loaded(files, tmp_path)]
    assert [len(row["_prompt"]) + len(row["_response"]) for row in rows] == [2] * len(rows)
    (video,) = rows[0]["_videos"]
    assert all(Path(one).is_file() for one in (video if media == "frames" else [video]))


def test_trl_takes_conversations_and_their_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trl = pytest.importorskip("trl.data_utils", reason="TRL brings torch")
    film = films.film(tmp_path / "clip.mp4", 40, Fraction(30))
    rows = loaded(write("jsonl-trl", tmp_path / "out", films.board(film, (0, 20)), video=film), tmp_path)
    assert all(trl.is_conversational(row) for row in rows)
    monkeypatch.chdir(tmp_path / "out")
    row = rows.cast_column("images", datasets.List(datasets.Image()))[0]
    (turn,) = trl.prepare_multimodal_messages(row["prompt"], images=row["images"])
    assert [part["type"] for part in turn["content"]] == ["image"] * len(row["frame_indices"]) + ["text"]
    assert turn["content"][0]["image"].size == (96, 64)
    assert trl.prepare_multimodal_messages(row["completion"])[0]["role"] == "assistant"


@pytest.mark.parametrize("media", ["video", "frames"])
def test_verl_takes_every_row(media: str, tmp_path: Path) -> None:
    verl = pytest.importorskip("verl.utils.dataset.rl_dataset", reason="verl brings torch and ray")
    config = pytest.importorskip("omegaconf", reason="comes with verl").OmegaConf
    film = films.film(tmp_path / "clip.mp4", 40, Fraction(30))
    files = write("jsonl-verl", tmp_path / "out", films.board(film, (0, 20)), media=media, video=film)
    facts = {"filter_overlong_prompts": False, "cache_dir": str(tmp_path / "cache")}
    rows = verl.RLHFDataset(files, tokenizer=None, config=config.create(facts), processor=SimpleNamespace())
    for number in range(len(rows)):
        row = rows[number]
        (turn,) = row["raw_prompt"]
        kinds = [part["type"] for part in turn["content"]]
        shown = row["extra_info"]["frame_indices"]
        assert kinds == ["video" if media == "video" else "image"] * (len(kinds) - 1) + ["text"]
        assert len(kinds) == (2 if media == "video" else len(shown) + 1)
        assert row["reward_model"]["ground_truth"].startswith('{"sv6d"')
    first = rows[0]["raw_prompt"][0]["content"][0]
    assert first["fps"] == 2.0 if media == "video" else first["image"].endswith("000000.jpg")
