"""Kinds of overlays by what they say, where they stand and how they come and go."""

from __future__ import annotations

import pytest

from sestina.core.evidence import MetricEvidence
from sestina.core.storyboard import Word
from sestina.dimensions.dissemination._overlays import overlays_of
from tests.dimensions.dissemination.written import kinds, parse, reading, screen

UP = (0.3, 0.3, 0.4, 0.05)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("#1", "list_counter"),
        ("3. Rinse the rice", "list_counter"),
        ("Step 2", "step_label"),
        ("Schritt 3: rühren", "step_label"),
        ("第2步", "step_label"),
        ("2/5", "chapter_marker"),
        ("Chapter 4", "chapter_marker"),
        ("$19.99", "price_tag"),
        ("24 €", "price_tag"),
        ("£8.50", "price_tag"),
        ("50% OFF", "discount"),
        ("-30%", "discount"),
        ("SAVE 20%", "discount"),
        ("Use code SAVE20", "offer_code"),
        ("@slow.kitchen", "handle"),
        ("#bread #baking", "hashtag"),
        ("www.example.com", "url"),
        ("example.org/shop", "url"),
        ("Call 555-867-5309", "phone"),
        ("#ad", "ad_disclosure"),
        ("Werbung", "ad_disclosure"),
        ("Paid partnership with Acme", "paid_partnership"),
        ("AI-generated", "ai_label"),
        ("Al-generated", "ai_label"),
        ("Results may vary. See terms and conditions.", "disclaimer"),
        ("Follow for more", "cta_text"),
        ("Link in bio", "cta_text"),
        ("Jetzt kaufen", "cta_text"),
        ("今すぐ登録", "cta_text"),
    ],
)
def test_what_words_alone_decide(text: str, kind: str) -> None:
    assert kinds(reading([screen(text, 1, 4, UP)])) == [kind]


def test_a_call_on_a_box_of_its_own_is_a_button() -> None:
    source = reading([screen("Shop now", 1, 4, UP)], measures=[{"boxed": 1.0}], paper=(210.0, 50.0, 60.0))
    unit = next(u for u in parse(source, "dissemination.overlays") if u.facet == "diss.overlay.kind")
    assert unit.label == "cta_button"
    assert any(isinstance(item, MetricEvidence) and item.signal == "ocr.boxed" for item in unit.evidence)


def test_a_number_alone_counts_on_a_box_of_its_own_only() -> None:
    assert kinds(reading([screen("2", 1, 4, UP)], measures=[{"boxed": 1.0}])) == ["list_counter"]
    assert kinds(reading([screen("2", 1, 4, UP)])) != ["list_counter"]


def test_a_dark_shade_under_a_call_is_no_button() -> None:
    assert kinds(reading([screen("Shop now", 1, 4, UP)], measures=[{"boxed": 1.0}])) == ["cta_text"]


def test_a_story_that_holds_the_verb_is_no_call() -> None:
    text = "People who follow their grandmother's recipe always win the village prize"
    assert kinds(reading([screen(text, 1, 4, UP)])) != ["cta_text"]


LINE = (0.25, 0.8, 0.5, 0.04)


def test_texts_that_replace_each_other_low_in_the_frame_are_captions() -> None:
    texts = ["fold it in gently", "pour in slow circles", "wait thirty seconds"]
    run = [screen(text, 1 + i, 2 + i, LINE) for i, text in enumerate(texts)]
    assert kinds(reading(run)) == ["subtitle_phrase"] * 3


def test_whole_sentences_are_full_subtitles() -> None:
    texts = ["This is why I never buy bread at the station.", "The queue is long and the oven is always cold."]
    run = [screen(text, 1 + 3 * i, 4 + 3 * i, LINE) for i, text in enumerate(texts)]
    assert kinds(reading(run)) == ["subtitle_full"] * 2


def test_words_that_light_up_make_karaoke() -> None:
    run = [screen("fold it in", 1, 2, LINE), screen("wait a bit", 2, 3, LINE)]
    assert kinds(reading(run, measures=[{"lit": 3.0}, {"lit": 1.0}])) == ["subtitle_word_karaoke"] * 2


def test_text_that_is_said_is_a_caption_wherever_it_stands() -> None:
    text = "the oven must be hot"
    words = [Word(text=w, start_s=1 + 0.3 * i, end_s=1.25 + 0.3 * i) for i, w in enumerate(text.split())]
    high = (0.1, 0.1, 0.8, 0.06)
    assert kinds(reading([screen(text, 1, 3, high)], words=words)) == ["subtitle_phrase"]
    assert kinds(reading([screen(text, 1, 3, high)])) == ["headline_super"]


def test_a_name_over_a_title_is_a_lower_third() -> None:
    assert kinds(reading([screen("Anna Weber\nHead Chef", 1, 5, (0.05, 0.72, 0.35, 0.12))])) == ["lower_third"]


def test_large_text_without_picture_is_a_card_and_the_last_one_an_end_card() -> None:
    opening = screen("A week in Lisbon", 0, 2, (0.2, 0.4, 0.6, 0.1))
    closing = screen("Thanks for watching", 8, 10, (0.2, 0.4, 0.6, 0.1))
    plain = {"plain": 0.99}
    assert kinds(reading([opening, closing], measures=[plain, plain])) == ["title_card", "end_card"]


def test_numbers_that_fall_second_by_second_are_one_countdown() -> None:
    digits = [screen(str(3 - i), 2 + i, 3 + i, (0.45, 0.3, 0.05, 0.05), number=i) for i in range(3)]
    source = reading(digits)
    assert kinds(source) == ["countdown_timer"]
    joined = overlays_of(source)[0]
    assert (joined.span.start_s, joined.span.end_s, len(joined.texts)) == (2, 5, 3)


def test_a_lone_number_says_too_little() -> None:
    assert kinds(reading([screen("7", 2, 3, (0.45, 0.3, 0.05, 0.05))])) == [None]


def test_a_mark_in_a_corner_all_the_time() -> None:
    corner = (0.75, 0.04, 0.2, 0.03)
    assert kinds(reading([screen("Slow Kitchen", 0, 10, corner)])) == ["logo_bug"]
    assert kinds(reading([screen("TikTok @anna", 0, 10, corner)])) == ["other_platform_watermark"]
    assert kinds(reading([screen("@anna_cooks", 0, 10, corner)])) == ["channel_watermark"]


def test_the_texts_of_a_page_are_no_overlays_of_a_kind() -> None:
    page = [screen(f"Setting number {i}", 0, 10, (0.1, 0.05 + 0.08 * i, 0.6, 0.05), number=i) for i in range(11)]
    assert set(kinds(reading(page))) == {None}


def test_lettering_of_the_scene_has_no_kind() -> None:
    units = parse(reading([screen("BAKERY", 1, 4, UP, locked=False)]), "dissemination.overlays")
    assert [(u.facet, u.label) for u in units if u.facet != "diss.overlay.text"] == [("diss.overlay", "scene_text")]


def test_what_comes_inside_a_shot_is_surer_to_be_laid_over_it() -> None:
    units = {}
    for start_s in (0.0, 2.0):
        source = reading([screen("hello there", start_s, 10, UP, locked=None)])
        units[start_s] = next(u for u in parse(source, "dissemination.overlays") if u.facet == "diss.overlay")
    assert units[2.0].confidence > units[0.0].confidence


def test_every_kind_cites_the_words() -> None:
    source = reading([screen("50% OFF", 1, 4, UP), screen("@anna", 2, 5, (0.1, 0.1, 0.2, 0.03), number=1)])
    for unit in parse(source, "dissemination.overlays"):
        assert unit.evidence[0].type == "ocr"
