"""Signal `motion` against films of a painted world whose camera path is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sestina.core.frames import FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.signals.motion import Motion, inside_bars, repeats, working_plane

U8 = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 480, 270
TICK = Fraction(1, 90_000)
INFO = MediaInfo(path="film.mp4", sha256="0", size_bytes=1, container="mp4", span=Span.of(0, 10))


def world(seed: int = 1, blur: float = 3.0) -> U8:
    """A large picture with structure everywhere."""
    noise = np.random.default_rng(seed).normal(size=(900, 1400)).astype(np.float32)
    picture = cv2.GaussianBlur(noise, (0, 0), blur) + 2 * cv2.GaussianBlur(noise, (0, 0), 4 * blur)
    grey: U8 = np.clip(128 + picture / picture.std() * 40, 0, 255).astype(np.uint8)
    return grey


def view(
    picture: U8, right: float = 0.0, up: float = 0.0, zoom: float = 1.0, roll_deg: float = 0.0, noise: int = 0
) -> U8:
    """What a camera sees that looks `right` and `up` of the picture's middle (frame widths) and rolled clockwise."""
    turn = math.radians(roll_deg)
    linear = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) / zoom
    centre = np.array([picture.shape[1] / 2 + right * WIDTH, picture.shape[0] / 2 - up * WIDTH])
    matrix = np.hstack([linear, (centre - linear @ np.array([WIDTH / 2, HEIGHT / 2]))[:, None]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REFLECT)
    grain = np.random.default_rng(noise).normal(0, 1.5, seen.shape) if noise else 0.0
    shown: U8 = np.clip(seen + grain, 0, 255).astype(np.uint8)
    return shown


def film(rate: float = 25.0, count: int = 20, **path: float) -> list[U8]:
    """Frames of a camera moving at constant rates: `right`, `up` in frame widths/s, `zoom` 1/s, `roll_deg` deg/s."""
    picture = world()
    frames = []
    for i in range(count):
        t = i / rate
        frames.append(
            view(
                picture,
                right=path.get("right", 0.0) * t,
                up=path.get("up", 0.0) * t,
                zoom=math.exp(path.get("zoom", 0.0) * t),
                roll_deg=path.get("roll_deg", 0.0) * t,
                noise=i + 1,
            )
        )
    return frames


def measure(frames: Sequence[U8], rate: float = 25.0, batch: int = 16) -> dict[str, Track]:
    """Tracks of `frames`, fed `batch` at a time."""
    signal = Motion()
    signal.start(INFO)
    ticks = np.round(np.arange(len(frames)) / rate * 90_000).astype(np.int64)
    for first in range(0, len(frames), batch):
        luma = np.stack(frames[first : first + batch])
        chroma = np.full((len(luma), 4, 4), 128, np.uint8)
        pts = ticks[first : first + batch]
        signal.feed(FrameBatch(luma=luma, cb=chroma, cr=chroma, pts=pts, time_base=TICK, index=first))
    return {track.name.removeprefix("motion."): track for track in signal.finish().tracks}


def middle(tracks: dict[str, Track], name: str) -> float:
    values = tracks[name].values
    return float(np.median(values[~np.isnan(values)])) if not np.isnan(values).all() else math.nan


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ({"right": 0.2}, "dx", 0.2),
        ({"right": -0.05}, "dx", -0.05),
        ({"up": 0.1}, "dy", 0.1),
        ({"zoom": 0.15}, "log_scale_rate", 0.15),
        ({"zoom": -0.08}, "log_scale_rate", -0.08),
        ({"roll_deg": 10.0}, "rotation", 10.0),
        ({"roll_deg": -5.0}, "rotation", -5.0),
    ],
)
def test_a_known_path_is_measured(path: dict[str, float], name: str, value: float) -> None:
    tracks = measure(film(25.0, 20, **path))
    assert middle(tracks, name) == pytest.approx(value, rel=0.14)
    scale = {"dx": 1.0, "dy": 1.0, "log_scale_rate": 2.0, "rotation": 100.0}
    for other in set(scale) - {name}:
        assert abs(middle(tracks, other)) < 0.008 * scale[other]
    assert middle(tracks, "inliers") > 0.8
    assert not middle(tracks, "parallax") >= 0.1


def test_the_first_frame_has_no_motion_and_every_frame_a_value() -> None:
    tracks = measure(film(right=0.1))
    assert math.isnan(tracks["dx"].values[0])
    assert not np.isnan(tracks["dx"].values[1:]).any()
    assert {len(track) for track in tracks.values()} == {20}


def test_batches_of_one_and_of_all_give_the_same_tracks() -> None:
    frames = film(count=40, right=0.1, zoom=0.05)
    one, all_ = measure(frames, batch=1), measure(frames, batch=64)
    for name, track in one.items():
        np.testing.assert_array_equal(track.values, all_[name].values, err_msg=name)


def test_a_subject_that_crosses_a_still_picture_does_not_move_the_camera() -> None:
    back, subject = world(2), world(3)[:160, :130]
    frames = []
    for i in range(20):
        frame = view(back, noise=i + 1)
        left = 40 + 8 * i
        frame[90:250, left : left + 130] = subject
        frames.append(frame)
    tracks = measure(frames)
    assert abs(middle(tracks, "dx")) < 0.004
    assert middle(tracks, "residual") > 0.05


def test_a_subject_that_keeps_its_place_does_not_hold_a_pan() -> None:
    frames = film(right=0.2)
    for frame in frames:
        frame[70:200, 180:300] = world(3)[:130, :120]
    assert middle(measure(frames), "dx") == pytest.approx(0.2, rel=0.08)


def test_bars_and_captions_burnt_over_a_pan_do_not_hold_it() -> None:
    frames = film(right=0.15)
    for frame in frames:
        frame[:34], frame[-34:] = 0, 0
        cv2.putText(frame, "A STANDING CAPTION", (60, 210), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 4)
    tracks = measure(frames)
    assert middle(tracks, "dx") == pytest.approx(0.15, rel=0.08)
    assert middle(tracks, "parallax") < 0.6


def test_frames_shown_twice_keep_the_speed() -> None:
    frames = [frame for frame in film(rate=12.5, count=12, right=0.15) for _ in range(2)]
    tracks = measure(frames, rate=25.0)
    assert float(np.nanmedian(tracks["dx"].values[4:])) == pytest.approx(0.15, rel=0.08)
    assert float(np.nanmin(tracks["dx"].values[4:-1])) > 0.12
    assert tracks["repeat"].values[2:10].tolist() == [0.0, 0.0] * 4  # the pair's own motion covers both


def test_a_still_picture_repeats() -> None:
    tracks = measure([view(world())] * 20)
    assert tracks["repeat"].values[1:].min() == 1.0
    assert np.abs(tracks["dx"].values[1:]).max() == 0.0


def test_nothing_is_said_across_a_cut() -> None:
    frames = [*film(right=0.1)[:10], *(view(world(9), right=0.1 * i / 25, noise=i + 1) for i in range(10))]
    dx = measure(frames)["dx"].values
    assert math.isnan(dx[10])
    assert dx[9] == pytest.approx(0.1, rel=0.2)
    assert dx[11] == pytest.approx(0.1, rel=0.2)


@pytest.mark.parametrize("level", [0, 128])
def test_a_plain_picture_says_nothing(level: int) -> None:
    rng = np.random.default_rng(1)
    frames = [np.clip(level + rng.normal(0, 2, (HEIGHT, WIDTH)), 0, 255).astype(np.uint8) for _ in range(10)]
    tracks = measure(frames)
    assert np.isnan(tracks["dx"].values).all()
    assert middle(tracks, "texture") < 0.03


def test_fast_streams_are_measured_at_every_third_frame() -> None:
    tracks = measure(film(rate=60.0, count=30, right=0.2), rate=60.0)
    assert middle(tracks, "dx") == pytest.approx(0.2, rel=0.06)
    values = tracks["dx"].values
    assert values[1] == values[2] == values[3]
    assert values[4] == values[5] == values[6]


def test_tremble_is_split_from_the_path() -> None:
    picture = world()
    amplitude, hertz = 0.004, 6.0
    times = np.arange(60) / 25
    shake = amplitude * np.sin(2 * np.pi * hertz * times)
    frames = [view(picture, right=0.1 * t + s, noise=i + 1) for i, (t, s) in enumerate(zip(times, shake, strict=True))]
    tracks = measure(frames)
    diagonal = math.hypot(1, HEIGHT / WIDTH)
    expected_pct = amplitude / math.sqrt(2) / diagonal * 100
    jitter = tracks["jitter"].values[1:]
    assert math.sqrt(float(np.mean(jitter**2))) == pytest.approx(expected_pct, rel=0.15)
    assert float(np.median(tracks["drift"].values[10:50])) == pytest.approx(0.1, rel=0.1)


def test_depth_shows_as_parallax() -> None:
    far, near = world(4), world(5)
    mask = cv2.GaussianBlur(np.random.default_rng(6).normal(size=far.shape).astype(np.float32), (0, 0), 45) > 0.003
    frames = []
    for i in range(20):
        behind, before = view(far, right=0.12 * i / 25), view(near, right=0.24 * i / 25)
        shown = view(mask.astype(np.uint8) * 255, right=0.24 * i / 25) > 127
        frames.append(np.where(shown, before, behind).astype(np.uint8))
    assert middle(measure(frames), "parallax") > 0.18


def test_blur_lies_along_the_motion() -> None:
    sharp = film(right=0.6)
    smeared = [cv2.blur(frame, (31, 1)).astype(np.uint8) for frame in sharp]
    assert middle(measure(smeared), "blur") < 0.35
    assert middle(measure(sharp), "blur") > 0.7


def test_pictures_too_small_to_measure_are_left_out() -> None:
    frames = [np.full((2, 2), i, np.uint8) for i in range(5)]
    assert np.isnan(measure(frames)["dx"].values).all()


def test_a_picture_as_large_as_the_working_plane_is_not_copied() -> None:
    plane = np.zeros((135, 240), np.uint8)
    assert working_plane(plane) is plane
    assert working_plane(np.zeros((360, 640), np.uint8)).shape == (135, 240)


def test_repeats_allow_for_compression_only() -> None:
    plane = world()[:135, :240]
    changed = plane.copy()
    changed[40:60, 40:60] = 255 - changed[40:60, 40:60]
    assert repeats(plane, plane.copy())
    assert not repeats(plane, changed)


def test_cells_in_bars_count_nothing() -> None:
    small = world()[:64, :120].copy()
    small[:8] = 16
    mask = inside_bars(small, 30, 16)
    assert mask[:2].sum() == 0
    assert mask[3:].min() == 1
    assert inside_bars(np.full((64, 120), 16, np.uint8), 30, 16).sum() == 0
