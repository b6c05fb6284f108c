"""What is drawn can be read: the analyzer's own reader finds the words, where the gold says they are."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest

from sestina.core.evidence import Box
from sestina.render.overlays import Overlays
from sestina.render.parts.overlay import Overlay, OverlayKind, Style
from sestina.signals._reader import Reader

pytest.importorskip("rapidocr", reason="reading text needs rapidocr")
pytestmark = pytest.mark.slow

GROUND = np.full((360, 640, 3), (70, 96, 120), np.uint8)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize("style", ["plain", "outline", "shadow", "box", "highlight_bar", "gradient"])
@pytest.mark.parametrize(("kind", "said"), [("headline_super", "Slow bread"), ("handle", "@slowkitchen")])
def test_words_are_read_where_they_are(reader: Reader, kind: OverlayKind, said: str, style: Style) -> None:
    laid = Overlay(kind=kind, text=said, start_s=0, end_s=1, size=0.07, style=style)
    made = Overlays((laid,), 640, 360, Fraction(30))
    picture = made.drawn(GROUND, 5)
    (line,) = reader.find(picture)
    left, top, right, bottom = line.bounds
    crop = np.ascontiguousarray(picture[round(top) : round(bottom), round(left) : round(right)])
    assert reader.read(crop)[0].replace(" ", "") == said.replace(" ", "")
    found = Box.of(left / 640, top / 360, (right - left) / 640, (bottom - top) / 360)
    box = made.placed[0].region
    assert found.overlap(box) > 0.9 * box.area


@pytest.mark.parametrize("kind", ["price_tag", "cta_button", "quote_frame", "notification", "search_bar"])
def test_shapes_do_not_hide_their_words(reader: Reader, kind: OverlayKind) -> None:
    made = Overlays((Overlay(kind=kind, text="Warm bread", start_s=0, end_s=1, size=0.06),), 640, 360, Fraction(30))
    picture = cv2.GaussianBlur(made.drawn(GROUND, 5), (3, 3), 0)
    box = made.placed[0].region
    top, left = round(box.y * 360) - 8, round(box.x * 640) - 8
    crop = np.ascontiguousarray(picture[top : top + round(box.h * 360) + 16, left : left + round(box.w * 640) + 16])
    assert reader.read(np.asarray(crop, np.uint8))[0].replace(" ", "") == "Warmbread"
