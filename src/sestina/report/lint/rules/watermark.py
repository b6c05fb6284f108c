"""Watermark: another platform's mark, which platforms show to fewer people."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.report.lint.case import Case, quoted
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

THIRD, KIND = "diss.safety.third_party_watermark", "diss.overlay.kind"
HINT = "post the original, not a download from another platform"


@rules.register(
    "watermark",
    card=Card(
        summary="Another platform's mark stands on the picture.",
        source="own; `diss.safety.third_party_watermark`",
    ),
)
class Watermark:
    """Finds marks of platforms other than the profile's."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding: one mark hops from place to place."""
        home = [unit for unit in case.said("diss.platform") if unit.label == case.profile.platform]
        marks = [unit for unit in case.said(THIRD) if unit.label == "true"]
        marks += [unit for unit in case.said(KIND) if unit.label == "other_platform_watermark"]
        if marks and not home:
            named = next((unit for unit in marks if unit.text), None)
            what = f" {quoted(named)}" if named else ""
            yield case.finding(f"a mark of another platform{what} is seen", HINT, *marks)
        elif not marks and case.board.media.video is not None and not case.examined("ocr", THIRD, KIND):
            again = "analyze the video without skipping ocr"
            yield case.unjudged("whether another platform's mark is seen; no text was read", again, THIRD,
                                stages=("ocr",))  # fmt: skip
