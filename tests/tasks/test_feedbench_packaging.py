"""Packaging, scored by hand."""

from __future__ import annotations

import pytest

from sestina.tasks.feedbench.packaging import Packaging, edit_distance
from tests.tasks.golds import board, full, scored, unit


def test_kinds_texts_calls_and_safe_areas() -> None:
    """Two gold overlays: the first is read with one wrong letter, the second has the wrong kind and no text."""
    said = board(
        unit("diss.overlay.kind", 0, 2, "headline_super", text="Three rabbits", box=(0.1, 0.1, 0.8, 0.2)),
        unit("diss.overlay.kind", 7.5, 10, "handle", box=(0.3, 0.6, 0.4, 0.1)),
        unit("diss.cta.target", 7, 10, "follow"), unit("diss.cta.target", 7, 10, "like"),
        unit("diss.cta.first_at", 0, 10, value=7.5, unit="s"),
        unit("diss.safe_area", 7.5, 10, "occluded", text="reels", box=(0.3, 0.6, 0.4, 0.1)),
    )  # fmt: skip
    score = scored(Packaging, said, full())
    parts = score.parts
    assert parts["kind_f1"] == pytest.approx(1 / 2)
    assert parts["found_f1"] == 1
    # "three habits" (12 letters) to "three rabbits": two edits. "follow" (6) is not read at all.
    assert parts["cer"] == pytest.approx((2 + 6) / 18)
    assert parts["cta_f1"] == pytest.approx(2 / 3)
    assert parts["cta_error_s"] == pytest.approx(0.5)
    assert parts["safe_area"] == pytest.approx(1 / 2)  # one of two ranks away
    assert score.value == pytest.approx((1 / 2 + 10 / 18 + 2 / 3 + 1 / 2) / 4)


def test_an_overlay_elsewhere_is_another_one() -> None:
    gold = board(unit("diss.overlay.kind", 0, 2, "handle", text="@a", box=(0.1, 0.1, 0.2, 0.1)))
    away = board(unit("diss.overlay.kind", 0, 2, "handle", text="@a", box=(0.6, 0.6, 0.2, 0.1)))
    late = board(unit("diss.overlay.kind", 1.5, 3.5, "handle", text="@a", box=(0.1, 0.1, 0.2, 0.1)))
    assert scored(Packaging, away, gold).parts["kind_f1"] == 0
    assert scored(Packaging, late, gold).parts["kind_f1"] == 0


@pytest.mark.parametrize(("one", "two", "edits"), [("kitten", "sitting", 3), ("", "abc", 3), ("same", "same", 0)])
def test_edit_distance(one: str, two: str, edits: int) -> None:
    assert edit_distance(one, two) == edits
