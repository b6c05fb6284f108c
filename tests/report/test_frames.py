"""Which frames are carried, and that they are the very frames cited."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from sestina.core.evidence import FrameEvidence, FramePairEvidence
from sestina.core.storyboard import Producer, Storyboard, Unit
from sestina.core.time import Span
from sestina.media.encode import VideoWriter
from sestina.media.probe import probe
from sestina.report.frames import cited_frames, jpeg, strip_frames, take_stills
from tests.report.sample import sample_board, sample_media


def counting_clip(path: Path, frames: int = 50) -> Path:
    """Write a clip whose every frame says its number as grey level: 4 x number."""
    with VideoWriter(path, width=64, height=64, rate=Fraction(25), crf=4, gop=12) as writer:
        for number in range(frames):
            writer.add_frame(np.full((64, 64, 3), 4 * number, np.uint8))
    return path


def number_of(data: bytes) -> int:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return round(float(picture.mean()) / 4)


def unit(facet: str, *evidence: FrameEvidence | FramePairEvidence) -> Unit:
    return Unit(
        id=f"{facet}/{evidence[0].at_s}", dimension="editing", facet=facet, label="x", level="event", span=Span.at(0.2),
        confidence=1, status="observed", producer=Producer(kind="rule", name="t"), evidence=evidence,
    )  # fmt: skip


def test_the_very_frames_are_carried(tmp_path: Path) -> None:
    clip = counting_clip(tmp_path / "count.mp4")
    units = (
        unit("edit.transition", FramePairEvidence(at_s=(0.96, 1.0))),
        unit("edit.other", FrameEvidence(at_s=0.2), FrameEvidence(at_s=1.96)),
    )
    stills = take_stills(Storyboard(media=probe(clip), items=units), clip)
    assert sorted(stills.frames) == [5, 24, 25, 49]
    assert {index: number_of(data) for index, data in stills.frames.items()} == {5: 5, 24: 24, 25: 25, 49: 49}


def test_the_strip_holds_regular_times(tmp_path: Path) -> None:
    clip = counting_clip(tmp_path / "count.mp4")
    stills = take_stills(Storyboard(media=probe(clip)), clip)
    sheet = cv2.imdecode(np.frombuffer(stills.sheet, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert sheet is not None
    width, height = stills.cell
    cells = [
        sheet[place // stills.columns * height :, place % stills.columns * width :][:height, :width].mean() / 4
        for place in range(len(stills.strip))
    ]
    np.testing.assert_allclose(cells, stills.strip, atol=0.8)
    assert np.ptp(np.diff(stills.strip)) <= 1


def test_edges_of_shots_come_first_when_there_is_no_room() -> None:
    board = sample_board()
    table = board.media.frame_table()
    assert table is not None
    chosen, left_out = cited_frames(board, table, most=9)
    assert [index for index in (59, 60, 129, 130) if index in chosen] == [59, 60, 129, 130]
    assert len(chosen) == 9
    assert left_out > 0


def test_each_frame_is_carried_once() -> None:
    board = sample_board()
    table = board.media.frame_table()
    assert table is not None
    chosen, left_out = cited_frames(board, table)
    assert chosen == sorted(set(chosen))
    assert left_out == 0


@pytest.mark.parametrize(("frames", "count"), [(1, 1), (5, 5), (25, 8), (350, 28), (25 * 3600, 120)])
def test_the_strip_grows_with_the_video_up_to_a_limit(frames: int, count: int) -> None:
    table = sample_media(frames=frames).frame_table()
    assert table is not None
    assert len(strip_frames(table)) == count


def test_pictures_are_written_the_same_way_twice() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (40, 30, 3), np.uint8)
    assert jpeg(picture, 70) == jpeg(picture, 70)
