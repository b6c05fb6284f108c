"""Citations opened again: true ones hold, planted false ones are caught and the reason named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.answers.cite import verified
from sestina.answers.extract import checked
from sestina.answers.passages import Passages
from sestina.core.evidence import Box
from sestina.core.exchange import Answer, Citation
from sestina.core.time import Span
from tests.export.boards import board

BOARD = board()
TRUE = [passage.citation for passage in Passages(BOARD).all]


def test_everything_a_passage_cites_holds() -> None:
    assert all(verified(citation, BOARD).verified for citation in TRUE)
    assert len(TRUE) == len(BOARD) + 2


@pytest.mark.parametrize(
    ("citation", "why"),
    [
        (Citation(), "names nothing"),
        (Citation(unit="nobody"), "no unit 'nobody'"),
        (Citation(unit="z1", span=Span.of(4, 5)), "not then"),
        (Citation(unit="z1", span=Span.of(0, 5)), "not then"),
        (Citation(unit="z1", frame_s=4.0), "not at that frame"),
        (Citation(span=Span.of(1, 99)), "outside the video"),
        (Citation(frame_s=float("nan")), "no frame"),
        (Citation(frame_s=-1.0), "no frame"),
        (Citation(quote="Buy now"), "not said or shown"),
        (Citation(quote="Only $9.99 today", source="speech"), "not said"),
        (Citation(quote="Only $9.99 today", span=Span.of(4, 5)), "not said or shown then"),
        (Citation(quote="!?"), "no words"),
        (Citation(box=Box.model_construct(x=0.9, y=0.0, w=0.5, h=0.1)), "outside the picture"),
    ],
)
def test_a_false_citation_is_caught(citation: Citation, why: str) -> None:
    found = verified(citation, BOARD)
    assert not found.verified
    assert why in found.why


@settings(max_examples=200, deadline=None)
@given(
    citation=st.sampled_from(TRUE),
    how=st.sampled_from(["unit", "quote", "later", "all of it"]),
    number=st.integers(0, 9),
)
def test_a_true_citation_made_false_is_caught(citation: Citation, how: str, number: int) -> None:
    """Each true citation with one part exchanged for what is not there, or not then."""
    whole, span = BOARD.media.span, citation.span
    if how == "unit":
        planted = replace(citation, unit=f"made-up-{number}")
    elif how == "quote":
        planted = replace(citation, quote=f"{citation.quote or ''} never {number}")
    elif how == "later":
        if span is None or span.duration_s > 0.6 * whole.duration_s:
            return
        early = span.middle_s < whole.middle_s
        planted = replace(citation, span=Span.of(whole.end_s - 0.1, whole.end_s) if early else Span.of(0, 0.1))
        if planted.span is not None and (span.overlaps(planted.span) or abs(span.start_s - planted.span.end_s) < 0.3):
            return
    else:
        if span is None or span.duration_s > 0.45 * whole.duration_s or citation.source == "speech":
            return
        planted = replace(citation, span=whole)
    assert not verified(planted, BOARD).verified


def test_an_answer_none_of_whose_citations_hold_abstains() -> None:
    false = Answer(text="It is red.", citations=(Citation(unit="nobody"), Citation(quote="red")))
    assert checked(false, BOARD).abstained
    half = Answer(text="It is red.", citations=(Citation(unit="z1"), Citation(quote="red")))
    found = checked(half, BOARD)
    assert [citation.verified for citation in found.citations] == [True, False]
    assert not found.abstained
