"""Overlays: they show when and where the gold says, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import get_args

import numpy as np
import numpy.typing as npt
import pytest

from sestina.core import vocabulary
from sestina.render import lettering
from sestina.render.lettering import Lettering, font, ink_box, lettered, wrapped
from sestina.render.overlays import Overlays, Placed, sprite_of
from sestina.render.parts.overlay import Entry, Overlay, OverlayKind, Style

U8 = npt.NDArray[np.uint8]

SIZE = (320, 180)
GROUND: U8 = np.full((180, 320, 3), 90, np.uint8)
TEXTS = {"lower_third": "Baker\nNorth Street", "countdown_timer": "3", "progress_bar": "", "price_tag": "$9"}


def laid(*overlays: Overlay, size: tuple[int, int] = SIZE) -> Overlays:
    return Overlays(overlays, *size, Fraction(30))


def overlay(kind: OverlayKind = "headline_super", **values: object) -> Overlay:
    plain: dict[str, object] = {"text": TEXTS.get(kind, "Hello there"), "start_s": 0.5, "end_s": 1.5, "size": 0.06}
    return Overlay(kind=kind, **{**plain, **values})  # type: ignore[arg-type]  # fields by name


def changed(made: Overlays, frame: int) -> npt.NDArray[np.bool_]:
    """Which pixels an overlay alters at a frame, [H,W]."""
    return np.asarray((made.drawn(GROUND, frame) != GROUND).any(axis=2))


def bounds(mask: npt.NDArray[np.bool_]) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


@pytest.mark.parametrize("kind", get_args(OverlayKind))
def test_every_kind_shows_in_its_time_and_box(kind: OverlayKind) -> None:
    made = laid(overlay(kind, at=(0.5, 0.5), style="plain"))
    (placed,) = made.placed
    assert (placed.first, placed.after) == (15, 45)
    shows = [frame for frame in range(60) if changed(made, frame).any()]
    assert shows == list(range(15, 45))
    left, top, right, bottom = bounds(changed(made, 40))
    box = placed.box
    assert (left, top, right, bottom) == pytest.approx((box.x, box.y, box.x + box.w, box.y + box.h), abs=0.012)
    assert vocabulary.is_label("diss.overlay.kind", kind)


@pytest.mark.parametrize("style", get_args(Style))
def test_styles_set_letters_off(style: Style) -> None:
    """All but plain put something darker than the ground behind white letters."""
    picture = laid(overlay(style=style)).drawn(GROUND, 30)
    assert picture.max() == 255
    assert (picture.min() < 60) == (style != "plain")


@pytest.mark.parametrize("entry", get_args(Entry))
def test_entries_end_at_rest(entry: Entry) -> None:
    made = laid(overlay(entry=entry, entry_s=0.3))
    resting = made.drawn(GROUND, 40)
    assert (made.drawn(GROUND, 30) == resting).all()
    assert changed(made, 15).any()
    assert (made.drawn(GROUND, 16) == resting).all() == (entry == "none")


def test_overlays_stay_inside_the_frame() -> None:
    for at in ((0.0, 0.0), (1.0, 1.0)):
        box = laid(overlay(at=at)).placed[0].box
        assert box.w > 0.1
        assert 0 <= box.x <= box.x + box.w <= 1.0
        assert 0 <= box.y <= box.y + box.h <= 1.0


def test_karaoke_lights_one_word_after_another() -> None:
    made = laid(
        overlay("subtitle_word_karaoke", text="one two", style="plain", accent=(255, 0, 0), start_s=0.0, end_s=1.0)
    )
    lit = [bounds((made.drawn(GROUND, k) == (255, 0, 0)).all(axis=2)) for k in (5, 25)]
    assert lit[0][2] < lit[1][0]


def test_karaoke_follows_given_word_times() -> None:
    line = overlay("subtitle_word_karaoke", text="one two", start_s=0.0, end_s=1.0, word_starts_s=(0.0, 0.9))
    made = laid(line)
    assert (made.drawn(GROUND, 5) == made.drawn(GROUND, 25)).all()
    assert (made.drawn(GROUND, 25) != made.drawn(GROUND, 28)).any()


def test_countdowns_say_every_number() -> None:
    made = laid(overlay("countdown_timer", text="3", start_s=1.0, end_s=4.0))
    assert [(text, first, after) for text, first, after, _ in made.texts] == [
        ("3", 30, 60), ("2", 60, 90), ("1", 90, 120),
    ]  # fmt: skip
    assert (made.drawn(GROUND, 40) != made.drawn(GROUND, 70)).any()


def test_progress_bars_fill() -> None:
    made = laid(overlay("progress_bar", at=(0.5, 0.95), start_s=0.0, end_s=2.0, accent=(0, 255, 0)))
    filled = [(made.drawn(GROUND, k)[..., 1] == 255).any(0).mean() for k in (0, 15, 30, 59)]
    assert filled == sorted(filled)
    assert filled[0] == 0
    assert filled[2] == pytest.approx(0.5, abs=0.02)
    assert filled[-1] == 1


def test_cards_cover_everything_and_their_text_has_a_box_of_its_own() -> None:
    made = laid(overlay("end_card", back=(40, 20, 60)))
    assert changed(made, 30).all()
    (_, _, _, box) = made.texts[0]
    assert made.placed[0].box.area == pytest.approx(1)
    assert box.area < 0.3


def test_positions_name_cells_of_a_grid() -> None:
    places = [laid(overlay(at=at, text="x")).placed[0].position for at in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.9))]
    assert places == ["top_left", "middle_centre", "bottom_right"]


def test_sizes_are_heights_of_capitals() -> None:
    box = laid(overlay(text="HHH", style="plain", size=0.2)).placed[0].box
    assert box.h == pytest.approx(0.2, abs=0.012)


def test_long_lines_wrap() -> None:
    face = font(20)
    lines = wrapped("a long line of many short words", face, 150)
    assert len(lines) > 1
    assert all(face.getlength(line) <= 150 for line in lines)
    assert " ".join(lines) == "a long line of many short words"
    assert wrapped("two\nlines", face, 1000) == ["two", "lines"]


def test_pillows_own_face_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "FOLDERS", ())
    for cached in (lettering.font_file, lettering.font, lettering._cap_share):
        cached.cache_clear()
    assert lettering.font_name() == "Pillow's own"
    letters = lettered("HELLO", Lettering(cap_px=30, max_width_px=400))
    left, top, right, bottom = ink_box(letters)
    assert bottom - top == pytest.approx(30, abs=3)
    assert right - left > 60
    monkeypatch.undo()
    for cached in (lettering.font_file, lettering.font, lettering._cap_share):
        cached.cache_clear()


def test_the_face_is_recorded() -> None:
    assert laid(overlay()).facts == {"sans": lettering.font_name()}
    assert laid().facts == {}


def test_empty_layers_leave_the_picture_alone() -> None:
    assert laid().drawn(GROUND, 3) is GROUND
    assert laid(overlay()).drawn(GROUND, 3) is GROUND


def test_later_overlays_lie_on_top() -> None:
    card, text = overlay("end_card", text=""), overlay(text="X", style="plain", at=(0.5, 0.5), size=0.4)
    on_top = laid(card, text).drawn(GROUND, 30)
    assert (on_top == 255).all(axis=2).any()
    assert not (laid(text, card).drawn(GROUND, 30) == 255).all(axis=2).any()


def test_overlays_must_last() -> None:
    with pytest.raises(ValueError, match="ends at"):
        replace(overlay(), end_s=0.5)


def test_sprites_are_kept() -> None:
    """A still overlay is drawn once, not in every frame."""
    sprite_of.cache_clear()
    made = laid(overlay())
    for frame in range(20, 40):
        made.drawn(GROUND, frame)
    assert sprite_of.cache_info().misses <= 2
    assert isinstance(made.placed[0], Placed)
