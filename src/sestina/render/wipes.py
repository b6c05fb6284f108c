"""Wipes: transitions in which a boundary runs between two pictures that stand where they are.

Every mixer takes the two pictures, the progress 0..1 of the new one and the transition.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from sestina.render.mixing import F32, U8, WAYS, clouds, edge, grid, masked, mix, plain, smooth, stamp
from sestina.render.parts.edit import Transition


def linear_wipe(old: U8, new: U8, share: float, how: Transition) -> U8:
    """A straight edge."""
    return masked(old, new, edge(_along(old, how), share, how.soft))


def _along(picture: U8, how: Transition) -> F32:
    """Return how far each pixel lies along the way of the transition, 0..1, [H,W]."""
    x, y = grid(*picture.shape[:2])
    return {"right": x, "left": 1 - x, "down": y, "up": 1 - y}[how.direction]


def iris(old: U8, new: U8, share: float, how: Transition) -> U8:
    """A circle that opens from the middle."""
    x, y = grid(*old.shape[:2])
    tall = old.shape[0] / old.shape[1]
    field = np.hypot(x - 0.5, (y - 0.5) * tall) / math.hypot(0.5, 0.5 * tall)
    return masked(old, new, edge(field.astype(np.float32), share, how.soft or 0.01))


def clock(old: U8, new: U8, share: float, how: Transition) -> U8:
    """A hand that goes round once."""
    x, y = grid(*old.shape[:2])
    turn = np.arctan2(x - 0.5, (0.5 - y) * old.shape[0] / old.shape[1]) / (2 * np.pi) % 1.0
    return masked(old, new, edge(turn.astype(np.float32), share, how.soft or 0.004))


def barn_door(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Two edges that open from the middle, to the sides or up and down."""
    x, y = grid(*old.shape[:2])
    apart = np.abs((x if how.direction in ("left", "right") else y) - 0.5) * 2
    return masked(old, new, edge(np.asarray(apart, np.float32), share, how.soft))


def shape_mask(old: U8, new: U8, share: float, how: Transition) -> U8:
    """A five-pointed star that grows from the middle."""
    x, y = grid(*old.shape[:2])
    across, down = x - 0.5, (y - 0.5) * old.shape[0] / old.shape[1]
    angle = np.arctan2(across, -down) % (2 * np.pi / 5) - np.pi / 5
    # Distance from the middle over that of the star's outline in the same direction.
    outline = 0.42 / (np.cos(np.abs(angle) - np.pi / 5) + 1.4 * np.abs(np.sin(np.pi / 5 - np.abs(angle))))
    field = np.hypot(across, down) / outline
    return masked(old, new, edge((field / field.max()).astype(np.float32), share, how.soft or 0.006))


def object_wipe(old: U8, new: U8, share: float, how: Transition) -> U8:
    """A dark pillar passes close to the lens; the new picture lies behind it."""
    along = _along(old, how)
    width = 0.28
    front = share * (1 + width)
    out = masked(old, new, np.asarray(along < front - width / 2, np.float32))
    inside = np.clip((width / 2 - np.abs(along - front + width / 2)) / 0.02, 0, 1)
    return masked(out, plain(old, (38, 34, 32)), inside.astype(np.float32))


def page_turn(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture is turned over like a page: its pale back lies beyond the fold and throws a shadow."""
    along = _along(old, how)
    fold = smooth(share)
    paper = plain(old, (236, 232, 224))
    sideways = how.direction in ("left", "right")
    back = mix(np.asarray(cv2.flip(old, 1 if sideways else 0), np.uint8), paper, 0.75)
    shift = round((2 * fold - 1) * old.shape[1 if sideways else 0])
    way = WAYS[how.direction]
    stamp(paper, back, shift * way[0], shift * way[1])
    shade = np.clip(1 - (fold - along) / 0.12, 0, 1)
    under = masked(new, plain(new, (0, 0, 0)), (0.45 * shade).astype(np.float32))
    out = masked(old, under, np.asarray(along < fold, np.float32))
    return masked(out, paper, np.asarray((along >= fold) & (along <= 2 * fold), np.float32))


def ink(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Blots spread until the new picture has soaked through; their rims are dark."""
    field = clouds(*old.shape[:2], 7, how.seed)
    out = masked(old, new, edge(field, share, 0.05))
    rim = np.exp(-(((field - share) / 0.035) ** 2)) * 0.8 * min(1.0, 8 * share, 8 * (1 - share))
    return masked(out, plain(old, (18, 20, 44)), rim.astype(np.float32))


def particle(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture falls apart into small squares, those that go first where the edge of a wipe would be."""
    height, width = old.shape[:2]
    size = max(4, round(width / 64))
    rows, columns = -(-height // size), -(-width // size)
    scatter = np.random.default_rng([how.seed, 43]).random((rows, columns), np.float32)
    block = cv2.resize(scatter, (columns * size, rows * size), interpolation=cv2.INTER_NEAREST)[:height, :width]
    field = 0.55 * _along(old, how) + 0.45 * block
    return masked(old, new, np.asarray(field < share, np.float32))
