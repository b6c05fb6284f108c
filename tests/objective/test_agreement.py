"""Agreement of two annotators: alpha against a textbook's figure, and documents by hand."""

from __future__ import annotations

import pytest

from sestina.core import vocabulary
from sestina.core.facet import Facet
from sestina.objective.agreement import agreement, alpha
from sestina.objective.score import ScoreConfig
from tests.objective.boards import PLAIN, board, say, silent

NOMINAL = Facet(
    id="camera.toy", dimension="camera", levels=("shot",), type="nom", labels=("0", "1"), evidence="A toy.", source="S"
)
SCALE = vocabulary.facet("camera.scale")


def test_alpha_of_krippendorffs_own_example() -> None:
    """Computing Krippendorff's Alpha-Reliability (2011), section A: ten articles, two observers, alpha 0.095.

    Of twenty values fourteen are 0 and six 1, and four articles differ: 1 - 19 * 4 / (14 * 6).
    """
    pairs = list(zip("0100000010", "1110010000", strict=True))
    assert alpha(NOMINAL, pairs) == pytest.approx(1 - 76 / 84)


def test_alpha_one_and_undefined() -> None:
    assert alpha(NOMINAL, [("0", "0"), ("1", "1")]) == 1
    assert alpha(NOMINAL, [("0", "0"), ("0", "0")]) is None
    assert alpha(NOMINAL, [("0", "1")]) is None


def test_near_misses_are_near() -> None:
    near = alpha(SCALE, [("MS", "MCU"), ("CU", "CU"), ("ELS", "ELS")])
    far = alpha(SCALE, [("MS", "ECU"), ("CU", "CU"), ("ELS", "ELS")])
    assert near is not None
    assert far is not None
    assert near > far


def test_over_documents() -> None:
    """Half of the time the two say the same; units match by label alone."""
    one = board(say("camera.scale", 0, 10, "MS"), say("camera.scale", 10, 20, "CU"))
    other = board(say("camera.scale", 0, 10, "MS"), say("camera.scale", 10, 20, "ECU"))
    found = agreement([(one, other)], PLAIN)
    facet = found.facets["camera.scale"]
    assert found.mean == found.pairs[0] == pytest.approx((1 + 5 / 6) / 2)
    assert (facet.units, facet.samples) == (4, 200)
    assert facet.f1 == pytest.approx(11 / 12)
    assert facet.alpha is not None
    assert 0.5 < facet.alpha < 1


def test_it_does_not_matter_who_abstains() -> None:
    one, other = board(say("camera.scale", 0, 10, "MS")), board(silent("camera.scale", 0, 10))
    assert agreement([(one, other)]).mean == agreement([(other, one)]).mean == 1 / 2


def test_needs_a_pair() -> None:
    with pytest.raises(ValueError, match="at least one pair"):
        agreement([], ScoreConfig())
