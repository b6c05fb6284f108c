"""Damaged files: a valid result or one MediaError with a hint; no other exception, no crash, no hang.

Each mutation runs in a process of its own kind (all of one file's in one), so that a crash of the decoder fails the
test and not the test run. Cases that a longer run of the same search found stand below by name.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sestina.core.errors import MediaError
from sestina.media.decode import audio_blocks, pictures, sweep
from sestina.media.planes import MOST_PIXELS
from sestina.media.probe import probe, refined
from tests.media import make

COUNT = 14
"""Mutations of each file."""

LIMIT_S = 60
"""For all mutations of one file together; they take about one second."""

SOUND_LIMIT = 3600 * 48_000
"""Samples after which a damaged file's sound is not read on."""

KINDS: dict[str, dict[str, Any]] = {
    "a.mp4": {},
    "fragments.mp4": {"muxing": {"movflags": "frag_keyframe+empty_moov"}},
    "b.mkv": {},
    "c.ts": {"container": "mpegts"},
    "d.avi": {"codec": "mpeg4", "b_frames": 0, "sound_codec": "mp2"},
    "e.gif": {"codec": "gif", "pixel_format": "rgb8", "sound": None},
    "f.webm": {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}, "sound_codec": "libopus"},
    "g.flv": {"container": "flv", "sound_rate_hz": 44_100},
}


def mutated(data: bytes, seed: int) -> bytes:
    """Change, remove, insert and cut bytes of `data`, half of them near its start where headers are."""
    rng = np.random.default_rng(seed)
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 10))):
        at = int(rng.integers(0, min(len(out), 600) if rng.random() < 0.5 else len(out)))
        kind = int(rng.integers(0, 6 if seed % 2 else 4))
        if kind < 3:
            out[at] = int(rng.integers(0, 256))
        elif kind == 3:
            out[at : at + 4] = (bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0")[int(rng.integers(0, 4))]
        elif kind == 4:
            del out[at : at + int(rng.integers(1, 100))]
        else:
            out[at:at] = rng.bytes(int(rng.integers(1, 50)))
    keep = int(rng.integers(1, len(out))) if rng.random() < 0.1 else len(out)
    return bytes(out[:keep])


def is_readable(path: Path) -> bool:
    """Read everything there is to read; False after a MediaError. Anything else escapes."""
    try:
        read_whole(path)
    except MediaError as error:
        if not error.hint:
            raise
        return False
    return True


def read_whole(path: Path) -> None:
    info = probe(path)
    if info.video is not None:
        with sweep(path, info) as frames:
            count = sum(len(batch) for batch in frames)
        info = refined(info, frames.pts, end_pts=frames.end_pts, problems=frames.problems)
        table = info.frame_table()
        assert table is not None
        assert len(table) == count
        assert len(list(pictures(path, info, [info.span.start_s, info.span.middle_s, info.span.end_s]))) == 3
    if info.audio is not None:
        heard = 0
        for block in audio_blocks(path, info):
            heard += block.samples.shape[1]
            assert np.isfinite(block.samples).all()
            if heard > SOUND_LIMIT:
                break
    info.model_dump_json()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_mutated_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    make.video(path, make.numbered(12), **({"sound": make.tone(0.5)} | KINDS[name]))
    run = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.media.test_damage", str(path), str(COUNT)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-300:] + run.stderr[-3000:]
    assert run.stdout.split()[-1] == "done"


def test_a_rate_of_almost_nothing(tmp_path: Path) -> None:
    """AVI with one frame in 68 years: no such rate is believed."""
    path = make.video(tmp_path / "slow.avi", make.numbered(5), codec="mpeg4", b_frames=0)
    data = bytearray(path.read_bytes())
    at = data.index(b"strh") + 8 + 20
    data[at : at + 8] = (0x7FFFFFFF).to_bytes(4, "little") + (1).to_bytes(4, "little")
    path.write_bytes(data)
    assert is_readable(path)


@pytest.mark.parametrize("rate_hz", [0, 1, 0x40008000])
def test_a_sample_rate_that_no_sound_has(tmp_path: Path, rate_hz: int) -> None:
    """Resampling from a gigahertz took a quarter of a minute for one second of sound."""
    path = make.wave(tmp_path / "a.wav", make.tone(0.5))
    data = bytearray(path.read_bytes())
    data[24:28] = rate_hz.to_bytes(4, "little")
    path.write_bytes(data)
    assert not is_readable(path)


def test_a_box_longer_than_any_file(tmp_path: Path) -> None:
    """Looking for the missing index must not seek where no file reaches."""
    path = make.cut(make.video(tmp_path / "long.mp4", make.numbered(12)), 0, 0.5)
    data = path.read_bytes()
    at = data.index(b"mdat") - 4
    path.write_bytes(data[:at] + b"\0\0\0\1mdat" + b"\x7f" * 8 + data[at + 8 :])
    assert not is_readable(path)


def test_a_strip_of_many_thousand_lines(tmp_path: Path) -> None:
    """A GIF whose height became 65,344: planes stay small enough to hold."""
    path = make.video(tmp_path / "tall.gif", make.numbered(2), codec="gif", pixel_format="rgb8")
    data = bytearray(path.read_bytes())
    data[8:10] = (65_344).to_bytes(2, "little")
    path.write_bytes(data)
    info = probe(path)
    with sweep(path, info) as frames:
        sizes = {batch.size for batch in frames}
    assert all(width * height <= MOST_PIXELS for width, height in sizes)


@pytest.mark.parametrize("flags", [0, 1, 4])
def test_streams_that_appear_on_the_way(tmp_path: Path, flags: int) -> None:
    """FLV whose header leaves out a stream, or both, that then follow."""
    path = make.video(
        tmp_path / "late.flv", make.numbered(12), container="flv", sound=make.tone(0.5, 44_100), sound_rate_hz=44_100
    )
    data = bytearray(path.read_bytes())
    data[4] = flags
    path.write_bytes(data)
    assert is_readable(path)


def test_damage_in_the_middle_is_told_and_passed_over(tmp_path: Path) -> None:
    path = make.video(tmp_path / "hole.mp4", [np.roll(make.corners(), 3 * i, 1) for i in range(60)], gop=10)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    middle = start + (len(data) - start) // 3
    data[middle : middle + 600] = b"\xff" * 600
    path.write_bytes(data)
    info = probe(path)
    with sweep(path, info) as frames:
        count = sum(len(batch) for batch in frames)
    exact = refined(info, frames.pts, end_pts=frames.end_pts, problems=frames.problems)
    assert 40 <= count <= 60
    assert exact.problems
    assert exact.span.end_s == 2.4


def search(path: Path, count: int) -> None:
    """Read `count` mutations of a file, saying each seed first: the last one said is the one that crashed."""
    whole = path.read_bytes()
    for seed in range(count):
        print(seed, flush=True)
        path.write_bytes(mutated(whole, seed))
        is_readable(path)
    print("done")


if __name__ == "__main__":
    search(Path(sys.argv[1]), int(sys.argv[2]))
