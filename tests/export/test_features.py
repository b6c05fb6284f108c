"""The feature row: values by hand, ranges, what is not known, and the page that lists it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit, digest
from sestina.core.time import Span
from sestina.core.versions import CURRENT
from sestina.export._features import VERSION, Feature, features, row
from tests.export.boards import HOSTILE, NAME, RATES, board, unit

PAGE = Path(__file__).parents[2] / "docs" / "exports" / "features.md"
NAMES = [feature.name for feature in features()]


def named(one: Storyboard) -> dict[str, float]:
    return dict(zip(NAMES, row(one), strict=True))


def of(*units: Unit) -> dict[str, float]:
    return named(board().model_copy(update={"items": units}))


def written(name: str, one: Any) -> bytes:
    stream = io.BytesIO()
    exporters.get(name).make(one, stream)
    return stream.getvalue()


def test_the_row_of_a_known_storyboard_by_hand() -> None:
    """Shots of 48, 49 and 53 frames at 25 a second; a cut and a dissolve; an overlay of 5 % over the second shot."""
    found = named(board(Fraction(25)))
    assert found["shot_count"] == 3
    assert found["shot_length_mean_s"] == pytest.approx(2.0)
    assert found["shot_length_median_s"] == pytest.approx(1.96)
    assert found["shot_length_sd_s"] == pytest.approx(math.sqrt((0.08**2 + 0.04**2 + 0.12**2) / 3))
    assert (found["shot_length_min_s"], found["shot_length_max_s"]) == (1.92, 2.12)
    assert found["cuts_per_10s"] == pytest.approx(10 * 2 / 6)
    assert found["opening_cuts"] == 1  # at 1.92 s; the next is at 3.88 s
    assert (found["hard_cut_part"], found["dissolve_part"], found["fade_part"]) == (0.5, 0.5, 0)
    assert found["overlay_share"] == pytest.approx(1.96 / 6)
    assert found["overlay_area"] == pytest.approx(0.05 * 1.96 / 6)
    assert found["move_lateral_share"] == pytest.approx(1.92 / 3.88)
    assert found["move_static_share"] == pytest.approx(1.96 / 3.88)
    assert found["shot_scale"] == pytest.approx(4 / 6)  # MCU among ELS 0 .. ECU 6
    assert (found["close_share"], found["light_key"]) == (1, 1)
    assert (found["aspect_16x9"], found["aspect_9x16"]) == (1, 0)
    assert found["hook_share"] == pytest.approx(1.92 / 6)
    assert (found["width_px"], found["height_px"], found["frame_rate_hz"], found["has_sound"]) == (1280, 720, 25, 1)


def test_not_known_is_not_zero() -> None:
    found = of(unit("a", "subject.kind", Span.of(0, 1), label="animal"))
    assert (found["face_share"], found["person_share"]) == (0, 0)
    assert math.isnan(found["to_camera_share"])
    assert math.isnan(of()["face_share"])
    assert all(math.isnan(value) for name, value in of().items() if name.startswith(("format_", "hue_", "move_")))


def test_where_nobody_looked_for_text_there_is_no_share_of_overlays() -> None:
    bare = Storyboard(media=board().media)
    searched = bare.model_copy(update={"transcript": bare.transcript.model_copy(update={"engines": {"ocr": "any"}})})
    assert math.isnan(named(bare)["overlay_share"])
    assert named(searched)["overlay_share"] == 0


def test_an_abstention_says_nothing() -> None:
    span = Span.of(0, 1)
    unsure = unit("a", "subject.kind", span, status="abstain", reason="too dark", confidence=0.1)
    face = unit("b", "subject.kind", Span.of(1, 2), label="face")
    assert of(unsure, face)["face_share"] == 1
    assert math.isnan(of(unsure)["face_share"])


def test_a_label_below_another_counts_as_it_and_time_counts_once() -> None:
    left, right = unit("a", "camera.movement", Span.of(0, 2), label="pan_left"), unit(
        "b", "camera.movement", Span.of(1, 4), label="truck_right"
    )
    assert of(left, right)["move_lateral_share"] == 1
    still = unit("c", "camera.movement", Span.of(4, 8), label="static")
    assert of(left, right, still)["move_lateral_share"] == 0.5


def test_a_videos_own_number_goes_before_the_mean_of_its_parts() -> None:
    parts = [unit(f"p{n}", "aes.tech.blur", Span.of(n, n + 1), value=0.2 * n, level="shot") for n in range(3)]
    assert of(*parts)["blur"] == pytest.approx(0.2)
    assert of(*parts, unit("v", "aes.tech.blur", Span.of(0, 3), value=0.9, level="video"))["blur"] == 0.9


def in_range(feature: Feature, value: float) -> bool:
    low = feature.low is None or value >= feature.low
    return math.isnan(value) or (low and (feature.high is None or value <= feature.high))


LABELLED = [facet for facet in vocabulary.facets() if facet.labels]


@st.composite
def some_units(draw: st.DrawFn) -> tuple[Unit, ...]:
    made = []
    for n in range(draw(st.integers(0, 8))):
        facet = draw(st.sampled_from(LABELLED))
        start, end = sorted((draw(st.floats(0, 5)), draw(st.floats(0, 5))))
        label = draw(st.sampled_from(facet.labels))
        made.append(unit(f"u{n}", facet.id, Span.of(start, end), label=label))
    return tuple(made)


@settings(deadline=None)
@given(some_units())
def test_every_value_lies_in_its_range(units: tuple[Unit, ...]) -> None:
    values = row(board().model_copy(update={"items": units}))
    outside = [(one.name, value) for one, value in zip(features(), values, strict=True) if not in_range(one, value)]
    assert not outside


@pytest.mark.parametrize("rate", RATES)
def test_one_hots_are_one_hot_and_rates_change_no_shares(rate: Fraction) -> None:
    found = named(board(rate, vfr=rate == 30))
    assert sum(value for name, value in found.items() if name.startswith("aspect_")) == 1
    assert found["hard_cut_part"] == 0.5


def test_csv_and_json_and_parquet_say_the_same(tmp_path: Path) -> None:
    boards = [board(Fraction(25), text=HOSTILE, name=NAME), board(), Storyboard(media=board().media)]
    lines = list(csv.DictReader(io.StringIO(written("features-csv", iter(boards)).decode(), newline=""), strict=True))
    objects = [json.loads(line) for line in written("features-json", iter(boards)).splitlines()]
    path = tmp_path / "rows.parquet"
    path.write_bytes(written("features-parquet", iter(boards)))
    frame = polars.read_parquet(path)
    for number, one in enumerate(boards):
        wanted = row(one)
        mask = [not math.isnan(value) for value in wanted]
        for values in (
            [float(lines[number][name]) for name in NAMES],
            [math.nan if value is None else value for value in objects[number]["features"].values()],
            list(frame.select(NAMES).row(number)),
        ):
            assert repr(values) == repr(wanted)
        assert [lines[number]["has_" + name] == "1" for name in NAMES] == mask
        assert [bool(bit) for bit in objects[number]["mask"]] == mask == list(frame["mask"][number])
        assert list(objects[number]["features"]) == NAMES
        assert lines[number]["video"] == objects[number]["video"] == frame["video"][number] == one.media.name
    with duckdb.connect() as database:
        found = database.execute(f"select shot_count, aspect_16x9, mask[1] from '{path}'").fetchall()
    assert found[0] == (3, 1, True)


def test_versions_are_written() -> None:
    from pyarrow import parquet

    one = json.loads(written("features-json", [board()]))
    assert (one["features_version"], one["sv6d"]) == (VERSION, CURRENT)
    facts = parquet.read_schema(io.BytesIO(written("features-parquet", [board()]))).metadata
    assert (facts[b"features"].decode(), facts[b"sv6d"].decode()) == (VERSION, CURRENT)


def test_the_version_is_raised_when_the_row_changes() -> None:
    """Whoever changes a name, a place or a range raises VERSION and writes the new digest here."""
    facts = [(one.name, one.unit, one.low, one.high) for one in features()]
    assert (VERSION, len(facts), digest(facts)) == ("1", len(set(NAMES)), "sha256:4e8d103454a8262d")


def table() -> list[str]:
    """Return the page's lines about features, from the one table in the code."""
    def ends(one: Feature) -> str:
        low, high = ("" if bound is None else f"{bound:g}" for bound in (one.low, one.high))
        return f"{low} … {high}".strip()

    return [f"| {n} | `{one.name}` | {one.unit} | {ends(one)} | {one.about} |" for n, one in enumerate(features())]


def test_the_page_lists_every_feature() -> None:
    assert re.findall(r"^\| \d+ \|.*$", PAGE.read_text(), flags=re.MULTILINE) == table()
    assert f"version {VERSION}" in PAGE.read_text()


def test_the_pages_example_says_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    face = unit("f", "subject.kind", Span.of(0, 1), label="face")
    one, two = board(name="a.mp4"), board(name="b.mp4")
    two = two.model_copy(update={"items": (*two, face)})
    (tmp_path / "clips.features.parquet").write_bytes(written("features-parquet", [one, two]))
    monkeypatch.chdir(tmp_path)
    ((code, said),) = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, str(PAGE), "exec"), {})
    assert out.getvalue() == said
