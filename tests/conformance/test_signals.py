"""What every signal promises: the same tracks however its input is cut, names of its own, no crash on odd material."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sestina.core.errors import MissingExtra
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from tests.conformance import material

FRAMES = 48
SECONDS = 4.0
NAMES = signals.names()
LOOKING = [name for name in NAMES if signals.get(name).input == "frames"]
HEARING = [name for name in NAMES if signals.get(name).input == "audio"]


def running(name: str, info: Any) -> Any:
    signal = signals.get(name).make()
    try:
        signal.start(info)
    except MissingExtra as error:
        pytest.skip(f"{name}: {error}")
    return signal


def watch(name: str, frames: int, size: int, height: int = 96, width: int = 160) -> Measurement:
    signal = running(name, material.info(frames, height, width))
    for batch in material.batches(frames, size, height, width):
        signal.feed(batch)
    found: Measurement = signal.finish()
    return found


def listen(name: str, duration_s: float, size: int) -> Measurement:
    signal = running(name, material.info(round(duration_s * 25)))
    for block in material.blocks(duration_s, size):
        signal.feed(block)
    found: Measurement = signal.finish()
    return found


def assert_same(one: Measurement, two: Measurement) -> None:
    assert [track.name for track in one.tracks] == [track.name for track in two.tracks]
    for a, b in zip(one.tracks, two.tracks, strict=True):
        np.testing.assert_array_equal(a.times_s, b.times_s, err_msg=a.name)
        np.testing.assert_allclose(a.values, b.values, rtol=1e-4, atol=1e-5, err_msg=a.name)
    assert [(box.name, box.kind, box.span) for box in one.boxes] == [
        (box.name, box.kind, box.span) for box in two.boxes
    ]


@pytest.mark.parametrize("name", LOOKING)
def test_frames_in_batches_of_1_and_of_64_measure_the_same(name: str) -> None:
    assert_same(watch(name, FRAMES, 1), watch(name, FRAMES, 64))


@pytest.mark.parametrize("name", HEARING)
def test_sound_in_any_blocks_measures_the_same(name: str) -> None:
    assert_same(listen(name, SECONDS, 4_801), listen(name, SECONDS, 48_000))


@pytest.mark.parametrize("name", LOOKING + HEARING)
def test_tracks_carry_their_producers_name_and_lie_inside_the_video(name: str) -> None:
    entry = signals.get(name)
    found = watch(name, FRAMES, 16) if entry.input == "frames" else listen(name, SECONDS, 48_000)
    declared = set(entry.tracks)
    for track in found.tracks:
        assert track.name.split(".")[0] == name.split(".")[0]
        assert track.name in declared
        assert len(track) == 0 or (track.times_s[0] >= -1e-6 and track.times_s[-1] <= 25)
        if track.kind == "frame":
            assert len(track) == FRAMES
    for box in found.boxes:
        assert box.name.split(".")[0] == name.split(".")[0]


@pytest.mark.parametrize("name", LOOKING)
@pytest.mark.parametrize(
    ("frames", "height", "width"), [(1, 96, 160), (2, 96, 160), (3, 1, 1), (3, 2, 300), (5, 97, 61)]
)
def test_one_frame_one_pixel_and_odd_shapes(name: str, frames: int, height: int, width: int) -> None:
    found = watch(name, frames, 2, height, width)
    for track in found.tracks:
        assert track.kind != "frame" or len(track) == frames
        assert not np.isinf(track.values).any()


@pytest.mark.parametrize("name", LOOKING + HEARING)
def test_no_input_at_all(name: str) -> None:
    signal = running(name, material.info(25))
    found = signal.finish()
    assert all(not np.isinf(track.values).any() for track in found.tracks)


@pytest.mark.parametrize("name", HEARING)
@pytest.mark.parametrize("samples", [1, 100, 48_000])
def test_silence_and_short_sound(name: str, samples: int) -> None:
    from sestina.core.frames import AudioBlock

    signal = running(name, material.info(25))
    signal.feed(AudioBlock(samples=np.zeros((2, samples), np.float32), rate_hz=48_000, start_s=0.0))
    found = signal.finish()
    assert all(not np.isinf(track.values).any() for track in found.tracks)
