"""Short texts: letters in a style, and letters on a small shape such as a button, a price tag or a counter."""

from __future__ import annotations

import numpy as np

from sestina.render.packaging.art import Art, Moment, Pad, ink_box, mixed
from sestina.render.packaging.saying import Size, cap_px, line_px, say
from sestina.render.parts.overlay import Overlay


def letters(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """Text in the overlay's style."""
    return say(overlay, size, style=overlay.style, shown=moment.shown)


def karaoke(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """Text with one word in the accent colour."""
    return say(overlay, size, style=overlay.style, lit=moment.beat, shown=moment.shown)


def counter(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A number in a rounded square, or text in any style but `box`."""
    if overlay.style != "box":
        return letters(overlay, size, moment)
    text = say(overlay, size, shown=moment.shown)
    return on_shape(text, max(text.height, text.width), text.height, text.height // 4, overlay.back)


def pill(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """Text on a rounded rectangle: buttons, prices, discounts."""
    text, cap = say(overlay, size), cap_px(overlay, size)
    height = text.height + round(0.6 * cap)
    round_ends = overlay.kind in ("cta_button", "follow_button", "subscribe_animation")
    radius = height // 2 if round_ends else round(0.45 * cap)
    return on_shape(text, text.width + round(1.2 * cap), height, radius, overlay.back)


def pressed(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A button that is pressed half-way through its time: it darkens, and a ring runs out from it."""
    button = pill(overlay, size, moment)
    cap = cap_px(overlay, size)
    pad = Pad(button.width + 2 * cap, button.height + 2 * cap)
    since = (moment.share - 0.5) * 4
    if 0 <= since < 1:
        room = cap * since
        pad.block(cap - room, cap - room, button.width + 2 * room, button.height + 2 * room, overlay.accent,
                  button.height / 2 + room, round(160 * (1 - since)))  # fmt: skip
    if since >= 0:
        button = on_shape(say(overlay, size), button.width, button.height, button.height // 2,
                          mixed(overlay.back, (110, 110, 116), 0.7))  # fmt: skip
    pad.put(button, cap, cap)
    return pad.art


def code(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """An offer code in a frame of dashes."""
    base = pill(overlay, size, moment)
    cap = cap_px(overlay, size)
    inset, dash, width = round(0.3 * cap), max(3, round(0.5 * cap)), max(1, round(0.1 * cap))
    pad = Pad(base.width, base.height)
    pad.put(base, 0, 0)
    for x in range(inset, base.width - inset - dash, 2 * dash):
        for y in (inset, base.height - inset - width):
            pad.block(x, y, dash, width, overlay.accent)
    for y in range(inset, base.height - inset, 2 * dash):
        for x in (inset, base.width - inset - width):
            pad.block(x, y, width, min(dash, base.height - inset - y), overlay.accent)
    return pad.art


def countdown(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A number on a disc, as wide for every number."""
    digits = say(overlay, size, str(moment.beat or int(overlay.text)))
    side = round(overlay.size * size[1] * 3)
    return on_shape(digits, side, side, side // 2, overlay.back)


def bar(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A strip that fills from the left."""
    width = round((overlay.width or 1.0) * size[0])
    strip = np.zeros((max(4, round(overlay.size * size[1])), width, 4), np.uint8)
    strip[:] = (*overlay.back, 160)
    strip[:, : round(moment.share * width)] = (*overlay.accent, 255)
    return Art(strip)


def meme(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """The first line at the top of the frame, the others at its foot, white with a dark outline."""
    above, _, below = overlay.text.partition("\n")
    upper = say(overlay, size, above, style="outline")
    lower = say(overlay, size, below, style="outline") if below else None
    margin = round(0.03 * size[1])
    pad = Pad(max(upper.width, lower.width if lower else 0), size[1] - 2 * margin)
    pad.put(upper, (pad.art.width - upper.width) / 2, 0)
    if lower:
        pad.put(lower, (pad.art.width - lower.width) / 2, pad.art.height - lower.height)
    return pad.art


def on_shape(text: Art, width: int, height: int, radius: int, tone: tuple[int, int, int]) -> Art:
    """Return `text` in the middle of a rounded rectangle; its ink, not its font's line, is centred."""
    left, top, right, bottom = ink_box(text.picture)
    pad = Pad(max(width, right - left), max(height, bottom - top))
    pad.block(0, 0, pad.art.width, pad.art.height, tone, min(radius, pad.art.height // 2))
    pad.put_middle(text, pad.art.width / 2, pad.art.height / 2)
    return pad.art


def name_bar(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A lower third: a name over a title, on a bar with a stripe."""
    name, _, title = overlay.text.partition("\n")
    cap, room = cap_px(overlay, size), line_px(overlay, size)
    upper = say(overlay, size, name, align="left", max_px=room)
    lower = say(overlay, size, title, scale=0.72, align="left", max_px=room) if title else None
    height = upper.height + (round(0.7 * lower.height) if lower else 0)
    pad = Pad(max(upper.width, lower.width if lower else 0), height)
    pad.block(0, 0, pad.art.width, height, overlay.back, alpha=225)
    pad.block(0, 0, max(3, round(cap * 0.28)), height, overlay.accent)
    pad.put(upper, 0, 0)
    if lower:
        pad.put(lower, 0, height - lower.height)
    return pad.art
