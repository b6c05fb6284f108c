"""The lexicon, scripts and languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core import vocabulary, writing
from sestina.dimensions.dissemination import _words as words


def test_every_target_of_the_lexicon_is_a_label() -> None:
    labels = set(vocabulary.facet("diss.cta.target").labels)
    assert set(words.lexicon()["cta"]) <= labels
    assert set(words.lexicon()["platforms"]) <= set(vocabulary.facet("diss.platform").labels)


@pytest.mark.parametrize(
    ("text", "script", "language"),
    [
        ("how to make the best bread", "latin", "en"),
        ("cómo hacer el pan para una fiesta", "latin", "es"),
        ("das ist nicht der richtige Weg", "latin", "de"),
        ("关注我们", "han", "zh"),
        ("フォローしてね", "kana", "ja"),
        ("이것은", "hangul", "ko"),
        ("تابعني", "arabic", "ar"),
        ("подпишись", "cyrillic", "ru"),
    ],
)
def test_script_and_language(text: str, script: str, language: str) -> None:
    assert writing.script_of(text) == script
    found = words.language_of(text)
    assert found is not None
    assert found[0] == language


def test_nothing_is_said_of_texts_without_telling_words() -> None:
    assert words.language_of("50% OFF") is None
    assert writing.script_of("123 !") is None


def test_direction() -> None:
    assert writing.direction_of("تابعني") == "rtl"
    assert writing.direction_of("hello") == "ltr"


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Follow for more!", {"follow"}),
        ("LINK IN BIO", {"link_in_bio"}),
        ("Suscríbete ahora", {"subscribe"}),
        ("点赞 关注", {"like", "follow"}),
        ("unfollowed", set()),
        ("blackmail", set()),
    ],
)
def test_calls_are_whole_words(text: str, targets: set[str]) -> None:
    assert set(words.cta_targets(text)) == targets


def test_letters_to_be_read() -> None:
    assert writing.reading_length("pour  it in") == (10, False)
    assert writing.reading_length("关注 我们") == (4, True)


@given(st.text())
def test_matching_never_fails(text: str) -> None:
    words.cta_targets(text)
    writing.script_of(text)
    words.language_of(text)
    assert words.folded(words.folded(text)) == words.folded(text) or text
