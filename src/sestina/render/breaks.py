"""Transitions by a broken picture: torn blocks, parted colours, leaking light, burns, big pixels, a tube going out.

Every mixer takes the two pictures, the progress 0..1 of the new one and the transition.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from sestina.render.mixing import U8, clouds, edge, masked, mix, plain, warped
from sestina.render.parts.edit import Transition


def glitch(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Stripes jump sideways, blocks of the other picture and of noise stand in it."""
    height, width = old.shape[:2]
    index = round(share * (how.frames + 1))
    rng = np.random.default_rng([how.seed, 53, index])
    base, other = (old, new) if share < 0.5 else (new, old)
    out = base.copy()
    strip = max(2, height // 24)
    for top in range(0, height, strip):
        if rng.random() < 0.5:
            out[top : top + strip] = np.roll(base[top : top + strip], int(rng.integers(-width // 6, width // 6 + 1)), 1)
    for _ in range(10):
        w, h = int(rng.integers(width // 12, width // 4)), int(rng.integers(height // 20, height // 6))
        x, y = int(rng.integers(0, width - w)), int(rng.integers(0, height - h))
        out[y : y + h, x : x + w] = other[y : y + h, x : x + w]
        if rng.random() < 0.4:
            noise = rng.integers(0, 256, (-(-h // 4), -(-w // 4), 3), np.uint8)
            out[y : y + h, x : x + w] = noise.repeat(4, 0).repeat(4, 1)[:h, :w]
    return out


def rgb_split(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Red and blue part to both sides, farthest in the middle, where the new picture takes over."""
    picture = old if share < 0.5 else new
    apart = max(2, round(picture.shape[1] * (0.01 + 0.07 * math.sin(math.pi * share))))
    out = picture.copy()
    out[..., 0] = np.roll(picture[..., 0], apart, 1)
    out[..., 2] = np.roll(picture[..., 2], -apart, 1)
    return out


def light_leak(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Warm light drifts over the picture, brightest in the middle, under which the pictures dissolve."""
    height, width = old.shape[:2]
    field = clouds(height, width, 3, how.seed)
    drift = np.roll(field, round((share - 0.5) * width), 1)
    glow = drift[..., None] ** 2 * np.array((255, 168, 84), np.float32) * (1.5 * math.sin(math.pi * share))
    weight = min(max((share - 0.3) / 0.4, 0.0), 1.0)
    return np.asarray(cv2.add(mix(old, new, weight), np.clip(glow, 0, 255).astype(np.uint8)), np.uint8)


def film_burn(old: U8, new: U8, share: float, how: Transition) -> U8:
    """Holes with glowing rims eat the old picture from a few places."""
    field = clouds(*old.shape[:2], 4, how.seed)
    out = masked(old, new, edge(field, share, 0.02))
    near = np.clip(1 - np.abs(field - share) / 0.12, 0, 1) * min(1.0, 8 * share, 8 * (1 - share))
    glow = near[..., None] ** 2 * np.array((255, 140, 30), np.float32)
    charred = masked(out, plain(old, (20, 8, 4)), (0.8 * (near > 0.75) * (field > share)).astype(np.float32))
    return np.asarray(cv2.add(charred, np.clip(glow, 0, 255).astype(np.uint8)), np.uint8)


def pixelate(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The pixels grow, and shrink again into the new picture."""
    height, width = old.shape[:2]
    size = max(2, round(width / 12 * math.sin(math.pi * share)))
    picture = mix(old, new, min(max((share - 0.4) / 0.2, 0.0), 1.0))
    small = cv2.resize(picture, (max(1, width // size), max(1, height // size)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def tv_off(old: U8, new: U8, share: float, how: Transition) -> U8:
    """The old picture collapses to a bright line and a point, as on a tube; the new one opens from the line."""
    height, width = old.shape[:2]
    shut = 2 * share if share < 0.5 else 2 * (1 - share)
    picture = old if share < 0.5 else new
    tall = max(2, round(height * (1 - shut) ** 2))
    wide = width if shut < 0.7 else max(2, round(width * (1 - shut) / 0.3))
    bright = mix(picture, np.full_like(picture, 255), 0.3 + 0.6 * shut)
    out = np.zeros_like(old)
    top, left = (height - tall) // 2, (width - wide) // 2
    out[top : top + tall, left : left + wide] = cv2.resize(bright, (wide, tall), interpolation=cv2.INTER_AREA)
    return out


def flashed(picture: U8, index: int, frames: int) -> U8:
    """Return `picture` overexposed as frame `index` of a flash of `frames`; brightest at its middle."""
    share = 1 - abs((index + 1) / (frames + 1) - 0.5) * 1.1
    return mix(picture, np.full_like(picture, 255), 0.35 + 0.6 * share)


def flash(old: U8, new: U8, share: float, how: Transition) -> U8:
    """A burst of light under which the pictures change places."""
    index = round(share * (how.frames + 1)) - 1
    return flashed(new if index >= how.frames // 2 else old, index, how.frames)


def jerked(picture: U8, index: int, reach: float, seed: int) -> U8:
    """Return `picture` as frame `index` of a shake: displaced up to `reach` frame widths."""
    height, width = picture.shape[:2]
    kick = np.random.default_rng([seed, 59, index]).uniform(0.4, 1.0, 2)
    sign = ((1, 1), (-1, 1), (-1, -1), (1, -1))[index % 4]
    shift = (float(kick[0]) * sign[0] * reach * width, float(kick[1]) * sign[1] * reach * width * 0.6)
    return warped(picture, 1 + 2 * reach * width / min(width, height), 0.0, shift)
