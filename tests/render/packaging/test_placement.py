"""Places: overlays keep clear of what a platform lays over the picture."""

from __future__ import annotations

from typing import get_args

import pytest

from sestina.core.errors import UnknownComponent
from sestina.core.evidence import Box
from sestina.core.profiles import profiles
from sestina.render.packaging.placement import place_box, profile_named
from sestina.render.parts.overlay import Place

PLACES = [place for place in get_args(Place) if place]
SHAPES = {"9:16": (360, 640), "4:5": (400, 500), "1:1": (400, 400), "16:9": (640, 360), "4:3": (640, 480)}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("profile", [profile.id for profile in profiles()])
def test_every_place_is_clear_of_furniture(profile: str, place: str) -> None:
    known = profile_named(profile)
    frame = SHAPES[known.aspects[0]]
    left, top = place_box(0.4, 0.08, place, profile, frame)
    assert known.covered(Box.of(left, top, 0.4, 0.08)) == 0
    assert 0 <= left <= 0.6
    assert 0 <= top <= 0.92


@pytest.mark.parametrize("place", PLACES)
def test_places_without_a_profile_are_cells_of_the_grid(place: str) -> None:
    left, top = place_box(0.2, 0.1, place, "", (640, 360))
    row, _, column = place.partition("_") if place != "centre" else ("middle", "", "centre")
    assert ("left", "centre", "right")[min(2, int((left + 0.1) * 3))] == column
    assert ("top", "middle", "bottom")[min(2, int((top + 0.05) * 3))] == row


def test_a_profile_is_for_its_shape() -> None:
    with pytest.raises(ValueError, match=r"tiktok_infeed is for 9:16, the frame is 16:9"):
        place_box(0.2, 0.1, "centre", "tiktok_infeed", (640, 360))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="fits nowhere"):
        place_box(0.99, 0.9, "centre", "tiktok_infeed", (360, 640))


def test_unknown_profiles_name_the_nearest() -> None:
    with pytest.raises(UnknownComponent) as caught:
        profile_named("reel")
    assert "reels" in caught.value.hint
