"""Focus, texture and technical numbers of pictures whose flaws are made here."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest

from sestina.core.storyboard import Unit
from sestina.dimensions.aesthetics.technical import odd_spacing
from tests.dimensions.filmed import U8, drifting, flat, labels, one, parsed, still, texture
from tests.signals.test_sharpness import SHARP, blurred, noisy, smeared


def focus(frames: list[U8]) -> list[Unit]:
    units = parsed(frames, ["aesthetics.focus"], ["sharpness"])
    return sorted(units, key=lambda unit: unit.order)


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        (SHARP, "sharp"),
        (blurred(SHARP, 1.9), "soft"),
        (blurred(SHARP, 4), "defocus"),
        (smeared(SHARP, 19, 1), "motion_blur"),
        (smeared(SHARP, 19, 0), "motion_blur"),
        (flat((120, 120, 120), 270, 480), None),
    ],
)
def test_states_of_focus(picture: U8, name: str | None) -> None:
    assert [unit.label for unit in focus(still(picture, 15))] == [name]


def test_focus_racks_from_left_to_right() -> None:
    soft = blurred(SHARP, 4)
    left, right = soft.copy(), soft.copy()
    left[:, :240], right[:, 240:] = SHARP[:, :240], SHARP[:, 240:]
    frames = [*still(left, 40), *still(right, 40)]
    states = focus(frames)
    racks = [unit for unit in states if unit.label == "rack_focus"]
    assert len(racks) == 1
    assert racks[0].span.contains(1.6)
    assert racks[0].span.duration_s <= 2.0
    for before, after in pairwise(states):
        assert before.span.end_s <= after.span.start_s


def test_a_moving_picture_racks_nothing() -> None:
    assert "rack_focus" not in {unit.label for unit in focus(drifting(SHARP, 60, 3))}


def test_a_whip_of_blur_is_a_run_of_its_own() -> None:
    frames = [*still(SHARP, 25), *still(smeared(SHARP, 19, 1), 25), *still(SHARP, 25)]
    assert [unit.label for unit in focus(frames)] == ["sharp", "motion_blur", "sharp"]


STEMS = ["sharpness", "colour", "noise"]


def textures(picture: U8) -> set[str | None]:
    return set(labels(parsed(still(picture, 12), ["aesthetics.texture"], STEMS), "aes.texture"))


def grey(plane: U8) -> U8:
    return np.repeat(plane[..., None], 3, axis=2)


def test_textures() -> None:
    assert "clean" in textures(grey(noisy(0.3)))
    assert "grain" in textures(grey(noisy(7.0, coarse=True)))
    rng = np.random.default_rng(8)
    coloured = np.clip(grey(noisy(0)).astype(int) + rng.normal(0, 10, (240, 320, 3)), 0, 255).astype(np.uint8)
    assert "noise" in textures(coloured)
    y, x = np.mgrid[-1:1:240j, -1:1:320j]
    assert "vignette" in textures(grey((210 * (1 - 0.35 * (x * x + y * y))).astype(np.uint8)))
    assert "vignette" not in textures(texture())


def test_a_harsh_codec_leaves_blocks() -> None:
    smooth = np.asarray(cv2.GaussianBlur(texture(240, 320, cell=24), (0, 0), 3), np.uint8)
    harsh = cv2.imdecode(cv2.imencode(".jpg", smooth, [cv2.IMWRITE_JPEG_QUALITY, 6])[1], cv2.IMREAD_COLOR)
    assert "compression_block" in textures(np.asarray(harsh, np.uint8))


TECH = ["difference", "luma", "sharpness", "noise"]


def tech(frames: list[U8], **facts: Any) -> dict[tuple[str, str], Unit]:
    units = parsed(frames, ["aesthetics.technical"], TECH, **facts)
    return {(unit.facet.removeprefix("aes.tech."), unit.level): unit for unit in units}


def test_facts_of_the_file() -> None:
    found = tech(drifting(texture(), 25), bit_rate_bps=2_500_000.0, transfer="smpte2084", rotation_deg=90)
    assert found["resolution", "video"].value == 180
    assert found["fps", "video"].value == 25
    assert found["bitrate", "video"].value == 2.5
    assert found["rotation", "video"].value == 90
    assert found["transfer", "video"].label == "pq"
    assert found["vfr_ratio", "video"].value == 0
    assert tech(drifting(texture(), 5))["bitrate", "video"].status == "abstain"


def test_every_second_frame_repeated() -> None:
    frames = [frame for frame in drifting(texture(), 20, 5) for _ in range(2)]
    assert tech(frames)["duplicate_ratio", "video"].value == pytest.approx(0.5, abs=0.03)
    assert tech(frames)["duplicate_ratio", "shot"].value == pytest.approx(0.5, abs=0.03)


def test_black_and_frozen_runs_begin_and_end_on_their_frames() -> None:
    moving = drifting(texture(), 20, 5)
    frames = [*moving, *still(flat((0, 0, 0)), 10), *moving, *still(moving[-1], 25)]
    found = tech(frames)
    assert (found["black", "event"].span.start_s, found["black", "event"].span.end_s) == (0.8, 1.2)
    assert found["freeze", "event"].span.start_s == pytest.approx(2.0)
    assert found["freeze", "event"].span.end_s == pytest.approx(3.0)


def test_a_fade_is_not_black_until_it_is() -> None:
    frames = [np.asarray(texture(low=200, high=255) * (1 - i / 24), np.uint8) for i in range(25)]
    found = tech(frames)
    assert ("black", "event") not in found or found["black", "event"].span.duration_s <= 0.16


def test_irregular_spacing() -> None:
    even = np.arange(10) / 25
    assert odd_spacing(even).sum() == 0
    uneven = np.array([0, 0.04, 0.08, 0.2, 0.24, 0.28])
    assert odd_spacing(uneven).tolist() == [0, 0, 1, 0, 0, 0]
    assert odd_spacing(np.array([0.0])).tolist() == [0]
    ticks = np.array([float(round(i * Fraction(1001, 30000), 3)) for i in range(30)])
    assert odd_spacing(ticks).sum() == 0


def test_video_and_only_shot_are_told_apart() -> None:
    units = parsed(drifting(texture(), 25), ["aesthetics.technical"], TECH)
    assert len({unit.id for unit in units}) == len(units)
    assert one([u for u in units if u.level == "shot"], "aes.tech.blur").value is not None
