"""SubRip, read back by the srt and pysubs2 packages, and corrections by a person coming home."""

from __future__ import annotations

import io
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pysubs2
import pytest
import srt as reader
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.correction import Correction
from sestina.core.errors import SchemaError
from sestina.core.registry import importers
from sestina.core.storyboard import Storyboard, Transcript
from sestina.core.time import Span
from sestina.export._merge import Merge, merge
from tests.export.boards import CUTS, HOSTILE, RATES, board, unit
from tests.export.screens import ALL_KINDS, frames, made
from tests.export.test_cues import SPEECH, spoken, told

BOARD = board()


def back(raw: bytes, onto: Storyboard, **options: Any) -> list[Correction]:
    return list(importers.get("srt").make(io.BytesIO(raw), onto, **options))


def corrected(board: Storyboard, *changes: tuple[str, str], who: str = "ada", **options: Any) -> Merge:
    """Return what becomes of a storyboard whose subtitles a person edits by search and replace."""
    what = {"what": options["what"]} if "what" in options else {}
    text = made("srt", board, **what).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return merge(board, back(text.encode(), board, **options), who=who, tool="srt")


def lines(board: Storyboard, **options: Any) -> list[str]:
    """Return what the export says, a text a cue, as the srt package reads it."""
    return [cue.content for cue in reader.parse(made("srt", board, **options).decode())]


def ms(time: timedelta) -> int:
    return round(time / timedelta(milliseconds=1))


def test_the_file_is_what_the_format_wants() -> None:
    assert made("srt", BOARD) == b"1\n00:00:00,100 --> 00:00:02,450\nHere is how it works, in a minute.\n\n"
    assert made("srt", BOARD.model_copy(update={"transcript": Transcript()})) == b""


@pytest.mark.parametrize(("rate", "facts"), ALL_KINDS)
def test_a_text_shows_on_exactly_its_frames(rate: Fraction, facts: dict[str, Any]) -> None:
    (cue,) = reader.parse(made("srt", board(rate, **facts), what="screen").decode())
    assert frames(rate, ms(cue.start), ms(cue.end), **facts) == (CUTS[1], CUTS[2])


def test_lines_are_shorter_on_an_upright_picture() -> None:
    assert lines(board()) == ["Here is how it works, in a minute."]
    assert lines(board(size=(720, 1280))) == ["Here is how it works,\nin a minute."]
    assert lines(board(), line_chars=20) == ["Here is how it\nworks, in a minute."]


def test_hostile_text_is_read_as_it_was() -> None:
    raw = made("srt", board(text=HOSTILE), what="screen").decode()
    (cue,) = reader.parse(raw)
    assert cue.content.replace("\u2060", "") == " ".join(HOSTILE.split())
    (event,) = pysubs2.SSAFile.from_string(raw, format_="srt")
    kept = " ".join(HOSTILE.split()).replace("\\N", "\n").replace("{\\b1}", "")  # pysubs2 hides all braces
    assert event.plaintext.replace("\u2060", "") == kept
    assert "<\u2060b>" in raw  # a player that reads markup shows it instead of obeying it


def test_texts_that_show_together_share_a_cue_from_top_to_bottom() -> None:
    assert lines(two_texts(), what="screen") == ["low", "high\nlow", "high"]
    times = [(ms(cue.start), ms(cue.end)) for cue in reader.parse(made("srt", two_texts(), what="screen").decode())]
    assert times == [(500, 1000), (1000, 2000), (2000, 3000)]


def two_texts() -> Storyboard:
    """Return a storyboard with a low text over 0.5 .. 2 s and a high one over 1 .. 3 s."""
    low, high = (
        unit(name, "diss.overlay.text", span, text=name, region={"box": {"x": 0.1, "y": y, "w": 0.3, "h": 0.1}})
        for name, span, y in (("low", Span.of(0.5, 2), 0.8), ("high", Span.of(1, 3), 0.1))
    )
    return BOARD.model_copy(update={"items": (low, high)}).canonical()


@pytest.mark.parametrize("what", ["speech", "screen"])
@pytest.mark.parametrize("rate", RATES)
def test_an_untouched_export_changes_nothing(rate: Fraction, what: str) -> None:
    for one in (board(rate, text=HOSTILE), two_texts()):
        found = corrected(one, what=what)
        assert found.board == one
        assert not found.conflicts


@given(SPEECH)
def test_no_untouched_speech_is_ever_changed(words: list[Any]) -> None:
    one = told(words)
    assert back(made("srt", one), one) == []


def test_a_corrected_word_is_the_persons_and_stays_in_the_next_export() -> None:
    found = corrected(BOARD, ("minute", "second"))
    (said,) = found.board.units(facet="subject.utterance")
    assert (said.text, said.status, said.producer.name) == ("Here is how it works, in a second.", "human", "ada")
    assert said.span == Span.of(0.1, 2.45)
    assert lines(found.board) == ["Here is how it works, in a second."]
    again = corrected(found.board, who="bob")
    assert (again.board, again.same, again.conflicts) == (found.board, 1, ())


def test_a_second_correction_changes_the_same_utterance() -> None:
    first = corrected(BOARD, ("minute", "second")).board
    (said,) = first.units(facet="subject.utterance")
    found = corrected(first, ("second", "moment"), ("00:00:00,100", "00:00:00,050")).board
    assert found[said.id].text == "Here is how it works, in a moment."
    assert found[said.id].span == Span.of(0.05, 2.45)
    contested = corrected(first, ("second", "moment"), who="bob")
    assert [str(conflict.why)[:20] for conflict in contested.conflicts] == ["ada corrected it bef"]


def test_cues_cut_otherwise_that_say_the_same_change_nothing() -> None:
    one = told(spoken("We start slowly here. And then we run."))
    raw = made("srt", one).decode()
    assert len(lines(one)) == 2
    cut = b"1\n00:00:00,000 --> 00:00:00,680\nWe start\n\n"
    cut += b"2\n00:00:00,690 --> 00:00:02,900\nslowly here. And then we run.\n"
    assert back(cut, one) == []
    assert back(raw.encode(), one, line_chars=20) == []


def test_a_moved_cue_leaves_silence_behind() -> None:
    found = corrected(BOARD, ("00:00:00,100 --> 00:00:02,450", "00:00:02,500 --> 00:00:04,800")).board
    assert lines(found) == ["Here is how it works, in a minute."]
    (cue,) = reader.parse(made("srt", found).decode())
    assert ms(cue.start) == 2500


def test_a_missing_cue_is_a_part_of_the_file_or_silence_as_asked() -> None:
    one = told(spoken("We start slowly here. And then we run."))
    first = made("srt", one).partition(b"\n\n")[0]
    assert back(first, one) == []
    found = merge(one, back(first, one, missing="remove"), who="ada", tool="srt")
    assert lines(found.board) == ["We start slowly here."]
    emptied = made("srt", one).replace(b"And then we run.", b"")
    assert lines(merge(one, back(emptied, one), who="ada", tool="srt").board) == ["We start slowly here."]


def test_joined_cues_say_what_both_said_once() -> None:
    one = corrected(told(spoken("We start slowly here. And then we run.")), ("then we", "when we")).board
    start, end = made("srt", one).decode().split(" --> ")[0], made("srt", one).decode().rsplit(" --> ")[-1][:12]
    both = f"{start} --> {end}\nWe start slowly, and when we run.\n"
    found = merge(one, back(both.encode(), one), who="ada", tool="srt")
    assert not found.conflicts
    assert lines(found.board) == ["We start slowly, and when we run."]


@given(SPEECH, st.lists(st.tuples(st.text("ab .,日\n", max_size=90), st.floats(0, 90), st.floats(0, 9)), max_size=5))
def test_no_untouched_utterance_is_ever_changed(words: list[Any], said: list[tuple[str, float, float]]) -> None:
    units = [
        unit(f"u{n}", "subject.utterance", Span.of(start, start + length), text=text, status="human")
        for n, (text, start, length) in enumerate(said)
    ]
    one = told(words, *units)
    for missing in ("keep", "remove"):
        found = merge(one, back(made("srt", one), one, missing=missing), who="bob", tool="srt")
        assert (found.board, found.conflicts) == (one.canonical(), ())


SCREEN = st.lists(
    st.tuples(st.text("ab <{\\-> \n日", max_size=9), st.floats(0, 9), st.floats(0, 5), st.floats(0, 0.9)), max_size=8
)


def on_screen(texts: list[tuple[str, float, float, float]]) -> Storyboard:
    units = [
        unit(f"o{n}", "diss.overlay.text", Span.of(start, start + length), text=text, level="overlay",
             region={"box": {"x": 0.1, "y": y, "w": 0.1, "h": 0.1}})
        for n, (text, start, length, y) in enumerate(texts)
    ]  # fmt: skip
    return told([], *units).canonical()


@given(SCREEN)
def test_no_untouched_text_on_the_screen_is_ever_changed(texts: list[tuple[str, float, float, float]]) -> None:
    one = on_screen(texts)
    raw = made("srt", one, what="screen")
    ends = [(ms(cue.start), ms(cue.end)) for cue in reader.parse(raw.decode())]
    assert all(a < b for a, b in ends)
    assert all(a[1] <= b[0] for a, b in pairwise(ends))
    for missing in ("keep", "remove"):
        found = merge(one, back(raw, one, what="screen", missing=missing), who="bob", tool="srt")
        assert (found.board, found.conflicts) == (one, ())


@given(SCREEN, st.data())
def test_a_reworded_text_on_the_screen_is_the_only_change(
    texts: list[tuple[str, float, float, float]], data: st.DataObject
) -> None:
    one = on_screen([(f"word{'x' * n}", start, length, y) for n, (_, start, length, y) in enumerate(texts)])
    if not texts:
        return
    which = data.draw(st.integers(0, len(texts) - 1))
    text = made("srt", one, what="screen").decode()
    text = text.replace(f"word{'x' * which}\n", "new\n")
    found = merge(one, back(text.encode(), one, what="screen"), who="bob", tool="srt")
    assert not found.conflicts
    changed = {new.id: (new.text, new.span) for new, old in zip(found.board, one, strict=True) if new != old}
    assert changed == {f"o{which}": ("new", one[f"o{which}"].span)}


def test_an_added_cue_is_an_added_utterance() -> None:
    raw = made("srt", BOARD) + b"2\n00:00:03,000 --> 00:00:04,000\n<i>Really.</i>\n"
    (added,) = back(raw, BOARD)
    assert (added.facet, added.text, added.span, added.unit) == ("subject.utterance", "Really.", Span.of(3, 4), None)


def test_one_of_two_texts_on_the_screen_is_corrected() -> None:
    found = corrected(two_texts(), ("high\nlow", "hugh\nlow"), what="screen").board
    assert {one.id: (one.text, one.status) for one in found} == {
        "low": ("low", "inferred"), "high": ("hugh", "human"),
    }  # fmt: skip
    assert found["high"].span == Span.of(1, 3)
    assert found["high"].region == two_texts()["high"].region


def test_the_times_of_a_text_on_the_screen_are_corrected() -> None:
    found = corrected(two_texts(), ("00:00:03,000", "00:00:02,800"), what="screen").board
    assert found["high"].span == Span.of(1, 2.8)
    assert found["low"] == two_texts()["low"]


def test_an_emptied_cue_removes_its_text() -> None:
    text = made("srt", two_texts(), what="screen").decode().replace("high\nlow", "low").replace("high\n", "\n")
    found = merge(two_texts(), back(text.encode(), two_texts(), what="screen", missing="remove"), who="a", tool="srt")
    assert [one.id for one in found.board] == ["low"]


def test_a_text_that_was_only_read_becomes_a_unit_when_corrected() -> None:
    found = corrected(BOARD, ("$9.99", "$8.99"), what="screen").board
    (text,) = found.units(facet="diss.overlay.text")
    assert (text.text, text.level, text.region) == (
        "Only $8.99 today", "overlay", BOARD.transcript.screen[0].region,
    )  # fmt: skip
    assert lines(found, what="screen") == ["Only $8.99 today"]


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nx\n", "line 1"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\n00:00:03", "line 6"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n2", "line 6"),
        (b"1\n00:00:02,000 --> 00:00:01,000\nx\n", "line 2: the cue ends before it begins"),
        (b"1\n00:61:02,000 --> 00:62:01,000\nx\n", "line 2: no such time"),
        (b"1\n99999999999999999999:00:02,000 --> 99999999999999999999:00:03,000\nx\n", "line 2"),
        (b"{'a': 1}", "line 1"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n\xff\xfe\xff\n", "byte 32: not UTF-8"),
    ],
)
def test_what_is_not_subrip_is_refused_with_the_place(raw: bytes, place: str) -> None:
    with pytest.raises(SchemaError, match=place):
        back(raw, BOARD)


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16"])
def test_what_tools_do_to_a_file_does_no_harm(code: str) -> None:
    text = made("srt", BOARD).decode().replace("\n", "\r\n").replace("1\r\n", "7\r\n", 1).replace(",100 ", ".100 ")
    assert back(text.replace("Here", "<i>Here</i> {\\an8}").encode(code), BOARD) == []


@given(st.text(st.sampled_from("1\n:,-> \r0.9a\u2028\x00"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = back(text.encode(), BOARD)
    except SchemaError:
        found = []
    assert all(one.facet == "subject.utterance" for one in found)


def test_more_time_than_the_video_has_is_a_conflict() -> None:
    found = corrected(BOARD, ("00:00:02,450", "99:00:00,000"), ("minute", "while"))
    assert found.board == BOARD
    assert "leaves the media" in found.conflicts[0].why


