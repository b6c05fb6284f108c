"""The forward pass: every frame once, at its own time, as small planes that look like the picture."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core.errors import OpenError
from sestina.core.frames import FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.media.decode import AHEAD, pictures, sweep
from sestina.media.planes import SHORT_SIDE
from sestina.media.probe import probe, refined
from tests.media import make


def swept(path: Path, batch: int = 16) -> tuple[MediaInfo, list[FrameBatch]]:
    info = probe(path)
    with sweep(path, info, batch=batch) as frames:
        batches = list(frames)
    return refined(info, frames.pts, end_pts=frames.end_pts, problems=frames.problems), batches


def numbers(batches: list[FrameBatch]) -> list[int]:
    return [make.number(luma) for batch in batches for luma in batch.luma]


def all_pts(batches: list[FrameBatch]) -> list[int]:
    return [int(pts) for batch in batches for pts in batch.pts]


def table(info: MediaInfo) -> list[int]:
    found = info.frame_table()
    assert found is not None
    return [int(pts) for pts in found.pts]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make.video(tmp_path_factory.mktemp("sweep") / "plain.mp4", make.numbered(39))


@pytest.mark.parametrize("batch", [1, 7, 16, 64])
def test_every_frame_once_whatever_the_batch(plain: Path, batch: int) -> None:
    info, batches = swept(plain, batch)
    assert numbers(batches) == list(range(39))
    assert all_pts(batches) == [pts for pts, _ in make.sequential(plain)] == table(info)
    assert [b.index for b in batches] == list(range(0, 39, batch))
    assert all(len(b) == batch for b in batches[:-1])


def test_vfr_keeps_every_frames_own_time(tmp_path: Path) -> None:
    ticks = [0, 1, 2, 5, 6, 20, 21]
    info, batches = swept(make.video(tmp_path / "vfr.mp4", make.numbered(7), pts=ticks))
    assert numbers(batches) == list(range(7))
    assert [t for b in batches for t in b.times_s] == pytest.approx([tick / 25 for tick in ticks])
    assert info.video is not None
    assert info.video.vfr
    assert info.video.frame_times == tuple(all_pts(batches))


def test_a_delayed_start_is_kept(tmp_path: Path) -> None:
    info, batches = swept(make.video(tmp_path / "late.mp4", make.numbered(10), pts=range(27, 37)))
    assert batches[0].times_s[0] == pytest.approx(27 / 25)
    assert (info.span.start_s, info.span.end_s) == (1.08, 1.48)


@pytest.mark.parametrize(
    ("rotation", "white", "red"),
    [(0, (0, 0), (1, 1)), (90, (0, 1), (1, 0)), (180, (1, 1), (0, 0)), (270, (1, 0), (0, 1))],
)
def test_planes_and_pictures_are_upright(
    tmp_path: Path, rotation: int, white: tuple[int, int], red: tuple[int, int]
) -> None:
    path = make.video(tmp_path / "turned.mp4", [make.corners()] * 3)
    if rotation:
        make.rotate(path, rotation)
    info, batches = swept(path)
    luma, cr = batches[0].luma[0], batches[0].cr[0]
    rgb = next(pictures(path, info, [0])).rgb
    assert info.video is not None
    assert info.video.rotation_deg == rotation
    assert rgb.shape == (*batches[0].luma.shape[1:], 3) == (info.video.display_height, info.video.display_width, 3)
    assert brightest(luma) == brightest(rgb[..., 1]) == white
    assert brightest(cr) == brightest(rgb[..., 0].astype(float) - rgb[..., 1]) == red


def brightest(plane: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> tuple[int, int]:
    """Row and column (0 or 1) of the brightest quarter."""
    h, w = plane.shape[0] // 2, plane.shape[1] // 2
    means = {(r, c): plane[r * h : (r + 1) * h, c * w : (c + 1) * w].mean() for r in (0, 1) for c in (0, 1)}
    return max(means, key=lambda key: means[key])


@pytest.mark.parametrize(
    ("codec", "pixel_format", "colour"),
    [
        ("libx264", "yuv420p", {}),
        ("libx264", "yuvj420p", {"color_range": 2}),
        ("libx264", "yuv422p", {}),
        ("libx264", "yuv444p", {}),
        ("libx264", "nv12", {}),
        ("libx264", "yuv420p10le", {}),
        ("ffv1", "yuv410p", {}),
        ("ffv1", "yuv420p16le", {}),
        ("ffv1", "gray", {}),
        ("ffv1", "bgr0", {}),
        ("ffv1", "gbrp10le", {}),
        ("qtrle", "argb", {}),
        ("prores_ks", "yuv422p10le", {}),
        ("rawvideo", "yuyv422", {}),
        ("mpeg2video", "yuv420p", {}),
    ],
)
def test_luma_is_full_range_in_every_pixel_format(
    tmp_path: Path, codec: str, pixel_format: str, colour: dict[str, int]
) -> None:
    path = tmp_path / ("format.mov" if codec == "qtrle" else "format.mkv")
    options = {"crf": "4", "preset": "ultrafast"} if codec == "libx264" else {}
    frames = [np.full((64, 96, 3), value, np.uint8) for value in (0, 60, 128, 200, 255)]
    make.video(path, frames, codec=codec, pixel_format=pixel_format, colour=colour, options=options, b_frames=0)
    info, batches = swept(path)
    got = np.concatenate([b.luma for b in batches]).mean(axis=(1, 2))
    np.testing.assert_allclose(got, [0, 60, 128, 200, 255], atol=3.5)
    neutral = np.concatenate([b.cb for b in batches]).mean(axis=(1, 2))
    np.testing.assert_allclose(neutral, 128, atol=2.5)
    shown = [p.rgb.mean() for p in pictures(path, info, [i / 25 for i in range(5)])]
    np.testing.assert_allclose(shown, [0, 60, 128, 200, 255], atol=3.5)


def test_red_is_red_in_small_planes(tmp_path: Path) -> None:
    frames = [np.full((64, 96, 3), (255, 0, 0), np.uint8)] * 3
    path = make.video(tmp_path / "red.mp4", frames, options={"crf": "4"})
    _, batches = swept(path)
    # BT.601, as FFmpeg converts and as players read a small video: Y' 0.299, Cb -0.169, Cr 0.5.
    assert batches[0].luma.mean() == pytest.approx(0.299 * 255, abs=2)
    assert batches[0].cb.mean() == pytest.approx(128 - 0.169 * 255, abs=2)
    assert batches[0].cr.mean() == pytest.approx(255, abs=2)


@pytest.mark.parametrize(
    ("width", "height", "small"),
    [(1280, 720, (640, 360)), (720, 1280, (360, 640)), (1366, 768, (455, 256)), (200, 100, (200, 100))],
)
def test_planes_shrink_by_whole_factors_and_never_grow(
    tmp_path: Path, width: int, height: int, small: tuple[int, int]
) -> None:
    path = make.video(tmp_path / "size.mp4", make.numbered(2, width, height))
    _, batches = swept(path)
    assert batches[0].size == small
    assert batches[0].cb.shape[1:] == (small[1] // 2, small[0] // 2)
    assert min(small) < 2 * SHORT_SIDE
    assert numbers(batches) == [0, 1]


def test_shrinking_averages(tmp_path: Path) -> None:
    """A pattern of single black and white pixels becomes even grey, not a moiré of some of them."""
    picture = np.zeros((1080, 1920, 3), np.uint8)
    picture[::2, ::2] = picture[1::2, 1::2] = 255
    path = make.video(tmp_path / "fine.mkv", [picture], codec="ffv1", pixel_format="gray")
    _, batches = swept(path)
    assert np.all(np.abs(batches[0].luma.astype(int) - 128) <= 1)


def test_anamorphic_pixels_become_square(tmp_path: Path) -> None:
    path = make.video(tmp_path / "sar.mp4", make.numbered(3, 720, 576), sar=Fraction(16, 11))
    info, batches = swept(path)
    assert info.video is not None
    assert (info.video.width, info.video.display_width, info.video.display_height) == (720, 1047, 576)
    assert batches[0].size == (523, 288)
    assert next(pictures(path, info, [0])).rgb.shape == (576, 1047, 3)
    assert numbers(batches) == [0, 1, 2]


def test_odd_sizes(tmp_path: Path) -> None:
    path = make.video(tmp_path / "odd.mp4", make.numbered(3, 95, 63), codec="mpeg4", options={"qscale": "2"})
    info, batches = swept(path)
    assert (batches[0].size, batches[0].cb.shape[1:]) == ((95, 63), (31, 47))
    assert next(pictures(path, info, [0])).rgb.shape == (63, 95, 3)
    assert numbers(batches) == [0, 1, 2]


def test_one_pixel(tmp_path: Path) -> None:
    path = make.video(tmp_path / "dot.mkv", make.numbered(3, 1, 1), codec="ffv1", pixel_format="yuv444p")
    info, batches = swept(path)
    assert (batches[0].luma.shape, batches[0].cb.shape) == ((3, 1, 1), (3, 1, 1))
    assert numbers(batches) == [0, 1, 2]
    assert next(pictures(path, info, [0])).rgb.shape == (1, 1, 3)


def test_8k(tmp_path: Path) -> None:
    path = make.video(tmp_path / "8k.mp4", [make.grey(3, 7680, 4320)], options={"preset": "ultrafast", "crf": "40"})
    info, batches = swept(path)
    assert batches[0].size == (480, 270)
    assert numbers(batches) == [3]
    assert next(pictures(path, info, [0])).rgb.shape == (4320, 7680, 3)


def test_a_change_of_size_on_the_way_is_stretched_to_the_first(tmp_path: Path) -> None:
    first = make.video(tmp_path / "a.ts", make.numbered(10), container="mpegts", b_frames=0)
    second = make.video(tmp_path / "b.ts", make.numbered(10, 160, 120), container="mpegts", b_frames=0)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    _, batches = swept(joined)
    assert {b.size for b in batches} == {(96, 64)}
    assert numbers(batches) == [*range(10), *range(10)]
    assert np.all(np.diff(all_pts(batches)) > 0)


def test_alpha_is_composited_over_black(tmp_path: Path) -> None:
    half = [np.dstack([make.grey(20 + i, 96, 64), np.full((64, 96), 128, np.uint8)]) for i in range(4)]
    path = make.video(
        tmp_path / "alpha.webm",
        half,
        codec="libvpx-vp9",
        pixel_format="yuva420p",
        metadata={"alpha_mode": "1"},
        options={"crf": "4", "b": "0"},
    )
    info, batches = swept(path)
    assert info.video is not None
    assert info.video.has_alpha
    expected = [make.level(20 + i) / 2 for i in range(4)]
    np.testing.assert_allclose(batches[0].luma.mean(axis=(1, 2)), expected, atol=3)
    shown = [p.rgb.mean() for p in pictures(path, info, [i / 25 for i in range(4)])]
    np.testing.assert_allclose(shown, expected, atol=3)


def test_interlaced_is_flagged(tmp_path: Path) -> None:
    options = {"preset": "ultrafast", "x264-params": "tff=1"}
    for name, flag, extra in (("i.mp4", True, options), ("p.mp4", False, {"preset": "ultrafast"})):
        info, batches = swept(make.video(tmp_path / name, make.numbered(5), options=extra))
        assert info.video is not None
        assert info.video.interlaced is flag
        assert len(all_pts(batches)) == 5


def test_memory_does_not_grow_with_the_video(tmp_path: Path) -> None:
    """A slow reader of a minute of video holds the decoder back: few frames are in memory at any time."""
    path = make.video(tmp_path / "minute.mp4", (make.grey(i, 160, 120) for i in range(1500)))
    info = probe(path)
    frames = 0
    tracemalloc.start()
    for batch in sweep(path, info, batch=8):
        frames += len(batch)
        time.sleep(0.001)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    frame_bytes = 160 * 120 * 3 // 2
    assert frames == 1500
    assert peak < (AHEAD + 3) * 8 * frame_bytes + 300_000


def decoding_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sestina-decode"]


def test_stopping_early_ends_the_thread(plain: Path) -> None:
    info = probe(plain)
    with sweep(plain, info, batch=1) as frames:
        next(frames)
    assert decoding_threads() == []
    assert list(frames) == []


def test_a_forgotten_sweep_ends_by_itself(plain: Path) -> None:
    frames = sweep(plain, probe(plain), batch=1)
    next(frames)
    del frames
    gc.collect()
    deadline = time.monotonic() + 5
    while decoding_threads() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert decoding_threads() == []


def interrupted(path: Path) -> None:
    with sweep(path, probe(path), batch=1) as frames:
        for _ in frames:
            raise KeyboardInterrupt


def test_an_interrupt_passes_through(plain: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(plain)
    assert decoding_threads() == []


ENDLESS = """
import sys, time
from sestina.media.decode import sweep
from sestina.media.probe import probe
info = probe(sys.argv[1])
while True:
    for batch in sweep(sys.argv[1], info, batch=2):
        print("reading", flush=True)
"""


def test_ctrl_c_ends_the_process(plain: Path) -> None:
    """The interrupt comes at any moment, most often while the reader waits for the decoder."""
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(plain)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    assert process.returncode != 0


def test_a_file_that_vanishes_raises_where_it_is_read(plain: Path, tmp_path: Path) -> None:
    path = tmp_path / "gone.mp4"
    path.write_bytes(plain.read_bytes())
    frames = sweep(path, probe(path))
    path.unlink()
    with pytest.raises(OpenError):
        next(frames)
    with pytest.raises(OpenError):
        sweep(path, probe(plain))


def test_misuse_is_the_callers(plain: Path, tmp_path: Path) -> None:
    sound = make.wave(tmp_path / "a.wav", make.tone(0.5))
    with pytest.raises(ValueError, match="no video"):
        sweep(sound, probe(sound))
    with pytest.raises(ValueError, match="at least one"):
        sweep(plain, probe(plain), batch=0)
