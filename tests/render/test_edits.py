"""Edits inside shots: the scene's time, effects, shared frames, padding, and frames that come early or late."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.invariants import problems
from sestina.render.padded import Padded
from sestina.render.parts.edit import Effect, Padding, Speed
from sestina.render.parts.layout import Layout, Pane
from sestina.render.parts.stage import Camera, Look, Source
from sestina.render.render import Film, render
from sestina.render.retime import held_since_s, scene_s
from sestina.render.script import Script, Shot, punched

U8 = npt.NDArray[np.uint8]
RATE = Fraction(25)
PAN = Shot(
    source=Source(kind="shapes", seed=1), duration_s=2.0, look=Look(noise=2.0),
    camera=Camera(move="pan_left", speed=0.2),
)  # fmt: skip


def film(shot: Shot, **changes: object) -> Film:
    script = Script(shots=(shot,), width=160, height=90, rate=RATE, sound=None)
    return Film(replace(script, **changes))  # type: ignore[arg-type]  # fields by name


def quiet(shot: Shot, **changes: object) -> Shot:
    return replace(shot, look=Look(noise=0.0), **changes)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("speed", "at_half", "after"),
    [
        (Speed(kind="slow_motion", start_s=1, end_s=2, factor=0.5), 1.25, 1.5),
        (Speed(kind="fast_motion", start_s=1, end_s=2, factor=3), 2.5, 4.0),
        (Speed(kind="freeze_frame", start_s=1, end_s=2), 1.0, 1.0),
        (Speed(kind="reverse", start_s=1, end_s=2), 0.5, 0.0),
        (Speed(kind="speed_ramp", start_s=1, end_s=2, factor=3), 1.75, 3.0),
        (Speed(kind="stutter", start_s=1, end_s=2, hold=5), 1.4, 2.0),
    ],
)
def test_the_scene_runs_at_its_own_speed(speed: Speed, at_half: float, after: float) -> None:
    """By hand: a ramp from 1 to 3 passes the mean of both; a stutter of 5 frames at 25 a second steps by 0.2 s."""
    assert scene_s((speed,), 0.7, RATE) == 0.7
    assert scene_s((speed,), 1.5, RATE) == pytest.approx(at_half)
    assert scene_s((speed,), 2.0, RATE) == pytest.approx(after)
    assert scene_s((speed,), 2.3, RATE) == pytest.approx(after + 0.3)


@given(st.sampled_from(["slow_motion", "freeze_frame", "fast_motion", "speed_ramp"]), st.floats(0, 4), st.floats(0, 4))
def test_time_that_runs_forward_never_turns_back(kind: str, one: float, other: float) -> None:
    factor = {"slow_motion": 0.4, "fast_motion": 2.5, "speed_ramp": 0.3}.get(kind, 1.0)
    speeds = (Speed(kind=kind, start_s=0.5, end_s=2.5, factor=factor),)  # type: ignore[arg-type]  # a kind by its name
    early, late = sorted((one, other))
    assert scene_s(speeds, early) <= scene_s(speeds, late) + 1e-9


def test_a_frozen_picture_is_the_same_frame_noise_and_all() -> None:
    held = film(replace(PAN, speeds=(Speed(kind="freeze_frame", start_s=0.8, end_s=1.6),)))
    pictures = [held.picture(k) for k in range(50)]
    same = [bool((a == b).all()) for a, b in pairwise(pictures)]
    assert [k + 1 for k, repeats in enumerate(same) if repeats] == list(range(21, 40))


def test_a_stutter_holds_each_picture() -> None:
    held = film(replace(PAN, speeds=(Speed(kind="stutter", start_s=0.4, end_s=1.6, hold=3),)))
    pictures = [held.picture(k) for k in range(50)]
    new = [k for k in range(1, 50) if not (pictures[k] == pictures[k - 1]).all()]
    assert new == [*range(1, 11), *range(13, 40, 3), *range(40, 50)]


def test_a_reversed_scene_shows_what_was_seen_before() -> None:
    back = film(quiet(PAN, speeds=(Speed(kind="reverse", start_s=1.0, end_s=1.6),)))
    assert (back.picture(24) == back.picture(26)).all()
    assert (back.picture(15) == back.picture(35)).all()


def test_a_slow_scene_shows_the_same_pictures_later() -> None:
    slow = film(quiet(PAN, speeds=(Speed(kind="slow_motion", start_s=0.0, end_s=2.0, factor=0.5),)))
    plain = film(quiet(PAN))
    assert all((slow.picture(2 * k) == plain.picture(k)).all() for k in (1, 7, 20))


def test_a_shot_that_goes_on_knows_how_far_the_scene_has_run() -> None:
    frozen = replace(PAN, speeds=(Speed(kind="freeze_frame", start_s=1.0, end_s=2.0),))
    assert punched(frozen, 1.3, 1.0).offset_s == 1.0
    assert punched(frozen, 1.3, 1.0).speeds == ()


def test_overlapping_speeds_and_unseen_ones_are_refused() -> None:
    with pytest.raises(ValueError, match="before freeze_frame ends"):
        Shot(speeds=(Speed(kind="freeze_frame", start_s=0, end_s=1), Speed(kind="stutter", start_s=0.5, end_s=2)))
    with pytest.raises(ValueError, match="speed of life"):
        Speed(kind="slow_motion", start_s=0, end_s=1, factor=0.95)
    assert held_since_s((), 0.4, RATE) == 0.4


@pytest.mark.parametrize("kind", ["digital_zoom", "shake", "mirror"])
def test_effects_change_exactly_their_frames(kind: str) -> None:
    amount = 0.03 if kind == "shake" else 1.5
    effect = Effect(kind=kind, start_s=0.4, end_s=1.2, amount=amount)  # type: ignore[arg-type]  # a kind by its name
    done, plain = film(quiet(PAN, effects=(effect,))), film(quiet(PAN))
    changed = [k for k in range(50) if not (done.picture(k) == plain.picture(k)).all()]
    assert changed == list(range(10, 30))


def test_a_digital_zoom_to_the_end_stays() -> None:
    """Its last picture is the middle of the plain one, enlarged."""
    import cv2

    zoom = Effect(kind="digital_zoom", start_s=1.0, end_s=2.0, amount=2.0)
    last, plain = (film(quiet(PAN, effects=effects)).picture(49) for effects in ((zoom,), ()))
    enlarged = cv2.resize(plain[22:68, 40:120], (160, 90))
    assert np.corrcoef(enlarged.ravel(), last.ravel())[0, 1] > 0.95


def test_a_mirrored_picture_is_symmetric() -> None:
    picture = film(quiet(PAN, effects=(Effect(kind="mirror", start_s=0, end_s=2.0),))).picture(5)
    assert (picture == picture[:, ::-1]).all()


def test_panes_show_their_own_scenes_in_their_places() -> None:
    other = Pane(source=Source(kind="city", seed=4))
    split = film(quiet(PAN, layout=Layout(kind="split_2_h", panes=(other,)))).picture(3)
    alone = film(quiet(PAN, source=other.source, camera=Camera()), width=80).picture(3)
    assert (split[:, 80:] == alone).all()
    assert not (split[:, :80] == alone).all()


def test_a_grid_has_four_pictures_and_an_inset_a_rim() -> None:
    panes = tuple(Pane(source=Source(kind="bars", seed=k)) for k in range(3))
    grid = film(quiet(PAN, layout=Layout(kind="split_n_grid", panes=panes))).picture(0)
    cells = [grid[:45, :80], grid[:45, 80:], grid[45:, :80], grid[45:, 80:]]
    assert len({cell.tobytes() for cell in cells}) == 4
    inset = Layout(kind="picture_in_picture", panes=panes[:1], inset=(0.5, 0.5, 0.4, 0.4))
    small = film(quiet(PAN, layout=inset)).picture(0)
    assert (small[44, 80:144] == 240).all(), "the line above it"
    assert (small[:40] == film(quiet(PAN)).picture(0)[:40]).all()


@pytest.mark.parametrize(("kind", "count"), [("split_2_v", 2), ("split_n_grid", 1), ("full_frame", 1)])
def test_layouts_need_their_panes(kind: str, count: int) -> None:
    with pytest.raises(ValueError, match="panes"):
        Layout(kind=kind, panes=(Pane(),) * count)  # type: ignore[arg-type]  # a kind by its name


@pytest.mark.parametrize(
    ("kind", "aspect", "size", "scale"),
    [
        ("letterbox", Fraction(239, 100), (160, 66), 1.0),
        ("pillarbox", Fraction(1), (90, 90), 1.0),
        ("windowbox", Fraction(16, 9), (128, 72), 0.8),
        ("solid_fill", Fraction(4, 5), (72, 90), 1.0),
        ("blurred_fill", Fraction(9, 16), (50, 90), 1.0),
    ],
)
def test_the_picture_keeps_its_shape_within_its_padding(
    kind: str, aspect: Fraction, size: tuple[int, int], scale: float
) -> None:
    padding = Padding(kind=kind, aspect=aspect, scale=scale)  # type: ignore[arg-type]  # a kind by its name
    padded = film(quiet(PAN), padding=padding)
    assert padded.padded.size == size
    inside = film(quiet(PAN), width=size[0], height=size[1])
    (x, y), (w, h) = padded.padded.at, size
    picture = padded.picture(4)
    assert (picture[y : y + h, x : x + w] == inside.picture(4)).all()
    rim = picture[0, 0] if kind != "pillarbox" else picture[45, 0]
    assert (rim == (236, 228, 210)).all() == (kind == "solid_fill")
    assert bool(rim.any()) == (kind in ("solid_fill", "blurred_fill"))


def test_bars_that_would_not_be_seen_are_refused() -> None:
    with pytest.raises(ValueError, match="leaves no letterbox"):
        Padded(Padding(kind="letterbox", aspect=Fraction(16, 9)), 1280, 720)
    with pytest.raises(ValueError, match="leaves no pillarbox"):
        Padded(Padding(kind="pillarbox", aspect=Fraction(239, 100)), 1280, 720)


def test_jittered_frames_carry_their_own_times(tmp_path: Path) -> None:
    script = Script(
        shots=(PAN, replace(PAN, source=Source(kind="city"), duration_s=1.0)), width=160, height=90, rate=RATE,
        sound=None, jitter=0.3, seed=4,
    )  # fmt: skip
    board = render(script, tmp_path / "vfr.mp4")
    with av.open(str(tmp_path / "vfr.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        times = sorted(round(float(f.pts * stream.time_base), 6) for f in container.decode(stream) if f.pts is not None)
        assert stream.duration is not None
        assert float(stream.duration * stream.time_base) == 3.0
    table = board.media.frame_table()
    assert table is not None
    assert list(table.times_s) == times
    offsets = np.array(times) * 25 - np.arange(75)
    assert 0.2 < np.abs(offsets).max() <= 0.3 + 1e-6
    assert offsets[0] == offsets[-1] == 0
    assert board.shots[1].span.start_s == times[50], "the cut is where its frame is"
    assert board.media.video is not None
    assert board.media.video.vfr
    assert problems(board) == []


def test_frames_show_the_scene_at_their_own_time() -> None:
    """A jittered pan moves by uneven steps: each picture equals the even clip's at the same time."""
    jittered = film(quiet(PAN), jitter=0.4, seed=1)
    late = next(k for k in range(1, 49) if jittered.timeline.ticks[k] % 20 > 4)
    assert jittered.timeline.since_join_s(0, late) * 25 == pytest.approx(jittered.timeline.ticks[late] / 20)
    assert not (jittered.picture(late) == film(quiet(PAN)).picture(late)).all()
