"""Lettering that stands still, its exact first and last frame, marks that stay and bars that fill."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.evidence import Box
from sestina.core.roles import Measurement
from sestina.core.time import Span
from sestina.core.track import BoxTrack, Track
from sestina.signals._growing import Growth
from sestina.signals._looks import LOOKS_A_MINUTE, looks
from sestina.signals._pattern import PatternLog, pattern_size, presence, shown
from sestina.signals._persistent import Persistence
from sestina.signals.text import Text
from tests.dimensions.dissemination.written import lettered
from tests.dimensions.filmed import U8, batches, drifting, info, texture

FPS = 25
HEIGHT, WIDTH = 270, 480


def scene(frames: int, step: int = 3, seed: int = 0) -> list[U8]:
    """A picture that the camera pans over."""
    return drifting(texture(HEIGHT, WIDTH, low=60, high=190, seed=seed, cell=14), frames, step)


def captioned(frames: list[U8], text: str, first: int, after: int, at: tuple[float, float] = (0.5, 0.8)) -> list[U8]:
    """Frames with `text` on frames `first` up to `after`."""
    return [lettered(f, text, at, 26) if first <= i < after else f for i, f in enumerate(frames)]


def watched(frames: list[U8], size: int = 16) -> Measurement:
    signal = Text()
    signal.start(info(len(frames), FPS, *frames[0].shape[:2]))
    for batch in batches(frames, FPS, size):
        signal.feed(batch)
    return signal.finish()


def track(found: Measurement, name: str) -> Track:
    return next(item for item in found.tracks if item.name == name)


def kind(found: Measurement, name: str) -> list[BoxTrack]:
    return [box for box in found.boxes if box.kind == name]


def test_change_tells_of_new_lettering_soon_after_it_came() -> None:
    found = watched(captioned(scene(60), "wait for it", 20, 60))
    change = track(found, "text.change")
    told = change.times_s[change.values > 0]
    assert any(20 / FPS <= time <= 20 / FPS + 0.35 for time in told)


def test_a_pan_over_a_scene_without_lettering_tells_little() -> None:
    change = track(watched(scene(75, step=5)), "text.change")
    assert (change.values > 0).mean() < 0.2


def test_the_region_of_a_caption_has_its_exact_span() -> None:
    found = watched(captioned(scene(75), "pour it slowly", 20, 55))
    best = max(kind(found, "text"), key=lambda box: box.box.iou(Box.of(0.3, 0.75, 0.4, 0.1)))
    assert best.span.start_s == pytest.approx(20 / FPS, abs=1.5 / FPS)
    assert best.span.end_s == pytest.approx(55 / FPS, abs=1.5 / FPS)


def test_one_caption_gives_way_to_the_next_at_the_right_frame() -> None:
    frames = captioned(captioned(scene(80), "pour it slowly", 10, 40), "and wait a while", 40, 70)
    log = PatternLog()
    for batch in batches(frames, FPS):
        log.add(batch.half, batch.times_s)
    box = Box.of(0.28, 0.74, 0.44, 0.12)
    found = presence(log.track(), box, [1.0], Span.of(0, 3.2), rivals_s=[2.2])
    assert found is not None
    span = shown(found, 1.0, 3.2)
    assert (span.start_s, span.end_s) == pytest.approx((10 / FPS, 40 / FPS), abs=1.1 / FPS)


def test_a_fading_text_counts_from_its_first_trace() -> None:
    frames = []
    for i, picture in enumerate(scene(50)):
        opacity = float(np.clip((i - 15) / 10, 0, 1))
        frames.append(lettered(picture, "slowly now", (0.5, 0.8), 28, opacity=opacity) if opacity > 0 else picture)
    log = PatternLog()
    for batch in batches(frames, FPS):
        log.add(batch.half, batch.times_s)
    found = presence(log.track(), Box.of(0.33, 0.74, 0.34, 0.12), [1.6], Span.of(0, 2))
    assert found is not None
    assert 15 / FPS <= shown(found, 1.6, 2.0).start_s <= 22 / FPS


def test_nothing_is_there_where_nothing_is_drawn() -> None:
    log = PatternLog()
    for batch in batches([np.full((HEIGHT, WIDTH, 3), 90, np.uint8)] * 20, FPS):
        log.add(batch.half, batch.times_s)
    assert presence(log.track(), Box.of(0.3, 0.7, 0.4, 0.1), [0.4], Span.of(0, 0.8)) is None


def test_patterns_of_a_long_video_keep_every_second_frame() -> None:
    log = PatternLog(limit=10)
    for batch in batches(scene(37), FPS, 5):
        log.add(batch.half, batch.times_s)
    kept = log.track()
    assert len(kept) <= 10
    assert np.allclose(np.diff(kept.times_s), 4 / FPS)


@given(st.integers(1, 400), st.integers(1, 400))
def test_patterns_pack_into_whole_bytes(height: int, width: int) -> None:
    rows, columns = pattern_size(height, width)
    assert columns % 8 == 0
    assert rows >= 1


def test_a_mark_that_stays_while_the_camera_pans() -> None:
    frames = [lettered(f, "NEWS", (0.9, 0.08), 16) for f in scene(75, step=6)]
    marks = kind(watched(frames), "static_region")
    assert len(marks) == 1
    assert marks[0].box.centre == pytest.approx((0.9, 0.08), abs=0.06)


def test_on_a_tripod_no_corner_stands_out() -> None:
    frames = [lettered(texture(HEIGHT, WIDTH), "NEWS", (0.9, 0.08), 16)] * 60
    assert kind(watched(frames), "static_region") == []


def filling(frames: int, wide: float = 1.0) -> list[U8]:
    drawn = []
    for i, picture in enumerate(scene(frames)):
        out = picture.copy()
        out[-8:, :] = (out[-8:, :] * 0.4 + 12).astype(np.uint8)
        out[-8:, : round(wide * (i + 1) / frames * WIDTH)] = (255, 210, 80)
        drawn.append(out)
    return drawn


def test_a_bar_that_fills_is_found_with_its_span() -> None:
    bars = kind(watched(filling(100)), "progress")
    assert len(bars) == 1
    assert bars[0].box.y > 0.95
    assert bars[0].box.w == pytest.approx(1.0, abs=0.05)
    assert (bars[0].span.start_s, bars[0].span.end_s) == pytest.approx((0, 4), abs=0.2)


def test_captions_and_pans_are_no_bars() -> None:
    assert kind(watched(captioned(scene(80), "pour it slowly", 20, 60)), "progress") == []
    growth = Growth()
    for i in range(30):
        growth.add(np.full((40, 60), 7 * i % 256, np.uint8), i / 10)
    assert growth.bar(3.0) is None


def test_the_same_in_batches_of_any_size() -> None:
    frames = captioned(scene(40), "pour", 10, 35)
    one, many = watched(frames, 1), watched(frames, 32)
    for a, b in zip(one.tracks, many.tracks, strict=True):
        np.testing.assert_array_equal(a.values, b.values)


def test_too_few_samples_give_no_regions() -> None:
    assert Persistence().boxes(1.0) == []


def change_of(times: list[float], values: list[float]) -> Track:
    return Track(name="text.change", unit="", kind="sampled", times_s=np.asarray(times), values=np.asarray(values))


FRAMES_S = np.round(np.arange(0, 60, 0.04), 6)


def test_every_shot_and_every_change_is_looked_at() -> None:
    shots = [Span.of(0, 2), Span.of(2, 5)]
    wanted = looks(change_of([1.0, 3.5], [0.1, 0.1]), shots, FRAMES_S)
    assert wanted == [0.28, 1.0, 2.28, 3.48]


def test_long_rests_are_interrupted() -> None:
    wanted = looks(None, [Span.of(0, 20)], FRAMES_S)
    assert max(np.diff([0, *wanted, 20])) < 4.5


@settings(max_examples=30)
@given(st.lists(st.floats(0, 59.9), min_size=1, max_size=600))
def test_looks_keep_to_their_budget_and_to_frames(times: list[float]) -> None:
    ordered = sorted(times)
    wanted = looks(change_of(ordered, [0.1] * len(ordered)), [Span.of(0, 60)], FRAMES_S)
    assert len(wanted) <= LOOKS_A_MINUTE
    assert set(wanted) <= set(FRAMES_S.tolist())
    assert wanted == sorted(set(wanted))
