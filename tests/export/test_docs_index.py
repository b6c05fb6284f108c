"""The page of formats says what the registry says: every format once, its file, whether it comes back, and its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sestina.core.registry import exporters, readers

FOLDER = Path(__file__).parents[2] / "docs" / "exports"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| \[`([\w-]+)`\]\((\w+\.md)\) \| (?:`(\.\S+)`|folder) \| .+ \| (yes|no) \|$", re.MULTILINE)
ROWS = {name: (page, suffix, back == "yes") for name, page, suffix, back in ROW.findall(PAGE)}


def test_every_format_has_one_row() -> None:
    assert sorted(found[0] for found in ROW.findall(PAGE)) == list(exporters.names())


@pytest.mark.parametrize("name", exporters.names())
def test_a_row_is_true(name: str) -> None:
    _, suffix, back = ROWS[name]
    assert suffix == exporters.get(name).suffix
    assert back == (name in readers())


@pytest.mark.parametrize("name", exporters.names())
def test_its_page_shows_how_it_is_written(name: str) -> None:
    text = (FOLDER / ROWS[name][0]).read_text(encoding="utf-8")
    assert f"--to {name}" in text or f"`{name}`" in text


def test_every_page_is_linked() -> None:
    pages = {path.name for path in FOLDER.glob("*.md")} - {"README.md"}
    assert pages == {page for page, _, _ in ROWS.values()}


def test_formats_that_take_many_are_told() -> None:
    (told,) = re.findall(r"stops no other; (.+?) take them all together", PAGE, re.DOTALL)
    groups = {"the features": "features-", "what is for training": ("hf", "webdataset", "jsonl-")}
    named = set(re.findall(r"`([\w-]+)`", told))
    prefixes = tuple(found for words, ends in groups.items() if words in told.replace("\n", " ")
                     for found in ([ends] if isinstance(ends, str) else ends))  # fmt: skip
    assert {name for name in exporters.names() if name in named or name.startswith(prefixes)} == {
        entry.name for entry in exporters if entry.many
    }
