"""Sets of times against a row of single moments, where and, or and not are those of truth."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sestina.core.intervals import Times
from sestina.core.time import Span

WHOLE = Span.of(0, 8)
MOMENTS = [n / 2 for n in range(16)]
"""Bounds of spans lie on whole seconds: the whole ones try the bounds, the halves what lies between."""


def spans(most: int = 6) -> st.SearchStrategy[list[Span]]:
    one = st.tuples(st.integers(0, 7), st.integers(0, 3)).map(lambda pair: Span.of(pair[0], min(8, sum(pair))))
    return st.lists(one, max_size=most)


def holds(times: Times) -> list[bool]:
    return [moment in times for moment in MOMENTS]


@given(spans())
def test_a_set_holds_where_one_of_its_spans_does(some: list[Span]) -> None:
    assert holds(Times.of(some)) == [any(span.contains(moment) for span in some) for moment in MOMENTS]


@given(spans(), spans())
def test_and_or_not_are_those_of_every_moment(some: list[Span], others: list[Span]) -> None:
    a, b, whole = Times.of(some), Times.of(others), Times.of([WHOLE])
    pairs = list(zip(holds(a), holds(b), strict=True))
    assert holds(a & b) == [x and y for x, y in pairs]
    assert holds(a | b) == [x or y for x, y in pairs]
    assert holds(~a & whole) == [not x for x, _ in pairs]


@given(spans(), spans())
def test_laws_of_sets(some: list[Span], others: list[Span]) -> None:
    a, b, whole = Times.of(some), Times.of(others), Times.of([WHOLE])
    assert ~~a == a
    assert ~(a & b) == ~a | ~b
    assert a & a == a | a == a
    assert (a & whole) | (~a & whole) == whole


@given(spans())
def test_parts_are_in_order_apart_and_not_empty(some: list[Span]) -> None:
    edges = [edge for part in (~Times.of(some)).parts for edge in part]
    assert edges == sorted(set(edges))


@given(spans())
def test_spans_say_the_set_again(some: list[Span]) -> None:
    times = Times.of(some)
    assert Times.of(times.spans) == times


def test_what_meets_is_one_and_an_instant_stands_alone() -> None:
    times = Times.of([Span.of(2, 3), Span.of(1, 2), Span.at(5)])
    assert times.spans == (Span.of(1, 3), Span.at(5))


def test_an_instant_taken_out_parts_a_span() -> None:
    without = ~Times.of([Span.at(3)]) & Times.of([WHOLE])
    assert without.spans == (Span.of(0, 3), Span.of(3, 8))
    assert 3 not in without


def test_an_instant_at_the_end_of_a_span_is_kept() -> None:
    assert Times.of([Span.of(1, 2), Span.at(2)]).spans == (Span.of(1, 2), Span.at(2))
    assert Times.of([Span.of(2, 3), Span.at(2)]).spans == (Span.of(2, 3),)
