"""`sestina models`: what is usable here, small checkpoints, and weights that are fetched only after a yes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sestina.core.registry import embedders, models
from tests.apps.shell import Ran, run
from tests.models.conftest import lacking
from tests.models.hub import hub_serving

Shell = Callable[..., Ran]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return lambda *words: run(capsys, monkeypatch, *words)


def test_every_model_and_embedder_is_listed_with_what_it_needs(shell: Shell) -> None:
    rows = json.loads(shell("models", "--json").out)
    assert {row["name"] for row in rows} == {*models.names(), *embedders.names()}
    for row in rows:
        assert row["usable"] == (row["state"] == "ready")
        assert row["usable"] or "pip install 'sestina[" in row["state"]
    assert "http" in shell("models").out


def test_doctor_says_the_same(shell: Shell) -> None:
    found = json.loads(shell("doctor", "--json").out)["models"]
    assert found == {row["name"]: row["state"] for row in json.loads(shell("models", "--json").out)}


def test_a_folder_that_is_not_empty_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    ran = shell("models", "tiny", "plm", "-o", tmp_path)
    assert ran.code == 2
    assert "is not empty" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_tiny_saves_what_loads_like_the_real_one(shell: Shell, tmp_path: Path) -> None:
    if lacking():
        ran = shell("models", "tiny", "plm", "-o", tmp_path / "plm")
        assert ran.code == 2
        assert "sestina[local]" in ran.err
        return
    assert shell("models", "tiny", "plm", "-o", tmp_path / "plm").code == 0
    assert shell("models", "tiny", "cat", "-o", tmp_path / "cat").code == 2
    names = {path.name for path in (tmp_path / "plm").iterdir()}
    assert {"config.json", "model.safetensors", "processor_config.json", "tokenizer.json"} <= names


def test_fetching_says_size_and_licence_and_asks(tmp_path: Path) -> None:
    """Against a hub of our own: without a yes nothing is fetched, with one every file is there."""
    pytest.importorskip("huggingface_hub")
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"x" * 30_000_000)
    with hub_serving(model, "somebody/tiny-plm", licence="noncommercial") as address:
        places = {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_XET": "1"}

        def sestina(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-c", "from sestina.apps.cli import main; main()", *words]
            return subprocess.run(
                command, input=said, capture_output=True, text=True, check=False, env={**os.environ, **places}
            )

        refused = sestina("models", "fetch", "somebody/tiny-plm", said="n\n")
        assert refused.returncode == 1, refused.stderr
        assert "licence: noncommercial" in refused.stderr
        assert "0.03 GB in 2 files" in refused.stderr
        assert not list((tmp_path / "home").rglob("*.safetensors"))
        fetched = sestina("models", "fetch", "somebody/tiny-plm", "--yes")
        assert fetched.returncode == 0, fetched.stderr
        assert (Path(fetched.stdout.strip()) / "model.safetensors").stat().st_size == 30_000_000
        unknown = sestina("models", "fetch", "somebody/else", "--yes")
        assert unknown.returncode == 2
        assert "the hub says nothing of 'somebody/else'" in unknown.stderr
