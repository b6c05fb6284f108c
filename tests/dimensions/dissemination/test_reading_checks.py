"""Readability, safe areas, calls to act, looks of overlays, brand, platform and the file itself."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.evidence import Box
from sestina.core.profiles import aspect_of, profiles
from sestina.core.storyboard import Unit, Word
from sestina.core.writing import case_of
from sestina.dimensions.dissemination.container import duration_class
from sestina.dimensions.dissemination.overlay_look import position_of
from sestina.dimensions.dissemination.platform import personal
from tests.dimensions.dissemination.written import parse, reading, screen

MIDDLE = (0.2, 0.4, 0.5, 0.04)


def issues(units: list[Unit]) -> set[str | None]:
    return {unit.label for unit in units if unit.facet == "diss.readability.issues"}


def checked(
    text: str, length_s: float = 3.0, measures: dict[str, float] | None = None, box: tuple[float, ...] = MIDDLE
) -> list[Unit]:
    x, y, w, h = box
    source = reading([screen(text, 1, 1 + length_s, (x, y, w, h))], measures=[measures or {}])
    return parse(source, "dissemination.overlays", "dissemination.readability")


def test_good_lettering_passes_every_check() -> None:
    units = checked("rinse the rice", 2.0)
    assert issues(units) == set()
    assert next(u for u in units if u.facet == "diss.readability").value == 1


@pytest.mark.parametrize(
    ("text", "length_s", "measures", "issue"),
    [
        ("rinse the rice", 3.0, {"cap_height": 0.015}, "too_small"),
        ("rinse the rice", 3.0, {"contrast": 2.1}, "low_contrast"),
        ("rinse the rice", 3.0, {"busyness": 0.6}, "busy_background"),
        ("rinse the rice very well", 0.5, {}, "too_fast"),
        ("rinse the rice in cold water until it runs clear", 9.0, {}, "too_long"),
    ],
)
def test_each_check_fails_by_its_own_number(text: str, length_s: float, measures: dict[str, float], issue: str) -> None:
    units = checked(text, length_s, measures)
    assert issue in issues(units)
    for unit in units:
        if unit.label == issue and unit.facet == "diss.readability.issues":
            assert any(item.type == "metric" for item in unit.evidence)


def test_chinese_is_read_more_slowly() -> None:
    assert "too_fast" in issues(checked("把米饭洗干净再煮熟吃", 1.5))
    assert "too_fast" not in issues(checked("把米饭洗干净", 3.0))


def test_text_cut_by_the_frame_and_texts_over_each_other() -> None:
    assert "clipped_at_edge" in issues(checked("rinse", box=(0.0, 0.4, 0.3, 0.04)))
    two = [screen("rinse the rice", 1, 4, MIDDLE), screen("and salt", 1, 4, (0.3, 0.41, 0.2, 0.04), number=1)]
    assert "overlapping_text" in issues(parse(reading(two), "dissemination.readability"))


def test_captions_that_lag_behind_speech() -> None:
    words = [Word(text=w, start_s=1 + i * 0.3, end_s=1.2 + i * 0.3) for i, w in enumerate(("rinse", "the", "rice"))]
    late = reading([screen("rinse the rice", 1.8, 3, MIDDLE)], words=words)
    units = parse(late, "dissemination.readability")
    assert "out_of_sync" in issues(units)
    offset = next(u for u in units if u.facet == "diss.readability.sync_offset")
    assert offset.value == pytest.approx(0.8)


def test_a_caption_under_the_buttons_is_occluded() -> None:
    low = reading([screen("rinse the rice", 1, 4, (0.2, 0.88, 0.6, 0.04))])
    units = [u for u in parse(low, "dissemination.safe_area") if u.facet == "diss.safe_area"]
    assert {u.text: u.label for u in units}["tiktok_infeed"] == "occluded"
    high = reading([screen("rinse the rice", 1, 4, (0.2, 0.4, 0.5, 0.04))])
    clear = [u for u in parse(high, "dissemination.safe_area") if u.facet == "diss.safe_area"]
    assert {u.label for u in clear} == {"clear"}
    assert all(u.attributes["version"] and u.attributes["date"] for u in clear)


def test_wide_pictures_are_checked_against_wide_profiles() -> None:
    wide = reading([screen("rinse", 1, 4, MIDDLE)], width=640, height=360)
    units = parse(wide, "dissemination.safe_area")
    assert {u.text for u in units if u.facet == "diss.safe_area"} == {"youtube_16x9_cards", "broadcast_title_safe_90"}


def test_profiles_say_where_their_numbers_come_from() -> None:
    assert len(profiles()) == 7
    for profile in profiles():
        assert profile.version
        assert profile.source
        assert profile.note


boxes = st.builds(
    Box.of, st.floats(0, 0.8), st.floats(0, 0.8), st.floats(0.01, 0.2), st.floats(0.01, 0.2)
)  # fmt: skip


@given(boxes)
def test_a_share_covered_is_a_share(box: Box) -> None:
    for profile in profiles():
        assert 0 <= profile.covered(box) <= 1


def test_half_a_box_under_furniture() -> None:
    broadcast = next(profile for profile in profiles() if profile.id == "broadcast_title_safe_90")
    assert broadcast.covered(Box.of(0.5, 0.0, 0.1, 0.1)) == pytest.approx(0.5, abs=0.02)


def test_calls_with_target_modality_and_time() -> None:
    said = ("hit", "the", "link", "in", "bio")
    words = [Word(text=w, start_s=8 + i * 0.3, end_s=8.2 + i * 0.3) for i, w in enumerate(said)]
    source = reading([screen("Follow for more", 2, 5, MIDDLE)], words=words)
    units = parse(source, "dissemination.overlays", "dissemination.cta")
    by = {facet: [u for u in units if u.facet == facet] for facet in {u.facet for u in units}}
    assert [u.label for u in by["diss.cta.target"]] == ["follow", "link_in_bio"]
    assert [u.label for u in by["diss.cta.modality"]] == ["text", "speech"]
    assert by["diss.cta.count"][0].value == 2
    assert by["diss.cta.first_at"][0].value == 2
    assert by["diss.cta.final_10pct"][0].label == "true"


def test_no_call_says_nothing() -> None:
    assert parse(reading([screen("rinse the rice", 2, 5, MIDDLE)]), "dissemination.cta") == []


def test_looks_of_an_overlay() -> None:
    source = reading([screen("RINSE THE\nRICE", 1, 4, (0.4, 0.45, 0.2, 0.1))], measures=[{"outline": 1.0, "rise": 0.3}])
    units = parse(source, "dissemination.overlay_look")
    said = {unit.facet.removeprefix("diss.overlay."): unit.label or unit.text or unit.value for unit in units}
    assert said["position"] == "centre"
    assert said["font_case"] == "upper"
    assert said["line_count"] == 2
    assert said["style"] == "outline"
    assert said["animation"] == "fade"
    assert said["colour"] == "#ffffff"
    assert said["box"] == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("text", "measures", "animation"),
    [
        ("rinse the rice", {"rise": 0.0}, "none"),
        ("rinse the rice", {"rise": 0.0, "lit": 2.0}, "word_highlight"),
        ("@ricecooker", {"rise": 0.125, "lit": 1.0}, "fade"),
        ("rinse the rice", {"rise": 0.02}, None),
    ],
)
def test_how_an_overlay_comes(text: str, measures: dict[str, float], animation: str | None) -> None:
    units = parse(reading([screen(text, 1, 4, MIDDLE)], measures=[measures]), "dissemination.overlay_look")
    assert next((u.label for u in units if u.facet == "diss.overlay.animation"), None) == animation


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("STOP", "upper"), ("pour it", "lower"), ("Head Chef", "title"), ("Pour the milk", "sentence"),
        ("50 %", "none"), ("关注", "none"),
    ],
)
def test_cases(text: str, case: str) -> None:
    assert case_of(text) == case


def test_nine_places() -> None:
    places = {position_of((i + 0.5) / 3, (j + 0.5) / 3) for i in range(3) for j in range(3)}
    assert len(places) == 9
    assert position_of(0.9, 0.1) == "top_right"


def test_a_platform_is_named_by_its_mark_only() -> None:
    marked = reading([screen("TikTok @anna", 0, 10, (0.7, 0.05, 0.25, 0.04))])
    units = parse(marked, "dissemination.platform")
    assert [u.label for u in units if u.facet == "diss.platform"] == ["tiktok"]
    talk = reading([screen("why I left TikTok after ten years of dancing", 0, 10, MIDDLE)])
    assert [u.status for u in parse(talk, "dissemination.platform") if u.facet == "diss.platform"] == ["abstain"]


def test_failed_checks_of_fitting_profiles() -> None:
    short = reading([screen("rinse", 0, 2, (0.2, 0.9, 0.6, 0.04))], frames=50)
    units = parse(short, "dissemination.safe_area", "dissemination.platform")
    failed = {(u.text, u.label) for u in units if u.facet == "diss.platform_fit"}
    assert ("tiktok_infeed", "length") in failed
    assert ("tiktok_infeed", "safe_area") in failed
    assert not any(label == "aspect" for _, label in failed)


@pytest.mark.parametrize(("measured", "fails"), [(-3.0, True), (-14.0, False)])
def test_a_loudness_outside_the_profile_is_a_failed_check(measured: float, fails: bool) -> None:
    silent = reading([])
    loud = silent.unit(
        "aes.audio.loudness.integrated", value=measured, span=silent.span, evidence=[silent.metadata("container")]
    )
    heard = silent.with_(units=(*silent.units, loud))
    units = [u for u in parse(heard, "dissemination.platform") if u.facet == "diss.platform_fit"]
    assert (("tiktok_infeed", "loudness") in {(u.text, u.label) for u in units}) == fails


def test_a_shape_that_fits_no_placement() -> None:
    odd = reading([], width=1000, height=300)
    assert {u.label for u in parse(odd, "dissemination.platform") if u.facet == "diss.platform_fit"} == {"aspect"}


def test_disclosure_and_personal_data() -> None:
    mail = screen("write to anna@example.com", 1, 4, (0.2, 0.6, 0.5, 0.04), number=1)
    source = reading([screen("#ad", 0, 10, MIDDLE), mail])
    units = parse(source, "dissemination.overlays", "dissemination.platform-safety")
    assert [u.label for u in units if u.facet == "diss.safety.disclosure"] == ["present"]
    assert [u.label for u in units if u.facet == "diss.safety.pii_visible"] == ["email"]


@pytest.mark.parametrize(
    ("text", "label"), [("+49 30 1234567", "phone"), ("a@b.org", "email"), ("$1,234,567", None), ("20212223", None)]
)
def test_personal_data(text: str, label: str | None) -> None:
    assert personal(text) == label


def test_the_name_shown_most_stands_for_the_brand() -> None:
    place = (0.1, 0.1, 0.3, 0.03)
    texts = [screen("@slowkitchen", 0, 3, place), screen("@slowkitchen", 8, 10, place, number=1)]
    units = parse(reading(texts), "dissemination.overlays", "dissemination.brand")
    said = {u.facet.removeprefix("diss.brand."): u.label or u.value for u in units if u.facet.startswith("diss.brand.")}
    assert said["first_text"] == 0
    assert said["total_on_screen_s"] == 5
    assert said["share_of_time"] == 0.5
    assert said["in_last_5s"] == "true"


def test_half_of_the_speech_can_be_read() -> None:
    words = [Word(text=w, start_s=1 + i, end_s=1.5 + i) for i, w in enumerate(("rinse", "rice", "boil", "water"))]
    source = reading([screen("rinse rice", 1, 2.6, MIDDLE)], words=words)
    assert parse(source, "dissemination.sound_off")[0].value == 0.5


def test_the_file_itself() -> None:
    source = reading([], frames=500, width=1080, height=1920)
    said = {u.facet: u.label or u.value or u.text for u in parse(source, "dissemination.container")}
    assert said["diss.aspect"] == "9:16"
    assert said["diss.duration_class"] == "15-30"
    assert said["diss.resolution"] == 1080
    assert said["diss.fps"] == 25
    assert said["diss.hdr"] == "false"


@pytest.mark.parametrize(
    ("width", "height", "label"),
    [(1080, 1920, "9:16"), (1080, 1350, "4:5"), (1080, 1440, "3:4"), (500, 500, "1:1"), (640, 480, "4:3"),
     (1920, 1080, "16:9"), (1998, 1080, "1.85"), (2048, 858, "2.39"), (3000, 1000, "other")],
)  # fmt: skip
def test_shapes(width: int, height: int, label: str) -> None:
    assert aspect_of(width, height) == label


def test_a_length_on_an_edge_belongs_to_the_longer_class() -> None:
    edges = [6.0, 9, 15, 30, 60, 90, 180, 600]
    assert duration_class(5.99, edges) == "<6"
    assert duration_class(6.0, edges) == "6-9"
    assert duration_class(float(Fraction(600)), edges) == ">600"
