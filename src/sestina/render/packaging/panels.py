"""Panels: what looks like a piece of an interface or a printed thing: bubbles, notes, polls, charts, tables, cards."""

from __future__ import annotations

from sestina.render.packaging.art import Art, Moment, Pad, Tone, mixed
from sestina.render.packaging.saying import Size, cap_px, line_px, say
from sestina.render.parts.overlay import Overlay

WHITE, INK, GREY, PALE = (255, 255, 255), (24, 24, 30), (130, 134, 142), (236, 238, 242)


def _halves(overlay: Overlay) -> tuple[str, str]:
    """Return the first line of the text and the rest."""
    head, _, rest = overlay.text.partition("\n")
    return head, rest


def _avatar(pad: Pad, x: float, y: float, radius: float, tone: Tone) -> None:
    pad.disc((x, y), radius, tone)
    pad.disc((x, y - 0.25 * radius), 0.36 * radius, WHITE)
    pad.ellipse((x, y + 0.62 * radius), (0.56 * radius, 0.36 * radius), WHITE)


def _beside_avatar(overlay: Overlay, size: Size, *, tone: Tone, ink: Tone, head_tone: Tone, tail: bool) -> Pad:
    """Return a rounded box with an avatar, the first line small beside it and the rest under that."""
    head, rest = _halves(overlay)
    cap, room = cap_px(overlay, size), line_px(overlay, size)
    disc, gap = 1.5 * cap, cap
    small = say(overlay, size, head, scale=0.75, colour=head_tone, align="left", max_px=room)
    main = say(overlay, size, rest, colour=ink, align="left", max_px=room) if rest else None
    wide = 2 * disc + 3 * gap + max(small.width, main.width if main else 0)
    high = max(2 * disc + 1.2 * gap, small.height + (main.height if main else 0)) + 0.3 * gap
    pad = Pad(wide, high + (gap if tail else 0))
    if tail:
        pad.polygon([(2 * gap, high - 1), (3.2 * gap, high - 1), (1.6 * gap, high + gap)], tone)
    pad.block(0, 0, wide, high, tone, 0.9 * cap)
    _avatar(pad, gap + disc, high / 2, disc, overlay.accent)
    x = 2 * disc + 2 * gap
    if main:
        top = (high - small.height - 0.75 * main.height) / 2
        pad.put(small, x, top)
        pad.put(main, x, top + 0.75 * small.height)
    else:
        pad.put_left(small, x, high / 2)
    return pad


def comment(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A comment: a rounded box with a tail, an avatar, a handle (first line) and what it says."""
    return _beside_avatar(overlay, size, tone=WHITE, ink=INK, head_tone=GREY, tail=True).art


def post(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A post quoted as a card: avatar, name (first line), text, and a row of counts' signs."""
    card = _beside_avatar(overlay, size, tone=WHITE, ink=INK, head_tone=INK, tail=False).art
    cap = cap_px(overlay, size)
    pad = Pad(card.width, card.height + 2.2 * cap)
    pad.block(0, 0, pad.art.width, pad.art.height, WHITE, 0.9 * cap)
    pad.put(card, 0, 0)
    pad.block(cap, card.height, card.width - 2 * cap, max(1, 0.08 * cap), PALE)
    for k in range(3):
        x, y = card.width * (0.25 + 0.25 * k), card.height + 1.1 * cap
        pad.ellipse((x, y), (0.45 * cap, 0.4 * cap), GREY, line=0.14 * cap)
    return pad.art


def notice(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A notification: a pale bar with an app's square, a title (first line) and a message."""
    head, rest = _halves(overlay)
    cap, room = cap_px(overlay, size), line_px(overlay, size)
    title = say(overlay, size, head, colour=INK, align="left", max_px=room)
    said = say(overlay, size, rest, scale=0.8, colour=GREY, align="left", max_px=room) if rest else None
    high = title.height + (0.75 * said.height if said else 0.6 * cap)
    wide = 5 * cap + max(title.width, said.width if said else 0)
    pad = Pad(wide, high)
    pad.block(0, 0, wide, high, PALE, cap, alpha=240)
    pad.block(cap, high / 2 - 1.4 * cap, 2.8 * cap, 2.8 * cap, overlay.accent, 0.7 * cap)
    pad.disc((2.4 * cap, high / 2), 0.7 * cap, WHITE)
    if said:
        pad.put(title, 4 * cap, 0)
        pad.put(said, 4 * cap, high - said.height)
    else:
        pad.put_left(title, 4.7 * cap, high / 2)
    return pad.art


def chat(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """Chat messages, one a line: bubbles from the left and from the right in turn."""
    cap = cap_px(overlay, size)
    room = round(line_px(overlay, size) * 0.7)
    said = overlay.text.split("\n")
    bubbles = [say(overlay, size, line, colour=WHITE if k % 2 else INK, align="left", max_px=room)
               for k, line in enumerate(said)]  # fmt: skip
    wide = max(bubble.width for bubble in bubbles) + (3 * cap if len(said) > 1 else 0)
    pad = Pad(wide, sum(bubble.height + 0.5 * cap for bubble in bubbles))
    y = 0.0
    for k, bubble in enumerate(bubbles):
        x = wide - bubble.width if k % 2 else 0
        pad.block(x, y, bubble.width, bubble.height, (40, 120, 240) if k % 2 else PALE, 1.1 * cap)
        pad.put(bubble, x, y)
        y += bubble.height + 0.5 * cap
    return pad.art


def search(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A search bar: a white pill with a magnifying glass."""
    cap = cap_px(overlay, size)
    text = say(overlay, size, colour=INK, align="left")
    pad = Pad(max(text.width + 4 * cap, round(overlay.width * size[0])), text.height)
    high = text.height
    pad.block(0, 0, pad.art.width, high, WHITE, high / 2)
    pad.ellipse((1.7 * cap, high / 2 - 0.15 * cap), (0.6 * cap, 0.6 * cap), GREY, line=0.2 * cap)
    pad.stroke([(2.1 * cap, high / 2 + 0.3 * cap), (2.6 * cap, high / 2 + 0.8 * cap)], 0.24 * cap, GREY)
    pad.put_left(text, 3.3 * cap, high / 2)
    return pad.art


def notes(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A page of a notes app: a yellow head, paper lines, text from the left."""
    cap = cap_px(overlay, size)
    text = say(overlay, size, colour=INK, align="left")
    head = 1.6 * cap
    pad = Pad(text.width + cap, text.height + head)
    pad.block(0, 0, pad.art.width, pad.art.height, (254, 250, 232), 0.6 * cap)
    pad.block(0, 0, pad.art.width, head, (250, 204, 60), 0.6 * cap)
    for k in range(3):
        pad.disc((pad.art.width - (1 + 0.7 * k) * cap, head / 2), 0.18 * cap, WHITE)
    pad.put(text, 0.5 * cap, head)
    return pad.art


def poll(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A question (first line) over one bar an answer; `values` are the shares of the answers."""
    question, *answers = overlay.text.split("\n")
    cap, room = cap_px(overlay, size), line_px(overlay, size)
    head = say(overlay, size, question, colour=INK, max_px=room)
    rows = [say(overlay, size, answer, scale=0.85, colour=INK, max_px=room) for answer in answers]
    wide = max(head.width, *(row.width + 3 * cap for row in rows), 12 * cap)
    pad = Pad(wide, head.height + sum(row.height + 0.4 * cap for row in rows) + 0.6 * cap)
    pad.block(0, 0, wide, pad.art.height, WHITE, cap)
    pad.put(head, (wide - head.width) / 2, 0)
    y = float(head.height)
    shares = overlay.values or (1 / max(1, len(rows)),) * len(rows)
    for row, share in zip(rows, [*shares, *[0.0] * len(rows)], strict=False):
        pad.block(cap, y, wide - 2 * cap, row.height, PALE, 0.6 * cap)
        pad.block(cap, y, max(1.2 * cap, (wide - 2 * cap) * share), row.height, mixed(overlay.accent, WHITE, 0.35),
                  0.6 * cap)  # fmt: skip
        pad.put_middle(row, wide / 2, y + row.height / 2)
        y += row.height + 0.4 * cap
    return pad.art


def slider(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A slider, its knob where `values[0]` says, with a question above it if there is one."""
    cap = cap_px(overlay, size)
    text = say(overlay, size, colour=INK) if overlay.text else None
    wide = max(round((overlay.width or 0.5) * size[0]), text.width if text else 0)
    top = text.height if text else 0.6 * cap
    pad = Pad(wide, top + 2.4 * cap)
    pad.block(0, 0, wide, pad.art.height, WHITE, cap)
    if text:
        pad.put(text, (wide - text.width) / 2, 0)
    share, y = (overlay.values or (0.7,))[0], top + 0.8 * cap
    track = wide - 3 * cap
    pad.block(1.5 * cap, y - 0.25 * cap, track, 0.5 * cap, PALE, 0.25 * cap)
    pad.block(1.5 * cap, y - 0.25 * cap, max(1, track * share), 0.5 * cap, overlay.accent, 0.25 * cap)
    pad.disc((1.5 * cap + track * share, y), 0.75 * cap, mixed(overlay.accent, INK, 0.25))
    return pad.art


def quote(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A quotation in a frame with large marks in the corners."""
    cap = cap_px(overlay, size)
    text = say(overlay, size)
    pad = Pad(text.width + 3 * cap, text.height + 3 * cap)
    pad.block(0, 0, pad.art.width, pad.art.height, overlay.back, 0.4 * cap)
    line = max(2.0, 0.15 * cap)
    w, h, m = pad.art.width, pad.art.height, 0.5 * cap
    pad.stroke([(m, m), (w - m, m), (w - m, h - m), (m, h - m)], line, overlay.accent, closed=True)
    for x, y, way in ((1.6 * cap, 1.5 * cap, 1), (w - 1.6 * cap, h - 1.5 * cap, -1)):
        for k in (0, 1):
            at = x + way * k * 0.8 * cap
            pad.disc((at, y), 0.3 * cap, overlay.accent)
            tail = [(at - way * 0.25 * cap, y), (at + way * 0.1 * cap, y - way * 0.6 * cap)]
            pad.stroke(tail, 0.16 * cap, overlay.accent)
    pad.put(text, 1.5 * cap, 1.5 * cap)
    return pad.art


def chart(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A bar chart: a title (first line), then a name a bar; `values` are the heights."""
    title, *names = overlay.text.split("\n")
    cap = cap_px(overlay, size)
    head = say(overlay, size, title, colour=INK)
    labels = [say(overlay, size, name, scale=0.7, colour=INK) for name in names]
    count = max(1, len(labels))
    column = max([3 * cap, *(label.width for label in labels)])
    wide, high = max(head.width, column * count + 2 * cap), 9 * cap
    foot = max([0, *(label.height for label in labels)])
    pad = Pad(wide, head.height + high + foot)
    pad.block(0, 0, wide, pad.art.height, WHITE, 0.6 * cap)
    pad.put(head, (wide - head.width) / 2, 0)
    base, left = head.height + high, (wide - column * count) / 2
    values = overlay.values or tuple((k + 1) / count for k in range(count))
    for k in range(count):
        tall = max(2.0, high * 0.95 * (values[k] if k < len(values) else 0.0))
        tone = mixed(overlay.accent, overlay.back, k / count)
        pad.block(left + column * (k + 0.2), base - tall, column * 0.6, tall, tone)
    pad.block(left, base - 1, column * count, max(1, 0.1 * cap), INK)
    for k, label in enumerate(labels):
        pad.put(label, left + column * (k + 0.5) - label.width / 2, base)
    return pad.art


def table(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A table: a row a line, cells parted by `|`, the first row as its head."""
    cap = cap_px(overlay, size)
    rows = [[cell.strip() or "–" for cell in line.split("|")] for line in overlay.text.split("\n")]
    cells = [[say(overlay, size, cell, colour=WHITE if k == 0 else INK) for cell in row] for k, row in enumerate(rows)]
    widths = [max(row[c].width for row in cells if c < len(row)) for c in range(max(len(row) for row in cells))]
    high = max(cell.height for row in cells for cell in row)
    pad = Pad(sum(widths), high * len(cells))
    for k, row in enumerate(cells):
        tone = overlay.back if k == 0 else WHITE if k % 2 else PALE
        pad.block(0, k * high, sum(widths), high, tone)
        for c, cell in enumerate(row):
            pad.put_middle(cell, sum(widths[:c]) + widths[c] / 2, (k + 0.5) * high)
    for c in range(1, len(widths)):
        pad.block(sum(widths[:c]), 0, max(1, 0.08 * cap), pad.art.height, GREY)
    return pad.art


def listing(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """Lines of code in a dark window with three dots, keywords left to the reader."""
    cap = cap_px(overlay, size)
    lines = [say(overlay, size, line or " ", align="left", weight="regular", colour=(190, 224, 160) if k % 2 else PALE)
             for k, line in enumerate(overlay.text.split("\n"))]  # fmt: skip
    head = 1.5 * cap
    pitch = 1.8 * cap
    pad = Pad(max(line.width for line in lines) + cap, head + pitch * len(lines) + 1.2 * cap)
    pad.block(0, 0, pad.art.width, pad.art.height, (30, 32, 44), 0.6 * cap)
    for k, tone in enumerate(((250, 96, 88), (252, 188, 64), (52, 200, 90))):
        pad.disc(((1 + k) * cap, 0.9 * cap), 0.28 * cap, tone)
    for k, line in enumerate(lines):
        pad.put(line, 0.4 * cap, head + k * pitch)
    return pad.art


def street_map(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A piece of a street map with a pin; `size` is its height."""
    high = cap_px(overlay, size)
    wide = round(overlay.width * size[0]) or round(1.3 * high)
    pad = Pad(wide, high)
    pad.block(0, 0, wide, high, (232, 232, 222))
    pad.block(0.55 * wide, 0.1 * high, 0.35 * wide, 0.34 * high, (190, 222, 170))
    pad.polygon([(0, 0.8 * high), (0.4 * wide, 0.62 * high), (0.55 * wide, high), (0, high)], (160, 200, 236))
    for points in (((0, 0.3), (1, 0.5)), ((0.3, 0), (0.42, 1)), ((0, 0.62), (1, 0.78)), ((0.75, 0), (0.7, 1))):
        line = [(x * wide, y * high) for x, y in points]
        pad.stroke(line, max(2.0, 0.06 * high), (206, 206, 200))
        pad.stroke(line, max(1.0, 0.04 * high), WHITE)
    x, y, r = 0.55 * wide, 0.4 * high, 0.11 * high
    pad.polygon([(x - 0.9 * r, y + 0.4 * r), (x + 0.9 * r, y + 0.4 * r), (x, y + 2.2 * r)], (220, 50, 50))
    pad.disc((x, y), r, (220, 50, 50))
    pad.disc((x, y), 0.4 * r, WHITE)
    return pad.art


def card(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """A full-frame card: a soft gradient of `back` with the text where `at` says."""
    width, height = size
    pad = Pad(width, height)
    for row in range(height):
        share = 1.25 - 0.55 * row / max(1, height - 1)
        pad.picture[row, :, :3] = [min(255, int(channel * share)) for channel in overlay.back]
    pad.picture[..., 3] = 255
    if overlay.text:
        text = say(overlay, size)
        pad.put(text, overlay.at[0] * width - text.width / 2, overlay.at[1] * height - text.height / 2)
    return pad.art
