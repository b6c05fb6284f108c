"""Where overlays lie: a named place of the frame, clear of a platform's furniture when a profile asks for it."""

from __future__ import annotations

from sestina.core.errors import unknown
from sestina.core.evidence import Box
from sestina.core.profiles import Profile, aspect_of, profiles

MARGIN = 0.04
"""Room left at the edges, of the frame's width and height."""
STEPS = 100
"""Steps from the named place to the middle of the frame."""


def profile_named(name: str) -> Profile:
    """Return a platform profile. Raises UnknownComponent with the nearest names."""
    for profile in profiles():
        if profile.id == name:
            return profile
    raise unknown("platform profile", name, (profile.id for profile in profiles()))


def place_box(width: float, height: float, place: str, profile: str, frame: tuple[int, int]) -> tuple[float, float]:
    """Return left and top of a box, fractions of the frame.

    Args:
        width, height: of the box, fractions.
        place: label of `diss.overlay.position`.
        profile: id of a platform profile, or "".
        frame: width and height of the frame, pixels.

    The box starts in its corner, at its side or in the middle, and goes towards the middle until it is clear.
    Raises ValueError when it never is, or when the profile is for pictures of another shape.
    """
    left, top = _named(width, height, place)
    if not profile:
        return left, top
    known = profile_named(profile)
    shape = aspect_of(*frame)
    if shape not in known.aspects:
        raise ValueError(f"profile {profile} is for {', '.join(known.aspects)}, the frame is {shape}")
    home = ((1 - width) / 2, _middle(known, (1 - height) / 2, height))
    for step in range(STEPS + 1):
        share = step / STEPS
        at = left + (home[0] - left) * share, top + (home[1] - top) * share
        if known.covered(Box.of(*at, width, height)) == 0:
            return at
    raise ValueError(f"a box of {width:.2f} x {height:.2f} fits nowhere near {place} beside what {profile} lays")


def _named(width: float, height: float, place: str) -> tuple[float, float]:
    row, _, column = place.partition("_") if place != "centre" else ("middle", "", "centre")
    tops = {"top": MARGIN, "middle": (1 - height) / 2, "bottom": 1 - MARGIN - height}
    lefts = {"left": MARGIN, "centre": (1 - width) / 2, "right": 1 - MARGIN - width}
    return lefts[column], tops[row]


def _middle(profile: Profile, usual: float, height: float) -> float:
    """Return the top nearest to the usual one at which a narrow box in the middle of the frame is clear."""
    for step in range(STEPS + 1):
        for way in (-1, 1):
            top = usual + way * step / STEPS / 2
            if 0 <= top <= 1 - height and profile.covered(Box.of(0.49, top, 0.02, height)) == 0:
                return top
    return usual
