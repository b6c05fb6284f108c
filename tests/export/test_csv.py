"""Sheets read back by readers that are not ours, and corrected as spreadsheets and people correct them."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span, smpte
from sestina.export._corrected import _mended
from sestina.export._merge import Merge, merge
from sestina.export._sheet import Sheet, guarded, number, plain, unguarded
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board, unit

PAGE = Path(__file__).parents[2] / "docs" / "exports" / "csv.md"
BOARD = board(text=HOSTILE, name=NAME)
SEPARATOR = {"comma": ",", "semicolon": ";", "tab": "\t"}


def written(name: str, one: Any = BOARD, **options: Any) -> bytes:
    stream = io.BytesIO()
    exporters.get(name).make(one, stream, **options)
    return stream.getvalue()


def table(data: bytes, separator: str = ",") -> list[dict[str, str]]:
    """Return the rows as Python's own reader has them, strictly."""
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def corrected(change: Callable[[list[dict[str, str]]], Any], onto: Storyboard = BOARD, **export: Any) -> Merge:
    """Export a units sheet, let a person change its rows, and merge what comes back."""
    lines = table(written("csv-units", onto, **export))
    columns = list(lines[0])
    change(lines)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return imported(stream.getvalue().encode(), onto)


def imported(data: bytes, onto: Storyboard = BOARD) -> Merge:
    return merge(onto, importers.get("csv").make(io.BytesIO(data), onto), who="ada", tool="csv")


def row_of(lines: list[dict[str, str]], unit_id: str) -> dict[str, str]:
    return next(line for line in lines if line["id"] == unit_id)


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝a1")))
def test_guarding_is_undone_exactly_and_no_guarded_cell_begins_a_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not re.match(r"[=+\-@\t\r]", guarded(text))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_exactly_with_a_point_or_a_comma(value: float) -> None:
    assert "e" not in plain(value)
    assert number(plain(value), "", "") == value
    assert number(plain(value).replace(".", ","), "", "") == value


@pytest.mark.parametrize("cell", ["1.234,5", "1,234.5", "1 234.5", "1\u202f234,5"])
def test_thousands_are_understood(cell: str) -> None:
    assert number(cell, "", "") == 1234.5


@pytest.mark.parametrize("dialect", SEPARATOR)
@pytest.mark.parametrize("text", [HOSTILE, "=1+1", "@SUM(A1)", "-2", "'=x", "\tx", "'twas"])
def test_texts_come_back_from_a_strict_reader_with_no_formula_left(text: str, dialect: str) -> None:
    one = BOARD.model_copy(update={"items": (unit("a", "subject.utterance", Span.of(0, 1), text=text),)})
    (line,) = table(written("csv-units", one, dialect=dialect), SEPARATOR[dialect])
    assert unguarded(line["text"]) == text
    assert line["text"][0] not in "=+-@\t\r"


def test_lines_end_as_rfc_4180_says_and_the_mark_is_there_when_asked_for() -> None:
    data = written("csv-units", bom=True)
    assert data.startswith(b"\xef\xbb\xbffacet,")
    assert data.count(b"\r\n") == 1 + len(BOARD) + HOSTILE.count("\r\n")
    assert not written("csv-units").startswith(b"\xef")


def test_duckdb_and_polars_read_the_units(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(written("csv-units"))
    with duckdb.connect() as database:
        lines = database.execute(f"select id, start_s, quote from '{path}' order by id").fetchall()
    frame = polars.read_csv(path)
    assert {key: start for key, start, _ in lines} == {one.id: one.span.start_s for one in BOARD}
    assert dict(frame.select("id", "start_s").rows()) == {one.id: one.span.start_s for one in BOARD}
    assert HOSTILE in frame["quote"].to_list()


@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize("rate", RATES)
def test_shots_are_exact_to_the_frame_at_every_rate(rate: Fraction, vertical: bool) -> None:
    one = board(rate, size=(720, 1280) if vertical else (1280, 720))
    lines = table(written("csv-shots", one))
    assert [(int(line["first_frame"]), int(line["after_frame"])) for line in lines] == [*pairwise(CUTS)]
    assert [line["start_code"] for line in lines] == [smpte(frame, rate) for frame in CUTS[:3]]
    assert [float(line["start_s"]) for line in lines] == [shot.span.start_s for shot in one.shots]
    assert [line["transition_in"] for line in lines] == ["", "hard_cut", "cross_dissolve"]
    assert [line["transition_out"] for line in lines] == ["hard_cut", "cross_dissolve", ""]
    assert [line["camera.movement"] for line in lines] == ["pan_left", "static", ""]
    assert [line["narr.beat"] for line in lines] == ["hook", "development", "development"]
    assert " ".join(line["speech"] for line in lines).split() == one.transcript.speech.split()
    assert lines[1]["screen_text"] == "Only $9.99 today"


def test_frames_of_a_variable_rate_are_the_videos_own() -> None:
    lines = table(written("csv-shots", board(vfr=True)))
    assert [int(line["first_frame"]) for line in lines] == list(CUTS[:3])


def test_a_labels_overlap_decides_its_shots() -> None:
    """Less than half of the shorter one is a spill: a pan over shots 1 and 2 whose last frames lie in shot 3."""
    times = [BOARD.media.frame_time_s(frame) for frame in (0, 99)]
    pan = unit("p", "camera.movement", Span.of(*times), label="pan_right")
    one = BOARD.model_copy(update={"items": (*BOARD.shots, pan)})
    assert [line["camera.movement"] for line in table(written("csv-shots", one))] == ["pan_right", "pan_right", ""]
    assert DISSOLVE[0] < 97 < 99


def test_a_facet_that_nobody_knows_is_refused() -> None:
    assert table(written("csv-units", facet="narr.format")) == []
    with pytest.raises(SestinaError, match=r"camera\.scael"):
        written("csv-units", facet="camera.scael")


@pytest.mark.parametrize("name", ["units", "shots"])
def test_tsv_is_csv_with_tabs(name: str) -> None:
    assert written(f"tsv-{name}") == written(f"csv-{name}", dialect="tab")
    assert written("tsv-wide", [BOARD]) == written("csv-wide", [BOARD], dialect="tab")


def test_without_shots_the_sheet_is_a_header() -> None:
    assert table(written("csv-shots", Storyboard(media=BOARD.media))) == []


def test_the_wide_row_ranks_labels_by_time_and_takes_one_video_at_a_time() -> None:
    given_boards = iter([BOARD, board(Fraction(25))])
    lines = table(written("csv-wide", given_boards))
    assert [line["video"] for line in lines] == [NAME, "clip.mp4"]
    assert lines[0]["narr.beat"] == "development | hook"
    assert lines[0]["diss.aspect"] == "16:9"
    assert lines[0]["narr.format"] == ""
    chosen = table(written("csv-wide", [BOARD], facets="camera.,narr.beat"))
    assert list(chosen[0])[3:5] == ["camera.scale", "camera.scale.from"]
    with pytest.raises(SestinaError):
        written("csv-wide", [BOARD], facets="camera.scael")


def test_a_number_without_a_value_for_the_video_is_its_mean_over_time() -> None:
    blur = [unit(f"q{n}", "aes.tech.blur", Span.of(n, end), value=value, level="shot")
            for n, end, value in ((0, 1, 0.5), (1, 4, 0.1))]  # fmt: skip
    one = BOARD.model_copy(update={"items": tuple(blur)})
    assert float(table(written("csv-wide", [one], facets="aes.tech.blur"))[0]["aes.tech.blur"]) == pytest.approx(0.2)


LOSSLESSCUT_TIME = re.compile(r"^\D*(?:(?:(\d+):)?(\d{1,2}):)?(\d+)(?:\.(\d{1,3}))?:?$")
"""A time as LosslessCut's own pattern takes it (parseTime in edlFormats.ts), and nothing after it."""


@pytest.mark.parametrize("rate", RATES)
def test_losslesscut_cuts_before_exactly_the_frames_of_the_shots(rate: Fraction) -> None:
    """A cut at t begins with the first frame not before t, and ends with the last one before the end."""
    one = board(rate)
    times = one.media.frame_table().times_s  # type: ignore[union-attr]  # it has video
    text = written("csv-losslesscut", one).decode()
    found = []
    for line in csv.reader(io.StringIO(text, newline=""), strict=True):
        start, end, label = line
        assert all(LOSSLESSCUT_TIME.match(time) for time in (start, end))
        assert label == label.strip()
        found.append((int((times < float(start)).sum()), int((times < float(end)).sum())))
    assert found == [*pairwise(CUTS)]
    with pytest.raises(SestinaError):
        written("csv-losslesscut", Storyboard(media=one.media))


@pytest.mark.parametrize("dialect", SEPARATOR)
@pytest.mark.parametrize("rate", RATES)
def test_an_untouched_sheet_changes_nothing(rate: Fraction, dialect: str) -> None:
    one = board(rate, text=HOSTILE)
    found = imported(written("csv-units", one, dialect=dialect, bom=True), one)
    assert (found.board, found.same, found.conflicts) == (one, len(one), ())


@pytest.mark.parametrize("unit_id", ["-1", "=id", "'=id", "camera.scale/0a", "a,b", 'a"b', "a\nb"])
def test_any_id_comes_back(unit_id: str) -> None:
    one = BOARD.model_copy(update={"items": (unit(unit_id, "camera.scale", Span.of(0, 1), label="CU"),)})
    found = imported(written("csv-units", one), one)
    assert (found.board, found.same, found.conflicts) == (one, 1, ())


def test_changed_labels_and_times_and_new_rows_come_back() -> None:
    def change(lines: list[dict[str, str]]) -> None:
        row_of(lines, "z1")["label"] = "CU"
        row_of(lines, "m1")["end_s"] = "2.5"
        lines.append({"facet": "camera.scale", "label": "LS", "start_s": "0", "end_s": "1.6", "level": "shot"})

    found = corrected(change)
    assert not found.conflicts
    assert (found.board["z1"].label, found.board["z1"].status) == ("CU", "human")
    assert found.board["m1"].span.end_s == 2.5
    assert [one.label for one in found.board.units(facet="camera.scale", status="human")] == ["LS", "CU"]


def test_a_deleted_row_removes_its_unit_only() -> None:
    found = corrected(lambda lines: lines.remove(row_of(lines, "z1")))
    assert {one.id for one in BOARD} - {one.id for one in found.board} == {"z1"}
    assert not found.conflicts


def test_a_sheet_of_one_facet_speaks_of_no_other() -> None:
    found = corrected(lambda lines: lines.remove(row_of(lines, "m1")), facet="camera.")
    assert {one.id for one in BOARD} - {one.id for one in found.board} == {"m1"}


def test_where_units_came_since_the_export_a_missing_row_is_a_conflict() -> None:
    data = written("csv-units")
    grown = BOARD.model_copy(update={"items": (*BOARD, unit("new", "camera.scale", BOARD.shots[0].span, label="LS"))})
    found = imported(data, grown)
    assert found.board["new"].label == "LS"
    assert [conflict.unit for conflict in found.conflicts] == ["new"]


def test_damage_by_a_spreadsheet_is_no_change() -> None:
    """Columns in another order, semicolons, decimal commas, another encoding, times for labels, lost line ends."""
    lines = table(written("csv-units"))
    row_of(lines, "d0")["label"] = "16:09:00"
    for line in lines:
        line["text"] = line["text"].replace("\r\n", "\n")
        for column in ("start_s", "end_s", "value", "x", "y", "w", "h"):
            line[column] = line[column].replace(".", ",")
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, sorted(lines[0], reverse=True), delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(sorted(lines, key=lambda line: line["label"]))
    for data in (stream.getvalue().encode("utf-16"), b"sep=;\r\n" + stream.getvalue().encode()):
        found = imported(data)
        assert (found.board, found.same, found.conflicts) == (BOARD, len(BOARD), ())


def test_cells_cut_off_and_digits_lost_are_no_change() -> None:
    """Some spreadsheets leave out empty cells at a row's end, and all keep fifteen digits."""
    exact = unit("q", "aes.tech.blur", BOARD.media.span, value=0.12345678901234567, level="video")
    one = BOARD.model_copy(update={"items": (*BOARD, exact)}).canonical()
    lines = table(written("csv-units", one))
    row_of(lines, "q")["value"] = "0.123456789012346"
    columns = ["id", "mark", "sheet", "facet", "start_s", "end_s", "label", "value", "text"]
    cells = [[line[name] for name in columns] for line in lines]
    short = "\r\n".join(",".join(row).rstrip(",") for row in [columns, *cells])
    found = imported(short.encode() + b"\r\n", one)
    assert (found.board, found.same, found.conflicts) == (one, len(one), ())


DAMAGE = [
    ("diss.aspect", "9:16", "09:16:00"), ("diss.aspect", "16:9", "16:09"), ("diss.aspect", "1.85", "1,85"),
    ("subject.count", "4-5", "5-Apr"), ("subject.count", "4-5", "04.May"), ("subject.count", "6-10", "2026-06-10"),
    ("diss.duration_class", "9-15", "15-Sep"), ("diss.duration_class", "<6", "<6"),
]  # fmt: skip


@pytest.mark.parametrize(("facet", "label", "cell"), DAMAGE)
def test_labels_taken_for_times_and_dates_are_mended(facet: str, label: str, cell: str) -> None:
    assert _mended(cell, vocabulary.facet(facet).labels) == label


@pytest.mark.parametrize("facet", vocabulary.facets(), ids=lambda facet: facet.id)
def test_no_label_is_mended_into_another(facet: Any) -> None:
    for label in facet.labels:
        assert _mended(label + " x", facet.labels) == label + " x"


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("start_s", "soon", "no number"), ("start_s", "1e999", "no number"), ("end_s", "", "no start_s or end_s"),
        ("end_s", "-3", "ends before"), ("label", "", "emptied"), ("level", "sho", "no level"),
        ("x", "0.5", "all of x"), ("start_s", "12. May", "no number"),
    ],
)  # fmt: skip
def test_a_cell_that_makes_no_sense_is_named_with_its_line(column: str, cell: str, why: str) -> None:
    with pytest.raises(SchemaError, match=rf"line \d+: .*{why}"):
        corrected(lambda lines: row_of(lines, "s1").update({column: cell}))


@pytest.mark.parametrize("column", ["id", "facet", "end_s"])
def test_a_sheet_without_a_column_it_needs_is_refused(column: str) -> None:
    with pytest.raises(SchemaError, match="must name the columns"):
        imported(written("csv-units").replace(column.encode() + b",", b"other,", 1))


def test_a_foreign_id_is_a_conflict_and_a_broken_sheet_is_refused() -> None:
    found = corrected(lambda lines: row_of(lines, "z1").update(id="zz"))
    assert "no such unit" in str(found.conflicts[0])
    data = written("csv-units")
    for end in (len(data) // 2, len(data) - 4, data.index(b"He said") + 3):
        with pytest.raises(SchemaError):
            imported(data[:end])


def test_ten_thousand_rows_are_a_stream() -> None:
    """A sheet holds no row back: each is in the file before the next is asked for."""
    stream = io.BytesIO()
    sheet = Sheet(stream)
    sizes = []
    for n in range(3):
        sheet.row([n, "x" * 100])
        sizes.append(len(stream.getvalue()))
    assert sizes == [104, 208, 312]


def test_the_pages_outputs_are_what_its_lines_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("units", "shots", "losslesscut"):
        (tmp_path / f"clip.{name}.csv").write_bytes(written(f"csv-{name}", board(Fraction(30000, 1001))))
    monkeypatch.chdir(tmp_path)
    found = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    assert len(found) == 3
    for code, said in found:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, str(PAGE), "exec"), {})
        assert out.getvalue() == said


SHEET = written("csv-units", board())
NOISE = st.binary(max_size=6) | st.sampled_from([b"9" * 400, b'"', b"-1"])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SHEET)), st.integers(0, 60), NOISE)
def test_no_damage_breaks_more_than_a_named_error(start: int, length: int, other: bytes) -> None:
    try:
        found = imported(SHEET[:start] + other + SHEET[start + length :], board())
    except SestinaError:
        return
    assert found.board.media == board().media
