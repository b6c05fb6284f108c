"""Transitions: how the pictures of two shots become one while both are seen.

Every mixer takes the two pictures and `share`, the progress 0..1 of the new one, and returns the mixed picture;
mixed frame k of n has progress (k + 1) / (n + 1), so that neither the first nor the last equals a clean frame.
Fades run to the plain colour and back: frame k of a fade-out has (k + 1) / n, of a fade-in k / n.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from sestina.render import breaks, motions, wipes
from sestina.render.mixing import U8, mix, plain
from sestina.render.parts.edit import CUTS, Transition

Mixer = Callable[[U8, U8, float, Transition], U8]


def mixed(old: U8, new: U8, index: int, transition: Transition) -> U8:
    """Return mixed frame `index` of a transition between two clean pictures, uint8 RGB [H,W,3].

    Raises ValueError when the frame lies outside the transition or the transition has no mixed frames.
    """
    if not 0 <= index < transition.frames:
        raise ValueError(f"mixed frame {index} of {transition.frames} in {transition.kind}")
    return MIXERS[transition.kind](old, new, progress(index, transition), transition)


def progress(index: int, transition: Transition) -> float:
    """Return the new picture's progress 0..1 at mixed frame `index`."""
    frames = transition.frames
    if transition.kind == "fade_out":
        return (index + 1) / frames
    if transition.kind == "fade_in":
        return index / frames
    if transition.hold:
        return _dip_progress(index, frames, transition.hold)
    return (index + 1) / (frames + 1)


def _dip_progress(index: int, frames: int, hold: int) -> float:
    """Go to 0.5 over the frames before the hold, stay there, and leave."""
    down = (frames - hold + 1) // 2
    if index < down:
        return 0.5 * (index + 1) / (down + 1)
    if index < down + hold:
        return 0.5
    up = frames - hold - down
    return 0.5 + 0.5 * (index - down - hold + 1) / (up + 1)


def first_frame(join: int, transition: Transition) -> int:
    """Return the first mixed frame of a transition whose new shot begins at frame `join`.

    The join lies at the middle of the mixed frames; a fade-out ends at it and a fade-in begins at it, since only one
    shot is seen.
    """
    if transition.kind in CUTS or transition.kind == "fade_in":
        return join
    return join - (transition.frames if transition.kind == "fade_out" else transition.frames // 2)


def _dissolve(old: U8, new: U8, share: float, how: Transition) -> U8:
    return mix(old, new, share)


def _additive(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Both pictures as two lamps: the new one is at full strength before the old one begins to dim."""
    rise, fall = min(1.0, 2 * share), min(1.0, 2 * (1 - share))
    return np.asarray(cv2.addWeighted(old, fall, new, rise, 0), np.uint8)


def _fade_out(old: U8, new: U8, share: float, how: Transition) -> U8:
    return mix(old, np.zeros_like(old), share)


def _fade_in(old: U8, new: U8, share: float, how: Transition) -> U8:
    return mix(np.zeros_like(new), new, share)


def _dip(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Down into a plain colour, and up from it."""
    colour = {"dip_to_black": (0, 0, 0), "dip_to_white": (255, 255, 255)}.get(how.kind, how.colour)
    through = plain(old, colour)
    return mix(old, through, 2 * share) if share <= 0.5 else mix(through, new, 2 * share - 1)


MIXERS: dict[str, Mixer] = {
    "cross_dissolve": _dissolve, "additive_dissolve": _additive,
    "fade_out": _fade_out, "fade_in": _fade_in, "dip_to_black": _dip, "dip_to_white": _dip, "dip_to_colour": _dip,
    "linear_wipe": wipes.linear_wipe, "iris": wipes.iris, "clock": wipes.clock, "barn_door": wipes.barn_door,
    "shape_mask": wipes.shape_mask, "object_wipe": wipes.object_wipe, "page_turn": wipes.page_turn,
    "push": motions.push, "scroll": motions.scroll, "slide": motions.slide, "cover": motions.cover,
    "whip_pan_blur": motions.whip, "zoom_through": motions.zoom_through, "spin": motions.spin,
    "swirl": motions.swirl, "shake": motions.shake,
    "flash": breaks.flash, "glitch": breaks.glitch, "light_leak": breaks.light_leak, "film_burn": breaks.film_burn,
    "pixelate": breaks.pixelate, "rgb_split": breaks.rgb_split, "tv_off": breaks.tv_off, "ink": wipes.ink,
    "particle": wipes.particle,
}  # fmt: skip
"""Mixers of all transitions that have mixed frames."""
