"""What kinds look like: codes scan, bars fill, pictures of the user's are shown as they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from sestina.core.errors import OpenError
from sestina.render.overlays import Overlays
from sestina.render.packaging.art import Moment
from sestina.render.packaging.kinds import PAINTERS, drawn
from sestina.render.packaging.marks import EMOJI
from sestina.render.parts.overlay import KINDS, LETTERED, Overlay

SIZE = (640, 360)


@pytest.mark.parametrize("content", ["https://example.com/shop?id=12", "WIFI:S:cafe;;", "Grüße 🍞"])
@pytest.mark.parametrize("size", [0.3, 0.45])
def test_qr_codes_can_be_scanned(content: str, size: float) -> None:
    made = Overlays((Overlay(kind="qr_code", text=content, start_s=0, end_s=1, size=size),), *SIZE, Fraction(30))
    picture = made.drawn(np.full((360, 640, 3), 90, np.uint8), 3)
    read, corners, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert read == content
    box = made.placed[0].box
    assert corners is not None
    xs, ys = corners[0][:, 0] / 640, corners[0][:, 1] / 360
    assert box.x <= xs.min() <= xs.max() <= box.x + box.w
    assert box.y <= ys.min() <= ys.max() <= box.y + box.h


def test_codes_too_small_to_scan_are_refused() -> None:
    asked = Overlay(kind="qr_code", text="https://example.com", start_s=0, end_s=1, size=0.15)
    with pytest.raises(ValueError, match="nobody can scan it so small"):
        drawn(asked, SIZE, Moment())


def test_codes_say_nothing_to_a_reader() -> None:
    made = Overlays((Overlay(kind="qr_code", text="x", start_s=0, end_s=1, size=0.3),), *SIZE, Fraction(30))
    assert made.texts == ()
    assert made.placed[0].text == ""


def test_pictures_of_the_user_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "green.png"
    cv2.imwrite(str(path), np.full((30, 60, 3), (0, 255, 0), np.uint8))
    art = drawn(Overlay(kind="meme_image", start_s=0, end_s=1, size=0.25, picture=str(path)), SIZE, Moment())
    assert art.picture.shape == (90, 180, 4)
    assert (art.picture == (0, 255, 0, 255)).all()


def test_missing_pictures_are_named(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    for name in ("none.png", "text.png"):
        asked = Overlay(kind="sticker", start_s=0, end_s=1, size=0.2, picture=str(tmp_path / name))
        with pytest.raises(OpenError, match=f"{name}: not a picture"):
            drawn(asked, SIZE, Moment())


@pytest.mark.parametrize("emoji", EMOJI)
def test_drawn_emoji_are_colourful(emoji: str) -> None:
    art = drawn(Overlay(kind="emoji", text=emoji, start_s=0, end_s=1, size=0.3), SIZE, Moment())
    solid = art.picture[art.picture[..., 3] > 200][:, :3].astype(int)
    assert len(solid) > 1000
    assert np.median(solid.max(axis=1) - solid.min(axis=1)) > 60


def test_sliders_and_charts_follow_their_values() -> None:
    def knob(value: float) -> float:
        asked = Overlay(kind="slider", start_s=0, end_s=1, values=(value,), accent=(255, 0, 0))
        picture = drawn(asked, SIZE, Moment()).picture.astype(int)
        red = (picture[..., 0] > 150) & (picture[..., 1] < 60) & (picture[..., 3] > 200)
        return float(np.flatnonzero(red.any(0)).max() / picture.shape[1])

    places = [knob(value) for value in (0.1, 0.5, 0.9)]
    assert places == sorted(places)
    assert places[1] == pytest.approx(0.5, abs=0.1)


def test_subscribe_buttons_are_pressed_half_way() -> None:
    asked = Overlay(kind="subscribe_animation", text="Subscribe", start_s=0, end_s=1, back=(220, 0, 0))
    before, after = (drawn(asked, SIZE, Moment(share)).picture for share in (0.2, 0.9))
    assert before.shape == after.shape
    assert (before != after).any()


def test_kinds_without_a_painter_are_letters() -> None:
    assert {kind for kind in KINDS if kind not in PAINTERS} <= set(LETTERED)
