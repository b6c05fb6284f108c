"""Fonts: letters nobody can draw are refused, never drawn as boxes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sestina.core.errors import MissingFont
from sestina.render.packaging import fonts
from sestina.render.packaging.fonts import OWN, face_for, font, lacking, needs_shaping, opened, runs_both_ways
from sestina.render.packaging.lettering import Lettering, lettered

SMALL = Lettering(cap_px=30, max_width_px=900)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without any font."""
    monkeypatch.setattr(fonts, "FOLDERS", ())
    fonts.forget()
    yield
    fonts.forget()


def test_pillows_own_face_stands_in(bare: None) -> None:
    assert face_for("HELLO").name == OWN
    (text,) = lettered("HELLO", SMALL).written
    left, top, right, bottom = text.box
    assert bottom - top == pytest.approx(30, abs=3)
    assert right - left > 60


@pytest.mark.parametrize("text", ["中文", "مرحبا", "שלום", "🔥", "\U0001fae8"])
def test_letters_without_a_font_are_refused(bare: None, text: str) -> None:
    with pytest.raises(MissingFont, match=r"no font of this machine has .*U\+") as caught:
        lettered(text, SMALL)
    assert "install" in caught.value.hint


def test_letters_that_must_be_joined_need_raqm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_shapes", lambda: False)
    fonts.forget()
    with pytest.raises(MissingFont, match="joined") as caught:
        face_for("مرحبا")
    assert "Raqm" in caught.value.hint
    assert face_for("plain").name
    fonts.forget()


def test_unassigned_letters_are_refused_everywhere() -> None:
    with pytest.raises(MissingFont, match=r"U\+0378"):
        face_for("a\u0378")


def test_one_face_draws_a_whole_text() -> None:
    for text in ("Hello", "Größe 50 %"):
        assert lacking(text.replace(" ", ""), face_for(text)) == ""


def test_capitals_have_the_height_asked_for() -> None:
    for serif in (False, True):
        box = font(face_for("H", serif), 60).getbbox("H")
        assert box[3] - box[1] == pytest.approx(60, abs=1)


def test_weights_differ() -> None:
    bold, regular = (opened(face_for("Hello", weight=weight), 60).getlength("Hello") for weight in ("bold", "regular"))
    if face_for("Hello").name == OWN:
        pytest.skip("one face only on this machine")
    assert bold > regular


def test_what_needs_shaping() -> None:
    assert [needs_shaping(text) for text in ("plain", "é", "中文", "مرحبا", "שלום", "हिन्दी", "❤\ufe0f")] == [
        False, False, False, True, True, True, False,
    ]  # fmt: skip
    assert [runs_both_ways(text) for text in ("Sale مرحبا", "مرحبا 50", "हिन्दी")] == [True, False, False]
