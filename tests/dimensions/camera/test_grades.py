"""Steadiness, speed, dynamics, blur, support, roll and motion energy: one measured number each, graded per shot."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import Track
from sestina.dimensions.camera.movement import Movement
from tests.dimensions.camera.paths import F64, FPS, found, reading, with_shots


def graded(parser: str, seconds: float = 4.0, cuts: tuple[float, ...] = (), **values: float | F64) -> list[Unit]:
    known = reading(seconds, cuts, **values)
    return found(known, list(parsers.get(parser).make()(known)))


def plain(parser: str, **values: float | F64) -> Unit:
    """The unit of one shot of four seconds."""
    return graded(parser, 4.0, (), **values)[0]


@pytest.mark.parametrize(
    ("parser", "track", "steps"),
    [
        (
            "camera.steadiness",
            "jitter",
            {0.01: "locked", 0.1: "smooth", 0.3: "handheld_slight", 0.8: "handheld", 2.0: "very_shaky"},
        ),
        ("camera.speed", "drift", {0.01: "slow", 0.1: "regular", 0.5: "fast", 1.5: "whip"}),
        ("subject.motion_energy", "residual", {0.004: "still", 0.03: "low", 0.1: "medium", 0.3: "high"}),
    ],
)
def test_bands_follow_the_vocabulary(parser: str, track: str, steps: dict[float, str]) -> None:
    for value, label in steps.items():
        unit = plain(parser, **{track: value})
        assert (unit.label, unit.level, unit.status) == (label, "shot", "observed")
        assert 1 <= len(unit.evidence) <= 2


def test_a_value_on_a_limit_belongs_above_and_is_unsure() -> None:
    unit = graded("camera.steadiness", jitter=0.2)[0]
    assert unit.label == "handheld_slight"
    assert unit.confidence == pytest.approx(0.5, abs=0.01)


def test_bands_are_told_shot_by_shot() -> None:
    jitter = np.where(np.arange(100) < 50, 0.01, 0.8)
    assert [u.label for u in graded("camera.steadiness", 4.0, (2.0,), jitter=jitter)] == ["locked", "handheld"]


@pytest.mark.parametrize("parser", ["camera.steadiness", "camera.speed", "subject.motion_energy"])
def test_bands_abstain_where_nothing_was_measured(parser: str) -> None:
    blank = {"jitter": math.nan, "drift": math.nan, "residual": math.nan}
    assert plain(parser, **blank).status == "abstain"


def test_a_shot_of_one_frame_abstains() -> None:
    units = graded("camera.steadiness", 1.0, (0.96,))
    assert [unit.status for unit in units] == ["observed", "abstain"]


def test_speed_is_told_for_each_movement_too() -> None:
    times = np.arange(150) / FPS
    dx = np.where((times >= 2) & (times < 4), 0.4, 0.0)
    known = reading(6.0, dx=dx, drift=dx, inliers=0.7)
    moves = list(Movement()(known))
    known = known.with_(units=(*known.units, *moves))
    units = list(parsers.get("camera.speed").make()(known))
    assert [(unit.level, unit.label) for unit in units] == [("shot", "regular"), ("event", "fast")]
    assert units[1].span == moves[1].span


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"residual": 0.005}, "static_scene"),
        ({"residual": 0.1}, "dynamic_scene"),
        ({"residual": 0.0, "repeat": 1.0}, "frame_freeze"),
        ({"residual": 0.016}, None),
        ({"residual": 0.05, "speed": 0.5}, None),
        ({"residual": math.nan}, None),
    ],
)
def test_scene_dynamics(values: dict[str, float], label: str | None) -> None:
    assert plain("camera.scene_dynamics", **values).label == label


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"speed": 0.02}, "false"),
        ({"speed": 0.5, "blur": 0.2}, "true"),
        ({"speed": 0.5, "blur": 1.0}, "false"),
        ({"speed": 0.5, "blur": 0.5}, None),
        ({"speed": math.nan}, None),
    ],
)
def test_motion_blur(values: dict[str, float], label: str | None) -> None:
    assert plain("camera.motion_blur", **values).label == label


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"jitter": 0.01, "drift": 0.002}, "tripod"),
        ({"jitter": 0.4, "drift": 0.05}, "handheld"),
        ({"jitter": 0.01, "drift": 0.2}, None),
        ({"jitter": 0.08, "drift": 0.01}, None),
        ({"jitter": math.nan}, None),
    ],
)
def test_support(values: dict[str, float], label: str | None) -> None:
    assert plain("camera.support", **values).label == label


def test_a_smooth_move_is_no_tripod() -> None:
    known = reading(6.0, dx=0.04, drift=0.01, jitter=0.01, inliers=0.7)
    known = known.with_(units=(*known.units, *Movement()(known)))
    assert next(iter(parsers.get("camera.support").make()(known))).status == "abstain"


def rolled(tilts: list[float], support: float = 0.6) -> Unit:
    times = np.arange(len(tilts), dtype=np.float64) / 2
    tracks = {
        name: Track(name=name, unit="deg", times_s=times, values=np.array(values, float), kind="sampled")
        for name, values in {"lines.tilt": tilts, "lines.support": [support] * len(tilts)}.items()
    }
    known = with_shots(reading(4.0).with_(tracks=tracks), [0.0, 4.0])
    return found(known, list(parsers.get("camera.roll").make()(known)))[0]


@pytest.mark.parametrize(
    ("tilts", "label"),
    [
        ([0.5] * 8, "level"),
        ([-1.0] * 8, "level"),
        ([12.0] * 8, "dutch_right"),
        ([-12.0] * 8, "dutch_left"),
        ([12.0] * 4 + [0.0] * 4, None),
        ([4.5] * 8, None),
        ([44.0] * 8, None),
        ([12.0] * 5 + [math.nan] * 3, None),
        ([math.nan] * 8, None),
        ([], None),
    ],
)
def test_roll(tilts: list[float], label: str | None) -> None:
    assert rolled(tilts).label == label


def test_lines_that_lean_apart_are_no_tilt() -> None:
    assert rolled([12.0] * 8, support=0.38).label is None
