"""Transitions: how the pictures of two shots become one while both are seen.

Every mixer takes the two pictures and `share`, the progress 0..1 of the new one, and returns the mixed picture;
mixed frame k of n has progress (k + 1) / (n + 1), so that neither the first nor the last equals a clean frame.
Fades run to the plain colour and back: frame k of a fade-out has (k + 1) / n, of a fade-in k / n.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from sestina.render.parts.edit import CUTS, Transition
from sestina.render.world import streaked

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]
Mixer = Callable[[U8, U8, float, Transition], U8]

WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


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


def flashed(picture: U8, index: int, frames: int) -> U8:
    """Return `picture` overexposed as frame `index` of a flash of `frames`; brightest at its middle."""
    share = 1 - abs((index + 1) / (frames + 1) - 0.5) * 1.1
    return _mix(picture, np.full_like(picture, 255), 0.35 + 0.6 * share)


def _mix(old: U8, new: U8, share: float) -> U8:
    return np.asarray(cv2.addWeighted(old, 1 - share, new, share, 0), np.uint8)


def _smooth(share: float) -> float:
    return share * share * (3 - 2 * share)


def _dissolve(old: U8, new: U8, share: float, how: Transition) -> U8:
    return _mix(old, new, share)


def _fade_out(old: U8, new: U8, share: float, how: Transition) -> U8:
    return _mix(old, np.zeros_like(old), share)


def _fade_in(old: U8, new: U8, share: float, how: Transition) -> U8:
    return _mix(np.zeros_like(new), new, share)


def _dip(old: U8, new: U8, share: float, how: Transition) -> U8:
    plain = np.full_like(old, 255 if how.kind == "dip_to_white" else 0)
    return _mix(old, plain, 2 * share) if share <= 0.5 else _mix(plain, new, 2 * share - 1)


def _flash(old: U8, new: U8, share: float, how: Transition) -> U8:
    index = round(share * (how.frames + 1)) - 1
    return flashed(new if index >= how.frames // 2 else old, index, how.frames)


def _masked(old: U8, new: U8, mask: F32) -> U8:
    """Show `new` where the mask [H,W] is 1."""
    weight = mask[..., None]
    return (old * (1 - weight) + new * weight + 0.5).astype(np.uint8)


@lru_cache(maxsize=16)
def _grid(height: int, width: int) -> tuple[F32, F32]:
    """Return x and y of every pixel's middle as shares of width and height."""
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None].repeat(height, 0)
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None].repeat(width, 1)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def _edge(field: F32, share: float, soft: float) -> F32:
    """Return the mask of a wipe: 1 where `field` (0..1) lies below the travelling edge of width `soft`."""
    soft = max(soft, 1e-3)
    return np.asarray(np.clip((share * (1 + soft) - field) / soft, 0, 1), np.float32)


def _linear_wipe(old: U8, new: U8, share: float, how: Transition) -> U8:
    x, y = _grid(*old.shape[:2])
    field = {"right": x, "left": 1 - x, "down": y, "up": 1 - y}[how.direction]
    return _masked(old, new, _edge(field, share, how.soft))


def _iris(old: U8, new: U8, share: float, how: Transition) -> U8:
    x, y = _grid(*old.shape[:2])
    tall = old.shape[0] / old.shape[1]
    field = np.hypot(x - 0.5, (y - 0.5) * tall) / math.hypot(0.5, 0.5 * tall)
    return _masked(old, new, _edge(field.astype(np.float32), share, how.soft or 0.01))


def _clock(old: U8, new: U8, share: float, how: Transition) -> U8:
    x, y = _grid(*old.shape[:2])
    turn = np.arctan2(x - 0.5, (0.5 - y) * old.shape[0] / old.shape[1]) / (2 * np.pi) % 1.0
    return _masked(old, new, _edge(turn.astype(np.float32), share, how.soft or 0.004))


def _shifted(picture: U8, right: float, down: float, under: U8) -> U8:
    """Return `under` with `picture` laid over it, moved by fractions of a pixel too."""
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float64)
    size = (picture.shape[1], picture.shape[0])
    out = under.copy()
    cv2.warpAffine(picture, matrix, size, dst=out, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
    return out


def _push(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Both pictures move as on one sheet; whole pixels keep the seam closed."""
    height, width = old.shape[:2]
    way = WAYS[how.direction]
    right, down = round(way[0] * width * _smooth(share)), round(way[1] * height * _smooth(share))
    out = np.empty_like(old)
    for picture, x, y in ((old, right, down), (new, right - way[0] * width, down - way[1] * height)):
        _stamp(out, picture, x, y)
    return out


def _stamp(out: U8, picture: U8, x: int, y: int) -> None:
    """Copy `picture` into `out`, moved by whole pixels, cut at the border."""
    height, width = out.shape[:2]
    left, right, top, bottom = max(0, x), min(width, width + x), max(0, y), min(height, height + y)
    out[top:bottom, left:right] = picture[top - y : bottom - y, left - x : right - x]


def _slide(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture moves away and uncovers the new one."""
    way, height, width = WAYS[how.direction], *old.shape[:2]
    out = new.copy()
    _stamp(out, old, round(way[0] * width * _smooth(share)), round(way[1] * height * _smooth(share)))
    return out


def _cover(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The new picture moves in over the old one."""
    way, height, width = WAYS[how.direction], *old.shape[:2]
    left = _smooth(share) - 1
    out = old.copy()
    _stamp(out, new, round(way[0] * width * left), round(way[1] * height * left))
    return out


def _warped(picture: U8, scale: float, angle: float, shift: tuple[float, float]) -> U8:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), math.degrees(angle), scale)
    matrix[:, 2] += np.asarray(shift)
    mirrored = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(mirrored, np.uint8)


def _whip(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture races off, the new one comes to rest; mirrored beyond its borders, smeared by its speed."""
    height, width = old.shape[:2]
    way = WAYS[how.direction]
    span = width if way[0] else height
    early = share < 0.5
    run = 2 * share * share if early else 2 * (1 - share) ** 2
    speed = 4 * (share if early else 1 - share) / (how.frames + 1)
    shift = span * (run if early else -run)
    picture = _warped(old if early else new, 1.0, 0.0, (way[0] * shift, way[1] * shift))
    return streaked(picture, (way[0] * span * speed * 0.7, way[1] * span * speed * 0.7))


def _zoom_through(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture rushes towards the viewer and the new one follows; they change places in the middle."""
    a = _warped(old, 1 + 2.0 * share * share * 2, 0.0, (0.0, 0.0))
    b = _warped(new, 1 / (1 + 2.0 * (1 - share) ** 2), 0.0, (0.0, 0.0))
    weight = min(max((share - 0.35) / 0.3, 0.0), 1.0)
    return _mix(a, b, weight)


def _spin(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Both pictures turn; they change places in the middle."""
    turn = -1 if how.direction in ("left", "up") else 1
    early = share < 0.5
    angle = turn * math.pi * (2 * share * share if early else -2 * (1 - share) ** 2)
    return _warped(old if early else new, 1 + 0.6 * math.sin(math.pi * share), angle, (0.0, 0.0))


MIXERS: dict[str, Mixer] = {
    "cross_dissolve": _dissolve, "fade_out": _fade_out, "fade_in": _fade_in, "dip_to_black": _dip,
    "dip_to_white": _dip, "linear_wipe": _linear_wipe, "iris": _iris, "clock": _clock, "push": _push, "slide": _slide,
    "cover": _cover, "flash": _flash, "whip_pan_blur": _whip, "zoom_through": _zoom_through, "spin": _spin,
}  # fmt: skip
"""Mixers of all transitions that have mixed frames."""
