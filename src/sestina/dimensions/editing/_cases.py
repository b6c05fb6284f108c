"""Small tools the editing parsers share: event tracks, and units whose conditions each have their own span."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sestina.core.confidence import UNDECIDED
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit

SAME_SCENE = ("jump_cut", "punch_in", "punch_out")
"""Transitions that by their own definition stay in one setup."""


@dataclass(frozen=True)
class Case:
    """One condition of a rule and the time it is measured over."""

    limit: Limit
    span: Span


def events(name: str, unit: str, times_s: Sequence[float], values: Sequence[float]) -> Track:
    """Return an event track of `values` at `times_s`."""
    return Track(
        name=name, unit=unit, kind="event",
        times_s=np.array(times_s, np.float64), values=np.array(values, np.float64),
    )  # fmt: skip


def stated(
    reading: Reading,
    facet: str,
    label: str,
    span: Span,
    cases: Sequence[Case],
    *,
    at_most: float,
    also: Sequence[Evidence] = (),
    attributes: dict[str, object] | None = None,
) -> Unit | None:
    """Return the unit whose conditions all hold clearly, as sure as the weakest and at most `at_most`; else None.

    `also` is further evidence. A signal that was not measured fails its condition.
    """
    sure = at_most
    evidence: list[Evidence] = []
    for case in cases:
        known = case.limit.signal in reading.tracks
        truth = case.limit.truth(reading, case.span) if known else math.nan
        shown = case.limit.evidence(reading, case.span) if known else []
        if not truth >= UNDECIDED or not shown:
            return None
        sure = min(sure, truth)
        evidence += shown
    return reading.unit(
        facet, label=label, span=span, confidence=sure, evidence=[*evidence, *also], attributes=attributes
    )


def joins(reading: Reading) -> list[Unit | None]:
    """Return the boundary at which each shot begins, [N]; None for the first shot, and where none is known."""
    found: list[Unit | None] = []
    for shot in reading.shots:
        time = shot.span.start_s
        at = [b for b in reading.boundaries if b.span.start_s <= time <= b.span.end_s and b.status != "abstain"]
        found.append(at[0] if at and time > reading.span.start_s else None)
    return found


def around(reading: Reading, span: Span, side_s: float) -> Span:
    """Return `span` widened by `side_s` seconds on each side, inside the video."""
    return Span.of(span.start_s - side_s, span.end_s + side_s).clipped(reading.span)
