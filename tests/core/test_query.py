"""The label expression language: what it finds, what shows it, and what it says of mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.errors import QueryError
from sestina.core.expression import parse
from sestina.core.query import query
from sestina.core.storyboard import Storyboard, Unit
from tests.core import boards

SCALE, BEAT, MOVE = "camera.scale", "narr.beat", "camera.movement"


def unit_of(name: str, facet: str, start_s: float, end_s: float, **says: Any) -> Unit:
    known = vocabulary.facet(facet)
    unit = boards.unit(BEAT, start_s, end_s, **{"id": name, "level": "event", **says})
    return unit.model_copy(update={"facet": facet, "dimension": known.dimension})


def board_of(duration_s: float, *units: Unit) -> Storyboard:
    return Storyboard(media=boards.media(duration_s), items=units)


def found(board: Storyboard, text: str) -> list[tuple[float, float]]:
    return [(match.span.start_s, match.span.end_s) for match in query(board, text)]


@pytest.fixture(scope="module")
def film() -> Storyboard:
    """Ten seconds: LS, MCU, CU of 2, 3 and 5 s; a hook of 4 s; a push-in over the second cut."""
    return board_of(
        10,
        unit_of("a", SCALE, 0, 2, label="LS", level="shot"),
        unit_of("b", SCALE, 2, 5, label="MCU", level="shot", confidence=0.4),
        unit_of("c", SCALE, 5, 10, label="CU", level="shot"),
        unit_of("h", BEAT, 0, 4, label="hook", level="segment"),
        unit_of("d", BEAT, 4, 10, label="development", level="segment"),
        unit_of("m", MOVE, 4.5, 7, label="dolly_in"),
        unit_of("x", "edit.transition", 2, 2, label="hard_cut", level="boundary"),
        unit_of("y", "edit.transition", 5, 5, label="hard_cut", level="boundary"),
        unit_of("n", "diss.fps", 0, 5, value=2.0, level="shot"),
        unit_of("t", "diss.overlay.text", 1, 3, text='Only "$9.99" today', level="overlay"),
        unit_of("u", "camera.pitch", 0, 2, level="shot", status="abstain", reason="no horizon"),
    )


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("camera.scale<='MCU' and narr.beat=='hook'", [(0, 4)]),
        ("camera.scale=='MCU'", [(2, 5)]),
        ("camera.scale == bust", [(2, 5)]),
        ("camera.scale>'MCU'", [(5, 10)]),
        ("camera.scale!='MCU'", [(0, 2), (5, 10)]),
        ("not camera.scale=='MCU'", [(0, 2), (5, 10)]),
        ("camera.movement=='inward'", [(4.5, 7)]),
        ("camera.movement!='inward'", []),
        ("camera.movement", [(4.5, 7)]),
        ("camera.pitch", []),
        ("diss.fps >= 2", [(0, 5)]),
        ("diss.fps > 2 or diss.fps < -1e3", []),
        ("diss.overlay.text ~ 'ONLY'", [(1, 3)]),
        ("diss.overlay.text == 'Only \"$9.99\" today'", [(1, 3)]),
        ("diss.overlay.text != 'x'", [(1, 3)]),
        ("edit.transition=='hard_cut' and narr.beat=='hook'", [(2, 2)]),
        ("not edit.transition", [(0, 2), (2, 5), (5, 10)]),
        ("camera.scale=='LS' or camera.movement or edit.transition", [(0, 2), (2, 2), (4.5, 7)]),
        ("dur(camera.scale) > 2.5", [(2, 10)]),
        ("conf(camera.scale<='MCU') >= 0.5", [(0, 2)]),
        ("dur(conf(camera.scale) > .5) < 3", [(0, 2)]),
        ("start(narr.beat) >= 4", [(4, 10)]),
        ("end(narr.beat) < 5 and status(camera.scale) == 'observed'", [(0, 4)]),
        ("level(camera.scale) == shot and not level(narr.beat) == segment", []),
        ("camera.movement or narr.beat=='hook' and camera.scale=='CU'", [(4.5, 7)]),
        ("(camera.movement or narr.beat=='hook') and camera.scale=='CU'", [(5, 7)]),
        ("not not narr.beat == 'hook'", [(0, 4)]),
        ("not narr.beat", []),
        ("not (camera.movement or narr.beat=='hook')", [(4, 4.5), (7, 10)]),
    ],
)
def test_where_it_holds(film: Storyboard, text: str, spans: list[tuple[float, float]]) -> None:
    assert found(film, text) == spans


def test_units_justify_each_span(film: Storyboard) -> None:
    (match,) = query(film, "camera.scale<='MCU' and narr.beat=='hook'")
    assert [unit.id for unit in match.units] == ["a", "h", "b"]
    # The development is a condition of its branch only, and that branch never holds.
    (match,) = query(film, "camera.scale=='LS' or camera.pitch and narr.beat=='development'")
    assert [unit.id for unit in match.units] == ["a"]
    before, behind = query(film, "not (camera.movement or narr.beat=='hook')")
    assert before.units == behind.units == ()


def test_an_expression_read_once_asks_many_boards(film: Storyboard) -> None:
    tree = parse("narr.beat")
    assert [len(query(board, tree)) for board in (film, board_of(3), film)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("", 1, "empty", "camera.scale"),
        ("camera.scal=='CU'", 1, "unknown facet 'camera.scal'", "camera.scale"),
        ("narr.beat and camera.scale=='MUC'", 29, "unknown label of camera.scale 'MUC'", "MCU"),
        ("camera.scale = 'CU'", 14, "cannot be read", "write =="),
        ("camera.scale && narr.beat", 14, "cannot be read", "write and"),
        ("camera.scale narr.beat", 14, "expected and, or or the end", ""),
        ("(camera.scale", 14, "expected )", ""),
        ("camera.scale)", 13, "expected and, or or the end, not ')'", ""),
        ("camera.scale ==", 16, "expected a value", "quotes"),
        ("camera.scale == and", 17, "expected a value", "quotes"),
        ("camera.scale and", 17, "expected a facet, but it ends here", ""),
        ("not", 4, "expected a facet", ""),
        ("camera.scale ~ 'C'", 14, "no text", "=="),
        ("camera.scale < 'insert'", 16, "no rank", "insert"),
        ("narr.beat < 'hook'", 11, "no order", "== or !="),
        ("diss.fps > 'two'", 12, "expected a number", ""),
        ("diss.overlay.text > 'a'", 19, "cannot compare", "~"),
        ("dur(camera.scale)", 18, "must be compared", "dur(camera.scale) > 2"),
        ("dur(camera.scale and narr.beat) > 1", 18, "expected )", ""),
        ("status(narr.beat) == 'humam'", 22, "unknown status", "human"),
        ("level(narr.beat) < 'shot'", 18, "no order", "=="),
        ("narr.beat == 'hook", 14, "cannot be read", "never closed"),
        ("narr.beat == 9:16", 15, "cannot be read", ""),
        ("(" * 5000, 101, "levels deep", ""),
        ("not " * 5000, 401, "levels deep", ""),
        ("dur(" * 5000, 401, "levels deep", ""),
    ],
)
def test_mistakes_name_the_column_and_what_is_near(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"column {caught.value.column}: ")
    assert caught.value.column == column
    assert message in str(caught.value)
    assert hint in caught.value.hint


@given(st.text(alphabet="camera.scale()<>=!~'\"and ornot0.5\\\n", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        column = error.column
    else:
        column = 1
    assert 1 <= column <= len(text) + 1


# A brute-force reading: every expression carries, beside its text, what it says of one moment.

Moment = Callable[[list[Unit], float], bool]
SCALES = vocabulary.facet(SCALE).ranks


def says(facet: str, passes: Callable[[Unit], bool]) -> Moment:
    return lambda units, at_s: any(u.facet == facet and passes(u) and u.span.contains(at_s) for u in units)


def leaves() -> st.SearchStrategy[tuple[str, Moment]]:
    rank = {label: number for number, label in enumerate(SCALES)}
    compared: list[tuple[str, Moment]] = [
        ("narr.beat=='hook'", says(BEAT, lambda u: u.label == "hook")),
        ("narr.beat!='hook'", says(BEAT, lambda u: u.label != "hook")),
        ("edit.transition", says("edit.transition", lambda u: True)),
        ("dur(camera.scale)>2", says(SCALE, lambda u: u.span.duration_s > 2)),
        ("camera.scale<'MS'", says(SCALE, lambda u: rank[u.label or ""] < rank["MS"])),
        ("camera.scale>='MCU'", says(SCALE, lambda u: rank[u.label or ""] >= rank["MCU"])),
    ]
    return st.sampled_from(compared)


def joined(inner: st.SearchStrategy[tuple[str, Moment]]) -> st.SearchStrategy[tuple[str, Moment]]:
    def both(a: tuple[str, Moment], b: tuple[str, Moment]) -> tuple[str, Moment]:
        return f"({a[0]}) and ({b[0]})", lambda units, at_s: a[1](units, at_s) and b[1](units, at_s)

    def either(a: tuple[str, Moment], b: tuple[str, Moment]) -> tuple[str, Moment]:
        return f"({a[0]} or {b[0]})", lambda units, at_s: a[1](units, at_s) or b[1](units, at_s)

    def none(a: tuple[str, Moment]) -> tuple[str, Moment]:
        return f"not ({a[0]})", lambda units, at_s: not a[1](units, at_s)

    return st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(none, inner)


@st.composite
def drawn_units(draw: st.DrawFn) -> list[Unit]:
    units = []
    for number in range(draw(st.integers(0, 8))):
        start, length = draw(st.integers(0, 7)), draw(st.integers(1, 4))
        facet = draw(st.sampled_from([SCALE, BEAT, "edit.transition"]))
        label = {SCALE: draw(st.sampled_from(SCALES)), BEAT: draw(st.sampled_from(["hook", "development"]))}
        end = start if facet == "edit.transition" else min(8, start + length)
        units.append(unit_of(f"u{number}", facet, start, end, label=label.get(facet, "hard_cut")))
    return units


@given(drawn_units(), st.recursive(leaves(), joined, max_leaves=6))
def test_equals_a_look_at_every_moment(units: list[Unit], expression: tuple[str, Moment]) -> None:
    """Instants stand on whole seconds; a moment that `not` takes out there parts two spans that meet."""
    text, truth = expression
    matches = query(board_of(8, *units), text)
    spans = [match.span for match in matches]
    assert spans == sorted(spans, key=lambda span: (span.start_s, span.end_s))
    assert all(unit.span.overlaps(match.span) for match in matches for unit in match.units)
    for number in range(16):
        at_s = number / 2
        held = [match for match in matches if match.span.contains(at_s)]
        parted = any(one.span.meets(two.span) and one.span.end_s == at_s for one in matches for two in matches)
        if truth(units, at_s):
            assert len(held) == 1
            positive = "not" not in text
            assert not positive or any(unit.span.contains(at_s) for unit in held[0].units)
        elif held:
            assert parted or held[0].span.start_s == at_s, "only the open end of a span may look closed"
