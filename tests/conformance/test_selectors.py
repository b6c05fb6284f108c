"""What every frame selector promises: the budget kept, the same under one seed, short videos taken whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.exchange import Budget, Candidates
from sestina.core.registry import selectors
from tests.export.boards import board

NAMES = selectors.names()


def candidates(count: int, *, seed: int = 1, kinds: int = 4, asked: bool = True, spoken: bool = False) -> Candidates:
    """Return frames of `kinds` scenes in turn, a little noise on each, with a question about the second scene."""
    rng = np.random.default_rng(seed)
    scenes = rng.normal(size=(kinds, 16))
    features = scenes[np.arange(count) * kinds // max(1, count)] + 0.1 * rng.normal(size=(count, 16))
    features = (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)
    asked_for = scenes[min(1, kinds - 1)]
    query = (asked_for / np.linalg.norm(asked_for)).astype(np.float32)
    return Candidates(
        times_s=np.arange(count, dtype=np.float64) * 0.5,
        features=features,
        query=query if asked else None,
        storyboard=board() if spoken else None,
    )


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 90), frames=st.integers(1, 40), kinds=st.integers(1, 6), asked=st.booleans(),
    spoken=st.booleans(), seed=st.integers(0, 99),
)  # fmt: skip
def test_the_budget_is_spent_and_kept(
    name: str, count: int, frames: int, kinds: int, asked: bool, spoken: bool, seed: int
) -> None:
    """A whole budget is spent: what a method leaves goes into the largest gaps."""
    given_ = candidates(count, seed=seed, kinds=min(kinds, count), asked=asked, spoken=spoken)
    found = selectors.get(name).make(given_, Budget(frames=frames), seed=seed)
    assert len(found.indices) == min(count, frames)
    assert list(found.indices) == sorted(set(found.indices))
    assert found.indices[0] >= 0
    assert found.indices[-1] < count
    assert found.looked <= count


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_chooses_the_same_frames(name: str) -> None:
    select, asked = selectors.get(name).make, candidates(120)
    assert select(asked, Budget(frames=8), seed=3) == select(candidates(120), Budget(frames=8), seed=3)


@pytest.mark.parametrize("name", NAMES)
def test_a_short_video_is_taken_whole_and_nothing_asked(name: str) -> None:
    found = selectors.get(name).make(candidates(7), Budget(frames=7))
    assert found.indices == tuple(range(7))
    assert found.looked == 0


@pytest.mark.parametrize("name", NAMES)
def test_pictures_that_are_all_alike_are_no_trouble(name: str) -> None:
    features = np.tile(np.eye(1, 8, dtype=np.float32), (50, 1))
    same = Candidates(times_s=np.arange(50.0), features=features, query=features[0])
    assert len(selectors.get(name).make(same, Budget(frames=6)).indices) == 6
