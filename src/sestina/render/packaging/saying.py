"""What an overlay says, lettered as it asks for."""

from __future__ import annotations

from typing import Literal

from sestina.render.packaging.art import Art, Tone
from sestina.render.packaging.lettering import Lettering, lettered
from sestina.render.parts.overlay import Overlay

Size = tuple[int, int]
"""Width and height of the frame, pixels."""

MAX_LINE = 0.86
"""Widest line of text, of the frame's width."""


def cap_px(overlay: Overlay, size: Size) -> int:
    """Return the height of the overlay's capitals (of a mark: of the whole), pixels."""
    return max(5, round(overlay.size * size[1]))


def line_px(overlay: Overlay, size: Size) -> int:
    """Return the widest line allowed, pixels."""
    return max(1, round((overlay.width or MAX_LINE) * size[0]))


def say(
    overlay: Overlay, size: Size, text: str | None = None, *, scale: float = 1.0, style: str = "plain",
    colour: Tone | None = None, max_px: int = 0, align: Literal["left", "centre"] = "centre", weight: str = "",
    lit: int | None = None, shown: int | None = None,
) -> Art:  # fmt: skip
    """Return `text` (the overlay's own when None) in the overlay's face.

    Args:
        overlay: colours and face.
        size: of the frame.
        text: what to write.
        scale: of the overlay's capitals.
        style, colour, align, weight: instead of the overlay's.
        max_px: widest line, pixels; 0 as the overlay asks.
        lit, shown: as for `lettered`.
    """
    how = Lettering(
        cap_px=max(5, round(cap_px(overlay, size) * scale)), max_width_px=max_px or line_px(overlay, size),
        colour=colour or overlay.colour, back=overlay.back, accent=overlay.accent, style=style, serif=overlay.serif,
        weight=weight or overlay.weight, align=align,
    )  # fmt: skip
    return lettered(overlay.text if text is None else text, how, lit, shown)
