"""The page on lint says what the code does."""

from __future__ import annotations

from sestina.core.profiles import profiles
from sestina.report.lint.finding import SEVERITIES
from sestina.report.lint.lint import rules
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")


def test_the_table_holds_every_rule_as_the_code_has_it() -> None:
    rows = [
        f"| `{entry.name}` | {entry.make.severity} | {entry.card.summary} | {entry.card.source} |" for entry in rules
    ]
    table = PAGE.partition("## Rules")[2].partition("## Profiles")[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == rows


def test_every_severity_and_profile_is_there() -> None:
    names = [*SEVERITIES, *(item.id for item in profiles()), *(name for item in profiles() for name in item.aliases)]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
