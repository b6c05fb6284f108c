"""Drawn marks: codes, emblems, emoji, arrows, rings, strokes, spotlights, pasted pictures."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from sestina.core.errors import OpenError
from sestina.render.packaging.art import U8, Art, Moment, Pad, Tone, mixed, toned
from sestina.render.packaging.motion import warped
from sestina.render.packaging.saying import Size, cap_px, say
from sestina.render.parts.overlay import Overlay

LEAST_CELL = 3
"""Pixels a cell of a QR code needs to be read after encoding (OpenCV's detector misses cells of 2)."""
WHITE, INK, RED, GOLD = (255, 255, 255), (24, 24, 30), (226, 52, 60), (255, 200, 60)


def qr(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A QR code that a phone can read (ISO/IEC 18004), with its quiet zone; `size` is the height of the whole.

    Raises ValueError when a cell would be smaller than `LEAST_CELL` pixels.
    """
    made = cv2.QRCodeEncoder.create().encode(overlay.text)
    cells = np.pad(np.asarray(made, np.uint8), 2, constant_values=255)
    cell = cap_px(overlay, size) // len(cells)
    if cell < LEAST_CELL:
        least = math.ceil(100 * LEAST_CELL * len(cells) / size[1]) / 100
        raise ValueError(f"overlay qr_code {overlay.text[:40]!r}: nobody can scan it so small; size {least} will do")
    grey = np.kron(cells, np.ones((cell, cell), np.uint8))
    return Art(np.dstack([grey, grey, grey, np.full_like(grey, 255)]))


def emblem(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A disc with a notch, or the picture given, and the name beside it if it has one."""
    side = max(12, round(overlay.size * size[1]))
    mark = _pasted(overlay, side) if overlay.picture else _disc(overlay, side)
    if not overlay.text:
        return mark
    name = say(overlay, size, scale=side / 3 / cap_px(overlay, size), style="shadow", max_px=size[0])
    pad = Pad(mark.width + name.width, max(mark.height, name.height))
    pad.put(mark, 0, (pad.art.height - mark.height) / 2)
    pad.put(name, mark.width, (pad.art.height - name.height) / 2)
    return pad.art


def _disc(overlay: Overlay, side: int) -> Art:
    pad, middle, radius = Pad(side, side), side / 2, side / 2 - 1
    pad.disc((middle, middle), radius, overlay.colour)
    notch = [(-1 / 3, -1 / 2), (-1 / 3, 1 / 2), (3 / 5, 0)]
    pad.polygon([(middle + x * radius, middle + y * radius) for x, y in notch], overlay.back)
    return pad.art


def _pasted(overlay: Overlay, side: int) -> Art:
    """The user's picture, `side` pixels high."""
    picture = _loaded(overlay.picture)
    width = max(1, round(picture.shape[1] * side / picture.shape[0]))
    smaller = side < picture.shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return Art(np.asarray(cv2.resize(picture, (width, side), interpolation=how), np.uint8))


@lru_cache(maxsize=8)
def _loaded(path: str) -> U8:
    """Return a picture file as RGBA. Raises OpenError when there is none."""
    data = np.fromfile(path, np.uint8) if Path(path).is_file() else np.zeros(0, np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if len(data) else None
    if picture is None:
        raise OpenError(f"{path}: not a picture", hint="name a PNG or JPEG file")
    found = np.asarray(picture)
    if found.dtype != np.uint8:
        found = (found / 257).astype(np.uint8)
    codes = {1: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA, 4: cv2.COLOR_BGRA2RGBA}
    return np.asarray(cv2.cvtColor(found, codes[1 if found.ndim == 2 else found.shape[2]]), np.uint8)


def pasted(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A picture of the user's on the screen: `size` is its height."""
    return _pasted(overlay, cap_px(overlay, size))


def inset(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A round window with a face: the user's picture, or a drawn one that nods and blinks."""
    side = cap_px(overlay, size)
    pad, middle = Pad(side, side), side / 2
    pad.disc((middle, middle), middle - 1, overlay.accent)
    if overlay.picture:
        photo = _pasted(overlay, side).picture
        left = max(0, (photo.shape[1] - side) // 2)
        inner = Pad(side, side)
        inner.put(Art(photo[:, left : left + side]), 0, 0)
    else:
        inner = Pad(side, side)
        inner.block(0, 0, side, side, overlay.back)
        nod = 0.02 * side * math.sin(moment.share * 40)
        _face(inner, (middle, middle * 1.1 + nod), side * 0.3, (238, 190, 150), "open" if moment.beat % 5 else "shut")
    hole = Pad(side, side)
    hole.disc((middle, middle), middle * 0.93, WHITE)
    window = inner.picture.copy()
    window[..., 3] = (window[..., 3].astype(np.uint16) * hole.picture[..., 3] // 255).astype(np.uint8)
    pad.put(Art(window), 0, 0)
    return pad.art


def _face(pad: Pad, at: tuple[float, float], radius: float, tone: Tone, eyes: str) -> None:
    x, y = at
    pad.ellipse((x, y + 2.0 * radius), (1.5 * radius, 1.0 * radius), (70, 96, 150))
    pad.disc((x, y - 0.15 * radius), 1.08 * radius, (60, 40, 30))
    pad.ellipse((x, y), (0.9 * radius, radius), tone)
    for side in (-1, 1):
        spot = (x + side * 0.36 * radius, y - 0.12 * radius)
        if eyes == "open":
            pad.disc(spot, 0.11 * radius, INK)
        else:
            pad.stroke([(spot[0] - 0.12 * radius, spot[1]), (spot[0] + 0.12 * radius, spot[1])], 0.07 * radius, INK)
    pad.ellipse((x, y + 0.48 * radius), (0.3 * radius, 0.16 * radius), (150, 50, 50))


def _star(middle: float, radius: float, points: int, inner: float) -> list[tuple[float, float]]:
    found = []
    for k in range(2 * points):
        reach = radius if k % 2 == 0 else radius * inner
        angle = math.pi * (k / points - 0.5)
        found.append((middle + reach * math.cos(angle), middle + reach * math.sin(angle)))
    return found


def sticker(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A cut-out star with a white rim, or the user's picture."""
    if overlay.picture:
        return pasted(overlay, size, moment)
    side = cap_px(overlay, size)
    pad = Pad(side, side)
    pad.polygon(_star(side / 2, side * 0.5, 10, 0.8), WHITE)
    pad.polygon(_star(side / 2, side * 0.44, 10, 0.8), overlay.accent)
    _smile(pad, side / 2, side * 0.26, INK)
    return pad.art


def gif(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A sticker that dances: two pictures in turn."""
    still = sticker(overlay, size, moment)
    turn = cv2.getRotationMatrix2D((still.width / 2, still.height / 2), 14 if moment.beat % 2 else -14, 0.86)
    return Art(warped(still.picture, turn, (still.width, still.height)))


def _smile(pad: Pad, middle: float, radius: float, tone: Tone) -> None:
    for side in (-1, 1):
        pad.ellipse((middle + side * 0.42 * radius, middle - 0.3 * radius), (0.14 * radius, 0.24 * radius), tone)
    arc = [(0.2 + 0.6 * k / 12) * math.pi for k in range(13)]
    mouth = [(middle + 0.75 * radius * math.cos(a), middle + 0.65 * radius * math.sin(a)) for a in arc]
    pad.stroke(mouth, max(1.0, 0.16 * radius), tone)


def emoji(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """One emoji in colour: drawn here for the few in `EMOJI`, in the accent colour by a font for others."""
    side = cap_px(overlay, size)
    draw = EMOJI.get(overlay.text.replace("\ufe0f", "") or "😀")
    if draw is None:
        return Art(say(overlay, size, colour=overlay.accent, style="outline").picture)
    pad = Pad(side, side)
    draw(pad, side / 2)
    return pad.art


def _grin(pad: Pad, half: float) -> None:
    pad.disc((half, half), half * 0.98, GOLD)
    _smile(pad, half, half * 0.72, (96, 60, 20))


def _heart(pad: Pad, half: float) -> None:
    turns = [2 * math.pi * k / 60 for k in range(60)]
    curve = [(16 * math.sin(t) ** 3, 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t))
             for t in turns]  # fmt: skip
    pad.polygon([(half + x / 17 * half, half - (y + 2.5) / 17 * half) for x, y in curve], RED)


def _fire(pad: Pad, half: float) -> None:
    for scale, tone in ((1.0, (240, 96, 30)), (0.58, GOLD)):
        flame = [(0.0, -1.0), (0.28, -0.5), (0.52, -0.62), (0.72, 0.1), (0.62, 0.62), (0.3, 0.95), (-0.3, 0.95),
                 (-0.64, 0.6), (-0.7, 0.05), (-0.4, -0.28), (-0.22, -0.1)]  # fmt: skip
        foot = half * (1 - scale) * 0.9
        pad.polygon([(half + x * scale * half, half + foot + y * scale * half) for x, y in flame], tone)


def _gold_star(pad: Pad, half: float) -> None:
    pad.polygon(_star(half, half * 0.98, 5, 0.42), GOLD)


def _tick(pad: Pad, half: float) -> None:
    pad.block(0.06 * half, 0.06 * half, 1.88 * half, 1.88 * half, (52, 168, 83), 0.4 * half)
    pad.stroke([(0.5 * half, half), (0.88 * half, 1.4 * half), (1.5 * half, 0.6 * half)], 0.24 * half, WHITE)


def bell_shape(pad: Pad, half: float) -> None:
    """Draw a bell `half` pixels to each side."""
    body = [(-0.16, -0.85), (0.16, -0.85), (0.5, -0.55), (0.58, 0.1), (0.85, 0.5), (-0.85, 0.5), (-0.58, 0.1),
            (-0.5, -0.55)]  # fmt: skip
    pad.disc((half, 1.62 * half), 0.24 * half, mixed(GOLD, INK, 0.3))
    pad.polygon([(half + x * half, half + y * half) for x, y in body], GOLD)


EMOJI = {"😀": _grin, "🙂": _grin, "❤": _heart, "🔥": _fire, "⭐": _gold_star, "✅": _tick, "🔔": bell_shape}
"""Emoji that are drawn in colour on every machine."""


def bell(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A bell that rings."""
    side = cap_px(overlay, size)
    pad = Pad(side, side)
    bell_shape(pad, side / 2)
    turn = cv2.getRotationMatrix2D((side / 2, side * 0.1), 10 if moment.beat % 2 else -10, 0.9)
    return Art(warped(pad.picture, turn, (side, side)))


def arrow(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """An arrow that points right; `rotation_deg` turns it."""
    high = cap_px(overlay, size)
    wide = round((overlay.width or 0.0) * size[0]) or round(2.2 * high)
    pad, head = Pad(wide, high), min(wide * 0.5, high * 0.9)
    shaft = 0.15 * high
    upper = [(0, high / 2 - shaft), (wide - head, high / 2 - shaft), (wide - head, 0), (wide, high / 2)]
    pad.polygon([*upper, *((x, high - y) for x, y in reversed(upper[:3]))], overlay.accent)
    return pad.art


def ring(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """An ellipse drawn around something."""
    high = cap_px(overlay, size)
    wide = round((overlay.width or 0.0) * size[0]) or high
    line = max(2.0, 0.007 * size[1])
    pad = Pad(wide, high)
    pad.ellipse((wide / 2, high / 2), ((wide - line) / 2 - 1, (high - line) / 2 - 1), overlay.accent, line=line)
    return pad.art


def stroke(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A line drawn under something."""
    wide = round((overlay.width or 0.3) * size[0])
    pad = Pad(wide, max(2, cap_px(overlay, size)))
    pad.block(0, 0, wide, pad.art.height, overlay.accent, pad.art.height / 2)
    return pad.art


def marker(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A translucent band, as of a highlighter pen."""
    wide = round((overlay.width or 0.3) * size[0])
    pad = Pad(wide, cap_px(overlay, size))
    pad.block(0, 0, wide, pad.art.height, overlay.accent, 0.15 * pad.art.height, alpha=150)
    return pad.art


def hand(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A hand whose finger points up; `rotation_deg` turns it."""
    high = cap_px(overlay, size)
    pad, skin = Pad(0.72 * high, high), (244, 200, 160)
    for grow, tone in ((0.03, INK), (0.0, skin)):
        g = grow * high
        pad.block(0.20 * high - g, 0.04 * high - g, 0.16 * high + 2 * g, 0.6 * high, tone, 0.08 * high + g)
        pad.block(0.10 * high - g, 0.42 * high - g, 0.52 * high + 2 * g, 0.5 * high + 2 * g, tone, 0.16 * high + g)
        pad.block(0.04 * high - g, 0.50 * high - g, 0.20 * high + 2 * g, 0.26 * high + 2 * g, tone, 0.09 * high + g)
    return pad.art


def spotlight(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A darkened picture but for a disc of light around `at`; `size` is the disc's height."""
    width, height = size
    light = np.zeros((height, width), np.uint8)
    radius = cap_px(overlay, size) / 2
    middle = (round(overlay.at[0] * width * 16), round(overlay.at[1] * height * 16))
    wide = round(overlay.width * width / 2) or radius
    cv2.ellipse(light, middle, (round(wide * 16), round(radius * 16)), 0, 0, 360, 255, -1, cv2.LINE_AA, 4)
    dark = ((255 - light).astype(np.uint16) * 170 // 255).astype(np.uint8)
    return Art(toned(dark, overlay.back))


def watermark(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A platform's mark: a note in two shifted colours, with the name beside it."""
    side = round(1.6 * cap_px(overlay, size))
    pad = Pad(side, side)
    for shift, tone in ((-0.04, (60, 230, 230)), (0.04, (250, 50, 90)), (0.0, WHITE)):
        x = (0.5 + shift) * side
        pad.disc((x - 0.12 * side, 0.72 * side), 0.17 * side, tone)
        pad.block(x - 0.02 * side, 0.12 * side, 0.09 * side, 0.6 * side, tone)
        pad.block(x - 0.02 * side, 0.12 * side, 0.3 * side, 0.16 * side, tone, 0.06 * side)
    name = say(overlay, size, style="shadow")
    both = Pad(side + name.width, max(side, name.height))
    both.put(pad.art, 0, (both.art.height - side) / 2)
    both.put(name, side * 0.8, (both.art.height - name.height) / 2)
    return both.art
