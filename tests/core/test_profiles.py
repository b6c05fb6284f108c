"""Platform profiles: found by name, and what their numbers must satisfy."""

from __future__ import annotations

from collections import Counter

import pytest

from sestina.core.errors import UnknownComponent
from sestina.core.evidence import Box
from sestina.core.profiles import profile, profiles


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("tiktok", "tiktok_infeed"), ("TikTok", "tiktok_infeed"), ("tiktok-infeed", "tiktok_infeed"),
        ("instagram", "reels"), ("youtube", "youtube_16x9_cards"), ("youtube-shorts", "shorts"),
        ("broadcast", "broadcast_title_safe_90"), ("feed", "feed_4x5"), (" reels ", "reels"),
    ],
)  # fmt: skip
def test_a_profile_is_found_by_id_and_alias(name: str, found: str) -> None:
    assert profile(name).id == found


def test_an_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(UnknownComponent, match="'tictok'") as stopped:
        profile("tictok")
    assert "tiktok" in stopped.value.hint


def test_no_name_means_two_profiles() -> None:
    names = Counter(name for item in profiles() for name in {item.id, *item.aliases})
    assert [name for name, count in names.items() if count > 1] == []
    assert all(name == name.casefold().replace("-", "_") for name in names)


@pytest.mark.parametrize("item", profiles(), ids=lambda item: item.id)
def test_numbers_are_ordered_and_sourced(item: object) -> None:
    found = profile(str(getattr(item, "id", "")))
    for limit in (found.length_s, found.loudness_lufs, found.rate_fps, found.side_px):
        assert limit is None or limit.min < limit.max
    assert found.source
    assert found.limits, "say where the limits of the file come from"


def test_covered_is_the_share_under_furniture() -> None:
    """The caption block of the in-feed profile covers all below 0.80: half of a box from 0.75 to 0.85."""
    tiktok = profile("tiktok")
    assert tiktok.covered(Box(x=0.1, y=0.5, w=0.5, h=0.1)) == 0
    assert tiktok.covered(Box(x=0.1, y=0.85, w=0.5, h=0.1)) == 1
    assert tiktok.covered(Box(x=0.1, y=0.75, w=0.5, h=0.1)) == pytest.approx(0.5, abs=1 / 64)
