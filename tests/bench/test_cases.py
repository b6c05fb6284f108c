"""Cases: rendered once, taken from the cache afterwards, made again when damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from sestina.bench.cases import RenderedCase, digest_of
from sestina.bench.machine import source_digest, versions
from sestina.core.invariants import problems


@pytest.mark.slow
def test_a_rendered_clip_is_made_once(tmp_path: Path) -> None:
    case = RenderedCase(genre="tutorial", seed=101)
    clip = case.open(tmp_path)
    assert clip.video is not None
    assert problems(clip.gold) == []
    assert clip.gold.media.sha256.endswith(digest_of(clip.video))
    made = clip.video.stat().st_mtime_ns
    assert case.open(tmp_path).gold == clip.gold
    assert clip.video.stat().st_mtime_ns == made
    clip.video.write_bytes(b"cut short")
    again = case.open(tmp_path)
    assert again.gold.media.sha256 == clip.gold.media.sha256


def test_a_digest_follows_the_source() -> None:
    assert source_digest("objective") == source_digest("objective")
    assert source_digest("objective") != source_digest("tasks")
    assert source_digest("objective", "tasks") not in (source_digest("objective"), source_digest("tasks"))


def test_versions_are_of_what_is_installed() -> None:
    found = versions()
    assert {"numpy", "scipy", "av"} <= set(found)
    assert all(found.values())
