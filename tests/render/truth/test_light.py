"""Gold of light, colour, focus and texture: numbers of pictures whose numbers are known by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sestina.core.storyboard import Storyboard
from sestina.render.glimpses import glimpse
from sestina.render.parts.edit import Speed, Transition
from sestina.render.parts.stage import Camera, Look, Source
from sestina.render.render import render
from sestina.render.script import Script, Shot
from sestina.render.truth import colour, light
from sestina.render.truth.light import settled

U8 = npt.NDArray[np.uint8]


def halves(left: tuple[int, int, int], right: tuple[int, int, int], share: float = 0.5) -> U8:
    picture = np.empty((68, 100, 3), np.uint8)
    picture[:, : round(100 * share)] = left
    picture[:, round(100 * share) :] = right
    return picture


def shot_of(picture: U8, path: Path, **look: float) -> Shot:
    """A locked, noiseless shot of a picture that fills the frame."""
    cv2.imwrite(str(path), picture[..., ::-1])
    source = Source(kind="image", name=str(path), extent=(1.0, 1.0))
    return Shot(source=source, duration_s=0.6, look=Look(noise=0.0, **look))  # type: ignore[arg-type]  # numbers by name


def gold(tmp_path: Path, *shots: Shot, **changes: object) -> Storyboard:
    made = Script(shots=shots, width=200, height=136, rate=Fraction(25), sound=None)
    return render(replace(made, **changes), tmp_path / "clip.mp4")  # type: ignore[arg-type]  # fields by name


def labels(board: Storyboard, facet: str) -> list[str | None]:
    return [unit.label for unit in board.items if unit.facet == facet]


def test_numbers_of_light_by_hand() -> None:
    """A quarter black, three quarters white: p05 0, median and p95 1, a quarter drowned, the rest burnt out."""
    values = light.numbers(glimpse(halves((0, 0, 0), (255, 255, 255), 0.25)))
    assert (values["p05"], values["p50"], values["p95"]) == pytest.approx((0, 1, 1), abs=1e-3)
    assert (values["dark"], values["high"], values["low"]) == pytest.approx((0.25, 0.75, 0.25), abs=1e-3)
    assert values["otsu"] == pytest.approx(1, abs=1e-3), "two classes explain everything"


def test_an_even_spread_has_one_hump() -> None:
    """Two halves of an even spread explain three quarters of its variance: 1/16 of 1/12."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 68, 0).repeat(3, 2)
    assert light.numbers(glimpse(ramp))["otsu"] == pytest.approx(0.75, abs=0.01)


def test_light_has_its_labels(tmp_path: Path) -> None:
    """Luma by hand: 50/255 and 90/255 are 0.20 and 0.35; 160/255 and 200/255 are 0.63 and 0.78."""
    board = gold(
        tmp_path,
        shot_of(halves((38, 38, 38), (90, 90, 90), 0.6), tmp_path / "dark.png"),
        shot_of(halves((170, 170, 170), (215, 215, 215)), tmp_path / "light.png"),
        shot_of(halves((30, 30, 30), (225, 225, 225)), tmp_path / "both.png"),
        shot_of(halves((120, 120, 120), (255, 255, 255), 0.8), tmp_path / "burnt.png"),
    )
    assert labels(board, "aes.light.brightness") == ["dark", "bright", None, "medium"]
    assert labels(board, "aes.light.key")[:2] == ["low_key", "high_key"]
    assert labels(board, "aes.light.contrast") == ["low", "low", "high", "medium"]
    assert labels(board, "aes.light.exposure")[3] == "clipped_high"
    assert labels(board, "aes.light.brightness.bright_dark")[2] == "true"


def test_settled_needs_every_corner_to_agree() -> None:
    def rule(v: dict[str, float]) -> str:
        return "above" if v["a"] + v["b"] > 1 else "below"

    assert settled(rule, {"a": 1.0, "b": 1.0}, {"a": 0.1, "b": 0.1}) == "above"  # type: ignore[arg-type]  # a dict is a mapping
    assert settled(rule, {"a": 0.6, "b": 0.5}, {"a": 0.1, "b": 0.1}) is None  # type: ignore[arg-type]  # a dict is a mapping
    assert settled(rule, {"a": 0.6, "b": 0.5}, {"a": 0.01}) == "above"  # type: ignore[arg-type]  # a dict is a mapping


@pytest.mark.parametrize(
    ("rgb", "name"),
    [((255, 0, 0), "red"), ((0, 255, 0), "green"), ((0, 0, 255), "blue"), ((255, 255, 0), "yellow"),
     ((0, 255, 255), "cyan"), ((255, 140, 0), "orange"), ((120, 70, 20), "brown"), ((128, 128, 128), "grey"),
     ((250, 250, 250), "white"), ((5, 5, 5), "black"), ((255, 130, 150), "pink")],
)  # fmt: skip
def test_colours_have_their_names(rgb: tuple[int, int, int], name: str) -> None:
    shares = colour.name_shares(glimpse(halves(rgb, rgb)).lab)
    assert max(shares, key=lambda label: shares[label]) == name


def test_colour_has_its_labels(tmp_path: Path) -> None:
    board = gold(
        tmp_path,
        shot_of(halves((210, 120, 40), (200, 110, 30)), tmp_path / "warm.png"),
        shot_of(halves((60, 100, 190), (50, 90, 180)), tmp_path / "cool.png"),
        shot_of(halves((128, 128, 128), (90, 90, 90)), tmp_path / "grey.png"),
        shot_of(halves((100, 150, 100), (90, 140, 90)), tmp_path / "green.png"),
    )
    assert labels(board, "aes.color.temperature")[:3] == ["warm", "cool", "neutral"]
    assert labels(board, "aes.color.saturation")[:3] == ["vivid", "vivid", "monochrome"]
    assert labels(board, "aes.color.tint")[2:] == ["none", "green"]
    dominant = {unit.label for unit in board.items if unit.facet == "aes.color.dominant"}
    assert {"blue", "grey", "green"} <= dominant


def test_continuity_is_the_distance_of_mean_colours(tmp_path: Path) -> None:
    """From mid-grey (L* 53.6) to white (L* 100): 46.4, and the histograms' whole way."""
    board = gold(
        tmp_path,
        shot_of(halves((128, 128, 128), (128, 128, 128)), tmp_path / "a.png"),
        replace(shot_of(halves((255, 255, 255), (255, 255, 255)), tmp_path / "b.png"), begin=Transition()),
    )
    values = {unit.facet: unit.value for unit in board.items if unit.facet.startswith("aes.color.continuity")}
    assert values["aes.color.continuity"] == pytest.approx(46.4, abs=0.3)
    assert values["aes.color.continuity.histogram_emd"] == pytest.approx(0.464, abs=0.03)


def test_grades_hold_for_the_whole_clip(tmp_path: Path) -> None:
    shot = Shot(source=Source(kind="city", seed=2), duration_s=0.4)
    for grade, label in (("sepia", "sepia"), ("bw", "noir_bw"), ("none", None)):
        looks = (replace(shot, look=Look(grade=grade)), replace(shot, look=Look(grade=grade, noise=3)))  # type: ignore[arg-type]  # a grade
        assert labels(gold(tmp_path, *looks), "aes.color.grade") == [label]
    mixed = gold(tmp_path, replace(shot, look=Look(grade="sepia")), shot)
    assert labels(mixed, "aes.color.grade") == [None]


def test_focus_texture_and_blur(tmp_path: Path) -> None:
    base = Shot(source=Source(kind="city", seed=2), duration_s=1.0)
    looks = (
        Look(noise=0.5), Look(noise=9.0, defocus=0.005), Look(noise=0.5, grain=9.0, defocus=0.012), Look(vignette=0.6),
    )  # fmt: skip
    whip = replace(base, camera=Camera(move="truck_right", speed=0.8), look=Look(shutter=0.9))
    board = gold(tmp_path, *(replace(base, look=look) for look in looks), whip)
    assert labels(board, "aes.focus.state") == ["sharp", "soft", "defocus", "sharp", "motion_blur"]
    assert [label for label in labels(board, "aes.texture") if label] == ["clean", "noise", "grain", "vignette"]
    assert labels(board, "camera.motion_blur") == ["false"] * 4 + ["true"]


def test_racks_of_focus_have_their_window(tmp_path: Path) -> None:
    look = Look(aperture=0.02, focus=3.0, focus_to=1.6, rack=(0.6, 1.4))
    shot = Shot(source=Source(kind="city", near="plants", seed=2), duration_s=2.0, look=look)
    units = [unit for unit in gold(tmp_path, shot).items if unit.facet == "aes.focus.state"]
    found = [(unit.label, unit.span.start_s, unit.span.end_s) for unit in units]
    assert found == [("sharp", 0.0, 0.6), ("rack_focus", 0.6, 1.4), ("sharp", 1.4, 2.0)]


def test_black_and_frozen_runs(tmp_path: Path) -> None:
    """A hold of ten black frames in a dip; a picture held for a second, whose first frame is no repeat."""
    first = Shot(source=Source(kind="city", seed=2), duration_s=1.0, look=Look(noise=5.0))
    dip = Transition(kind="dip_to_black", frames=16, hold=10)
    held = Speed(kind="freeze_frame", start_s=0.8, end_s=1.8)
    moving, hills = Camera(move="pan_left", speed=0.2), Source(kind="hills", seed=4)
    second = replace(first, begin=dip, duration_s=2.4, speeds=(held,), source=hills, camera=moving)
    board = gold(tmp_path, first, second)
    black = [unit.span for unit in board.items if unit.facet == "aes.tech.black"]
    assert len(black) == 1
    assert black[0].duration_s == pytest.approx(0.4, abs=0.09)
    frozen = [unit.span for unit in board.items if unit.facet == "aes.tech.freeze"]
    assert len(frozen) == 1
    assert (frozen[0].start_s, frozen[0].end_s) == pytest.approx((1.84, 2.8), abs=0.041)
