"""Tables read back by DuckDB and Polars; the queries of the documentation run here, and say what it says they say."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars
import pytest

from sestina.core.errors import SestinaError
from sestina.core.evidence import Box, BoxAt, FramePairEvidence, MetadataEvidence, MetricEvidence, Region, UnitEvidence
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.core.versions import CURRENT
from sestina.export import _arrow
from sestina.export._tables import TABLES, VERSION
from sestina.render.sidecar import save
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board, unit

PAGE = Path(__file__).parents[2] / "docs" / "exports" / "parquet.md"
NTSC = Fraction(30000, 1001)


def written(boards: Any, folder: Path, name: str = "parquet", **options: Any) -> Path:
    folder.mkdir(parents=True)
    exporters.get(name).make(boards, folder, **options)
    return folder


def read(folder: Path, table: str) -> polars.DataFrame:
    parquet = folder / f"{table}.parquet"
    return polars.read_parquet(parquet) if parquet.exists() else polars.read_ipc(folder / f"{table}.arrow")


def query(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        return database.execute(sql).fetchall()


@pytest.mark.parametrize("name", ["parquet", "arrow"])
def test_units_and_texts_come_back_as_they_were(name: str, tmp_path: Path) -> None:
    one = board(NTSC, text=HOSTILE, name=NAME)
    folder = written([one], tmp_path / "out", name)
    units = read(folder, "units")
    assert units.select("id", "facet", "label", "value", "start_s", "end_s").rows() == [
        (unit.id, unit.facet, unit.label, unit.value, unit.span.start_s, unit.span.end_s) for unit in one
    ]
    assert read(folder, "media")["video"].to_list() == [NAME]
    assert read(folder, "overlays").select("id", "text", "label").rows() == [("o0", HOSTILE, "overlay_text")]
    assert read(folder, "evidence").filter(polars.col("type") == "ocr")["quote"].to_list() == [HOSTILE]
    assert " ".join(read(folder, "words")["text"]) == one.transcript.speech


@pytest.mark.parametrize("rate", RATES)
def test_frames_are_exact_at_every_rate(rate: Fraction, tmp_path: Path) -> None:
    kinds: tuple[dict[str, Any], ...] = ({}, {"vfr": True}, {"size": (720, 1280)})
    for number, facts in enumerate(kinds):
        folder = written([board(rate, **facts)], tmp_path / str(number))
        shots = query(f"select first_frame, after_frame from '{folder}/shots.parquet' order by shot")
        assert shots == [*itertools.pairwise(CUTS)]
        edits = query(f"select label, first_frame, after_frame, shot from '{folder}/boundaries.parquet'")
        assert edits == [("hard_cut", CUTS[1], CUTS[1], 2), ("cross_dissolve", *DISSOLVE, 3)]


@pytest.mark.parametrize("name", ["parquet", "arrow"])
def test_both_formats_hold_the_same_and_words_are_stored_once(name: str, tmp_path: Path) -> None:
    boards = [board(rate, text=HOSTILE) for rate in RATES]
    one, two = written(boards, tmp_path / "a"), written(boards, tmp_path / "b", "arrow")
    for table in TABLES:
        assert read(one, table).equals(read(two, table))
        assert read(one, table).columns == list(TABLES[table])
    assert isinstance(read(one if name == "parquet" else two, "units")["label"].dtype, polars.Categorical)


def test_versions_stand_in_the_schema(tmp_path: Path) -> None:
    from pyarrow import ipc, parquet

    one, two = written([board()], tmp_path / "a"), written([board()], tmp_path / "b", "arrow")
    for table in TABLES:
        with ipc.open_file(str(two / f"{table}.arrow")) as file:
            for facts in (parquet.read_schema(one / f"{table}.parquet").metadata, file.schema.metadata):
                assert facts[b"sv6d"].decode() == CURRENT
                assert facts[b"tables"].decode() == VERSION
                assert facts[b"table"].decode() == table
                assert re.match(r"\d", facts[b"sestina"].decode())


def test_every_kind_of_evidence_has_its_columns(tmp_path: Path) -> None:
    span = Span.of(0, 1)
    cited = (
        MetricEvidence(signal="luma.mean", op=">=", threshold=0.3, value=0.4, unit="share", span=span),
        FramePairEvidence(at_s=(0.5, 0.6), pts=(10, 12), dhash=("00ff", "0ff0")),
        MetadataEvidence(key="video.codec", value="h264"),
        UnitEvidence(unit="s0"),
    )
    one = board().model_copy(update={"items": (*board(), unit("e", "diss.hdr", span, label="true", evidence=cited))})
    rows = read(written([one], tmp_path / "out"), "evidence").filter(polars.col("id") == "e").to_dicts()
    assert [row["number"] for row in rows] == [1, 2, 3, 4]
    found = [{key: value for key, value in row.items() if value is not None} for row in rows]
    for row in found:
        del row["media"], row["id"], row["number"]
    assert found == [
        {"type": "metric", "signal": "luma.mean", "reduce": "mean", "op": ">=", "threshold": 0.3, "value": 0.4,
         "unit": "share", "start_s": 0.0, "end_s": 1.0},
        {"type": "frame_pair", "at_s": 0.5, "second_s": 0.6, "pts": 10, "second_pts": 12, "dhash": "00ff",
         "second_dhash": "0ff0"},
        {"type": "metadata", "key": "video.codec", "fact": "h264"},
        {"type": "unit", "other": "s0"},
    ]  # fmt: skip


def with_tracks(folder: Path, times_s: Any, **values: Any) -> Storyboard:
    tracks = {name: Track(name=name.replace("_", "."), unit="share", times_s=times_s, values=one)
              for name, one in values.items()}  # fmt: skip
    return save(board(), {track.name: track for track in tracks.values()}, folder / "clip.sv6d.json")


@pytest.mark.parametrize("name", ["parquet", "arrow"])
def test_tracks_of_the_side_file_become_curves(name: str, tmp_path: Path) -> None:
    times = np.arange(1000) / 25
    luma, pose = np.sin(times), np.stack([times, -times], axis=1)
    luma[7] = np.nan
    one = with_tracks(tmp_path, times, luma_mean=luma, camera_pose=pose)
    curves = read(written([one], tmp_path / "out", name, signals=tmp_path), "curves")
    found = curves.filter(polars.col("signal") == "luma.mean")
    np.testing.assert_array_equal(found["value"].to_numpy(), luma)
    np.testing.assert_array_equal(found["time_s"].to_numpy(), times)
    second = curves.filter(polars.col("signal") == "camera.pose", polars.col("part") == 1)
    np.testing.assert_array_equal(second["value"].to_numpy(), -times)
    chosen = read(written([one], tmp_path / "few", name, signals=tmp_path, tracks="camera."), "curves")
    assert set(chosen.filter(polars.col("kind") == "frame")["signal"]) == {"camera.pose"}
    assert len(read(written([one], tmp_path / "none", name), "curves").filter(polars.col("kind") == "frame")) == 0


def test_units_that_draw_a_curve_are_curves(tmp_path: Path) -> None:
    seen = tuple(BoxAt(at_s=n / 10, box=Box(x=0.1 * n, y=0.2, w=0.3, h=0.4)) for n in range(3))
    moving = unit("r", "subject.saliency_track", Span.of(0, 1), value=0.1, level="shot",
                  region=Region(box=seen[0].box.union(seen[2].box), track=seen))  # fmt: skip
    one = board().model_copy(update={"items": (moving,)})
    rows = read(written([one], tmp_path / "out"), "curves").select("kind", "time_s", "part", "value").rows()
    assert rows[0] == ("unit", 0.0, 0, 0.1)
    assert [row[3] for row in rows if row[:1] == ("box",) and row[2] == 0] == [0.0, 0.1, 0.2]


def test_a_side_file_that_is_missing_damaged_or_of_another_run_is_refused(tmp_path: Path) -> None:
    one = with_tracks(tmp_path, np.arange(9.0), luma_mean=np.arange(9.0))
    side = tmp_path / str(one.signals.file)
    whole = side.read_bytes()
    signed = one.model_copy(update={"signals": one.signals.model_copy(update={"sha256": None})})
    for number, (given, data, why) in enumerate([
        (one, None, "are not in"), (one, whole[:-9] + bytes(9), "not the file"), (signed, whole[:99], "cannot be read"),
    ]):  # fmt: skip
        side.unlink(missing_ok=True)
        if data is not None:
            side.write_bytes(data)
        with pytest.raises(SestinaError, match=why):
            written([given], tmp_path / str(number), signals=tmp_path)


@pytest.mark.parametrize("name", ["parquet", "arrow"])
def test_an_empty_corpus_and_an_empty_storyboard_give_tables_without_rows(name: str, tmp_path: Path) -> None:
    empty = written([], tmp_path / "a", name)
    bare = written([Storyboard(media=board().media)], tmp_path / "b", name)
    assert all(read(empty, table).is_empty() for table in TABLES)
    assert [table for table in TABLES if len(read(bare, table))] == ["media"]


@pytest.mark.parametrize("name", ["parquet", "arrow"])
def test_a_corpus_is_written_in_bounded_memory(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second hundred storyboards need no more of Arrow's memory than the first, by which all groups are full."""
    import pyarrow

    monkeypatch.setattr(_arrow, "GROUP", 60)
    monkeypatch.setattr(_arrow, "MANY", 8)
    one, held = board(), []

    def boards() -> Iterator[Storyboard]:
        for _ in range(200):
            held.append(pyarrow.total_allocated_bytes())
            yield one

    written(boards(), tmp_path / "out", name)
    assert max(held[100:]) < 1.5 * max(held[:100])
    assert len(read(tmp_path / "out", "units")) == 200 * len(one)


def blocks() -> list[tuple[str, str]]:
    """Return the page's code blocks, each with the output that follows it."""
    return re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


def corpus() -> list[Storyboard]:
    """Return the three storyboards that the page's outputs were made from: the same cuts at 25, 29.97 and 60."""
    made = []
    for number, (rate, name) in enumerate(((Fraction(25), "a.mp4"), (NTSC, "b.mp4"), (Fraction(60), "c.mp4"))):
        one = board(rate, name=name)
        made.append(one.model_copy(update={"media": one.media.model_copy(update={"sha256": str(number) * 64})}))
    return made


def test_the_pages_queries_say_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(corpus(), tmp_path / "tables")
    written(corpus(), tmp_path / "feather", "arrow")
    monkeypatch.chdir(tmp_path)
    assert len(blocks()) >= 6
    for code, said in blocks():
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, str(PAGE), "exec"), {})
        assert out.getvalue() == said, code
    assert os.listdir(tmp_path)


def test_the_page_lists_every_column() -> None:
    sections = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", PAGE.read_text(), flags=re.MULTILINE))
    for table, columns in TABLES.items():
        assert re.findall(r"`(\w+)`", sections[table]) == list(columns)
