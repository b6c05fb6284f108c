"""Colour of shots and of the whole video: pictures whose colours are chosen here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sestina.dimensions.aesthetics._palette import palette, srgb
from sestina.dimensions.aesthetics._scheme import best_fits
from tests.dimensions.filmed import U8, flat, labels, one, parsed, still, texture

SHOT = ["aesthetics.colour"]
VIDEO = ["aesthetics.grade"]


def toned(colour: tuple[float, float, float], low: int = 60, high: int = 200) -> U8:
    """Return a grey texture multiplied by `colour` (1 is neutral)."""
    return np.asarray(np.clip(texture(low=low, high=high) * np.array(colour), 0, 255), np.uint8)


def bands(*colours: tuple[int, int, int]) -> U8:
    """Return a picture of equal upright stripes."""
    width = 320 // len(colours)
    return np.concatenate([flat(colour, 180, width) for colour in colours], axis=1)


@pytest.mark.parametrize(
    ("colour", "name"), [((1.15, 1.0, 0.75), "warm"), ((0.8, 1.0, 1.25), "cool"), ((1, 1, 1), "neutral")]
)
def test_temperature(colour: tuple[float, float, float], name: str) -> None:
    assert labels(parsed(still(toned(colour)), SHOT, ["colour"]), "aes.color.temperature") == [name]


@pytest.mark.parametrize(
    ("colour", "name"), [((0.9, 1.15, 0.9), "green"), ((1.1, 0.85, 1.1), "magenta"), ((1, 1, 1), "none")]
)
def test_tint(colour: tuple[float, float, float], name: str) -> None:
    assert labels(parsed(still(toned(colour)), SHOT, ["colour"]), "aes.color.tint") == [name]


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        (texture(), "monochrome"),
        (toned((1.04, 1.0, 0.9)), "muted"),
        (toned((1.2, 1.0, 0.65)), "normal"),
        (bands((230, 20, 20), (20, 180, 30), (30, 30, 230)), "vivid"),
    ],
)
def test_saturation(picture: U8, name: str) -> None:
    assert labels(parsed(still(picture), SHOT, ["colour"]), "aes.color.saturation") == [name]


def test_dominant_colours_hold_over_a_quarter() -> None:
    picture = flat((30, 60, 220))
    picture[:, :120] = (250, 220, 30)
    picture[:30, 120:150] = (220, 30, 30)
    assert set(labels(parsed(still(picture), SHOT, ["colour"]), "aes.color.dominant")) == {"blue", "yellow"}


def test_palette_finds_the_colours_and_their_shares() -> None:
    picture = bands((220, 30, 30), (220, 30, 30), (30, 60, 220), (240, 240, 240))
    every = parsed(still(picture), ["aesthetics.palette"], ["colour"])
    for level in ("shot", "video"):
        units = [u for u in every if u.facet == "aes.color.palette" and u.level == level]
        shares = [round(unit.value or 0, 1) for unit in units if (unit.value or 0) > 0.1]
        assert sorted(shares, reverse=True) == pytest.approx([0.5, 0.25, 0.25], abs=0.06)
        first = max(units, key=lambda unit: unit.value or 0).text or ""
        assert [int(first[i : i + 2], 16) for i in (1, 3, 5)] == pytest.approx([220, 30, 30], abs=20)
    assert len({unit.id for unit in every}) == len(every)


def test_the_parts_of_a_swatch_are_its_colour() -> None:
    every = parsed(still(flat((200, 40, 90))), ["aesthetics.palette"], ["colour"])
    lab = cv2.cvtColor(np.array([[(200, 40, 90)]], np.float32) / 255, cv2.COLOR_RGB2LAB)[0, 0]
    parts = [one(every, f"aes.color.palette.{name}").value for name in "lab"]
    assert parts == pytest.approx([float(v) for v in lab], abs=1.5)
    assert one(every, "aes.color.palette.swatch").text == next(u.text for u in every)


def test_a_flat_picture_has_one_swatch() -> None:
    found = palette(np.tile([50.0, 10.0, -20.0], (200, 1)))
    assert len(found) == 1
    assert found[0].share == 1
    assert found[0].lab == (50, 10, -20)


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 40, 90), (12, 130, 200)])
def test_lab_to_srgb_undoes_srgb_to_lab(colour: tuple[int, int, int]) -> None:
    lab = cv2.cvtColor(np.array([[colour]], np.float32) / 255, cv2.COLOR_RGB2LAB)[0, 0]
    light, a, b = (float(value) for value in lab)
    assert [255 * value for value in srgb((light, a, b))] == pytest.approx(colour, abs=1.5)


def hues(*degrees: float, weight: float = 1.0, bins: int = 36) -> np.ndarray:
    out = np.zeros(bins)
    for hue in degrees:
        out[round(hue / 360 * bins - 0.5) % bins] += weight
    return out


@pytest.mark.parametrize(
    ("degrees", "name"),
    [
        ((25,), "monochromatic"),
        ((25, 35, 45, 55, 65, 85), "analogous"),
        ((25, 205), "complementary"),
        ((95, 275), "complementary"),
        ((15, 165, 225), "split_complementary"),
        ((15, 135, 255), "triadic"),
        ((5, 95, 185, 275), "tetradic"),
        (tuple(range(5, 360, 10)), "discordant"),
    ],
)
def test_schemes_of_known_hues(degrees: tuple[float, ...], name: str) -> None:
    assert best_fits(hues(*degrees))[0].name == name


@pytest.mark.parametrize("turn", [0, 40, 170, 290])
def test_schemes_do_not_depend_on_where_the_circle_begins(turn: int) -> None:
    assert best_fits(hues(15 + turn, 135 + turn, 255 + turn))[0].name == "triadic"


def test_no_colour_has_no_fit_and_a_grey_shot_is_neutral() -> None:
    assert best_fits(np.zeros(36)) == []
    assert labels(parsed(still(texture()), SHOT, ["colour"]), "aes.color.scheme") == ["neutral"]


def test_a_red_and_cyan_picture_is_complementary() -> None:
    units = parsed(still(bands((220, 60, 60), (40, 190, 190))), SHOT, ["colour"])
    assert labels(units, "aes.color.scheme") == ["complementary"]


STEMS = ["colour", "luma"]


def graded(picture: U8) -> set[str | None]:
    return set(labels(parsed(still(picture), VIDEO, STEMS), "aes.color.grade"))


def test_grades() -> None:
    assert "noir_bw" in graded(texture())
    assert "lifted_blacks" in graded(texture(low=60, high=200))
    assert "crushed_blacks" in graded(np.where(texture(cell=20) < 90, 0, texture(cell=20)).astype(np.uint8))
    assert "sepia" in graded(toned((1.1, 0.9, 0.62)))
    assert "teal_orange" in graded(bands((10, 60, 60), (240, 150, 110)))


def test_a_plain_picture_has_no_grade_to_measure() -> None:
    picture = bands((230, 20, 20), (20, 180, 30), (30, 30, 230), (8, 8, 8))
    unit = one(parsed(still(picture), VIDEO, STEMS), "aes.color.grade")
    assert unit.status == "abstain"


def test_continuity_is_the_colour_difference_at_the_edit() -> None:
    frames = [*still(flat((100, 100, 100))), *still(flat((200, 40, 40)))]
    lab = cv2.cvtColor(np.array([[(100, 100, 100), (200, 40, 40)]], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    units = parsed(frames, VIDEO, STEMS, cuts_s=[1.0])
    assert one(units, "aes.color.continuity").value == pytest.approx(float(np.linalg.norm(lab[0] - lab[1])), abs=2)
    same = [*still(flat((100, 100, 100))), *still(flat((100, 100, 100)))]
    assert one(parsed(same, VIDEO, STEMS, cuts_s=[1.0]), "aes.color.continuity").value == pytest.approx(0, abs=0.1)


def test_histograms_far_apart_and_together() -> None:
    frames = [*still(flat((0, 0, 0))), *still(flat((255, 255, 255)))]
    far = one(parsed(frames, VIDEO, STEMS, cuts_s=[1.0]), "aes.color.continuity.histogram_emd")
    assert far.value == pytest.approx(1, abs=0.05)
