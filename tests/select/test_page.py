"""The page of selectors says what their cards say, and which of them look at the question."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from sestina.core.exchange import Budget, Candidates
from sestina.core.registry import selectors

PAGE = (Path(__file__).parents[2] / "docs" / "selection.md").read_text(encoding="utf-8")
ROWS = {row[0]: row[1:] for row in re.findall(r"^\| `([\w-]+)` \| (yes|no) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)}


def test_the_page_has_a_row_for_every_selector() -> None:
    assert set(ROWS) == set(selectors.names())
DIFFERS = dict(re.findall(r"^\* `([\w-]+)`: (.*)$", PAGE, re.MULTILINE))


@pytest.mark.parametrize("name", selectors.names())
def test_a_row_is_the_card_and_tells_whether_the_question_counts(name: str) -> None:
    entry = selectors.get(name)
    asked, summary, source = ROWS[name]
    assert (summary, source) == (entry.card.summary, entry.card.source)
    assert DIFFERS.get(name, "") == entry.card.deviations
    rows = np.eye(40, dtype=np.float32)
    worth = np.linspace(0, 1, 40, dtype=np.float32)
    given = Candidates(times_s=np.arange(40.0), features=rows, score=lambda i: worth[i])
    assert (entry.make(given, Budget(frames=4)).looked > 0) == (asked == "yes")


def test_the_selector_on_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures at 0, 90, 95, 180 and 181 degrees: the fourth differs least from the next, then the second."""
    code = re.search(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert code is not None
    (tmp_path / "steady.py").write_text(code.group(1), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(selectors, "_entries", dict(selectors._entries))
    importlib.import_module("steady")
    angles = np.radians([0.0, 90.0, 95.0, 180.0, 181.0])
    features = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    given = Candidates(times_s=np.arange(5.0), features=features)
    assert selectors.get("steady").make(given, Budget(frames=2)).indices == (1, 3)
