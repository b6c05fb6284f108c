"""Luma: what is measured of pictures whose grey levels are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.time import Span
from sestina.signals.luma import BINS, NAMES, bimodality, statistics, without_darkest
from tests.dimensions.filmed import U8, flat, measured, still

WHOLE = Span.of(0, 1)


def value(frames: list[U8], name: str, how: str = "median") -> float:
    found = measured(frames, ["luma"])
    return found.tracks[f"luma.{name}"].reduce(how, WHOLE)


@pytest.mark.parametrize("level", [0, 64, 128, 200, 255])
def test_a_flat_picture_has_its_own_level_everywhere(level: int) -> None:
    frames = still(flat((level, level, level)))
    for name in ("mean", "p01", "p50", "p99"):
        assert value(frames, name) == pytest.approx(level / 255, abs=0.01), name
    assert value(frames, "range") < 0.01
    assert value(frames, "std") < 0.01


def test_half_black_half_white() -> None:
    picture = flat((0, 0, 0))
    picture[:, 160:] = 255
    frames = still(picture)
    assert value(frames, "mean") == pytest.approx(0.5, abs=0.01)
    assert value(frames, "range") == pytest.approx(1, abs=0.02)
    assert value(frames, "std") == pytest.approx(0.5, abs=0.01)
    assert value(frames, "dark_share") == pytest.approx(0.5, abs=0.01)
    assert value(frames, "clipped_high") == pytest.approx(0.5, abs=0.01)
    assert value(frames, "clipped_low") == pytest.approx(0.5, abs=0.01)
    assert value(frames, "bimodality") > 0.95


def test_an_even_ramp() -> None:
    ramp = np.repeat(np.linspace(0, 255, 320).astype(np.uint8)[None, :, None], 180, axis=0).repeat(3, axis=2)
    frames = still(ramp)
    assert value(frames, "p05") == pytest.approx(0.05, abs=0.015)
    assert value(frames, "p95") == pytest.approx(0.95, abs=0.015)
    assert value(frames, "dark_share") == pytest.approx(0.2, abs=0.01)
    assert value(frames, "bimodality") == pytest.approx(0.75, abs=0.02)


def test_black_bars_that_stay_do_not_count() -> None:
    picture = flat((180, 180, 180))
    picture[:40] = 0
    picture[140:] = 0
    assert value(still(picture), "p05") == pytest.approx(180 / 255, abs=0.02)
    assert value(still(picture), "dark_share") < 0.02


def test_a_picture_dark_at_one_side_has_no_bars() -> None:
    picture = flat((180, 180, 180))
    picture[:, :80] = 0
    assert value(still(picture), "dark_share") == pytest.approx(0.25, abs=0.01)


def test_bars_that_go_away_count_as_picture() -> None:
    barred = flat((180, 180, 180))
    barred[:80] = 0
    frames = [*still(barred, 12), *still(flat((180, 180, 180)), 13)]
    assert measured(frames, ["luma"]).tracks["luma.dark_share"].values[0] == pytest.approx(80 / 180, abs=0.03)


def test_a_black_video_is_black_and_not_all_bars() -> None:
    assert value(still(flat((0, 0, 0))), "dark_share") == 1


def test_one_value_a_frame_of_every_declared_track() -> None:
    found = measured(still(flat((9, 9, 9)), 7), ["luma"])
    assert set(found.tracks) == {f"luma.{name}" for name in NAMES}
    assert all(len(track) == 7 for track in found.tracks.values())


@given(st.lists(st.integers(0, 50), min_size=BINS, max_size=BINS).filter(lambda counts: sum(counts) > 0))
def test_percentiles_are_in_order_and_shares_are_shares(counts: list[int]) -> None:
    found = statistics(np.array([counts], np.uint32))
    ordered = [float(found[name][0]) for name in ("p01", "p05", "p50", "p95", "p99")]
    assert ordered == sorted(ordered)
    for name in NAMES:
        assert -1e-9 <= found[name][0] <= 1 + 1e-9, name


@given(
    st.lists(st.integers(0, 50), min_size=8, max_size=8).filter(lambda counts: sum(counts) > 0), st.floats(0.01, 0.9)
)
def test_leaving_out_the_darkest_keeps_a_distribution(counts: list[int], bars: float) -> None:
    shares = np.array([counts], np.float64) / sum(counts)
    kept = without_darkest(shares, bars)
    assert kept.sum() == pytest.approx(1)
    assert (kept >= -1e-12).all()
    assert (np.cumsum(kept, axis=1) <= np.cumsum(shares, axis=1) + 1e-9).all()


def test_a_bell_has_one_hump_and_a_few_bright_dots_are_none() -> None:
    levels = np.arange(BINS)
    bell = np.exp(-(((levels - 64) / 12) ** 2))
    dots = bell.copy()
    dots[-1] = 0.03 * bell.sum()
    two = np.exp(-(((levels - 25) / 8) ** 2)) + np.exp(-(((levels - 105) / 8) ** 2))
    found = bimodality(np.array([row / row.sum() for row in (bell, dots, two)]))
    assert found[0] == pytest.approx(0.64, abs=0.03)
    assert found[1] < 0.8
    assert found[2] > 0.9
