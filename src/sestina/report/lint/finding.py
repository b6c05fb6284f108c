"""One finding of lint: what is wrong, how bad, where, which units say so, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sestina.core.evidence import Box
from sestina.core.time import Span

Severity = Literal["open", "note", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("open", "note", "warning", "error")
"""From the least: `open` means that the storyboard does not hold what the rule needs, so nobody knows."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look at.

    Args:
        rule: id of the rule.
        severity: `error` for what a platform refuses or what may hurt viewers, `warning` for what costs viewers,
            `note` for taste, `open` for what could not be judged.
        message: what was found, with its number.
        hint: what to do about it.
        span: when, seconds of the video.
        units: ids of the units that say so; empty where the file itself does.
        region: where in the picture, or None.
    """

    rule: str
    severity: Severity
    message: str
    hint: str
    span: Span
    units: tuple[str, ...] = ()
    region: Box | None = None

    @property
    def rank(self) -> int:
        """Place of the severity, 0 for the least."""
        return SEVERITIES.index(self.severity)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "span": self.span.model_dump(),
            "region": None if self.region is None else self.region.model_dump(),
            "units": list(self.units),
        }


def at_least(findings: tuple[Finding, ...] | list[Finding], severity: Severity) -> bool:
    """Return whether any finding is of that severity or a higher one."""
    return any(found.rank >= SEVERITIES.index(severity) for found in findings)
