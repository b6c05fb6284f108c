"""Runs of packets that are exactly some frames, and why others are not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core.errors import DecodeError, OpenError
from sestina.core.media_info import MediaInfo
from sestina.media.cutting import PacketTable, Run, copy_run, uncopiable
from sestina.media.probe import probe
from sestina.media.source import Source, resolve
from tests.media import make

RATE = Fraction(30000, 1001)


def clip(path: Path, *, count: int = 30, b_frames: int = 0) -> tuple[Source, MediaInfo]:
    make.video(path, make.numbered(count), rate=RATE, gop=10, b_frames=b_frames, sound=make.tone(count / float(RATE)))
    return resolve(path), probe(path)


def run_of(source: Source, info: MediaInfo, first: int, after: int) -> Run | str:
    table = info.frame_table()
    assert info.video is not None
    assert table is not None
    end = int(table.pts[after]) if after < len(table) else table.end_pts
    return PacketTable(source, info.video).run(int(table.pts[first]), end, after - first)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
@pytest.mark.parametrize(("first", "after"), [(0, 30), (0, 1), (10, 13), (20, 30)])
def test_a_run_from_a_key_frame_is_copied_as_it_is(tmp_path: Path, suffix: str, first: int, after: int) -> None:
    source, info = clip(tmp_path / f"a{suffix}")
    run = run_of(source, info, first, after)
    assert isinstance(run, Run)
    copy_run(source, info, run, tmp_path / "out.mp4")
    ours, theirs = make.sequential(source.path)[first:after], make.sequential(tmp_path / "out.mp4")
    assert len(ours) == len(theirs) == after - first
    assert all(np.array_equal(one[1], other[1]) for one, other in zip(ours, theirs, strict=True))


def test_why_not(tmp_path: Path) -> None:
    source, info = clip(tmp_path / "a.mp4", b_frames=2)
    assert run_of(source, info, 3, 12) == "the first frame is no key frame"
    # Key frame 10, then 13 before 11 and 12: nobody can have 10 .. 12 without decoding 13.
    reasons = {after: run_of(source, info, 10, after) for after in range(11, 20)}
    assert "frames outside are coded between those inside" in reasons.values()
    assert info.video is not None
    table = PacketTable(source, info.video)
    assert table.run(0, 10, 3) != table.run(0, 10, 4)
    assert str(table.run(0, 0, 0)).endswith("for 0 frames")


def test_what_never_can(tmp_path: Path) -> None:
    _, info = clip(tmp_path / "a.mp4")
    assert uncopiable(info) == ""
    assert info.video is not None
    assert info.audio is not None
    assert "sound alone" in uncopiable(info.model_copy(update={"video": None}))
    assert "vp8" in uncopiable(info.model_copy(update={"video": info.video.model_copy(update={"codec": "vp8"})}))
    assert "opus" in uncopiable(info.model_copy(update={"audio": info.audio.model_copy(update={"codec": "opus"})}))


def test_packets_that_are_gone_are_an_error(tmp_path: Path) -> None:
    source, info = clip(tmp_path / "a.mp4")
    run = Run(dts=np.arange(5, dtype=np.int64), start_pts=10**9, end_pts=10**9 + 5)
    with pytest.raises(DecodeError):
        copy_run(source, info, run, tmp_path / "out.mp4")
    source.path.unlink()
    with pytest.raises(OpenError):
        copy_run(source, info, run, tmp_path / "out.mp4")
