"""Safe areas: how far a platform's own furniture covers what is written on the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence, RegionEvidence
from sestina.core.profiles import Profile, fitting, profiles
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.dissemination._overlays import Overlay, overlays_of

TRUST = 0.6
"""How far published safe areas are trusted: they differ between sources by about a tenth of the frame."""


@parsers.register(
    "dissemination.safe_area",
    card=Card(
        summary="Share of every overlay that lies under each fitting platform's furniture.",
        source="profiles in data files, each with version, source and date",
        deviations="the furniture of a platform is disputed and changes; confidence is capped for that",
    ),
    facets=("diss.safe_area", "diss.safe_area.share_covered", "diss.safe_area.profile"),
    optional=("ocr",),
    derives=tuple(f"safe_area.{profile.id}" for profile in profiles()),
    kind="rule",
)
class SafeArea:
    """Yields, for every overlay text and fitting profile, how much of it is covered."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield one track a profile and one unit an overlay and profile."""
        overlays = [overlay for overlay in overlays_of(reading) if overlay.first.locked is not False]
        if not overlays:
            return
        times = np.asarray([overlay.events_s[0] for overlay in overlays])
        covered: dict[Profile, list[float]] = {}
        for profile in fitting(reading.media):
            covered[profile] = [profile.covered(overlay.first.region.box) for overlay in overlays]
            values = np.asarray(covered[profile])
            yield Track(name=f"safe_area.{profile.id}", unit="share", times_s=times, values=values, kind="event")
        for i, overlay in enumerate(overlays):
            for profile, shares in covered.items():
                yield from _units(reading, overlay, profile, shares[i])
            if covered:
                yield from _worst(reading, overlay, {profile: shares[i] for profile, shares in covered.items()})


def _worst(reading: Reading, overlay: Overlay, shares: dict[Profile, float]) -> Iterator[Unit]:
    """Yield the profile that covers most of an overlay, where one covers any."""
    profile = max(shares, key=lambda p: (shares[p], p.id))
    if shares[profile] >= reading.threshold("diss.safe_area", "touches_min"):
        measured = reading.measured(f"safe_area.{profile.id}", Span.at(overlay.events_s[0]), "first")
        yield reading.unit(
            "diss.safe_area.profile", label=profile.id, span=overlay.span, region=overlay.first.region,
            confidence=TRUST, evidence=[measured],
        )  # fmt: skip


def _units(reading: Reading, overlay: Overlay, profile: Profile, share: float) -> Iterator[Unit]:
    touches, occluded = (reading.threshold("diss.safe_area", name) for name in ("touches_min", "occluded_min"))
    label = "clear" if share < touches else "touches" if share < occluded else "occluded"
    measured = reading.measured(f"safe_area.{profile.id}", Span.at(overlay.events_s[0]), reduce="first")
    box = overlay.first.region.box
    evidence: list[Evidence] = [
        measured, RegionEvidence(box=box, at_s=overlay.span.start_s, note=f"{profile.id} {profile.version}"),
        reading.ocr(overlay.first),
    ]  # fmt: skip
    facts = {"profile": profile.id, "version": profile.version, "date": profile.date, "note": profile.note}
    yield reading.unit(
        "diss.safe_area", label=label, text=profile.id, span=overlay.span, region=overlay.first.region,
        confidence=TRUST, evidence=evidence, attributes=facts,
    )  # fmt: skip
    if label == "clear":
        return
    yield reading.unit(
        "diss.safe_area.share_covered", value=measured.value, text=profile.id, span=overlay.span,
        region=overlay.first.region, confidence=TRUST, evidence=evidence,
    )  # fmt: skip
