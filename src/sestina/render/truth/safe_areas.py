"""True safety: how far each fitting platform's furniture covers what is written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sestina.core.evidence import Region
from sestina.core.profiles import fitting
from sestina.core.storyboard import Unit
from sestina.core.vocabulary import threshold
from sestina.render.truth.bands import undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.overlays import written

FACET = "diss.safe_area"
FACETS = (FACET, f"{FACET}.share_covered", f"{FACET}.profile")

GRAZE = (0.005, 0.06)
"""Shares covered between which a text may or may not be said to touch."""
NEAR_HALF = 0.08
"""Distance from the share that hides a text within which nothing is decided."""


def units(made: Made) -> Iterator[Unit]:
    """Yield one unit a text and fitting profile, the share where some is covered, and the profile that covers most."""
    for number, placed, span in written(made):
        part = partial(unit, level="overlay", span=span, region=Region(box=placed.region))
        shares = {profile.id: profile.covered(placed.region) for profile in fitting(made.media)}
        for profile, share in shares.items():
            label, name = label_of(share), f"{number}.{profile}"
            if label is None:
                yield undecided(FACET, name, "overlay", span, f"{share:.3f} under {profile}, near a limit")
                continue
            yield part(FACET, number=name, label=label, text=profile)
            if label != "clear":
                yield part(f"{FACET}.share_covered", number=name, value=round(share, 4), unit="share", text=profile)
        most = max(shares, key=lambda profile: (shares[profile], profile), default="")
        if most and shares[most] >= GRAZE[1]:
            yield part(f"{FACET}.profile", number=number, label=most)
        elif most and shares[most] > GRAZE[0]:
            yield undecided(f"{FACET}.profile", number, "overlay", span, f"{shares[most]:.3f} covered, near a limit")


def label_of(share: float) -> str | None:
    """Return the label for a share covered, None near a limit."""
    touches, occluded = threshold(FACET, "touches_min"), threshold(FACET, "occluded_min")
    if GRAZE[0] < share < GRAZE[1] or abs(share - occluded) < NEAR_HALF:
        return None
    return "clear" if share < touches else "touches" if share < occluded else "occluded"
