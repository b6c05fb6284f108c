"""What the page is told: the frame table, curves, facets, parts, and data that cannot become markup."""

from __future__ import annotations

import base64
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.apps import console
from sestina.core.storyboard import DIMENSIONS, Signals
from sestina.core.time import FrameTable, Span
from sestina.core.track import Track
from sestina.pipeline.analyze import packed
from sestina.report.curves import HOLE, cut_rate, load_tracks, pack_track, shown_curves, thinned
from sestina.report.frames import Stills
from sestina.report.palette import COLOURS, reading_name, whole_of
from sestina.report.payload import _time, as_script, folded, payload
from sestina.report.video import Film
from tests.report.sample import LENGTH_S, sample_board, sample_tracks

WHOLE = Span.of(0, LENGTH_S)


def test_colours_are_those_of_the_terminal() -> None:
    assert COLOURS == console.COLOURS
    assert tuple(COLOURS) == DIMENSIONS


@pytest.mark.parametrize(
    ("facet", "name"),
    [
        ("camera.movement", "Movement"),
        ("edit.cut_rationale.primary", "Cut rationale · primary"),
        ("aes.color.temperature", "Colour · temperature"),
        ("narr.hook.t_first_cut", "Hook · first cut"),
        ("diss.cta.target", "CTA · target"),
    ],
)
def test_facets_have_names_to_read(facet: str, name: str) -> None:
    assert reading_name(facet) == name


def test_a_part_knows_its_whole() -> None:
    assert whole_of("diss.overlay.text") == ("diss.overlay",)
    assert whole_of("narr.hook.tactic.primary") == ("narr.hook.tactic", "narr.hook")
    assert whole_of("aes.light.key") == ()  # `aes.light` is a heading of the page and no facet


@given(st.lists(st.integers(1, 9), min_size=1, max_size=60), st.integers(-5, 900))
def test_the_frame_table_survives(gaps: list[int], first: int) -> None:
    ticks = np.cumsum([first, *gaps])
    table = FrameTable(pts=ticks, time_base=Fraction(1, 90), end_pts=int(ticks[-1]) + 3)
    told = _time(table)
    assert told is not None
    rebuilt = [told["first"]]
    for step, count in told["runs"]:
        rebuilt += [rebuilt[-1] + step * (i + 1) for i in range(count)]
    assert rebuilt == ticks.tolist()
    assert told["base"] == [1, 90]


def test_a_constant_rate_is_one_run() -> None:
    told = _time(FrameTable(pts=np.arange(0, 90000, 3003), time_base=Fraction(1, 90000), end_pts=93003))
    assert told is not None
    assert told["runs"] == [[3003, 29]]


def unpacked(told: dict[str, object]) -> np.ndarray:
    codes = np.frombuffer(base64.b64decode(str(told["v"])), "<i2").astype(float)
    low, high = float(str(told["lo"])), float(str(told["hi"]))
    return np.where(codes == HOLE, np.nan, low + (codes + 32767) / 65534 * (high - low))


def test_values_keep_five_digits_and_holes_stay_holes() -> None:
    times = np.arange(0, 4, 0.04)
    values = np.sin(times) * 3
    values[7:9] = np.nan
    told = pack_track(Track(name="a.b", unit="dB", times_s=times, values=values), WHOLE)
    np.testing.assert_allclose(unpacked(told), values, atol=1e-4)
    assert told["t"] == [0.0, pytest.approx(0.04)]


def test_irregular_times_are_told_one_by_one() -> None:
    times = np.array([0.0, 0.5, 0.6, 3.0])
    told = pack_track(Track(name="a.b", unit="", times_s=times, values=np.ones(4), kind="event"), Span.of(0, 4))
    np.testing.assert_allclose(np.frombuffer(base64.b64decode(told["t"]), "<f4"), times, atol=1e-6)
    assert unpacked(told).tolist() == [1, 1, 1, 1]


def test_thinning_keeps_every_extreme() -> None:
    times = np.arange(100_000) / 100
    values = np.random.default_rng(7).normal(size=100_000)
    values[31_234], values[77_777] = 40.0, -40.0
    few_times, few = thinned(times, values)
    assert len(few) <= 6000
    assert few.max() == 40.0
    assert few.min() == -40.0
    assert np.all(np.diff(few_times) > 0)


def test_cuts_in_ten_seconds() -> None:
    rate = cut_rate(sample_board())
    near_two = rate.values[np.searchsorted(rate.times_s, 6.75)]
    assert near_two == pytest.approx(2 * 10 / 5)  # the window 4.25..9.25 s holds the edits at 5.2 s and 8.2 s


def test_curves_take_the_best_track_there_is() -> None:
    names = [row["name"] for row in shown_curves({**sample_tracks(), "cut_rate": cut_rate(sample_board())})]
    assert names == ["Tension", "Loudness", "Motion", "Luma", "Cut rate"]
    assert [row["track"] for row in shown_curves({"loudness.rms": sample_tracks()["loudness.short_term"]})] == [
        "loudness.rms"
    ]


def test_tracks_come_from_the_side_file(tmp_path: Path) -> None:
    tracks = sample_tracks()
    (tmp_path / "clip.sv6d.npz").write_bytes(packed(tracks))
    board = sample_board().model_copy(
        update={"signals": Signals(file="clip.sv6d.npz", tracks=sample_board().signals.tracks)}
    )
    found = load_tracks(board, tmp_path)
    assert found is not None
    assert found.keys() == tracks.keys()
    np.testing.assert_array_equal(found["luma.mean"].values, tracks["luma.mean"].values)
    assert load_tracks(board, None) is None


@pytest.mark.parametrize("name", ["../clip.npz", "missing.npz", "damaged.npz"])
def test_a_side_file_that_cannot_be_used_is_left_alone(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "clip.npz").write_bytes(packed(sample_tracks()))
    (folder / "damaged.npz").write_bytes(b"PK\x03\x04 not a zip")
    board = sample_board().model_copy(update={"signals": Signals(file=name)})
    assert load_tracks(board, folder) is None


def test_parts_fold_into_their_whole() -> None:
    board = sample_board()
    inside = folded(board)
    texts = board.units(facet="diss.overlay.text")
    assert [board[inside[unit.id]].region for unit in texts] == [unit.region for unit in texts]
    assert all(unit.id not in inside for unit in board.units(level="video"))


def told() -> dict[str, object]:
    return payload(sample_board(), film=Film(), stills=Stills(), tracks=sample_tracks(), notes=["a note"])


def test_the_payload_is_plain_json_and_the_same_twice() -> None:
    assert json.loads(as_script(told())) == json.loads(json.dumps(told()))
    assert as_script(told()) == as_script(told())


def test_every_cited_track_is_there_and_no_other() -> None:
    tracks = told()["tracks"]
    assert isinstance(tracks, dict)
    assert "onsets.onset" not in tracks
    assert {"difference.cut", "motion.scale_rate", "luma.mean", "cut_rate"} <= tracks.keys()


def test_facets_explain_themselves() -> None:
    facets = told()["facets"]
    assert isinstance(facets, dict)
    assert facets["edit.transition"]["definition"].startswith("What the frames between two shots show")
    assert set(facets["edit.transition"]["labels"]) == {"hard_cut", "punch_in", "smash_cut"}


@given(st.text())
def test_no_text_can_leave_its_script_block(text: str) -> None:
    made = as_script({"text": text, text: 1})
    assert not set("<>&\u2028\u2029") & set(made)
    assert json.loads(made)["text"] == text


def test_undecodable_names_are_kept() -> None:
    made = as_script({"name": "clip-\udce9.mp4"})
    made.encode()
    assert json.loads(made)["name"] == "clip-\udce9.mp4"
