"""The four cards, read off the sample by hand; and what they say when there is nothing to say."""

from __future__ import annotations

from typing import Any

from sestina.core.storyboard import Provenance, Storyboard
from sestina.report.findings import findings
from tests.report.sample import sample_board, sample_media, sample_tracks


def cards(board: Storyboard | None = None) -> dict[str, Any]:
    return findings(sample_board(), sample_tracks()) if board is None else findings(board, {})


def test_hook() -> None:
    card = cards()["hook"]
    assert card["span"] == [0.0, 2.4]
    assert card["tactics"][0]["label"] == "directive"
    assert card["quote"] == "STOP SCROLLING"
    assert [mark["name"] for mark in card["marks"]] == ["text", "sound", "word", "cut"]
    assert {row["name"]: row["value"] for row in card["counts"]}["shots in 3 s"] == 2


def test_cut_rationale() -> None:
    card = cards()["cuts"]
    assert (card["cuts"], card["shots"]) == (4, 5)
    assert card["rationales"][0] | {"units": []} == {"label": "emphasis", "count": 2, "units": []}
    assert [row["label"] for row in card["examples"]] == ["story_information", "emphasis", "rhythm"]
    assert card["examples"][0]["pair"] == [2.36, 2.4]  # the last frame of one shot and the first of the next


def test_the_medium_s_own_ends_are_no_cuts() -> None:
    board = sample_board()
    ends = [
        board.boundaries[0].model_copy(update={"id": name, "label": name, "span": span})
        for name, span in (("start", board.shots[0].span), ("end", board.shots[-1].span))
    ]
    more = board.model_copy(update={"items": (*board.items, *ends)})
    assert findings(more, {})["cuts"]["cuts"] == 4


def test_tension() -> None:
    card = cards()["tension"]
    assert card["peaks"][0]["at"] == 13.1
    assert card["mean"] == 0.51


def test_packaging() -> None:
    card = cards()["packaging"]
    assert card["overlays"] == 5
    assert card["calls"][0]["text"] == "Save this for later"
    assert [(row["label"], row["kind"]) for row in card["issues"]] == [
        ("low_contrast", "readability"), ("touches", "safe area"),
    ]  # fmt: skip
    assert card["boxes"][0]["box"] == [0.1, 0.16, 0.8, 0.09]


def test_a_card_without_a_finding_says_what_is_missing_and_why() -> None:
    notes = ("ocr did not run: left out", "colour of the sky is unknown")
    settings = {"only": ["camera"]}
    empty = Storyboard(media=sample_media(), provenance=Provenance(notes=notes, settings=settings))
    found = cards(empty)
    assert all("missing" in card for card in found.values())
    assert found["hook"]["why"] == ["only camera was asked for", "ocr did not run: left out"]


def test_abstentions_are_reasons() -> None:
    board = sample_board()
    hook = board.units(facet="narr.hook")[0]
    unsure = hook.model_copy(update={"status": "abstain", "label": None, "reason": "two openings compete"})
    found = findings(Storyboard(media=board.media, items=(unsure,)), {})
    assert found["hook"]["why"] == ["Hook: two openings compete"]


def test_every_unit_a_card_rests_on_exists() -> None:
    board = sample_board()
    for card in cards().values():
        assert all(board[unit_id] for unit_id in card["units"])
