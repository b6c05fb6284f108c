"""From a file to units and back: what is encoded here is what aesthetics, subject and dissemination say of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core.invariants import problems
from sestina.core.storyboard import Storyboard, Unit
from sestina.media.encode import VideoWriter
from sestina.pipeline.analyze import analyze
from sestina.pipeline.verify import verify
from tests.dimensions.filmed import U8, drifting, texture

MINE = (
    "aesthetics.light", "aesthetics.colour", "aesthetics.grade", "aesthetics.composition", "aesthetics.layout",
    "aesthetics.focus", "aesthetics.texture", "aesthetics.technical", "subject.people", "subject.saliency",
    "subject.location", "dissemination.padding", "dissemination.flash", "dissemination.loop", "dissemination.cover",
)  # fmt: skip


def letterboxed(picture: U8) -> U8:
    frame = np.zeros((240, 320, 3), np.uint8)
    frame[30:210] = picture
    return frame


def film() -> list[U8]:
    """Return a warm bright shot and a cool dark one, one second each, both with bars above and below."""
    detail = texture(180, 320, low=140, high=255, cell=7)
    warm = np.clip(detail * np.array((1.0, 0.93, 0.72)), 0, 255).astype(np.uint8)
    cool = np.clip(texture(180, 320, low=20, high=100, seed=3, cell=7) * np.array((0.7, 0.9, 1.3)), 0, 255)
    frames = [*drifting(warm, 30, 1), *drifting(cool.astype(np.uint8), 30, -1)]
    return [letterboxed(frame) for frame in frames]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with VideoWriter(path, width=320, height=240, rate=Fraction(30)) as writer:
        for frame in film():
            writer.add_frame(frame)
    return path


@pytest.fixture(scope="module")
def storyboard(path: Path) -> Storyboard:
    return analyze(path, only=MINE)


def by_shot(storyboard: Storyboard, facet: str) -> list[str | None]:
    units: tuple[Unit, ...] = storyboard.units(facet=facet)
    return [unit.label for unit in units]


def test_two_shots_differ_in_light_and_colour(storyboard: Storyboard) -> None:
    assert len(storyboard.shots) == 2
    assert by_shot(storyboard, "aes.light.brightness") == ["bright", "dark"]
    assert by_shot(storyboard, "aes.color.temperature") == ["warm", "cool"]
    assert by_shot(storyboard, "aes.layout") == ["full_frame", "full_frame"]


def test_the_bars_are_seen_and_left_out(storyboard: Storyboard) -> None:
    assert by_shot(storyboard, "diss.padding") == ["letterbox"]
    assert by_shot(storyboard, "diss.aspect.active") == ["16:9"]
    assert "black" not in by_shot(storyboard, "aes.color.dominant")[:1]


def test_the_document_is_valid_and_all_of_it_can_be_shown_again(storyboard: Storyboard, path: Path) -> None:
    assert problems(storyboard) == []
    report = verify(storyboard, path)
    assert report.failed == ()


def test_real_clips_give_valid_units(clips: Path) -> None:
    """Colours of a black and white film with bars at its sides, as its own look tells."""
    path = clips / "moviepy__chaplin.mp4"
    if not path.is_file():
        pytest.skip(f"needs {path.name} in SESTINA_CLIPS")
    found = analyze(path, only=MINE)
    assert problems(found) == []
    assert by_shot(found, "aes.color.grade") == ["noir_bw"]
    assert by_shot(found, "aes.color.saturation") == ["monochrome"]
    assert by_shot(found, "diss.padding") == ["pillarbox"]
