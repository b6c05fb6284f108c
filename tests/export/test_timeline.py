"""What editors' files share: rates, edits that fit, notes, and corrections from them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.correction import mark
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._timeline import RATES, Note, chosen, corrections, fitting, note, said, sequence
from sestina.media.encode import VideoWriter
from sestina.media.probe import probe
from tests.export.boards import CUTS, HOSTILE, board, unit
from tests.export.boards import RATES as ALL
from tests.export.edits import edited, telling

PAIR = st.tuples(st.integers(0, 149), st.integers(1, 60)).map(lambda at: (at[0], min(150, at[0] + at[1])))


@pytest.mark.parametrize(("own", "used"), [(Fraction(24), 24), (Fraction(10), 30), (Fraction(25, 2), 25),
                                           (Fraction(29), Fraction(30000, 1001)), (Fraction(240), 60)])  # fmt: skip
def test_a_strange_rate_goes_to_a_multiple_or_the_next_above(own: Fraction, used: Fraction | int) -> None:
    assert sequence(board(own), None).rate == used


@pytest.mark.parametrize("late", [0, 9_000], ids=["at 0 s", "at 0.1 s"])
@pytest.mark.parametrize("rate", ALL)
def test_cuts_of_a_real_file_stand_on_their_frames(rate: Fraction, late: int, tmp_path: Path) -> None:
    """White from frame 48 up to 97, black around it; ticks of 1/90,000 s round, frames must not."""
    path = tmp_path / "clip.mp4"
    base = Fraction(1, 90_000)
    with VideoWriter(path, width=64, height=36, rate=rate, preset="ultrafast", time_base=base, b_frames=0) as writer:
        for number in range(CUTS[-1]):
            picture = np.full((36, 64, 3), 255 if CUTS[1] <= number < CUTS[2] else 0, np.uint8)
            writer.add_frame(picture, pts=late + round(number / rate / base))
    with av.open(str(path)) as container:
        shown = [(frame.time, frame.to_ndarray(format="gray").mean() > 128) for frame in container.decode(video=0)]
    info = probe(path)
    starts = [time for (time, white), (_, before) in zip(shown, [(0, None), *shown], strict=False) if white != before]
    shots = [unit(f"s{n}", "edit.shot", Span.of(a, b), label="shot", level="shot")
             for n, (a, b) in enumerate(pairwise([*starts, info.span.end_s]))]  # fmt: skip
    conformed = sequence(Storyboard(media=info, items=tuple(shots)), None)
    assert not conformed.conformed
    assert conformed.rate == rate
    assert [(clip.first, clip.after) for clip in conformed.clips] == list(pairwise(CUTS))


@given(st.lists(PAIR, max_size=8, unique=True))
def test_transitions_never_overlap_or_leave_their_shots(ranges: list[tuple[int, int]]) -> None:
    edits = (("cross_dissolve", first, after) for first, after in sorted(ranges))
    conformed = sequence(edited(*edits, cuts=(0, 30, 60, 90, 150)), None)
    fit, left = fitting(conformed)
    assert len(fit) + len(left) == len(conformed.joins)
    for join in fit:
        assert join.first <= join.cut <= join.after
        assert join.before is None or conformed.clips[join.before].first <= join.first
        assert join.behind is None or join.after <= conformed.clips[join.behind].after
    for one, following in pairwise(fit):
        assert one.after <= following.first
        assert one.cut < following.cut


def test_a_note_says_the_rest_and_ends_with_id_and_mark() -> None:
    one = unit("a", "camera.movement", Span.of(0, 1), label="pan_left", confidence=0.5)
    assert said(one) == "camera.movement=pan_left"
    assert note(one) == f'inferred, confidence 0.50, rule test; sestina {{"unit": "a", "mark": "{mark(one)}"}}'
    silent = one.model_copy(update={"label": None, "status": "abstain", "reason": "two moves at once"})
    assert said(silent) == "camera.movement=abstain"
    assert note(silent).startswith("two moves at once; abstain, ")


@given(st.text(), st.text(max_size=30))
def test_every_unit_is_known_again_whatever_it_says_and_is_called(text: str, name: str) -> None:
    one = telling(text)
    items = (*one.items[:-1], one.items[-1].model_copy(update={"id": name}))
    one = one.model_copy(update={"items": items})
    conformed = sequence(one, None)
    for each in chosen(one, None, 0):
        first, after = conformed.frames(each.span)
        given_back = Note(place="here", name=said(each), note=note(each), first=first,
                          after=first if each.span.is_instant else after)  # fmt: skip
        (found,) = corrections(one, conformed, [given_back])
        says = (each.id, mark(each), each.facet, each.span, each.label, each.text, each.value)
        assert (found.unit, found.mark, found.facet, found.span, found.label, found.text, found.value) == says


@pytest.mark.parametrize(("name", "says"), [
    ("edit.transition.duration=3", {"value": 3.0}), ("edit.transition.duration=-1.5 s", {"value": -1.5}),
    ("edit.transition.duration=nan", {"label": "nan"}), ("edit.transition.duration=", {"label": ""}),
    ("edit.transition.duration=" + "9" * 400, {"label": "9" * 400}), ("nowhere.to.be=found", {"label": "found"}),
    ("subject.entity.name=a = b", {"text": "a = b"}), (" camera.movement = pan_left ", {"label": "pan_left"}),
])  # fmt: skip
def test_a_new_name_says_what_its_facet_says(name: str, says: dict[str, object]) -> None:
    one = board()
    (found,) = corrections(one, sequence(one, None), [Note(place="", name=name, note="", first=3, after=6)])
    kept = {key: getattr(found, key) for key in ("label", "text", "value")}
    assert {key: value for key, value in kept.items() if value is not None} == says
    assert found.span == Span.of(one.media.frame_time_s(3), one.media.frame_time_s(6))
    assert found.unit is None


def test_a_unit_that_said_a_number_says_a_number_again() -> None:
    one = board()
    given_back = Note(place="", name="subject.count=3", note=note(one["n0"]), first=0, after=48)
    (found,) = corrections(one, sequence(one, None), [given_back])
    assert (found.label, found.value, found.span) == (None, 3.0, one["n0"].span)


@pytest.mark.parametrize("name", ["B-roll", "", "a=b", "Take 3=good", HOSTILE])
def test_names_that_are_no_units_are_passed_over(name: str) -> None:
    one = board()
    assert not list(corrections(one, sequence(one, None), [Note(place="", name=name, note="", first=0, after=1)]))


def test_a_bound_that_was_not_moved_stays_exact_where_frames_round() -> None:
    """Conformed to 25 a second, frame 48 of 30 lies at frame 40; moving the end leaves the start's own time."""
    one = board(Fraction(30))
    conformed = sequence(one, RATES[2])
    moved = Note(place="", name=said(one["m1"]), note=note(one["m1"]), first=40, after=75)
    (found,) = corrections(one, conformed, [moved])
    assert found.span == Span.of(one["m1"].span.start_s, 3.0)
