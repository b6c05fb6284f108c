"""The timing grid: everything in order, on the video's own frames, as JSON and as a table."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import Any

import pytest

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard, Word
from sestina.core.time import Span
from sestina.export.grid import COLUMNS, KINDS, grid_csv, grid_json
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, RATES, WORDS, board, media, unit


def grid(storyboard: Storyboard, **options: Any) -> dict[str, Any]:
    stream = io.BytesIO()
    grid_json(storyboard, stream, **options)
    found: dict[str, Any] = json.loads(stream.getvalue())
    return found


def rows(storyboard: Storyboard, **options: Any) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in grid(storyboard, **options)["rows"]]


def table(storyboard: Storyboard, **options: Any) -> list[dict[str, str]]:
    stream = io.BytesIO()
    grid_csv(storyboard, stream, **options)
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode(), newline="")))


def beaten(rate: Fraction = Fraction(30)) -> Storyboard:
    """Return the board with a beat of 120 BPM every half second, the tempo, a peak, and edits that are none."""
    whole = board(rate)
    span = whole.media.span
    beats = [unit(f"b{n}", "aes.audio.tempo.beat", Span.at(n / 2), label="beat") for n in range(10)]
    more = [
        unit("tempo", "aes.audio.tempo", span, value=120.0, unit="BPM", level="video"),
        unit("peak", "narr.tension.peak", Span.at(2.0), value=0.8),
        unit("start", "edit.transition", Span.at(0), label="start", level="boundary"),
        unit("none", "narr.tension.peak", Span.at(1.0), status="abstain", confidence=0, reason="?"),
    ]
    return whole.model_copy(update={"items": (*whole.items, *beats, *more)}).canonical()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("vfr", [False, True])
def test_edits_and_story_lie_on_their_frames(rate: Fraction, vfr: bool) -> None:
    found = rows(board(rate, vfr=vfr))
    edits = [(row["label"], row["frame"], row["frames"]) for row in found if row["kind"] == "edit"]
    assert edits == [("hard_cut", CUTS[1], 0), ("cross_dissolve", DISSOLVE[0], DISSOLVE[1] - DISSOLVE[0])]
    story = [(row["label"], row["frame"], row["frames"]) for row in found if row["kind"] == "story"]
    assert story == [("hook", 0, CUTS[1]), ("development", CUTS[1], CUTS[3] - CUTS[1])]


def test_beats_come_in_order_with_the_tempo() -> None:
    found = grid(beaten())
    assert found["tempo"] == [{"bpm": 120.0, "start_s": 0.0, "end_s": 5.0, "unit": "tempo"}]
    times = [row[COLUMNS.index("time_s")] for row in found["rows"]]
    assert times == sorted(times)
    beats = [row["frame"] for row in rows(beaten()) if row["kind"] == "beat"]
    assert beats == [15 * n for n in range(10)]
    (peak,) = [row for row in rows(beaten()) if row["kind"] == "tension"]
    assert (peak["frame"], peak["value"], peak["unit"]) == (60, 0.8, "peak")


def test_words_are_rows_where_they_are_asked_for() -> None:
    assert [row["label"] for row in rows(board(), words=True) if row["kind"] == "word"] == list(WORDS)
    assert [row for row in rows(board()) if row["kind"] == "word"] == []


def test_the_table_says_the_same() -> None:
    said = [{key: "" if value is None else value for key, value in row.items()} for row in rows(beaten(), words=True)]
    read = table(beaten(), words=True)
    assert [row["unit"] for row in read] == [row["unit"] for row in said]
    assert [float(row["time_s"]) for row in read] == [row["time_s"] for row in said]
    assert [int(row["frame"]) for row in read] == [row["frame"] for row in said]


def test_hostile_words_stay_in_their_cell_and_run_nowhere() -> None:
    word = Word(text=HOSTILE, start_s=0.5, end_s=0.6)
    formula = Word(text="=1+1", start_s=0.7, end_s=0.8)
    whole = board()
    storyboard = whole.model_copy(
        update={"transcript": whole.transcript.model_copy(update={"words": (word, formula)})}
    )
    cells = [row["label"] for row in table(storyboard, words=True) if row["kind"] == "word"]
    assert cells == [HOSTILE, "'=1+1"]
    assert [row["label"] for row in rows(storyboard, words=True) if row["kind"] == "word"] == [HOSTILE, "=1+1"]


def test_an_empty_storyboard_has_no_rows() -> None:
    empty = Storyboard(media=media(Fraction(30)))
    assert grid(empty)["rows"] == []
    assert table(empty) == []
    with pytest.raises(SestinaError, match="no pictures"):
        grid(empty.model_copy(update={"media": empty.media.model_copy(update={"video": None})}))


def test_kinds_are_of_the_vocabulary() -> None:
    from sestina.core import vocabulary

    assert [vocabulary.facet(name).id for name in KINDS] == list(KINDS)
