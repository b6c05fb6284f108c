"""Prompts: words by template and label, one line a shot, whatever stands in the texts."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sestina.core import vocabulary
from sestina.core.errors import DocumentError, SestinaError, UnknownComponent
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._template import SPECIAL, load, names
from sestina.export.prompts import prompts_jsonl, prompts_text
from tests.export.boards import HOSTILE, RATES, board, media, unit
from tests.house.source import ROOT

SHOT = Span.of(0, 2)


def lines(storyboard: Storyboard, **options: Any) -> list[str]:
    stream = io.BytesIO()
    prompts_text(storyboard, stream, **options)
    text = stream.getvalue().decode()
    assert text.endswith("\n") or not text
    return text.split("\n")[:-1]


def rows(storyboard: Storyboard, **options: Any) -> list[dict[str, Any]]:
    stream = io.BytesIO()
    prompts_jsonl(storyboard, stream, **options)
    return [json.loads(line) for line in stream.getvalue().decode().split("\n")[:-1]]


def shot(*claims: Unit) -> Storyboard:
    """Return a video of one shot of two seconds that these units tell of."""
    whole = unit("s", "edit.shot", SHOT, label="shot", level="shot")
    return Storyboard(media=media(Fraction(30), 60), items=(whole, *claims)).canonical()


def says(facet: str, label: str, **more: Any) -> Unit:
    return unit(facet, facet, SHOT, label=label, **{"level": "shot", **more})


def test_a_sentence_a_shot() -> None:
    storyboard = shot(
        says("camera.scale", "MCU"), says("subject.kind.primary", "person"), says("subject.location", "home.kitchen"),
        says("camera.movement", "pan_left", level="event"), says("camera.speed", "slow"),
        says("aes.light.key", "low_key"), says("aes.color.temperature", "warm"),
    )  # fmt: skip
    assert lines(storyboard) == [
        "A medium close-up of a person, in a kitchen, the camera pans left slowly, low-key light, warm colours."
    ]
    (tags,) = lines(storyboard, template="tags")
    assert tags == "medium close-up shot, person, kitchen, pan left, low key, warm colours"


def test_what_is_not_known_is_not_said() -> None:
    assert lines(shot()) == ["A shot."]
    assert lines(shot(), template="tags") == [""]


def test_a_still_camera_has_no_speed() -> None:
    assert lines(shot(says("camera.movement", "locked", level="event"), says("camera.speed", "slow"))) == [
        "A shot, a still camera."
    ]


def test_unremarkable_labels_are_left_out() -> None:
    assert lines(shot(says("aes.light.key", "mid"), says("aes.color.temperature", "neutral"))) == ["A shot."]


def test_words_heard_and_texts_seen_are_quoted() -> None:
    first, second, third = lines(board())
    assert first == 'A shot, the camera pans left, high-key light, a voice says "Here is how it works,".'
    assert '"Only $9.99 today" written on the screen' in second
    assert third == "A shot."


def test_hostile_texts_stay_on_their_line() -> None:
    second = lines(board(text=HOSTILE))[1]
    assert "He said 'no' & 'yes' <b>]]> next, line; =1+1" in second
    assert "\U0001f469\u200d\U0001f467" in second
    assert second.count('"') == 4  # the text's two marks, and two around what is said


def test_braces_in_a_text_are_letters() -> None:
    (line,) = lines(shot(says("diss.overlay.kind", "headline_super", text="{said} {camera.scale}", level="overlay")))
    assert line == 'A shot, "{said} {camera.scale}" written on the screen.'


@pytest.mark.parametrize("rate", RATES)
def test_rows_carry_frames_template_and_units(rate: Fraction) -> None:
    found = rows(board(rate, vfr=True))
    assert [row["frame"] for row in found] == [0, 48, 97]
    assert {(row["template"], row["template_version"]) for row in found} == {("plain", load("plain").version)}
    assert [row["units"] for row in found] == [["m0", "k0"], ["z1", "m1"], []]
    assert [row["prompt"] for row in found] == lines(board(rate, vfr=True))


def test_units_behind_an_unused_wording_are_not_named() -> None:
    """The saturation is vivid, but the wording that needs the temperature too is not the one that is used."""
    (row,) = rows(shot(says("aes.color.saturation", "vivid"), says("camera.scale", "CU")))
    assert row["prompt"] == "A close-up, vivid colours."
    assert row["units"] == ["camera.scale", "aes.color.saturation"]


@pytest.mark.parametrize("name", names())
def test_built_in_templates_name_known_facets_and_labels(name: str) -> None:
    found = load(name)
    assert found.id == name
    assert found.date
    assert found.note
    for facet, words in found.words.items():
        assert set(words) <= set(vocabulary.facet(facet).labels)


def test_plain_has_a_word_for_every_scale_and_place() -> None:
    words = load("plain").words
    for facet in ("camera.scale", "subject.location", "subject.kind", "subject.action", "camera.pitch"):
        assert set(words[facet]) == set(vocabulary.facet(facet).labels)


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text('{id: mine, version: "3", date: "2026", parts: [["{seconds} s {aspect}: {camera.scale}"]]}')
    storyboard = shot(says("camera.scale", "CU"))
    assert lines(storyboard, template=str(path)) == ["2 s 16:9: CU"]
    assert rows(storyboard, template=str(path))[0]["template_version"] == "3"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("parts: [[", DocumentError),
        ("{id: x}", DocumentError),
        ('{id: x, version: "1", date: d, parts: []}', DocumentError),
        ('{id: x, version: "1", date: d, parts: [["{camera.scales}"]]}', UnknownComponent),
        ('{id: x, version: "1", date: d, parts: [["a"]], words: {camera.scale: {XXL: huge}}}', UnknownComponent),
    ],
)
def test_a_bad_template_is_named(text: str, error: type[SestinaError], tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(error) as stopped:
        lines(shot(), template=str(path))
    assert stopped.value.hint


def test_an_unknown_template_names_the_nearest() -> None:
    with pytest.raises(UnknownComponent) as stopped:
        lines(shot(), template="plane")
    assert "plain" in stopped.value.hint
    with pytest.raises(SestinaError, match="cannot read"):
        lines(shot(), template="none/at/all.yaml")
    with pytest.raises(UnknownComponent):
        lines(shot(), template="../templates/plain")


def test_the_page_shows_what_is_written(tmp_path: Path) -> None:
    """The page's own template works, and every name it offers is known."""
    page = (ROOT / "docs" / "exports" / "generation.md").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(page.partition("```yaml\n")[2].partition("```")[0])
    storyboard = shot(says("camera.scale", "MCU"), says("subject.kind.primary", "person"))
    assert lines(storyboard, template=str(mine)) == ["A medium close-up of person, 2 seconds, 16:9."]
    assert [name for name in (*names(), *SPECIAL) if f"`{name}`" not in page] == []
