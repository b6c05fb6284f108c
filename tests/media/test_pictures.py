"""Random access: bit for bit what decoding from the start shows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sestina.core.errors import SeekError
from sestina.core.media_info import MediaInfo
from sestina.core.time import seconds
from sestina.media.decode import pictures
from sestina.media.probe import probe
from tests.media import make

X265 = {"x265-params": "log-level=none:keyint=10:min-keyint=10:open-gop=1:bframes=3", "preset": "ultrafast"}
OPEN = {"preset": "veryfast", "x264-params": "open-gop=1:keyint=10:min-keyint=10:scenecut=0:bframes=3:b-pyramid=none"}


def moving(count: int, width: int = 96, height: int = 64) -> list[make.U8]:
    """Numbered frames with a bright block that moves, so that every prediction matters."""
    frames = make.numbered(count, width, height)
    for i, frame in enumerate(frames):
        x = (7 * i) % (width - 16)
        frame[8:24, x : x + 16] = (255, 255 - 5 * (i % 50), 40)
    return frames


KINDS: dict[str, dict[str, Any]] = {
    "closed.mp4": {},
    "open.mp4": {"options": OPEN},
    "open.mkv": {"options": OPEN},
    "open-hevc.mp4": {"codec": "libx265", "options": X265, "b_frames": 3},
    "ten-bit.mp4": {"codec": "libx265", "options": X265, "pixel_format": "yuv420p10le"},
    "vfr.mp4": {"pts": [i + 3 * (i // 7) for i in range(60)]},
    "late.mp4": {"pts": list(range(40, 100))},
    "stream.ts": {"container": "mpegts"},
    "old.avi": {"codec": "mpeg4", "b_frames": 0},
    "mpeg2.ts": {"codec": "mpeg2video", "container": "mpegts"},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}},
    "av1.mkv": {"codec": "libsvtav1", "options": {"preset": "10"}, "b_frames": 0},
    "av1.mp4": {"codec": "libsvtav1", "options": {"preset": "10"}, "b_frames": 0},
    "intra.mkv": {"codec": "ffv1", "pixel_format": "yuv420p"},
    "flat.gif": {"codec": "gif", "pixel_format": "rgb8", "rate": 10},
}


@pytest.fixture(scope="module", params=sorted(KINDS))
def clip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind: dict[str, Any] = KINDS[request.param]
    return make.video(tmp_path_factory.mktemp("pictures") / request.param, moving(60), **kind)


def frame_times(info: MediaInfo) -> list[float]:
    found = info.frame_table()
    assert found is not None
    return [float(t) for t in found.times_s]


def test_every_frame_alone_equals_the_sequence(clip: Path) -> None:
    info = probe(clip)
    times = frame_times(info)
    together = [p.rgb for p in pictures(clip, info, times)]
    assert len(together) == 60
    for i in range(0, 60, 7):
        alone = list(pictures(clip, info, [times[i]]))
        assert len(alone) == 1
        assert alone[0].time_s == times[i]
        assert np.array_equal(alone[0].rgb, together[i]), i


def test_sparse_times_equal_the_sequence(clip: Path) -> None:
    """Far apart, pictures are reached by jumps; the answer is the same as from a run through all frames."""
    info = probe(clip)
    times = frame_times(info)
    together = [p.rgb for p in pictures(clip, info, times)]
    for chosen in ([2, 31, 55], [11, 12, 47], [29, 30, 59], [0, 10, 20, 30, 40, 50]):
        got = list(pictures(clip, info, [times[i] for i in chosen]))
        assert [p.time_s for p in got] == [times[i] for i in chosen]
        assert all(np.array_equal(p.rgb, together[i]) for p, i in zip(got, chosen, strict=True))


def test_pts_are_those_of_plain_decoding(clip: Path) -> None:
    info = probe(clip)
    assert [p.pts for p in pictures(clip, info, frame_times(info))] == [pts for pts, _ in make.sequential(clip)]


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("numbered")
    return make.video(folder / "n.mp4", make.numbered(39), rate=Fraction(30000, 1001), gop=10)


def test_the_number_burnt_in_is_found_at_every_frame_time(numbered: Path) -> None:
    info = probe(numbered)
    assert [make.number(p.rgb) for p in pictures(numbered, info, frame_times(info))] == list(range(39))


def test_a_time_means_the_frame_on_screen(numbered: Path) -> None:
    info = probe(numbered)
    times = frame_times(info)
    between = [seconds(t + 0.02) for t in times]
    assert [make.number(p.rgb) for p in pictures(numbered, info, between)] == list(range(39))
    just_before = [seconds(t - 2e-6) for t in times]
    assert [make.number(p.rgb) for p in pictures(numbered, info, just_before)] == [0, *range(38)]


def test_times_outside_mean_the_first_and_last_frame(numbered: Path) -> None:
    info = probe(numbered)
    assert [make.number(p.rgb) for p in pictures(numbered, info, [-5.0, 1e6])] == [0, 38]


def test_times_come_sorted_and_repeats_are_kept(numbered: Path) -> None:
    info = probe(numbered)
    times = frame_times(info)
    got = [make.number(p.rgb) for p in pictures(numbered, info, [times[20], times[3], times[20], times[3]])]
    assert got == [3, 3, 20, 20]
    assert list(pictures(numbered, info, [])) == []


def test_a_clock_that_starts_again_is_read_on(tmp_path: Path) -> None:
    """Two recordings joined: time stamps repeat, so nothing may be jumped to by time."""
    part = make.video(tmp_path / "part.ts", make.numbered(20), container="mpegts", b_frames=0)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(part.read_bytes() * 2)
    info = probe(joined)
    start = info.span.start_s
    got = list(pictures(joined, info, [start + i / 25 for i in range(40)]))
    assert [make.number(p.rgb) for p in got] == [*range(20), *range(20)]


def test_a_hostile_name(tmp_path: Path) -> None:
    path = make.video(tmp_path / "concat:a|b %03d 'é\n\"片.mp4", make.numbered(12))
    info = probe(path)
    assert [make.number(p.rgb) for p in pictures(path, info, [0, 0.41])] == [0, 10]


HDR10 = {"color_trc": 16, "color_primaries": 9, "colorspace": 9, "color_range": 1}


def test_hdr_is_brought_down_to_a_screen(tmp_path: Path) -> None:
    """PQ 0.58 is the reference white of ITU-R BT.2408 (203 cd/m2), 0.38 its 18 % grey (26 cd/m2), 0 black."""
    frames = [np.full((64, 96, 3), round(255 * signal), np.uint8) for signal in (0, 0.38, 0.58, 0.9)]
    params = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:crf=4"
    path = make.video(
        tmp_path / "hdr.mp4",
        frames,
        codec="libx265",
        pixel_format="yuv420p10le",
        colour=HDR10,
        options={"x265-params": params},
    )
    info = probe(path)
    assert info.video is not None
    assert (info.video.hdr, info.video.transfer, info.video.bit_depth) == (True, "smpte2084", 10)
    black, grey, white, bright = (float(p.rgb.mean()) for p in pictures(path, info, [i / 25 for i in range(4)]))
    assert black <= 2
    assert 90 < grey < 150
    assert 220 < white < 252
    assert bright > white


def test_without_frames_there_is_one_clear_error(numbered: Path, tmp_path: Path) -> None:
    info = probe(numbered)
    dead = tmp_path / "dead.mp4"
    data = bytearray(numbered.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov", start) - 4 if b"moov" in data[start:] else len(data)
    data[start:end] = bytes(end - start)
    dead.write_bytes(data)
    with pytest.raises(SeekError) as caught:
        list(pictures(dead, info, [0.5]))
    assert caught.value.hint
