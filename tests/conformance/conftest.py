"""The engines that components are tried with where there is a choice."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def small_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognise speech with the engine that carries its own model, so that no test needs a download."""
    monkeypatch.setenv("SESTINA_ASR", "pocketsphinx")
