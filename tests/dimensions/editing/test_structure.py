"""The graph of shots and what cuts do in it: hand-made orders of views, and a rendered clip of known setups."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.invariants import problems
from sestina.core.reading import Reading
from sestina.core.storyboard import Storyboard, Word
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.editing._graph import alternations, departures, grouped, likeness, main_setup, short_runs
from sestina.dimensions.editing.structure import CutFunctions, Structure
from sestina.pipeline.analyze import analyze
from sestina.pipeline.verify import verify
from sestina.render.parts.edit import Flash
from sestina.render.parts.stage import Source
from sestina.render.render import render
from sestina.render.script import Script, Shot
from tests.dimensions.editing.shot_lists import frames, named, pictures, reason, run, shot_list, value

FUNCTION, MACRO = "edit.cut_function", "edit.macro"
ORDERS = st.lists(st.integers(0, 3), min_size=1, max_size=12)


def views(
    order: str, lengths: Sequence[float], *, kinds: Sequence[str] = (), voice: float = 0.0, words: Sequence[Word] = ()
) -> Reading:
    """Return a reading of shots that show these views, with a voice that speaks all the time or never."""
    seconds = sum(lengths)
    known = shot_list(lengths, kinds, {"voice.active": frames(seconds, voice), "luma.std": frames(seconds, 0.2)}, words)
    times = known.track("voice.active").times_s
    tiny = Track(name="colour.tiny", unit="Lab", times_s=times, values=pictures(order, lengths), kind="sampled")
    return known.with_(tracks={**known.tracks, "colour.tiny": tiny})


def musical(known: Reading) -> Reading:
    """Return the reading with music in front all through."""
    bed = known.unit("aes.audio.dominant", label="music", span=known.span, evidence=[known.frame(0.0)])
    return known.with_(units=(*known.units, bed))


class TestGraph:
    def test_a_view_is_like_itself_and_unlike_others(self) -> None:
        one, other = (pictures(k, [0.04]).reshape(1, -1, 3) for k in "AB")
        assert likeness(one, one) == pytest.approx(1.0)
        assert likeness(one, other) < 0.5
        assert np.isnan(likeness(one, one[:0]))

    def test_a_third_of_the_picture_may_show_something_else(self) -> None:
        one = pictures("A", [0.04]).reshape(1, -1, 3)
        other = one.copy()
        other[:, :14] = 50.0, 60.0, 60.0  # 14 of 48 pixels
        assert likeness(one, other) > 0.65

    def test_plain_grounds_are_alike_to_nothing(self) -> None:
        black = np.zeros((1, 48, 3))
        assert likeness(black, black) == 0.0

    def test_setups_are_numbered_as_they_appear(self) -> None:
        alike = np.full((4, 4), 0.1)
        alike[2, 0] = alike[0, 2] = 0.9
        assert grouped(alike, [False] * 4) == [0, 1, 0, 2]
        assert grouped(alike, [False, True, False, False]) == [0, 0, 0, 1]  # the edit says that it stays

    @pytest.mark.parametrize(
        ("setups", "found"),
        [
            ([0, 1, 0], [(1, 2)]),
            ([0, 1, 2, 0], [(1, 3)]),
            ([0, 1, 2, 3, 4, 0], []),  # four shots away are a scene of their own
            ([0, 0, 1], []),
            ([0, 1, 0, 1], [(1, 2), (2, 3)]),
        ],
    )
    def test_departures(self, setups: list[int], found: list[tuple[int, int]]) -> None:
        assert departures(setups) == found

    @pytest.mark.parametrize(
        ("setups", "found"),
        [
            ([0, 1, 0, 1], [(0, 3)]),
            ([0, 1, 0], []),
            ([0, 1, 2, 1, 2, 1, 3], [(1, 5)]),
            ([0, 1, 0, 1, 1, 0, 1, 0], [(0, 3), (4, 7)]),
            ([0, 0, 0, 0, 0], []),
        ],
    )
    def test_alternations_over_three_cuts(self, setups: list[int], found: list[tuple[int, int]]) -> None:
        assert alternations(setups, 3) == found

    @given(ORDERS)
    def test_alternations_take_turns(self, setups: list[int]) -> None:
        for first, last in alternations(setups, 3):
            run_ = setups[first : last + 1]
            assert len(set(run_)) == 2
            assert run_ == [run_[0], run_[1]] * (len(run_) // 2) + [run_[0]] * (len(run_) % 2)

    @given(ORDERS)
    def test_departures_come_home(self, setups: list[int]) -> None:
        for away, back in departures(setups):
            assert setups[back] == setups[away - 1]
            assert setups[away - 1] not in setups[away:back]

    def test_short_runs(self) -> None:
        assert short_runs([2, 1, 1, 1, 1, 2, 1, 1, 1], 1.5, 4) == [(1, 4)]
        assert short_runs([1, 1, 1, 1], 1.5, 4) == [(0, 3)]
        assert short_runs([1.5] * 5, 1.5, 4) == []

    def test_the_main_setup_lasts_longest(self) -> None:
        known = shot_list([1, 3, 1, 2])
        assert main_setup(known.shots, [0, 1, 0, 2]) == 1
        assert main_setup(known.shots, [0, 1, 2, 0]) == 0  # three seconds each: the earlier


class TestNumbers:
    def test_by_hand(self) -> None:
        """A-B-A-C of 2, 1, 2, 1 s: three setups, one shot of four comes back, two of six seconds lie aside."""
        units = run(views("ABAC", [2, 1, 2, 1]), CutFunctions(), Structure())
        assert value(units, "edit.unique_setups") == 3
        assert value(units, "edit.shot_reuse") == 0.25
        assert value(units, "edit.broll_ratio") == pytest.approx(2 / 6, abs=1e-5)

    def test_without_return_there_is_no_main_line(self) -> None:
        units = run(views("ABC", [2, 2, 2]), CutFunctions(), Structure())
        assert value(units, "edit.unique_setups") == 3
        assert "no setup comes back" in (reason(units, "edit.broll_ratio") or "")

    def test_one_take(self) -> None:
        units = run(views("A", [4]), CutFunctions(), Structure())
        assert named(units, MACRO) == [("sequence_shot_one_take", 0)]

    def test_no_form_is_guessed(self) -> None:
        units = run(views("ABC", [2, 2, 2]), CutFunctions(), Structure())
        assert "takes a reader" in (reason(units, MACRO) or "")


class TestFunctions:
    def test_a_cutaway_while_the_voice_runs_on(self) -> None:
        assert named(run(views("ABA", [2, 2, 2], voice=1.0), CutFunctions()), FUNCTION) == [("cutaway", 2)]
        assert named(run(views("ABA", [2, 2, 2], voice=0.0), CutFunctions()), FUNCTION) == []

    def test_two_views_in_turns(self) -> None:
        units = run(views("ABABC", [2, 2, 2, 2, 2]), CutFunctions(), Structure())
        assert named(units, FUNCTION) == [("cross_cut", 2), ("cross_cut", 4), ("cross_cut", 6)]
        assert named(units, MACRO) == [("cross_cut", 0)]

    def test_a_run_of_short_shots_to_music(self) -> None:
        lengths = [2, 1, 1, 1, 1, 2]
        units = run(musical(views("ABCDEF", lengths)), CutFunctions())
        assert named(units, FUNCTION) == [("montage_cut", 3), ("montage_cut", 4), ("montage_cut", 5)]
        spoken = run(musical(views("ABCDEF", lengths, voice=1.0)), CutFunctions())
        assert "montage_cut" not in [label for label, _ in named(spoken, FUNCTION)]
        assert named(run(views("ABCDEF", lengths), CutFunctions()), FUNCTION) == []  # no music

    def test_most_of_a_montage_is_a_montage(self) -> None:
        units = run(musical(views("ABCDEF", [1] * 6)), CutFunctions(), Structure())
        assert named(units, MACRO) == [("montage", 0)]

    def test_punches_underline_and_release(self) -> None:
        units = run(views("AAA", [2, 2, 2], kinds=["punch_in", "punch_out"]), CutFunctions())
        assert named(units, FUNCTION) == [("emphasis_in", 2), ("emphasis_out", 4)]

    @pytest.mark.parametrize(("scale", "confidence"), [(1.1, 0.65), (1.5, 0.85), (0.9, 0.65), (0.7, 0.85)])
    def test_less_than_a_step_of_scale_underlines_less(self, scale: float, confidence: float) -> None:
        known = views("AA", [2, 2])
        cut = known.boundaries[0]
        label = "punch_in" if scale > 1 else "punch_out"
        scaled = cut.model_copy(update={"label": label, "attributes": {"scale": scale}})
        units = tuple(scaled if unit is cut else unit for unit in known.units)
        (unit,) = [u for u in run(known.with_(units=units), CutFunctions()) if u.facet == FUNCTION]
        assert unit.confidence == confidence

    def test_a_change_in_the_middle_of_a_sentence(self) -> None:
        said = [Word(text="and", start_s=1.4, end_s=1.7), Word(text="then", start_s=2.2, end_s=2.5)]
        ended = [Word(text="done.", start_s=1.4, end_s=1.7), Word(text="Then", start_s=2.2, end_s=2.5)]
        for words, label in ((said, [("retention_refresh", 2)]), (ended, []), ([], [("retention_refresh", 2)])):
            known = views("AA", [2, 2], kinds=["jump_cut"], voice=1.0, words=words)
            assert named(run(known, CutFunctions()), FUNCTION) == label

    def test_the_end_joins_the_start(self) -> None:
        known = views("ABA", [2, 2, 2])
        join = Track(name="loop.similarity", unit="", times_s=np.array([5.96]), values=np.array([0.99]), kind="event")
        looped = known.with_(tracks={**known.tracks, "loop.similarity": join})
        units = run(looped, CutFunctions(), Structure())
        assert named(units, FUNCTION) == [("loop_join", 6)]
        assert named(units, MACRO) == [("circular_loop", 0)]

    def test_a_picture_that_never_leaves_does_not_come_back(self) -> None:
        known = views("A", [4])
        join = Track(name="loop.similarity", unit="", times_s=np.array([3.96]), values=np.array([0.99]), kind="event")
        assert named(run(known.with_(tracks={**known.tracks, "loop.similarity": join}), CutFunctions()), FUNCTION) == []

    def test_a_new_place_shares_neither_layout_nor_palette(self) -> None:
        known = views("AB", [2, 2])
        tiny = known.track("colour.tiny")
        values = tiny.values.copy()
        values[50:, ..., 1:] += 60.0  # the second shot in other light and colour
        values[50:, ..., 0] = 100 - values[:50, ..., 0]  # and bright where the first was dark
        changed = Track(name=tiny.name, unit=tiny.unit, times_s=tiny.times_s, values=values, kind="sampled")
        units = run(known.with_(tracks={**known.tracks, "colour.tiny": changed}), CutFunctions())
        assert named(units, FUNCTION) == [("location_change", 2)]

    def test_without_pictures_the_edits_alone_speak(self) -> None:
        units = run(shot_list([2, 2], ["punch_in"]), CutFunctions(), Structure())
        assert named(units, FUNCTION) == [("emphasis_in", 2)]
        assert value(units, "edit.unique_setups") is None


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room, a city, the room again, hills; a flash in the second shot; one second each, silent."""
    path = tmp_path_factory.mktemp("setups") / "setups.mp4"
    room = Shot(source=Source(kind="room", seed=3), duration_s=1.0)
    city = Shot(source=Source(kind="city", seed=5), duration_s=1.0, flashes=(Flash(at_s=0.5),))
    hills = Shot(source=Source(kind="hills", seed=2), duration_s=1.0)
    render(Script(shots=(room, city, room, hills), width=320, height=180, sound=None), path)
    return path


@pytest.fixture(scope="module")
def storyboard(clip: Path) -> Storyboard:
    return analyze(clip, only=("editing",))


def test_a_rendered_clip(storyboard: Storyboard) -> None:
    assert len(storyboard.shots) == 4
    numbers = {unit.facet: unit.value for unit in storyboard.items if unit.value is not None}
    assert numbers["edit.pacing.mean_shot_length"] == 1.0
    assert numbers["edit.unique_setups"] == 3
    assert numbers["edit.shot_reuse"] == 0.25
    assert numbers["edit.broll_ratio"] == 0.5
    flashes = [u.span for u in storyboard.units(facet="edit.effect") if u.label == "colour_flash"]
    assert [flash.overlaps(Span.of(1.45, 1.65)) for flash in flashes] == [True]


def test_every_cut_has_a_reason_or_an_admission(storyboard: Storyboard) -> None:
    given = {unit.span.start_s for unit in storyboard.units(facet="edit.cut_rationale")}
    assert given == {1.0, 2.0, 3.0}


def test_all_of_it_can_be_shown_again(storyboard: Storyboard, clip: Path) -> None:
    assert problems(storyboard) == []
    report = verify(storyboard, clip)
    assert report.failed == ()
    assert report.ok
