"""Written files: what went in comes out, the same bytes every time, and nothing half done under the final name."""

from __future__ import annotations

import resource
import signal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core.errors import SestinaError
from sestina.media.decode import audio_blocks, pictures, sweep
from sestina.media.encode import VideoWriter
from sestina.media.probe import probe
from tests.media import make

RATE = Fraction(30000, 1001)


def write(path: Path, count: int = 30) -> Path:
    with VideoWriter(path, width=96, height=64, rate=RATE, sample_rate_hz=48_000) as writer:
        sound = make.tone(count / float(RATE))
        for i in range(count):
            writer.add_frame(make.grey(i, 96, 64))
        for at in range(0, sound.shape[1], 5000):
            writer.add_audio(sound[:, at : at + 5000])
    return path


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4")
    info = probe(path)
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.frame_rate, info.video.frame_count, info.video.vfr) == (RATE, 30, False)
    assert (info.span.start_s, info.span.end_s, info.problems) == (0.0, 1.001, ())
    assert (info.audio.start_s, info.audio.rate_hz, info.audio.channels) == (0.0, 48_000, 2)
    with sweep(path, info) as frames:
        got = [make.number(luma) for batch in frames for luma in batch.luma]
    assert got == list(range(30))
    samples = next(iter(audio_blocks(path, info))).samples
    np.testing.assert_allclose(samples[:, 4800:43_200], make.tone(1.0)[:, 4800:43_200], atol=0.02)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_the_same_bytes_every_time(tmp_path: Path, suffix: str) -> None:
    assert write(tmp_path / f"a{suffix}").read_bytes() == write(tmp_path / f"b{suffix}").read_bytes()


def test_colours_survive(tmp_path: Path) -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (180, 120, 60)]
    for size in ((96, 64), (1280, 720)):
        path = tmp_path / f"{size[0]}.mp4"
        with VideoWriter(path, width=size[0], height=size[1], rate=Fraction(25), crf=8) as writer:
            for colour in colours:
                writer.add_frame(np.full((size[1], size[0], 3), colour, np.uint8))
        got = [p.rgb.mean(axis=(0, 1)) for p in pictures(path, probe(path), [i / 25 for i in range(6)])]
        np.testing.assert_allclose(got, colours, atol=4)


def test_vfr_by_explicit_pts(tmp_path: Path) -> None:
    path = tmp_path / "vfr.mp4"
    times_ms = [0, 40, 80, 200, 240, 1000]
    base = Fraction(1, 1000)
    with VideoWriter(path, width=96, height=64, rate=Fraction(25), time_base=base, b_frames=0) as writer:
        for i, ms in enumerate(times_ms):
            writer.add_frame(make.grey(i, 96, 64), ms)
    info = probe(path)
    found = info.frame_table()
    assert found is not None
    np.testing.assert_allclose(found.times_s * 1000, times_ms)
    assert info.span.end_s == 1.04
    assert info.problems == ()


def test_pts_go_on_from_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "mixed.mp4"
    with VideoWriter(path, width=96, height=64, rate=Fraction(25), time_base=Fraction(1, 100)) as writer:
        for pts in (None, None, 20, None):
            writer.add_frame(make.grey(0, 96, 64), pts)
        with pytest.raises(ValueError, match="does not come after"):
            writer.add_frame(make.grey(0, 96, 64), 24)
    found = probe(path).frame_table()
    assert found is not None
    np.testing.assert_allclose(found.times_s, [0, 0.04, 0.2, 0.24])


def test_444_allows_odd_sizes(tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    with VideoWriter(path, width=95, height=63, rate=Fraction(25), pixel_format="yuv444p") as writer:
        writer.add_frame(make.grey(7, 95, 63))
    info = probe(path)
    assert info.video is not None
    assert (info.video.width, info.video.height) == (95, 63)


@pytest.mark.parametrize("name", ["a:b.mp4", "-x.mp4", "quote'\" é 片.mp4", "new\nline.mp4", "%03d.mp4"])
def test_hostile_names(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path(name), 3)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert probe(Path(name)).video is not None


def broken_off(path: Path, error: BaseException) -> None:
    with VideoWriter(path, width=96, height=64, rate=RATE) as writer:
        writer.add_frame(make.grey(0, 96, 64))
        raise error


def test_an_error_inside_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        broken_off(tmp_path / "a.mp4", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_an_old_file_stays_until_the_new_one_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        broken_off(path, ZeroDivisionError())
    assert path.read_bytes() == b"old"
    write(path, 2)
    assert probe(path).video is not None


def write_noise(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (20, 240, 320, 3), np.uint8)
    with VideoWriter(path, width=320, height=240, rate=RATE) as writer:
        for frame in noise:
            writer.add_frame(frame)


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    """A limit on file size stands for the full disk: writing fails in the same place."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(SestinaError, match="cannot write") as caught:
            write_noise(tmp_path / "a.mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="cannot write") as caught:
        VideoWriter(tmp_path / "no" / "a.mp4", width=96, height=64, rate=RATE)
    assert caught.value.hint


def test_misuse_is_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    for wrong in ({"width": 95}, {"height": 0}, {"channels": 3}, {"rate": Fraction(0)}):
        with pytest.raises(ValueError):
            VideoWriter(path, **({"width": 96, "height": 64, "rate": RATE} | wrong))  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="cannot write"):
        VideoWriter(tmp_path / "a.txt", width=96, height=64, rate=RATE)
    with pytest.raises(ValueError, match="at least one frame"), VideoWriter(path, width=96, height=64, rate=RATE):
        pass
    with VideoWriter(path, width=96, height=64, rate=RATE) as writer:
        writer.add_frame(make.grey(0, 96, 64))
        with pytest.raises(ValueError, match="expected uint8"):
            writer.add_frame(make.grey(0, 64, 96))
        with pytest.raises(ValueError, match="no sound"):
            writer.add_audio(make.tone(0.1))
    with pytest.raises(ValueError, match="closed"):
        writer.add_frame(make.grey(0, 96, 64))
    writer.close()
