"""Loudness: far from the level at which the platform plays, or with peaks that its coding will clip."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.storyboard import Unit
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

INTEGRATED, PEAK = "aes.audio.loudness.integrated", "aes.audio.loudness.true_peak"
AGAIN = "analyze the video with the parser aesthetics.loudness"


@rules.register(
    "loudness",
    card=Card(
        summary="The integrated loudness lies outside the platform's range.",
        source="`loudness_lufs` of the profile; ITU-R BS.1770-4",
    ),
)
class Loudness:
    """Compares the integrated loudness with the profile's range."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding; a video without sound is `silent_start`'s."""
        if case.board.media.audio is None:
            return
        unit, limit = case.value(INTEGRATED), case.profile.loudness_lufs
        if unit is None or unit.value is None:
            yield case.unjudged("the loudness", AGAIN, INTEGRATED, stages=("loudness",))
        elif not limit.holds(unit.value):
            way = "louder" if unit.value < limit.min else "quieter"
            aim = limit.min if unit.value < limit.min else limit.max
            yield case.finding(
                f"the loudness is {unit.value:.1f} LUFS, {limit.min:g} to {limit.max:g} are asked for",
                f"mix it {abs(unit.value - aim):.1f} LU {way}", unit,
            )  # fmt: skip


@rules.register(
    "loudness-peak",
    card=Card(
        summary="The true peak is so high that lossy coding clips it.",
        source="`true_peak_dbtp_max` of the profile; EBU R 128 (2020), AES TD1008 (2021)",
    ),
)
class Peak:
    """Compares the true peak with the profile's ceiling, and names sudden loud moments."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield the peak, then the moments that startle."""
        if case.board.media.audio is None:
            return
        unit, most = case.value(PEAK), case.profile.true_peak_dbtp_max
        if most is not None and (unit is None or unit.value is None):
            yield case.unjudged("the true peak", AGAIN, PEAK, stages=("loudness",))
        elif most is not None and unit is not None and unit.value is not None and unit.value > most:
            yield case.finding(
                f"the true peak is {unit.value:.1f} dBTP, at most {most:g} are asked for",
                f"limit the peaks to {most:g} dBTP", unit,
            )  # fmt: skip
        for loud in _sudden(case):
            yield case.finding("far louder than the rest", "bring this moment down by some decibels", loud)


def _sudden(case: Case) -> list[Unit]:
    return [unit for unit in case.said("diss.safety.loud_peak") if unit.label == "true"]
