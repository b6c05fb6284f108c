"""Trivial classifiers find what is there to be found and nothing in noise; the report reads labels of scripts."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.shortcuts import Guess, guessed, labelled, report
from benchmarks.trees import Fit, logistic, tree
from sestina.render.genre import compose


@pytest.mark.parametrize("fit", [tree, logistic])
def test_a_threshold_is_found(fit: Fit) -> None:
    x = np.linspace(0, 1, 400)[:, None]
    y = (x[:, 0] > 0.4).astype(np.int64)
    assert (fit(x, y, 2)(x) == y).mean() > 0.97


def test_a_tree_finds_what_no_line_parts() -> None:
    x = np.random.default_rng(1).uniform(-1, 1, (800, 1))
    y = (np.abs(x[:, 0]) < 0.5).astype(np.int64)
    assert (tree(x, y, 2)(x) == y).mean() > 0.95
    assert (logistic(x, y, 2)(x) == y).mean() < 0.7


def test_noise_gives_no_more_than_the_label_frequency() -> None:
    rng = np.random.default_rng(2)
    found = [(clip, rng.normal(size=5), "ab"[int(rng.random() < 0.3)]) for clip in range(600)]
    guess = guessed("narr.beat", found)
    assert guess.frequency == pytest.approx(0.7, abs=0.05)
    assert guess.above < 0.03


def test_a_leak_is_reported() -> None:
    rng = np.random.default_rng(3)
    found = [(clip, np.array([float(clip % 2)]) + 0.1 * rng.normal(size=1), "ab"[clip % 2]) for clip in range(400)]
    assert guessed("narr.beat", found).above > 0.4


def test_labels_come_from_story_and_packaging() -> None:
    units = [unit for seed in range(4) for unit in labelled(compose("listicle", seed))]
    assert {unit.dimension for unit in units} == {"narrative", "dissemination"}
    assert "+3.0" in report([Guess("narr.beat", 10, 3, 0.5, 0.53, 0.4)])
