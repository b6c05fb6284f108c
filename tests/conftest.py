"""Fixtures and rules that every test shares."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a loaded machine is slow, not wrong
settings.load_profile("patient")
ASKED_FOR = {"gpu": "SESTINA_GPU", "network": "SESTINA_NETWORK"}
"""Marks whose tests run only when the environment variable is set."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that need what nobody offered, and say what would run them."""
    for item in items:
        for mark, variable in ASKED_FOR.items():
            if item.get_closest_marker(mark) and not os.environ.get(variable):
                item.add_marker(pytest.mark.skip(reason=f"needs the {mark}: set {variable}=1"))


@pytest.fixture(scope="session")
def clips() -> Path:
    """Folder of real video clips, named by the environment variable SESTINA_CLIPS."""
    folder = os.environ.get("SESTINA_CLIPS")
    if not folder:
        pytest.skip("needs real clips: set SESTINA_CLIPS to a folder of videos")
    path = Path(folder)
    assert path.is_dir(), f"SESTINA_CLIPS names {folder!r}, which is not a folder"
    return path


@pytest.fixture(autouse=True)
def no_error_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test during which something was logged at ERROR or worse."""
    yield
    loud = [record for phase in ("setup", "call") for record in caplog.get_records(phase)]
    lines = [f"{r.name}: {r.getMessage()}" for r in loud if r.levelno >= logging.ERROR]
    if lines:
        pytest.fail("errors were logged:\n" + "\n".join(lines), pytrace=False)
