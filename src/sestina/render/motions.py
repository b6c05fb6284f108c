"""Transitions by motion: pictures that push, slide, race, turn and jerk.

Every mixer takes the two pictures, the progress 0..1 of the new one and the transition.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from sestina.render.mixing import U8, WAYS, grid, mix, smooth, stamp, warped
from sestina.render.parts.edit import Transition
from sestina.render.sensor import streaked


def push(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Both pictures move as on one sheet; whole pixels keep the seam closed."""
    return _rolled(old, new, smooth(share), how, 0)


def scroll(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Both pictures roll by evenly as on one sheet, with a light gap between them."""
    height, width = old.shape[:2]
    return _rolled(old, new, share, how, max(2, round((width if WAYS[how.direction][0] else height) * 0.04)))


def _rolled(old: U8, new: U8, share: float, how: Transition, gap: int) -> U8:
    height, width = old.shape[:2]
    way = WAYS[how.direction]
    across, down = way[0] * (width + gap), way[1] * (height + gap)
    x, y = round(across * share), round(down * share)
    out = np.full_like(old, 232)
    stamp(out, old, x, y)
    stamp(out, new, x - across, y - down)
    return out


def slide(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture moves away and uncovers the new one."""
    way, height, width = WAYS[how.direction], *old.shape[:2]
    out = new.copy()
    stamp(out, old, round(way[0] * width * smooth(share)), round(way[1] * height * smooth(share)))
    return out


def cover(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The new picture moves in over the old one."""
    way, height, width = WAYS[how.direction], *old.shape[:2]
    left = smooth(share) - 1
    out = old.copy()
    stamp(out, new, round(way[0] * width * left), round(way[1] * height * left))
    return out


def whip(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture races off, the new one comes to rest; mirrored beyond its borders, smeared by its speed."""
    height, width = old.shape[:2]
    way = WAYS[how.direction]
    span = width if way[0] else height
    early = share < 0.5
    run = 2 * share * share if early else 2 * (1 - share) ** 2
    speed = 4 * (share if early else 1 - share) / (how.frames + 1)
    shift = span * (run if early else -run)
    picture = warped(old if early else new, 1.0, 0.0, (way[0] * shift, way[1] * shift))
    return streaked(picture, (way[0] * span * speed * 0.7, way[1] * span * speed * 0.7))


def zoom_through(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture rushes towards the viewer and the new one follows; they change places in the middle."""
    a = warped(old, 1 + 2.0 * share * share * 2, 0.0, (0.0, 0.0))
    b = warped(new, 1 / (1 + 2.0 * (1 - share) ** 2), 0.0, (0.0, 0.0))
    weight = min(max((share - 0.35) / 0.3, 0.0), 1.0)
    return mix(a, b, weight)


def spin(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Both pictures turn; they change places in the middle."""
    turn = -1 if how.direction in ("left", "up") else 1
    early = share < 0.5
    angle = turn * math.pi * (2 * share * share if early else -2 * (1 - share) ** 2)
    return warped(old if early else new, 1 + 0.6 * math.sin(math.pi * share), angle, (0.0, 0.0))


def swirl(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Both pictures are stirred about their middle, most near it; they change places when they are stirred most."""
    height, width = old.shape[:2]
    x, y = grid(height, width)
    across, down = (x - 0.5) * width, (y - 0.5) * height
    radius = np.hypot(across, down) / (0.5 * math.hypot(width, height))
    turn = -1 if how.direction in ("left", "up") else 1
    angle = np.arctan2(down, across) + turn * 5.0 * math.sin(math.pi * share) ** 2 * np.maximum(0, 1 - radius) ** 2
    reach = np.hypot(across, down)
    to_x = (np.cos(angle) * reach + width / 2 - 0.5).astype(np.float32)
    to_y = (np.sin(angle) * reach + height / 2 - 0.5).astype(np.float32)
    weight = min(max((share - 0.4) / 0.2, 0.0), 1.0)
    source = mix(old, new, weight)
    return np.asarray(cv2.remap(source, to_x, to_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101), np.uint8)


def shake(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The picture jerks about, hardest in the middle, where the new one takes over."""
    height, width = old.shape[:2]
    index = round(share * (how.frames + 1))
    kick = np.random.default_rng([how.seed, 47, index]).uniform(0.5, 1.0, 2) * (1, -1)[index % 2]
    force = 0.02 + 0.07 * math.sin(math.pi * share)
    shift = (float(kick[0]) * force * width, float(kick[1]) * force * height * 0.6)
    jerked = warped(old if share < 0.5 else new, 1 + force, 0.0, shift)
    return streaked(jerked, (shift[0] * 0.5, shift[1] * 0.5))
