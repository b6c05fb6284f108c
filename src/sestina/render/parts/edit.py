"""How shots are joined: transitions, and flashes that join nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "hard_cut", "jump_cut", "punch_in", "punch_out", "cross_dissolve", "fade_in", "fade_out", "dip_to_black",
    "dip_to_white", "linear_wipe", "iris", "clock", "push", "slide", "cover", "flash", "whip_pan_blur",
    "zoom_through", "spin",
]  # fmt: skip
Direction = Literal["left", "right", "up", "down"]
CUTS: tuple[Kind, ...] = ("hard_cut", "jump_cut", "punch_in", "punch_out")
"""Transitions without mixed frames."""


@dataclass(frozen=True, kw_only=True)
class Transition:
    """How a shot begins.

    Args:
        kind: label of `edit.transition`.
        frames: mixed frames; 0 exactly for cuts.
        direction: where a wipe's edge or a push's pictures travel.
        soft: width of a wipe's edge, frame widths.
        hold: frames of the plain colour in the middle of a dip, counted in `frames`.
    """

    kind: Kind = "hard_cut"
    frames: int = 0
    direction: Direction = "left"
    soft: float = 0.0
    hold: int = 0

    def __post_init__(self) -> None:
        if (self.frames > 0) == (self.kind in CUTS):
            raise ValueError(f"{self.kind} with {self.frames} mixed frames: cuts have none, all others have some")
        if not 0 <= self.hold <= max(0, self.frames - 2):
            raise ValueError(f"a hold of {self.hold} frames does not fit into {self.frames}")


@dataclass(frozen=True, kw_only=True)
class Flash:
    """Overexposed frames inside a shot, which are no boundary: `at_s` in the shot, `frames` long."""

    at_s: float
    frames: int = 3
