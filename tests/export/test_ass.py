"""SubStation Alpha, read back by pysubs2: times, places, colours, and text that is never taken for an override."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pysubs2
import pytest

from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.storyboard import Storyboard, Transcript, Word
from sestina.core.time import Span
from tests.export.boards import CUTS, HOSTILE, NAME, board, unit
from tests.export.screens import ALL_KINDS, frames, made

BOARD = board()


def read(one: Storyboard, **options: Any) -> pysubs2.SSAFile:
    return pysubs2.SSAFile.from_string(made("ass", one, **options).decode(), format_="ass")


def with_text(*more: Any, region: Region, text: str = "Sale") -> Storyboard:
    """Return a storyboard with one on-screen text over 1 .. 3 s and further units."""
    own = unit("o", "diss.overlay.text", Span.of(1, 3), text=text, region=region, level="overlay")
    return BOARD.model_copy(update={"items": (own, *more), "transcript": Transcript()}).canonical()


def test_the_script_has_the_videos_size_and_name() -> None:
    file = read(board(size=(640, 360), name=NAME))
    assert (file.info["PlayResX"], file.info["PlayResY"], file.info["Title"]) == ("640", "360", NAME)
    assert [(event.style, event.name, event.plaintext) for event in file] == [
        ("Screen", "x0", "Only $9.99 today"), ("Speech", "", "Here is how it works, in a minute."),
    ]  # fmt: skip


def test_a_storyboard_of_nothing_is_a_script_without_events() -> None:
    nothing = BOARD.model_copy(update={"items": (), "transcript": Transcript()})
    assert len(read(nothing)) == 0
    assert set(read(nothing).styles) == {"Speech", "Screen", "Boxed"}


@pytest.mark.parametrize(("rate", "facts"), ALL_KINDS)
def test_a_text_shows_on_exactly_its_frames(rate: Fraction, facts: dict[str, Any]) -> None:
    (event,) = read(board(rate, **facts), what="screen")
    assert frames(rate, event.start, event.end, **facts) == (CUTS[1], CUTS[2])


def test_hostile_text_is_never_an_override() -> None:
    (event,) = read(board(text=HOSTILE), what="screen")
    plain = unicodedata.normalize("NFKC", event.plaintext.replace("\u2060", ""))
    assert " ".join(plain.split()) == " ".join(unicodedata.normalize("NFKC", HOSTILE).split())
    assert event.text.startswith("{\\pos(448,540)\\fs26}")
    assert event.text.count("{") == 1


def test_a_text_has_its_place_size_colours_and_angle() -> None:
    region = Region(box=Box(x=0.25, y=0.5, w=0.5, h=0.1))
    parts = [
        unit("c", "diss.overlay.colour", Span.of(1, 3), text="#ff8000", region=region),
        unit("d", "diss.overlay.bg_colour", Span.of(1, 3), text="#000010", region=region),
        unit("e", "diss.overlay.style", Span.of(1, 3), label="box", region=region),
        unit("f", "diss.overlay.rotation", Span.of(1, 3), value=8.0, unit="deg", region=region),
        unit("g", "diss.overlay.colour", Span.of(1, 2), text="#123456", region=region),
    ]
    (event,) = read(with_text(*parts, region=region, text="two\nlines"))
    assert event.text == "{\\pos(640,396)\\fs41\\1c&H0080FF&\\3c&H100000&\\frz-8}two\\Nlines"
    assert event.style == "Boxed"


def test_a_text_is_laid_out_to_fill_its_box() -> None:
    tall = Region(box=Box(x=0.25, y=0.5, w=0.25, h=0.25))  # 320 x 180 pixels
    (event,) = read(with_text(region=tall, text="Comment one or two"))
    # On two lines 180 / 1.75 = 103 would be too wide: 320 / (0.45 * 10 letters) = 71; on one 40, on three 65.
    assert event.text == "{\\pos(480,450)\\fs71}Comment\\None or two"


def test_a_moving_text_moves_along_its_track() -> None:
    boxes = [BoxAt(at_s=at_s, box=Box(x=x, y=0.4, w=0.2, h=0.1)) for at_s, x in ((1.5, 0.1), (2, 0.2), (2.5, 0.6))]
    region = Region(box=Box(x=0.1, y=0.4, w=0.7, h=0.1), track=tuple(boxes))
    legs = [(event.start, event.end, event.text.split("\\fs")[0]) for event in read(with_text(region=region))]
    assert legs == [
        (1000, 1500, "{\\pos(256,324)"),
        (1500, 2000, "{\\move(256,324,384,324)"),
        (2000, 2500, "{\\move(384,324,896,324)"),
        (2500, 3000, "{\\pos(896,324)"),
    ]


def test_a_full_line_of_speech_fits_an_upright_picture() -> None:
    sizes = [read(board(size=size), what="speech").styles["Speech"].fontsize for size in ((1280, 720), (360, 640))]
    assert sizes == [40, 28]  # 0.055 of 720; 0.9 * 360 / (0.45 * 26)


def test_right_to_left_finds_its_direction() -> None:
    words = (Word(text="שלום עולם", start_s=1, end_s=2, speaker="a, b"),)
    (event,) = read(BOARD.model_copy(update={"transcript": Transcript(words=words)}), what="speech")
    assert event.text == "{\\fe-1}שלום עולם"
    assert event.name == "a; b"


def test_a_sound_file_has_a_picture_to_write_on() -> None:
    media = BOARD.media.model_copy(update={"video": None})
    file = read(BOARD.model_copy(update={"media": media}), what="speech", font="Noto Sans, Bold")
    assert (file.info["PlayResX"], file.styles["Speech"].fontname) == ("1920", "Noto Sans; Bold")


def test_libass_draws_a_text_in_its_box(tmp_path: Path) -> None:
    """A frame rendered by FFmpeg's `ass` filter has orange letters around the box's middle, on its frames alone."""
    program = shutil.which("ffmpeg")
    if program is None or " ass " not in run([program, "-hide_banner", "-filters"]).stdout.decode():
        pytest.skip("needs an ffmpeg with libass: apt-get install ffmpeg")
    region = Region(box=Box(x=0.5, y=0.2, w=0.3, h=0.1))
    colour = unit("c", "diss.overlay.colour", Span.of(1, 3), text="#ff8000", region=region)
    (tmp_path / "a.ass").write_bytes(made("ass", with_text(colour, region=region, text="{\\b1}")))
    picture = "color=c=black:s=640x360:r=30:d=4,ass=a.ass"
    command = [program, "-v", "error", "-f", "lavfi", "-i", picture, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    frames = np.frombuffer(run(command, cwd=tmp_path).stdout, np.uint8).reshape(-1, 360, 640, 3)
    lit = np.flatnonzero((frames[..., 0] > 200).reshape(len(frames), -1).any(axis=1))
    assert (lit[0], lit[-1]) == (30, 89)
    rows, columns = np.nonzero(frames[60, ..., 0] > 200)
    assert abs(columns.min() + columns.max() - 2 * 0.65 * 640) < 2 * 0.02 * 640
    assert abs(rows.min() + rows.max() - 2 * 0.25 * 360) < 2 * 0.03 * 360
    assert np.ptp(columns) > 40  # five letters, not an override that shows nothing


def run(command: list[str], **how: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, check=True, timeout=60, **how)
