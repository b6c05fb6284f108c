"""Every rule on a clip with its one defect, on the clip without it, and on a storyboard that does not know."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from sestina.core import vocabulary
from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.profiles import profile, profiles
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.report.lint.finding import SEVERITIES, Finding, at_least
from sestina.report.lint.lint import lint, rules
from sestina.report.lint.rules.readability import HARD, SOFT
from tests.export.boards import HOSTILE, NAME, board, unit
from tests.report.lint.boards import FREE, LENGTH_S, UNDER, WHOLE, bare, clean, issue, media, overlay

TIKTOK = profile("tiktok")


def found(board: Storyboard, name: str = "tiktok") -> list[Finding]:
    return lint(board, profile(name))


def says(facet: str, label: str, span: Span = WHOLE, **more: Any) -> Unit:
    return unit(f"{facet}={label}", facet, span, label=label, **more)


def abstains(facet: str, reason: str) -> Unit:
    return unit(facet, facet, WHOLE, status="abstain", confidence=0.0, reason=reason, evidence=(), level="video")


def replaced(facet: str, value: float) -> Storyboard:
    """Return the clean clip with another number in one facet."""
    board = clean()
    items = tuple(one.model_copy(update={"value": value}) if one.facet == facet else one for one in board)
    return board.model_copy(update={"items": items})


DEFECTS: dict[str, tuple[Storyboard, str]] = {
    "safe_area": (clean(*overlay(UNDER, "Shop at ours", "low")), "“Shop at ours” lies to 100% under the caption block"),
    "safe_area-touches": (clean(*overlay(Box(x=0.2, y=0.72, w=0.4, h=0.1), name="low")), "lies to 20% under"),
    "readability": (
        clean(issue("too_fast", signal="readability.chars_per_s", op=">", threshold=17.0, value=25.3, unit="1/s")),
        "“Three knots” is too fast: chars per s 25.3 1/s, at most 17",
    ),
    "readability-minor": (clean(issue("too_long")), "“Three knots” is too long"),
    "length": (clean(info=media(length_s=2)), "lasts 2 s, at least 3 s"),
    "aspect": (
        clean(without="diss.overlay", info=media(size=(1080, 1350))), "4:5 (1080x1350), tiktok_infeed shows 9:16",
    ),
    "aspect-padding": (
        clean(says("diss.padding", "blurred_fill"), says("diss.aspect.active", "16:9")),
        "padded (blurred fill) around a picture of shape 16:9",
    ),
    "file-size": (clean(info=media(size_bytes=600_000_000)), "has 600 MB, at most 500 MB"),
    "file-codec": (clean(info=media(codec="mpeg2video")), "coded as mpeg2video"),
    "file-rate": (clean(info=media(frame_rate=Fraction(15))), "has 15 frames a second, 23 to 60"),
    "file-resolution": (clean(info=media(size=(180, 320))), "has 180x320 pixels"),
    "loudness": (replaced("aes.audio.loudness.integrated", -23.5), "-23.5 LUFS, -18 to -9 are asked for"),
    "loudness-peak": (clean(says("diss.safety.loud_peak", "true", Span.of(3, 4))), "far louder than the rest"),
    "silent_start": (clean(info=media(audio=False)), "the video has no sound"),
    "disclosure": (clean(says("diss.overlay.kind", "price_tag", Span.of(2, 3), text="$9.99")), "“$9.99”, and no word"),
    "disclosure-missing": (
        clean(says("diss.safety.disclosure", "missing_when_sponsored", level="video")), "sponsored and does not say so",
    ),
    "flashing": (clean(says("diss.safety.photosensitive_flash", "red", Span.of(4, 5.5))), "flashes red more than"),
    "black_start": (clean(says("aes.tech.black", "true", Span.of(0, 0.4))), "begins with 0.40 s of black"),
    "hook": (replaced("narr.hook.t_first_text", 4.5), "nothing happens for 4.5 s: the first text is the first thing"),
    "captions": (replaced("diss.sound_off_score", 0.2), "20% of what is said can be read"),
    "watermark": (clean(says("diss.safety.third_party_watermark", "true", Span.of(0, 9))), "mark of another platform"),
    "privacy": (clean(says("diss.safety.pii_visible", "phone", Span.of(2, 3))), "personal datum (phone)"),
}  # fmt: skip
"""Rule to a clip with that one defect, and words of the message."""


def test_a_clean_clip_has_no_findings() -> None:
    assert found(clean()) == []


@pytest.mark.parametrize("name", rules.names())
def test_a_defect_is_found_by_its_rule_alone(name: str) -> None:
    board, words = DEFECTS[name]
    (one,) = found(board)
    entry = rules.get(name)
    assert (one.rule, one.severity) == (name, entry.make.severity)
    assert words in one.message
    assert one.hint
    assert {unit.id for unit in board} >= set(one.units)
    assert WHOLE.covers(one.span)


def test_findings_point_at_the_place_and_at_their_units() -> None:
    (one,) = found(DEFECTS["safe_area"][0])
    assert (one.region, one.span, one.units) == (UNDER, Span.of(1, 4), ("low",))


def test_what_the_analyzer_judged_is_named_too() -> None:
    judged = unit("judged", "diss.safe_area", Span.of(1, 4), label="occluded", text=TIKTOK.id, region=Region(box=UNDER))
    (one,) = found(clean(*overlay(UNDER, name="low"), judged))
    assert one.units == ("low", "judged")


def test_scenery_is_no_overlay() -> None:
    sign = unit("sign", "diss.overlay", Span.of(1, 4), label="scene_text", region=Region(box=UNDER))
    assert found(clean(sign)) == []


def test_a_moving_overlay_is_judged_where_it_is_covered_most() -> None:
    """Its union box reaches from the free area under the caption block: a share of the union says little."""
    track = (BoxAt(at_s=1, box=FREE), BoxAt(at_s=3, box=UNDER))
    text, *facts = overlay(FREE.union(UNDER), name="low")
    moving = text.model_copy(update={"region": Region(box=FREE.union(UNDER), track=track)})
    assert [(one.rule, one.region) for one in found(clean(moving, *facts))] == [("safe_area", UNDER)]


def test_an_interface_laid_out_for_another_shape_is_not_judged() -> None:
    board = clean(info=media(size=(1920, 1080)))
    assert [(one.rule, one.severity) for one in found(board)] == [("aspect", "warning"), ("safe_area", "open")]
    assert "laid out for 9:16, and the picture is 16:9" in found(board)[1].message


def test_disclosing_settles_it() -> None:
    price = says("diss.overlay.kind", "price_tag", Span.of(2, 3), text="$9.99")
    assert found(clean(price, says("diss.overlay.kind", "ad_disclosure", Span.of(2, 3), text="#ad"))) == []
    assert found(clean(price, says("diss.safety.disclosure", "present"))) == []


def test_a_request_to_follow_is_no_sale() -> None:
    assert found(clean(says("diss.cta.target", "follow"))) == []
    assert [one.rule for one in found(clean(says("diss.cta.target", "shop_buy")))] == ["disclosure"]


def test_the_platforms_own_mark_is_at_home() -> None:
    mark = says("diss.overlay.kind", "other_platform_watermark", text="TikTok")
    board = clean(mark, says("diss.platform", "tiktok", level="video"))
    assert found(board) == []
    assert [one.rule for one in found(board, "reels")] == ["watermark"]


def test_the_true_peak_is_compared_with_the_ceiling() -> None:
    (one,) = found(replaced("aes.audio.loudness.true_peak", 0.4))
    assert (one.rule, one.message) == ("loudness-peak", "the true peak is 0.4 dBTP, at most -1 are asked for")


def test_late_sound_and_silence() -> None:
    assert found(replaced("diss.silent_start", 0.5)) == []
    (late,) = found(replaced("diss.silent_start", 1.25))
    assert (late.span, late.message) == (Span.of(0, 1.25), "the first sound comes after 1.25 s of silence")
    (silent,) = found(clean(says("diss.sound", "silent", level="video")))
    assert silent.message == "nothing is heard in the whole video"


def test_a_late_hook_is_named() -> None:
    beat = says("narr.beat", "hook", Span.of(5, 7), level="segment")
    (one,) = found(clean(beat, without="narr.hook"))
    assert (one.rule, one.message) == ("hook", "the hook begins only after 5.0 s")
    assert found(clean(beat)) == []


def test_a_voice_without_captions() -> None:
    (one,) = found(clean(without="diss.sound_off_score"))
    assert one.message == "somebody speaks for 9.0 s and no caption was found"
    caption = says("diss.overlay.kind", "subtitle_phrase", Span.of(0, 9), text="so")
    assert found(clean(caption, without="diss.sound_off_score")) == []


def test_a_profile_asks_for_nothing_it_does_not_publish() -> None:
    board = clean(info=media(codec="mpeg2video", frame_rate=Fraction(15), size=(180, 320)))
    assert found(board, "shorts") == []


def test_what_a_bare_storyboard_does_not_know_is_said_and_never_passed() -> None:
    """All that it knows are the file's facts; every other rule says that it could not be judged."""
    opened = {one.rule for one in found(bare()) if one.severity == "open"}
    of_the_file = {"length", "aspect", "file-size", "file-codec", "file-rate", "file-resolution"}
    same_question = {"safe_area-touches", "readability-minor", "disclosure-missing"}
    assert opened == set(rules.names()) - of_the_file - same_question
    assert {one.severity for one in found(bare())} == {"open"}


def test_an_unknown_size_is_said() -> None:
    assert [one.rule for one in found(clean(info=media(size_bytes=0)))] == ["file-size"]


def test_the_reason_for_abstaining_is_told() -> None:
    board = clean(without="aes.audio.loudness.i")
    silent = abstains("aes.audio.loudness.integrated", "too quiet to be gated")
    (one,) = found(board.model_copy(update={"items": (*board.items, silent)}))
    assert one.message == "could not be judged: the loudness (too quiet to be gated)"
    assert one.units == ("aes.audio.loudness.integrated",)


def test_unmeasured_texts_are_counted() -> None:
    (one,) = found(clean(*overlay(Box(x=0.1, y=0.2, w=0.3, h=0.1), name="new")[:3]))
    assert (one.rule, one.severity, one.units) == ("readability", "open", ("new",))
    assert "1 of 2 texts" in one.message


def test_sound_alone_has_no_picture_to_judge() -> None:
    info = media().model_copy(update={"video": None})
    assert {one.rule for one in found(bare(info))} == {
        "loudness", "loudness-peak", "silent_start", "disclosure", "hook",
    }  # fmt: skip


def test_worst_comes_first_and_order_is_stable() -> None:
    board = clean(*DEFECTS["flashing"][0], *overlay(UNDER, name="low"), issue("too_long"))
    board = board.model_copy(update={"items": tuple({one.id: one for one in board}.values())})
    ranks = [one.rank for one in found(board)]
    assert ranks == sorted(ranks, reverse=True)
    turned = board.model_copy(update={"items": board.items[::-1]})
    assert found(turned) == found(board)


def test_every_issue_of_the_vocabulary_has_advice() -> None:
    assert set(HARD) | set(SOFT) == set(vocabulary.facet("diss.readability.issues").labels)
    assert not set(HARD) & set(SOFT)


def test_severities_are_ordered() -> None:
    note = found(DEFECTS["readability-minor"][0])
    assert [at_least(note, severity) for severity in SEVERITIES] == [True, True, False, False]
    assert not at_least([], "open")


def test_times_stay_inside_the_video() -> None:
    assert all(one.span.end_s <= LENGTH_S for one in found(replaced("diss.silent_start", 99.0)))


@pytest.mark.parametrize("name", [item.id for item in profiles()])
@pytest.mark.parametrize("facts", [{}, {"size": (720, 1280)}, {"vfr": True}, {"audio": False}])
def test_any_storyboard_and_profile(name: str, facts: dict[str, Any]) -> None:
    """Hostile texts and names, any shape and rate: findings point at units that exist, inside the video."""
    storyboard = board(Fraction(30000, 1001), text=HOSTILE, name=NAME, **facts)
    for one in found(storyboard, name):
        assert {unit.id for unit in storyboard} >= set(one.units)
        assert storyboard.media.span.covers(one.span)
        assert "\n" not in one.message + one.hint


def test_a_thousand_overlays_are_judged_each() -> None:
    many = [part for n in range(1000) for part in overlay(UNDER, name=f"o{n}")[:1]]
    covered = [one for one in found(clean(*many)) if one.rule == "safe_area"]
    assert {unit for one in covered for unit in one.units} == {f"o{n}" for n in range(1000)}
