"""The arithmetic under signal `motion`: robust fits and smooth paths, on numbers that can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.signals._flow_fit import Grid, Similarity, dominant, least_squares, still, weighted_median
from sestina.signals._path import kernel, runs, smooth, split

GRID = Grid.of(240, 135, 30, 17)
SMALL = st.floats(-0.05, 0.05)


def one(tx: float, ty: float, a: float, b: float) -> Similarity:
    return Similarity(tx=np.array([tx]), ty=np.array([ty]), a=np.array([a]), b=np.array([b]))


@given(SMALL, SMALL, SMALL, SMALL)
def test_an_exact_similarity_is_found_again(tx: float, ty: float, a: float, b: float) -> None:
    u, v = one(tx, ty, a, b).flow(GRID)
    fit = least_squares(GRID, u, v, np.ones(u.shape))
    assert (fit.tx[0], fit.ty[0]) == pytest.approx((tx, ty), abs=1e-4)
    assert (fit.a[0], fit.b[0]) == pytest.approx((a, b), rel=0.02, abs=1e-4)


@given(st.floats(0.8, 1.25), st.floats(-0.5, 0.5))
def test_scale_and_turn_are_read_off(scale: float, turn: float) -> None:
    motion = one(0.0, 0.0, scale * math.cos(turn) - 1, scale * math.sin(turn))
    assert motion.log_scale[0] == pytest.approx(math.log(scale))
    assert motion.turn_rad[0] == pytest.approx(turn)


def test_the_background_wins_over_a_large_subject() -> None:
    u, v = one(0.03, 0.0, 0.0, 0.0).flow(GRID)
    subject = (np.abs(GRID.x) < 0.25) & (np.abs(GRID.y) < 0.25)
    u, v = np.where(subject, -0.02, u), np.where(subject, 0.01, v)
    fit, support = dominant(GRID, u, v, np.broadcast_to(GRID.border, u.shape))
    assert fit.tx[0] == pytest.approx(0.03, abs=1e-3)
    assert 0.6 < support[0] < 0.95


def test_standing_still_wins_over_a_subject_of_equal_size() -> None:
    u = np.where(GRID.x < 0.05, 0.05, 0.0)[None]
    fit, _ = dominant(GRID, u, np.zeros_like(u), np.ones(u.shape))
    assert abs(fit.tx[0]) < 2e-3


def test_nothing_moves_when_nothing_is_seen() -> None:
    u = np.zeros((2, len(GRID.x)))
    fit, support = dominant(GRID, u, u, np.zeros_like(u))
    assert fit.tx.tolist() == still(2).tx.tolist()
    assert support.tolist() == [0.0, 0.0]


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20))
def test_the_weighted_median_of_equal_weights_is_the_lower_median(values: list[float]) -> None:
    row = np.array([values])
    assert weighted_median(row, np.ones(row.shape))[0] == sorted(values)[(len(values) - 1) // 2]


def test_the_weighted_median_follows_the_weights() -> None:
    values = np.array([[1.0, 2.0, 3.0]])
    assert weighted_median(values, np.array([[1.0, 1.0, 5.0]]))[0] == 3.0
    assert weighted_median(values, np.array([[5.0, 1.0, 1.0]]))[0] == 1.0


def test_the_kernel_keeps_lines_and_parabolas() -> None:
    weights = kernel(2.0, 30.0)
    x = np.arange(len(weights)) - len(weights) // 2
    assert weights.sum() == pytest.approx(1.0)
    assert float((weights * x).sum()) == pytest.approx(0.0, abs=1e-9)
    assert float((weights * x * x).sum()) / len(x) ** 2 == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("hertz", "least", "most"), [(0.3, 0.95, 1.05), (2.0, 0.6, 0.8), (8.0, 0.0, 0.01)])
def test_the_kernel_passes_what_is_slower(hertz: float, least: float, most: float) -> None:
    times = np.arange(600) / 60
    wave = np.sin(2 * np.pi * hertz * times)
    kept = smooth(wave, 2.0, 60.0)[150:450]
    assert least <= float(np.std(kept) / np.std(wave[150:450])) <= most


def test_smoothing_short_runs_keeps_their_length() -> None:
    for n in range(1, 6):
        assert len(smooth(np.arange(n, dtype=float), 2.0, 25.0)) == n
    assert smooth(np.arange(40.0), 2.0, 25.0) == pytest.approx(np.arange(40.0))


def test_runs_bridge_short_gaps_only() -> None:
    valid = np.array([0, 1, 1, 0, 0, 1, 0, 0, 0, 1], bool)
    assert runs(valid) == [slice(1, 6), slice(9, 10)]


def test_nothing_leaks_over_a_gap() -> None:
    times = np.arange(60) / 30
    velocity = np.where(times < 1, 0.0, 5.0)
    velocity[27:33] = np.nan
    calm, tremble = split(velocity, times, 2.0)
    assert calm[:27] == pytest.approx(np.zeros(27), abs=1e-9)
    assert calm[33:] == pytest.approx(np.full(27, 5.0), rel=1e-6)
    assert float(np.nanmax(np.abs(tremble))) < 1e-6
    assert np.isnan(calm[27:33]).all()
