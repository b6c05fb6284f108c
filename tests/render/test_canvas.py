"""Pictures to look at: every painter fills its canvas, the same seed paints the same, photographs and files work."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from sestina.core.errors import OpenError
from sestina.render.canvas import NEAR_PAINTERS, PAINTERS, PHOTOGRAPHS, canvas, near_canvas, octaves, photograph
from sestina.render.figures import FIGURES, PHASES, figure, phase_at
from sestina.render.parts.stage import Source
from sestina.render.sheet import Sheet


@pytest.mark.parametrize("kind", sorted(PAINTERS))
def test_painters_fill_their_canvas(kind: str) -> None:
    picture = canvas(Source(kind=kind, seed=3), 160, 90)
    assert picture.shape == (180, 320, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 4, "something to see"
    assert (picture == PAINTERS[kind](np.random.default_rng(3), 320, 180)).all(), "the same seed paints the same"


@pytest.mark.parametrize("kind", sorted(set(PAINTERS) - {"table", "desk", "stand"}))
def test_seeds_differ(kind: str) -> None:
    """Set pieces are arranged by hand; everything else varies."""
    a, b = (canvas(Source(kind=kind, seed=seed), 160, 90).astype(int) for seed in (1, 2))
    assert np.abs(a - b).mean() > 3


@pytest.mark.parametrize("kind", sorted(NEAR_PAINTERS))
def test_near_layers_hide_some_of_the_far_one(kind: str) -> None:
    layer = near_canvas(Source(near=kind, seed=2), 160, 90)
    assert layer is not None
    assert layer.shape == (180, 320, 4)
    assert 0.03 < (layer[..., 3] > 128).mean() < 0.7


def test_no_near_layer_unless_asked() -> None:
    assert near_canvas(Source(), 160, 90) is None


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_need_no_download(name: str) -> None:
    pytest.importorskip("skimage", reason="photographs come with scikit-image")
    assert photograph(name).shape[2] == 3
    assert canvas(Source(kind="photo", name=name, extent=(1.5, 1.5)), 160, 90).shape == (135, 240, 3)


def test_a_users_picture(tmp_path: Path) -> None:
    path = tmp_path / "mine with spaces.png"
    halves = np.zeros((40, 100, 3), np.uint8)
    halves[:, :50] = (0, 0, 255)
    cv2.imwrite(str(path), halves)
    picture = canvas(Source(kind="image", name=str(path)), 80, 40)
    assert picture.shape == (80, 160, 3)
    assert tuple(picture[40, 10]) == (255, 0, 0), "red, read as RGB"
    assert tuple(picture[40, 150]) == (0, 0, 0)


@pytest.mark.parametrize("content", [None, b"", b"not a picture"])
def test_unreadable_pictures_are_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OpenError, match=r"broken\.png"):
        canvas(Source(kind="image", name=str(path)), 80, 40)


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(ValueError, match="noise"):
        canvas(Source(kind="nonsense"), 80, 40)
    with pytest.raises(ValueError, match="coffee"):
        photograph("nonsense")
    with pytest.raises(ValueError, match="person"):
        figure("nonsense", 0, 40, 0)


def test_depths_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="near < far"):
        Source(near_depth=4.0)


def test_octaves_are_normalised() -> None:
    noise = octaves(np.random.default_rng(0), 200, 100)
    assert noise.mean() == pytest.approx(0, abs=1e-3)
    assert noise.std() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("kind", sorted(FIGURES))
def test_figures_move_and_have_clear_outlines(kind: str) -> None:
    drawn = [figure(kind, 5, 60, phase) for phase in range(PHASES)]
    cover = (drawn[0][..., 3] > 128).mean()
    assert 0.08 < cover < 0.95
    assert any((drawn[0] != other).any() for other in drawn[1:])


def test_phases_go_round() -> None:
    assert {phase_at(k / 100) for k in range(200)} == set(range(PHASES))


def test_sheets_have_their_origin_in_the_middle() -> None:
    sheet = Sheet(100, 50, (0, 0, 0), (0, 0, 0))
    sheet.block((0.5, 0.0), (0.2, 0.2), (255, 255, 255))
    rows, columns = np.nonzero(sheet.picture[..., 0] > 200)
    assert (columns.mean(), rows.mean()) == pytest.approx((75, 25), abs=0.6)
    assert columns.max() - columns.min() == pytest.approx(10, abs=1.5)


def test_sheets_mix_colours() -> None:
    sheet = Sheet(40, 40, (0, 0, 0), (0, 0, 0))
    sheet.ellipse((0, 0), (0.4, 0.4), (200, 100, 0), alpha=0.5)
    assert sheet.picture[20, 20] == pytest.approx([100, 50, 0], abs=1)
    assert not sheet.picture[0, 0].any()
    sheet.glow((0, 0), 0.5, (255, 255, 255))
    assert (sheet.picture[20, 20] > (100, 50, 0)).all()
