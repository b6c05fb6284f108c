"""Odd but readable files: each gives a valid storyboard that verifies, and nothing has to be left out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core.errors import MediaError
from sestina.core.invariants import check
from sestina.pipeline.analyze import measure
from sestina.pipeline.verify import verify
from tests.conformance.material import planes
from tests.media import make

Maker = Callable[[Path], Path]


def moving(count: int, height: int = 96, width: int = 160) -> list[make.U8]:
    """Return a drifting texture that cuts at two thirds, as RGB pictures."""
    luma, _, _ = planes(count, height, width)
    return [np.repeat(plane[:, :, None], 3, axis=2) for plane in luma]


def alpha(path: Path) -> Path:
    pictures = [np.dstack([rgb, np.full(rgb.shape[:2], 128, np.uint8)]) for rgb in moving(12)]
    return make.video(path.with_suffix(".webm"), pictures, codec="libvpx-vp9", pixel_format="yuva420p")


def one_pixel(path: Path) -> Path:
    return make.video(path.with_suffix(".mkv"), moving(6, 1, 1), codec="ffv1", pixel_format="yuv444p")


def no_duration(path: Path) -> Path:
    return make.video(path.with_suffix(".mkv"), moving(20), container="matroska", seekable=False)


def broken_start(path: Path) -> Path:
    ts = path.with_suffix(".ts")
    return make.cut(make.video(ts, moving(50), container="mpegts"), 0.15)


def dropped(path: Path) -> Path:
    ticks = [i for i in range(60) if i % 7 not in (2, 3)]
    return make.video(path, moving(len(ticks)), pts=ticks, b_frames=0)


ODD: dict[str, Maker] = {
    "one frame": lambda path: make.video(path, moving(1)),
    "two frames": lambda path: make.video(path, moving(2)),
    "one pixel": one_pixel,
    "8K": lambda path: make.video(path, [np.full((4320, 7680, 3), 90 + 60 * i, np.uint8) for i in range(2)]),
    "240 fps": lambda path: make.video(path, moving(120), rate=240),
    "3 fps": lambda path: make.video(path, moving(9), rate=3),
    "29.97": lambda path: make.video(path, moving(45), rate=Fraction(30000, 1001), sound=make.tone(1.5)),
    "turned by 90": lambda path: make.rotate(make.video(path, moving(20)), 90),
    "turned by 180": lambda path: make.rotate(make.video(path, moving(20)), 180),
    "turned by 270": lambda path: make.rotate(make.video(path, moving(20)), 270),
    "frames dropped": dropped,
    "late start": lambda path: make.video(path, moving(25), pts=range(30, 55), sound=make.tone(2.0)),
    "10-bit HEVC": lambda path: make.video(path, moving(20), codec="libx265", pixel_format="yuv420p10le"),
    "AV1": lambda path: make.video(path, moving(10), codec="libsvtav1"),
    "VP9 with alpha": alpha,
    "GIF": lambda p: make.video(p.with_suffix(".gif"), moving(8), codec="gif", pixel_format="rgb8", rate=10),
    "no duration": no_duration,
    "broken start": broken_start,
    "cut in the middle": lambda path: make.cut(
        make.video(path, moving(60), muxing={"movflags": "+faststart"}, b_frames=0, gop=5), 0.0, 0.6
    ),
    "anamorphic": lambda path: make.video(path, moving(10), sar=Fraction(4, 3)),
    "odd size": lambda path: make.video(path, moving(10, 97, 161), pixel_format="yuv444p"),
    "sound outlasts the picture": lambda path: make.video(path, moving(20), sound=make.tone(3.0)),
    "picture outlasts the sound": lambda path: make.video(path, moving(60), sound=make.tone(0.4)),
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_files_give_a_storyboard_that_verifies(tmp_path: Path, kind: str) -> None:
    path = ODD[kind](tmp_path / "odd.mp4")
    board = measure(path).storyboard
    check(board)
    assert not [note for note in board.provenance.notes if note.startswith("left out")]
    assert board.shots[0].span.start_s == board.media.span.start_s
    found = verify(board, path)
    assert found.ok, found.to_dict()


def test_mutated_files_give_a_storyboard_or_one_media_error(tmp_path: Path) -> None:
    """Bounded fuzzing of the whole journey; media's own tests go further."""
    data = make.video(tmp_path / "whole.mp4", moving(12), sound=make.tone(0.5)).read_bytes()
    rng = np.random.default_rng(5)
    path = tmp_path / "mutated.mp4"
    for _ in range(25):
        mutated = bytearray(data)
        for at in rng.integers(0, len(data), rng.integers(1, 12)):
            mutated[at] = int(rng.integers(0, 256))
        path.write_bytes(mutated[: int(rng.integers(len(data) // 2, len(data) + 1))])
        with suppress(MediaError):
            check(measure(path, skip=["ocr", "faces"]).storyboard)
