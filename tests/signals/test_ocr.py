"""Reading text: what it says, when it shows, whether it is locked to the screen, and what its letters look like."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sestina.core.evidence import Box
from sestina.core.reading import Reading
from sestina.core.roles import Measurement
from sestina.core.time import Span
from sestina.pipeline.parse import reading_of
from sestina.pipeline.sweep import Gathered
from sestina.signals._chains import Chain, Sighting, alike, chains
from sestina.signals._lettering import Lettering, contrast_ratio, measure, plainness, strokes, three_tones
from sestina.signals._reader import LineBox, upright
from sestina.signals.ocr import qr_codes
from tests.dimensions.dissemination.written import lettered
from tests.dimensions.filmed import U8, drifting, flat, looked_at, measured, shots, texture

pytest.importorskip("rapidocr", reason="reading text needs rapidocr")
HEIGHT, WIDTH = 360, 640


def read(frames: list[U8], cuts_s: tuple[float, ...] = ()) -> Reading:
    """Return what is known of frames after the text signal and the reader have seen them."""
    found: Gathered = measured(frames, ["text"])
    looked_at(frames, found, shots(reading_of(found), cuts_s), ["ocr"])
    return reading_of(found)


def pan(frames: int, seed: int = 0) -> list[U8]:
    return drifting(texture(HEIGHT, WIDTH, low=50, high=170, seed=seed, cell=9), frames, 3)


def with_text(frames: list[U8], text: str, first: int, after: int, at: tuple[float, float], size: int = 30) -> list[U8]:
    return [lettered(f, text, at, size) if first <= i < after else f for i, f in enumerate(frames)]


@pytest.fixture(scope="module")
def captions() -> Reading:
    frames = pan(75)
    frames = with_text(frames, "pour the milk", 10, 40, (0.5, 0.8))
    frames = with_text(frames, "wait a minute", 40, 65, (0.5, 0.8))
    return read(with_text(frames, "@slowkitchen", 20, 75, (0.25, 0.12), 22))


def test_texts_are_read_once_each(captions: Reading) -> None:
    said = sorted(text.text for text in captions.texts())
    assert said == ["@slowkitchen", "pour the milk", "wait a minute"]


@pytest.mark.parametrize(
    ("text", "first", "after"), [("pour the milk", 10, 40), ("wait a minute", 40, 65), ("@slowkitchen", 20, 75)]
)
def test_spans_are_exact_to_the_frame(captions: Reading, text: str, first: int, after: int) -> None:
    found = next(item for item in captions.texts() if item.text == text)
    assert found.span.start_s == pytest.approx(first / 25, abs=1.1 / 25)
    assert found.span.end_s == pytest.approx(after / 25, abs=1.1 / 25)


def test_text_over_a_pan_is_locked_to_the_screen(captions: Reading) -> None:
    assert all(text.locked for text in captions.texts() if text.span.duration_s > 1.1)


def test_measures_stand_at_the_first_frame_of_each_text(captions: Reading) -> None:
    contrast = captions.track("ocr.contrast")
    assert len(contrast) == len(captions.texts())
    for text, time in zip(captions.texts(), contrast.times_s, strict=True):
        assert time == pytest.approx(text.span.start_s, abs=1e-4)
    assert captions.value("ocr.contrast", "min", captions.span) > 4.5
    height = captions.track("ocr.cap_height").values
    assert np.all((height > 0.03) & (height < 0.09))


def test_the_engine_is_named(captions: Reading) -> None:
    assert captions.transcript.engines["ocr"].startswith("rapidocr")


def test_a_sign_that_moves_with_the_scene_is_not_locked() -> None:
    wide = texture(HEIGHT, WIDTH * 2, low=50, high=170, cell=24)
    wide = lettered(wide, "BAKERY", (0.42, 0.4), 40)
    frames = [np.ascontiguousarray(wide[:, 4 * i : 4 * i + WIDTH]) for i in range(60)]
    found = [text for text in read(frames).texts() if text.text == "BAKERY"]
    assert found
    assert all(text.locked is not True for text in found)


def test_two_lines_that_come_together_are_one_text() -> None:
    frames = with_text(pan(40), "Anna Weber", 5, 35, (0.3, 0.7))
    frames = with_text(frames, "Head Chef", 5, 35, (0.3, 0.79), 24)
    assert [text.text for text in read(frames).texts()] == ["Anna Weber\nHead Chef"]


def test_a_text_stays_one_across_a_cut() -> None:
    frames = [*pan(30, seed=1), *pan(30, seed=5)]
    found = read(with_text(frames, "FOLLOW ME", 0, 60, (0.5, 0.5), 40), (30 / 25,)).texts()
    assert [(text.text, text.locked) for text in found] == [("FOLLOW ME", True)]
    assert found[0].span == Span.of(0, 2.4)


def test_pictures_without_text_give_none() -> None:
    found = read(pan(30))
    assert found.texts() == ()
    assert len(found.track("ocr.contrast")) == 0


def test_a_qr_code_is_read() -> None:
    code = cv2.QRCodeEncoder.create().encode("https://example.org/a")
    picture = flat((200, 200, 200), HEIGHT, WIDTH)
    big = cv2.resize(code, (160, 160), interpolation=cv2.INTER_NEAREST)
    picture[100:260, 400:560] = big[..., None]
    [(text, box)] = qr_codes(picture)
    assert text == "https://example.org/a"
    assert Box.of(*box).iou(Box.of(400 / WIDTH, 100 / HEIGHT, 160 / WIDTH, 160 / HEIGHT)) > 0.6


def line(text: str, size: int = 40, paper: tuple[int, int, int] = (40, 60, 90), **how: object) -> U8:
    """A line of lettering cut close."""
    picture = lettered(flat(paper, 70, 420), text, (0.5, 0.5), size, **how)  # type: ignore[arg-type]  # passed through
    return picture[10:62, 20:400]


def test_letters_and_their_background_have_their_colours() -> None:
    found = measure(line("pour the milk", colour=(250, 240, 30), stroke=0))
    assert found.colour == "#faf01e"
    assert found.background == "#283c5a"
    expected = contrast_ratio(np.asarray([250.0, 240, 30]), np.asarray([40.0, 60, 90]))
    assert found.contrast == pytest.approx(float(expected), rel=0.1)


@pytest.mark.parametrize("text", ["pour the milk", "gypsy", "3"])
def test_the_ink_is_told_from_the_room_around_it(text: str) -> None:
    picture = line(text, stroke=0)
    ink = (picture != np.asarray((40, 60, 90))).any(axis=2)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    height, width = ink.shape
    left, top, right, bottom = measure(picture).inset
    assert top == pytest.approx(min(0.36, rows[0] / height), abs=0.05)
    assert bottom == pytest.approx(min(0.36, 1 - (rows[-1] + 1) / height), abs=0.05)
    most = 0.36 * height / width
    assert left == pytest.approx(min(most, columns[0] / width), abs=0.01)
    assert right == pytest.approx(min(most, 1 - (columns[-1] + 1) / width), abs=0.01)


def test_dark_letters_on_a_bright_ground() -> None:
    found = measure(line("pour the milk", paper=(235, 235, 235), colour=(20, 20, 20), stroke=0))
    assert found.colour == "#141414"


def test_outlined_letters_are_not_their_outlines() -> None:
    found = measure(line("POUR MILK", paper=(215, 215, 215), colour=(255, 255, 255), stroke=3))
    assert found.colour == "#ffffff"


@pytest.mark.parametrize(("deep", "style"), [(0, "plain"), (3, "shadow")])
def test_a_shadow_lies_to_one_side(deep: int, style: str) -> None:
    """Letters over the same letters, dark and blurred, a little down and right."""
    ground = flat((150, 160, 170), 70, 420)
    under = lettered(ground, "pour the milk", (0.5 + deep / 420, 0.5 + deep / 70), 40, colour=(30, 30, 30), stroke=0)
    under = np.asarray(cv2.GaussianBlur(under, (0, 0), 2.0), np.uint8) if deep else ground
    assert measure(lettered(under, "pour the milk", (0.5, 0.5), 40, stroke=0)[10:62, 20:400]).style == (style,)


def test_black_on_white_has_the_largest_contrast() -> None:
    assert contrast_ratio(np.zeros(3), np.full(3, 255.0)) == pytest.approx(21)
    assert contrast_ratio(np.full(3, 80.0), np.full(3, 80.0)) == pytest.approx(1)


def test_a_lit_word_is_seen_where_it_stands() -> None:
    picture = flat((30, 30, 40), 70, 420)
    for i, word in enumerate(("pour", "the", "milk")):
        colour = (255, 209, 74) if i == 2 else (255, 255, 255)
        picture = lettered(picture, word, (0.2 + 0.3 * i, 0.5), 36, colour=colour, stroke=0)
    assert measure(picture).lit == pytest.approx(0.8, abs=0.08)
    plain = measure(line("pour the milk", stroke=0))
    assert np.isnan(plain.lit)


def test_a_box_is_told_from_a_plain_ground() -> None:
    crop = line("pour the milk", stroke=0)
    same, other = np.full((50, 3), (40, 60, 90), np.uint8), np.full((50, 3), (200, 60, 10), np.uint8)
    assert measure(crop, same).style == ("plain",)
    assert measure(crop, other).style == ("box",)


def test_a_crop_without_letters_is_measured_too() -> None:
    assert measure(flat((9, 9, 9), 20, 60)).contrast == pytest.approx(1.0)
    assert strokes(flat((9, 9, 9), 20, 60)).shape == (20, 60)


def test_three_tones() -> None:
    grey = np.repeat(np.asarray([[10] * 20 + [120] * 60 + [240] * 20], np.uint8), 8, axis=0)
    assert three_tones(grey) == pytest.approx((10, 120, 240), abs=1)


def test_a_card_is_plain_and_a_scene_is_not() -> None:
    assert plainness(flat((30, 80, 60), 90, 160), []) == 1
    assert plainness(texture(90, 160, cell=3), []) < 0.6


def test_a_tilted_line_is_cut_out_level() -> None:
    quad = np.asarray([[10, 30], [90, 10], [95, 30], [15, 50]], np.float32)
    tilted = LineBox(quad=quad, score=0.9)
    assert tilted.rotation_deg == pytest.approx(-14, abs=1)
    assert upright(flat((5, 5, 5), 80, 120), tilted).shape[1] > 80


LOOK = Lettering(
    colour="#ffffff", background="#000000", contrast=9, cap_height_px=10, style=("plain",), busyness=0.0
)


def sighting(time_s: float, text: str, x: float = 0.3, y: float = 0.8) -> Sighting:
    return Sighting(
        time_s=time_s, box=(x, y, 0.3, 0.05), text=text, score=0.9, rotation_deg=0, lettering=LOOK, height_px=360
    )


def test_a_letter_misread_does_not_break_a_chain() -> None:
    looks = [(t, [sighting(t, word)]) for t, word in ((1.0, "pour the milk"), (2.0, "pour the mi1k"), (3.0, "wait"))]
    assert [len(chain.sightings) for chain in chains(looks)] == [2, 1]


def test_a_line_that_slides_in_comes_to_rest() -> None:
    chain = Chain([sighting(1.0, "hello", y=0.9), sighting(1.4, "hello"), sighting(1.8, "hello")])
    assert chain.moves
    assert not chain.at_rest().moves
    assert [s.time_s for s in chain.at_rest().sightings] == [1.4, 1.8]


@pytest.mark.parametrize(("one", "two", "least", "most"), [("Pour it", "pour  IT", 1, 1), ("abc", "xyz", 0, 0)])
def test_readings_are_compared_without_case_and_spaces(one: str, two: str, least: float, most: float) -> None:
    assert least <= alike(one, two) <= most


def test_nothing_fed_gives_empty_tracks() -> None:
    from sestina.signals.ocr import Ocr

    found: Measurement = Ocr().finish()
    assert found.screen == ()
    assert all(len(track) == 0 for track in found.tracks)
