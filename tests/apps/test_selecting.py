"""`sestina select`: frames by number and time, with and without a storyboard beside the video."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sestina.core.storyboard import Storyboard
from sestina.media.probe import probe
from tests.apps.shell import Ran, run
from tests.export.boards import board
from tests.media.make import video

Shell = Callable[..., Ran]
COLOURS = ((200, 20, 20), (20, 160, 20), (20, 20, 200), (220, 220, 220))
"""Red, green, blue and white, each for as long."""


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return lambda *words: run(capsys, monkeypatch, *words)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Write 40 frames of four colours, ten a second."""
    frames = [np.full((48, 64, 3), COLOURS[i // 10], np.uint8) for i in range(40)]
    return video(tmp_path / "clip.mp4", frames, rate=10)


def frames_of(ran: Ran) -> list[int]:
    assert ran.code == 0, ran.err
    return [one["frame"] for one in json.loads(ran.out)["frames"]]


def test_numbers_and_times_for_people_and_programs(shell: Shell, clip: Path) -> None:
    """Sixteen candidates lie in the middles of quarters of a second; the fifth and the thirteenth are taken."""
    ran = shell("select", clip, "--selector", "uniform-centre", "--frames", 2)
    assert [line.split() for line in ran.out.splitlines()] == [["11", "1.100", "s"], ["31", "3.100", "s"]]
    told = json.loads(shell("select", clip, "--selector", "uniform-centre", "--frames", 2, "--json").out)
    assert told["frames"] == [{"frame": 11, "time_s": 1.1}, {"frame": 31, "time_s": 3.1}]
    assert (told["video"], told["selector"], told["candidates"]) == ("clip.mp4", "uniform-centre", 16)


def test_one_frame_of_each_scene(shell: Shell, clip: Path) -> None:
    assert [frame // 10 for frame in frames_of(shell("select", clip, "--frames", 4, "--json"))] == [0, 1, 2, 3]


def test_a_question_moves_the_choice(shell: Shell, clip: Path) -> None:
    words = ("select", clip, "--selector", "bolt", "--frames", 2, "--json", "--question", "Where is it blue?")
    assert [frame // 10 for frame in frames_of(shell(*words))] == [2, 2]


def test_a_question_that_nothing_is_known_of_is_said(shell: Shell, clip: Path) -> None:
    ran = shell("select", clip, "--frames", 2, "--json", "--question", "…?")
    assert len(frames_of(ran)) == 2
    assert "as if nothing were asked" in ran.err


def test_the_storyboard_beside_the_video_is_used_when_it_is_of_these_bytes(shell: Shell, clip: Path) -> None:
    document = clip.with_name("clip.sv6d.json")
    board().to_json(document)
    assert "of another video" in shell("select", clip, "--frames", 2).err
    Storyboard(media=probe(clip)).to_json(document)
    assert "not used" not in shell("select", clip, "--frames", 2).err
    document.write_text("{")
    assert "is not used" in shell("select", clip, "--frames", 2).err


@pytest.mark.parametrize(("words", "code", "told"), [
    (("--selector", "unifrom"), 2, "nearest: uniform"), (("--frames", "0"), 2, "frames"),
    (("--embedder", "plan"), 2, "nearest: plain"),
])  # fmt: skip
def test_mistakes_are_named(shell: Shell, clip: Path, words: tuple[str, ...], code: int, told: str) -> None:
    ran = shell("select", clip, *words)
    assert ran.code == code
    assert told in ran.err


def test_what_is_no_video_is_an_error(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"not a video")
    assert shell("select", tmp_path / "a.mp4").code == 3
    assert shell("select", tmp_path / "none.mp4").code == 3
