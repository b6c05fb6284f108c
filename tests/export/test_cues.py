"""Words gathered into cues: every rule by example, and what must hold of any speech as properties."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard, Transcript, Word
from sestina.core.time import Span
from sestina.export._cues import UTTERANCE, Cue, Rules, milliseconds, speech_cues
from sestina.export._wrap import clean, columns, joined, pieces, wrapped
from tests.export.boards import HOSTILE, board, unit

BOARD = board()


def told(words: Sequence[Word], *more: object, length_s: float = 600.0) -> Storyboard:
    """Return a storyboard in which just these words are said."""
    media = BOARD.media.model_copy(update={"span": Span.of(0, length_s)})
    return BOARD.model_copy(update={"media": media, "transcript": Transcript(words=tuple(words)), "items": more})


def spoken(text: str, *, at_s: float = 0.0, each_s: float = 0.3, gap_s: float = 0.05) -> list[Word]:
    """Return words said one after the other, at an even pace."""
    return [
        Word(text=word, start_s=at_s + n * (each_s + gap_s), end_s=at_s + n * (each_s + gap_s) + each_s)
        for n, word in enumerate(text.split())
    ]


def cues(words: Sequence[Word], **rules: object) -> list[Cue]:
    return list(speech_cues(told(words), Rules(**rules)))  # type: ignore[arg-type]  # of mixed types


def said(words: Sequence[Word], **rules: object) -> list[tuple[str, ...]]:
    return [cue.lines for cue in cues(words, **rules)]


def test_one_sentence_is_one_cue() -> None:
    (cue,) = cues(spoken("Here is how it works."))
    assert (cue.start_ms, cue.end_ms, cue.lines) == (0, 1700, ("Here is how it works.",))


def test_a_pause_begins_a_new_cue() -> None:
    words = [*spoken("It waits"), *spoken("and goes on", at_s=2.0)]
    assert said(words) == [("It waits",), ("and goes on",)]
    assert said(words, pause_s=3.0) == [("It waits and goes on",)]


def test_the_end_of_a_sentence_begins_a_new_cue_unless_hardly_anything_was_said() -> None:
    assert said(spoken("He left the house. She stayed.")) == [("He left the house.",), ("She stayed.",)]
    assert said(spoken("No. She stayed.")) == [("No. She stayed.",)]
    assert said(spoken('He said "go." She went.'), shortest_s=0.2) == [('He said "go."',), ("She went.",)]


def test_a_new_speaker_begins_a_new_cue() -> None:
    words = [word.model_copy(update={"speaker": who}) for word, who in zip(spoken("Why? Because."), "ab", strict=True)]
    assert [(cue.speaker, cue.lines) for cue in cues(words)] == [("a", ("Why?",)), ("b", ("Because.",))]


def test_a_full_cue_ends_at_a_comma_of_its_second_half() -> None:
    text = "first we put the heavy stones into the jar, and then we let the fine sand run between all of them"
    assert said(spoken(text, each_s=0.2))[0] == ("first we put the heavy", "stones into the jar,")


def test_no_cue_stays_longer_than_allowed() -> None:
    found = cues(spoken("one two three four five six", each_s=2.0))
    assert [cue.lines for cue in found] == [("one two three",), ("four five six",)]
    (long,) = cues([Word(text="Om", start_s=0, end_s=30)])
    assert (long.start_ms, long.end_ms) == (0, 7000)


def test_a_short_cue_stays_until_it_can_be_read_or_the_next_one_comes() -> None:
    words = [Word(text="Hi.", start_s=1, end_s=1.1), Word(text="Bye.", start_s=5, end_s=5.1)]
    assert [(cue.start_ms, cue.end_ms) for cue in cues(words)] == [(1000, 1800), (5000, 5800)]
    close = [words[0], Word(text="Bye.", start_s=1.6, end_s=1.7)]
    assert [(cue.start_ms, cue.end_ms) for cue in cues(close)] == [(1000, 1600), (1600, 2400)]


def test_lines_are_as_even_as_they_can_be() -> None:
    run = pieces("aaaa bbbb cccc dddd eeee ffff", 0, 1, limit=24)
    assert wrapped(run, limit=24, lines=2) == ("aaaa bbbb cccc", "dddd eeee ffff")
    assert wrapped(run, limit=29, lines=2) == ("aaaa bbbb cccc dddd eeee ffff",)
    assert wrapped(run, limit=8, lines=2) is None


def test_a_line_rather_ends_with_its_clause() -> None:
    assert said(spoken("They wait at home, and nobody comes today."), line_chars=30) == [
        ("They wait at home,", "and nobody comes today."),
    ]  # fmt: skip
    assert said(spoken("So, nobody ever came along today."), line_chars=30) == [
        ("So, nobody ever", "came along today."),
    ]  # fmt: skip


def test_chinese_breaks_between_letters_and_never_before_a_comma() -> None:
    text = "今天我们来看一看，怎么用手机拍出好看的视频，其实非常简单。"
    words = [Word(text=letter, start_s=n / 5, end_s=n / 5 + 0.2) for n, letter in enumerate(text)]
    found = said(words, line_chars=20)
    assert "".join("".join(lines) for lines in found) == text
    assert all(columns(line) <= 20 and line[0] not in "，。" for lines in found for line in lines)


def test_a_word_longer_than_a_line_shares_its_time_out() -> None:
    found = cues([Word(text="https://example.org/" + "x" * 80, start_s=0, end_s=10)], line_chars=20)
    assert [[len(line) for line in cue.lines] for cue in found] == [[20, 20], [20, 20], [20]]
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(0, 4000), (4000, 8000), (8000, 10000)]


def test_right_to_left_is_left_as_it_is() -> None:
    assert said(spoken("שלום עולם, مرحبا بالعالم")) == [("שלום עולם, مرحبا بالعالم",)]


def test_text_is_cleaned_but_not_changed() -> None:
    assert clean("a\tb  c\r\n\r\n\x00d\u2028e\x0b") == ("a b c", "d", "e")
    assert clean("\U0001f469\u200d\U0001f467 \u200fx") == ("\U0001f469\u200d\U0001f467 \u200fx",)
    assert " ".join(clean(HOSTILE)) == " ".join(HOSTILE.split())
    assert joined(["日本", "語", "and more", "語"]) == "日本語 and more 語"


def test_what_a_person_wrote_stands_for_the_words_under_it() -> None:
    words = spoken("it rains on the plane today")
    right = unit("h", UTTERANCE, Span.of(0.7, 2.1), text="in Spain", status="human")
    found = list(speech_cues(told(words, right), Rules()))
    assert [(cue.lines, cue.unit is right) for cue in found] == [
        (("it rains",), False), (("in Spain",), True),
    ]  # fmt: skip
    assert (found[1].start_ms, found[1].end_ms) == (700, 2100)
    silent = right.model_copy(update={"text": ""})
    assert [cue.lines for cue in speech_cues(told(words, silent), Rules())] == [("it rains",)]


def test_rules_that_nothing_can_keep_are_refused() -> None:
    for wrong in ({"line_chars": 2}, {"lines": 0}, {"longest_s": 0.1}, {"pause_s": 0}, {"shortest_s": -1}):
        with pytest.raises(SestinaError, match="no subtitle keeps"):
            Rules(**wrong)


TIMES = st.floats(0, 100, allow_nan=False)
SPEECH = st.lists(
    st.builds(
        lambda text, start, length: Word(text=text, start_s=start, end_s=start + length),
        st.text("ab ,.日本。ก\u0301\U0001f467\n", max_size=60), TIMES, st.floats(0, 9),
    ),
    max_size=30,
)  # fmt: skip


@given(SPEECH, st.integers(4, 50), st.integers(1, 3), st.sampled_from([1, 10]))
def test_any_speech_becomes_cues_that_keep_the_rules(
    words: list[Word], line_chars: int, lines: int, step_ms: int
) -> None:
    rules = Rules(line_chars=line_chars, lines=lines)
    found = list(speech_cues(told(words), rules, step_ms=step_ms))
    ends = [0, *(cue.end_ms for cue in found)]
    for cue, free in zip(found, ends, strict=False):
        assert free <= cue.start_ms < cue.end_ms
        assert cue.start_ms % step_ms == cue.end_ms % step_ms == 0
        assert 1 <= len(cue.lines) <= lines
        assert all(line.strip() and columns(line) <= line_chars for line in cue.lines)
    letters = sorted(ch for cue in found for line in cue.lines for ch in line if not ch.isspace())
    assert letters == sorted(ch for word in words for ch in word.text if not ch.isspace())


@given(st.floats(0, 1e5))
def test_a_time_rounded_down_is_within_a_millisecond(time_s: float) -> None:
    assert -1e-6 <= time_s - milliseconds(time_s) / 1000 < 0.001 + 1e-6
