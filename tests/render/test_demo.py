"""The demonstration clip holds what the README promises, and the benchmark sets are written once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.rendered import DEV_SEEDS, TEST_SEEDS, camera_set
from sestina.core.invariants import problems
from sestina.render.demo import BEAT_S, demo_script
from sestina.render.overlays import Overlays
from sestina.render.render import Film
from sestina.render.script import Script
from sestina.render.sound import soundtrack
from sestina.render.timeline import Timeline


@pytest.fixture(scope="module")
def demo() -> Script:
    return demo_script()


def test_it_is_a_short_vertical_clip(demo: Script) -> None:
    assert demo.height / demo.width == pytest.approx(16 / 9)
    assert 12 <= Timeline(demo).duration_s <= 16
    assert demo_script() == demo


def test_it_has_a_dissolve_a_pan_and_a_zoom(demo: Script) -> None:
    assert {"cross_dissolve", "punch_in", "push"} <= {shot.begin.kind for shot in demo.shots}
    assert {"pan_right", "zoom_in", "truck_right"} <= {shot.camera.move for shot in demo.shots}


def test_it_has_packaging_of_many_kinds(demo: Script) -> None:
    kinds = {overlay.kind for overlay in demo.overlays}
    assert kinds >= {
        "headline_super", "subtitle_word_karaoke", "list_counter", "price_tag", "end_card", "cta_button", "handle",
    }  # fmt: skip


def test_every_cut_is_on_a_beat(demo: Script) -> None:
    timeline = Timeline(demo)
    assert all((timeline.time_s(join) / BEAT_S).is_integer() for join in timeline.joins[:-1])


def test_captions_say_what_is_said_when_it_is_said(demo: Script) -> None:
    assert demo.sound is not None
    words = soundtrack(demo.sound, 14.0).words
    captions = [o for o in demo.overlays if o.kind == "subtitle_word_karaoke"]
    said = " ".join(word.text for word in words)
    assert len(captions) >= 6
    for caption in captions:
        assert caption.text in said
        starts = [word.start_s for word in words]
        assert all(min(abs(at - start) for start in starts) < 0.002 for at in caption.word_starts_s)


def test_speech_lines_do_not_run_into_one_another(demo: Script) -> None:
    assert demo.sound is not None
    words = soundtrack(demo.sound, 14.0).words
    assert all(a.end_s <= b.start_s + 0.01 for a, b in pairwise(words))


def test_no_text_lies_on_another_or_leaves_the_frame(demo: Script) -> None:
    placed = Overlays(demo.overlays, demo.width, demo.height, demo.rate).placed
    texts = [p for p in placed if p.text and p.overlay.kind != "end_card"]
    for k, one in enumerate(texts):
        assert one.box.x > 0.03
        assert one.box.x + one.box.w < 0.97
        for other in texts[k + 1 :]:
            together = one.first < other.after and other.first < one.after
            assert not together or one.box.overlap(other.box) == 0, (one.text, other.text)


def test_its_pictures_are_colourful(demo: Script) -> None:
    film = Film(demo)
    for frame in (20, 100, 200, 290, 340):
        picture = film.picture(frame)
        assert picture.shape == (demo.height, demo.width, 3)
        assert (picture.max(axis=2).astype(int) - picture.min(axis=2)).mean() > 25


def test_sets_are_written_once(tmp_path: Path) -> None:
    first = camera_set(1, tmp_path, n=2)
    written = [clip.video.stat().st_mtime_ns for clip in first]
    again = camera_set(1, tmp_path, n=2)
    assert [clip.name for clip in again] == ["camera-00-static", "camera-01-pan_left"]
    assert [clip.video.stat().st_mtime_ns for clip in again] == written
    for clip in first:
        board = clip.board()
        assert problems(board) == []
        assert board.media.path == clip.video.name


def test_tuning_and_reporting_use_different_seeds() -> None:
    assert not set(DEV_SEEDS) & set(TEST_SEEDS)
