"""Void backdrops, and pictures of written text."""

from __future__ import annotations

import pytest

from sestina.core.evidence import Box, Region
from sestina.core.registry import parsers
from sestina.core.storyboard import ScreenText
from sestina.core.time import Span
from sestina.dimensions.subject.graphics import union_area
from sestina.pipeline.parse import parse, reading_of
from tests.dimensions.filmed import flat, labels, measured, one, parsed, shots, still, texture
from tests.signals.test_saliency import blob


def test_a_thing_before_a_plain_backdrop() -> None:
    units = parsed(still(blob(0.5, 0.5, 30)), ["subject.location"], ["colour", "saliency"])
    assert labels(units, "subject.location") == ["void_backdrop"]


def test_a_busy_backdrop_and_a_plain_picture_are_left_open() -> None:
    for picture in (texture(), flat((120, 120, 120))):
        units = parsed(still(picture), ["subject.location"], ["colour", "saliency"])
        assert one(units, "subject.location").status == "abstain"


def test_the_time_of_day_is_not_guessed() -> None:
    units = parsed(still(flat((10, 10, 30))), ["subject.location"], ["colour", "saliency"])
    unit = one(units, "subject.time_of_day")
    assert unit.status == "abstain"
    assert unit.level == "scene"


@pytest.mark.parametrize(("height", "label"), [(0.8, "text_graphic"), (0.1, None)])
def test_text_that_fills_the_picture_is_its_subject(height: float, label: str | None) -> None:
    found = measured(still(flat((250, 250, 250))), [])
    region = Region(box=Box.of(0.1, 0.1, 0.8, height))
    found.screen.append(ScreenText(id="t1", text="SALE", span=Span.of(0, 1), region=region, confidence=0.9))
    found.engines["ocr"] = "scripted"
    given = shots(reading_of(found))
    units = parse(found, [parsers.get("subject.graphics")], given)[len(given) :]
    assert [unit.label for unit in units] == ([label] if label else [])


def test_area_of_boxes_that_overlap() -> None:
    assert union_area([]) == 0
    assert union_area([Box.of(0, 0, 0.5, 1)]) == pytest.approx(0.5)
    assert union_area([Box.of(0, 0, 0.5, 1), Box.of(0.25, 0, 0.5, 1)]) == pytest.approx(0.75)
