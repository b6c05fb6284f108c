"""Small random checkpoints, made once a run; frames of noise; no network."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

Tiny = Callable[[str], Path]
"""Gives the folder of a small random checkpoint by its kind."""


def lacking() -> list[str]:
    """Return the packages that models in this process need and that are not installed."""
    return [name for name in ("torch", "torchvision", "transformers", "timm") if find_spec(name) is None]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Return what makes checkpoints; skips where torch and transformers are not installed."""
    if lacking():
        pytest.skip(f"models in this process need {', '.join(lacking())}: `make local` installs them")
    from sestina.models._tiny import save_tiny

    root = tmp_path_factory.mktemp("tiny")

    @cache
    def made(kind: str) -> Path:
        save_tiny(kind, root / kind)
        return root / kind

    return made
