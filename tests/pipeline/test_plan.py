"""The plan: what a request needs, in an order where everything read was made before."""

import pytest

from sestina.core.errors import UnknownComponent
from sestina.core.registry import parsers, signals
from sestina.pipeline.plan import make_plan


def names(entries: object) -> list[str]:
    return [entry.name for entry in entries]  # type: ignore[attr-defined]  # entries of any role


def test_everything_is_planned_by_default() -> None:
    plan = make_plan()
    assert set(names(plan.parsers)) == {entry.name for entry in parsers if entry.default}


def test_every_parser_comes_after_what_it_reads() -> None:
    order = make_plan().parsers
    made: set[str] = set()
    everything = {name for entry in order for name in (entry.name, *entry.facets, *entry.derives)}
    for entry in order:
        assert {name for name in entry.after if name in everything} <= made | {entry.name, *entry.facets}, entry.name
        made |= {entry.name, *entry.facets, *entry.derives}


def test_every_name_that_a_parser_reads_exists() -> None:
    known = {name for entry in parsers for name in (entry.name, *entry.facets, *entry.derives)}
    stems = set(signals.names())
    for entry in parsers:
        assert set(entry.after) <= known, entry.name
        assert {*entry.signals, *entry.optional} <= stems, entry.name


def test_only_takes_what_is_needed() -> None:
    plan = make_plan(only=["edit.shot"])
    assert names(plan.parsers) == ["editing.shots"]
    assert plan.audio == ()
    assert plan.stills == ()


@pytest.mark.parametrize("word", ["camera", "camera.movement", "camera.", "aes.light", "editing.shots"])
def test_only_speaks_of_dimensions_facets_and_parsers(word: str) -> None:
    assert make_plan(only=[word]).parsers


def test_skip_leaves_out_groups_and_signals() -> None:
    assert "ocr" in names(make_plan().stills)
    assert "ocr" not in names(make_plan(skip=["ocr"]).stills)
    assert "motion" not in names(make_plan(skip=["motion"]).frames)


@pytest.mark.parametrize("words", [{"only": ["camrea"]}, {"skip": ["orc"]}])
def test_unknown_words_name_the_nearest(words: dict[str, list[str]]) -> None:
    with pytest.raises(UnknownComponent) as caught:
        make_plan(**words)
    assert "camera" in caught.value.hint or "ocr" in caught.value.hint
