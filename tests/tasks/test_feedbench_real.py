"""Gold that people wrote about real clips: complete, consistent, and on the frames' own times."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent
from sestina.core.evidence import Box, FramePairEvidence
from sestina.core.invariants import problems
from sestina.core.storyboard import DIMENSIONS, Storyboard
from sestina.tasks.feedbench import real

NAMES = real.names()
PAGE = Path(__file__).parents[2] / "docs" / "feedbench_real.md"


def times_s(board: Storyboard) -> set[float]:
    """Every time a picture event may have: the frames' own, and the end of the video."""
    table = board.media.frame_table()
    assert table is not None
    return {*table.times_s.tolist(), board.media.span.start_s, board.media.span.end_s}


@pytest.mark.parametrize("name", NAMES)
def test_gold_breaks_no_rule(name: str) -> None:
    assert [str(problem) for problem in problems(real.gold(name))] == []


@pytest.mark.parametrize("name", NAMES)
def test_units_lie_on_frames(name: str) -> None:
    board = real.gold(name)
    allowed = times_s(board)
    off = [unit.id for unit in board if not {unit.span.start_s, unit.span.end_s} <= allowed]
    assert off == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_annotated_was_in_scope(name: str) -> None:
    board = real.gold(name)
    scope = board.provenance.settings["scope"]
    assert len(scope) == len(set(scope))
    for facet in scope:
        vocabulary.facet(facet)
    assert {unit.facet for unit in board} <= set(scope)


@pytest.mark.parametrize("name", NAMES)
def test_every_dimension_and_every_shot_is_described(name: str) -> None:
    board = real.gold(name)
    assert {unit.dimension for unit in board} == set(DIMENSIONS)
    assert board.shots
    for facet in ("camera.scale", "aes.light.brightness", "narr.shot_tension", "subject.kind"):
        told = {unit.span for unit in board.units(facet=facet)}
        assert {shot.span for shot in board.shots} <= told, facet


@pytest.mark.parametrize("name", NAMES)
def test_numbers_lie_in_their_facets_range(name: str) -> None:
    for unit in real.gold(name):
        assert unit.value is None or vocabulary.facet(unit.facet).in_range(unit.value), unit.id


@pytest.mark.parametrize("name", NAMES)
def test_a_cut_cites_the_frames_on_both_sides(name: str) -> None:
    board = real.gold(name)
    table = board.media.frame_table()
    assert table is not None
    neighbours = set(pairwise(table.times_s.tolist()))
    for unit in board.boundaries:
        if unit.label in ("start", "end"):
            continue
        assert isinstance(pair := unit.evidence[0], FramePairEvidence)
        if unit.span.is_instant:
            assert pair.at_s in neighbours, unit.id
            assert pair.at_s[1] == unit.span.start_s


@pytest.mark.parametrize("name", NAMES)
def test_reasons_are_given_for_edits_only(name: str) -> None:
    board = real.gold(name)
    edits = {unit.span for unit in board.boundaries}
    assert {unit.span for unit in board if unit.level == "boundary"} <= edits


@pytest.mark.parametrize("name", NAMES)
def test_the_clip_can_be_fetched_and_recognised(name: str) -> None:
    origin, media = real.origin(name), real.gold(name).media
    assert origin.sha256 == media.sha256
    assert origin.url == f"https://raw.githubusercontent.com/{origin.repository}/{origin.commit}/{origin.path}"
    assert len(origin.commit) == 40
    assert media.path == real.gold(name).provenance.settings["clip"]


@pytest.mark.parametrize("name", NAMES)
def test_gold_survives_json(name: str) -> None:
    board = real.gold(name)
    assert Storyboard.from_json(board.to_json()) == board


def test_the_split_is_large_enough() -> None:
    assert len(NAMES) >= 12


def test_lettering_is_on_screen_when_it_is_said_to_be() -> None:
    """One overlay of the split, spelled out: its words, its place, its evidence and the cell it lies in."""
    board = real.gold("moviepy__big_buck_bunny_0_30")
    title = next(unit for unit in board.units(facet="diss.overlay.kind") if unit.text and "PEACH" in unit.text)
    assert title.region is not None
    assert title.evidence[-1].type == "ocr"
    assert title.text in [text.text for text in board.transcript.screen]
    cell = next(unit for unit in board.units(facet="diss.overlay.position") if unit.region == title.region)
    assert cell.label == real.position(title.region.box)


@pytest.mark.parametrize(
    ("box", "cell"),
    [
        (Box(x=0.0, y=0.0, w=0.2, h=0.2), "top_left"),
        (Box(x=0.4, y=0.45, w=0.2, h=0.1), "centre"),
        (Box(x=0.4, y=0.8, w=0.2, h=0.2), "bottom_centre"),
        (Box(x=0.7, y=0.4, w=0.3, h=0.2), "middle_right"),
        (Box(x=1.0, y=1.0, w=0.0, h=0.0), "bottom_right"),
    ],
)
def test_an_overlay_lies_in_the_cell_of_its_middle(box: Box, cell: str) -> None:
    assert real.position(box) == cell


def test_an_unknown_clip_names_the_nearest() -> None:
    with pytest.raises(UnknownComponent) as caught:
        real.gold("LongVA__watr")
    assert "LongVA__water" in caught.value.hint


def test_a_second_reading_agrees_by_the_share_of_units_it_kept() -> None:
    """By hand: nine of twelve units kept are three quarters; who read nothing disagrees with nothing."""
    assert real.SecondRead(date=date(2026, 11, 25), changed=3, kept=9).agreement == 0.75
    assert real.SecondRead(date=date(2026, 11, 25), changed=0, kept=0).agreement == 1.0


@pytest.mark.parametrize("name", NAMES)
def test_a_second_reading_accounts_for_no_more_units_than_there_are(name: str) -> None:
    """Kept units are in the gold still. What follows by rule from other lines was not read."""
    board, second = real.gold(name), real.second_read(name)
    assert (second is not None) == (board.provenance.settings["reads"] > 1)
    if second is not None:
        by_rule = {*real.LIMITS, *real.USUAL.values()}
        read = [unit for unit in board if unit.facet != "diss.overlay.position" and unit.label not in by_rule]
        assert second.kept <= len(read) <= second.kept + second.changed


@pytest.mark.parametrize("name", NAMES)
def test_the_page_tells_of_each_clip_what_its_file_says(name: str) -> None:
    """One row a clip in docs/feedbench_real.md: origin, licence, hash, scope and agreement."""
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    origin, board, second = real.origin(name), real.gold(name), real.second_read(name)
    assert cells[1:4] == [f"[{origin.repository}]({origin.url})", origin.licence, f"`{origin.sha256[:12]}`"]
    assert cells[4:6] == [f"{board.media.span.duration_s:.1f}", str(len(board.provenance.settings["scope"]))]
    told = ["", "", "read once"] if second is None else [
        str(second.kept), str(second.changed), f"{second.agreement:.3f}"]  # fmt: skip
    assert cells[6:] == told
