"""Overlays: they show when and where the gold says, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from sestina.core import vocabulary
from sestina.render.overlays import Overlays
from sestina.render.packaging.kinds import drawn
from sestina.render.parts.overlay import KINDS, WORDLESS, Entry, Leave, Overlay, OverlayKind, Style

U8 = npt.NDArray[np.uint8]

SIZE = (320, 180)
NEEDING = ("reaction_cutout", "meme_image")
"""Kinds that show a picture of the user's."""
LOOSE = ("gif", "bell", "spotlight", "subscribe_animation", "logo_bug", "other_platform_watermark")
"""Kinds that move inside their box, or fade out at its edge."""
GROUND: U8 = np.full((180, 320, 3), 90, np.uint8)
TEXTS: dict[str, str] = {
    **dict.fromkeys(WORDLESS, ""), "lower_third": "Baker\nNorth Street", "countdown_timer": "3", "price_tag": "$9",
    "emoji": "🔥", "poll_quiz_sticker": "Rye?\nYes\nNo", "table": "a|b\n1|2", "chart_infographic": "Sum\nA\nB",
    "caption_meme_top_bottom": "ABOVE\nBELOW", "comment_bubble": "@ana\nWith rye?", "chat_message": "Hi\nYes",
}  # fmt: skip


def laid(*overlays: Overlay, size: tuple[int, int] = SIZE) -> Overlays:
    return Overlays(overlays, *size, Fraction(30))


def overlay(kind: OverlayKind = "headline_super", **values: object) -> Overlay:
    size = 0.6 if kind == "qr_code" else 0.3 if kind in (*WORDLESS, "emoji", "logo_bug") else 0.06
    plain: dict[str, object] = {"text": TEXTS.get(kind, "Hello there"), "start_s": 0.5, "end_s": 1.5, "size": size}
    return Overlay(kind=kind, **{**plain, **values})  # type: ignore[arg-type]  # fields by name


def changed(made: Overlays, frame: int) -> npt.NDArray[np.bool_]:
    """Which pixels an overlay alters at a frame, [H,W]."""
    return np.asarray((made.drawn(GROUND, frame) != GROUND).any(axis=2))


def bounds(mask: npt.NDArray[np.bool_]) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


@pytest.fixture
def photo(tmp_path: Path) -> str:
    """A picture file of a user's, 20 by 10 pixels, red."""
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), np.full((10, 20, 3), (0, 0, 255), np.uint8))
    return str(path)


def test_kinds_are_the_labels_of_the_vocabulary() -> None:
    assert set(KINDS) == set(vocabulary.facet("diss.overlay.kind").labels)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_in_its_time_and_box(kind: OverlayKind, photo: str) -> None:
    made = laid(overlay(kind, at=(0.5, 0.5), style="plain", picture=photo if kind in NEEDING else ""))
    (placed,) = made.placed
    assert (placed.first, placed.after) == (15, 45)
    shows = [frame for frame in range(60) if changed(made, frame).any()]
    assert shows == list(range(15, 45))
    left, top, right, bottom = bounds(changed(made, 40))
    box = placed.box
    if kind not in LOOSE:
        assert (left, top, right, bottom) == pytest.approx((box.x, box.y, box.x + box.w, box.y + box.h), abs=0.012)
    assert left < placed.region.centre[0] < right
    assert top < placed.region.centre[1] < bottom


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
    assert made.placed[0].region == box
    assert box.area < 0.3


def test_positions_name_cells_of_a_grid() -> None:
    places = [laid(overlay(at=at, text="x")).placed[0].position for at in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.9))]
    assert places == ["top_left", "centre", "bottom_right"]


def test_sizes_are_heights_of_capitals() -> None:
    box = laid(overlay(text="HHH", style="plain", size=0.2)).placed[0].box
    assert box.h == pytest.approx(0.2, abs=0.012)


def test_empty_layers_leave_the_picture_alone() -> None:
    assert laid().drawn(GROUND, 3) is GROUND
    assert laid(overlay()).drawn(GROUND, 3) is GROUND


def test_later_overlays_lie_on_top_and_cards_under_all() -> None:
    red, blue = (overlay(text="HHH", style="box", back=tone, size=0.2) for tone in ((200, 0, 0), (0, 0, 200)))
    assert (laid(red, blue).drawn(GROUND, 30)[..., 2] == 200).any()
    assert not (laid(red, blue).drawn(GROUND, 30)[..., 0] == 200).any()
    card, text = overlay("end_card", text=""), overlay(text="X", style="plain", at=(0.5, 0.5), size=0.4)
    pictures = [laid(*order).drawn(GROUND, 30) for order in ((card, text), (text, card))]
    assert (pictures[0] == 255).all(axis=2).any()
    assert (pictures[0] == pictures[1]).all()


def test_overlays_must_last() -> None:
    with pytest.raises(ValueError, match="ends at"):
        replace(overlay(), end_s=0.5)


def test_still_overlays_are_drawn_once() -> None:
    drawn.cache_clear()
    made = laid(overlay())
    for frame in range(20, 40):
        made.drawn(GROUND, frame)
    assert drawn.cache_info().misses == 1


@pytest.mark.parametrize("leave", get_args(Leave))
def test_overlays_leave_at_their_end(leave: Leave) -> None:
    made = laid(overlay(leave=leave, leave_s=0.3))
    resting = made.drawn(GROUND, 30)
    assert (made.drawn(GROUND, 35) == resting).all()
    assert (made.drawn(GROUND, 43) == resting).all() == (leave == "none")
    assert changed(made, 44).any()
    assert not changed(made, 45).any()


def test_typed_letters_come_one_by_one_and_stay_in_place() -> None:
    made = laid(overlay(text="abcdefgh", style="plain", entry="typewriter", entry_s=0.4))
    edges = [bounds(changed(made, frame)) for frame in (16, 20, 24, 40)]
    assert [edge[2] for edge in edges] == sorted({edge[2] for edge in edges})
    assert len({edge[0] for edge in edges}) == 1


def test_turned_overlays_keep_their_middle() -> None:
    level = laid(overlay("arrow", size=0.2)).placed[0].box
    upright = laid(overlay("arrow", size=0.2, rotation_deg=90)).placed[0].box
    assert upright.h * 180 == pytest.approx(level.w * 320, abs=3)
    assert upright.centre == pytest.approx(level.centre, abs=0.01)


def test_arrows_turn_clockwise() -> None:
    """Turned by 90 degrees it points down: its lower half is the wide one."""
    shape = changed(laid(overlay("arrow", size=0.2, rotation_deg=90)), 30)
    rows = np.flatnonzero(shape.any(1))
    middle = int(rows.mean())
    assert shape[middle : rows[-1]].sum() > 1.4 * shape[rows[0] : middle].sum()


def test_overlays_bleed_only_when_they_may() -> None:
    inside, cut = (laid(overlay(at=(1.0, 0.5), bleed=bleed)).placed[0].box for bleed in (False, True))
    assert cut.w < 0.7 * inside.w
    assert cut.x + cut.w == 1.0


def test_what_is_larger_than_the_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="headline_super 'Hello there' is"):
        _ = laid(overlay(size=0.9)).placed


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"text": "a\x00b"}, r"U\+0000"),
        ({"text": "\ud800"}, r"U\+D800"),
        ({"text": "a\u202eb"}, r"U\+202E turns"),
        ({"text": "x" * 401}, "401 characters"),
        ({"text": " "}, "no text"),
        ({"rotation_deg": 1.0}, "turn of 1.0 degrees"),
        ({"entry": "fade", "entry_s": 2.0}, "comes and goes for 2 s"),
        ({"profile": "reels"}, "needs a `place`"),
        ({"cta": ("beg",)}, "'beg' is no label of diss.cta.target"),
        ({"kind": "arrow", "text": "x"}, "says nothing"),
        ({"kind": "price_tag", "entry": "typewriter"}, "only plain letters"),
        ({"kind": "countdown_timer", "text": "soon"}, "number from 1 to 99"),
        ({"kind": "meme_image", "text": ""}, "path of a picture"),
        ({"size": float("nan")}, "size must be"),
    ],
)
def test_what_cannot_be_shown_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        overlay(**wrong)  # type: ignore[arg-type]  # fields by name
