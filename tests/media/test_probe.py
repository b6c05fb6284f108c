"""Facts of a file: what the header claims beside what the content shows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core.errors import DecodeError, EmptyError
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.media.decode import sweep
from sestina.media.probe import probe, refined
from tests.media import make


def video_of(info: MediaInfo) -> VideoInfo:
    assert info.video is not None
    return info.video


def audio_of(info: MediaInfo) -> AudioInfo:
    assert info.audio is not None
    return info.audio


def decoded(path: Path) -> MediaInfo:
    info = probe(path)
    with sweep(path, info) as frames:
        for _ in frames:
            pass
    return refined(info, frames.pts, end_pts=frames.end_pts, problems=frames.problems)


def test_a_plain_file(tmp_path: Path) -> None:
    path = make.video(tmp_path / "plain.mp4", make.numbered(30), sound=make.tone(1.2), metadata={"language": "eng"})
    info = probe(path)
    video, audio = video_of(info), audio_of(info)
    assert (video.codec, video.pixel_format, video.bit_depth) == ("h264", "yuv420p", 8)
    assert (video.width, video.height, video.display_width, video.display_height) == (96, 64, 96, 64)
    assert (video.frame_rate, video.vfr, video.frame_times) == (Fraction(25), False, None)
    assert video.frame_count_from_header == video.frame_count_from_content == 30
    assert (video.duration_from_header_s, info.span.start_s, info.span.end_s) == (1.2, 0.0, 1.2)
    assert (audio.codec, audio.rate_hz, audio.channels, audio.layout) == ("aac", 48_000, 2, "stereo")
    assert audio.start_s == 0
    assert audio.duration_s == pytest.approx(1.2, abs=0.03)
    assert (info.name, info.container, info.size_bytes) == ("plain.mp4", "mp4", path.stat().st_size)
    assert info.problems == ()
    assert len(info.sha256) == 64
    assert info == decoded(path)


@pytest.mark.parametrize(
    ("rate", "suffix"),
    [(Fraction(30000, 1001), ".mp4"), (Fraction(30000, 1001), ".mkv"), (Fraction(24000, 1001), ".mkv"), (240, ".mp4")],
)
def test_rates_are_exact(tmp_path: Path, rate: Fraction | int, suffix: str) -> None:
    info = decoded(make.video(tmp_path / f"r{suffix}", make.numbered(60), rate=rate))
    video = video_of(info)
    assert (video.frame_rate, video.vfr, video.frame_count) == (rate, False, 60)
    found = info.frame_table()
    assert found is not None
    np.testing.assert_allclose(found.times_s, np.arange(60) / float(rate), atol=0.00051)


def test_vfr_with_drops(tmp_path: Path) -> None:
    ticks = [i for i in range(50) if i % 7 != 3]
    info = probe(make.video(tmp_path / "vfr.mp4", make.numbered(len(ticks)), pts=ticks, b_frames=0))
    video = video_of(info)
    assert video.vfr
    assert video.frame_times is not None
    assert [t * video.time_base * 25 for t in video.frame_times] == ticks
    assert info.frame_time_s(3) == pytest.approx(4 / 25)


def test_milliseconds_are_no_vfr(tmp_path: Path) -> None:
    """Matroska rounds to 33, 34, 33 ms; the table keeps each, the rate stays 29.97."""
    video = video_of(probe(make.video(tmp_path / "ms.mkv", make.numbered(40), rate=Fraction(30000, 1001))))
    assert (video.vfr, video.time_base) == (False, Fraction(1, 1000))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_swaps_the_display_size(tmp_path: Path, degrees: int) -> None:
    video = video_of(probe(make.rotate(make.video(tmp_path / "r.mp4", make.numbered(3)), degrees)))
    assert (video.width, video.height, video.rotation_deg) == (96, 64, degrees)
    assert (video.display_width, video.display_height) == ((96, 64) if degrees == 180 else (64, 96))


def test_one_frame(tmp_path: Path) -> None:
    info = decoded(make.video(tmp_path / "one.mp4", make.numbered(1)))
    assert video_of(info).frame_count == 1
    assert (info.span.start_s, info.span.end_s) == (0.0, 0.04)


def test_one_frame_without_any_duration(tmp_path: Path) -> None:
    from sestina.media.thumbnail import jpeg

    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg(make.corners()))
    info = decoded(path)
    assert video_of(info).frame_count == 1
    assert info.span.duration_s > 0


def test_delayed_start(tmp_path: Path) -> None:
    sound = make.tone(1.0)
    path = make.video(tmp_path / "late.mp4", make.numbered(20), pts=range(10, 30), sound=sound)
    info = probe(path)
    assert info.span.start_s == 0.4
    assert video_of(info).first_pts * video_of(info).time_base == Fraction(2, 5)
    assert audio_of(info).start_s == 0


def test_an_edit_list_hides_frames(tmp_path: Path) -> None:
    """The first ten frames are stored, but the edit list starts after them: they are never on screen."""
    path = make.video(tmp_path / "edit.mp4", make.numbered(30), gop=100, b_frames=0)
    data = bytearray(path.read_bytes())
    at = data.index(b"elst") + 4
    assert int.from_bytes(data[at + 4 : at + 8], "big") == 1
    timescale = video_of(probe(path)).time_base.denominator
    data[at + 12 : at + 16] = (10 * timescale // 25).to_bytes(4, "big")
    path.write_bytes(data)
    info = decoded(path)
    assert video_of(info).frame_count == 20
    assert info.span.start_s == 0
    with sweep(path, info) as frames:
        assert [make.number(luma) for b in frames for luma in b.luma] == list(range(10, 30))


def test_mkv_without_duration(tmp_path: Path) -> None:
    info = probe(make.video(tmp_path / "live.mkv", make.numbered(25), container="matroska", seekable=False))
    assert info.duration_from_header_s is None
    assert video_of(info).duration_from_header_s is None
    assert info.span.end_s == 1.0


def test_a_transport_stream_with_a_broken_start(tmp_path: Path) -> None:
    """Cut in the middle of a group of pictures: what comes before the first key frame cannot be decoded."""
    for codec in ("libx264", "mpeg2video"):
        path = tmp_path / f"{codec}.ts"
        options = {"b": "4000000"} if codec == "mpeg2video" else None
        make.cut(make.video(path, make.numbered(60), codec=codec, container="mpegts", options=options), 0.13)
        info = decoded(path)
        with sweep(path, info) as frames:
            got = [make.number(luma) % make.LEVELS for b in frames for luma in b.luma]
        first = got[0]
        assert first > 0
        assert got == [i % make.LEVELS for i in range(first, 60)]
        found = info.frame_table()
        assert found is not None
        assert len(found) == len(got)
        assert info.span.start_s == pytest.approx(found.times_s[0])


def test_the_header_lies_about_the_length(tmp_path: Path) -> None:
    path = make.video(tmp_path / "lie.mp4", make.numbered(50), muxing={"movflags": "+faststart"}, b_frames=0, gop=5)
    make.cut(path, 0, 0.7)
    info = decoded(path)
    video = video_of(info)
    assert video.frame_count_from_header == 50
    assert video.frame_count_from_content is not None
    assert 20 < video.frame_count_from_content < 50
    assert any("header says 2.00 s" in line for line in info.problems)
    assert any("header says 50 frames" in line for line in info.problems)


def test_a_header_of_zero_length(tmp_path: Path) -> None:
    path = make.video(tmp_path / "zero.mp4", make.numbered(20))
    data = bytearray(path.read_bytes())
    for box, offset in ((b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)):
        at = data.index(box) + 4 + offset
        data[at : at + 4] = bytes(4)
    path.write_bytes(data)
    info = decoded(path)
    assert (video_of(info).frame_count, info.span.end_s) == (20, 0.8)


def test_gif(tmp_path: Path) -> None:
    info = decoded(make.video(tmp_path / "a.gif", make.numbered(8), codec="gif", pixel_format="rgb8", rate=10))
    video = video_of(info)
    assert (video.codec, video.frame_count, video.has_alpha, info.span.end_s) == ("gif", 8, False, 0.8)


def test_ten_bit_hevc(tmp_path: Path) -> None:
    path = make.video(
        tmp_path / "ten.mp4",
        make.numbered(5),
        codec="libx265",
        pixel_format="yuv420p10le",
        options={"x265-params": "log-level=none"},
    )
    video = video_of(probe(path))
    assert (video.codec, video.bit_depth, video.hdr) == ("hevc", 10, False)


def test_audio_only(tmp_path: Path) -> None:
    info = probe(make.wave(tmp_path / "a.wav", make.tone(0.5)))
    assert info.video is None
    assert info.frame_table() is None
    assert (info.span.start_s, info.span.end_s) == (0.0, 0.5)
    assert refined(info, np.array([], np.int64)) == info
    with pytest.raises(ValueError, match="no video"):
        info.frame_time_s(0)


def test_cover_art_is_no_video(tmp_path: Path) -> None:
    """An MP4 song with a picture: the picture's stream is marked as attached, or lies in the `covr` tag."""
    import av

    from sestina.media.thumbnail import jpeg

    path = tmp_path / "song.mkv"
    make.video(path, [], sound=make.tone(0.5), sound_only=True)
    covered = tmp_path / "covered.mkv"
    with av.open(str(path)) as source, av.open(str(covered), "w") as out:
        sound = out.add_stream_from_template(source.streams.audio[0])
        out.add_attachment("cover.jpg", "image/jpeg", jpeg(make.corners()))
        for packet in source.demux(audio=0):
            if packet.size:
                packet.stream = sound
                out.mux(packet)
    info = probe(covered)
    assert info.video is None
    assert info.audio is not None


def test_the_largest_video_stream_wins(tmp_path: Path) -> None:
    import av

    small = make.video(tmp_path / "small.mp4", make.numbered(5, 48, 32))
    large = make.video(tmp_path / "large.mp4", make.numbered(5, 160, 96))
    both = tmp_path / "both.mkv"
    with av.open(str(small)) as a, av.open(str(large)) as b, av.open(str(both), "w") as out:
        streams = [out.add_stream_from_template(c.streams.video[0]) for c in (a, b)]
        for container, stream in zip((a, b), streams, strict=True):
            for packet in container.demux(video=0):
                if packet.size:
                    packet.stream = stream
                    out.mux(packet)
    video = video_of(probe(both))
    assert (video.width, video.height, video.stream_index) == (160, 96, 1)


def test_tags_survive_odd_bytes(tmp_path: Path) -> None:
    path = make.video(tmp_path / "tag.mp4", make.numbered(2), muxing={"fflags": "+bitexact"})
    assert all(isinstance(value, str) for value in probe(path).tags.values())


def test_refined_without_frames_is_an_error(tmp_path: Path) -> None:
    info = probe(make.video(tmp_path / "a.mp4", make.numbered(2)))
    with pytest.raises(DecodeError):
        refined(info, np.array([], np.int64))


def test_refined_takes_over_what_was_seen(tmp_path: Path) -> None:
    info = probe(make.video(tmp_path / "a.mp4", make.numbered(10)))
    tick = video_of(info).end_pts
    assert tick is not None
    step = tick // 10
    seen = np.array([0, step, 5 * step], np.int64)
    exact = refined(info, seen, end_pts=6 * step, problems=["data that cannot be decoded"])
    video = video_of(exact)
    assert (video.frame_count, video.vfr, exact.span.end_s) == (3, True, 0.24)
    assert exact.problems[-1] == "data that cannot be decoded"


def test_a_subtitle_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n\n")
    with pytest.raises(EmptyError) as caught:
        probe(path)
    assert caught.value.hint
