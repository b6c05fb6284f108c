"""Parser `camera.movement`: paths written as numbers in, movements out."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.storyboard import Unit
from sestina.dimensions.camera._segments import (
    WAYS,
    best_ways,
    costs,
    path_of,
    runs_of,
    smoothed,
    way_of,
)
from sestina.dimensions.camera.movement import Movement
from tests.dimensions.camera.paths import F64, FPS, found, reading


def said(seconds: float = 4.0, cuts: tuple[float, ...] = (), **values: float | F64) -> list[Unit]:
    known = reading(seconds, cuts, **values)
    return found(known, list(Movement()(known)))


def plain(**values: float | F64) -> list[Unit]:
    """Movements of one shot of four seconds."""
    return said(4.0, (), **values)


def labels(units: list[Unit]) -> list[str | None]:
    return [unit.label for unit in units]


def part(seconds: float, first_s: float, last_s: float, value: float) -> F64:
    """`value` from `first_s` to `last_s`, 0 elsewhere."""
    times = np.arange(round(seconds * FPS)) / FPS
    return np.where((times >= first_s) & (times < last_s), value, 0.0)


@pytest.mark.parametrize(
    ("track", "value", "label"),
    [
        ("dx", 0.1, "lateral_right"),
        ("dx", -0.1, "lateral_left"),
        ("dy", 0.1, "vertical_up"),
        ("dy", -0.1, "vertical_down"),
        ("log_scale_rate", 0.1, "inward"),
        ("log_scale_rate", -0.1, "outward"),
        ("rotation", 8.0, "roll_cw"),
        ("rotation", -8.0, "roll_ccw"),
    ],
)
def test_one_component_names_the_parent(track: str, value: float, label: str) -> None:
    units = plain(**{track: value, "inliers": 0.7, "parallax": 0.1})
    assert labels(units) == [label]
    assert (units[0].span.start_s, units[0].span.end_s) == (0.0, 4.0)
    assert units[0].level == "event"
    assert units[0].status == "observed"
    assert {proof.type for proof in units[0].evidence} == {"metric", "frame_pair"}
    assert units[0].confidence > 0.6


@pytest.mark.parametrize(
    ("track", "label", "flat", "deep"),
    [
        ("dx", "lateral_right", "pan_right", "truck_right"),
        ("dy", "vertical_up", "tilt_up", "pedestal_up"),
        ("log_scale_rate", "inward", "zoom_in", "dolly_in"),
    ],
)
def test_children_need_clear_parallax(track: str, label: str, flat: str, deep: str) -> None:
    assert labels(plain(**{track: 0.1, "parallax": 0.0, "inliers": 0.95})) == [flat]
    assert labels(plain(**{track: 0.1, "parallax": 0.3, "inliers": 0.6})) == [deep]
    assert labels(plain(**{track: 0.1, "parallax": 0.1, "inliers": 0.9})) == [label]
    assert labels(plain(**{track: 0.1, "parallax": 0.0, "inliers": 0.6})) == [label]
    assert labels(plain(**{track: 0.1, "parallax": 0.3, "inliers": 0.95})) == [label]


def test_parallax_that_comes_and_goes_is_a_subject() -> None:
    wavering = 0.3 + 0.2 * np.sin(np.arange(100) / 3)
    assert labels(said(dx=0.1, parallax=wavering, inliers=0.6)) == ["lateral_right"]


def test_rest_is_locked_static_or_shaky_by_the_tremble() -> None:
    assert labels(said()) == ["locked"]
    assert labels(said(jitter=0.04)) == ["static"]
    assert labels(said(jitter=0.3)) == ["static_shaky"]


def test_slow_drift_is_no_move() -> None:
    assert labels(said(dx=0.004)) == ["locked"]
    assert labels(said(seconds=1.0, dx=0.02)) == ["locked"]  # 2 % of the width in all


def test_a_hand_that_trembles_may_drift_further() -> None:
    assert labels(said(seconds=2.0, dx=0.025, inliers=0.7, parallax=0.1)) == ["lateral_right"]
    assert labels(said(seconds=2.0, dx=0.025, jitter=0.5)) == ["static_shaky"]


def test_a_move_inside_a_shot_has_its_own_span() -> None:
    units = said(seconds=6.0, dx=part(6.0, 2.0, 4.0, 0.15), inliers=0.7, parallax=0.1)
    assert labels(units) == ["locked", "lateral_right", "locked"]
    assert units[1].span.start_s == pytest.approx(2.0, abs=0.35)
    assert units[1].span.end_s == pytest.approx(4.0, abs=0.35)
    assert [unit.span.start_s for unit in units[1:]] == [unit.span.end_s for unit in units[:-1]]


def test_there_and_back_are_two_moves() -> None:
    both = part(4.0, 0.0, 2.0, 0.1) - part(4.0, 2.0, 4.0, 0.1)
    assert labels(said(dx=both, inliers=0.7, parallax=0.1)) == ["lateral_right", "lateral_left"]


def test_two_strong_components_are_compound() -> None:
    units = said(dx=0.1, dy=0.1)
    assert labels(units) == ["compound"]
    assert {proof.signal for proof in units[0].evidence if proof.type == "metric"} == {"motion.dx", "motion.dy"}


def test_a_whip_is_short_and_fast() -> None:
    units = said(dx=part(4.0, 2.0, 2.3, 2.5), speed=part(4.0, 2.0, 2.3, 2.5))
    assert labels(units) == ["locked", "whip_pan_right", "locked"]
    assert units[1].span.duration_s == pytest.approx(0.3, abs=0.05)
    assert labels(said(dx=part(4.0, 1.0, 3.0, 1.5), inliers=0.7, parallax=0.1)).count("lateral_right") == 1


def test_moments_lost_in_a_whip_belong_to_it() -> None:
    fast = part(4.0, 2.0, 2.4, -2.0)
    fast[53:56] = np.nan
    assert labels(said(dx=fast, speed=np.abs(fast))) == ["locked", "whip_pan_left", "locked"]


def test_one_wild_vector_is_no_whip() -> None:
    wild = part(4.0, 2.0, 2.03, 3.0)
    assert "whip_pan_right" not in labels(said(dx=wild))


def test_every_shot_is_told_by_itself() -> None:
    moving = part(4.0, 0.0, 2.0, 0.1)
    units = said(4.0, (2.0,), dx=moving, inliers=0.7, parallax=0.1)
    assert labels(units) == ["lateral_right", "locked"]
    assert units[0].span.end_s == units[1].span.start_s == 2.0


def test_wandering_without_direction_abstains() -> None:
    times = np.arange(200) / FPS
    wander = 0.3 * np.sin(2 * np.pi * times / 3)
    other = 0.3 * np.cos(2 * np.pi * times / 2.3)
    units = said(8.0, dx=wander, dy=other, jitter=0.3)
    assert all(unit.status == "abstain" or unit.label != "locked" for unit in units)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"texture": 0.0, "dx": math.nan}, "too dark or too plain"),
        ({"dx": math.nan}, "no single motion"),
    ],
)
def test_what_cannot_be_measured_abstains_with_a_reason(values: dict[str, float], words: str) -> None:
    units = plain(**values)
    assert [unit.status for unit in units] == ["abstain"]
    assert words in (units[0].reason or "")


def test_a_slow_move_of_little_of_the_picture_abstains() -> None:
    assert labels(plain(dx=0.04, inliers=0.3)) == [None]
    assert labels(plain(dx=0.2, inliers=0.3, parallax=0.1)) == ["lateral_right"]


def test_a_shot_of_two_frames_is_too_short() -> None:
    units = said(1.0, (0.92,))
    assert units[-1].status == "abstain"
    assert "too short" in (units[-1].reason or "")


def test_static_evidence_bounds_the_mean_motion() -> None:
    unit = said(dx=-0.004)[0]
    proof = next(p for p in unit.evidence if p.type == "metric" and p.signal == "motion.dx")
    assert proof.op == ">="
    assert proof.threshold < proof.value < 0


VELOCITY = st.tuples(*[st.floats(-1, 1) for _ in range(4)])


@given(VELOCITY)
def test_turning_the_velocity_round_turns_the_way_round(velocity: tuple[float, ...]) -> None:
    v = np.array(velocity)
    one, two = way_of(v), way_of(-v)
    opposite = dict(zip(WAYS[1:9:2], WAYS[2:9:2], strict=True))
    opposite |= {b: a for a, b in opposite.items()}
    if np.abs(v).max() > 0.05 and "compound" not in (one, two):
        assert two == opposite[one]


@given(st.lists(VELOCITY, min_size=2, max_size=40))
def test_runs_tile_the_shot(rows: list[tuple[float, ...]]) -> None:
    values = np.array(rows)
    known = reading(
        len(rows) / FPS, dx=values[:, 0], dy=values[:, 1], log_scale_rate=values[:, 2], rotation=values[:, 3]
    )
    path = path_of(known, known.shots[0].span)
    runs = runs_of(path, 1.0, 0.6)
    assert runs[0].span.start_s == path.span.start_s
    assert runs[-1].span.end_s == path.span.end_s
    assert all(a.span.end_s == b.span.start_s for a, b in pairwise(runs))


def test_the_best_ways_cost_least() -> None:
    rng = np.random.default_rng(1)
    table, gaps = rng.uniform(0, 1, (5, 3)), np.full(5, 0.5)
    ways = best_ways(table, gaps)

    def cost(choice: tuple[int, ...]) -> float:
        changes = sum(a != b for a, b in pairwise(choice))
        return float(sum(table[i, w] * 0.5 for i, w in enumerate(choice))) + 0.3 * changes

    every = [tuple(int(i) for i in np.unravel_index(n, (3,) * 5)) for n in range(3**5)]
    assert cost(tuple(int(w) for w in ways)) == pytest.approx(min(cost(choice) for choice in every))


def test_unknown_moments_cost_nothing_and_stay_unknown() -> None:
    velocity = np.array([[np.nan] * 4, [0.1, 0, 0, 0]])
    assert costs(velocity)[0].sum() == 0
    times = np.arange(2) / FPS
    assert np.isnan(smoothed(np.vstack([velocity, velocity]), np.arange(4) / FPS)[0]).all()
    assert len(smoothed(velocity, times)) == 2
