"""Label distance: hand-computed examples, and the algebra every type promises."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent
from sestina.core.facet import Facet
from sestina.objective.distance import (
    bool_distance,
    distance,
    nom_distance,
    num_distance,
    ord_distance,
    set_distance,
    text_distance,
    tokens,
    tree_distance,
)

SCALE = vocabulary.facet("camera.scale")
MOVEMENT = vocabulary.facet("camera.movement")
PLACE = vocabulary.facet("subject.location")
LENGTH = vocabulary.facet("edit.pacing.mean_shot_length")
CONFUSED = Facet(
    id="camera.toy", dimension="camera", levels=("shot",), type="nom", labels=("pan", "truck", "zoom"),
    evidence="A toy.", source="S", confusion={"pan": {"truck": 0.25}},
)  # fmt: skip
METRIC = [facet for facet in vocabulary.facets() if facet.type in ("ord", "tree", "nom", "bool")]

numbers = st.floats(-1e6, 1e6)
texts = st.text(alphabet="ab c.,!日本🙂-'É", max_size=12)
kinds = st.sets(st.sampled_from(PLACE.labels), max_size=5)


# --- ord -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("CU", "CU", 0), ("CU", "ECU", 1 / 6), ("MS", "CU", 2 / 6), ("ELS", "ECU", 1)],
)
def test_ord_is_the_difference_in_rank_over_ranks_less_one(a: str, b: str, expected: float) -> None:
    assert ord_distance(SCALE, a, b) == pytest.approx(expected)


def test_a_label_off_the_scale_is_far_from_every_other() -> None:
    assert ord_distance(SCALE, "insert", "ECU") == 1
    assert ord_distance(SCALE, "insert", "graphic") == 1
    assert ord_distance(SCALE, "insert", "insert") == 0


# --- tree ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("pan_left", "pan_left", 0),
        ("pan_left", "truck_left", 1 / 2),  # siblings: ancestor at depth 1 of 2
        ("pan_left", "lateral_left", 1 / 2),  # child and parent
        ("pan_left", "pan_right", 1),  # no common ancestor
        ("lateral_left", "inward", 1),
    ],
)
def test_tree_of_movements(a: str, b: str, expected: float) -> None:
    assert tree_distance(MOVEMENT, a, b) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("home.kitchen", "home.living", 1 - 2 / 3),  # home is at depth 2 of 3
        ("home.kitchen", "office", 1 - 1 / 3),  # interior is at depth 1
        ("home.kitchen", "home", 1 - 2 / 3),
        ("home.kitchen", "interior", 1 - 1 / 3),
        ("office", "shop", 1 / 2),
        ("home.kitchen", "street", 1),
    ],
)
def test_tree_of_places_of_unequal_depth(a: str, b: str, expected: float) -> None:
    assert tree_distance(PLACE, a, b) == pytest.approx(expected)


# --- nom, bool, num --------------------------------------------------------------------------------------------


def test_nom_is_0_or_1_or_the_declared_confusion() -> None:
    assert nom_distance(CONFUSED, "pan", "zoom") == 1
    assert nom_distance(CONFUSED, "pan", "truck") == nom_distance(CONFUSED, "truck", "pan") == 0.25
    assert nom_distance(CONFUSED, "pan", "pan") == 0


def test_bool_takes_labels_booleans_and_numbers() -> None:
    assert bool_distance("true", True) == bool_distance(1.0, "true") == bool_distance(0, False) == 0
    assert bool_distance("true", "false") == bool_distance(True, 0.0) == 1
    assert distance("camera.motion_blur", "true", "false") == 1


@pytest.mark.parametrize(("a", "b", "expected"), [(2, 2, 0), (2, 3.5, 0.5), (2, 5, 1), (2, 50, 1)])
def test_num_is_the_difference_over_the_declared_scale(a: float, b: float, expected: float) -> None:
    assert LENGTH.scale == 3
    assert distance(LENGTH, a, b) == expected


def test_num_wants_numbers() -> None:
    with pytest.raises(ValueError, match="two numbers"):
        num_distance(math.nan, 1, 1)
    with pytest.raises(ValueError, match="positive scale"):
        num_distance(1, 2, 0)
    with pytest.raises(TypeError, match="fast"):
        distance(LENGTH, "fast", 2)


# --- text ------------------------------------------------------------------------------------------------------


def test_tokens_are_words_symbols_and_ideographs() -> None:
    assert tokens("Hello, WORLD - it's 5€ 今天🙂") == ["hello", "world", "it", "s", "5", "€", "今", "天", "🙂"]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Stop scrolling!", "stop SCROLLING", 0),
        ("stop scrolling", "stop it now", 1 - 2 * 1 / 5),
        ("a a b", "a b b", 1 - 2 * 2 / 6),  # repetition counts
        ("#ad", "ad", 0),
        ("今天好", "今天", 1 - 2 * 2 / 5),
        ("one", "two", 1),
        ("one", "", 1),
        ("", "", 0),
        ("!!", "??", 1),  # nothing but punctuation: equal or not
    ],
)
def test_text_is_one_minus_token_f1(a: str, b: str, expected: float) -> None:
    assert text_distance(a, b) == pytest.approx(expected)


def by_length(texts: Sequence[str]) -> NDArray[np.floating]:
    """Put a text at an angle of 10 degrees per letter; the empty text at the origin."""
    angles = np.radians([10.0 * len(text) for text in texts])
    alive = np.array([[bool(text)] for text in texts])
    directions: NDArray[np.float64] = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.where(alive, directions, 0.0)


def test_an_embedding_distance_can_be_plugged_in() -> None:
    assert text_distance("abc", "xyz", embed=by_length) == pytest.approx(0, abs=1e-12)
    assert text_distance("abc", "a" * 9, embed=by_length) == pytest.approx(1 - math.cos(math.radians(60)))
    assert text_distance("a", "a" * 15, embed=by_length) == 1  # beyond a right angle
    assert text_distance("a", "", embed=by_length) == 1
    assert distance("narr.claim", "abc", "xyz", embed=by_length) == pytest.approx(0, abs=1e-12)


def test_an_embedding_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(3, 2\)"):
        text_distance("a", "b", embed=lambda texts: np.ones((3, 2)))


# --- sets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"group"}, {"group"}, 0),
        ({"group", "master"}, {"group"}, 1 - 2 / 3),
        ({"group", "master"}, {"group", "reaction"}, 1 / 2),
        ({"group"}, {"reaction"}, 1),
        (set(), {"group"}, 1),
        (set(), set(), 0),
    ],
)
def test_sets_of_plain_labels_have_the_dice_distance(a: set[str], b: set[str], expected: float) -> None:
    assert distance("camera.framing", frozenset(a), frozenset(b)) == pytest.approx(expected)


def test_sets_give_credit_for_near_labels_one_to_one() -> None:
    # pan_left and lateral_left are half alike; tilt_up finds no partner: 2 * 0.5 / 3 of agreement.
    assert distance(MOVEMENT, {"pan_left", "tilt_up"}, {"lateral_left"}) == pytest.approx(1 - 1 / 3)
    # A greedy match would pair truck_left (0.5) twice; one to one it is 1 + 0.
    assert distance(MOVEMENT, ["pan_left", "truck_left"], ("pan_left", "inward")) == pytest.approx(1 / 2)


def test_a_single_label_beside_a_set_is_a_set_of_one() -> None:
    assert distance(MOVEMENT, "pan_left", {"pan_left"}) == 0
    assert distance(MOVEMENT, "pan_left", "truck_left") == 0.5


def test_a_repeated_element_counts_once() -> None:
    assert distance("camera.framing", ["group", "group"], ["group"]) == 0


# --- dispatch --------------------------------------------------------------------------------------------------


def test_an_unknown_label_is_far_from_all_but_itself() -> None:
    for facet in (SCALE, MOVEMENT, CONFUSED):
        assert distance(facet, "nonsense", facet.labels[0]) == 1
        assert distance(facet, "nonsense", "nonsense") == 0


def test_an_unknown_facet_is_an_error() -> None:
    with pytest.raises(UnknownComponent):
        distance("camera.scales", "CU", "CU")


# --- algebra ---------------------------------------------------------------------------------------------------


@given(st.data())
def test_labels_have_a_metric(data: st.DataObject) -> None:
    """Every ord, tree, nom and bool facet: range, identity, symmetry, triangle."""
    facet = data.draw(st.sampled_from(METRIC))
    a, b, c = (data.draw(st.sampled_from(facet.labels)) for _ in range(3))
    ab = distance(facet, a, b)
    assert 0 <= ab <= 1
    assert (ab == 0) == (a == b)
    assert ab == distance(facet, b, a)
    assert ab <= distance(facet, a, c) + distance(facet, c, b) + 1e-12


@given(numbers, numbers, numbers, st.floats(1e-3, 1e3))
def test_num_is_a_metric(a: float, b: float, c: float, scale: float) -> None:
    ab = num_distance(a, b, scale)
    assert 0 <= ab <= 1
    assert num_distance(a, a, scale) == 0
    assert ab == num_distance(b, a, scale)
    assert ab <= num_distance(a, c, scale) + num_distance(c, b, scale) + 1e-9


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("#ffffff", "#FFFFFF", 0.0),
        ("#ffffff", "#f7fbfa", math.dist((0, 0, 0), (8, 4, 5)) / 128),
        ("#000000", "#400000", 0.5),
        ("#000000", "#ffffff", 1.0),
        ("#000000", "black", 1.0),
    ],
)
def test_hex_triplets_are_compared_as_colours(a: str, b: str, expected: float) -> None:
    assert text_distance(a, b) == pytest.approx(expected)
    assert distance("diss.overlay.colour", a, b) == pytest.approx(expected)


@given(texts, texts)
def test_text_is_symmetric_zero_on_identity_and_in_range(a: str, b: str) -> None:
    for embed in (None, by_length):
        ab = text_distance(a, b, embed=embed)
        assert 0 <= ab <= 1
        assert text_distance(a, a, embed=embed) == 0
        assert ab == pytest.approx(text_distance(b, a, embed=embed))


@given(kinds, kinds)
def test_sets_are_symmetric_zero_on_identity_and_in_range(a: set[str], b: set[str]) -> None:
    def element(one: object, other: object) -> float:
        return distance(PLACE, str(one), str(other))

    ab = set_distance(a, b, element)
    assert 0 <= ab <= 1
    assert set_distance(a, a, element) == 0
    assert ab == pytest.approx(set_distance(b, a, element))
    assert (ab == 1) or (a and b) or (a == b)
