"""`lint`: every rule over one storyboard, worst first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from sestina.core.profiles import Profile
from sestina.core.registry import Registry
from sestina.core.storyboard import Storyboard
from sestina.report.lint.case import Case, Facts
from sestina.report.lint.finding import Finding, Severity


class Rule(Protocol):
    """Looks for one defect. Promise: pure, deterministic, and never silent over what it cannot judge."""

    severity: Severity
    """What its findings weigh."""

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield what was found; nothing when all is well."""


rules: Registry[Any] = Registry("rule", "sestina.report.lint.rules")
"""The rules; further ones come by entry points of this group."""


def lint(board: Storyboard, profile: Profile) -> list[Finding]:
    """Return what every rule finds in `board` for `profile`: worst first, then in order of time."""
    facts = Facts(board)
    found: list[Finding] = []
    for entry in rules:
        rule: Rule = entry.make()
        found += rule(Case(facts=facts, profile=profile, rule=entry.name, severity=rule.severity))
    return sorted(found, key=lambda one: (-one.rank, one.span.start_s, one.rule, one.units, one.message))
