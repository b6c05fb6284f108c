"""One scene, analyzed once for every test that only reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sestina.pipeline.analyze import Analysis, measure
from tests.pipeline.scenes import write_scene

ONLY = ("editing.shots", "camera.movement", "narrative.tension")


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a clip with one hard cut."""
    return write_scene(tmp_path_factory.mktemp("scene") / "scene.mp4")


@pytest.fixture(scope="session")
def analysis(scene: Path) -> Analysis:
    """Return the scene's shots, movement and tension with their numbers."""
    return measure(scene, only=ONLY)
