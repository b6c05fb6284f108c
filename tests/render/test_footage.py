"""Pictures and clips that the user brings: trimmed, looped, frozen; broken files are named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from sestina.core.errors import MediaError, OpenError
from sestina.media.encode import VideoWriter
from sestina.render.canvas import moving_canvas
from sestina.render.footage import cut_out, still
from sestina.render.parts.stage import Look, Source, Subject
from sestina.render.script import Shot
from sestina.render.world import World


@pytest.fixture
def clip(tmp_path: Path) -> str:
    """One second at 10 frames a second; frame k is grey 20 + 20 k."""
    path = tmp_path / "grey.mp4"
    with VideoWriter(path, width=64, height=48, rate=Fraction(10), crf=5) as writer:
        for k in range(10):
            writer.add_frame(np.full((48, 64, 3), 20 + 20 * k, np.uint8), k)
    return str(path)


def greys(source: Source, *times_s: float) -> list[int]:
    footage = moving_canvas(source, 64, 48)
    assert footage is not None
    return [round((float(footage.at(time_s)[1].mean()) - 20) / 20) for time_s in times_s]


def test_a_clip_plays_at_its_own_rate(clip: str) -> None:
    source = Source(kind="clip", name=clip, extent=(1.0, 1.0))
    assert greys(source, 0.0, 0.05, 0.1, 0.19, 0.9) == [0, 0, 1, 1, 9]


def test_a_part_is_looped_or_frozen(clip: str) -> None:
    looped = Source(kind="clip", name=clip, clip_start_s=0.3, clip_end_s=0.6, extent=(1.0, 1.0))
    assert greys(looped, 0.0, 0.1, 0.2, 0.3, 0.5, 0.6) == [3, 4, 5, 3, 5, 3]
    frozen = Source(kind="clip", name=clip, clip_start_s=0.3, clip_end_s=0.6, clip_end="freeze", extent=(1.0, 1.0))
    assert greys(frozen, 0.0, 0.2, 0.3, 5.0) == [3, 5, 5, 5]


def test_a_clip_can_be_looked_at_backwards(clip: str) -> None:
    assert greys(Source(kind="clip", name=clip, extent=(1.0, 1.0)), 0.9, 0.5, 0.1, 0.7) == [9, 5, 1, 7]


def test_a_clip_is_a_whole_shot(clip: str) -> None:
    shot = Shot(source=Source(kind="clip", name=clip, extent=(1.0, 1.0)), look=Look(noise=0))
    world = World(shot, 128, 96, 30.0, 1)
    assert [round((world.picture(t, 0).mean() - 20) / 20) for t in (0.0, 0.55, 0.95)] == [0, 5, 9]


def test_parts_outside_a_clip_are_refused(clip: str) -> None:
    with pytest.raises(ValueError, match="1 s long"):
        moving_canvas(Source(kind="clip", name=clip, clip_start_s=3.0), 64, 48)
    with pytest.raises(ValueError, match="before it starts"):
        Source(kind="clip", name=clip, clip_start_s=0.5, clip_end_s=0.2)


def test_broken_clips_are_named(tmp_path: Path) -> None:
    path = tmp_path / "torn.mp4"
    path.write_bytes(b"not a video")
    for name in (path, tmp_path / "missing.mp4"):
        with pytest.raises(MediaError, match=name.name):
            moving_canvas(Source(kind="clip", name=str(name)), 64, 48)


def test_pictures_keep_their_alpha(tmp_path: Path) -> None:
    """A red disc on nothing: only the disc is laid over the scene."""
    path = str(tmp_path / "disc.png")
    picture = np.zeros((100, 60, 4), np.uint8)
    cv2.circle(picture, (30, 50), 20, (0, 0, 255, 255), -1)
    cv2.imwrite(path, picture)
    assert still(path).shape == (100, 60, 4)
    assert cut_out(path, 50).shape == (52, 32, 4), "half as large, and a clear border"
    source, look = Source(kind="plain", seed=2), Look(noise=0)
    seen, bare = (
        World(Shot(source=source, look=look, subjects=subjects), 120, 80, 30.0, 1).picture(0, 0)
        for subjects in ((Subject(kind="image", name=path, size=0.5),), ())
    )
    changed = (seen != bare).any(axis=2)
    # A circle of radius 20 in a picture of 100 that is drawn 40 high.
    assert changed.sum() == pytest.approx(np.pi * 8**2, rel=0.2)
    assert seen[40, 60].tolist() == pytest.approx([255, 0, 0], abs=3)


@pytest.mark.parametrize(("made", "expected"), [(np.uint16(65535), 255), (np.uint8(77), 77)])
def test_deep_and_grey_pictures_are_read(tmp_path: Path, made: np.integer, expected: int) -> None:
    path = str(tmp_path / "deep.png")
    cv2.imwrite(path, np.full((8, 8), made, made.dtype))
    assert (still(path) == expected).all()
    assert still(path).shape == (8, 8, 3)


def test_a_missing_sprite_is_named(tmp_path: Path) -> None:
    with pytest.raises(OpenError, match=r"nobody\.png"):
        cut_out(str(tmp_path / "nobody.png"), 40)
