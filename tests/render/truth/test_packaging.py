"""The gold of overlays: what units say of a clip whose overlays are known, by hand-computed examples."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.core.profiles import profiles
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.vocabulary import facet
from sestina.render.glimpses import Glimpses
from sestina.render.overlays import Overlays
from sestina.render.padded import Padded
from sestina.render.parts.note import Note
from sestina.render.parts.overlay import Overlay
from sestina.render.parts.stage import Source
from sestina.render.script import Script, Shot
from sestina.render.timeline import Timeline
from sestina.render.truth import asking, overlay_looks, overlays, reading_checks, safe_areas
from sestina.render.truth.made import Made

MATTERS = (overlays, overlay_looks, reading_checks, safe_areas, asking)
TEN_S = (Shot(source=Source(kind="plain"), duration_s=10.0),)


def made_of(*laid: Overlay, size: tuple[int, int] = (360, 640), ground: int = 90, **values: Any) -> Made:
    """A clip of 10 s on an even ground, its overlays drawn, without a file."""
    width, height = size
    script = Script(shots=values.pop("shots", TEN_S), width=width, height=height, overlays=laid, sound=None, **values)
    timeline = Timeline(script)
    shown = Overlays(laid, width, height, script.rate)
    plain = np.full((height, width, 3), ground, np.uint8)
    for frame in range(0, timeline.frame_count, 5):
        shown.drawn(plain, frame)
    video = VideoInfo(
        codec="h264", pixel_format="yuv420p", width=width, height=height, display_width=width, display_height=height,
        frame_rate=Fraction(30), vfr=False, frame_count_from_content=300, time_base=Fraction(1, 15360), end_pts=153600,
    )  # fmt: skip
    media = MediaInfo(path="x.mp4", sha256="0" * 64, size_bytes=1, container="mp4", span=Span.of(0, 10), video=video)
    padded = Padded(script.padding, width, height)
    seen = Glimpses(timeline, padded)
    return Made(
        script=script, timeline=timeline, overlays=shown, heard=None, media=media, padded=padded, glimpses=seen
    )  # fmt: skip


def gold(*laid: Overlay, **values: Any) -> dict[str, list[Unit]]:
    """Units by facet, those that abstain left out."""
    made = made_of(*laid, **values)
    found: dict[str, list[Unit]] = {}
    for matter in MATTERS:
        for unit in matter.units(made):
            assert unit.facet in matter.FACETS
            if unit.status != "abstain":
                found.setdefault(unit.facet, []).append(unit)
    return found


def text(said: str = "Hello there", **values: Any) -> Overlay:
    plain: dict[str, Any] = {"kind": "headline_super", "text": said, "start_s": 1.0, "end_s": 4.0, "size": 0.05}
    return Overlay(**{**plain, **values})


def labels(units: dict[str, list[Unit]], name: str) -> list[str]:
    return sorted(str(unit.label) for unit in units.get(name, ()))


def test_facets_are_in_the_vocabulary_and_told_once() -> None:
    every = [name for matter in MATTERS for name in matter.FACETS]
    assert len(every) == len(set(every))
    assert all(facet(name) for name in every)


def test_labels_are_in_the_vocabulary_and_ids_unique() -> None:
    made = made_of(
        text("WAIT, WHAT?", entry="fade", rotation_deg=20.0), text("@ana 😀", kind="handle", at=(0.5, 0.8)),
        text("", kind="bell", size=0.2, at=(0.2, 0.3)), text("Buy", kind="cta_button", at=(0.5, 0.97)),
        text("TikTok", kind="other_platform_watermark", platform="tiktok", at=(0.5, 0.9)),
    )  # fmt: skip
    units = [unit for matter in MATTERS for unit in matter.units(made)]
    assert len({unit.id for unit in units}) == len(units)
    for unit in units:
        if unit.label is not None and facet(unit.facet).labels:
            assert unit.label in facet(unit.facet).labels
        assert unit.level in facet(unit.facet).levels


def test_an_overlay_is_where_its_letters_are() -> None:
    units = gold(text("Thanks", kind="end_card", start_s=8.0, end_s=10.0))
    (kind,) = units["diss.overlay.kind"]
    assert kind.region is not None
    assert kind.region.box.area < 0.1
    assert kind.attributes["drawn_box"] == [0.0, 0.0, 1.0, 1.0]
    assert labels(units, "diss.overlay") == ["overlay_text"]
    assert (kind.span.start_s, kind.span.end_s) == (8.0, 10.0)


def test_graphics_have_no_looks_of_letters() -> None:
    units = gold(text("https://example.com", kind="qr_code", size=0.3))
    assert labels(units, "diss.overlay") == ["overlay_graphic"]
    assert units["diss.overlay.kind"][0].attributes["content"] == "https://example.com"
    assert "diss.overlay.style" not in units


def test_looks() -> None:
    units = gold(
        text("SALE\nends today", style="box", back=(200, 0, 16), colour=(255, 255, 255), at=(0.3, 0.1), size=0.03,
             entry="slide", language="en", rotation_deg=-10.0)
    )  # fmt: skip
    said = {name.removeprefix("diss.overlay."): unit[0] for name, unit in units.items() if "overlay." in name}
    assert said["position"].label == "top_left"
    assert (said["style"].label, said["animation"].label, said["font_case"].label) == ("box", "slide", "sentence")
    assert (said["line_count"].value, said["rotation"].value) == (2.0, -10.0)
    assert (said["colour"].text, said["bg_colour"].text) == ("#ffffff", "#c80010")
    assert said["language"].text == "en"
    assert [unit.text for unit in units["subject.language.text"]] == ["en"]


def test_languages_that_nobody_names_are_left_open() -> None:
    made = made_of(text("Bonjour"), text("Hello", language="en", at=(0.5, 0.8)))
    found = [unit for unit in overlay_looks.units(made) if unit.facet == "subject.language.text"]
    assert [unit.status for unit in found] == ["abstain"]
    assert [unit.text for unit in gold(text("$5", kind="price_tag"))["diss.overlay.text"]] == ["$5"]


def test_case_direction_and_emoji() -> None:
    units = gold(text("HURRY ❤"), text("only now", start_s=5.0, end_s=7.0))
    assert labels(units, "diss.overlay.font_case") == ["lower", "upper"]
    assert [unit.value for unit in units["diss.overlay.emoji_count"]] == [1.0]
    assert set(labels(units, "diss.overlay.script_direction")) == {"ltr"}


@pytest.mark.parametrize(
    ("laid", "issues"),
    [
        (text(size=0.05, style="box"), []),
        (text(size=0.012, style="box"), ["too_small"]),
        (text(end_s=1.4, style="box"), ["too_fast"]),
        (text("a line of forty letters that nobody reads", end_s=2.0, size=0.03, style="box"), ["too_fast"]),
        (text("one\ntwo\nthree", size=0.03, style="box"), ["too_long"]),
        (text("hello", style="box", back=(200, 200, 200)), ["low_contrast"]),
        (text("hello", style="plain", colour=(110, 110, 110)), ["low_contrast"]),
        (text("hello", style="plain"), []),
        (text("hello there you", at=(0.98, 0.5), bleed=True, style="box"), ["clipped_at_edge"]),
    ],
)
def test_issues_hold_by_construction(laid: Overlay, issues: list[str]) -> None:
    assert labels(gold(laid), "diss.readability.issues") == issues


def test_texts_over_each_other_are_issues_of_both() -> None:
    units = gold(text("hello", style="box"), text("world", style="box", at=(0.5, 0.505)))
    assert labels(units, "diss.readability.issues") == ["overlapping_text"] * 2


def test_near_a_limit_nothing_is_decided() -> None:
    """Capitals of 14 pixels in 640 are 0.0219 of the height; the limit is 0.022."""
    made = made_of(text(size=14 / 640, style="box"))
    found = [unit for unit in reading_checks.units(made) if unit.facet == "diss.readability.issues"]
    assert [unit.status for unit in found] == ["abstain"]
    assert "too_small" in str(found[0].reason)


def test_numbers_of_reading() -> None:
    """Eleven characters in three seconds; white on grey 90: (1 + 0.05) / (0.1022 + 0.05) = 6.90."""
    units = gold(text(style="plain"))
    said = {name.rpartition(".")[2]: unit[0].value for name, unit in units.items() if "readability" in name}
    assert said["chars_per_s"] == pytest.approx(11 / 3, abs=1e-3)
    assert said["line_chars"] == 11
    assert said["cap_height"] == pytest.approx(0.05)
    assert said["contrast"] == pytest.approx(6.90, abs=0.02)


def test_contrast_is_that_of_the_worst_tenth() -> None:
    """White letters over a ground whose right quarter is nearly white."""
    made = made_of(text(style="plain"), ground=90)
    ground = np.full((640, 360, 3), 90, np.uint8)
    box = made.overlays.placed[0].region
    ground[:, round((box.x + box.w * 3 / 4) * 360) :] = 250
    fresh = Overlays(made.script.overlays, 360, 640, Fraction(30))
    fresh.drawn(ground, 30)
    (value,) = reading_checks._contrasts(replace(made, overlays=fresh), 0, fresh.placed[0])
    assert value < 1.3


def test_safe_areas_follow_the_profiles() -> None:
    units = gold(text(at=(0.5, 0.92), size=0.03), text(at=(0.5, 0.4), size=0.03, start_s=5.0, end_s=7.0))
    tiktok = sorted((u.span.start_s, u.label) for u in units["diss.safe_area"] if u.text == "tiktok_infeed")
    assert tiktok == [(1.0, "occluded"), (5.0, "clear")]
    (share,) = (u.value for u in units["diss.safe_area.share_covered"] if u.text == "tiktok_infeed")
    assert share == 1.0


@pytest.mark.parametrize("profile", [p.id for p in profiles() if "9:16" in p.aspects])
def test_placed_overlays_are_clear(profile: str) -> None:
    units = gold(text(place="bottom_centre", profile=profile, size=0.03))
    assert [u.label for u in units["diss.safe_area"] if u.text == profile] == ["clear"]


def test_requests_are_counted() -> None:
    button = text("Shop now", kind="cta_button", cta=("shop_buy",), start_s=2.0, end_s=4.0)
    follow = text("Follow", kind="follow_button", start_s=8.0, end_s=9.5, at=(0.5, 0.7))
    units = gold(button, follow)
    assert labels(units, "diss.cta.target") == ["follow", "shop_buy"]
    assert labels(units, "diss.cta.modality") == ["button_graphic"] * 2
    numbers = {name: units[f"diss.cta.{name}"][0] for name in ("first_at", "count", "final_10pct")}
    assert (numbers["first_at"].value, numbers["count"].value, numbers["final_10pct"].label) == (2.0, 2.0, "true")
    assert labels(gold(button), "diss.cta.final_10pct") == ["false"]
    assert labels(units, "diss.retention") == ["mid_cta", "mid_cta"]


def test_spoken_requests_of_the_notes_count_too() -> None:
    spoken = Note(facet="diss.cta", label="cta", start_s=0.5, end_s=1.0)
    units = gold(text("Subscribe", kind="subscribe_animation"), notes=(spoken,))
    assert [unit.value for unit in units["diss.cta.count"]] == [2.0]
    assert [unit.value for unit in units["diss.cta.first_at"]] == [0.5]
    told = Note(facet="diss.cta.count", value=7.0, unit="count")
    assert "diss.cta.count" not in gold(text("Subscribe", kind="subscribe_animation"), notes=(told,))


def test_unnamed_targets_are_left_open() -> None:
    units = gold(text("Do it", kind="cta_text"))
    assert "diss.cta" in units
    assert "diss.cta.target" not in units


def test_devices_follow_from_kinds_and_words() -> None:
    units = gold(
        text("", kind="progress_bar", size=0.02, at=(0.5, 0.98)), text("3", kind="countdown_timer", at=(0.5, 0.2)),
        text("#2", kind="list_counter", at=(0.2, 0.1)), text("Why so?", at=(0.5, 0.6)),
        text("Wait for it", at=(0.5, 0.8), devices=("wait_for_it_text",)),
        text("Part 2", kind="chapter_marker", at=(0.8, 0.1), size=0.03),
    )  # fmt: skip
    assert labels(units, "diss.retention") == [
        "countdown", "list_progress", "on_screen_question", "part_n_series", "progress_bar", "wait_for_it_text",
    ]  # fmt: skip


def test_interrupts_are_cuts_and_overlays_felt_apart() -> None:
    """A cut at 5 s, a text at 2 s, another 0.1 s later, which is not felt apart: two in ten seconds, gaps 2, 3, 5."""
    shots = tuple(Shot(source=Source(kind="plain", seed=k), duration_s=5.0) for k in range(2))
    laid = (text(start_s=2.0, end_s=9.0), text(start_s=2.1, end_s=9.0, at=(0.5, 0.8)))
    units = gold(*laid, shots=shots)
    assert [unit.value for unit in units["diss.retention.interrupts_per_10s"]] == [2.0]
    assert [unit.value for unit in units["diss.retention.longest_static_gap"]] == [5.0]


def test_marks_disclosures_and_personal_data() -> None:
    units = gold(
        text("TikTok", kind="other_platform_watermark", platform="tiktok"),
        text("#ad", kind="ad_disclosure", at=(0.5, 0.1)),
        text("+49 30 1234567", kind="phone", at=(0.5, 0.3), size=0.03), text("me@mail.org", at=(0.5, 0.8), size=0.03),
    )  # fmt: skip
    assert labels(units, "diss.platform") == ["tiktok"]
    assert labels(units, "diss.safety.third_party_watermark") == ["true"]
    assert labels(units, "diss.safety.disclosure") == ["present"]
    assert labels(units, "diss.safety.pii_visible") == ["email", "phone"]


def test_overlays_begin_inside_the_clip() -> None:
    with pytest.raises(ValueError, match="begins at 12 s, outside the 10 s"):
        gold(text(start_s=12.0, end_s=13.0))


@pytest.mark.parametrize(("back", "kind"), [((20, 22, 30), "cta_text"), ((200, 30, 60), "cta_button")])
def test_a_request_on_a_bright_box_is_a_button(back: tuple[int, int, int], kind: str) -> None:
    units = gold(text("Follow me", kind="cta_text", style="box", back=back, cta=("follow",)))
    assert labels(units, "diss.overlay.kind") == [kind]
    assert labels(units, "diss.cta.modality") == ["button_graphic" if kind == "cta_button" else "text"]
