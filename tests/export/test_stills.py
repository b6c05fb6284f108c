"""Stills and GIFs: the frames they show are read off their pixels."""

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
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export.gif import gif
from sestina.export.stills import stills
from tests.export import films
from tests.export.boards import unit
from tests.media import make

RATES = [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60)]
CUTS = (0, 20, 33, 40)
VFR = [20 * n + 7 * (n % 3) for n in range(60)]


def opened(data: bytes | Path) -> make.U8:
    with Image.open(data if isinstance(data, Path) else io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"))


def written(board: Storyboard, video: Path | None, folder: Path, **options: Any) -> list[dict[str, Any]]:
    folder.mkdir()
    stills(board, folder, video=video, **options)
    rows: list[dict[str, Any]] = json.loads((folder / "index.json").read_text())["stills"]
    return rows


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("at", "frames"), [("first", [0, 20, 33, 40]), ("middle", [9, 26, 36, 49]),
                                            ("last", [19, 32, 39, 59])])  # fmt: skip
def test_each_still_is_the_frame_it_names(tmp_path: Path, rate: Fraction, at: str, frames: list[int]) -> None:
    video = films.film(tmp_path / "a.mp4", 60, rate, gop=10, sound=False)
    board = films.board(video, CUTS)
    rows = written(board, video, tmp_path / "out", at=at)
    assert [row["frame"] for row in rows] == frames
    assert [films.number_in(opened(tmp_path / "out" / row["file"])) for row in rows] == frames
    assert [row["time_s"] for row in rows] == [board.media.frame_time_s(frame) for frame in frames]
    assert [row["pts"] * Fraction(row["time_base"]) for row in rows] == [frame / rate for frame in frames]


def test_a_variable_rate(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mkv", 60, Fraction(50), pts=VFR, time_base=Fraction(1, 1000), sound=False)
    rows = written(films.board(video, CUTS), video, tmp_path / "out", form="jpg")
    assert [films.number_in(opened(tmp_path / "out" / row["file"])) for row in rows] == [9, 26, 36, 49]
    assert [row["pts"] for row in rows] == [VFR[n] for n in (9, 26, 36, 49)]
    assert [row["file"] for row in rows] == [f"shot-00{n}.jpg" for n in (1, 2, 3, 4)]


def test_sizes_and_matches(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 60, Fraction(25), sound=False)
    scale = unit("z", "camera.scale", Span.of(0.41, 0.8), label="CU", level="shot")
    board = films.board(video, CUTS, scale)
    (row,) = written(board, video, tmp_path / "out", by="camera.scale", at="first", max_side=48)
    assert (row["file"], row["frame"]) == ("match-001.png", 11)
    assert opened(tmp_path / "out" / row["file"]).shape == (32, 48, 3)
    assert row["units"] == [{"id": "z", "facet": "camera.scale", "says": "CU"}]
    assert written(board, None, tmp_path / "none", by="camera.pitch") == []
    with pytest.raises(SestinaError):
        written(board, video, tmp_path / "bad", quality=0)
    with pytest.raises(SestinaError, match="not found"):
        written(board, None, tmp_path / "missing")


def animation(board: Storyboard, video: Path, **options: Any) -> tuple[list[int], list[int], tuple[int, int]]:
    """Return the frame number and the milliseconds of every picture of a GIF, and its size."""
    stream = io.BytesIO()
    gif(board, stream, video=video, **options)
    again = io.BytesIO()
    gif(board, again, video=video, **options)
    assert stream.getvalue() == again.getvalue()
    numbers, times = [], []
    with Image.open(stream) as picture:
        for index in range(getattr(picture, "n_frames", 1)):
            picture.seek(index)
            numbers.append(films.number_in(np.asarray(picture.convert("RGB"))))
            times.append(int(picture.info["duration"]))
        assert picture.info["loop"] == 0
        return numbers, times, picture.size


def test_a_gif_of_a_span_shows_the_frames_of_its_times(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 60, RATES[1], sound=False)
    numbers, times, size = animation(films.board(video, CUTS), video, start_s=0.5, length_s=1, fps=12, width=48)
    assert numbers == [int((0.5 + k / 12) * RATES[1] + Fraction(1, 10**6)) for k in range(12)]
    assert (sum(times), set(times)) == (1000, {80, 90})
    assert size == (48, 32)


def test_a_gif_of_a_moment_of_every_shot(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 60, Fraction(25), sound=False)
    numbers, times, _ = animation(films.board(video, CUTS), video, by="shots", each_s=0.2, fps=10)
    assert numbers == [0, 2, 20, 22, 33, 35, 40, 42]
    assert times == [100] * 8


def test_what_a_gif_refuses(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 30, Fraction(25), sound=False)
    board = films.board(video, (0, 10))
    for options in ({"start_s": 99}, {"fps": 0}, {"fps": 51}, {"width": 0}, {"by": "camera.pitch"}):
        with pytest.raises(SestinaError) as refused:
            gif(board, io.BytesIO(), video=video, **options)
        assert refused.value.hint
