"""Composition and the saliency path of pictures composed here."""

from __future__ import annotations

import numpy as np
import pytest

from tests.dimensions.filmed import U8, flat, labels, one, parsed, still, texture
from tests.signals.test_saliency import blob


def composed(picture: U8, facet: str) -> set[str | None]:
    units = parsed(still(picture), ["aesthetics.composition"], ["saliency"])
    return set(labels(units, f"aes.comp.{facet}"))


def test_central_thirds_and_empty_space() -> None:
    assert {"central", "negative_space"} <= composed(blob(0.5, 0.5), "pattern")
    assert "rule_of_thirds" in composed(blob(1 / 3, 1 / 3), "pattern")
    assert "central" not in composed(blob(1 / 3, 1 / 3), "pattern")
    assert composed(texture(), "pattern") & {"central", "rule_of_thirds", "negative_space"} == set()


def test_symmetry_and_bands() -> None:
    half = texture(180, 160, seed=2)
    assert "symmetry_v" in composed(np.concatenate([half, half[:, ::-1]], axis=1), "pattern")
    stripes = np.repeat(np.repeat(np.array([40, 200, 90, 160], np.uint8), 45)[:, None, None], 320, axis=1)
    assert "horizontal_bands" in composed(stripes.repeat(3, axis=2), "pattern")
    assert "symmetry_v" not in composed(stripes.repeat(3, axis=2), "pattern")


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [(0.2, 0.5, "left_heavy"), (0.8, 0.5, "right_heavy"), (0.5, 0.15, "top_heavy"), (0.5, 0.85, "bottom_heavy")],
)
def test_balance_leans_to_the_heavy_side(x: float, y: float, name: str) -> None:
    assert composed(blob(x, y), "balance") == {name}


def test_balanced() -> None:
    assert composed(blob(0.5, 0.5), "balance") == {"balanced"}


def test_clutter_in_three_steps() -> None:
    assert composed(blob(0.5, 0.5), "clutter") == {"minimal"}
    confetti = (
        np.random.default_rng(4).integers(0, 256, (30, 54, 3)).astype(np.uint8).repeat(6, axis=0).repeat(6, axis=1)
    )
    assert composed(confetti, "clutter") == {"busy"}


def test_a_plain_picture_has_no_composition() -> None:
    units = parsed(still(flat((80, 80, 80))), ["aesthetics.composition"], ["saliency"])
    assert {unit.status for unit in units} == {"abstain"}


def test_the_path_follows_a_disc_across_the_picture() -> None:
    frames = [blob(0.2 + 0.6 * i / 49, 0.5) for i in range(50)]
    unit = one(parsed(frames, ["subject.saliency"], ["saliency"]), "subject.saliency_track")
    assert unit.value == 1
    assert unit.region is not None
    centres = [at.box.centre[0] for at in unit.region.track]
    assert centres == sorted(centres)
    assert centres[0] < 0.4
    assert centres[-1] > 0.6
    for at in unit.region.track:
        assert unit.span.contains(at.at_s)
