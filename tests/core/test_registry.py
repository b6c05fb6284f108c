"""Registries: a name is found by its file, twice is an error, and what is outside comes by entry points."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sestina.core.card import Card
from sestina.core.errors import DuplicateComponent, UnknownComponent
from sestina.core.registry import Registry

CARD = Card(summary="a test")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    room = tmp_path / "shelf"
    (room / "inner").mkdir(parents=True)
    for folder in (room, room / "inner"):
        (folder / "__init__.py").write_text("")
    (room / "one.py").write_text("LOADED = True\n")
    (room / "inner" / "two.py").write_text("LOADED = True\n")
    (room / "_hidden.py").write_text("raise RuntimeError('helpers are not components')\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "shelf"
    for name in [name for name in sys.modules if name.startswith("shelf")]:
        del sys.modules[name]


def test_a_name_imports_only_its_own_file(package: str) -> None:
    registry: Registry[type] = Registry("thing", package)
    with pytest.raises(UnknownComponent):
        registry.get("one.fast")  # the file is imported, but registers nothing
    assert "shelf.one" in sys.modules
    assert "shelf._hidden" not in sys.modules


def test_components_register_and_list_themselves(package: str) -> None:
    registry: Registry[type] = Registry("thing", package)
    registry.register("outside", card=CARD, version="3")(int)
    assert registry.get("outside").make is int
    assert registry.get("outside").version == "3"
    assert registry.names() == ("outside",)


def test_a_second_claim_to_a_name_is_an_error(package: str) -> None:
    registry: Registry[type] = Registry("thing", package)
    registry.register("a", card=CARD)(int)
    with pytest.raises(DuplicateComponent, match="'a'"):
        registry.register("a", card=CARD)(str)


def test_a_component_carries_its_files_name() -> None:
    registry: Registry[type] = Registry("thing", __name__.rsplit(".", 1)[0])

    class Here:
        """Lives in this test file."""

    with pytest.raises(ValueError, match="test_registry"):
        registry.register("elsewhere", card=CARD)(Here)
    registry.register("test_registry-fast", card=CARD)(Here)


def test_unknown_names_list_the_nearest() -> None:
    registry: Registry[type] = Registry("thing", "nowhere")
    registry.register("luma", card=CARD)(int)
    with pytest.raises(UnknownComponent) as caught:
        registry.get("lumen")
    assert "luma" in caught.value.hint
