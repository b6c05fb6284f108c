"""Pair similarity by hand, and the matching against every possible one."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings

from sestina.core import vocabulary
from sestina.core.evidence import Box
from sestina.core.storyboard import Storyboard, Unit
from sestina.objective import matching
from sestina.objective.claims import Claim, from_board
from sestina.objective.matching import closeness, match, place, temporal
from tests.objective.boards import OVERLAY, board, boards, say, shown

SCALE = vocabulary.facet("camera.scale")
KIND = vocabulary.facet(OVERLAY)
LEFT, HALF, RIGHT = (0.0, 0.0, 0.4, 0.5), (0.2, 0.0, 0.4, 0.5), (0.6, 0.0, 0.4, 0.5)


def claim(unit: Unit) -> Claim:
    """Return what the unit says."""
    return from_board(board(unit)).claims[0]


def at(start_s: float, end_s: float) -> Claim:
    """Return a claim at a time."""
    return claim(say("camera.scale", start_s, end_s, "MS"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 4), (0, 4), 1),
        ((0, 4), (2, 6), 2 / 6),
        ((0, 4), (4, 6), 0),
        ((3, 3), (3, 3), 1),
        ((3, 3), (3.2, 3.2), 0.6),  # tau is half a second
        ((3, 3), (3.5, 3.5), 0),
        ((3, 3), (2.9, 3.2), 0.6),  # an instant and a short span: the further of the two ends
        ((3, 3), (0, 4), 0),
    ],
)
def test_shared_time(one: tuple[float, float], other: tuple[float, float], expected: float) -> None:
    assert temporal(at(*one), at(*other), 0.5) == pytest.approx(expected)
    assert temporal(at(*other), at(*one), 0.5) == pytest.approx(expected)


def test_shared_place() -> None:
    assert place(None, None) == place(LEFT, LEFT) == 1
    assert place(LEFT, None) == place(None, LEFT) == 0.5
    assert place(LEFT, HALF) == pytest.approx(1 / 3)
    assert place(LEFT, RIGHT) == 0


def test_what_is_said() -> None:
    one = claim(say("camera.scale", 0, 1, "MS"))
    assert closeness(SCALE, one, claim(say("camera.scale", 0, 1, "MCU"))) == 1 - 1 / 6
    assert closeness(SCALE, one, claim(say("camera.scale", 0, 1, None, text="MS"))) == 0


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("cta_text", "follow for more", 1),
        ("cta_text", "follow for less", (1 + 2 / 3) / 2),
        ("headline_super", "follow for more", 1 / 2),
        ("cta_text", None, 1 / 2),  # it reads, and the other does not say what
        ("headline_super", "nothing alike", 0),
    ],
)
def test_an_overlay_says_what_it_is_and_what_it_reads(kind: str, text: str | None, expected: float) -> None:
    one, other = claim(shown(0, 2, "cta_text", "Follow for more!")), claim(shown(0, 2, kind, text))
    assert closeness(KIND, one, other) == pytest.approx(expected)
    assert closeness(KIND, other, one) == pytest.approx(expected)


def test_text_beside_a_label_counts_on_overlays_only() -> None:
    one, other = say("camera.scale", 0, 1, "MS", text="at the table"), say("camera.scale", 0, 1, "MS")
    assert closeness(SCALE, claim(one), claim(other)) == 1


def test_similarity_is_the_product() -> None:
    one = shown(0, 4, "cta_text", "follow", Box(x=0, y=0, w=0.4, h=0.5))
    other = shown(2, 6, "headline_super", "follow", Box(x=0.2, y=0, w=0.4, h=0.5))
    (pair,) = match(KIND, [claim(one)], [claim(other)])
    assert pair[2:] == pytest.approx((1 / 3 * 1 / 2 * 1 / 3, 1 / 3, 1 / 2, 1 / 3))


def test_the_best_total_is_not_the_best_first() -> None:
    """By hand: greedy takes 0.9 and then nothing; crossing gives 0.8 + 0.7."""
    ours, theirs = [at(0, 10), at(0, 8)], [at(0, 9), at(1, 13)]
    similarity = [[temporal(a, b, 0.5) for b in theirs] for a in ours]
    assert similarity == [pytest.approx([9 / 10, 9 / 13]), pytest.approx([8 / 9, 7 / 13])]
    pairs = match(SCALE, ours, theirs)
    assert sum(pair.similarity for pair in pairs) == pytest.approx(9 / 13 + 8 / 9)


def brute_force(ours: list[Claim], theirs: list[Claim]) -> float:
    """Return the largest total over all one-to-one matchings."""
    if len(ours) > len(theirs):
        ours, theirs = theirs, ours

    def similarity(one: Claim, other: Claim) -> float:
        return temporal(one, other, 0.5) * closeness(SCALE, one, other) * place(one.box, other.box)

    return max(
        sum(similarity(one, other) for one, other in zip(ours, picked, strict=True))
        for picked in permutations(theirs, len(ours))
    )


@given(boards(5, "camera.scale"), boards(5, "camera.scale"))
def test_equals_brute_force(one: Storyboard, other: Storyboard) -> None:
    ours, theirs = list(from_board(one).claims), list(from_board(other).claims)
    total = sum(pair.similarity for pair in match(SCALE, ours, theirs))
    assert total == pytest.approx(brute_force(ours, theirs))


@settings(max_examples=30)
@given(boards(12, "camera.scale"), boards(12, "camera.scale"))
def test_arrays_and_plain_python_agree(one: Storyboard, other: Storyboard) -> None:
    ours, theirs = from_board(one).claims, from_board(other).claims
    if ours and theirs:
        shares = matching._shared_time(ours, theirs, 0.5).tolist()
        assert shares == [pytest.approx([temporal(left, right, 0.5) for right in theirs]) for left in ours]
