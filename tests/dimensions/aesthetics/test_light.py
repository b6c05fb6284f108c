"""Light: labels of pictures lit in a known way, and abstention near a limit."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.dimensions.filmed import U8, flat, labels, one, parsed, still, texture


def label(picture: U8, facet: str) -> str | None:
    return one(parsed(still(picture), ["aesthetics.light"], ["luma"]), f"aes.light.{facet}").label


LOW_KEY = texture(low=0, high=60)
LOW_KEY[60:120, 120:180] = 245
HIGH_KEY = texture(low=190, high=245)
MID = texture(low=40, high=210)


@pytest.mark.parametrize(("picture", "key"), [(LOW_KEY, "low_key"), (HIGH_KEY, "high_key"), (MID, "mid")])
def test_key(picture: U8, key: str) -> None:
    assert label(picture, "key") == key


@pytest.mark.parametrize(("level", "name"), [(40, "dark"), (112, "medium"), (200, "bright")])
def test_brightness(level: int, name: str) -> None:
    assert label(flat((level, level, level)), "brightness") == name


def test_contrast() -> None:
    assert label(texture(low=110, high=150), "contrast") == "low"
    assert label(texture(low=60, high=200, cell=40), "contrast") == "medium"
    hard = texture(low=0, high=255, cell=12)
    assert label(np.where(hard > 128, 250, 4).astype(np.uint8), "contrast") == "high"


def test_two_humps() -> None:
    half = flat((30, 30, 30))
    half[:, 150:] = 220
    assert label(half, "brightness.bright_dark") == "true"
    assert label(texture(low=90, high=160), "brightness.bright_dark") == "false"


@pytest.mark.parametrize(
    ("level", "share", "name"),
    [(255, 0.3, "clipped_high"), (0, 0.3, "clipped_low"), (255, 0.01, "normal"), (0, 0.01, "normal")],
)
def test_clipping(level: int, share: float, name: str) -> None:
    picture = texture(low=60, high=200)
    picture[90 : 90 + 40, 40 : 40 + round(share * 180 * 320 / 40)] = level
    assert label(picture, "exposure") == name


def test_under_and_over() -> None:
    assert label(texture(low=10, high=60), "exposure") == "under"
    assert label(texture(low=140, high=225), "exposure") == "over"


def test_a_black_picture_has_no_light_to_name() -> None:
    units = parsed(still(flat((2, 2, 2))), ["aesthetics.light"], ["luma"])
    assert {unit.status for unit in units} == {"abstain"}
    assert {unit.reason for unit in units} == {"the picture is black"}


def test_on_the_limit_it_abstains() -> None:
    on_limit = flat((0.28 * 255 + 0.6,) * 3)
    unit = one(parsed(still(on_limit), ["aesthetics.light"], ["luma"]), "aes.light.brightness")
    assert unit.status == "abstain"
    assert unit.reason
    assert "limit" in unit.reason


def test_each_shot_has_its_own_label_and_its_evidence_holds() -> None:
    frames = [*still(flat((30, 30, 30))), *still(flat((210, 210, 210)))]
    units = parsed(frames, ["aesthetics.light"], ["luma"], cuts_s=[1.0])
    assert labels(units, "aes.light.brightness") == ["dark", "bright"]
    for unit in units:
        assert unit.status == "abstain" or any(item.type == "metric" for item in unit.evidence)


def test_a_letterboxed_picture_is_judged_inside_its_bars() -> None:
    picture = cv2.copyMakeBorder(HIGH_KEY, 120, 120, 0, 0, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    assert label(np.asarray(picture, np.uint8), "key") == "high_key"


def test_blinking_light_is_a_strobe() -> None:
    frames = [flat((230, 230, 230) if i // 2 % 2 else (20, 20, 20)) for i in range(50)]
    assert label_of(frames, "effect") == "strobe"


def label_of(frames: list[U8], facet: str) -> str | None:
    return one(parsed(frames, ["aesthetics.light"], ["luma", "flash"]), f"aes.light.{facet}").label
