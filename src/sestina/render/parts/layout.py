"""Pictures that share the frame with the shot's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sestina.render.parts.stage import Camera, Source, Subject

LayoutKind = Literal["full_frame", "split_2_h", "split_2_v", "split_n_grid", "picture_in_picture"]

INSET_LEAST, INSET_MOST = 0.15, 0.6
"""Share of the frame's width and height that an inset picture may take up."""


@dataclass(frozen=True, kw_only=True)
class Pane:
    """One more picture: what it shows, how its camera sees it, and who is in it; it keeps the shot's time."""

    source: Source = Source()
    camera: Camera = Camera()
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a shot shares the frame with further pictures.

    Args:
        kind: label of `aes.layout`. `split_2_h` sets two pictures side by side, `split_2_v` one above the other,
            `split_n_grid` three more with it in two rows, `picture_in_picture` one small one over it.
        panes: the further pictures, in the order left to right and top to bottom; the shot's own comes first.
        inset: left, top, width and height of the small picture, fractions of the frame.
        rim: width of the light line round the small picture, fraction of the frame's height.
        divider: width of the light line between the parts of a split, likewise; 0: none.
    """

    kind: LayoutKind = "full_frame"
    panes: tuple[Pane, ...] = ()
    inset: tuple[float, float, float, float] = (0.64, 0.06, 0.3, 0.3)
    rim: float = 0.008
    divider: float = 0.0

    def __post_init__(self) -> None:
        wanted = {"full_frame": 0, "split_n_grid": 3}.get(self.kind, 1)
        if len(self.panes) != wanted:
            raise ValueError(f"{self.kind} takes {wanted} panes beside the shot's own picture, got {len(self.panes)}")
        left, top, width, height = self.inset
        fits = left >= 0 and top >= 0 and left + width <= 1 and top + height <= 1
        if not (fits and all(INSET_LEAST <= side <= INSET_MOST for side in (width, height))):
            raise ValueError(f"an inset of {self.inset} is not inside the frame at {INSET_LEAST}..{INSET_MOST} of it")
