"""Clips: every frame carries its number and every tenth a click, so what was cut is read off what came out."""

from __future__ import annotations

import json
import wave
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sestina.core.errors import QueryError, SestinaError
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export import clips as exporter
from sestina.media.decode import audio_blocks, pictures
from sestina.media.probe import probe
from tests.export import films
from tests.export.boards import HOSTILE, RATES, unit
from tests.media import make

NTSC = Fraction(30000, 1001)
CUTS = (0, 20, 33, 40, 57)
"""With a key frame every tenth frame: at, off, at, and off a key frame."""
VFR = [20 * n + 7 * (n % 3) for n in range(60)]


def cut(board: Storyboard, video: Path | None, folder: Path, **options: Any) -> list[dict[str, Any]]:
    folder.mkdir()
    exporter.clips(board, folder, video=video, **options)
    found: list[dict[str, Any]] = json.loads((folder / "index.json").read_text())["clips"]
    return found


def ticks_s(path: Path) -> list[Fraction]:
    """Return the exact times of a file's frames from its first, seconds."""
    info = probe(path)
    table = info.frame_table()
    assert table is not None
    return [Fraction(int(tick - table.pts[0])) * table.time_base for tick in table.pts]


def check(found: Sequence[dict[str, Any]], source: Path, folder: Path, cuts: Sequence[int] = CUTS) -> None:
    """Every clip has its frames, at their distances, and the clicks of its time."""
    times = ticks_s(source)
    bounds = [*cuts, len(times)]
    assert [(one["first_frame"], one["frames"]) for one in found] == [
        (a, b - a) for a, b in pairwise(bounds)
    ]
    for one in found:
        path, first, after = folder / one["file"], one["first_frame"], one["first_frame"] + one["frames"]
        assert films.numbers(path) == list(range(first, after))
        assert ticks_s(path) == [time - times[first] for time in times[first:after]]
        truth = [float(times[n] - times[first]) for n in range(first, after) if n % 10 == 0]
        assert films.heard(path)[: len(truth)] == pytest.approx(truth, abs=0.002)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("copy", [True, False])
def test_frames_times_and_sound_at_every_rate(tmp_path: Path, rate: Fraction, copy: bool) -> None:
    video = films.film(tmp_path / "a.mp4", 60, rate, gop=10)
    found = cut(films.board(video, CUTS), video, tmp_path / "out", copy=copy)
    check(found, video, tmp_path / "out")
    copied = [one["cut"] == "copied" for one in found]
    # Whether a cut inside a group can be copied is up to where the encoder put its B-frames.
    assert (copied[0], copied[2], copied[4]) == (copy, False, False)
    assert copy or not any(copied)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("b_frames", [0, 2])
def test_a_variable_rate_stays_variable(tmp_path: Path, suffix: str, b_frames: int) -> None:
    base = Fraction(1, 1000)
    video = films.film(tmp_path / f"a{suffix}", 60, Fraction(50), pts=VFR, time_base=base, gop=10, b_frames=b_frames)
    found = cut(films.board(video, CUTS), video, tmp_path / "out")
    check(found, video, tmp_path / "out")
    assert found[0]["cut"] == "copied", found[0]["reason"]


def test_without_b_frames_an_end_anywhere_is_copied(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 60, NTSC, gop=10, b_frames=0)
    found = cut(films.board(video, (0, 20, 33, 40, 57)), video, tmp_path / "out")
    check(found, video, tmp_path / "out")
    assert [one["cut"] for one in found] == ["copied", "copied", "encoded", "copied", "encoded"]
    assert found[2]["reason"] == "the first frame is no key frame"


def test_a_transport_stream_that_starts_late(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.ts", 60, NTSC, gop=10, b_frames=0)
    found = cut(films.board(video, CUTS), video, tmp_path / "out")
    check(found, video, tmp_path / "out")


def test_open_groups_of_pictures_are_encoded(tmp_path: Path) -> None:
    """Pictures that lead in to a key frame belong to the clip before it, and cannot be cut off."""
    options = {**make.X264, "x264-params": "open-gop=1:keyint=10:min-keyint=10:scenecut=0:bframes=2"}
    video = films.film(tmp_path / "a.mp4", 60, NTSC, options=options)
    check(cut(films.board(video, CUTS), video, tmp_path / "out"), video, tmp_path / "out")


@pytest.mark.parametrize(
    ("facts", "changed"),
    [
        ({"size": (95, 63), "pixel_format": "yuv444p"}, ["colour at full size, since a side is odd"]),
        ({"pixel_format": "yuv420p10le"}, ["10 bits a sample to 8"]),
        ({"sar": Fraction(4, 3)}, ["pixels made square"]),
        ({"sound": False}, []),
    ],
)
def test_odd_pictures(tmp_path: Path, facts: dict[str, Any], changed: list[str]) -> None:
    video = films.film(tmp_path / "a.mp4", 60, NTSC, gop=10, **facts)
    found = cut(films.board(video, CUTS), video, tmp_path / "out")
    for one in found:
        path = tmp_path / "out" / one["file"]
        assert films.numbers(path) == list(range(one["first_frame"], one["first_frame"] + one["frames"]))
        assert (probe(path).audio is not None) == facts.get("sound", True)
        assert one.get("changed", changed) == changed
        before, after = probe(video).video, probe(path).video
        assert before is not None
        assert after is not None
        assert (after.display_width, after.display_height) == (before.display_width, before.display_height)


def test_a_turned_picture_stays_turned(tmp_path: Path) -> None:
    video = make.rotate(films.film(tmp_path / "a.mp4", 60, NTSC, gop=10), 90)
    board = films.board(video, (0, 20, 33))
    found = cut(board, video, tmp_path / "out")
    assert [one["cut"] for one in found] == ["copied", "encoded", "encoded"]
    source = [picture.rgb for picture in pictures(video, board.media, [board.media.frame_time_s(n) for n in (5, 25)])]
    for one, frame, truth in zip(found, (5, 5), source, strict=False):
        path = tmp_path / "out" / one["file"]
        info = probe(path)
        assert info.video is not None
        assert (info.video.display_width, info.video.display_height) == (64, 96)
        shown = next(pictures(path, info, [info.frame_time_s(frame)])).rgb
        assert np.abs(shown.astype(int) - truth).mean() < 6


@pytest.mark.parametrize(
    ("codec", "options", "name"),
    [
        ("libx265", {"x265-params": "log-level=none:open-gop=0:keyint=10:scenecut=0:pools=1", "crf": "10"}, "a.mkv"),
        ("libsvtav1", {"crf": "20", "preset": "10"}, "a.mp4"),
        ("libvpx-vp9", {"crf": "10", "b": "0", "deadline": "realtime", "cpu-used": "8"}, "a.webm"),
    ],
)
def test_newer_codecs_are_copied(tmp_path: Path, codec: str, options: dict[str, str], name: str) -> None:
    sound = "libopus" if name == "a.webm" else "aac"
    facts: dict[str, Any] = {"codec": codec, "options": options, "sound_codec": sound, "sound": sound == "aac"}
    video = films.film(tmp_path / name, 60, NTSC, gop=10, size=(128, 96), **facts)
    found = cut(films.board(video, (0, 20, 40)), video, tmp_path / "out")
    assert [one["cut"] for one in found if one["first_frame"] in (0, 40)] == ["copied", "copied"]
    for one in found:
        frames = range(one["first_frame"], one["first_frame"] + one["frames"])
        assert films.numbers(tmp_path / "out" / one["file"]) == list(frames)


def test_a_copy_that_does_not_decode_alike_is_not_kept(tmp_path: Path) -> None:
    """With intra refresh, what is marked as a key frame needs the frames before it; only decoding tells."""
    options = {"x264-params": "intra-refresh=1:keyint=10:bframes=0", "crf": "12"}
    video = films.film(tmp_path / "a.mp4", 60, NTSC, options=options)
    found = cut(films.board(video, (0, 20, 40)), video, tmp_path / "out")
    check(found, video, tmp_path / "out", (0, 20, 40))
    assert [one["cut"] for one in found] == ["copied", "encoded", "encoded"]
    assert found[1]["reason"].startswith("the copy was not exact")


def test_other_codecs_are_encoded_and_say_so(tmp_path: Path) -> None:
    video = films.film(
        tmp_path / "a.webm", 60, Fraction(25), codec="libvpx", options={"crf": "4", "b": "2M"}, b_frames=0,
        sound_codec="libopus",
    )  # fmt: skip
    found = cut(films.board(video, CUTS), video, tmp_path / "out")
    check(found, video, tmp_path / "out")
    assert {one["reason"] for one in found} == {"vp8 is not copied into MP4"}


def test_sound_alone_is_exact_to_the_sample(tmp_path: Path) -> None:
    sound = films.clicks([0.5, 1.5, 2.5], 3)
    path = make.wave(tmp_path / "a.wav", sound)
    beats = [
        unit("b0", "narr.beat", Span.of(0, 1.25), label="hook", level="segment"),
        unit("b1", "narr.beat", Span.of(1.25, 3), label="payoff", level="segment"),
    ]
    found = cut(Storyboard(media=probe(path), items=tuple(beats)), path, tmp_path / "out", by="beats")
    assert [one["file"] for one in found] == ["beat-001-hook.wav", "beat-002-payoff.wav"]
    with wave.open(str(tmp_path / "out" / "beat-002-payoff.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (48_000, 2, 84_000)
        kept = np.frombuffer(file.readframes(84_000), "<i2").reshape(-1, 2).T / 32767
    assert np.abs(kept - sound[:, 60_000:]).max() < 1e-4


def test_sound_that_starts_late_or_ends_early_stays_in_place(tmp_path: Path) -> None:
    frames = [films.bits(n) for n in range(50)]
    sound = films.clicks([0.2], 0.6)
    video = make.video(tmp_path / "a.mp4", frames, rate=25, gop=10, sound=sound, sound_pts=28_800)
    board = films.board(video, (0, 10, 25))
    for copy in (True, False):
        folder = tmp_path / f"out{copy}"
        found = cut(board, video, folder, copy=copy)
        # Sound from 0.6 to 1.2 s, its click at 0.8 s: in the second clip, 0.4 s after its start.
        assert films.heard(folder / found[1]["file"]) == pytest.approx([0.4], abs=0.002)
        last = probe(folder / found[2]["file"])
        blocks = list(audio_blocks(folder / found[2]["file"], last)) if last.audio is not None else []
        assert all(float(np.abs(block.samples).max()) < 0.25 for block in blocks)


def test_sound_that_starts_late_in_a_long_file(tmp_path: Path) -> None:
    """A seek finds no sound before the cut, so the file is read from its start to know that there is none."""
    sound = make.video(
        tmp_path / "a.mp4", [films.bits(n) for n in range(100)], rate=25, gop=10, b_frames=0,
        sound=films.clicks([0.1], 0.8), sound_pts=round(3.2 * 48_000),
    )  # fmt: skip
    board = films.board(sound, (0, 50, 70))
    found = cut(board, sound, tmp_path / "out")
    assert [one["cut"] for one in found] == ["copied"] * 3
    assert films.heard(tmp_path / "out" / found[2]["file"]) == pytest.approx([0.5], abs=0.002)


def test_an_expression_cuts_where_it_holds(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 60, Fraction(25), gop=10)
    facts = [
        unit("z0", "camera.scale", Span.of(0, 0.8), label="MCU", level="shot"),
        unit("z1", "camera.scale", Span.of(0.8, 2.4), label="CU", level="shot"),
        unit("b0", "narr.beat", Span.of(0.41, 1.2), label="hook", level="segment"),
        unit("x", "edit.transition", Span.at(0.8), label="hard_cut", level="boundary"),
    ]
    board = films.board(video, (0, 20), *facts)
    (one,) = cut(board, video, tmp_path / "out", by="camera.scale<='MCU' and narr.beat=='hook'")
    assert (one["file"], one["first_frame"], one["frames"]) == ("match-001.mp4", 11, 9)
    assert films.numbers(tmp_path / "out" / one["file"]) == list(range(11, 20))
    assert [label["says"] for label in one["units"]] == ["MCU", "hook"]
    (instant,) = cut(board, video, tmp_path / "instant", by="edit.transition")
    assert (instant["first_frame"], instant["frames"]) == (20, 1)
    assert films.numbers(tmp_path / "instant" / instant["file"]) == [20]
    assert cut(board, None, tmp_path / "none", by="camera.pitch") == []
    with pytest.raises(QueryError):
        cut(board, video, tmp_path / "wrong", by="camera.scale<='MCX'")


def test_another_file_of_the_same_frames_may_stand_in(tmp_path: Path) -> None:
    small = films.film(tmp_path / "small.mp4", 60, NTSC, gop=10)
    large = films.film(tmp_path / "large.mkv", 60, NTSC, gop=10, size=(192, 128))
    board = films.board(small, CUTS)
    check(cut(board, large, tmp_path / "out"), large, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "index.json").read_text())["same_file"] is False
    with pytest.raises(SestinaError, match="61 frames, not 60"):
        cut(board, films.film(tmp_path / "c.mp4", 61, NTSC), tmp_path / "other")
    with pytest.raises(SestinaError) as missing:
        cut(board, None, tmp_path / "missing")
    assert "--video" in missing.value.hint


def test_names_are_safe_and_bytes_are_the_same_every_time(tmp_path: Path) -> None:
    video = films.film(tmp_path / "a.mp4", 30, NTSC, gop=10)
    beat = unit("b", "narr.beat", Span.of(0, 1.001), text=HOSTILE, level="segment")
    board = films.board(video, (0, 10, 15), beat)
    for by in ("shots", "beats"):
        one = [cut(board, video, tmp_path / f"{by}{n}", by=by) for n in range(2)]
        assert one[0] == one[1]
        for path in (tmp_path / f"{by}0").iterdir():
            assert path.read_bytes() == (tmp_path / f"{by}1" / path.name).read_bytes()
            assert path.name.isascii()
            assert path.name.replace("-", "").replace("_", "").replace(".", "").isalnum()


REAL = (
    "PySceneDetect__goldeneye-vfr-drop3.mp4", "PySceneDetect__issue-134-rotate.mp4", "decord__flipping_a_pancake.mkv",
    "PySceneDetect__delayed_start.mp4", "Ask-Anything__hitting_baseball.mp4",
)  # fmt: skip
"""Variable rate, turned with open ends, Opus in Matroska, MPEG-4 that starts late, B-frames."""


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_real_clips(tmp_path: Path, clips: Path, name: str) -> None:
    """Cut anywhere and at key frames: as many frames, at their distances, looking the same."""
    video = clips / name
    if not video.is_file():
        pytest.skip(f"{name} is not there")
    info = probe(video)
    table = info.frame_table()
    assert table is not None
    cuts = sorted({len(table) * k // 8 for k in range(8)})
    folder, times = tmp_path / "out", ticks_s(video)
    for one in cut(films.board(video, cuts), video, folder):
        first, after = one["first_frame"], one["first_frame"] + one["frames"]
        assert ticks_s(folder / one["file"]) == [time - times[first] for time in times[first:after]]
        ours = probe(folder / one["file"])
        ends = [ours.frame_time_s(0), ours.frame_time_s(one["frames"] - 1)]
        truth = pictures(video, info, [table.time_s(first), table.time_s(after - 1)])
        for shown, wanted in zip(pictures(folder / one["file"], ours, ends), truth, strict=True):
            error = float(np.abs(shown.rgb.astype(int) - wanted.rgb).mean())
            assert error == 0 if one["cut"] == "copied" else error < 4
