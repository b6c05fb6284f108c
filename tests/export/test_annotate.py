"""What annotation tools share: frames, key frames, boxes between them, and the way back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.errors import SchemaError, SestinaError
from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._annotate import (
    Counted,
    Followed,
    Seen,
    coded,
    corrections,
    decoded,
    keys,
    lifespans,
    number,
    plain,
    same_text,
    wanted,
)
from tests.export.annotated import BOXES, KEYS, annotated
from tests.export.boards import HOSTILE, RATES, media

A, B = Box(x=0.0, y=0.0, w=0.2, h=0.2), Box(x=0.4, y=0.2, w=0.4, h=0.2)
TRACK = Region(box=A.union(B), track=(BoxAt(at_s=1.0, box=A), BoxAt(at_s=3.0, box=B)))


def test_a_track_is_followed_in_straight_lines_and_ends_with_what_was_seen() -> None:
    followed = Followed(TRACK)
    assert followed.at(1.0) == ((0.0, 0.0, 0.2, 0.2), False)
    middle = followed.at(2.0)
    assert middle is not None
    assert middle[0] == pytest.approx((0.2, 0.1, 0.3, 0.2))
    assert middle[1]
    assert followed.at(3.0) == ((0.4, 0.2, 0.4, 0.2), False)
    assert followed.at(0.9) is None
    assert followed.at(3.1) is None
    assert Followed(Region(box=A)).at(77.0) == ((0.0, 0.0, 0.2, 0.2), False)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("vfr", [False, True])
def test_frames_of_the_file_are_counted_exactly_at_every_rate(rate: Fraction, vfr: bool) -> None:
    info = media(rate, vfr=vfr)
    grid = Counted(Storyboard(media=info))
    table = info.frame_table()
    assert table is not None
    for frame in range(len(table)):
        assert grid.frame(table.time_s(frame)) == frame
        assert grid.frames(Span.of(table.time_s(frame), table.time_s(len(table)))) == (frame, len(table))
        assert grid.frames(Span.at(table.time_s(frame))) == (frame, frame + 1)


def test_key_frames_are_where_a_box_was_seen_and_where_its_unit_begins() -> None:
    one = annotated()
    assert keys(one["p0"], Counted(one)) == ((0, BOXES[0]), *zip(KEYS, BOXES, strict=True))
    assert keys(one["s0"], Counted(one)) == ()


def test_a_hidden_track_is_two_things() -> None:
    found = [(3, A, True), (5, B, True), (8, B, False), (10, A, True)]
    assert list(lifespans(found, 20)) == [(3, 8, ((3, A), (5, B))), (10, 20, ((10, A),))]


def test_an_edge_that_was_not_moved_stays_as_exact_as_it_was() -> None:
    """e0 begins and ends between frames; moving its end must not round its beginning."""
    one = annotated()
    grid, was = Counted(one), one["e0"]
    first, after = grid.frames(was.span)
    seen = [Seen(place="", name=was.facet, first=first, after=end, unit="e0") for end in (after, after + 5)]
    kept, moved = (next(corrections([item], one, grid)) for item in seen)
    assert kept.span == was.span
    assert moved.span == Span.of(was.span.start_s, grid.time_s(after + 5))


def test_an_instant_that_is_moved_stays_an_instant() -> None:
    one = annotated()
    grid = Counted(one)
    seen = Seen(place="", name="edit.transition=hard_cut", first=50, after=51, unit="t1")
    assert next(corrections([seen], one, grid)).span == Span.at(grid.time_s(50))


def test_a_copy_of_something_exported_is_something_new() -> None:
    one = annotated()
    seen = Seen(place="", name="narr.beat=hook", first=0, after=48, unit="b0", mark="x")
    found = list(corrections([seen, seen], one, Counted(one)))
    assert [(item.unit, item.mark) for item in found] == [("b0", "x"), (None, None)]


@given(st.text())
def test_ids_survive_being_written_in_plain_letters(unit_id: str) -> None:
    try:
        unit_id.encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is in no document
    written = coded(unit_id)
    assert decoded(written) == unit_id
    assert "#" not in written
    assert written.isascii()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_texts_are_the_same_after_what_tools_do_to_them(text: str) -> None:
    assert same_text(plain(text), text)
    assert plain(plain(text)) == plain(text)


def test_a_text_that_was_changed_is_not_the_same() -> None:
    assert not same_text(HOSTILE + "!", HOSTILE)
    assert not same_text(None, "a")


def test_facets_are_chosen_by_id_or_by_kind() -> None:
    assert wanted("narr.beat", "")
    assert wanted("narr.beat", "edit.shot, narr.beat")
    assert wanted("narr.beat", "narr.")
    assert not wanted("narr.beat.paraphrase", "narr.beat")


@pytest.mark.parametrize("bad", ["x", None, float("nan"), float("inf"), 10**400, [], 1e15])
def test_what_is_no_number_is_refused_with_its_place(bad: object) -> None:
    with pytest.raises(SchemaError, match="track 7"):
        number(bad, "track 7")


def test_a_video_without_pictures_has_no_frames() -> None:
    with pytest.raises(SestinaError, match="no pictures") as caught:
        Counted(Storyboard(media=media(Fraction(30)).model_copy(update={"video": None})))
    assert caught.value.hint
