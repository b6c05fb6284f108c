"""Reasons for cuts: each from the function or the measure it cites, and an admission where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from sestina.core.evidence import UnitEvidence
from sestina.core.reading import Reading
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.editing.rationale import UNKNOWN, Rationale, sides
from tests.dimensions.editing.shot_lists import frames, named, reason, run, shot_list

FACET, PRIMARY = "edit.cut_rationale", "edit.cut_rationale.primary"


def with_unit(known: Reading, facet: str, label: str, confidence: float = 0.8, span: Span | None = None) -> Reading:
    """Return the reading with one more unit, at the first boundary unless told otherwise."""
    cut = known.boundaries[0]
    unit = known.unit(facet, label=label, span=span or cut.span, confidence=confidence, evidence=known.cite(cut))
    return known.with_(units=(*known.units, unit))


def looked_at(before: tuple[float, float], after: tuple[float, float], certain: float = 1.0) -> Reading:
    """Return two shots of two seconds in which the eye is drawn to `before`, then to `after`."""
    first = np.arange(100) < 50
    tracks = {
        "saliency.x": np.where(first, before[0], after[0]),
        "saliency.y": np.where(first, before[1], after[1]),
        "saliency.certain": frames(4, certain),
    }
    return shot_list([2, 2], (), tracks)


def primary(units: list[Unit]) -> list[str | None]:
    return [unit.label for unit in units if unit.facet == PRIMARY]


def test_where_nothing_is_found_it_says_so() -> None:
    units = run(shot_list([2, 2, 2]), Rationale())
    assert [(u.facet, u.status, u.span.start_s) for u in units] == [(FACET, "abstain", 2), (FACET, "abstain", 4)]
    assert reason(units, FACET) == UNKNOWN


def test_a_fade_at_the_start_asks_for_no_reason() -> None:
    known = shot_list([2, 2])
    fade = known.unit("edit.transition", label="fade_in", span=Span.of(0, 0.4), evidence=[known.frame(0.0)])
    units = run(known.with_(units=(fade, *known.units)), Rationale())
    assert [unit.span.start_s for unit in units] == [2]


def test_a_jump_cut_takes_time_out() -> None:
    units = run(shot_list([2, 2], ["jump_cut"]), Rationale())
    assert named(units, FACET) == [("time_compression", 2)]
    assert primary(units) == ["time_compression"]


def test_a_reason_given_before_is_not_given_again() -> None:
    known = with_unit(shot_list([2, 2], ["jump_cut"]), FACET, "time_compression", 0.5)
    units = run(known, Rationale())
    assert named(units, FACET) == []
    assert primary(units) == ["time_compression"]


def test_a_hard_cut_that_stays_takes_time_out() -> None:
    known = shot_list([2, 2, 2])
    likeness = np.array([np.nan, 0.9, 0.2])
    step = Track(name="setups.step", unit="share", kind="event", times_s=np.array([0.0, 2, 4]), values=likeness)
    units = run(known.with_(tracks={"setups.step": step}), Rationale())
    assert named(units, FACET) == [("time_compression", 2)]


def test_emphasis_is_surer_with_a_hit() -> None:
    known = with_unit(shot_list([2, 2], ["punch_in"]), "edit.cut_function", "emphasis_in")
    (alone,) = [u for u in run(known, Rationale()) if u.facet == FACET]
    hit = with_unit(known, "edit.audio", "sfx_hit", span=Span.at(2.04))
    (both,) = [u for u in run(hit, Rationale()) if u.facet == FACET]
    assert (alone.label, both.label) == ("emphasis", "emphasis")
    assert both.confidence > alone.confidence
    assert len([item for item in both.evidence if isinstance(item, UnitEvidence)]) == 2


def test_a_hit_on_a_cut_underlines_by_itself() -> None:
    known = with_unit(shot_list([2, 2]), "edit.audio", "sfx_hit", span=Span.at(1.95))
    assert named(run(known, Rationale()), FACET) == [("emphasis", 2)]


def test_attention_refreshed() -> None:
    known = with_unit(shot_list([2, 2], ["punch_out"]), "edit.cut_function", "retention_refresh", 0.65)
    assert named(run(known, Rationale()), FACET) == [("retention_refresh", 2)]


def test_a_pattern_of_lengths() -> None:
    known = shot_list([2] * 6)
    even = with_unit(known, "edit.rhythm", "metric", span=known.span)
    assert named(run(even, Rationale()), FACET) == [("rhythm", float(t)) for t in (2, 4, 6, 8, 10)]
    random = with_unit(known, "edit.rhythm", "irregular", span=known.span)
    assert named(run(random, Rationale()), FACET) == []


class TestEyeTrace:
    @pytest.mark.parametrize(
        ("before", "after", "certain", "found"),
        [
            ((0.3, 0.4), (0.33, 0.44), 1.0, [("eye_trace", 2.0)]),  # 0.05 apart
            ((0.3, 0.4), (0.39, 0.52), 1.0, []),  # 0.15 apart
            ((0.3, 0.4), (0.36, 0.5), 1.0, []),  # 0.117 apart: too near the limit of 0.12
            ((0.3, 0.4), (0.33, 0.44), 0.3, []),  # no place clearly draws the eye
        ],
    )
    def test_by_distance(
        self, before: tuple[float, float], after: tuple[float, float], certain: float, found: list[tuple[str, float]]
    ) -> None:
        assert named(run(looked_at(before, after, certain), Rationale()), FACET) == found

    def test_in_the_middle_it_says_less(self) -> None:
        sure = [
            next(u.confidence for u in run(looked_at(place, place), Rationale()) if u.facet == FACET)
            for place in ((0.5, 0.5), (0.3, 0.4))
        ]
        assert sure[0] < sure[1]

    def test_within_one_setup_it_says_nothing(self) -> None:
        tracks = {name: frames(4, 0.4) for name in ("saliency.x", "saliency.y")} | {"saliency.certain": frames(4, 1.0)}
        units = run(shot_list([2, 2], ["punch_in"], tracks), Rationale())
        assert "eye_trace" not in [label for label, _ in named(units, FACET)]

    def test_each_side_ends_at_the_next_cut(self) -> None:
        known = shot_list([2, 0.2, 2])
        first, second = known.boundaries
        assert sides(known, first) == (Span.of(1.65, 2), Span.of(2, 2.2))
        assert sides(known, second) == (Span.of(2, 2.2), Span.of(2.2, 2.55))


def test_the_surest_reason_is_primary_and_the_more_particular_of_equals() -> None:
    known = shot_list([2, 2])
    equal = with_unit(with_unit(known, FACET, "eye_trace", 0.6), FACET, "rhythm", 0.6)
    assert primary(run(equal, Rationale())) == ["rhythm"]
    surer = with_unit(with_unit(known, FACET, "eye_trace", 0.7), FACET, "rhythm", 0.6)
    assert primary(run(surer, Rationale())) == ["eye_trace"]
