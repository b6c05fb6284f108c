"""Tracks, reducers and readings: evidence whose value can be recomputed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.errors import UnknownComponent
from sestina.core.evidence import Box
from sestina.core.reading import Reading, media_fact, rounded
from sestina.core.time import Span
from sestina.core.track import REDUCERS, BoxTrack, Track, concatenated
from tests.core.boards import media


def ramp(name: str = "luma.mean") -> Track:
    times = np.arange(250) / 25
    return Track(name=name, unit="", times_s=times, values=times * 2)


@pytest.fixture
def reading() -> Reading:
    return Reading(media=media(), tracks={"luma.mean": ramp()})


class TestTrack:
    def test_spans_are_half_open_and_instants_exact(self) -> None:
        assert len(ramp().over(Span.of(1, 2))) == 25
        assert ramp().over(Span.at(1.0)).tolist() == [2.0]
        assert len(ramp().over(Span.at(1.01))) == 0

    def test_reduces_by_name(self) -> None:
        track = ramp()
        assert track.reduce("mean", Span.of(0, 1)) == pytest.approx(0.96)
        assert track.reduce("max", Span.of(0, 1)) == pytest.approx(1.92)
        assert track.reduce("change", Span.of(0, 1)) == pytest.approx(1.92)
        assert track.reduce("count", Span.of(0, 1)) == 25

    def test_nothing_measured_is_nan_but_counts_zero(self) -> None:
        assert np.isnan(ramp().reduce("mean", Span.of(50, 60)))
        assert ramp().reduce("count", Span.of(50, 60)) == 0

    def test_values_that_were_not_measurable_are_left_out(self) -> None:
        track = Track(name="a.b", unit="", times_s=np.arange(3.0), values=np.array([1, np.nan, 3]))
        assert track.reduce("mean", Span.of(0, 3)) == 2

    def test_refuses_unknown_reducers_and_vectors(self) -> None:
        with pytest.raises(ValueError, match="unknown reducer"):
            ramp().reduce("best", Span.of(0, 1))
        vector = Track(name="a.v", unit="", times_s=np.arange(2.0), values=np.zeros((2, 3)))
        with pytest.raises(ValueError, match="vectors"):
            vector.reduce("mean", Span.of(0, 1))

    @given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.sampled_from(sorted(REDUCERS)))
    def test_every_reducer_gives_one_finite_number(self, values: list[float], how: str) -> None:
        track = Track(name="a.b", unit="", times_s=np.arange(float(len(values))), values=np.array(values))
        assert np.isfinite(track.reduce(how, Span.of(0, len(values))))

    def test_runs_join(self) -> None:
        whole = ramp()
        parts = [
            Track(name="luma.mean", unit="", times_s=whole.times_s[a:b], values=whole.values[a:b])
            for a, b in ((0, 9), (9, 250))
        ]
        assert np.array_equal(concatenated(parts).values, whole.values)


class TestBoxTrack:
    def test_a_box_that_stays_is_written_once(self) -> None:
        still = BoxTrack(
            name="text.1",
            kind="text",
            span=Span.of(0, 1),
            times_s=np.arange(3.0),
            boxes=np.tile([0.1, 0.2, 0.3, 0.1], (3, 1)),
            scores=np.ones(3),
        )
        assert still.region.track == ()
        assert still.box == Box(x=0.1, y=0.2, w=0.3, h=0.1)

    def test_a_box_that_moves_keeps_its_track_and_their_union(self) -> None:
        boxes = np.array([[0.0, 0, 0.2, 0.2], [0.5, 0, 0.2, 0.2]])
        moving = BoxTrack(
            name="faces.1", kind="face", span=Span.of(0, 1), times_s=np.arange(2.0), boxes=boxes, scores=np.ones(2)
        )
        assert moving.region.box == Box(x=0, y=0, w=0.7, h=0.2)
        assert len(moving.region.track) == 2


class TestReading:
    def test_a_metric_computes_its_own_value(self, reading: Reading) -> None:
        metric = reading.metric("luma.mean", ">=", 0.5, Span.of(0, 1))
        assert metric.value == pytest.approx(0.96)
        assert metric.reduce == "mean"

    def test_a_metric_that_does_not_hold_is_no_evidence(self, reading: Reading) -> None:
        with pytest.raises(ValueError, match="not >="):
            reading.metric("luma.mean", ">=", 5, Span.of(0, 1))
        with pytest.raises(ValueError, match="nan"):
            reading.metric("luma.mean", ">=", 0, Span.of(50, 60))

    def test_unknown_tracks_name_their_neighbours(self, reading: Reading) -> None:
        with pytest.raises(UnknownComponent) as caught:
            reading.track("luma.meen")
        assert "luma.mean" in caught.value.hint

    def test_frames_are_cited_by_their_own_time(self, reading: Reading) -> None:
        assert reading.frame(1.019).at_s == 1.0
        assert reading.frame(1.019).pts == 25

    def test_units_check_themselves(self, reading: Reading) -> None:
        evidence = [reading.frame(0)]
        whole = reading.unit("camera.movement", label="inward", span=Span.of(0, 4), evidence=evidence)
        assert whole.dimension == "camera"
        assert whole.id.startswith("camera.movement/")
        with pytest.raises(UnknownComponent, match="no label"):
            reading.unit("camera.movement", label="sideways", span=Span.of(0, 4), evidence=evidence)
        with pytest.raises(ValueError, match="evidence"):
            reading.unit("camera.movement", label="inward", span=Span.of(0, 4))

    def test_the_same_finding_has_the_same_id(self, reading: Reading) -> None:
        def make(label: str) -> str:
            return reading.unit("camera.movement", label=label, span=Span.of(0, 4), evidence=[reading.frame(0)]).id

        assert make("inward") == make("inward") != make("outward")

    def test_abstaining_says_why(self, reading: Reading) -> None:
        unit = reading.abstain("camera.movement", span=Span.of(0, 4), reason="too dark")
        assert (unit.status, unit.reason, unit.label) == ("abstain", "too dark", None)

    def test_media_facts_by_dotted_name(self, reading: Reading) -> None:
        assert reading.metadata("video.width").value == 320
        with pytest.raises(UnknownComponent):
            media_fact(reading.media, "video.depth.of.field")

    @pytest.mark.parametrize(("value", "kept"), [(0.0, 0.0), (1 / 3, 0.333333), (123456.789, 123457.0), (-2e-9, -2e-9)])
    def test_numbers_keep_six_digits(self, value: float, kept: float) -> None:
        assert rounded(value) == kept
